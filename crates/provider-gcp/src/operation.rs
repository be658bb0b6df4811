//! The calls that are sent: each has its line here, and nothing else leaves.
//!
//! The list of permissions is made from it, and each call is named through
//! it. All are reads of the control plane; none can return an AUTH string or
//! a token.

use cachewarden_model::Noun;

use crate::client::Api;

/// What is missing of a project that was not asked at all.
pub(crate) const EVERYTHING: &[Noun] = &[
    Noun::Caches,
    Noun::Networks,
    Noun::Subnets,
    Noun::Interfaces,
    Noun::Filters,
    Noun::RouteTables,
    Noun::Peerings,
    Noun::PrivateEndpoints,
    Noun::DnsZones,
    Noun::ConnectionPolicies,
];

/// What a project that was left out may hold of the networks of others.
pub(crate) const OF_NETWORKS: &[Noun] = &[
    Noun::Networks,
    Noun::Subnets,
    Noun::Filters,
    Noun::RouteTables,
    Noun::Peerings,
    Noun::PrivateEndpoints,
    Noun::DnsZones,
    Noun::ConnectionPolicies,
];

macro_rules! operations {
    ($($name:ident $permission:literal $api:ident $hides:expr,)*) => {
        /// A call, named as the permission is that allows it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Operation {
            $($name,)*
        }

        impl Operation {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// The permission of a role.
            pub(crate) const fn permission(self) -> &'static str {
                match self {
                    $(Self::$name => $permission,)*
                }
            }

            /// The API that is asked.
            pub(crate) const fn api(self) -> Api {
                match self {
                    $(Self::$name => Api::$api,)*
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
    Projects "resourcemanager.projects.get" ResourceManager EVERYTHING,
    ProjectsBelow "resourcemanager.projects.list" ResourceManager EVERYTHING,
    FoldersBelow "resourcemanager.folders.list" ResourceManager EVERYTHING,

    Redis "redis.instances.list" Redis &[Noun::Caches],
    Clusters "redis.clusters.list" Redis &[Noun::Caches],
    ClusterAuthority "redis.clusters.get" Redis &[],
    Valkey "memorystore.instances.list" Memorystore &[Noun::Caches],
    ValkeyAuthority "memorystore.instances.get" Memorystore &[],
    Memcached "memcache.instances.list" Memcache &[],

    Networks "compute.networks.list" Compute &[Noun::Networks, Noun::Peerings],
    Subnets "compute.subnetworks.list" Compute &[Noun::Subnets],
    Firewalls "compute.firewalls.list" Compute &[],
    EffectiveFirewalls "compute.networks.getRegionEffectiveFirewalls" Compute &[],
    Routes "compute.routes.list" Compute &[],
    PeeringRoutes "compute.networks.listPeeringRoutes" Compute &[],
    Instances "compute.instances.list" Compute &[Noun::Interfaces],
    ForwardingRules "compute.forwardingRules.list" Compute &[Noun::PrivateEndpoints],
    GlobalAddresses "compute.globalAddresses.list" Compute &[],
    Routers "compute.routers.list" Compute &[],
    Tunnels "compute.vpnTunnels.list" Compute &[],
    Attachments "compute.interconnectAttachments.list" Compute &[],
    ComputeProject "compute.projects.get" Compute &[],
    AddressGroups "networksecurity.addressGroups.get" NetworkSecurity &[],

    ConnectionPolicies "networkconnectivity.serviceConnectionPolicies.list" NetworkConnectivity &[Noun::ConnectionPolicies],
    PolicyRoutes "networkconnectivity.policyBasedRoutes.list" NetworkConnectivity &[],
    Hubs "networkconnectivity.hubs.list" NetworkConnectivity &[],
    Spokes "networkconnectivity.spokes.list" NetworkConnectivity &[],

    Zones "dns.managedZones.list" Dns &[Noun::DnsZones],
    Records "dns.resourceRecordSets.list" Dns &[],
    DnsPolicies "dns.policies.list" Dns &[],
    ResponsePolicies "dns.responsePolicies.list" Dns &[Noun::DnsZones],
    ResponseRules "dns.responsePolicyRules.list" Dns &[Noun::DnsZones],

    Connectors "vpcaccess.connectors.list" VpcAccess &[Noun::Interfaces],
    Services "run.services.list" Run &[Noun::Interfaces],

    Metrics "monitoring.timeSeries.list" Monitoring &[Noun::Metrics],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_only_read() {
        for operation in Operation::ALL {
            let permission = operation.permission();
            let verb = permission.rsplit('.').next().unwrap();
            assert!(
                verb == "list"
                    || verb == "get"
                    || verb == "getRegionEffectiveFirewalls"
                    || verb == "listPeeringRoutes",
                "{permission}"
            );
            let lower = permission.to_lowercase();
            for secret in ["authstring", "token", "connect."] {
                assert!(!lower.contains(secret), "{permission}");
            }
            assert!(operation.hides().is_sorted(), "{permission}");
        }
    }
}
