//! The calls that are sent: each has its line here, and nothing else leaves.
//!
//! The list of permissions is made from it, and each call is named through
//! it. All are reads of the control plane; none can return a key.

use cachewarden_model::Noun;

/// What is missing of a subscription that was not asked at all.
pub(crate) const EVERYTHING: &[Noun] = &[
    Noun::Caches,
    Noun::Networks,
    Noun::Subnets,
    Noun::Interfaces,
    Noun::Machines,
    Noun::Filters,
    Noun::RouteTables,
    Noun::Peerings,
    Noun::Users,
    Noun::PrivateEndpoints,
    Noun::DnsZones,
    Noun::NatGateways,
];

/// What a subscription that was left out may hold of the networks of others.
pub(crate) const OF_NETWORKS: &[Noun] = &[
    Noun::Networks,
    Noun::Subnets,
    Noun::Filters,
    Noun::RouteTables,
    Noun::Peerings,
    Noun::PrivateEndpoints,
    Noun::DnsZones,
    Noun::NatGateways,
];

macro_rules! operations {
    ($($name:ident $action:literal $version:literal $hides:expr,)*) => {
        /// A call, named as the action of Azure's roles is that allows it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Operation {
            $($name,)*
        }

        impl Operation {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// The action of a role definition.
            pub(crate) const fn action(self) -> &'static str {
                match self {
                    $(Self::$name => $action,)*
                }
            }

            /// The `api-version` that is asked for; empty for what is asked
            /// through Resource Graph.
            pub(crate) const fn version(self) -> &'static str {
                match self {
                    $(Self::$name => $version,)*
                }
            }

            /// What may be missing from the snapshot without its answer.
            /// Empty where single facts become unknown instead.
            pub(crate) const fn hides(self) -> &'static [Noun] {
                match self {
                    $(Self::$name => $hides,)*
                }
            }
        }
    };
}

operations! {
    Subscriptions "Microsoft.Resources/subscriptions/read" "2022-12-01" EVERYTHING,
    Permissions "Microsoft.Authorization/permissions/read" "2022-04-01" &[],

    Redis "Microsoft.Cache/redis/read" "2024-11-01" &[Noun::Caches],
    FirewallRules "Microsoft.Cache/redis/firewallRules/read" "2024-11-01" &[],
    LinkedServers "Microsoft.Cache/redis/linkedServers/read" "2024-11-01" &[],
    PatchSchedules "Microsoft.Cache/redis/patchSchedules/read" "2024-11-01" &[],
    AccessPolicies "Microsoft.Cache/redis/accessPolicies/read" "2024-11-01" &[],
    PolicyAssignments "Microsoft.Cache/redis/accessPolicyAssignments/read" "2024-11-01" &[Noun::Users],
    Enterprise "Microsoft.Cache/redisEnterprise/read" "2025-07-01" &[Noun::Caches],
    Databases "Microsoft.Cache/redisEnterprise/databases/read" "2025-07-01" &[Noun::Caches],
    DatabaseAssignments "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments/read" "2025-07-01" &[Noun::Users],

    VirtualNetworks "Microsoft.Network/virtualNetworks/read" "2024-05-01" &[Noun::Networks, Noun::Subnets, Noun::Peerings],
    SecurityGroups "Microsoft.Network/networkSecurityGroups/read" "" &[Noun::Filters],
    Interfaces "Microsoft.Network/networkInterfaces/read" "" &[Noun::Interfaces],
    RouteTables "Microsoft.Network/routeTables/read" "" &[Noun::RouteTables],
    NatGateways "Microsoft.Network/natGateways/read" "" &[Noun::NatGateways],
    PublicAddresses "Microsoft.Network/publicIPAddresses/read" "" &[],
    PublicPrefixes "Microsoft.Network/publicIPPrefixes/read" "" &[],
    PrivateEndpoints "Microsoft.Network/privateEndpoints/read" "" &[Noun::PrivateEndpoints],
    ZoneGroups "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read" "2024-05-01" &[],
    PrivateZones "Microsoft.Network/privateDnsZones/read" "" &[Noun::DnsZones],
    ZoneLinks "Microsoft.Network/privateDnsZones/virtualNetworkLinks/read" "2024-06-01" &[],
    ZoneRecords "Microsoft.Network/privateDnsZones/ALL/read" "2024-06-01" &[],
    NetworkManagers "Microsoft.Network/networkManagers/read" "" &[],
    AdminConfigurations "Microsoft.Network/networkManagers/securityAdminConfigurations/read" "2024-05-01" &[],
    AdminCollections "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/read" "2024-05-01" &[],
    AdminRules "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules/read" "2024-05-01" &[],

    Machines "Microsoft.Compute/virtualMachines/read" "" &[Noun::Machines],
    ScaleSets "Microsoft.Compute/virtualMachineScaleSets/read" "" &[Noun::Interfaces],
    Sites "Microsoft.Web/sites/read" "" &[Noun::Interfaces],
    ContainerEnvironments "Microsoft.App/managedEnvironments/read" "" &[Noun::Interfaces],

    Metrics "Microsoft.Insights/metrics/read" "2023-10-01" &[Noun::Metrics],
    DiagnosticSettings "Microsoft.Insights/diagnosticSettings/read" "2021-05-01-preview" &[],
}

impl Operation {
    /// Those that are asked through Resource Graph, which leaves out what
    /// the credentials may not read and says nothing of it.
    pub(crate) fn through_graph(self) -> bool {
        self.version().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_only_read() {
        for operation in Operation::ALL {
            let action = operation.action();
            assert!(
                action.ends_with("/read") && !action.contains('*'),
                "{action}"
            );
            assert!(!action.to_lowercase().contains("listkeys"), "{action}");
            assert!(operation.hides().is_sorted(), "{action}");
        }
    }
}
