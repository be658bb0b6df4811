//! Networks built in moto, read back directly and through the fake in front of it.

use cachewarden_peers::moto::{Direction, Ec2, Moto, Peer};
use cachewarden_peers::{Estate, FakeAws, Fault, FaultKind};
use serde_json::json;

const REGION: &str = "eu-west-1";

#[test]
#[ignore = "needs moto: run tests/run"]
fn networks_can_be_built() {
    let moto = Moto::shared().unwrap();
    let ec2 = moto.ec2("111111111101", REGION);
    let vpc = ec2.vpc("10.0.0.0/16");
    ec2.vpc_attribute(&vpc, "EnableDnsHostnames", true);
    let subnet = ec2.subnet(&vpc, "10.0.1.0/24", "eu-west-1a");
    let (app, cache) = (
        ec2.security_group(&vpc, "app"),
        ec2.security_group(&vpc, "cache"),
    );
    let list = ec2.prefix_list("offices", &["192.0.2.0/24", "198.51.100.0/24"]);
    for peer in [
        Peer::Group(&app),
        Peer::Cidr("10.1.0.0/16"),
        Peer::Cidr("2001:db8::/32"),
        Peer::PrefixList(&list),
    ] {
        assert!(
            ec2.allow(&cache, Direction::Ingress, "tcp", 6379..=6379, peer)
                .starts_with("sgr-")
        );
    }
    ec2.revoke(
        &app,
        Direction::Egress,
        "-1",
        0..=0,
        Peer::Cidr("0.0.0.0/0"),
    );
    let rules = ec2.call(
        "DescribeSecurityGroupRules",
        &[("Filter.1.Name", "group-id"), ("Filter.1.Value.1", &app)],
    );
    assert!(!rules.contains("<isEgress>true"), "{rules}");

    let acl = ec2.network_acl(&vpc);
    ec2.network_acl_entry(
        &acl,
        (100, Direction::Ingress, "allow"),
        "6",
        6379..=6379,
        "10.0.0.0/16",
    );
    ec2.use_network_acl(&subnet, &acl);
    let used = ec2.call("DescribeNetworkAcls", &[("NetworkAclId.1", &acl)]);
    assert!(
        used.contains(&subnet) && used.contains("<from>6379</from>"),
        "{used}"
    );

    let table = ec2.route_table(&vpc);
    ec2.use_route_table(&subnet, &table);
    let gateway = ec2.internet_gateway(&vpc);
    ec2.route(&table, "0.0.0.0/0", ("GatewayId", &gateway));
    let routes = ec2.call("DescribeRouteTables", &[("RouteTableId.1", &table)]);
    assert!(
        routes.contains(&gateway) && routes.contains(&subnet),
        "{routes}"
    );

    let (instance, interface) = ec2.instance(&subnet, &[&app], "10.0.1.10");
    ec2.tag(&instance, "Name", "checkout");
    let node = ec2.interface(&subnet, &[&cache], "10.0.1.20", "ElastiCache sessions-001");
    let found = ec2.call("DescribeNetworkInterfaces", &[]);
    for text in [
        &instance,
        &interface,
        &node,
        "10.0.1.10",
        "10.0.1.20",
        &app,
        &cache,
    ] {
        assert!(found.contains(text), "{text}: {found}");
    }
}

#[test]
#[ignore = "needs moto: run tests/run"]
fn networks_can_be_joined() {
    let moto = Moto::shared().unwrap();
    let (ours, theirs) = (
        moto.ec2("111111111102", REGION),
        moto.ec2("111111111103", "eu-central-1"),
    );
    let (vpc, other) = (ours.vpc("10.0.0.0/16"), theirs.vpc("10.1.0.0/16"));
    let peering = ours.peering(&vpc, &other, "111111111103", "eu-central-1");
    theirs.accept_peering(&peering);
    let found = ours.call("DescribeVpcPeeringConnections", &[]);
    assert!(
        found.contains("<code>active</code>") && found.contains(&other),
        "{found}"
    );

    let subnet = ours.subnet(&vpc, "10.0.1.0/24", "eu-west-1a");
    let gateway = ours.transit_gateway();
    let attachment = ours.transit_gateway_attachment(&gateway, &vpc, &[&subnet]);
    let found = ours.call("DescribeTransitGatewayVpcAttachments", &[]);
    assert!(
        found.contains(&attachment) && found.contains(&subnet),
        "{found}"
    );
}

#[test]
#[ignore = "needs moto: run tests/run"]
fn the_fake_forwards_ec2() {
    let account = "111111111104";
    let moto = Moto::shared().unwrap();
    let vpc = moto.ec2(account, REGION).vpc("10.9.0.0/16");
    let fake = FakeAws::start_as(
        account,
        Estate::new(json!({REGION: {
            "ec2:DescribeStaleSecurityGroups": [{"_for": vpc, "GroupId": "sg-stale"}],
            "ec2:DescribeDhcpOptions": [{"DhcpOptionsId": "dopt-written"}],
        }})),
    );
    fake.forward_ec2_to(&moto.endpoint());
    let ec2 = Ec2::at(&fake.endpoint(), account, REGION);
    assert!(ec2.call("DescribeVpcs", &[]).contains(&vpc));
    // What moto lacks, and what the estate mentions, is the estate's.
    assert!(
        ec2.call("DescribeStaleSecurityGroups", &[("VpcId", &vpc)])
            .contains("sg-stale")
    );
    assert!(
        ec2.call("DescribeDhcpOptions", &[])
            .contains("dopt-written")
    );
    assert!(
        ec2.call("DescribeVpcBlockPublicAccessOptions", &[])
            .contains("<internetGatewayBlockMode>off")
    );
    assert!(
        ec2.call("DescribeRegions", &[]).contains("us-gov-west-1")
            || ec2.call("DescribeRegions", &[]).contains("eu-west-3")
    );

    fake.fault(Fault::new(FaultKind::TruncatedBody200).on("ec2:DescribeVpcs"));
    let cut = ec2.call("DescribeVpcs", &[]);
    assert!(!cut.contains("</DescribeVpcsResponse>"));
    assert_eq!(fake.calls("ec2:DescribeVpcs"), 2);
    assert!(
        fake.requests()
            .iter()
            .all(|request| request.account == account)
    );
}
