//! Records in private zones that lead to a cache.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{Cache, DnsRecord, PrivateEndpointState};

use super::super::world::{Gaps, plain};
use super::super::{FactValue, World};
use super::unseen;

/// Records whose addresses lead to no private endpoint of the cache.
pub(super) fn stale<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let endpoints = world.private_endpoints(cache).iter();
    let carrying = endpoints.filter(|it| it.state == PrivateEndpointState::Approved);
    let (mut live, mut unseen) = (BTreeSet::new(), unseen(world, cache));
    for endpoint in carrying {
        match endpoint.addresses.get() {
            Ok(addresses) => live.extend(addresses.iter().copied()),
            Err(gap) => unseen.push(Cow::Borrowed(gap)),
        }
    }
    let (records, mut unknown) = records(world, cache);
    let mut found = BTreeSet::new();
    for record in records {
        let addresses = record
            .values
            .iter()
            .filter_map(|it| it.parse::<IpAddr>().ok());
        for address in addresses.filter(|it| !live.contains(it)) {
            if unseen.is_empty() {
                found.insert(format!("{} {address}", record.name));
            } else {
                unknown.extend(unseen.iter().cloned());
            }
        }
    }
    if found.is_empty() && !unknown.is_empty() {
        return FactValue::Unknown(unknown);
    }
    FactValue::list(found)
}

pub(super) fn longest_ttl<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let (records, unknown) = records(world, cache);
    match records.iter().map(|record| record.ttl).max() {
        Some(seconds) => FactValue::count(seconds),
        None if unknown.is_empty() => FactValue::Null,
        None => FactValue::Unknown(unknown),
    }
}

/// Aliases that somebody gave to a cache. Not the service's own: the public
/// name of a cache is an alias of its private one.
pub(super) fn aliases<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let own = names(world, cache);
    let leading = own
        .iter()
        .flat_map(|name| world.aliases(cache.provider, name));
    let others = leading.filter(|record| !own.contains(&plain(&record.name)));
    let found: BTreeSet<&str> = others.map(|record| record.name.as_str()).collect();
    let unknown = world.unread_records(cache.provider);
    if found.is_empty() && !unknown.is_empty() {
        return FactValue::Unknown(unknown);
    }
    FactValue::list(found)
}

/// Address records of a cache's names, and what keeps others from being seen.
fn records<'a>(world: &World<'a>, cache: &'a Cache) -> (Vec<&'a DnsRecord>, Gaps<'a>) {
    let own = names(world, cache);
    let of_name = own
        .iter()
        .flat_map(|name| world.addresses(cache.provider, name));
    (
        of_name.copied().collect(),
        world.unread_records(cache.provider),
    )
}

/// The host names of a cache, public and private, in lower case.
fn names(world: &World<'_>, cache: &Cache) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for host in cache.endpoints.iter().filter_map(|it| it.host.as_deref()) {
        names.insert(plain(host));
        let private = world.tables.private_zone(cache.service, host);
        names.extend(private.map(|(_, name)| plain(&name)));
    }
    let endpoints = world.private_endpoints(cache).iter();
    let told = endpoints.flat_map(|endpoint| &endpoint.names);
    names.extend(told.map(|it| plain(&it.name)));
    names
}
