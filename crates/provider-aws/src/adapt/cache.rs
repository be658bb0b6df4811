//! What the services share of a cache: status, engine, endpoints, families.

#[cfg(test)]
mod tests;

use cachewarden_model::{
    Cache, Endpoint, EndpointRole, Engine, Fact, Gap, GapReason, IpFamilies, Phase, Provider,
    PublicAccess, Service, Status, TlsVersion, Version,
};

use super::Around;
use crate::operation::Operation;
use crate::place::Place;

/// A fact from a field that may be absent or hold a word that is not known.
///
/// `absent` is the fact of an answer without it.
pub(super) fn word<T>(
    place: &Place,
    operation: Operation,
    field: &str,
    stated: Option<&str>,
    absent: impl FnOnce() -> Fact<T>,
    known: impl FnOnce(&str) -> Option<T>,
) -> Fact<T> {
    match stated {
        None => absent(),
        Some(text) => {
            known(text).map_or_else(|| place.unmodelled(operation, field, text), Fact::Known)
        }
    }
}

/// A fact from a field without which the answer is not complete.
pub(super) fn stated<T>(
    place: &Place,
    operation: Operation,
    field: &str,
    value: Option<T>,
) -> Fact<T> {
    value.map_or_else(|| place.unstated(operation, field), Fact::Known)
}

/// Something that an answer refers to by name and the listing lacks.
pub(super) fn not_listed<T>(
    place: &Place,
    operation: Operation,
    listing_gap: Option<&Gap>,
    name: &str,
) -> Fact<T> {
    let what = format!("`{name}`, which is referred to,");
    missing(place, operation, listing_gap, &what)
}

/// Something that has to be there and the listing lacks; for the gap of the
/// listing if it has one.
pub(super) fn missing<T>(
    place: &Place,
    operation: Operation,
    listing_gap: Option<&Gap>,
    what: &str,
) -> Fact<T> {
    Fact::unknown(listing_gap.cloned().unwrap_or_else(|| {
        let message = format!("{what} is not in the list");
        place.gap(operation.action(), GapReason::Damaged, message)
    }))
}

/// What a status means for a client.
///
/// Source: Amazon ElastiCache User Guide, "Viewing a cluster's details";
/// ElastiCache API Reference, `CacheCluster`, `ReplicationGroup`,
/// `ServerlessCache`; MemoryDB API Reference, `Cluster`. Serverless caches,
/// which write their status in capitals, are served while being modified.
pub(super) fn phase(status: &str) -> Phase {
    match status {
        "available" | "AVAILABLE" | "active" | "MODIFYING" => Phase::Serving,
        "modifying"
        | "updating"
        | "snapshotting"
        | "rebooting cluster nodes"
        | "rebooting cache cluster nodes" => Phase::Changing,
        "incompatible-network" | "incompatible_parameters" | "incompatible-parameters" => {
            Phase::Impaired
        }
        "creating" | "CREATING" => Phase::Creating,
        "restore-failed" | "create-failed" | "CREATE-FAILED" | "deleting" | "DELETING"
        | "deleted" => Phase::Gone,
        _ => Phase::Unclear,
    }
}

/// The status of a cache.
pub(super) fn status(
    place: &Place,
    operation: Operation,
    field: &str,
    text: Option<&str>,
) -> Fact<Status> {
    stated(
        place,
        operation,
        field,
        text.map(|text| Status {
            text: text.to_owned(),
            phase: phase(text),
        }),
    )
}

/// The engine.
pub(super) fn engine(place: &Place, operation: Operation, text: Option<&str>) -> Fact<Engine> {
    let absent = || place.unstated(operation, "Engine");
    word(
        place,
        operation,
        "Engine",
        text,
        absent,
        |text| match text {
            "redis" => Some(Engine::Redis),
            "valkey" => Some(Engine::Valkey),
            _ => None,
        },
    )
}

/// The families that a cache listens on. Caches from before there was a
/// choice do not state it and have IPv4.
///
/// Source: Amazon ElastiCache User Guide, "Choosing a network type".
pub(super) fn families(
    place: &Place,
    operation: Operation,
    text: Option<&str>,
) -> Fact<IpFamilies> {
    let absent = || Fact::Default(IpFamilies::Ipv4);
    word(
        place,
        operation,
        "NetworkType",
        text,
        absent,
        |text| match text {
            "ipv4" => Some(IpFamilies::Ipv4),
            "ipv6" => Some(IpFamilies::Ipv6),
            "dual_stack" => Some(IpFamilies::DualStack),
            _ => None,
        },
    )
}

/// The first second of 2026-04-28.
const TLS_1_2: i64 = 1_777_334_400;

/// The lowest TLS version, which no field states: TLS 1.2 from 2026-04-28
/// for Valkey 7.2 and later and Redis OSS 6 and later. Of the time before,
/// and of earlier engines, the manual says nothing.
///
/// Source: Amazon ElastiCache User Guide, "In-transit encryption"; an
/// announcement of 2024-05-08 had named another day.
pub(super) fn tls_min(
    around: &Around<'_>,
    operation: Operation,
    engine: &Fact<Engine>,
    version: &Fact<Version>,
) -> Fact<TlsVersion> {
    let (engine, version) = match (engine.get(), version.get()) {
        (Ok(engine), Ok(version)) => (engine, version),
        (Err(gap), _) | (_, Err(gap)) => return Fact::unknown(gap.clone()),
    };
    let first = Version(match engine {
        Engine::Redis => "6".to_owned(),
        Engine::Valkey => "7.2".to_owned(),
    });
    if around.now.unix() >= TLS_1_2 && *version >= first {
        return Fact::Default(TlsVersion::V1_2);
    }
    let message = "the manual states no lowest TLS version for this engine version and day";
    around.place.not_offered(operation, message)
}

/// An endpoint, as far as the cloud gave it one: without a port there is
/// nothing to connect to.
pub(super) fn endpoint(
    role: EndpointRole,
    host: Option<&str>,
    port: Option<i32>,
    nodes: &[String],
) -> Option<Endpoint> {
    let port = u16::try_from(port?).ok().filter(|port| *port > 0)?;
    let host = host.filter(|host| !host.is_empty()).map(str::to_owned);
    Some(Endpoint {
        network: None,
        role,
        host,
        port,
        encryption: None,
        nodes: nodes.to_vec(),
        node_ports: vec![],
    })
}

/// A count that cannot be negative; none if it is.
pub(super) fn count(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

/// A count of things in memory.
pub(super) fn length(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A cache about which nothing is known yet but who it is. Every fact says
/// that `operation` does not state it, until it is filled in.
pub(super) fn blank(
    place: &Place,
    operation: Operation,
    service: Service,
    id: &str,
    name: &str,
) -> Cache {
    fn none<T>(place: &Place, operation: Operation) -> Fact<T> {
        place.not_offered(operation, "the service has no such field")
    }
    Cache {
        id: id.into(),
        name: name.to_owned(),
        provider: Provider::Aws,
        service,
        account: place.account.clone(),
        region: place.region.clone(),
        tags: none(place, operation),
        engine: none(place, operation),
        engine_version: none(place, operation),
        node_type: none(place, operation),
        status: none(place, operation),
        network: none(place, operation),
        subnets: none(place, operation),
        filters: none(place, operation),
        families: none(place, operation),
        nodes: vec![],
        endpoints: vec![],
        cluster_mode: none(place, operation),
        transit_encryption: none(place, operation),
        tls_min: none(place, operation),
        at_rest_encryption: none(place, operation),
        authentication: none(place, operation),
        anonymous_access: none(place, operation),
        public_access: Fact::Default(PublicAccess::NotOffered),
        automatic_failover: none(place, operation),
        multi_zone: none(place, operation),
        shards: none(place, operation),
        replicas: none(place, operation),
        backup_days: none(place, operation),
        minor_upgrades: none(place, operation),
        maintenance_window: none(place, operation),
        parameter_group: none(place, operation),
        parameters: none(place, operation),
        pending: Default::default(),
        updates: none(place, operation),
        metrics: vec![],
        authority_expires: None,
        aws: None,
        azure: None,
        gcp: None,
    }
}
