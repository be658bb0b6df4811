//! Resource Graph: one query per type, over all subscriptions.

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, Gap};
use cachewarden_provider::{Listing, call};
use futures_util::future::join_all;
use serde_json::Value;

use super::ask::{Ask, question};
use crate::operation::Operation;

/// The types that are asked for, and what of them. Of machines, scale sets
/// and apps no more than names, places and networks is asked for: their
/// other properties can hold secrets (user data, settings).
const TYPES: [(Operation, &str, &str); 12] = [
    (
        Operation::SecurityGroups,
        "microsoft.network/networksecuritygroups",
        WHOLE,
    ),
    (
        Operation::Interfaces,
        "microsoft.network/networkinterfaces",
        WHOLE,
    ),
    (
        Operation::RouteTables,
        "microsoft.network/routetables",
        WHOLE,
    ),
    (
        Operation::NatGateways,
        "microsoft.network/natgateways",
        WHOLE,
    ),
    (
        Operation::PublicAddresses,
        "microsoft.network/publicipaddresses",
        WHOLE,
    ),
    (
        Operation::PublicPrefixes,
        "microsoft.network/publicipprefixes",
        WHOLE,
    ),
    (
        Operation::PrivateEndpoints,
        "microsoft.network/privateendpoints",
        WHOLE,
    ),
    (
        Operation::PrivateZones,
        "microsoft.network/privatednszones",
        WHOLE,
    ),
    (
        Operation::NetworkManagers,
        "microsoft.network/networkmanagers",
        WHOLE,
    ),
    (
        Operation::Machines,
        "microsoft.compute/virtualmachines",
        "os = tostring(properties.storageProfile.osDisk.osType), \
         power = tostring(properties.extended.instanceView.powerState.code), \
         size = tostring(properties.hardwareProfile.vmSize)",
    ),
    (
        Operation::ScaleSets,
        "microsoft.compute/virtualmachinescalesets",
        "mode = tostring(properties.orchestrationMode), \
         os = tostring(properties.virtualMachineProfile.storageProfile.osDisk.osType), \
         interfaces = properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations",
    ),
    (
        Operation::Sites,
        "microsoft.web/sites",
        "state = tostring(properties.state), \
         subnet = tostring(properties.virtualNetworkSubnetId)",
    ),
];

/// Container Apps stand beside the table: their environments are what sits
/// in a subnet.
const ENVIRONMENTS: (Operation, &str, &str) = (
    Operation::ContainerEnvironments,
    "microsoft.app/managedenvironments",
    "subnet = tostring(properties.vnetConfiguration.infrastructureSubnetId)",
);

/// All properties.
const WHOLE: &str = "properties";

/// Rows by operation, in the order of their ids.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    rows: BTreeMap<Operation, Listing<Value>>,
}

impl Graph {
    /// Asks all queries side by side.
    pub(super) async fn read(ask: &Ask<'_>, accounts: &[AccountId]) -> Self {
        let subscriptions: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
        let subscriptions = &subscriptions;
        let asked = TYPES.iter().chain([&ENVIRONMENTS]).map(|it| async move {
            let (operation, kind, projection) = *it;
            let query = format!(
                "resources | where type =~ '{kind}' \
                 | project id, name, location, subscriptionId, tags, {projection} \
                 | order by id asc"
            );
            let query = &query;
            let page = |token: Option<String>| async move {
                ask.client
                    .query(subscriptions, query, token.as_deref())
                    .await
            };
            let listing = call::list(ask.session, &question(operation, None), page).await;
            (operation, listing)
        });
        Self {
            rows: join_all(asked).await.into_iter().collect(),
        }
    }

    /// What a query answered.
    pub(crate) fn rows(&self, operation: Operation) -> &[Value] {
        self.rows
            .get(&operation)
            .map(|it| it.items.as_slice())
            .unwrap_or_default()
    }

    pub(super) fn gaps(&self) -> Vec<Gap> {
        self.rows.values().filter_map(|it| it.gap.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_asked_has_its_query() {
        let asked: Vec<_> = TYPES.iter().chain([&ENVIRONMENTS]).map(|it| it.0).collect();
        let through = Operation::ALL.iter().filter(|it| it.through_graph());
        for operation in through {
            assert!(asked.contains(operation), "{operation:?}");
        }
    }
}
