//! Edits of what only Azure has.

use std::net::IpAddr;

use cachewarden_model::{
    Cache, DnsRecord, DnsZone, Edit, Fact, PrivateEndpointState, PublicAccess, ResolutionPolicy,
    ResourceId, Service, ZoneLink,
};

use crate::estate::Estate;
use crate::patch::{Patch, copy, find, inside};

/// Seconds for which an answer of a record that an edit adds may be kept.
///
/// Source: Azure CLI, `az network private-dns record-set a create`, `--ttl`.
const TTL: u32 = 3600;

impl Patch {
    pub(super) fn copy_azure(&mut self, estate: &Estate<'_>, edit: &Edit) {
        match edit {
            Edit::AllowPeerAccess { peering } | Edit::SyncPeering { peering } => {
                copy(&mut self.peerings, estate.peering(peering), |it| &it.id);
            }
            Edit::LinkZone { zone, .. } | Edit::SetRecord { zone, .. } => {
                copy(&mut self.zones, estate.zone(zone), |it| &it.id);
            }
            Edit::EnablePublicAccess { cache } => {
                copy(&mut self.caches, current(estate, cache), |it| &it.id);
            }
            Edit::ApproveConnection {
                cache, endpoint, ..
            } => {
                copy(&mut self.caches, current(estate, cache), |it| &it.id);
                let found = estate.private_endpoint(endpoint);
                copy(&mut self.endpoints, found, |it| &it.id);
            }
            _ => {}
        }
        if let Edit::SyncPeering { peering } = edit {
            self.sync(estate, peering);
        }
    }

    /// The ranges that the other side has now.
    fn sync(&mut self, estate: &Estate<'_>, id: &ResourceId) {
        let Some(peering) = self.peerings.iter_mut().find(|it| it.id == *id) else {
            return;
        };
        let Some(network) = estate.network(&peering.accepter.network) else {
            return;
        };
        peering.accepter.cidrs.clone_from(&network.cidrs);
        if let Some(azure) = &mut peering.azure {
            azure.sync_level = Some("FullyInSync".to_owned());
        }
    }

    pub(super) fn edit_azure(&mut self, edit: &Edit) {
        match edit {
            Edit::AllowPeerAccess { peering } => find(
                &mut self.peerings,
                peering,
                |it| &it.id,
                |it| it.requester.access = Some(true),
            ),
            Edit::EnablePublicAccess { cache } => find(
                &mut self.caches,
                cache,
                |it| &it.id,
                |it| {
                    it.public_access = Fact::Known(PublicAccess::Enabled);
                    if let Some(azure) = &mut it.azure {
                        azure.public_network_access = Some(true);
                    }
                },
            ),
            Edit::LinkZone { zone, network } => {
                find(&mut self.zones, zone, |it| &it.id, |it| link(it, network));
            }
            Edit::SetRecord {
                zone,
                name,
                addresses,
            } => find(
                &mut self.zones,
                zone,
                |it| &it.id,
                |it| set_record(it, name, addresses),
            ),
            Edit::ApproveConnection {
                cache,
                endpoint,
                connection,
            } => {
                let approved = || PrivateEndpointState::Approved;
                find(
                    &mut self.endpoints,
                    endpoint,
                    |it| &it.id,
                    |it| it.state = approved(),
                );
                find(
                    &mut self.caches,
                    cache,
                    |it| &it.id,
                    |it| approve(it, connection),
                );
            }
            _ => {}
        }
    }
}

fn current<'a>(estate: &Estate<'a>, id: &ResourceId) -> Option<&'a Cache> {
    estate.azure_cache(id).map(|it| estate.current(it))
}

/// Approves a connection. An Enterprise or Managed cache that says nothing of
/// public access loses it with the first one.
///
/// Source: Azure Managed Redis, "Azure Managed Redis with Azure Private Link".
fn approve(cache: &mut Cache, connection: &ResourceId) {
    let Some(azure) = &mut cache.azure else {
        return;
    };
    if let Some(connections) = inside(&mut azure.connections)
        && let Some(own) = connections.iter_mut().find(|it| it.id == *connection)
    {
        own.state = PrivateEndpointState::Approved;
    }
    let silent = azure.public_network_access.is_none();
    let own = matches!(
        cache.service,
        Service::AzureEnterprise | Service::AzureManaged
    );
    if silent && own {
        cache.public_access = Fact::Default(PublicAccess::Disabled);
    }
}

fn link(zone: &mut DnsZone, network: &ResourceId) {
    let Some(links) = inside(&mut zone.links) else {
        return;
    };
    links.retain(|it| it.network != *network);
    links.push(ZoneLink {
        id: None,
        network: network.clone(),
        effective: true,
        resolution: ResolutionPolicy::Default,
    });
    links.sort_by(|one, other| one.network.cmp(&other.network));
}

fn set_record(zone: &mut DnsZone, name: &str, addresses: &[IpAddr]) {
    let Some(records) = inside(&mut zone.records) else {
        return;
    };
    let old = records.iter().find(|it| it.name.eq_ignore_ascii_case(name));
    let ttl = old.map_or(TTL, |it| it.ttl);
    records.retain(|it| !it.name.eq_ignore_ascii_case(name));
    for (kind, v4) in [("A", true), ("AAAA", false)] {
        let own = addresses.iter().filter(|it| it.is_ipv4() == v4);
        let values: Vec<String> = own.map(ToString::to_string).collect();
        if !values.is_empty() {
            records.push(DnsRecord {
                name: name.to_owned(),
                kind: kind.to_owned(),
                ttl,
                values,
            });
        }
    }
    records.sort_by(|one, other| (&one.name, &one.kind).cmp(&(&other.name, &other.kind)));
}
