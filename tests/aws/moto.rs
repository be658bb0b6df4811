//! A network that somebody else's code builds and answers for: moto's EC2.

use cachewarden_peers::moto::{Direction, Ec2, Moto, Peer};
use cachewarden_peers::{Estate, FakeAws};
use serde_json::json;

use super::{account, assert_reads, bench_at};

const ACCOUNT: &str = "123456789012";

#[test]
#[ignore = "needs moto: run tests/run"]
fn a_wrong_port_is_explained_and_the_printed_fix_mends_it() {
    let moto = Moto::shared().unwrap();
    let ec2 = moto.ec2(ACCOUNT, account::REGION);
    let vpc = ec2.vpc("10.0.0.0/16");
    ec2.vpc_attribute(&vpc, "EnableDnsHostnames", true);
    use_own_resolver(&ec2, &vpc);
    let apps = ec2.subnet(&vpc, "10.0.1.0/24", "eu-west-1a");
    let caches = ec2.subnet(&vpc, "10.0.11.0/24", "eu-west-1a");
    let (app, cache) = (
        ec2.security_group(&vpc, "app"),
        ec2.security_group(&vpc, "cache"),
    );
    ec2.allow(
        &cache,
        Direction::Ingress,
        "tcp",
        6380..=6380,
        Peer::Group(&app),
    );
    let (instance, interface) = ec2.instance(&apps, &[&app], "10.0.1.10");
    ec2.tag(&instance, "Name", "checkout");
    ec2.interface(&caches, &[&cache], "10.0.11.20", "ElastiCache sessions-001");
    let mut estate = Estate::new(json!({ account::REGION: {} }));
    for (operation, items) in account::caches(&cache, &caches, &vpc) {
        estate = estate.with(account::REGION, operation, items);
    }
    let fake = FakeAws::start(estate);
    fake.forward_ec2_to(&moto.endpoint());
    let bench = bench_at(&fake);
    let why = [
        "why",
        "--client",
        &instance,
        "--cache",
        "sessions",
        "aws",
        "--aws-region",
        account::REGION,
    ];
    let json: Vec<&str> = why.into_iter().chain(["--format", "json"]).collect();

    let run = bench.run(&json).ends_with(1);
    let connection = run.json()["connections"][0].clone();
    assert_eq!(connection["client"]["id"], interface.as_str(), "{run}");
    assert_eq!(
        (&connection["outcome"], &connection["symptom"]),
        (&"blocked".into(), &"timeout".into()),
        "{run}"
    );
    assert_eq!(connection["blame"][0]["resource"], cache.as_str(), "{run}");
    let command = format!(
        "aws ec2 authorize-security-group-ingress --group-id {cache} --protocol tcp --port 6379 \
         --source-group {app} --region {}",
        account::REGION
    );
    assert_eq!(connection["fix"]["command"], command, "{run}");
    assert_eq!(connection["fix"]["proof"]["outcome"], "open", "{run}");

    ec2.allow(
        &cache,
        Direction::Ingress,
        "tcp",
        6379..=6379,
        Peer::Group(&app),
    );
    bench.run(&why).ends_with(0);
    assert_reads(&fake);
}

/// AWS's own resolver, as every new network has it; moto's networks have no
/// DHCP options until some are made.
fn use_own_resolver(ec2: &Ec2, vpc: &str) {
    let made = ec2.call(
        "CreateDhcpOptions",
        &[
            ("DhcpConfiguration.1.Key", "domain-name-servers"),
            ("DhcpConfiguration.1.Value.1", "AmazonProvidedDNS"),
        ],
    );
    let id = made
        .split("<dhcpOptionsId>")
        .nth(1)
        .and_then(|it| it.split('<').next())
        .unwrap();
    ec2.call(
        "AssociateDhcpOptions",
        &[("DhcpOptionsId", id), ("VpcId", vpc)],
    );
}
