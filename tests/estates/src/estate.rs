//! A snapshot under construction.

use cachewarden_model::{
    Cache, Fact, Filter, FilterKind, Gap, Interface, InternetGateway, LinkState, Network, Peering,
    Provider, ResourceId, Route, RouteTable, Rule, Snapshot, Subnet, Target, TransitRouter,
};

use crate::Place;
use crate::ids::sibling;
use crate::noun;

/// A snapshot under construction. What is looked up by an id that is not
/// there stops the test.
#[derive(Debug, Clone)]
pub struct Estate {
    /// The snapshot, unsorted.
    pub snapshot: Snapshot,
}

impl Estate {
    /// An account in which there is nothing, as of 2026-11-01.
    pub fn new(places: &[Place]) -> Self {
        let at = "2026-11-01T08:00:00Z".parse().expect("a time");
        let mut snapshot = Snapshot::new(at, "0.1.0");
        for place in places {
            let asked = snapshot.targets.iter_mut();
            let mut asked = asked.filter(|target| target.account == place.account());
            if let Some(target) = asked.next() {
                target.regions.push(place.region());
                target.regions.sort();
            } else {
                snapshot.targets.push(Target {
                    provider: Provider::Aws,
                    account: place.account(),
                    regions: vec![place.region()],
                });
            }
        }
        Self { snapshot }
    }

    /// The same estate after a change.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The snapshot, sorted.
    pub fn build(mut self) -> Snapshot {
        self.snapshot.sort();
        self.snapshot
    }

    /// Adds a network together with what AWS makes beside it: a network ACL
    /// that admits everything, a main route table, a group that admits itself.
    /// They have the network's digits under their own prefix.
    ///
    /// Source: Amazon VPC User Guide, "Default security groups", "Default
    /// network ACL".
    pub fn add_network(&mut self, place: Place, id: &str, name: &str, cidrs: &[&str]) {
        let network = noun::network(place, id, name, cidrs);
        let acl = noun::default_acl(&network, sibling(id, "acl-").as_str());
        let table = noun::route_table(&network, sibling(id, "rtb-").as_str(), true);
        let own = sibling(id, "sg-");
        let group = Filter {
            builtin: true,
            ..noun::security_group(
                &network,
                own.as_str(),
                "default",
                [noun::all().from(noun::group(own.as_str()))],
                [noun::all().to(noun::any())],
            )
        };
        self.snapshot.networks.push(network);
        self.snapshot.filters.extend([acl, group]);
        self.snapshot.route_tables.push(table);
    }

    /// Adds a subnet under the network's own ACL and main route table.
    pub fn add_subnet(&mut self, network: &str, id: &str, name: &str, zone: u8, cidrs: &[&str]) {
        let (acl, table) = (sibling(network, "acl-"), sibling(network, "rtb-"));
        let mut subnet = noun::subnet(self.network(network), id, zone, cidrs, &acl, &table);
        name.clone_into(&mut subnet.name);
        self.snapshot.subnets.push(subnet);
    }

    /// Adds a group that admits these lines, and lets everything out.
    pub fn add_group(
        &mut self,
        network: &str,
        id: &str,
        name: &str,
        inbound: impl IntoIterator<Item = noun::Line>,
    ) {
        let out = [noun::all().to(noun::any())];
        let group = noun::security_group(self.network(network), id, name, inbound, out);
        self.snapshot.filters.push(group);
    }

    /// Adds a running Linux machine.
    pub fn add_machine(
        &mut self,
        subnet: &str,
        id: &str,
        name: &str,
        addresses: &[&str],
        groups: &[&str],
    ) {
        let machine = noun::machine(self.subnet(subnet), id, name, addresses, groups);
        self.snapshot.interfaces.push(machine);
    }

    /// Adds a cache that carries these groups.
    pub fn add_cache(&mut self, mut cache: Cache, groups: &[&str]) {
        let mut groups: Vec<ResourceId> = groups.iter().copied().map(ResourceId::from).collect();
        groups.sort();
        cache.filters = Fact::Known(groups);
        self.snapshot.caches.push(cache);
    }

    /// Adds something that was not learned.
    pub fn add_gap(&mut self, gap: Gap) {
        self.snapshot.gaps.push(gap);
    }

    /// A network.
    pub fn network(&self, id: &str) -> &Network {
        let mut all = self.snapshot.networks.iter();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// A network, to be changed.
    pub fn network_mut(&mut self, id: &str) -> &mut Network {
        let mut all = self.snapshot.networks.iter_mut();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// Attaches an internet gateway to a network that has none.
    pub fn attach_gateway(&mut self, network: &str, gateway: &str) {
        self.network_mut(network).internet_gateways = Fact::Known(vec![InternetGateway {
            id: gateway.into(),
            state: LinkState::Active,
        }]);
    }

    /// A subnet.
    pub fn subnet(&self, id: &str) -> &Subnet {
        let mut all = self.snapshot.subnets.iter();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// A subnet, to be changed.
    pub fn subnet_mut(&mut self, id: &str) -> &mut Subnet {
        let mut all = self.snapshot.subnets.iter_mut();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// An interface, to be changed.
    pub fn interface_mut(&mut self, id: &str) -> &mut Interface {
        let mut all = self.snapshot.interfaces.iter_mut();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// A filter, to be changed.
    pub fn filter_mut(&mut self, id: &str) -> &mut Filter {
        let mut all = self.snapshot.filters.iter_mut();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// The rules of a filter, to be changed.
    pub fn rules_mut(&mut self, filter: &str) -> &mut Vec<Rule> {
        match &mut self.filter_mut(filter).rules {
            Fact::Known(rules) | Fact::Default(rules) => rules,
            Fact::Unknown(_) => missing(filter),
        }
    }

    /// A route table, to be changed.
    pub fn table_mut(&mut self, id: &str) -> &mut RouteTable {
        let mut all = self.snapshot.route_tables.iter_mut();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// The routes of a table, to be changed.
    pub fn routes_mut(&mut self, table: &str) -> &mut Vec<Route> {
        match &mut self.table_mut(table).routes {
            Fact::Known(routes) | Fact::Default(routes) => routes,
            Fact::Unknown(_) => missing(table),
        }
    }

    /// A peering, to be changed.
    pub fn peering_mut(&mut self, id: &str) -> &mut Peering {
        let mut all = self.snapshot.peerings.iter_mut();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// A transit router, to be changed.
    pub fn router_mut(&mut self, id: &str) -> &mut TransitRouter {
        let mut all = self.snapshot.transit_routers.iter_mut();
        all.find(|it| it.id == id).unwrap_or_else(|| missing(id))
    }

    /// A cache by its name, to be changed.
    pub fn cache_mut(&mut self, name: &str) -> &mut Cache {
        let mut all = self.snapshot.caches.iter_mut();
        all.find(|it| it.name == name)
            .unwrap_or_else(|| missing(name))
    }

    /// Takes a filter out, leaving what refers to it.
    pub fn forget_filter(&mut self, id: &str) {
        let before = self.snapshot.filters.len();
        self.snapshot.filters.retain(|it| it.id != id);
        assert_ne!(before, self.snapshot.filters.len(), "`{id}` is not there");
    }

    /// Subnets that a network ACL is attached to.
    pub fn subnets_of_acl(&self, acl: &str) -> Vec<&Subnet> {
        assert!(
            self.snapshot
                .filters
                .iter()
                .any(|it| it.id == acl && it.kind == FilterKind::NetworkAcl),
            "`{acl}` is no network ACL"
        );
        let subnets = self.snapshot.subnets.iter();
        let carries = |it: &&Subnet| {
            it.filter
                .value()
                .is_some_and(|filter| filter.as_ref().is_some_and(|id| *id == acl))
        };
        subnets.filter(carries).collect()
    }
}

fn missing(id: &str) -> ! {
    panic!("`{id}` is not part of the estate")
}
