//! What hangs on networks: firewalls in force, routes of peerings, address
//! groups, the projects that a network is shared with.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{AccountId, Gap, GapReason, Noun, Provider, Region};
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::Value;

use super::ask::{Ask, List, Shape};
use super::{Answer, Estate, Found};
use crate::adapt;
use crate::operation::Operation;
use crate::wire::compute::{Network, Peering};
use crate::wire::firewall::{Effective, PolicyRule};

/// Firewalls in force, for each network and region that matters: regions of a
/// network that leads to a cache, and those in which another one has clients.
/// One call each; there is no list.
pub(super) async fn effective(
    ask: &Ask<'_>,
    estate: &Estate,
) -> BTreeMap<(String, Region), Answer<Value>> {
    let wanted = adapt::places(estate);
    let read = wanted.into_iter().map(|(network, region)| async move {
        let account = AccountId::from(adapt::project(&network));
        let path =
            format!("projects/{account}/regions/{region}/firewallPolicies/getEffectiveFirewalls");
        let operation = Operation::EffectiveFirewalls;
        // As `gcloud` writes it: a whole URL, whatever stands in for the API.
        let url = format!("https://www.googleapis.com/compute/v1/{network}");
        let answer = ask
            .one(operation, &account, &path, &[("network", &url)])
            .await
            .map_err(|mut gap| {
                gap.region = Some(region.clone());
                gap
            });
        ((network, region), answer)
    });
    join_all(read).await.into_iter().collect()
}

/// Routes that came by peerings which take custom routes, in each region of
/// the network; subnet routes of peers stand among the network's own.
///
/// Source: Virtual Private Cloud, "VPC Network Peering": custom routes are
/// taken only where the peering says so.
pub(super) async fn peering_routes(
    ask: &Ask<'_>,
    estate: &Estate,
) -> BTreeMap<String, Found<Value>> {
    let regions = adapt::regions_of_networks(estate);
    let mut wanted = vec![];
    for (account, value) in estate.rows(Operation::Networks) {
        let Ok(network) = Network::deserialize(value) else {
            continue;
        };
        let id = estate.ids.relative(&network.self_link, account);
        let taking = network
            .peerings
            .iter()
            .filter_map(|it| Peering::deserialize(it).ok());
        for peering in taking.filter(|it| it.import_custom_routes) {
            let regions = regions.get(&id).cloned().unwrap_or_default();
            wanted.push((account.clone(), id.clone(), peering.name, regions));
        }
    }
    let read = wanted
        .into_iter()
        .map(|(account, network, name, regions)| async move {
            let project = estate.projects.iter().find(|it| it.id == account);
            let mut whole = Found::default();
            for region in regions {
                let Some(project) = project else { continue };
                let list = List {
                    operation: Operation::PeeringRoutes,
                    path: format!("{network}/listPeeringRoutes"),
                    query: vec![
                        ("peeringName", name.clone()),
                        ("direction", "INCOMING".to_owned()),
                        ("region", region.to_string()),
                    ],
                    shape: Shape::Items,
                };
                let found = ask.list(project, &list).await;
                whole.items.extend(found.items);
                whole.gaps.extend(found.gaps);
            }
            (format!("{network}/peerings/{name}"), whole)
        });
    join_all(read).await.into_iter().collect()
}

/// The address groups that rules of policies name: one call each.
pub(super) async fn groups(ask: &Ask<'_>, estate: &Estate) -> BTreeMap<String, Answer<Value>> {
    let mut names = BTreeSet::new();
    for ((network, _), answer) in &estate.effective {
        let Some(effective) = answer
            .as_ref()
            .ok()
            .and_then(|it| Effective::deserialize(it).ok())
        else {
            continue;
        };
        for rule in effective.policies.iter().flat_map(|it| &it.rules) {
            let Ok(rule) = PolicyRule::deserialize(rule) else {
                continue;
            };
            let matcher = &rule.matcher;
            let groups = matcher
                .dest_address_groups
                .iter()
                .chain(&matcher.src_address_groups);
            let home = AccountId::from(adapt::project(network));
            names.extend(groups.map(|it| estate.ids.relative(it, &home)));
        }
    }
    let read = names
        .into_iter()
        .filter(|it| is_group(it))
        .map(|name| async move {
            let account = AccountId::from(adapt::project(&name));
            let path = format!("v1/{name}");
            let answer = ask
                .one(Operation::AddressGroups, &account, &path, &[])
                .await;
            (name, answer)
        });
    join_all(read).await.into_iter().collect()
}

/// Whether a name is that of an address group: it becomes a path.
fn is_group(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let plain = |it: &&str| {
        !it.is_empty()
            && it
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"-_.:".contains(&it))
            && !it.starts_with('.')
    };
    matches!(
        parts.as_slice(),
        [
            "projects" | "organizations",
            _,
            "locations",
            _,
            "addressGroups",
            _
        ]
    ) && parts.iter().all(plain)
}

/// The service projects of each project that is the host of a Shared VPC.
pub(super) async fn shared(
    ask: &Ask<'_>,
    estate: &Estate,
) -> BTreeMap<AccountId, Answer<Vec<AccountId>>> {
    let with_networks = estate.projects.iter().filter(|project| {
        let key = (Operation::Networks, project.id.clone());
        estate
            .lists
            .get(&key)
            .is_some_and(|it| !it.items.is_empty())
    });
    let read = with_networks.map(|project| async move {
        let answer = service_projects(ask, estate, &project.id).await;
        (project.id.clone(), answer)
    });
    join_all(read).await.into_iter().collect()
}

async fn service_projects(
    ask: &Ask<'_>,
    estate: &Estate,
    account: &AccountId,
) -> Answer<Vec<AccountId>> {
    let operation = Operation::ComputeProject;
    // The whole answer holds metadata of all machines.
    let fields = [("fields", "name,xpnProjectStatus")];
    let path = format!("projects/{account}");
    let project = ask.one(operation, account, &path, &fields).await?;
    if project.get("xpnProjectStatus").and_then(Value::as_str) != Some("HOST") {
        return Ok(vec![]);
    }
    let mut found = vec![];
    let mut token = String::new();
    let mut used = BTreeSet::new();
    loop {
        let path = format!("projects/{account}/getXpnResources");
        let query: &[(&str, &str)] = if token.is_empty() {
            &[]
        } else {
            &[("pageToken", token.as_str())]
        };
        let answer = ask.one(operation, account, &path, query).await?;
        let resources = answer.get("resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten() {
            let text = |name: &str| resource.get(name).and_then(Value::as_str);
            if let (Some("PROJECT"), Some(id)) = (text("type"), text("id")) {
                found.push(estate.ids.project(id));
            }
        }
        token = match answer.get("nextPageToken").and_then(Value::as_str) {
            Some(next) if !next.is_empty() => next.to_owned(),
            _ => break,
        };
        if !used.insert(token.clone()) {
            return Err(Box::new(circular(account)));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn circular(account: &AccountId) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account: Some(account.clone()),
        region: None,
        what: Operation::ComputeProject.permission().to_owned(),
        why: GapReason::Damaged,
        message: "the answer named a next page that had been read before".to_owned(),
        hides: Vec::<Noun>::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_groups_become_paths() {
        assert!(is_group("projects/p/locations/global/addressGroups/g"));
        assert!(is_group("organizations/1/locations/global/addressGroups/g"));
        for name in [
            "projects/p/locations/global/instances/g",
            "projects/p/locations/../addressGroups/g",
            "projects/p/locations/global/addressGroups/g?x=1",
            "projects/p/locations/global/addressGroups/",
        ] {
            assert!(!is_group(name), "{name}");
        }
    }
}
