//! Each change of Google Cloud as a command, and names that try to be commands.

use std::collections::BTreeMap;

use cachewarden_model::{Action, Direction, Edit, Fix, GcpRule, Peer, Provider, Rule, Whereabouts};
use cachewarden_netset::{PortRange, Protocol};

use crate::fix::words;

const NETWORK: &str = "projects/p/global/networks/n";

fn rule(id: &str, local: Vec<Peer>, gcp: Option<GcpRule>) -> Box<Rule> {
    Box::new(Rule {
        id: id.into(),
        direction: Direction::Egress,
        action: Action::Allow,
        priority: Some(999),
        protocol: Protocol::TCP,
        ports: vec![
            PortRange::single(6379),
            PortRange::new(11_000, 13_047).unwrap(),
        ],
        peers: vec![
            Peer::Cidr("10.0.0.1/32".parse().unwrap()),
            Peer::Cidr("10.0.0.2/32".parse().unwrap()),
        ],
        local,
        source_ports: vec![],
        gcp: gcp.map(Box::new),
        description: String::new(),
    })
}

fn shown(edits: Vec<Edit>) -> String {
    let place = Whereabouts {
        provider: Provider::Gcp,
        region: None,
    };
    let show = |edit: Edit| {
        let fix = Fix {
            places: BTreeMap::from([(edit.resource().clone(), place.clone())]),
            edits: vec![edit],
            ..Fix::default()
        };
        let wording = words(&fix, &[]).unwrap();
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
    let add = |filter: &str, rule| Edit::AddRule {
        filter: filter.into(),
        rule,
    };
    let tag = vec![Peer::Tag("redis-client".to_owned())];
    let account = vec![Peer::ServiceAccount(
        "a@p.iam.gserviceaccount.com".to_owned(),
    )];
    let own = GcpRule {
        networks: vec![NETWORK.into()],
        ..GcpRule::default()
    };
    insta::assert_snapshot!(shown(vec![
        add(
            &format!("{NETWORK}/firewalls"),
            rule("allow-redis", tag, None)
        ),
        add(
            "projects/p/global/firewallPolicies/guard",
            rule("99", account.clone(), None),
        ),
        add(
            "projects/p/regions/r/firewallPolicies/local",
            rule("99", account, None),
        ),
        add(
            "locations/global/firewallPolicies/1001",
            rule("99", vec![], Some(own)),
        ),
        Edit::EnableRule {
            filter: format!("{NETWORK}/firewalls").as_str().into(),
            rule: "allow-redis".into(),
        },
        Edit::EnableRule {
            filter: "projects/p/regions/r/firewallPolicies/local".into(),
            rule: "100".into(),
        },
        Edit::AllowGlobalAccess {
            endpoint: "projects/p/regions/r/forwardingRules/f".into(),
        },
        Edit::AddNetworkTag {
            interface: "projects/p/zones/z/instances/i/nic0".into(),
            tag: "redis-client".to_owned(),
        },
    ]));
}

#[test]
fn names_that_try_to_be_commands_are_none() {
    let tag = |tag: &str| Edit::AddNetworkTag {
        interface: "projects/p/zones/z/instances/i/nic0".into(),
        tag: tag.to_owned(),
    };
    for text in ["a\nrm", "--tags", ""] {
        assert!(shown(vec![tag(text)]).ends_with("(no command)\n"), "{text}");
    }
    assert!(shown(vec![tag("$(id)")]).contains("--tags '$(id)'"));
    let two = vec![Peer::Tag("a,b".to_owned())];
    let add = Edit::AddRule {
        filter: format!("{NETWORK}/firewalls").as_str().into(),
        rule: rule("allow-redis", two, None),
    };
    assert!(shown(vec![add]).ends_with("(no command)\n"));
    // Policies know no network tags.
    let add = Edit::AddRule {
        filter: "projects/p/global/firewallPolicies/guard".into(),
        rule: rule("99", vec![Peer::Tag("a".to_owned())], None),
    };
    assert!(shown(vec![add]).ends_with("(no command)\n"));
}
