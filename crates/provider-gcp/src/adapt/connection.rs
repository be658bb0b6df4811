//! Private Service Connect connections of clusters and of Valkey, and the
//! endpoints that clients are told.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{AccountId, Endpoint, EndpointRole, Fact, Gap, PscConnection, ResourceId};
use cachewarden_netset::PortRange;
use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_cluster_v1::model as cluster;

use super::cache::{View, endpoint, unknown};
use super::ids::Ids;
use super::odd;
use crate::operation::Operation;

/// Ports of the nodes of a cluster, on each of its addresses.
///
/// Source: Memorystore for Redis Cluster, "Networking", and for Valkey,
/// "Connect to an instance".
const NODE_PORTS: (u16, u16) = (11_000, 13_047);

/// The port of all but the second connection of a cluster, with TLS too.
///
/// Source: as above.
const PORT: u16 = 6379;

/// A connection in the words of both APIs, which differ in types alone.
struct Raw<'a> {
    network: &'a str,
    address: &'a str,
    port: Option<i32>,
    part: String,
    project: &'a str,
    rule: &'a str,
    attachment: &'a str,
    number: &'a str,
    status: String,
    automatic: bool,
}

/// The connections of a cluster, those that were registered included.
///
/// # Errors
///
/// If one of them is in no known form.
pub(super) fn of_cluster(
    ids: &Ids,
    account: &AccountId,
    it: &cluster::Cluster,
) -> Result<Vec<PscConnection>, Box<Gap>> {
    use cluster::connection_detail::Connection;
    // Auto-created ones stand in `pscConnections` of older answers alone.
    let old = it
        .psc_connections
        .iter()
        .map(|it| Some(of_cluster_one(it, true)));
    let details = it.cluster_endpoints.iter().flat_map(|it| &it.connections);
    let new = details.map(|it| match &it.connection {
        Some(Connection::PscAutoConnection(it)) => Some(Raw {
            network: &it.network,
            address: &it.address,
            port: None,
            part: it.connection_type.to_string(),
            project: &it.project_id,
            rule: &it.forwarding_rule,
            attachment: &it.service_attachment,
            number: &it.psc_connection_id,
            status: it.psc_connection_status.to_string(),
            automatic: true,
        }),
        Some(Connection::PscConnection(it)) => Some(of_cluster_one(it, false)),
        _ => None,
    });
    let all: Option<Vec<Raw<'_>>> = new.chain(old).collect();
    let parts = Parts {
        attachments: it
            .psc_service_attachments
            .iter()
            .filter_map(|it| {
                let part = part(&it.connection_type.to_string())?;
                Some((ids.relative(&it.service_attachment, account), part))
            })
            .collect(),
        discovery: it
            .discovery_endpoints
            .iter()
            .map(|it| it.address.clone())
            .collect(),
    };
    gather(ids, account, Operation::Clusters, &parts, all)
}

fn of_cluster_one(it: &cluster::PscConnection, automatic: bool) -> Raw<'_> {
    Raw {
        network: &it.network,
        address: &it.address,
        port: None,
        part: it.connection_type.to_string(),
        project: &it.project_id,
        rule: &it.forwarding_rule,
        attachment: &it.service_attachment,
        number: &it.psc_connection_id,
        status: it.psc_connection_status.to_string(),
        automatic,
    }
}

/// The connections of an instance of Valkey; older answers have them in
/// fields that newer ones leave empty.
///
/// # Errors
///
/// If one of them is in no known form.
#[expect(deprecated, reason = "older answers have the connections there alone")]
pub(super) fn of_valkey(
    ids: &Ids,
    account: &AccountId,
    it: &valkey::Instance,
) -> Result<Vec<PscConnection>, Box<Gap>> {
    use valkey::instance::connection_detail::Connection;
    let old = it
        .psc_auto_connections
        .iter()
        .map(|it| Some(of_valkey_automatic(it)));
    let details = it.endpoints.iter().flat_map(|it| &it.connections);
    let new = details.map(|it| match &it.connection {
        Some(Connection::PscAutoConnection(it)) => Some(of_valkey_automatic(it)),
        Some(Connection::PscConnection(it)) => Some(Raw {
            network: &it.network,
            address: &it.ip_address,
            port: it.port().copied(),
            part: it.connection_type.to_string(),
            project: &it.project_id,
            rule: &it.forwarding_rule,
            attachment: &it.service_attachment,
            number: &it.psc_connection_id,
            status: it.psc_connection_status.to_string(),
            automatic: false,
        }),
        _ => None,
    });
    let all: Option<Vec<Raw<'_>>> = new.chain(old).collect();
    let parts = Parts {
        attachments: it
            .psc_attachment_details
            .iter()
            .filter_map(|it| {
                let part = part(&it.connection_type.to_string())?;
                Some((ids.relative(&it.service_attachment, account), part))
            })
            .collect(),
        ..Parts::default()
    };
    gather(ids, account, Operation::Valkey, &parts, all)
}

fn of_valkey_automatic(it: &valkey::PscAutoConnection) -> Raw<'_> {
    Raw {
        network: &it.network,
        address: &it.ip_address,
        port: it.port().copied(),
        part: it.connection_type.to_string(),
        project: &it.project_id,
        rule: &it.forwarding_rule,
        attachment: &it.service_attachment,
        number: &it.psc_connection_id,
        status: it.psc_connection_status.to_string(),
        automatic: true,
    }
}

/// What tells for what a connection is that does not say it itself: the
/// service attachment that it leads to, and the addresses that are told to
/// clients. Older answers need it.
#[derive(Default)]
struct Parts {
    attachments: BTreeMap<String, String>,
    discovery: BTreeSet<String>,
}

impl Parts {
    fn of(&self, raw: &Raw<'_>, attachment: Option<&String>) -> Option<String> {
        let own = part(&raw.part);
        let told = attachment.and_then(|it| self.attachments.get(it));
        let found = self.discovery.contains(raw.address);
        own.or_else(|| told.cloned())
            .or_else(|| found.then(|| "DISCOVERY".to_owned()))
    }
}

/// The part that a word stands for; none for the second connection.
fn part(word: &str) -> Option<String> {
    let word = word.strip_prefix("CONNECTION_TYPE_").unwrap_or(word);
    (word != "UNSPECIFIED").then(|| word.to_owned())
}

/// Each connection once, sorted; what stands first is kept.
fn gather(
    ids: &Ids,
    account: &AccountId,
    operation: Operation,
    parts: &Parts,
    all: Option<Vec<Raw<'_>>>,
) -> Result<Vec<PscConnection>, Box<Gap>> {
    let strange = || {
        Box::new(odd(
            account,
            operation,
            "a connection is not in a known form",
        ))
    };
    let mut seen = BTreeSet::new();
    let mut found = vec![];
    for raw in all.ok_or_else(strange)? {
        let one = one(ids, account, parts, &raw).ok_or_else(strange)?;
        if seen.insert((one.network.clone(), one.address, one.rule.clone())) {
            found.push(one);
        }
    }
    found.sort();
    Ok(found)
}

fn one(ids: &Ids, account: &AccountId, parts: &Parts, raw: &Raw<'_>) -> Option<PscConnection> {
    let text = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
    let address = match raw.address {
        "" => None,
        text => Some(text.parse().ok()?),
    };
    let attachment = text(raw.attachment).map(|it| ids.relative(&it, account));
    let part = parts.of(raw, attachment.as_ref());
    let status = raw
        .status
        .strip_prefix("PSC_CONNECTION_STATUS_")
        .unwrap_or(&raw.status);
    if raw.network.is_empty() {
        return None;
    }
    let network = ids.resource(raw.network, account);
    // A connection without a project of its own is in that of its network.
    let project = match raw.project {
        "" => AccountId::from(super::project(network.as_str())),
        project => ids.project(project),
    };
    // Rules are named by a URL, or by what follows the project.
    let rule = text(raw.rule).map(|it| ids.resource(&it, &project));
    Some(PscConnection {
        port: raw
            .port
            .and_then(|it| u16::try_from(it).ok())
            .filter(|it| *it > 0)
            .or_else(|| part.as_ref().map(|_| PORT)),
        network,
        address,
        part,
        rule,
        project: Some(project),
        attachment,
        number: text(raw.number),
        status: Some(status.to_owned()).filter(|it| it != "UNSPECIFIED"),
        automatic: raw.automatic,
    })
}

/// What clients are told, for each network; the connections themselves; and
/// the network of the first one that was made for the cache.
pub(super) fn describe(
    view: View<'_>,
    cache: &mut cachewarden_model::Cache,
    connections: Result<Vec<PscConnection>, Box<Gap>>,
    is_cluster: bool,
) {
    let connections = match connections {
        Ok(connections) => connections,
        Err(gap) => {
            cache.network = unknown(&gap);
            if let Some(gcp) = &mut cache.gcp {
                gcp.connections = Fact::Unknown(gap);
            }
            return;
        }
    };
    let automatic = connections.iter().find(|it| it.automatic);
    cache.network = match automatic.or_else(|| connections.first()) {
        Some(first) => Fact::Known(first.network.clone()),
        None => view.untold("the cache has no connection in any network"),
    };
    cache.endpoints = endpoints(&connections, is_cluster);
    if let Some(gcp) = &mut cache.gcp {
        gcp.connections = Fact::Known(connections);
    }
}

/// One endpoint for each network and part. The part that has no name is
/// needed by every client of the discovery endpoint, and told to none.
fn endpoints(connections: &[PscConnection], is_cluster: bool) -> Vec<Endpoint> {
    let (first, last) = NODE_PORTS;
    let nodes = PortRange::new(first, last).filter(|_| is_cluster);
    let mut all: Vec<Endpoint> = connections
        .iter()
        .filter_map(|it| {
            let role = match it.part.as_deref()? {
                "DISCOVERY" => EndpointRole::Discovery,
                "PRIMARY" => EndpointRole::Primary,
                "READER" => EndpointRole::Reader,
                _ => return None,
            };
            let host = it.address.map(|it| it.to_string()).unwrap_or_default();
            Some(Endpoint {
                network: Some(it.network.clone()),
                node_ports: nodes.into_iter().collect(),
                ..endpoint(role, &host, it.port.unwrap_or(PORT))
            })
        })
        .collect();
    let key = |it: &Endpoint| (it.network.clone(), it.role, it.host.clone());
    all.sort_by_key(key);
    all
}

/// Attachments that endpoints of one's own may lead to, sorted.
pub(super) fn attachments<'a>(
    ids: &Ids,
    account: &AccountId,
    names: impl Iterator<Item = &'a String>,
) -> Vec<String> {
    let mut all: Vec<String> = names.map(|it| ids.relative(it, account)).collect();
    all.sort();
    all.dedup();
    all
}

/// Every attachment that is known to lead to one of these caches.
pub(super) fn targets(connections: &[PscConnection]) -> impl Iterator<Item = &String> {
    connections.iter().filter_map(|it| it.attachment.as_ref())
}

/// Every forwarding rule that a cache names.
pub(super) fn rules(connections: &[PscConnection]) -> impl Iterator<Item = &ResourceId> {
    connections.iter().filter_map(|it| it.rule.as_ref())
}
