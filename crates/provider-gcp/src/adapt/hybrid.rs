//! What joins a network to machines elsewhere: tunnels, attachments, routers,
//! hubs.

use std::collections::BTreeSet;

use cachewarden_model::{
    AccountId, CloudRouter, Fact, Gap, HubSpoke, HybridKind, HybridLink, LinkState, Region,
    ResourceId,
};

use super::addresses::{range, ranges};
use super::network::or;
use super::{last, odd, outside, project, read};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::{compute, connectivity};

/// The routers of a network.
///
/// Source: Compute Engine API v1, "Router".
pub(super) fn routers(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
) -> Result<Vec<CloudRouter>, Box<Gap>> {
    let mut all = vec![];
    for value in estate.of(Operation::Routers, account) {
        let it: compute::Router = read(account, Operation::Routers, value)?;
        if estate.ids.resource(&it.network, account) == *network {
            all.push(router(estate, account, &it)?);
        }
    }
    all.sort_by(|a: &CloudRouter, b: &CloudRouter| a.id.cmp(&b.id));
    Ok(all)
}

fn router(
    estate: &Estate,
    account: &AccountId,
    it: &compute::Router,
) -> Result<CloudRouter, Box<Gap>> {
    // A session tells what it says itself, or else what the router does. A
    // router without sessions may get some.
    let custom = |it: &compute::Bgp| it.advertise_mode.as_deref() == Some("CUSTOM");
    let inherits = it.bgp_peers.is_empty() || it.bgp_peers.iter().any(|it| !custom(it));
    let own = it.bgp.as_ref().filter(|it| custom(it));
    let told = it
        .bgp_peers
        .iter()
        .filter(|it| custom(it))
        .chain(own.filter(|_| inherits));
    let told: Vec<&compute::Bgp> = told.collect();
    let subnets = |it: &&compute::Bgp| it.advertised_groups.iter().any(|it| it == "ALL_SUBNETS");
    let texts = told.iter().flat_map(|it| &it.advertised_ip_ranges);
    let advertises = ranges(texts.map(|it| it.range.as_str())).ok_or_else(|| {
        let message = "a range that a router tells of cannot be read";
        Box::new(odd(account, Operation::Routers, message))
    })?;
    Ok(CloudRouter {
        id: estate.ids.resource(&it.self_link, account),
        region: Region::from(last(&it.region)),
        advertises_subnets: told.iter().any(subnets) || (inherits && own.is_none()),
        advertises,
    })
}

/// Tunnels and attachments of a network.
pub(super) fn links(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
) -> Fact<Vec<HybridLink>> {
    let operations = [
        Operation::Routers,
        Operation::Tunnels,
        Operation::Attachments,
    ];
    let missing = operations
        .iter()
        .find_map(|it| estate.missing(*it, account));
    or(missing, || {
        let mut all = of_kind(estate, account, network, Operation::Tunnels)?;
        all.extend(of_kind(estate, account, network, Operation::Attachments)?);
        all.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(all)
    })
}

fn of_kind(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
    operation: Operation,
) -> Result<Vec<HybridLink>, Box<Gap>> {
    let own = routers(estate, account, network)?;
    let routed = routed(estate, account, network)?;
    let mut all = vec![];
    for value in estate.of(operation, account) {
        let it: compute::Link = read(account, operation, value)?;
        let id = estate.ids.resource(&it.self_link, account);
        let router = it
            .router
            .as_deref()
            .map(|it| estate.ids.resource(it, account));
        // The API names no network: it is the router's, or that of the routes
        // that lead here; a tunnel with neither may be of any.
        let here = match &router {
            Some(router) => own.iter().any(|it| it.id == *router),
            None => routed.here.contains(&id) || !routed.all.contains(&id),
        };
        if here {
            all.push(HybridLink {
                id,
                kind: match operation {
                    Operation::Tunnels => HybridKind::VpnTunnel,
                    _ => HybridKind::Interconnect,
                },
                region: Region::from(last(&it.region)),
                router,
                state: state(&it),
            });
        }
    }
    Ok(all)
}

/// Tunnels that routes lead to: of one network, and of all.
struct Routed {
    here: BTreeSet<ResourceId>,
    all: BTreeSet<ResourceId>,
}

fn routed(estate: &Estate, account: &AccountId, network: &ResourceId) -> Result<Routed, Box<Gap>> {
    let mut routed = Routed {
        here: BTreeSet::new(),
        all: BTreeSet::new(),
    };
    for value in estate.of(Operation::Routes, account) {
        let it: compute::Route = read(account, Operation::Routes, value)?;
        let tunnel = it
            .next_hop_vpn_tunnel
            .or(it.next_hop_interconnect_attachment);
        let Some(tunnel) = tunnel else { continue };
        let id = estate.ids.resource(&tunnel, account);
        if estate.ids.resource(&it.network, account) == *network {
            routed.here.insert(id.clone());
        }
        routed.all.insert(id);
    }
    Ok(routed)
}

/// A state that is not told, or is new, is neither up nor down.
///
/// Source: Compute Engine API v1, `VpnTunnel.status` and
/// `InterconnectAttachment.operationalStatus`.
fn state(it: &compute::Link) -> LinkState {
    let word = it.status.as_deref().or(it.operational_status.as_deref());
    match word.unwrap_or("not told") {
        "ESTABLISHED" | "OS_ACTIVE" => LinkState::Active,
        word @ ("AUTHORIZATION_ERROR"
        | "DEPROVISIONING"
        | "FAILED"
        | "NEGOTIATION_FAILURE"
        | "NETWORK_ERROR"
        | "REJECTED"
        | "STOPPED"
        | "OS_UNPROVISIONED") => LinkState::Down(word.to_owned()),
        word => LinkState::Pending(word.to_owned()),
    }
}

/// The hub that a network is a spoke of.
///
/// Source: `google/cloud/networkconnectivity/v1/hub.proto`, "Spoke".
pub(super) fn hub(
    estate: &Estate,
    account: &AccountId,
    network: &ResourceId,
) -> Fact<Option<HubSpoke>> {
    or(estate.missing(Operation::Spokes, account), || {
        for value in estate.of(Operation::Spokes, account) {
            let it: connectivity::Spoke = read(account, Operation::Spokes, value)?;
            let own = it.linked_vpc_network.as_ref();
            let uri = own.map(|it| estate.ids.resource(&it.uri, account));
            if uri.as_ref() == Some(network) {
                return spoke(estate, account, &it).map(Some);
            }
        }
        Ok(None)
    })
}

fn spoke(
    estate: &Estate,
    account: &AccountId,
    it: &connectivity::Spoke,
) -> Result<HubSpoke, Box<Gap>> {
    let wrong = || {
        let message = "a range that a spoke offers or keeps cannot be read";
        Box::new(odd(account, Operation::Spokes, message))
    };
    // A spoke may offer every private range by a word.
    let cidrs = |texts: &[String]| -> Result<Vec<cachewarden_netset::Cidr>, Box<Gap>> {
        let plain = texts.iter().filter(|it| !it.starts_with("ALL_"));
        let all: Option<Vec<_>> = plain.map(|it| range(it)).collect();
        let mut all = all.ok_or_else(wrong)?;
        all.sort();
        Ok(all)
    };
    let own = it.linked_vpc_network.as_ref();
    let hub = estate.ids.resource(&it.hub, account);
    let home = AccountId::from(project(hub.as_str()));
    let found = hub_of(estate, &home, &hub)?;
    let exports_psc = match &found {
        Some(found) => Fact::Known(found.export_psc),
        None => {
            let missing = estate.missing(Operation::Hubs, &home);
            Fact::unknown(missing.unwrap_or_else(|| outside(&home, Operation::Hubs)))
        }
    };
    // Numbers are those of the API's enum.
    let state = match it.state.as_deref().unwrap_or("not told") {
        "ACTIVE" | "2" => LinkState::Active,
        word @ ("REJECTED" | "INACTIVE" | "OBSOLETE" | "DELETING" | "FAILED") => {
            LinkState::Down(word.to_owned())
        }
        word => LinkState::Pending(word.to_owned()),
    };
    Ok(HubSpoke {
        spoke: estate.ids.resource(&it.name, account),
        state,
        exports_psc,
        group: it.group.as_deref().map(|it| last(it).to_owned()),
        topology: found.and_then(|it| it.preset_topology),
        included: cidrs(own.map_or(&[], |it| it.include_export_ranges.as_slice()))?,
        excluded: cidrs(own.map_or(&[], |it| it.exclude_export_ranges.as_slice()))?,
        hub,
    })
}

fn hub_of(
    estate: &Estate,
    home: &AccountId,
    hub: &ResourceId,
) -> Result<Option<connectivity::Hub>, Box<Gap>> {
    for value in estate.of(Operation::Hubs, home) {
        let it: connectivity::Hub = read(home, Operation::Hubs, value)?;
        if estate.ids.resource(&it.name, home) == *hub {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn links_whose_state_is_not_told_are_not_down() {
        let link = |status: serde_json::Value| -> compute::Link {
            serde_json::from_value(json!({"selfLink": "a", "region": "r", "status": status}))
                .unwrap()
        };
        assert_eq!(state(&link(json!("ESTABLISHED"))), LinkState::Active);
        assert_eq!(
            state(&link(json!("FAILED"))),
            LinkState::Down("FAILED".to_owned())
        );
        assert_eq!(
            state(&link(json!(null))),
            LinkState::Pending("not told".to_owned())
        );
        assert_eq!(
            state(&link(json!("NEW"))),
            LinkState::Pending("NEW".to_owned())
        );
    }
}
