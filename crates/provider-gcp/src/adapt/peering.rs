//! Peerings: each side has a resource of its own.
//!
//! Source: Compute Engine API v1, "Network": `peerings`.

use std::collections::BTreeMap;

use cachewarden_model::{
    AccountId, Gap, LinkState, Peering, PeeringEnd, Provider, Region, ResourceId,
};
use cachewarden_netset::Cidr;
use serde_json::Value;

use super::addresses::range;
use super::{odd, project, read};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::compute;

pub(super) fn peerings(estate: &Estate) -> Vec<Result<Peering, Box<Gap>>> {
    let routes = ranges(estate);
    let mut all = vec![];
    for (account, value) in estate.rows(Operation::Networks) {
        let Ok(network) = read::<compute::Network>(account, Operation::Networks, value) else {
            // Told where networks are adapted.
            continue;
        };
        let own = estate.ids.resource(&network.self_link, account);
        let peerings = network.peerings.iter();
        all.extend(peerings.map(|it| peering(estate, account, &own, &routes, it)));
    }
    all
}

/// Ranges that lead through a peering, by its id.
fn ranges(estate: &Estate) -> BTreeMap<String, Vec<Cidr>> {
    let mut ranges: BTreeMap<String, Vec<Cidr>> = BTreeMap::new();
    for (account, value) in estate.rows(Operation::Routes) {
        let Ok(route) = read::<compute::Route>(account, Operation::Routes, value) else {
            continue;
        };
        if let (Some(name), Some(cidr)) = (&route.next_hop_peering, range(&route.dest_range)) {
            let network = estate.ids.relative(&route.network, account);
            let id = format!("{network}/peerings/{name}");
            ranges.entry(id).or_default().push(cidr);
        }
    }
    for list in ranges.values_mut() {
        list.sort();
        list.dedup();
    }
    ranges
}

fn peering(
    estate: &Estate,
    account: &AccountId,
    own: &ResourceId,
    routes: &BTreeMap<String, Vec<Cidr>>,
    value: &Value,
) -> Result<Peering, Box<Gap>> {
    let it: compute::Peering = read(account, Operation::Networks, value).map_err(|mut gap| {
        gap.message = format!("a peering of {own} is not in a form that this version reads");
        gap
    })?;
    let state = match it.state.as_str() {
        "ACTIVE" => LinkState::Active,
        "INACTIVE" => {
            let details = it.state_details.clone().filter(|it| !it.is_empty());
            LinkState::Down(details.unwrap_or_else(|| "INACTIVE".to_owned()))
        }
        // Neither up nor down, as far as this version knows.
        word => {
            let message = format!("`{word}` is no state of a peering that this version knows");
            let mut gap = odd(account, Operation::Networks, &message);
            gap.hides = vec![cachewarden_model::Noun::Peerings];
            return Err(Box::new(gap));
        }
    };
    let id = format!("{own}/peerings/{}", it.name);
    let far = estate.ids.resource(&it.network, account);
    let end = |network: &ResourceId| PeeringEnd {
        account: Some(AccountId::from(project(network.as_str()))),
        network: network.clone(),
        region: Some(Region::from("global")),
        cidrs: vec![],
        access: None,
        forwarded: None,
        exports_routes: None,
        imports_routes: None,
        resolves_names: None,
    };
    Ok(Peering {
        requester: PeeringEnd {
            exports_routes: Some(it.export_custom_routes),
            imports_routes: Some(it.import_custom_routes),
            ..end(own)
        },
        accepter: PeeringEnd {
            cidrs: routes.get(&id).cloned().unwrap_or_default(),
            ..end(&far)
        },
        id: ResourceId::from(id),
        name: it.name,
        provider: Provider::Gcp,
        state,
        azure: None,
    })
}
