//! The operations that the fake serves: what their answers list, how they page, what a request must say.
//!
//! Page sizes are those of AWS, and a request outside them is refused as AWS refuses it; where AWS documents
//! none, anything up to its usual page passes.

/// One operation of one service.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) answer: Answer,
    pub(crate) pages: Option<Pages>,
    /// Parameter that must name one thing; the items of the estate say which with `_for`.
    pub(crate) scope: Option<&'static str>,
    /// Members that are only shown if this parameter is true.
    pub(crate) details: Option<(&'static str, &'static [&'static str])>,
}

/// What an operation answers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    /// A list under this member; an item of the estate is one element.
    List(&'static str),
    /// One structure under this member, the estate's first item.
    One(&'static str),
    /// The member that the parameter `Attribute` names, of the item chosen by the scope.
    Attribute,
    /// The fake's own knowledge of accounts, or of metrics.
    Own,
}

/// How an operation pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pages {
    /// Parameter for the size of a page.
    pub(crate) size: &'static str,
    /// Parameter and member for the token of the next page.
    pub(crate) token: &'static str,
    /// Least and greatest size that may be asked for.
    pub(crate) allowed: (usize, usize),
    /// Size if none is asked for.
    pub(crate) default: Option<usize>,
}

/// The operation of that name.
pub(crate) fn find(service: &str, name: &str) -> Option<&'static Operation> {
    OPERATIONS
        .iter()
        .find(|known| known.service == service && known.name == name)
}

impl Operation {
    const fn scope(mut self, parameter: &'static str) -> Self {
        self.scope = Some(parameter);
        self
    }

    const fn details(mut self, parameter: &'static str, members: &'static [&'static str]) -> Self {
        self.details = Some((parameter, members));
        self
    }

    const fn pages(mut self, least: usize, greatest: usize) -> Self {
        if let Some(pages) = &mut self.pages {
            pages.allowed = (least, greatest);
        }
        self
    }

    const fn unpaged(mut self) -> Self {
        self.pages = None;
        self
    }
}

const fn operation(
    service: &'static str,
    name: &'static str,
    answer: Answer,
    pages: Option<Pages>,
) -> Operation {
    Operation {
        service,
        name,
        answer,
        pages,
        scope: None,
        details: None,
    }
}

const fn ec2(name: &'static str, list: &'static str) -> Operation {
    let pages = Pages {
        size: "MaxResults",
        token: "NextToken",
        allowed: (5, 1000),
        default: None,
    };
    operation("ec2", name, Answer::List(list), Some(pages))
}

const fn elasticache(name: &'static str, list: &'static str) -> Operation {
    let pages = Pages {
        size: "MaxRecords",
        token: "Marker",
        allowed: (20, 100),
        default: Some(100),
    };
    operation("elasticache", name, Answer::List(list), Some(pages))
}

const fn memorydb(name: &'static str, list: &'static str) -> Operation {
    let pages = Pages {
        size: "MaxResults",
        token: "NextToken",
        allowed: (1, 100),
        default: Some(100),
    };
    operation("memorydb", name, Answer::List(list), Some(pages))
}

const SERVERLESS_PAGES: Pages = Pages {
    size: "MaxResults",
    token: "NextToken",
    allowed: (1, 50),
    default: Some(50),
};

const TAG_PAGES: Pages = Pages {
    size: "ResourcesPerPage",
    token: "PaginationToken",
    allowed: (1, 100),
    default: Some(50),
};

static OPERATIONS: &[Operation] = &[
    operation("cloudwatch", "GetMetricData", Answer::Own, None),
    operation("sts", "AssumeRole", Answer::Own, None),
    operation("sts", "GetCallerIdentity", Answer::Own, None),
    ec2("DescribeDhcpOptions", "DhcpOptions"),
    ec2("DescribeInstances", "Reservations"),
    ec2("DescribeInternetGateways", "InternetGateways"),
    ec2("DescribeManagedPrefixLists", "PrefixLists").pages(1, 100),
    ec2("DescribeNatGateways", "NatGateways"),
    ec2("DescribeNetworkAcls", "NetworkAcls"),
    ec2("DescribeNetworkInterfaces", "NetworkInterfaces"),
    ec2("DescribeRegions", "Regions").unpaged(),
    ec2("DescribeRouteTables", "RouteTables").pages(5, 100),
    ec2("DescribeSecurityGroupRules", "SecurityGroupRules"),
    ec2("DescribeSecurityGroups", "SecurityGroups"),
    ec2("DescribeStaleSecurityGroups", "StaleSecurityGroupSet")
        .pages(5, 255)
        .scope("VpcId"),
    ec2("DescribeSubnets", "Subnets"),
    ec2(
        "DescribeTransitGatewayAttachments",
        "TransitGatewayAttachments",
    ),
    ec2(
        "DescribeTransitGatewayRouteTables",
        "TransitGatewayRouteTables",
    ),
    ec2(
        "DescribeTransitGatewayVpcAttachments",
        "TransitGatewayVpcAttachments",
    ),
    ec2("DescribeTransitGateways", "TransitGateways"),
    operation("ec2", "DescribeVpcAttribute", Answer::Attribute, None).scope("VpcId"),
    operation(
        "ec2",
        "DescribeVpcBlockPublicAccessOptions",
        Answer::One("VpcBlockPublicAccessOptions"),
        None,
    ),
    ec2("DescribeVpcEndpoints", "VpcEndpoints"),
    ec2("DescribeVpcPeeringConnections", "VpcPeeringConnections"),
    ec2("DescribeVpcs", "Vpcs"),
    ec2("GetManagedPrefixListEntries", "Entries")
        .pages(1, 100)
        .scope("PrefixListId"),
    ec2("SearchTransitGatewayRoutes", "Routes").scope("TransitGatewayRouteTableId"),
    elasticache("DescribeCacheClusters", "CacheClusters")
        .details("ShowCacheNodeInfo", &["CacheNodes"]),
    elasticache("DescribeCacheParameterGroups", "CacheParameterGroups"),
    elasticache("DescribeCacheParameters", "Parameters").scope("CacheParameterGroupName"),
    elasticache("DescribeCacheSubnetGroups", "CacheSubnetGroups"),
    elasticache("DescribeGlobalReplicationGroups", "GlobalReplicationGroups")
        .pages(1, 100)
        .details("ShowMemberInfo", &["Members"]),
    elasticache("DescribeReplicationGroups", "ReplicationGroups"),
    operation(
        "elasticache",
        "DescribeServerlessCaches",
        Answer::List("ServerlessCaches"),
        Some(SERVERLESS_PAGES),
    ),
    elasticache("DescribeServiceUpdates", "ServiceUpdates").pages(1, 100),
    elasticache("DescribeUpdateActions", "UpdateActions")
        .pages(1, 100)
        .details(
            "ShowNodeLevelUpdateStatus",
            &["NodeGroupUpdateStatus", "CacheNodeUpdateStatus"],
        ),
    elasticache("DescribeUserGroups", "UserGroups").pages(1, 100),
    elasticache("DescribeUsers", "Users").pages(1, 100),
    operation(
        "tag",
        "GetResources",
        Answer::List("ResourceTagMappingList"),
        Some(TAG_PAGES),
    ),
    memorydb("DescribeACLs", "ACLs"),
    memorydb("DescribeClusters", "Clusters").details("ShowShardDetails", &["Shards"]),
    memorydb("DescribeParameterGroups", "ParameterGroups"),
    memorydb("DescribeParameters", "Parameters").scope("ParameterGroupName"),
    memorydb("DescribeServiceUpdates", "ServiceUpdates"),
    memorydb("DescribeSubnetGroups", "SubnetGroups"),
    memorydb("DescribeUsers", "Users"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{Kind, Shape};

    #[test]
    fn every_operation_has_its_shape() {
        for known in OPERATIONS {
            let shape = Shape::of(known.service, known.name).expect(known.name);
            if let Answer::List(list) = known.answer {
                assert!(
                    matches!(shape.members[list].kind, Kind::List { .. }),
                    "{}",
                    known.name
                );
            }
            if let Some(pages) = known.pages {
                assert!(shape.members.contains_key(pages.token), "{}", known.name);
            }
            if let (Answer::List(list), Some((_, members))) = (known.answer, known.details) {
                let item = shape.inner(&shape.members[list].kind).unwrap();
                assert!(
                    members
                        .iter()
                        .all(|member| item.members.contains_key(member)),
                    "{}",
                    known.name
                );
            }
        }
    }
}
