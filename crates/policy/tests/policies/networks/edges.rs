//! Subnets, gateways, groups and names around a cache.

use cachewarden_model::*;

use cachewarden_policy::Selection;

use super::comes_to;
use crate::estate::{
    Estate, cache, gap, group, interface, named_group, network_acl, route, route_table, rule, sound,
};
use Verdict::{Fail, Unknown};

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
