//! What somebody may do to an estate on Google Cloud, one function each.

use cachewarden_model::network::{GcpNetwork, PolicyRoute};
use cachewarden_model::{
    Cache, Fact, FirewallOrder, Gap, GapReason, Interface, LinkState, Noun, Peering,
    PrivateEndpoint, PrivateEndpointState, Provider, Region, Route, RouteState, RouteTarget, Rule,
};

use super::{Draft, HOST, id};
use crate::Estate;

fn known<T>(fact: &mut Fact<T>) -> &mut T {
    match fact {
        Fact::Known(value) | Fact::Default(value) => value,
        Fact::Unknown(gap) => panic!("`{gap}` hides it"),
    }
}

/// Further rules of a network's own.
pub fn firewall<I: IntoIterator<Item = Draft>>(
    network: &str,
    rules: I,
) -> impl FnOnce(&mut Estate) + use<I> {
    policy(&id::firewalls(network), rules)
}

/// Further rules of a firewall policy.
pub fn policy<I: IntoIterator<Item = Draft>>(
    filter: &str,
    rules: I,
) -> impl FnOnce(&mut Estate) + use<I> {
    let filter = filter.to_owned();
    let rules: Vec<Rule> = rules.into_iter().map(Rule::from).collect();
    move |estate| {
        estate.rules_mut(&filter).splice(0..0, rules);
    }
}

/// Changes what only Google Cloud has of a network.
pub fn on_network<F: FnOnce(&mut GcpNetwork)>(
    network: &str,
    change: F,
) -> impl FnOnce(&mut Estate) + use<F> {
    let network = network.to_owned();
    move |estate| {
        let gcp = &mut estate.network_mut(&network).gcp;
        change(gcp.as_mut().expect("a network of Google Cloud"));
    }
}

/// Network policies are asked before the network's own rules.
pub fn policies_first(network: &str) -> impl FnOnce(&mut Estate) + use<> {
    let own = id::firewalls(network);
    on_network(network, move |gcp| {
        gcp.order = FirewallOrder::PoliciesFirst;
        for filters in gcp.filters.values_mut() {
            let filters = known(filters);
            let own = filters.iter().position(|it| *it == *own.as_str());
            if let Some(own) = own.map(|at| filters.remove(at)) {
                filters.push(own);
            }
        }
    })
}

/// Which filters guard a network's machines of a region was not learned.
pub fn filters_unread(network: &str, region: &str) -> impl FnOnce(&mut Estate) + use<> {
    let region = Region::from(region);
    let gap = gap("compute.regionFirewallPolicies.getEffectiveFirewalls", &[]);
    on_network(network, move |gcp| {
        gcp.filters.insert(region, Fact::unknown(gap));
    })
}

/// A policy-based route.
pub fn policy_route(network: &str, route: PolicyRoute) -> impl FnOnce(&mut Estate) + use<> {
    on_network(network, move |gcp| {
        let routes = known(&mut gcp.policy_routes);
        routes.push(route);
        routes.sort_by(|one, other| one.id.cmp(&other.id));
    })
}

/// A further route.
pub fn route(network: &str, route: Route) -> impl FnOnce(&mut Estate) + use<> {
    let table = id::routes(network);
    move |estate| estate.routes_mut(&table).push(route)
}

/// Changes the routes of a name.
pub fn on_route<F: FnMut(&mut Route)>(
    network: &str,
    name: &str,
    mut change: F,
) -> impl FnOnce(&mut Estate) + use<F> {
    let (table, name) = (id::routes(network), name.to_owned());
    move |estate| {
        let routes = estate.routes_mut(&table).iter_mut();
        let mut found = 0;
        for route in routes.filter(|it| it.name.as_ref() == Some(&name)) {
            change(route);
            found += 1;
        }
        assert_ne!(found, 0, "`{name}` is not there");
    }
}

/// The next hop of a route is dead.
pub fn dead(network: &str, name: &str) -> impl FnOnce(&mut Estate) + use<> {
    on_route(network, name, |it| it.state = RouteState::Blackhole)
}

/// A route goes.
pub fn without_route(network: &str, name: &str) -> impl FnOnce(&mut Estate) + use<> {
    let (table, name) = (id::routes(network), name.to_owned());
    move |estate| {
        let routes = estate.routes_mut(&table);
        let before = routes.len();
        routes.retain(|it| it.name.as_ref() != Some(&name));
        assert_ne!(before, routes.len(), "`{name}` is not there");
    }
}

/// Changes the side of a peering that a network owns.
pub fn on_peering<F: FnOnce(&mut Peering)>(
    network: &str,
    name: &str,
    change: F,
) -> impl FnOnce(&mut Estate) + use<F> {
    let id = id::peering(network, name);
    move |estate| change(estate.peering_mut(&id))
}

/// The other side of a peering is missing: its routes go.
pub fn peering_inactive(network: &str, name: &str) -> impl FnOnce(&mut Estate) + use<> {
    let id = id::peering(network, name);
    let table = id::routes(network);
    move |estate| {
        let peering = estate.peering_mut(&id);
        peering.state = LinkState::Down("INACTIVE".to_owned());
        peering.accepter.cidrs.clear();
        let gone = RouteTarget::Peering(id.as_str().into());
        estate.routes_mut(&table).retain(|it| it.target != gone);
    }
}

/// A peering goes, with its routes.
pub fn without_peering(network: &str, name: &str) -> impl FnOnce(&mut Estate) + use<> {
    let id = id::peering(network, name);
    let inactive = peering_inactive(network, name);
    move |estate| {
        inactive(estate);
        estate.snapshot.peerings.retain(|it| it.id != *id.as_str());
    }
}

/// Changes a forwarding rule.
pub fn on_endpoint<F: FnOnce(&mut PrivateEndpoint)>(
    rule: &str,
    change: F,
) -> impl FnOnce(&mut Estate) + use<F> {
    let rule = rule.to_owned();
    move |estate| {
        let mut all = estate.snapshot.private_endpoints.iter_mut();
        let found = all.find(|it| it.id == *rule.as_str());
        change(found.unwrap_or_else(|| panic!("`{rule}` is not part of the estate")));
    }
}

/// The state of a forwarding rule; the cache still tells the former one.
pub fn endpoint_state(rule: &str, state: PrivateEndpointState) -> impl FnOnce(&mut Estate) + use<> {
    on_endpoint(rule, move |it| it.state = state)
}

/// Whether clients of other regions may use a forwarding rule.
pub fn global_access(rule: &str, on: bool) -> impl FnOnce(&mut Estate) + use<> {
    on_endpoint(rule, move |it| it.global_access = Some(on))
}

/// A forwarding rule is not in the snapshot; the cache still tells of it.
pub fn endpoint_unread(rule: &str) -> impl FnOnce(&mut Estate) + use<> {
    let rule = rule.to_owned();
    move |estate| {
        let all = &mut estate.snapshot.private_endpoints;
        let before = all.len();
        all.retain(|it| it.id != *rule.as_str());
        assert_ne!(before, all.len(), "`{rule}` is not there");
    }
}

/// A forwarding rule was deleted, and the cache knows.
pub fn endpoint_gone(rule: &str) -> impl FnOnce(&mut Estate) + use<> {
    let unread = endpoint_unread(rule);
    let rule = rule.to_owned();
    move |estate| {
        unread(estate);
        for cache in &mut estate.snapshot.caches {
            let Some(gcp) = &mut cache.gcp else { continue };
            for it in known(&mut gcp.connections) {
                if it.rule.as_ref().is_some_and(|it| *it == *rule.as_str()) {
                    it.status = Some("NOT_FOUND".to_owned());
                }
            }
        }
    }
}

/// Changes a cache.
pub fn on_cache<F: FnOnce(&mut Cache)>(name: &str, change: F) -> impl FnOnce(&mut Estate) + use<F> {
    let name = name.to_owned();
    move |estate| change(estate.cache_mut(&name))
}

/// Changes a client.
pub fn on_client<F: FnOnce(&mut Interface)>(
    id: &str,
    change: F,
) -> impl FnOnce(&mut Estate) + use<F> {
    let id = id.to_owned();
    move |estate| change(estate.interface_mut(&id))
}

/// The network tags of a client, in place of those that it has.
pub fn tags(client: &str, tags: &[&str]) -> impl FnOnce(&mut Estate) + use<> {
    let mut tags: Vec<String> = tags.iter().map(|it| (*it).to_owned()).collect();
    tags.sort();
    on_client(client, move |it| it.network_tags = tags)
}

/// The identity that a client runs as.
pub fn runs_as(client: &str, account: Option<&str>) -> impl FnOnce(&mut Estate) + use<> {
    let account = account.map(str::to_owned);
    on_client(client, move |it| it.service_account = account)
}

/// The address of a client.
pub fn moved(client: &str, address: &str) -> impl FnOnce(&mut Estate) + use<> {
    let address = address.parse().expect("an address");
    on_client(client, move |it| it.addresses = vec![address])
}

/// A refused call in the host project that may hide some of these nouns.
pub fn refused(what: &str, hides: &[Noun]) -> impl FnOnce(&mut Estate) + use<> {
    let gap = gap(what, hides);
    move |estate| estate.add_gap(gap)
}

/// What a refused call in the host project leaves.
pub fn gap(what: &str, hides: &[Noun]) -> Gap {
    let mut hides = hides.to_vec();
    hides.sort();
    Gap {
        provider: Provider::Gcp,
        account: Some(HOST.into()),
        region: None,
        what: what.to_owned(),
        why: GapReason::AccessDenied,
        message: format!("the credentials may not call {what}"),
        hides,
    }
}
