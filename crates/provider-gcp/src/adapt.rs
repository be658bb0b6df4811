//! Google's answers become nouns of the model. Pure: one thing in, one thing
//! out, or a gap that says what is missing for it.

mod addresses;
mod cache;
mod certificate;
mod cluster;
mod connection;
mod dns;
mod endpoint;
mod filter;
mod hybrid;
pub(crate) mod ids;
mod instance;
mod network;
mod peering;
mod place;
mod policy;
mod redis;
mod route;
mod rule;
mod serverless;
mod subnet;
mod valkey;
mod words;

use cachewarden_model::{
    AccountId, Gap, GapReason, Interface, Provider, Region, ResourceId, Skipped, Snapshot,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::collect::Estate;
use crate::operation::Operation;

pub(crate) use place::{places, regions_of_networks};

/// Adds all that was read to a snapshot.
pub(crate) fn fill(snapshot: &mut Snapshot, estate: &Estate) {
    let mut gaps = estate.gaps.clone();
    gaps.extend(further_gaps(estate));
    gaps.extend(place::unseen(estate));
    let keep = &mut gaps;
    snapshot.caches.extend(redis::caches(estate));
    snapshot.caches.extend(cluster::caches(estate));
    snapshot.caches.extend(valkey::caches(estate));
    let networks = all_kept(keep, network::networks(estate));
    snapshot.route_tables = networks
        .iter()
        .map(|it| route::table(estate, &it.id))
        .collect();
    snapshot.filters = networks
        .iter()
        .map(|it| filter::own(estate, &it.id))
        .collect();
    snapshot.filters.extend(filter::policies(estate));
    snapshot.prefix_lists = filter::groups(estate);
    snapshot.networks = networks;
    snapshot.subnets = all_kept(keep, subnet::subnets(estate));
    snapshot.peerings = all_kept(keep, peering::peerings(estate));
    snapshot.interfaces = all_kept(keep, interfaces(estate));
    snapshot.private_endpoints = all_kept(keep, endpoint::endpoints(estate));
    snapshot.connection_policies = all_kept(keep, policy::policies(estate));
    snapshot.dns_zones = all_kept(keep, dns::zones(estate));
    snapshot.skipped = skipped(estate).collect();
    snapshot.gaps.extend(gaps);
}

/// Machines, connectors and services: whatever may open connections.
fn interfaces(estate: &Estate) -> Vec<Result<Interface, Box<Gap>>> {
    let mut all = instance::interfaces(estate);
    all.extend(serverless::interfaces(estate));
    all
}

/// Gaps of what hangs on the lists.
fn further_gaps(estate: &Estate) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = vec![];
    let refused = estate.effective.values().filter_map(|it| it.as_ref().err());
    gaps.extend(refused.map(|it| (**it).clone()));
    let lists = estate
        .peering_routes
        .values()
        .chain(estate.records.values());
    gaps.extend(lists.flat_map(|it| it.gaps.iter().cloned()));
    let groups = estate.groups.values().filter_map(|it| it.as_ref().err());
    gaps.extend(groups.map(|it| (**it).clone()));
    let shared = estate.shared.values().filter_map(|it| it.as_ref().err());
    gaps.extend(shared.map(|it| (**it).clone()));
    let authorities = estate
        .authorities
        .values()
        .filter_map(|it| it.as_ref().err());
    gaps.extend(authorities.map(|it| (**it).clone()));
    gaps.extend(estate.measured.gaps().cloned());
    gaps
}

/// Memcached is recognised and left out.
fn skipped(estate: &Estate) -> impl Iterator<Item = Skipped> {
    estate
        .rows(Operation::Memcached)
        .filter_map(|(account, value)| {
            let name = value.get("name")?.as_str()?;
            Some(Skipped {
                provider: Provider::Gcp,
                account: account.clone(),
                region: region(name),
                id: estate.ids.cache("memcache.googleapis.com", name, account),
                why: "Memorystore for Memcached".to_owned(),
            })
        })
}

fn all_kept<T>(
    gaps: &mut Vec<Gap>,
    adapted: impl IntoIterator<Item = Result<T, Box<Gap>>>,
) -> Vec<T> {
    let kept = adapted.into_iter();
    kept.filter_map(|it| it.map_err(|gap| gaps.push(*gap)).ok())
        .collect()
}

/// A gap of one project that hides nothing: single facts are unknown by it.
fn gap(account: &AccountId, operation: Operation, why: GapReason, message: &str) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account: Some(account.clone()),
        region: None,
        what: operation.permission().to_owned(),
        why,
        message: message.to_owned(),
        hides: vec![],
    }
}

/// A thing that the answers do not tell.
fn untold(account: &AccountId, operation: Operation, message: &str) -> Gap {
    gap(account, operation, GapReason::NotOffered, message)
}

/// A thing in a form that this version does not know.
fn odd(account: &AccountId, operation: Operation, message: &str) -> Gap {
    gap(account, operation, GapReason::Unmodelled, message)
}

/// A list of a project that was not read.
pub(crate) fn outside(account: &AccountId, operation: Operation) -> Gap {
    let message = "the project is not among those that were read";
    gap(account, operation, GapReason::NotCollected, message)
}

/// Reads one item of a list; what cannot be read is a gap that hides it.
fn read<T: DeserializeOwned>(
    account: &AccountId,
    operation: Operation,
    value: &Value,
) -> Result<T, Box<Gap>> {
    T::deserialize(value).map_err(|_| {
        let names = ["selfLink", "name", "responsePolicyName"];
        let name = names.iter().find_map(|it| value.get(it)?.as_str());
        let message = format!(
            "the answer for {} is not in a form that this version reads",
            name.map_or("?", last)
        );
        let mut gap = gap(account, operation, GapReason::Damaged, &message);
        gap.hides = operation.hides().to_vec();
        Box::new(gap)
    })
}

/// The region of `projects/P/locations/R/…`, or of `…/regions/R/…`.
pub(crate) fn region(name: &str) -> Region {
    let mut parts = name.split('/');
    while let Some(part) = parts.next() {
        if part == "locations" || part == "regions" {
            return Region::from(parts.next().unwrap_or_default());
        }
    }
    Region::from("global")
}

/// The project of a relative name, or of a full resource name.
pub(crate) fn project(name: &str) -> &str {
    let mut parts = name.split('/').skip_while(|it| *it != "projects");
    match parts.nth(1) {
        Some(project) => project,
        None => name.split('/').nth(1).unwrap_or_default(),
    }
}

/// The region of a zone.
fn place_of_zone(zone: &str) -> Region {
    Region::from(zone.rsplit_once('-').map_or(zone, |(region, _)| region))
}

/// The last part of a name.
pub(crate) fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The id of a network's route table.
fn table_of(network: &ResourceId) -> ResourceId {
    ResourceId::from(format!("{network}/routes"))
}

/// The id of the filter with a network's own rules.
fn firewalls_of(network: &ResourceId) -> ResourceId {
    ResourceId::from(format!("{network}/firewalls"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_names() {
        let name = "//redis.googleapis.com/projects/p/locations/us-east1/instances/i";
        assert_eq!(region(name), Region::from("us-east1"));
        assert_eq!((project(name), last(name)), ("p", "i"));
        let subnet = "projects/p/regions/us-east1/subnetworks/s";
        assert_eq!(region(subnet), Region::from("us-east1"));
        assert_eq!(
            region("projects/p/global/networks/n"),
            Region::from("global")
        );
        let group = "organizations/1/locations/global/addressGroups/g";
        assert_eq!(project(group), "1");
    }
}
