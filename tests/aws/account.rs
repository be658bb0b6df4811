//! An account with one client and one cache, written as the API answers.

use cachewarden_peers::Estate;
use serde_json::{Value, json};

pub(super) const REGION: &str = "eu-west-1";
pub(super) const CACHE: &str =
    "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:sessions";
pub(super) const LEDGER: &str = "arn:aws:memorydb:eu-west-1:123456789012:cluster/ledger";
pub(super) const CLIENT: &str = "eni-0c11e0000000000a1";
pub(super) const INSTANCE: &str = "i-0c11e0000000000a1";
const VPC: &str = "vpc-0a000000000000001";
const SG_APP: &str = "sg-0a00000000000000a";
const SG_CACHE: &str = "sg-0a00000000000000c";
const NETWORK_ACL: &str = "acl-0a00000000000001";
const SUBNETS: [(&str, &str, &str); 2] = [
    ("subnet-0a0000000000000a1", "10.0.1.0/24", "eu-west-1a"),
    ("subnet-0a0000000000000c1", "10.0.11.0/24", "eu-west-1a"),
];

/// The client reaches the cache; the second region is empty.
pub(super) fn estate() -> Estate {
    admitting(6379)
}

/// The cache's group admits the client's on this port.
pub(super) fn admitting(port: u16) -> Estate {
    let mut estate = Estate::new(json!({ REGION: {}, "us-east-1": {} }));
    for (operation, items) in network(port)
        .into_iter()
        .chain(caches(SG_CACHE, SUBNETS[1].0, VPC))
    {
        estate = estate.with(REGION, operation, items);
    }
    estate
}

/// One replication group of one node, as ElastiCache tells of it.
pub(super) fn caches(group: &str, subnet: &str, vpc: &str) -> Vec<(&'static str, Value)> {
    let endpoint =
        json!({"Address": "master.sessions.abc123.euw1.cache.amazonaws.com", "Port": 6379});
    vec![
        (
            "elasticache:DescribeReplicationGroups",
            json!([{
                "ReplicationGroupId": "sessions", "ARN": CACHE, "Description": "sessions", "Status": "available",
                "MemberClusters": ["sessions-001"], "AutomaticFailover": "disabled", "MultiAZ": "disabled",
                "ClusterEnabled": false, "CacheNodeType": "cache.t4g.micro", "AuthTokenEnabled": false,
                "TransitEncryptionEnabled": true, "TransitEncryptionMode": "required", "AtRestEncryptionEnabled": true,
                "SnapshotRetentionLimit": 1, "AutoMinorVersionUpgrade": true, "Engine": "redis",
                "NetworkType": "ipv4", "IpDiscovery": "ipv4", "ClusterMode": "disabled",
                "NodeGroups": [{
                    "NodeGroupId": "0001", "Status": "available", "PrimaryEndpoint": endpoint,
                    "NodeGroupMembers": [{
                        "CacheClusterId": "sessions-001", "CacheNodeId": "0001", "CurrentRole": "primary",
                        "PreferredAvailabilityZone": "eu-west-1a", "ReadEndpoint": endpoint,
                    }],
                }],
            }]),
        ),
        (
            "elasticache:DescribeCacheClusters",
            json!([{
                "CacheClusterId": "sessions-001", "ReplicationGroupId": "sessions", "Engine": "redis",
                "EngineVersion": "7.1.0", "CacheNodeType": "cache.t4g.micro", "CacheClusterStatus": "available",
                "NumCacheNodes": 1, "PreferredAvailabilityZone": "eu-west-1a", "CacheSubnetGroupName": "caches",
                "ARN": "arn:aws:elasticache:eu-west-1:123456789012:cluster:sessions-001",
                "SecurityGroups": [{"SecurityGroupId": group, "Status": "active"}],
                "CacheParameterGroup": {"CacheParameterGroupName": "default.redis7", "ParameterApplyStatus": "in-sync"},
                "TransitEncryptionEnabled": true, "NetworkType": "ipv4", "IpDiscovery": "ipv4",
                "PreferredMaintenanceWindow": "sun:05:00-sun:06:00", "AutoMinorVersionUpgrade": true,
                "CacheNodes": [{
                    "CacheNodeId": "0001", "CacheNodeStatus": "available", "ParameterGroupStatus": "in-sync",
                    "CustomerAvailabilityZone": "eu-west-1a", "Endpoint": endpoint,
                }],
            }]),
        ),
        (
            "elasticache:DescribeCacheSubnetGroups",
            json!([{
                "CacheSubnetGroupName": "caches", "VpcId": vpc, "CacheSubnetGroupDescription": "caches",
                "Subnets": [{"SubnetIdentifier": subnet, "SubnetAvailabilityZone": {"Name": "eu-west-1a"}}],
            }]),
        ),
    ]
}

/// The label `team` of the cache, as the tagging service tells it.
pub(super) fn of_team(estate: Estate, team: &str) -> Estate {
    let label = json!([{"ResourceARN": CACHE, "Tags": [{"Key": "team", "Value": team}]}]);
    estate.with(REGION, "tag:GetResources", label)
}

/// A cluster of MemoryDB beside the cache, and what was measured of both: the
/// most connections were 250 and 70.
pub(super) fn with_ledger(estate: Estate) -> Estate {
    let endpoint = json!({"Address": "clustercfg.ledger.abc123.memorydb.eu-west-1.amazonaws.com", "Port": 6379});
    let node = json!({
        "Name": "ledger-0001-001", "Status": "available", "AvailabilityZone": "eu-west-1a", "Endpoint": endpoint,
    });
    let series = |space: &str, dimension: &str, name: &str, values: [u32; 3]| {
        json!({
            "Namespace": space, "MetricName": "CurrConnections", "Values": values,
            "Dimensions": [{"Name": dimension, "Value": name}],
        })
    };
    estate
        .with(REGION, "memorydb:DescribeClusters", json!([{
            "ARN": LEDGER, "Name": "ledger", "Status": "available", "ACLName": "ledger-acl", "Engine": "redis",
            "EngineVersion": "7.1", "ClusterEndpoint": endpoint, "NodeType": "db.t4g.small", "TLSEnabled": true,
            "NumberOfShards": 1, "SubnetGroupName": "ledger", "NetworkType": "ipv4", "AvailabilityMode": "singleaz",
            "SecurityGroups": [{"SecurityGroupId": SG_CACHE, "Status": "active"}],
            "Shards": [{"Name": "0001", "Status": "available", "NumberOfNodes": 1, "Nodes": [node]}],
        }]))
        .with(REGION, "memorydb:DescribeSubnetGroups", json!([{
            "Name": "ledger", "VpcId": VPC,
            "Subnets": [{"Identifier": SUBNETS[1].0, "AvailabilityZone": {"Name": "eu-west-1a"}}],
        }]))
        .with(REGION, "memorydb:DescribeACLs", json!([{
            "Name": "ledger-acl", "Status": "active", "UserNames": ["writer"], "Clusters": ["ledger"],
        }]))
        .with(REGION, "memorydb:DescribeUsers", json!([{
            "Name": "writer", "Status": "active", "AccessString": "on ~ledger:* +@write", "ACLNames": ["ledger-acl"],
            "Authentication": {"Type": "password", "PasswordCount": 1},
        }]))
        .with(REGION, "cloudwatch:GetMetricData", json!([
            series("AWS/ElastiCache", "CacheClusterId", "sessions-001", [10, 250, 30]),
            series("AWS/MemoryDB", "ClusterName", "ledger", [70, 20, 10]),
        ]))
}

/// One network with a client and what is needed around it.
fn network(port: u16) -> Vec<(&'static str, Value)> {
    vec![
        (
            "ec2:DescribeVpcs",
            json!([{
                "VpcId": VPC, "CidrBlock": "10.0.0.0/16", "State": "available", "DhcpOptionsId": "dopt-1",
                "OwnerId": "123456789012", "Tags": [{"Key": "Name", "Value": "main"}],
                "CidrBlockAssociationSet": [{"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}}],
            }]),
        ),
        (
            "ec2:DescribeVpcAttribute",
            json!([{
                "_for": VPC, "EnableDnsSupport": {"Value": true}, "EnableDnsHostnames": {"Value": true},
            }]),
        ),
        (
            "ec2:DescribeDhcpOptions",
            json!([{
                "DhcpOptionsId": "dopt-1", "OwnerId": "123456789012",
                "DhcpConfigurations": [{"Key": "domain-name-servers", "Values": [{"Value": "AmazonProvidedDNS"}]}],
            }]),
        ),
        ("ec2:DescribeSubnets", subnets()),
        (
            "ec2:DescribeRouteTables",
            json!([{
                "RouteTableId": "rtb-0a000000000000001", "VpcId": VPC, "OwnerId": "123456789012",
                "Associations": [{"Main": true, "RouteTableId": "rtb-0a000000000000001", "RouteTableAssociationId": "rtbassoc-1",
                    "AssociationState": {"State": "associated"}}],
                "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active",
                    "Origin": "CreateRouteTable"}],
            }]),
        ),
        ("ec2:DescribeNetworkAcls", network_acls()),
        (
            "ec2:DescribeSecurityGroups",
            json!([
                {"GroupId": SG_APP, "GroupName": "app", "VpcId": VPC, "OwnerId": "123456789012", "Description": "app"},
                {"GroupId": SG_CACHE, "GroupName": "cache", "VpcId": VPC, "OwnerId": "123456789012", "Description": "cache"},
            ]),
        ),
        (
            "ec2:DescribeSecurityGroupRules",
            json!([
                {"SecurityGroupRuleId": "sgr-0a000000000000001", "GroupId": SG_APP, "GroupOwnerId": "123456789012",
                    "IsEgress": true, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIpv4": "0.0.0.0/0"},
                {"SecurityGroupRuleId": "sgr-0a000000000000002", "GroupId": SG_CACHE, "GroupOwnerId": "123456789012",
                    "IsEgress": false, "IpProtocol": "tcp", "FromPort": port, "ToPort": port,
                    "ReferencedGroupInfo": {"GroupId": SG_APP, "UserId": "123456789012"}},
            ]),
        ),
        ("ec2:DescribeNetworkInterfaces", interfaces()),
        (
            "ec2:DescribeInstances",
            json!([{
                "ReservationId": "r-1", "OwnerId": "123456789012",
                "Instances": [{"InstanceId": INSTANCE, "InstanceType": "t3.micro", "State": {"Code": 16, "Name": "running"},
                    "PlatformDetails": "Linux/UNIX", "Tags": [{"Key": "Name", "Value": "checkout"}]}],
            }]),
        ),
    ]
}

fn subnets() -> Value {
    let subnet = |(id, range, zone): (&str, &str, &str)| {
        json!({
            "SubnetId": id, "VpcId": VPC, "CidrBlock": range, "AvailabilityZone": zone, "AvailabilityZoneId": "euw1-az1",
            "OwnerId": "123456789012", "State": "available",
        })
    };
    SUBNETS.into_iter().map(subnet).collect()
}

/// The ACL that AWS makes: everything passes both ways.
fn network_acls() -> Value {
    let entry = |number: u32, egress: bool, action: &str| {
        json!({
            "RuleNumber": number, "Egress": egress, "Protocol": "-1", "RuleAction": action, "CidrBlock": "0.0.0.0/0",
        })
    };
    let association = |(id, _, _): (&str, &str, &str)| {
        json!({
            "SubnetId": id, "NetworkAclId": NETWORK_ACL, "NetworkAclAssociationId": format!("aclassoc-{id}"),
        })
    };
    json!([{
        "NetworkAclId": NETWORK_ACL, "VpcId": VPC, "IsDefault": true, "OwnerId": "123456789012",
        "Associations": SUBNETS.into_iter().map(association).collect::<Vec<_>>(),
        "Entries": [entry(100, false, "allow"), entry(32767, false, "deny"), entry(100, true, "allow"),
            entry(32767, true, "deny")],
    }])
}

fn interfaces() -> Value {
    let interface = |id: &str,
                     subnet: &str,
                     address: &str,
                     group: &str,
                     description: &str,
                     kind: &str| {
        json!({
            "NetworkInterfaceId": id, "SubnetId": subnet, "VpcId": VPC, "OwnerId": "123456789012", "Status": "in-use",
            "InterfaceType": kind, "Description": description, "PrivateIpAddress": address, "SourceDestCheck": true,
            "AvailabilityZone": "eu-west-1a", "Groups": [{"GroupId": group, "GroupName": "x"}],
            "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": address}],
        })
    };
    let mut client = interface(CLIENT, SUBNETS[0].0, "10.0.1.10", SG_APP, "", "interface");
    client["Attachment"] = json!({
        "InstanceId": INSTANCE, "InstanceOwnerId": "123456789012", "Status": "attached", "DeviceIndex": 0,
    });
    let node = interface(
        "eni-0cac0000000000001",
        SUBNETS[1].0,
        "10.0.11.20",
        SG_CACHE,
        "ElastiCache sessions-001",
        "interface",
    );
    json!([client, node])
}
