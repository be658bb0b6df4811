//! What stands around a cache: sources, subnets, filters, routes.

use cachewarden_model::*;
use cachewarden_policy::Selection;

use crate::estate::{
    CACHE, Estate, cache, gap, group, interface, named_group, network_acl, route, route_table,
    rule, set, sound,
};

fn verdicts(change: impl FnOnce(&mut Estate)) -> Vec<(String, Verdict)> {
    let mut estate = sound();
    change(&mut estate);
    estate.verdicts()
}

#[track_caller]
fn comes_to(verdict: Verdict, policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), verdict))
        .collect();
    assert_eq!(verdicts(change), expected);
}

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
        &["filter-has-few-rules", "filters-admit-little-of-internet"],
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
    comes_to(Unknown, &["no-public-forwarder-reaches-cache"], |it| {
        hide(it, "eu-west-1")
    });
    comes_to(Fail, &[], |it| hide(it, "us-east-1"));
    comes_to(Unknown, &["no-public-forwarder-reaches-cache"], |it| {
        hide(it, "us-east-1");
        let outside = (Zone::OnPremises, set(&["172.16.0.0/12"]));
        it.reachability.exposures[0].possible.push(outside);
    });
}

#[test]
fn gateways_that_are_attached_and_others() {
    let through_gateway = |it: &mut Estate, attached| {
        let gateway = route("0.0.0.0/0", RouteTarget::InternetGateway("igw-1".into()));
        it.snapshot.route_tables[0].routes = Fact::Known(vec![gateway]);
        it.snapshot.networks[0].internet_gateways = attached;
    };
    let gateway = |id: &str, state| InternetGateway {
        id: id.into(),
        state,
    };
    for attached in [
        Fact::Known(vec![gateway("igw-1", LinkState::Active)]),
        Fact::Known(vec![gateway(
            "igw-1",
            LinkState::Pending("detaching".into()),
        )]),
        Fact::unknown(gap("ec2:DescribeInternetGateways")),
    ] {
        comes_to(Fail, &["cache-sits-in-private-subnets"], |it| {
            through_gateway(it, attached)
        });
    }
    for attached in [
        Fact::Known(vec![]),
        Fact::Known(vec![gateway("igw-2", LinkState::Active)]),
        Fact::Known(vec![gateway("igw-1", LinkState::Down("detached".into()))]),
    ] {
        comes_to(Fail, &["no-black-hole-route-at-cache"], |it| {
            through_gateway(it, attached)
        });
    }
}

#[test]
fn subnets_and_their_edges() {
    comes_to(Fail, &[], |it| {
        let nat = route("0.0.0.0/0", RouteTarget::NatGateway("nat-1".into()));
        it.snapshot.route_tables[0].routes = Fact::Known(vec![nat]);
    });
    comes_to(
        Unknown,
        &[
            "cache-sits-in-private-subnets",
            "no-black-hole-route-at-cache",
            "nodes-sit-behind-equal-routes",
        ],
        |it| it.snapshot.route_tables[0].routes = Fact::unknown(gap("ec2:DescribeRouteTables")),
    );
    comes_to(Fail, &["no-black-hole-route-at-cache"], |it| {
        let mut gone = route("10.9.0.0/16", RouteTarget::Peering("pcx-1".into()));
        gone.state = RouteState::Blackhole;
        it.snapshot.route_tables[0].routes = Fact::Known(vec![gone]);
    });
    let second_table = |it: &mut Estate, routes| {
        let mut table = route_table("rtb-2");
        table.routes = Fact::Known(routes);
        it.snapshot.route_tables.push(table);
        let association = TableAssociation {
            table: "rtb-2".into(),
            explicit: true,
        };
        it.snapshot.subnets[1].route_table = Fact::Known(Some(association));
    };
    comes_to(Fail, &["nodes-sit-behind-equal-routes"], |it| {
        let peering = route("10.9.0.0/16", RouteTarget::Peering("pcx-1".into()));
        second_table(it, vec![route("10.0.0.0/16", RouteTarget::Local), peering]);
    });
    comes_to(Fail, &[], |it| {
        let nat = route("0.0.0.0/0", RouteTarget::NatGateway("nat-2".into()));
        second_table(it, vec![route("10.0.0.0/16", RouteTarget::Local), nat]);
    });
    comes_to(
        Unknown,
        &[
            "cache-sits-in-private-subnets",
            "no-black-hole-route-at-cache",
            "nodes-sit-behind-equal-network-acls",
            "nodes-sit-behind-equal-routes",
        ],
        |it| it.snapshot.subnets.truncate(1),
    );
}

#[test]
fn network_acls_are_compared_by_their_rules() {
    let second = |it: &mut Estate, rules: Fact<Vec<Rule>>| {
        it.snapshot.filters.push(Filter {
            rules,
            ..network_acl("acl-2")
        });
        it.snapshot.subnets[1].filter = Fact::Known(Some("acl-2".into()));
    };
    comes_to(Fail, &[], |it| second(it, Fact::Known(vec![])));
    comes_to(Fail, &["nodes-sit-behind-equal-network-acls"], |it| {
        second(
            it,
            Fact::Known(vec![rule(
                "100 ingress",
                Peer::Cidr("10.0.0.0/8".parse().unwrap()),
            )]),
        );
    });
    comes_to(Unknown, &["nodes-sit-behind-equal-network-acls"], |it| {
        second(it, Fact::unknown(gap("ec2:DescribeNetworkAcls")));
    });
}

#[test]
fn groups() {
    comes_to(Fail, &["subnet-group-is-not-default"], |it| {
        it.cache().aws.as_mut().unwrap().subnet_group = Some("default".into());
    });
    comes_to(Fail, &["cache-has-subnet-group"], |it| {
        it.cache().aws.as_mut().unwrap().subnet_group = None;
    });
    comes_to(Fail, &["no-classic-security-group"], |it| {
        it.cache().aws.as_mut().unwrap().cache_security_groups = vec!["old".into()];
    });
    comes_to(Fail, &["default-security-group-guards-no-cache"], |it| {
        it.snapshot.filters[0].builtin = true;
    });
    comes_to(Fail, &["filter-has-few-rules"], |it| {
        let many = (0..51).map(|number| rule(&format!("sgr-{number}"), named_group("sg-app")));
        it.snapshot.filters[0].rules = Fact::Known(many.collect());
    });
    comes_to(Fail, &["rule-does-not-open-all-ports"], |it| {
        let mut wide = rule("sgr-1", named_group("sg-app"));
        wide.protocol = cachewarden_netset::Protocol::Any;
        it.snapshot.filters[0].rules = Fact::Known(vec![wide]);
    });
}

#[test]
fn groups_that_nothing_carries() {
    let hygiene = |change: fn(&mut Estate)| {
        let mut estate = sound();
        estate.selection = Selection {
            packs: vec!["hygiene".into()],
            ..Selection::default()
        };
        estate.snapshot.filters.push(group("sg-spare"));
        estate.snapshot.interfaces = vec![interface("eni-1", &[])];
        change(&mut estate);
        let of_groups = estate
            .verdicts()
            .into_iter()
            .filter(|(name, _)| name.starts_with("security"));
        of_groups.map(|(_, verdict)| verdict).collect::<Vec<_>>()
    };
    assert_eq!(hygiene(|_| {}), [Fail]);
    assert_eq!(
        hygiene(|it| it.snapshot.interfaces[0].filters = Fact::Known(vec!["sg-spare".into()])),
        []
    );
    assert_eq!(
        hygiene(|it| {
            let hides = vec![Noun::Interfaces];
            it.snapshot.gaps = vec![Gap {
                hides,
                ..gap("ec2:DescribeNetworkInterfaces")
            }];
        }),
        [Unknown]
    );
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

#[test]
fn names_in_peered_networks() {
    let peering = |it: &mut Estate| {
        let end = |network: &str| PeeringEnd {
            network: network.into(),
            account: None,
            region: None,
            cidrs: vec![],
            access: None,
            forwarded: None,
            exports_routes: None,
            imports_routes: None,
            resolves_names: None,
        };
        it.snapshot.peerings = vec![Peering {
            id: "pcx-1".into(),
            name: "pcx-1".into(),
            provider: Provider::Aws,
            state: LinkState::Active,
            requester: end("vpc-b"),
            accepter: end("vpc-a"),
            azure: None,
        }];
    };
    comes_to(Fail, &["peered-cache-network-resolves-names"], |it| {
        peering(it);
        it.snapshot.networks[0].dns_host_names = Fact::Known(false);
    });
    comes_to(Fail, &[], |it| {
        it.snapshot.networks[0].dns_host_names = Fact::Known(false)
    });
    comes_to(Unknown, &["peered-cache-network-resolves-names"], |it| {
        peering(it);
        it.snapshot.networks.clear();
    });
}

#[test]
fn members_of_a_global_datastore() {
    let pair = |it: &mut Estate, change: fn(&mut Cache)| {
        it.cache().aws.as_mut().unwrap().global_datastore = Some("gds".into());
        let mut other = cache("elsewhere");
        other.id = "arn:elsewhere".into();
        other.aws.as_mut().unwrap().global_datastore = Some("gds".into());
        change(&mut other);
        it.add(other);
    };
    comes_to(Fail, &[], |it| pair(it, |_| {}));
    let both = [
        "global-datastore-members-agree",
        "global-datastore-members-agree",
    ];
    comes_to(Fail, &both, |it| {
        pair(it, |other| other.endpoints[0].port = 6380)
    });
    comes_to(Unknown, &both, |it| {
        pair(it, |other| {
            other.engine_version = Fact::unknown(gap("elasticache"))
        });
        // Other policies ask for the version of the second cache too.
        it.selection.packs = vec!["baseline".into()];
        it.selection.packs.push("default".into());
        it.selection.disable = [
            "engine-version-is-supported",
            "engine-version-stays-supported",
            "tls-minimum-is-1-2",
        ]
        .map(str::to_owned)
        .to_vec();
    });
    comes_to(Unknown, &["global-datastore-members-agree"], |it| {
        it.cache().aws.as_mut().unwrap().global_datastore = Some("gds".into());
    });
}
