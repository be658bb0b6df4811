//! Which calls are sent, and how many.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_peers::{Estate, FakeAws};
use cachewarden_provider_aws::{Options, permissions};
use serde_json::{Value, json};

use super::harness::{collect, collect_with, estate, hasty};

#[test]
fn the_calls_that_are_sent_are_those_of_the_permissions() {
    let fake = FakeAws::start(estate("configured"));
    collect(&fake);
    let sent: BTreeSet<String> = fake.requests().iter().map(|it| it.action()).collect();
    let listed: BTreeSet<String> = permissions::actions()
        .iter()
        .map(|it| (*it).to_owned())
        .collect();
    assert_eq!(sent, listed);
}

#[test]
fn nothing_is_sent_but_reads() {
    let fake = FakeAws::start(estate("configured"));
    let role = "arn:aws:iam::222222222222:role/auditor".to_owned();
    let options = Options {
        role_arns: vec![role],
        ..Options::default()
    };
    collect_with(&fake, options, hasty()).unwrap();
    for request in fake.requests() {
        assert!(request.only_reads(), "{}", request.action());
        assert!(
            request.user_agent.contains("app/cachewarden"),
            "{}",
            request.user_agent
        );
    }
}

#[test]
fn a_region_without_caches_costs_four_calls() {
    let fake = FakeAws::start(Estate::new(json!({"eu-west-1": {}})));
    collect(&fake);
    let sent: Vec<String> = fake.requests().iter().map(|it| it.action()).collect();
    assert_eq!(sent.len(), 2 + 4, "{sent:?}");
}

/// A region with `count` replication groups in one network, and what belongs
/// to them.
fn region(name: &str, count: usize) -> Value {
    let groups: Vec<_> = (0..count)
        .map(|n| {
            json!({
                "ARN": format!("arn:aws:elasticache:{name}:123456789012:replicationgroup:c{n}"),
                "ReplicationGroupId": format!("c{n}"),
                "MemberClusters": [format!("c{n}-001")],
                "Status": "available",
                "UserGroupIds": ["g"],
            })
        })
        .collect();
    let clusters: Vec<_> = (0..count)
        .map(|n| {
            json!({
                "CacheClusterId": format!("c{n}-001"),
                "ReplicationGroupId": format!("c{n}"),
                "CacheSubnetGroupName": "data",
                "CacheParameterGroup": {"CacheParameterGroupName": "default.redis7"},
                "Engine": "redis",
            })
        })
        .collect();
    json!({
        "elasticache:DescribeReplicationGroups": groups,
        "elasticache:DescribeCacheClusters": clusters,
        "elasticache:DescribeCacheSubnetGroups": [{
            "CacheSubnetGroupName": "data",
            "VpcId": "vpc-1",
            "Subnets": [{"SubnetIdentifier": "subnet-1", "SubnetAvailabilityZone": {"Name": "a"}}],
        }],
        "ec2:DescribeVpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
        "ec2:DescribeVpcAttribute": [
            {"_for": "vpc-1", "EnableDnsSupport": {"Value": true}, "EnableDnsHostnames": {"Value": true}},
        ],
    })
}

#[test]
fn calls_do_not_grow_with_caches_but_for_pages_and_metrics() {
    let fake = FakeAws::start(Estate::new(
        json!({"eu-west-1": region("eu-west-1", 100), "us-east-1": region("us-east-1", 100)}),
    ));
    let snapshot = collect(&fake);
    assert_eq!(snapshot.caches.len(), 200);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for request in fake.requests() {
        *counts.entry(request.action()).or_default() += 1;
    }
    let of_networks = counts
        .iter()
        .filter(|(action, _)| action.starts_with("ec2:"));
    let of_networks: usize = of_networks.map(|(_, count)| count).sum();
    let once: usize = ["sts:GetCallerIdentity", "ec2:DescribeRegions"]
        .iter()
        .map(|it| counts[*it])
        .sum();
    let listings: usize = [
        "elasticache:DescribeReplicationGroups",
        "elasticache:DescribeCacheClusters",
        "elasticache:DescribeServerlessCaches",
        "memorydb:DescribeClusters",
    ]
    .iter()
    .map(|it| counts[*it])
    .sum();
    let details: usize = [
        "elasticache:DescribeCacheSubnetGroups",
        "elasticache:DescribeUsers",
        "elasticache:DescribeUserGroups",
        "elasticache:DescribeUpdateActions",
        "elasticache:DescribeCacheParameters",
        "tag:GetResources",
    ]
    .iter()
    .map(|it| counts[*it])
    .sum();
    assert_eq!(once, 1 + 1);
    assert_eq!(listings, 2 * 4);
    assert_eq!(details, 2 * 6);
    // 19 listings, and two attributes of one network.
    assert_eq!(of_networks, 1 + 2 * (19 + 2));
    // 14 metrics of 100 nodes, 500 in a call.
    assert_eq!(counts["cloudwatch:GetMetricData"], 2 * 3);
    let all: usize = counts.values().sum();
    assert_eq!(all, 2 + 2 * (4 + 6 + 19 + 2 + 3), "{counts:?}");
}
