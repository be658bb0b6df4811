//! Private zones that can answer for a cache, and the zone groups that keep
//! their records.
//!
//! Links and records are asked of Resource Manager: the version that Resource
//! Graph keeps may be too old for the resolution policy of a link.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::AccountId;
use cachewarden_provider::Listing;
use futures_util::future::join_all;
use serde_json::Value;

use super::Estate;
use super::ask::{Absent, Ask};
use crate::operation::Operation;

/// What hangs on a zone.
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    pub(crate) links: Listing<Value>,
    pub(crate) records: Listing<Value>,
}

/// Links and records of the zones that can answer for a cache, by the zone's
/// id in lower case.
pub(super) async fn read(ask: &Ask<'_>, estate: &Estate) -> BTreeMap<String, Zone> {
    let hosts = estate.hosts();
    let zones = estate.graph.rows(Operation::PrivateZones).iter();
    let relevant = zones.filter(|it| {
        let name = it.get("name").and_then(Value::as_str).unwrap_or_default();
        estate.is_relevant(name, &hosts)
    });
    let asked = relevant
        .filter_map(identified)
        .map(|(id, account)| async move {
            let (links, records) = (format!("{id}/virtualNetworkLinks"), format!("{id}/ALL"));
            let (links, records) = tokio::join!(
                ask.list(Operation::ZoneLinks, &account, &links, Absent::IsAnError),
                ask.list(
                    Operation::ZoneRecords,
                    &account,
                    &records,
                    Absent::IsAnError
                ),
            );
            (id.to_lowercase(), Zone { links, records })
        });
    join_all(asked).await.into_iter().collect()
}

/// Zone groups of the private endpoints that lead to caches, by the
/// endpoint's id in lower case.
pub(super) async fn groups(ask: &Ask<'_>, estate: &Estate) -> BTreeMap<String, Listing<Value>> {
    let endpoints = estate.graph.rows(Operation::PrivateEndpoints).iter();
    let asked = endpoints
        .filter(|it| leads_to_cache(it))
        .filter_map(identified)
        .map(|(id, account)| async move {
            let path = format!("{id}/privateDnsZoneGroups");
            let listing = ask
                .list(Operation::ZoneGroups, &account, &path, Absent::IsAnError)
                .await;
            (id.to_lowercase(), listing)
        });
    join_all(asked).await.into_iter().collect()
}

/// Whether a private endpoint is for a cache of Azure, or may be: one whose
/// answer lacks its properties.
pub(crate) fn leads_to_cache(endpoint: &Value) -> bool {
    if !endpoint.get("properties").is_some_and(Value::is_object) {
        return true;
    }
    let lists = [
        "privateLinkServiceConnections",
        "manualPrivateLinkServiceConnections",
    ];
    lists
        .iter()
        .filter_map(|it| endpoint.get("properties")?.get(it)?.as_array())
        .flatten()
        .filter_map(|it| it.pointer("/properties/privateLinkServiceId")?.as_str())
        .any(|it| it.to_lowercase().contains("/providers/microsoft.cache/"))
}

/// Id and subscription of a row.
fn identified(row: &Value) -> Option<(&str, AccountId)> {
    let id = row.get("id")?.as_str()?;
    let account = row.get("subscriptionId")?.as_str()?;
    Some((id, AccountId::from(account)))
}

impl Estate {
    /// Host names of all caches, in lower case.
    fn hosts(&self) -> BTreeSet<String> {
        let redis = self.redis.iter().map(|it| &it.value);
        let clusters = self.clusters.iter().map(|it| &it.value);
        redis
            .chain(clusters)
            .filter_map(|it| it.pointer("/properties/hostName")?.as_str())
            .map(str::to_lowercase)
            .collect()
    }

    /// Whether a zone can answer for a cache: its name ends a host name, or
    /// is one of those that Private Link uses for caches, be it the wrong one.
    fn is_relevant(&self, zone: &str, hosts: &BTreeSet<String>) -> bool {
        let zone = zone.trim_end_matches('.').to_lowercase();
        let ends = |host: &str, end: &str| {
            host.strip_suffix(end)
                .is_some_and(|it| it.is_empty() || it.ends_with('.'))
        };
        let public = zone.replacen("privatelink.", "", 1);
        let suffixes = self.cloud.suffixes();
        !zone.is_empty()
            && (hosts.iter().any(|host| ends(host, &zone))
                || suffixes.iter().any(|suffix| ends(&public, suffix)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_that_can_answer_for_a_cache() {
        let estate = Estate::default();
        let hosts = BTreeSet::from(["orders.redis.cache.windows.net".to_owned()]);
        for zone in [
            "privatelink.redis.cache.windows.net",
            "westeurope.privatelink.redis.azure.net",
            "privatelink.redisenterprise.cache.azure.net",
            "windows.net",
            "orders.redis.cache.windows.net",
            "Privatelink.Redis.Azure.Net",
        ] {
            assert!(estate.is_relevant(zone, &hosts), "{zone}");
        }
        for zone in [
            "privatelink.blob.core.windows.net",
            "corp.example",
            "ws.net",
            "",
        ] {
            assert!(!estate.is_relevant(zone, &hosts), "{zone}");
        }
    }
}
