//! Who reaches a cache, and by whom.

use cachewarden_model::*;

use super::comes_to;
use crate::estate::{CACHE, Estate, gap, interface, named_group, rule, set, sound};
use Verdict::{Fail, Unknown};

#[test]
fn nobody_and_everybody() {
    comes_to(Fail, &["somebody-can-reach-cache"], |it| {
        it.reachability.exposures[0].certain.clear();
        it.reachability.exposures[0].possible.clear();
    });
    comes_to(Unknown, &["somebody-can-reach-cache"], |it| {
        it.reachability.exposures.clear()
    });
    comes_to(Unknown, &["somebody-can-reach-cache"], |it| {
        it.reachability.exposures[0].certain.clear();
        it.reachability.exposures[0].gaps = vec![gap("ec2:DescribeSecurityGroupRules")];
    });
    let internet = || (Zone::Internet, set(&["0.0.0.0/0"]));
    comes_to(Fail, &["no-internet-exposure"], |it| {
        it.reachability.exposures[0].certain.push(internet());
        it.reachability.exposures[0].possible.push(internet());
    });
    comes_to(Unknown, &["no-internet-exposure"], |it| {
        it.reachability.exposures[0].possible.push(internet());
    });
}

#[test]
fn halves_of_the_internet_are_the_internet() {
    let mut estate = sound();
    estate.reachability.exposures[0].admitted = set(&["0.0.0.0/1", "128.0.0.0/1"]);
    estate.reachability.rules[0].public_addresses = 1;
    let audit = estate.audit();
    let finding = audit
        .findings
        .iter()
        .find(|it| it.policy == "filters-admit-little-of-internet")
        .unwrap();
    assert_eq!(finding.verdict, Fail);
    assert_eq!(finding.evidence[0].value, serde_json::json!(100.0));
    assert_eq!(finding.blame[0].rule, Some("sgr-1".into()));
    assert_eq!(finding.subject.id, format!("{CACHE}#primary"));
    comes_to(Fail, &["filters-admit-little-of-internet"], |it| {
        it.reachability.exposures[0].admitted = set(&["2000::/4"]);
    });
    comes_to(Fail, &[], |it| {
        it.reachability.exposures[0].admitted = set(&["10.0.0.0/8", "8.8.8.0/24"]);
    });
}

#[test]
fn rules_that_could_not_be_read_may_be_wide() {
    comes_to(
        Unknown,
        &[
            "filter-has-few-rules",
            "filters-admit-little-of-internet",
            "keepalive-beats-idle-limits",
        ],
        |it| {
            it.snapshot.filters[0].rules = Fact::unknown(gap("ec2:DescribeSecurityGroupRules"));
            it.reachability.rules.clear();
        },
    );
    comes_to(Unknown, &["filters-admit-little-of-internet"], |it| {
        let list = rule("sgr-2", Peer::PrefixList("pl-1".into()));
        it.snapshot.filters[0].rules =
            Fact::Known(vec![rule("sgr-1", named_group("sg-app")), list]);
    });
}

#[test]
fn hidden_interfaces_matter_where_they_may_be() {
    let hide = |it: &mut Estate, region: &str| {
        let hides = vec![Noun::Interfaces];
        let region = Some(region.into());
        it.snapshot.gaps = vec![Gap {
            hides,
            region,
            ..gap("ec2:DescribeNetworkInterfaces")
        }];
    };
    comes_to(
        Unknown,
        &[
            "keepalive-beats-idle-limits",
            "no-public-forwarder-reaches-cache",
        ],
        |it| hide(it, "eu-west-1"),
    );
    comes_to(Fail, &[], |it| hide(it, "us-east-1"));
    comes_to(Unknown, &["no-public-forwarder-reaches-cache"], |it| {
        hide(it, "us-east-1");
        let outside = (Zone::OnPremises, set(&["172.16.0.0/12"]));
        it.reachability.exposures[0].possible.push(outside);
    });
}

#[test]
fn forwarders() {
    let forwarder = || Interface {
        address_check: Fact::Known(false),
        ..interface("eni-nat", &["3.3.3.3"])
    };
    comes_to(Fail, &["no-public-forwarder-reaches-cache"], |it| {
        it.snapshot.interfaces = vec![forwarder()];
    });
    comes_to(Fail, &[], |it| {
        it.snapshot.interfaces = vec![interface("eni-1", &["3.3.3.3"])]
    });
    comes_to(Fail, &[], |it| {
        it.snapshot.interfaces = vec![Interface {
            public_addresses: vec![],
            ..forwarder()
        }];
    });
    comes_to(Unknown, &["no-public-forwarder-reaches-cache"], |it| {
        it.snapshot.interfaces = vec![Interface {
            address_check: Fact::unknown(gap("ec2:DescribeNetworkInterfaces")),
            ..forwarder()
        }];
    });
    comes_to(Unknown, &["no-public-forwarder-reaches-cache"], |it| {
        it.snapshot.interfaces = vec![forwarder()];
        it.reachability.exposures[0].certain[0].1 = set(&["10.0.7.0/24"]);
        it.reachability.exposures[0].gaps = vec![gap("ec2:DescribeSecurityGroupRules")];
    });
}

#[test]
fn serverless_reader_port() {
    let serverless = |it: &mut Estate, reader: &str| {
        it.cache().service = Service::ElastiCacheServerless;
        it.cache()
            .metrics
            .push(crate::estate::metric("ThrottledCmds", 0.0));
        let mut endpoint = it.cache().endpoints[0].clone();
        endpoint.role = EndpointRole::Reader;
        endpoint.port = 6380;
        it.cache().endpoints.push(endpoint);
        let mut exposure = it.reachability.exposures[0].clone();
        exposure.endpoint = 1;
        exposure.certain = vec![(Zone::Network("vpc-a".into()), set(&[reader]))];
        exposure.possible = exposure.certain.clone();
        it.reachability.exposures.push(exposure);
    };
    comes_to(Fail, &[], |it| serverless(it, "10.0.1.0/24"));
    comes_to(Fail, &["serverless-reader-port-is-open"], |it| {
        serverless(it, "10.0.1.0/25")
    });
    comes_to(Unknown, &["serverless-reader-port-is-open"], |it| {
        serverless(it, "10.0.1.0/25");
        it.reachability.exposures[1].possible[0].1 = set(&["10.0.1.0/24"]);
    });
}
