//! Ports, nodes and firewall rules of an Azure Cache for Redis.

use std::net::IpAddr;

use cachewarden_model::{
    Action, Direction, Endpoint, EndpointRole, Fact, Node, Peer, Rule, RuleId, TransitEncryption,
};
use cachewarden_netset::{PortRange, Protocol};
use serde_json::Value;

use crate::adapt::View;
use crate::adapt::last;
use crate::wire::redis::{RedisFirewallRule, RedisResource};

/// Ports of nodes with TLS, and without, where the cache does not tell them.
///
/// Source: Azure Cache for Redis, "Configure virtual network support",
/// port requirements.
const NODES_TLS: (u16, u16) = (15_000, 15_999);
const NODES_PLAIN: (u16, u16) = (13_000, 13_999);

/// The ports of every cache, where the answer lacks them.
///
/// Source: Azure Cache for Redis, "How to configure", access ports.
const TLS: i32 = 6380;
const PLAIN: i32 = 6379;

/// One node for each instance, named by its TLS port.
pub(super) fn nodes(view: View<'_>, wire: &RedisResource) -> Vec<Node> {
    let created = &wire.properties.redis_create_properties;
    let subnet = created.subnet_id.as_deref().filter(|it| !it.is_empty());
    let node = |(index, id): (usize, String)| {
        let told = wire.properties.instances.get(index);
        Node {
            id,
            shard: told.and_then(|it| it.shard_id).map(|it| it.to_string()),
            zone: told.and_then(|it| it.zone.clone()),
            subnets: Fact::Known(subnet.map(|it| view.ids.id(it)).into_iter().collect()),
            addresses: Fact::Default(vec![]),
            host: None,
            status: told
                .and_then(|it| it.is_primary.or(it.is_master))
                .map(|primary| if primary { "primary" } else { "replica" }.to_owned()),
        }
    };
    let mut nodes: Vec<Node> = ids(wire).into_iter().enumerate().map(node).collect();
    nodes.sort_by(|one, other| one.id.cmp(&other.id));
    nodes
}

fn ids(wire: &RedisResource) -> Vec<String> {
    let instances = wire.properties.instances.iter().enumerate();
    let id =
        |(index, port): (usize, Option<i32>)| port.map_or(index.to_string(), |it| it.to_string());
    instances
        .map(|(index, it)| id((index, it.ssl_port)))
        .collect()
}

/// The TLS port, and the one without where it is open.
pub(super) fn endpoints(wire: &RedisResource) -> Vec<Endpoint> {
    let properties = &wire.properties;
    let common = &properties.redis_create_properties.redis_common_properties;
    let mut nodes = ids(wire);
    nodes.sort();
    let instances = properties.instances.iter();
    let tls: Vec<Option<i32>> = instances.clone().map(|it| it.ssl_port).collect();
    let plain: Vec<Option<i32>> = instances.map(|it| it.non_ssl_port).collect();
    let clustered = common.shard_count.unwrap_or(0) > 0;
    let endpoint = |port: i32, encryption, ports: &[Option<i32>], otherwise| {
        let port = u16::try_from(port).ok()?;
        Some(Endpoint {
            network: None,
            role: EndpointRole::Primary,
            host: properties.host_name.clone().filter(|it| !it.is_empty()),
            port,
            encryption: Some(encryption),
            nodes: nodes.clone(),
            node_ports: if clustered {
                node_ports(ports, otherwise)
            } else {
                vec![]
            },
        })
    };
    let open = common.enable_non_ssl_port.unwrap_or(false);
    let secure = endpoint(
        properties.ssl_port.unwrap_or(TLS),
        TransitEncryption::Required,
        &tls,
        NODES_TLS,
    );
    let second = endpoint(
        properties.port.unwrap_or(PLAIN),
        TransitEncryption::Disabled,
        &plain,
        NODES_PLAIN,
    );
    secure.into_iter().chain(second.filter(|_| open)).collect()
}

/// The ports of all instances if each tells its own, else all that there may be.
fn node_ports(told: &[Option<i32>], otherwise: (u16, u16)) -> Vec<PortRange> {
    let each = told.iter().map(|it| u16::try_from((*it)?).ok());
    let known = each
        .collect::<Option<Vec<u16>>>()
        .filter(|it| !it.is_empty());
    let Some(mut known) = known else {
        return PortRange::new(otherwise.0, otherwise.1)
            .into_iter()
            .collect();
    };
    known.sort_unstable();
    known.dedup();
    known.into_iter().map(PortRange::single).collect()
}

/// A rule of the cache's own firewall; none if it is not in a known form.
pub(super) fn firewall_rule(value: &Value) -> Option<Rule> {
    let wire: RedisFirewallRule = serde_json::from_value(value.clone()).ok()?;
    let address = |text: &str| text.trim().parse::<IpAddr>().ok();
    let (first, last_one) = (
        address(&wire.properties.start_ip)?,
        address(&wire.properties.end_ip)?,
    );
    // It is listed as `cache/rule`.
    let name = wire.proxy_resource.resource.name.as_deref().map(last);
    let id = wire.proxy_resource.resource.id.as_deref().map(last);
    Some(Rule {
        gcp: None,
        id: RuleId::from(name.or(id)?),
        direction: Direction::Ingress,
        action: Action::Allow,
        priority: None,
        protocol: Protocol::TCP,
        ports: vec![PortRange::ALL],
        peers: vec![Peer::Range(first, last_one)],
        local: vec![],
        source_ports: vec![],
        description: String::new(),
    })
}
