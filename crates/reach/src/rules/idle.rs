//! How long a quiet connection is remembered on the way to a cache.

use std::collections::BTreeMap;

use cachewarden_model::{Cache, Intent, Interface, InterfaceKind, PathFacts, Service};

use crate::estate::Estate;

/// Seconds after which a load balancer, a NAT gateway and a private endpoint
/// forget a quiet TCP connection.
///
/// Source: Amazon EC2 User Guide, "Security group connection tracking": NLB
/// 350 seconds by default; NAT gateway and PrivateLink likewise.
const MANAGED_IDLE_SECONDS: u32 = 350;

/// What the paths of a cache's intended clients have in common.
pub(crate) fn path_facts(
    estate: &Estate<'_>,
    cache: &Cache,
    intended: &BTreeMap<u32, Intent>,
) -> PathFacts {
    let mut facts = PathFacts::default();
    let mut shorten = |seconds: u32, by: String| {
        if facts.idle_seconds.is_none_or(|known| seconds < known) {
            facts.idle_seconds = Some(seconds);
            facts.idle_by = Some(by);
        }
    };
    if cache.service == Service::ElastiCacheServerless && !intended.is_empty() {
        shorten(
            MANAGED_IDLE_SECONDS,
            "the private endpoint of the serverless cache".to_owned(),
        );
    }
    let mut clients = 0;
    for interface in intended.keys().filter_map(|index| estate.interface(*index)) {
        clients += 1;
        if let Some((seconds, by)) = limit(interface) {
            shorten(seconds, by);
        }
    }
    facts.clients = clients;
    facts
}

/// The idle limit that an interface brings; none where the platform's own
/// default of five days applies.
fn limit(interface: &Interface) -> Option<(u32, String)> {
    if let Some(seconds) = interface.tracking_idle_seconds {
        return Some((seconds, format!("connection tracking of {}", interface.id)));
    }
    (interface.kind == InterfaceKind::LoadBalancer).then(|| {
        (
            MANAGED_IDLE_SECONDS,
            format!("load balancer {}", interface.name),
        )
    })
}
