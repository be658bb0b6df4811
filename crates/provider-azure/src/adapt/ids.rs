//! Ids in one spelling.
//!
//! Azure compares ids without regard to letter case and writes them in
//! several. A resource keeps the spelling in which it is listed; references
//! to it are rewritten to that. What is not listed keeps its own.
//!
//! Source: Azure Resource Manager, "Resource naming rules": names and ids
//! are case-insensitive.

use std::collections::HashMap;

use cachewarden_model::ResourceId;
use serde_json::Value;

use crate::collect::Estate;
use crate::operation::Operation;

/// How each listed id is spelled, by its lower case.
#[derive(Debug, Default)]
pub(super) struct Ids(HashMap<String, ResourceId>);

impl Ids {
    pub(super) fn of(estate: &Estate) -> Self {
        let mut ids = Self::default();
        for cache in &estate.redis {
            ids.add(&cache.value);
        }
        for cluster in &estate.clusters {
            ids.add(&cluster.value);
        }
        for (_, network) in &estate.networks {
            ids.add(network);
            for part in ["/properties/subnets", "/properties/virtualNetworkPeerings"] {
                let parts = network.pointer(part).and_then(Value::as_array);
                for child in parts.into_iter().flatten() {
                    ids.add(child);
                }
            }
        }
        for operation in Operation::ALL.iter().filter(|it| it.through_graph()) {
            for row in estate.graph.rows(*operation) {
                ids.add(row);
            }
        }
        ids
    }

    /// The first spelling stays.
    fn add(&mut self, resource: &Value) {
        if let Some(id) = resource.get("id").and_then(Value::as_str) {
            self.0.entry(id.to_lowercase()).or_insert_with(|| id.into());
        }
    }

    /// An id as its resource is listed.
    pub(super) fn id(&self, reference: &str) -> ResourceId {
        let reference = reference.trim_end_matches('/');
        match self.0.get(&reference.to_lowercase()) {
            Some(id) => id.clone(),
            None => reference.into(),
        }
    }

    /// The virtual network that a subnet is part of, by the subnet's id.
    pub(super) fn network_of(&self, subnet: &str) -> ResourceId {
        let lower = subnet.to_lowercase();
        let network = lower
            .rfind("/subnets/")
            .and_then(|at| subnet.get(..at))
            .unwrap_or(subnet);
        self.id(network)
    }
}

/// Rows of Resource Graph that others refer to, by their id in lower case.
#[derive(Debug, Default)]
pub(super) struct Rows<'a>(HashMap<String, &'a Value>);

impl<'a> Rows<'a> {
    pub(super) fn of(estate: &'a Estate) -> Self {
        let referred = [
            Operation::Interfaces,
            Operation::Machines,
            Operation::PublicAddresses,
            Operation::PublicPrefixes,
        ];
        let rows = referred.iter().flat_map(|it| estate.graph.rows(*it));
        let identified = rows.filter_map(|it| Some((it.get("id")?.as_str()?.to_lowercase(), it)));
        Self(identified.collect())
    }

    /// The row of a resource; none if it was not listed.
    pub(super) fn row(&self, id: &str) -> Option<&'a Value> {
        self.0.get(&id.to_lowercase()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_take_the_listed_spelling() {
        let mut ids = Ids::default();
        ids.add(&serde_json::json!({"id": "/subscriptions/S/resourceGroups/RG/x/Net"}));
        let id = ids.id("/SUBSCRIPTIONS/s/resourcegroups/rg/X/net");
        assert_eq!(id, "/subscriptions/S/resourceGroups/RG/x/Net");
        assert_eq!(ids.id("/Not/Listed/"), "/Not/Listed");
        assert_eq!(
            ids.network_of("/subscriptions/s/resourceGroups/rg/x/net/Subnets/a"),
            "/subscriptions/S/resourceGroups/RG/x/Net"
        );
    }
}
