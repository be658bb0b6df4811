use cachewarden_model::Direction;

use super::super::lines::{Far, LINES};
use super::*;

fn rule(id: &str, priority: u32, action: Action, peer: Peer, ports: (u16, u16)) -> Rule {
    Rule {
        gcp: None,
        id: id.into(),
        direction: Direction::Ingress,
        action,
        priority: Some(priority),
        protocol: Protocol::Any,
        ports: vec![PortRange::new(ports.0, ports.1).unwrap()],
        peers: vec![peer],
        local: vec![],
        source_ports: vec![],
        description: String::new(),
    }
}

fn tag(name: &str) -> Peer {
    Peer::ServiceTag(name.into())
}

fn any_address() -> Peer {
    Peer::Cidr(Cidr::ANY_V4)
}

/// The default rules, behind some of the owner's.
fn with_defaults(mut rules: Vec<Rule>) -> Vec<Rule> {
    let all = (0, u16::MAX);
    let (vnet, probes) = (tag("VirtualNetwork"), tag("AzureLoadBalancer"));
    rules.push(rule("AllowVnetInBound", 65_000, Action::Allow, vnet, all));
    rules.push(rule(
        "AllowAzureLoadBalancerInBound",
        65_001,
        Action::Allow,
        probes,
        all,
    ));
    rules.push(rule(
        "DenyAllInBound",
        65_500,
        Action::Deny,
        any_address(),
        all,
    ));
    for (id, priority, action, peer) in [
        (
            "AllowVnetOutBound",
            65_000,
            Action::Allow,
            tag("VirtualNetwork"),
        ),
        (
            "AllowInternetOutBound",
            65_001,
            Action::Allow,
            tag("Internet"),
        ),
        ("DenyAllOutBound", 65_500, Action::Deny, any_address()),
    ] {
        rules.push(Rule {
            direction: Direction::Egress,
            ..rule(id, priority, action, peer, all)
        });
    }
    rules
}

fn end(far: Far) -> End {
    match far {
        Far::Own | Far::Geo => End::Addresses(std::iter::once(own()).collect()),
        Far::Names => {
            let server: Cidr = "10.9.0.4/32".parse().unwrap();
            End::Addresses(std::iter::once(server).collect())
        }
        Far::Probes => End::Probes,
        Far::Tag(tag) => End::Tag(tag),
        Far::Public => End::Public,
    }
}

fn own() -> Cidr {
    "10.1.2.0/24".parse().unwrap()
}

/// What becomes of each piece of each line that does not pass: the line's
/// direction, far side and ports, and the rule.
fn stopped(rules: &[Rule]) -> Vec<(String, Decision)> {
    let mut found = vec![];
    for line in LINES {
        for ports in segments(rules, line) {
            let decision = decide(rules, line, &end(line.far), ports, &[own()]);
            if decision != Decision::Passes {
                let far = line.far.name();
                found.push((
                    format!("{} {far} {ports}", line.direction.as_str()),
                    decision,
                ));
            }
        }
    }
    found
}

#[test]
fn the_default_rules_let_everything_pass() {
    assert_eq!(stopped(&with_defaults(vec![])), []);
}

#[test]
fn a_rule_that_denies_the_rest_takes_the_platforms_traffic_away() {
    let all = (0, u16::MAX);
    let deny = rule("DenyRest", 4096, Action::Deny, any_address(), all);
    let found = stopped(&with_defaults(vec![deny.clone()]));
    let ingress = LINES.iter().filter(|it| it.direction == Direction::Ingress);
    assert_eq!(found.len(), ingress.count());
    let by = Decision::Stopped("DenyRest".into());
    assert!(found.iter().all(|(_, decision)| *decision == by));
    // Its twin: rules of the owner's let pass what the platform needs.
    let allow = |id: &str, priority, peer| rule(id, priority, Action::Allow, peer, all);
    let rules = with_defaults(vec![
        allow("Own", 100, Peer::Cidr(own())),
        allow("Probes", 110, tag("AzureLoadBalancer")),
        deny,
    ]);
    assert_eq!(stopped(&rules), []);
}

#[test]
fn what_a_rule_leaves_out_of_a_range_is_told() {
    let all = (0, u16::MAX);
    let rules = with_defaults(vec![
        rule("Probes", 100, Action::Allow, tag("AzureLoadBalancer"), all),
        rule(
            "Seed",
            110,
            Action::Allow,
            Peer::Cidr(own()),
            (6379, 15_019),
        ),
        rule("Rest", 200, Action::Deny, any_address(), all),
    ]);
    let found: Vec<String> = stopped(&rules).into_iter().map(|(what, _)| what).collect();
    assert_eq!(
        found,
        [
            "ingress the cache's subnet 15020-15999",
            "ingress the subnet of a geo-replicated cache 15020-15999",
            "ingress the cache's subnet 20226",
        ]
    );
}

#[test]
fn probes_are_no_part_of_an_address_range_of_the_network() {
    let all = (0, u16::MAX);
    let deny = |peer| vec![rule("Deny", 200, Action::Deny, peer, all)];
    let private = Peer::Cidr("10.0.0.0/8".parse().unwrap());
    let probes = |found: Vec<(String, Decision)>| {
        found
            .into_iter()
            .filter(|(what, _)| what.contains("AzureLoadBalancer"))
            .collect::<Vec<_>>()
    };
    assert_eq!(probes(stopped(&with_defaults(deny(private)))), []);
    // Whether a deny of the network's tag stops them is not documented.
    let doubted = probes(stopped(&with_defaults(deny(tag("VirtualNetwork")))));
    assert!(!doubted.is_empty());
    assert!(
        doubted
            .iter()
            .all(|(_, decision)| *decision == Decision::Open)
    );
}

#[test]
fn a_way_out_to_some_of_the_cloud_is_a_way_to_what_its_tag_holds() {
    let out = |id: &str, priority, action, peer| Rule {
        direction: Direction::Egress,
        ..rule(id, priority, action, peer, (0, u16::MAX))
    };
    let rules = with_defaults(vec![
        out("Monitor", 100, Action::Allow, tag("AzureMonitor")),
        out("NoInternet", 200, Action::Deny, tag("Internet")),
    ]);
    let found = stopped(&rules);
    let of = |what: &str| {
        found
            .iter()
            .find(|(it, _)| it.starts_with(what))
            .map(|(_, it)| it)
    };
    assert_eq!(of("egress AzureMonitor 12000"), None);
    // Some of the internet is let out: whether what is needed is part of it?
    assert_eq!(of("egress the internet 80"), Some(&Decision::Open));
    assert_eq!(of("egress AzureKeyVault 443"), Some(&Decision::Open));
    let shut = with_defaults(vec![out("NoInternet", 200, Action::Deny, tag("Internet"))]);
    let found = stopped(&shut);
    let stopped = Decision::Stopped("NoInternet".into());
    assert_eq!(found.len(), 7);
    assert!(found.iter().all(|(_, decision)| *decision == stopped));
}

#[test]
fn pieces_make_up_the_range() {
    let line = LINES.iter().find(|it| it.ports.first() == 15_000).unwrap();
    let rules = vec![rule("a", 1, Action::Allow, any_address(), (15_010, 15_019))];
    let pieces: Vec<String> = segments(&rules, line)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(pieces, ["15000-15009", "15010-15019", "15020-15999"]);
}
