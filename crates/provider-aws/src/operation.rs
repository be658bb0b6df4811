//! The calls that are sent: each has its line here, and nothing else leaves.
//!
//! The list of permissions is made from it, each call is named through it,
//! and a client refuses to send what does not stand in it
//! ([`crate::client`]).

use cachewarden_model::Noun;

/// What is missing from the networks of a region that was not read.
pub(crate) const OF_NETWORKS: &[Noun] = &[
    Noun::Networks,
    Noun::Subnets,
    Noun::Interfaces,
    Noun::Machines,
    Noun::Filters,
    Noun::NetworkAcls,
    Noun::RouteTables,
    Noun::Peerings,
    Noun::TransitRouters,
    Noun::PrefixLists,
    Noun::PrivateEndpoints,
];

/// What is missing of a region or account that was not asked at all.
pub(crate) const EVERYTHING: &[Noun] = &[
    Noun::Caches,
    Noun::Networks,
    Noun::Subnets,
    Noun::Interfaces,
    Noun::Machines,
    Noun::Filters,
    Noun::NetworkAcls,
    Noun::RouteTables,
    Noun::Peerings,
    Noun::TransitRouters,
    Noun::PrefixLists,
    Noun::Users,
    Noun::PrivateEndpoints,
];

macro_rules! operations {
    ($($name:ident $action:literal $hides:expr,)*) => {
        /// A call, named as its IAM action is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Operation {
            $($name,)*
        }

        impl Operation {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// `service:Operation`, which is also the IAM action.
            pub(crate) const fn action(self) -> &'static str {
                match self {
                    $(Self::$name => $action,)*
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
    GetCallerIdentity "sts:GetCallerIdentity" EVERYTHING,
    AssumeRole "sts:AssumeRole" EVERYTHING,

    DescribeReplicationGroups "elasticache:DescribeReplicationGroups" &[Noun::Caches],
    DescribeCacheClusters "elasticache:DescribeCacheClusters" &[Noun::Caches],
    DescribeServerlessCaches "elasticache:DescribeServerlessCaches" &[Noun::Caches],
    DescribeCacheSubnetGroups "elasticache:DescribeCacheSubnetGroups" &[],
    DescribeCacheParameters "elasticache:DescribeCacheParameters" &[],
    DescribeElastiCacheUsers "elasticache:DescribeUsers" &[Noun::Users],
    DescribeUserGroups "elasticache:DescribeUserGroups" &[Noun::Users],
    DescribeUpdateActions "elasticache:DescribeUpdateActions" &[],

    DescribeClusters "memorydb:DescribeClusters" &[Noun::Caches],
    DescribeSubnetGroups "memorydb:DescribeSubnetGroups" &[],
    DescribeParameters "memorydb:DescribeParameters" &[],
    DescribeMemoryDbUsers "memorydb:DescribeUsers" &[Noun::Users],
    DescribeAcls "memorydb:DescribeACLs" &[Noun::Users],
    DescribeServiceUpdates "memorydb:DescribeServiceUpdates" &[],

    GetResources "tag:GetResources" &[],

    GetMetricData "cloudwatch:GetMetricData" &[],

    DescribeRegions "ec2:DescribeRegions" &[Noun::Caches],
    DescribeVpcs "ec2:DescribeVpcs" &[Noun::Networks],
    DescribeVpcAttribute "ec2:DescribeVpcAttribute" &[],
    DescribeVpcBlockPublicAccessOptions "ec2:DescribeVpcBlockPublicAccessOptions" &[],
    DescribeDhcpOptions "ec2:DescribeDhcpOptions" &[],
    DescribeSubnets "ec2:DescribeSubnets" &[Noun::Subnets],
    DescribeRouteTables "ec2:DescribeRouteTables" &[Noun::RouteTables],
    DescribeSecurityGroups "ec2:DescribeSecurityGroups" &[Noun::Filters],
    DescribeSecurityGroupRules "ec2:DescribeSecurityGroupRules" &[],
    DescribeNetworkAcls "ec2:DescribeNetworkAcls" &[Noun::NetworkAcls],
    DescribeNetworkInterfaces "ec2:DescribeNetworkInterfaces" &[Noun::Interfaces],
    DescribeInstances "ec2:DescribeInstances" &[Noun::Machines],
    DescribeInternetGateways "ec2:DescribeInternetGateways" &[],
    DescribeNatGateways "ec2:DescribeNatGateways" &[],
    DescribeVpcEndpoints "ec2:DescribeVpcEndpoints" &[Noun::PrivateEndpoints],
    DescribeVpcPeeringConnections "ec2:DescribeVpcPeeringConnections" &[Noun::Peerings],
    DescribeTransitGateways "ec2:DescribeTransitGateways" &[Noun::TransitRouters],
    DescribeTransitGatewayAttachments "ec2:DescribeTransitGatewayAttachments" &[],
    DescribeTransitGatewayVpcAttachments "ec2:DescribeTransitGatewayVpcAttachments" &[],
    DescribeTransitGatewayRouteTables "ec2:DescribeTransitGatewayRouteTables" &[],
    SearchTransitGatewayRoutes "ec2:SearchTransitGatewayRoutes" &[],
    DescribeManagedPrefixLists "ec2:DescribeManagedPrefixLists" &[Noun::PrefixLists],
    GetManagedPrefixListEntries "ec2:GetManagedPrefixListEntries" &[],
}

impl Operation {
    /// The operation that the SDK names so; none if it is not to be sent.
    pub(crate) fn listed(service: &str, name: &str) -> Option<Self> {
        // The one service whose actions are not named after it.
        let service = match service {
            "Resource Groups Tagging API" => "tag",
            other => other,
        };
        Self::ALL.iter().copied().find(|known| {
            known
                .action()
                .split_once(':')
                .is_some_and(|(its_service, its_name)| {
                    its_service.eq_ignore_ascii_case(service) && its_name == name
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_only_read() {
        for operation in Operation::ALL {
            let (_, name) = operation.action().split_once(':').unwrap();
            let reads = ["Describe", "Get", "Search"]
                .iter()
                .any(|verb| name.starts_with(verb));
            assert!(reads || *operation == Operation::AssumeRole, "{name}");
            assert!(operation.hides().is_sorted(), "{name}");
        }
    }

    #[test]
    fn the_names_of_the_sdk_are_found() {
        assert_eq!(
            Operation::listed("EC2", "DescribeVpcs"),
            Some(Operation::DescribeVpcs)
        );
        assert_eq!(
            Operation::listed("MemoryDB", "DescribeACLs"),
            Some(Operation::DescribeAcls)
        );
        assert_eq!(
            Operation::listed("ElastiCache", "DescribeUsers"),
            Some(Operation::DescribeElastiCacheUsers)
        );
        assert_eq!(
            Operation::listed("Resource Groups Tagging API", "GetResources"),
            Some(Operation::GetResources)
        );
        assert_eq!(
            Operation::listed("Resource Groups Tagging API", "TagResources"),
            None
        );
        assert_eq!(Operation::listed("EC2", "DescribeInstanceAttribute"), None);
        assert_eq!(Operation::listed("EC2", "DescribeUsers"), None);
    }
}
