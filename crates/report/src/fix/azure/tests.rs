//! Each change of Azure as commands, and names that try to be commands.

use std::collections::BTreeMap;

use cachewarden_model::{
    Action, Blame, Destination, Direction, Edit, Fix, Leg, Peer, Provider, Rule, Stage, Whereabouts,
};
use cachewarden_netset::{PortRange, Protocol};

use crate::fix::words;

const BASE: &str = "/subscriptions/s1/resourceGroups/rg/providers";

fn network(kind: &str, name: &str) -> String {
    format!("{BASE}/Microsoft.Network/{kind}/{name}")
}

fn rule(name: &str, peers: Vec<Peer>, local: Vec<Peer>, priority: Option<u32>) -> Box<Rule> {
    Box::new(Rule {
        gcp: None,
        id: name.into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        priority,
        protocol: Protocol::TCP,
        ports: vec![PortRange::single(6380)],
        peers,
        local,
        source_ports: vec![],
        description: String::new(),
    })
}

fn cidr(text: &str) -> Peer {
    Peer::Cidr(text.parse().unwrap())
}

fn blame(kind: &str, resource: &str, rule: &str) -> Blame {
    Blame {
        kind: kind.to_owned(),
        resource: resource.into(),
        region: None,
        rule: Some(rule.into()),
        leg: Leg::Request,
        stage: Stage::Dns,
        detail: String::new(),
        address: None,
        nearest: None,
    }
}

fn shown(edits: Vec<Edit>, blame: &[Blame]) -> String {
    let place = Whereabouts {
        provider: Provider::Azure,
        region: None,
    };
    let show = |edit: Edit| {
        let fix = Fix {
            places: BTreeMap::from([(edit.resource().clone(), place.clone())]),
            edits: vec![edit],
            ..Fix::default()
        };
        let wording = words(&fix, blame).unwrap();
        format!(
            "{}\n{}\n",
            wording.summary,
            wording.command.unwrap_or_else(|| "(no command)".to_owned())
        )
    };
    edits.into_iter().map(show).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_change_has_its_command() {
    let zone = network("privateDnsZones", "privatelink.redis.cache.windows.net");
    let name = "n.privatelink.redis.cache.windows.net".to_owned();
    let cache = format!("{BASE}/Microsoft.Cache/redis/n");
    let peering = format!(
        "{}/virtualNetworkPeerings/p",
        network("virtualNetworks", "v")
    );
    let edits = vec![
        Edit::AddRule {
            filter: network("networkSecurityGroups", "g").into(),
            rule: rule(
                "Redis",
                vec![cidr("10.0.0.4/32")],
                vec![cidr("10.0.1.4/32")],
                Some(110),
            ),
        },
        Edit::AddRule {
            filter: format!("{cache}/firewallRules").into(),
            rule: rule(
                "client",
                vec![Peer::Range(
                    "20.0.0.1".parse().unwrap(),
                    "20.0.0.2".parse().unwrap(),
                )],
                vec![],
                None,
            ),
        },
        Edit::RemoveRoute {
            table: network("routeTables", "t").into(),
            destination: Destination::Cidr("10.0.0.0/16".parse().unwrap()),
        },
        Edit::AllowPeerAccess {
            peering: peering.as_str().into(),
        },
        Edit::SyncPeering {
            peering: peering.as_str().into(),
        },
        Edit::ApproveConnection {
            cache: cache.as_str().into(),
            endpoint: network("privateEndpoints", "e").into(),
            connection: format!("{cache}/privateEndpointConnections/c").into(),
        },
        Edit::MoveRule {
            filter: network("networkSecurityGroups", "g").into(),
            rule: "DenyAll".into(),
            priority: 101,
        },
        Edit::EnablePublicAccess {
            cache: cache.as_str().into(),
        },
        Edit::LinkZone {
            zone: zone.as_str().into(),
            network: network("virtualNetworks", "v").into(),
        },
        Edit::SetRecord {
            zone: zone.as_str().into(),
            name,
            addresses: vec!["10.0.0.4".parse().unwrap(), "fd00::4".parse().unwrap()],
        },
    ];
    let blame = [blame("route-table", &network("routeTables", "t"), "hole")];
    insta::assert_snapshot!(shown(edits, &blame));
}

#[test]
fn a_record_that_leads_astray_goes_first() {
    let zone = network("privateDnsZones", "z.net");
    let edit = Edit::SetRecord {
        zone: zone.as_str().into(),
        name: "n.z.net".to_owned(),
        addresses: vec!["10.0.0.4".parse().unwrap()],
    };
    let text = shown(vec![edit], &[blame("dns-record", &zone, "n.z.net")]);
    let delete = text.find("record-set a delete").unwrap();
    let add = text.find("record-set a add-record").unwrap();
    assert!(delete < add, "{text}");
}

#[test]
fn names_from_strangers_stay_words() {
    let edit = Edit::AddRule {
        filter: network("networkSecurityGroups", "g; rm -rf ~").into(),
        rule: rule("$(id)", vec![cidr("10.0.0.4/32")], vec![], Some(110)),
    };
    let text = shown(vec![edit], &[]);
    assert!(text.contains("'g; rm -rf ~'"), "{text}");
    assert!(text.contains("'$(id)'"), "{text}");
    assert!(
        text.contains("--destination-address-prefixes '*'"),
        "{text}"
    );
}

#[test]
fn a_name_that_would_begin_a_command_or_an_option_is_offered_in_none() {
    for name in ["two\nlines", "--ids", "-x"] {
        let edit = Edit::AddRule {
            filter: network("networkSecurityGroups", "g").into(),
            rule: rule(name, vec![cidr("10.0.0.4/32")], vec![], Some(110)),
        };
        let text = shown(vec![edit], &[]);
        assert!(text.contains("(no command)"), "{text}");
    }
}

#[test]
fn an_id_of_another_kind_has_no_command() {
    let edit = Edit::AddRule {
        filter: "sg-1".into(),
        rule: rule("Redis", vec![cidr("10.0.0.4/32")], vec![], Some(110)),
    };
    assert!(shown(vec![edit], &[]).contains("(no command)"));
    // A route without a name cannot be removed by one.
    let edit = Edit::RemoveRoute {
        table: network("routeTables", "t").into(),
        destination: Destination::Cidr("10.0.0.0/16".parse().unwrap()),
    };
    assert!(shown(vec![edit], &[]).contains("(no command)"));
}
