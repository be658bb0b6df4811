//! IPv4 and IPv6 side by side: each has rules and routes of its own.
//!
//! Source: Amazon ElastiCache User Guide, "Choosing a network type"; Amazon
//! VPC User Guide, "Route priority".

use cachewarden_estates::base;
use cachewarden_estates::base::{dual_stack, peered};
use cachewarden_estates::change::{
    add_route, admit, cache, client, drop_route, inbound, to_peering,
};
use cachewarden_estates::ids::{CACHE, CLIENT, CLIENT_B, PCX_AB, RTB_B, SG_CACHE, rule_id};
use cachewarden_estates::noun::{cidr, route as route_to, tcp};
use cachewarden_model::{Direction, Fact, IpFamilies, Outcome, Symptom};

use crate::expect::{ask, ask_from};

#[test]
fn c24_no_family_in_common() {
    let only_v6 = client(CLIENT, |client| {
        client.addresses.retain(std::net::IpAddr::is_ipv6)
    });
    let v4_cache = cache(|cache| {
        cache.families = Fact::Known(IpFamilies::Ipv4);
        for node in &mut cache.nodes {
            if let Fact::Known(addresses) = &mut node.addresses {
                addresses.retain(std::net::IpAddr::is_ipv4);
            }
        }
    });
    let apart = base().with(dual_stack).with(only_v6);
    ask(apart.clone()).is_open();
    let answer = ask(apart.with(v4_cache));
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert!(
        matches!(answer.0.symptom, Some(Symptom::Dns | Symptom::Timeout)),
        "no address to connect to, or none that can be reached: {answer:#?}"
    );
    assert!(
        answer.0.blame.iter().any(|it| it.resource == CACHE),
        "{answer:#?}"
    );
}

#[test]
fn c25_a_rule_for_ipv4_alone() {
    let v4 = base()
        .with(dual_stack)
        .with(inbound(SG_CACHE, [tcp(6379).from(cidr("10.0.1.0/24"))]));
    let answer = ask(v4.clone());
    assert_eq!(answer.0.outcome, Outcome::Partial, "{answer:#?}");
    let first = rule_id(SG_CACHE, Direction::Ingress, 0);
    assert_eq!(answer.0.blame.len(), 1, "{answer:#?}");
    assert_eq!(answer.0.blame[0].rule, Some(first));
    answer.differs_in(&["family"]);
    assert!(answer.0.witness.expect("a flow").flow.source.is_ipv6());
    let both = v4.with(admit(SG_CACHE, tcp(6379).from(cidr("2001:db8:a:1::/64"))));
    ask(both).is_open();
}

#[test]
fn a_default_route_does_not_cover_the_other_family() {
    let only_v4 = base()
        .with(peered)
        .with(dual_stack)
        .with(drop_route(RTB_B, "10.0.0.0/16"));
    let through = only_v4.with(add_route(RTB_B, route_to("0.0.0.0/0", to_peering(PCX_AB))));
    let answer = ask_from(CLIENT_B, through);
    assert_eq!(answer.0.outcome, Outcome::Partial, "{answer:#?}");
    assert!(answer.0.witness.expect("a flow").flow.source.is_ipv6());
}
