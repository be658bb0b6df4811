//! Several accounts and regions: roles, what one leads to in another, and
//! what lies outside.

use cachewarden_model::{GapReason, LinkState, Noun, TransitResource};
use cachewarden_peers::{Estate, FakeAws, Fault, FaultKind};
use cachewarden_provider_aws::Options;
use serde_json::{Value, json};

use super::harness::{collect, collect_with, gaps_of, hasty};

const HOME: &str = "123456789012";
const OTHER: &str = "222222222222";

fn role(account: &str) -> String {
    format!("arn:aws:iam::{account}:role/auditor")
}

fn roles(accounts: &[&str]) -> Options {
    Options {
        role_arns: accounts.iter().map(|it| role(it)).collect(),
        ..Options::default()
    }
}

/// A region with one cache in `vpc-data`, and further answers.
fn with_cache(further: Value) -> Value {
    let mut region = json!({
        "elasticache:DescribeCacheClusters": [
            {"CacheClusterId": "c", "CacheSubnetGroupName": "data", "Engine": "redis"},
        ],
        "elasticache:DescribeCacheSubnetGroups": [{
            "CacheSubnetGroupName": "data",
            "VpcId": "vpc-data",
            "Subnets": [{"SubnetIdentifier": "subnet-data"}],
        }],
        "ec2:DescribeVpcs": [{"VpcId": "vpc-data", "OwnerId": HOME, "CidrBlock": "10.0.0.0/16"}],
        "ec2:DescribeVpcAttribute": [
            {"_for": "vpc-data", "EnableDnsSupport": {"Value": true}, "EnableDnsHostnames": {"Value": true}},
        ],
    });
    let further = further.as_object().unwrap().clone();
    region.as_object_mut().unwrap().extend(further);
    region
}

/// A region without caches, with one network and one interface in it.
fn with_client(owner: &str, vpc: &str) -> Value {
    json!({
        "ec2:DescribeVpcs": [{"VpcId": vpc, "OwnerId": owner, "CidrBlock": "10.1.0.0/16"}],
        "ec2:DescribeVpcAttribute": [
            {"_for": vpc, "EnableDnsSupport": {"Value": true}, "EnableDnsHostnames": {"Value": false}},
        ],
        "ec2:DescribeNetworkInterfaces": [{
            "NetworkInterfaceId": "eni-client", "VpcId": vpc, "SubnetId": "subnet-client", "OwnerId": owner,
            "InterfaceType": "interface", "Attachment": {"InstanceId": "i-client"}, "PrivateIpAddress": "10.1.0.9",
        }],
    })
}

fn peering(code: &str, owner: &str, region: &str) -> Value {
    json!([{
        "VpcPeeringConnectionId": "pcx-1",
        "Status": {"Code": code},
        "RequesterVpcInfo": {"VpcId": "vpc-data", "OwnerId": HOME, "Region": "eu-west-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-client", "OwnerId": owner, "Region": region},
    }])
}

#[test]
fn a_peering_leads_to_another_region() {
    let peerings =
        json!({"ec2:DescribeVpcPeeringConnections": peering("active", HOME, "us-west-2")});
    let fake = FakeAws::start(Estate::new(json!({
        "eu-west-1": with_cache(peerings),
        "us-west-2": with_client(HOME, "vpc-client"),
        "us-east-1": with_client(HOME, "vpc-elsewhere"),
    })));
    let snapshot = collect(&fake);
    let networks: Vec<_> = snapshot.networks.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(networks, ["vpc-client", "vpc-data"]);
    assert_eq!(snapshot.networks[0].dns_host_names.value(), Some(&false));
    assert_eq!(snapshot.interfaces.len(), 1);
    assert_eq!(snapshot.gaps, []);
}

#[test]
fn a_peering_that_has_ended_leads_nowhere() {
    let peerings =
        json!({"ec2:DescribeVpcPeeringConnections": peering("deleted", HOME, "us-west-2")});
    let fake = FakeAws::start(Estate::new(json!({
        "eu-west-1": with_cache(peerings),
        "us-west-2": with_client(HOME, "vpc-client"),
    })));
    let snapshot = collect(&fake);
    assert_eq!(snapshot.networks.len(), 1);
    assert_eq!(
        snapshot.peerings[0].state,
        LinkState::Down("deleted".into())
    );
    assert_eq!(snapshot.gaps, []);
}

/// Whether it carries traffic is not known: nothing may be said to end there.
#[test]
fn a_peering_of_an_unknown_state_is_a_gap() {
    let peerings =
        json!({"ec2:DescribeVpcPeeringConnections": peering("resting", HOME, "us-west-2")});
    let fake = FakeAws::start(Estate::new(json!({
        "eu-west-1": with_cache(peerings),
        "us-west-2": with_client(HOME, "vpc-client"),
    })));
    let snapshot = collect(&fake);
    assert_eq!(snapshot.peerings, []);
    let [gap] = &snapshot.gaps[..] else {
        panic!("{:?}", snapshot.gaps);
    };
    assert!(gap.hides.contains(&Noun::Peerings), "{gap:?}");
}

#[test]
fn what_lies_outside_the_chosen_regions_is_a_gap() {
    let peerings =
        json!({"ec2:DescribeVpcPeeringConnections": peering("active", HOME, "us-west-2")});
    let fake = FakeAws::start(Estate::new(json!({
        "eu-west-1": with_cache(peerings),
        "us-west-2": with_client(HOME, "vpc-client"),
    })));
    let options = Options {
        regions: vec!["eu-west-1".into()],
        ..Options::default()
    };
    let snapshot = collect_with(&fake, options, hasty()).unwrap();
    let gap = gaps_of(&snapshot, "vpc-client")[0];
    assert_eq!(gap.why, GapReason::NotCollected);
    assert_eq!(gap.region.as_ref().unwrap(), &"us-west-2");
    assert_eq!(
        gap.message,
        "`pcx-1` leads to it; region us-west-2 was not among those asked"
    );
    assert!(gap.hides.contains(&Noun::Interfaces) && !gap.hides.contains(&Noun::Caches));
    assert_eq!(fake.calls("ec2:DescribeRegions"), 0);
}

#[test]
fn what_lies_in_another_account_is_a_gap_until_that_is_asked() {
    let peerings =
        json!({"ec2:DescribeVpcPeeringConnections": peering("active", OTHER, "eu-west-1")});
    let mut far = with_client(OTHER, "vpc-client");
    let mut view = peering("active", OTHER, "eu-west-1");
    view[0]["AccepterVpcInfo"]["PeeringOptions"] = json!({"AllowDnsResolutionFromRemoteVpc": true});
    far["ec2:DescribeVpcPeeringConnections"] = view;
    let fake = FakeAws::start(Estate::new(json!({
        "eu-west-1": with_cache(peerings),
        "222222222222/eu-west-1": far,
    })));
    let alone = collect(&fake);
    let gap = gaps_of(&alone, "vpc-client")[0];
    assert_eq!(gap.account.as_ref().unwrap(), &OTHER);
    assert_eq!(
        gap.message,
        "`pcx-1` leads to it; account 222222222222 was not among those asked"
    );
    assert_eq!(alone.peerings[0].accepter.resolves_names, None);

    let both = collect_with(&fake, roles(&[HOME, OTHER]), hasty()).unwrap();
    assert_eq!(both.gaps, []);
    assert_eq!(both.networks.len(), 2);
    assert_eq!(both.interfaces[0].account, OTHER);
    // One peering, with what only the other side sees of itself.
    assert_eq!(both.peerings.len(), 1);
    assert_eq!(both.peerings[0].accepter.resolves_names, Some(true));
    let accounts: Vec<_> = both.targets.iter().map(|it| it.account.as_str()).collect();
    assert_eq!(accounts, [HOME, OTHER]);
}

#[test]
fn a_transit_gateway_leads_to_its_owner_and_on_to_what_is_attached() {
    let attachment = |id: &str, vpc: &str, owner: &str| {
        json!({
            "TransitGatewayAttachmentId": id, "TransitGatewayId": "tgw-1", "TransitGatewayOwnerId": OTHER,
            "ResourceType": "vpc", "ResourceId": vpc, "ResourceOwnerId": owner, "State": "available",
        })
    };
    let gateway = json!([{"TransitGatewayId": "tgw-1", "OwnerId": OTHER, "State": "available"}]);
    let third = "333333333333";
    let fake = FakeAws::start(Estate::new(json!({
        "eu-west-1": with_cache(json!({
            "ec2:DescribeTransitGateways": gateway.clone(),
            "ec2:DescribeTransitGatewayAttachments": [attachment("tgw-attach-data", "vpc-data", HOME)],
        })),
        "222222222222/eu-west-1": {
            "ec2:DescribeTransitGateways": gateway,
            "ec2:DescribeTransitGatewayAttachments": [
                attachment("tgw-attach-client", "vpc-client", third),
                attachment("tgw-attach-data", "vpc-data", HOME),
            ],
        },
        "333333333333/eu-west-1": with_client(third, "vpc-client"),
    })));
    let alone = collect(&fake);
    assert!(alone.transit_routers[0].attachments.is_unknown());
    assert_eq!(gaps_of(&alone, "tgw-1").len(), 1);

    let two = collect_with(&fake, roles(&[HOME, OTHER]), hasty()).unwrap();
    let attachments = two.transit_routers[0].attachments.value().unwrap();
    assert_eq!(attachments.len(), 2);
    assert_eq!(
        attachments[0].resource,
        TransitResource::Network("vpc-client".into())
    );
    let gap = gaps_of(&two, "vpc-client")[0];
    assert_eq!(
        gap.message,
        "`tgw-attach-client` leads to it; account 333333333333 was not among those asked"
    );

    let all = collect_with(&fake, roles(&[HOME, OTHER, third]), hasty()).unwrap();
    assert_eq!(all.gaps, []);
    assert_eq!(all.networks.len(), 2);
}

#[test]
fn of_a_shared_network_the_owners_view_is_kept() {
    let subnet = |name: Option<&str>| {
        json!([{
            "SubnetId": "subnet-data", "VpcId": "vpc-data", "OwnerId": OTHER, "CidrBlock": "10.0.1.0/24",
            "Tags": name.map(|name| json!([{"Key": "Name", "Value": name}])),
        }])
    };
    let vpc = json!([{"VpcId": "vpc-data", "OwnerId": OTHER, "CidrBlock": "10.0.0.0/16"}]);
    let fake = FakeAws::start(Estate::new(json!({
        "eu-west-1": with_cache(json!({"ec2:DescribeVpcs": vpc.clone(), "ec2:DescribeSubnets": subnet(None)})),
        "222222222222/eu-west-1": {"ec2:DescribeVpcs": vpc, "ec2:DescribeSubnets": subnet(Some("data"))},
    })));
    let alone = collect(&fake);
    let gap = gaps_of(&alone, "vpc-data")[0];
    assert_eq!(
        gap.message,
        "`vpc-data` belongs to another account; account 222222222222 was not among those asked"
    );
    for accounts in [[HOME, OTHER], [OTHER, HOME]] {
        let both = collect_with(&fake, roles(&accounts), hasty()).unwrap();
        assert_eq!(both.subnets.len(), 1);
        assert_eq!(both.subnets[0].name, "data");
        assert_eq!(gaps_of(&both, "vpc-data"), Vec::<&_>::new());
    }
}

#[test]
fn an_account_named_twice_is_read_once() {
    let fake = FakeAws::start(Estate::new(json!({"eu-west-1": {}})));
    let snapshot = collect_with(&fake, roles(&[HOME, HOME]), hasty()).unwrap();
    assert_eq!(snapshot.targets.len(), 1);
    assert_eq!(fake.calls("elasticache:DescribeReplicationGroups"), 1);
}

#[test]
fn a_role_that_cannot_be_taken_on_hides_its_account() {
    let fake = FakeAws::start(Estate::new(json!({"eu-west-1": {}})));
    let denied = Fault::new(FaultKind::AccessDenied).on("sts:AssumeRole");
    fake.fault(denied.parameter("RoleArn", &role(OTHER)));
    let snapshot = collect_with(&fake, roles(&[HOME, OTHER]), hasty()).unwrap();
    let gap = gaps_of(&snapshot, "sts:AssumeRole")[0];
    assert_eq!(gap.account.as_ref().unwrap(), &OTHER);
    assert_eq!(gap.why, GapReason::AccessDenied);
    assert!(gap.hides.contains(&Noun::Caches) && gap.hides.contains(&Noun::Interfaces));
    assert_eq!(snapshot.targets.len(), 1);
}
