//! Azure Cache for Redis Enterprise, and Azure Managed Redis.

mod facts;

use cachewarden_model::{
    AzureCache, Cache, Endpoint, EndpointRole, Engine, Fact, Gap, GapReason, IpFamilies,
    LinkedCache, Node, Provider, Service, TransitEncryption, Version,
};
use cachewarden_netset::PortRange;

use self::facts::{Databases, Facts};
use super::connection::{connections, public};
use super::monitor::{common, listed, logs};
use super::{View, gap, name, normalised, read, tags};
use crate::collect::{Cluster, is_managed};
use crate::operation::Operation;
use crate::wire::{Child, Resource, enterprise as wire};

const WHAT: Operation = Operation::Enterprise;

/// Ports of nodes of a cluster whose clients speak the cluster protocol.
///
/// Source: Azure Managed Redis, "Architecture", clustering policies.
const NODES: (u16, u16) = (8500, 8599);

/// A cluster as a cache, with its databases as endpoints.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn cache(view: View<'_>, cluster: &Cluster) -> Result<Cache, Box<Gap>> {
    let account = &cluster.account;
    let resource: Resource<wire::ClusterParts> = read(account, WHAT, &cluster.value, WHAT.hides())?;
    let wire = &resource.own.properties;
    let id = view.ids.id(&resource.id);
    let databases = Databases::read(cluster);
    let facts = Facts {
        account,
        parts: &resource.own,
        databases: &databases,
    };
    Ok(Cache {
        name: name(&resource),
        provider: Provider::Azure,
        service: if is_managed(&cluster.value) {
            Service::AzureManaged
        } else {
            Service::AzureEnterprise
        },
        account: account.clone(),
        region: normalised(resource.location.as_deref()),
        tags: Fact::Known(tags(&resource)),
        engine: Fact::Known(Engine::Redis),
        engine_version: match databases.version().or(wire.redis_version.clone()) {
            Some(version) => Fact::Known(Version(version)),
            None => Fact::unknown(facts.not_offered("the version of this cache")),
        },
        node_type: Fact::Known(resource.own.sku.name.clone()),
        status: facts.status(),
        network: Fact::unknown(super::redis::no_network(account)),
        subnets: Fact::Known(vec![]),
        filters: Fact::Known(vec![]),
        families: Fact::Default(IpFamilies::Ipv4),
        nodes: Vec::<Node>::new(),
        endpoints: endpoints(wire, &databases),
        cluster_mode: facts.cluster_mode(),
        transit_encryption: facts.transit_encryption(),
        tls_min: facts.tls_min(),
        at_rest_encryption: facts.at_rest_encryption(),
        authentication: facts.authentication(),
        anonymous_access: Fact::Default(false),
        public_access: facts.public_access(),
        automatic_failover: facts.failover(),
        multi_zone: facts.multi_zone(),
        shards: Fact::unknown(facts.not_offered("how many shards it has")),
        replicas: facts.replicas(),
        backup_days: Fact::unknown(facts.not_offered("how long backups are kept")),
        minor_upgrades: Fact::Default(true),
        maintenance_window: Fact::unknown(facts.not_offered("when it is maintained")),
        parameter_group: Fact::Default(None),
        parameters: facts.parameters(),
        pending: Default::default(),
        updates: Fact::Default(vec![]),
        metrics: super::metrics(view, id.as_str()),
        authority_expires: None,
        aws: None,
        azure: Some(AzureCache {
            tier: None,
            capacity: resource.own.sku.capacity,
            injected_subnet: None,
            injected_address: None,
            public_network_access: wire
                .public_network_access
                .as_deref()
                .and_then(public)
                .map(|it| it == cachewarden_model::PublicAccess::Enabled),
            connections: match &wire.private_endpoint_connections {
                Some(listed) => connections(view, account, WHAT, listed, "redisEnterprise"),
                None => Fact::unknown(facts.untold("privateEndpointConnections")),
            },
            linked: linked(view, cluster, &databases),
            clustering_policy: databases.first(|it| it.clustering_policy.clone()),
            zones: {
                let mut zones = resource.own.zones.clone();
                zones.sort();
                zones
            },
            zone_allocation: None,
            update_channel: None,
            resource_state: wire.resource_state.clone(),
            identity: super::identity(&cluster.value),
            migrated_endpoint: wire.migrated_endpoint.clone(),
            logs: match &cluster.databases.gap {
                Some(gap) => Fact::unknown(gap.clone()),
                None => {
                    let databases = cluster.databases.items.iter();
                    let each = databases.map(|it| logs(account, &it.settings)).collect();
                    common(each).map_or_else(|| Fact::unknown(facts.untold("databases")), listed)
                }
            },
        }),
        gcp: None,
        id,
    })
}

/// Gaps of the lists that hang on a cluster. Without its databases nothing
/// is known of where a client would connect.
pub(super) fn gaps(cluster: &Cluster) -> Vec<Gap> {
    let databases = cluster.databases.gap.clone();
    let read = cluster.databases.items.iter();
    let lists = read.flat_map(|it| it.assignments.gap.iter().chain(&it.settings.gap));
    let mut gaps: Vec<Gap> = databases.into_iter().chain(lists.cloned()).collect();
    // One without a port is as good as one that was not read.
    let unread = cluster.databases.items.iter().filter(|it| {
        let read = serde_json::from_value::<Child<wire::Database>>(it.value.clone());
        read.map_or(true, |it| it.properties.port.is_none())
    });
    gaps.extend(unread.map(|_| {
        let message = "a database is not in a form that this version reads".to_owned();
        let mut gap = gap(
            &cluster.account,
            Operation::Databases,
            GapReason::Damaged,
            message,
        );
        gap.hides = Operation::Databases.hides().to_vec();
        gap
    }));
    gaps
}

fn endpoints(cluster: &wire::Cluster, databases: &Databases) -> Vec<Endpoint> {
    let endpoint = |database: &wire::Database| {
        let policy = database.clustering_policy.as_deref();
        // Absent is the default, whose clients reach the nodes themselves.
        let spread = policy.is_none_or(|it| it.eq_ignore_ascii_case("OSSCluster"));
        let ports = PortRange::new(NODES.0, NODES.1);
        Some(Endpoint {
            network: None,
            role: EndpointRole::Database,
            host: cluster.host_name.clone().filter(|it| !it.is_empty()),
            port: database.port?,
            encryption: facts::protocol(database.client_protocol.as_deref()),
            nodes: vec![],
            node_ports: ports.filter(|_| spread).into_iter().collect(),
        })
    };
    let mut endpoints: Vec<Endpoint> = databases.read.iter().filter_map(endpoint).collect();
    endpoints.sort_by_key(|it| it.port);
    endpoints
}

/// Databases that those of the cluster replicate; named by their clusters,
/// which are the caches.
fn linked(view: View<'_>, cluster: &Cluster, databases: &Databases) -> Fact<Vec<LinkedCache>> {
    if let Some(gap) = &cluster.databases.gap {
        return Fact::unknown(gap.clone());
    }
    let own = cluster
        .value
        .get("id")
        .and_then(|it| it.as_str())
        .unwrap_or_default();
    let links = databases
        .read
        .iter()
        .filter_map(|it| it.geo_replication.as_ref());
    let links = links.flat_map(|it| &it.linked_databases);
    let mut linked: Vec<LinkedCache> = links
        .filter_map(|it| {
            let id = it.database.id.as_str();
            let at = id.to_lowercase().rfind("/databases/")?;
            let cache = id.get(..at)?;
            (!cache.eq_ignore_ascii_case(own)).then(|| LinkedCache {
                id: view.ids.id(cache),
                role: None,
                state: it.state.clone(),
                primary_host: None,
            })
        })
        .collect();
    linked.sort_by(|one, other| one.id.cmp(&other.id));
    Fact::Known(linked)
}

/// Whether all that connects is encrypted.
fn encryption(protocols: &[Option<TransitEncryption>]) -> Option<TransitEncryption> {
    let known = protocols.iter().copied().collect::<Option<Vec<_>>>()?;
    let first = known.first().copied()?;
    Some(if known.iter().all(|it| *it == first) {
        first
    } else {
        TransitEncryption::Preferred
    })
}
