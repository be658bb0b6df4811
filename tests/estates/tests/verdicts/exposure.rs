//! Exposure beyond the rules.
//!
//! Source: Amazon ElastiCache User Guide, "Accessing your cluster".

use cachewarden_estates::change::{add_route, attach_gateway, cache, client, inbound};
use cachewarden_estates::ids::{CACHE_NAME, CLIENT, RTB_A, S1, SG_APP, SG_CACHE, VPC_A, rule_id};
use cachewarden_estates::noun::{all, any, cidr, group, interface, route, tcp};
use cachewarden_estates::{Estate, base};
use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    Attachment, Direction, Edit, Fact, FindingFix, Gap, GapReason, InterfaceKind, Platform,
    Provider, RouteTarget, RunState, Severity, Verdict,
};

use crate::expect::{audit, fails};

const GATEWAY: &str = "igw-0a000000000000001";

/// The client has an address on the internet, where it admits the port.
fn public(checks_addresses: bool) -> Estate {
    base()
        .with(attach_gateway(VPC_A, GATEWAY))
        .with(client(CLIENT, move |client| {
            client.public_addresses = vec!["203.0.113.7".parse().expect("an address")];
            client.address_check = Fact::Known(checks_addresses);
        }))
        .with(inbound(SG_APP, [tcp(6379).from(any())]))
}

/// A load balancer in the client's group, with or without an address on the
/// internet.
fn balanced(address: Option<&'static str>) -> Estate {
    base().with(move |estate: &mut Estate| {
        estate.attach_gateway(VPC_A, GATEWAY);
        let mut balancer = interface(estate.subnet(S1), "eni-0b1", &["10.0.1.90"], &[SG_APP]);
        balancer.kind = InterfaceKind::LoadBalancer;
        balancer.public_addresses = address
            .into_iter()
            .filter_map(|it| it.parse().ok())
            .collect();
        balancer.attached_to = Some(Attachment {
            id: "net/front/0123456789abcdef".into(),
            name: "front".to_owned(),
            state: Fact::Known(RunState::Running),
            platform: Fact::Known(Platform::Managed),
            machine_type: None,
        });
        estate.snapshot.interfaces.push(balancer);
    })
}

#[test]
fn f1_a_machine_that_forwards_from_the_internet() {
    let policy = "no-public-forwarder-reaches-cache";
    fails(policy, CACHE_NAME, public(false), public(true));
}

#[test]
fn f2_a_load_balancer_on_the_internet() {
    let policy = "no-public-forwarder-reaches-cache";
    fails(
        policy,
        CACHE_NAME,
        balanced(Some("203.0.113.9")),
        balanced(None),
    );
}

#[test]
fn f2_a_load_balancer_without_the_internet() {
    let policy = "no-public-forwarder-reaches-cache";
    let found = |estate: Estate| {
        let findings = audit(estate).findings;
        findings.into_iter().find(|it| it.policy == policy)
    };
    let gateways = |known| {
        balanced(Some("203.0.113.9")).with(move |estate: &mut Estate| {
            estate.network_mut(VPC_A).internet_gateways = known;
        })
    };
    assert_eq!(found(gateways(Fact::Known(vec![]))), None);
    // What was not read may be attached.
    let unread = Gap {
        provider: Provider::Aws,
        account: None,
        region: None,
        what: "ec2:DescribeInternetGateways".to_owned(),
        why: GapReason::AccessDenied,
        message: "denied".to_owned(),
        hides: vec![],
    };
    let found = found(gateways(Fact::unknown(unread)));
    assert_eq!(found.map(|it| it.verdict), Some(Verdict::Fail));
}

#[test]
fn f5_a_public_subnet() {
    let gateway = || RouteTarget::InternetGateway(GATEWAY.into());
    let exit = || RouteTarget::NatGateway("nat-0a000000000000001".into());
    let attached = || base().with(attach_gateway(VPC_A, GATEWAY));
    let public = attached().with(add_route(RTB_A, route("0.0.0.0/0", gateway())));
    let private = attached().with(add_route(RTB_A, route("0.0.0.0/0", exit())));
    let policy = "cache-sits-in-private-subnets";
    fails(policy, CACHE_NAME, public.clone(), private);
    let detached = public.with(|estate| {
        estate.network_mut(VPC_A).internet_gateways = Fact::Known(vec![]);
    });
    let dead = "no-black-hole-route-at-cache";
    fails(dead, CACHE_NAME, detached.clone(), base());
    let findings = audit(detached).findings;
    assert!(
        findings.iter().all(|it| it.policy != policy),
        "{findings:#?}"
    );
}

#[test]
fn f7_the_default_subnet_group() {
    let default = base().with(cache(|cache| {
        if let Some(AwsCache { subnet_group, .. }) = &mut cache.aws {
            *subnet_group = Some("default".to_owned());
        }
    }));
    fails("subnet-group-is-not-default", CACHE_NAME, default, base());
}

#[test]
fn a13_a_rule_for_the_world() {
    let world = base().with(inbound(SG_CACHE, [tcp(6379).from(any())]));
    let own = base().with(inbound(SG_CACHE, [tcp(6379).from(group(SG_APP))]));
    let finding = fails(
        "rule-does-not-admit-internet",
        &first_rule(),
        world.clone(),
        own,
    );
    assert_eq!(finding.severity, Severity::High);
    // No cache of AWS has an address on the internet.
    let found = audit(world).findings;
    assert!(
        found.iter().all(|it| it.policy != "no-internet-exposure"),
        "{found:#?}"
    );
}

#[test]
fn a14_a_rule_for_the_whole_network() {
    let wide = base().with(inbound(SG_CACHE, [all().from(cidr("10.0.0.0/16"))]));
    let own = || base().with(inbound(SG_CACHE, [tcp(6379).from(group(SG_APP))]));
    fails(
        "rule-does-not-admit-whole-network",
        &first_rule(),
        wide.clone(),
        own(),
    );
    fails("rule-does-not-open-all-ports", &first_rule(), wide, own());
}

/// The name of the first inbound rule of the cache's group.
fn first_rule() -> String {
    format!("cache {}", rule_id(SG_CACHE, Direction::Ingress, 0))
}

#[test]
fn a_wide_rule_comes_with_what_it_could_be() {
    let wide = |range: &'static str| base().with(inbound(SG_CACHE, [tcp(6379).from(cidr(range))]));
    let policy = "rule-does-not-admit-whole-network";
    let rule = rule_id(SG_CACHE, Direction::Ingress, 0);
    let name = format!("cache {rule}");
    let found = fails(policy, &name, wide("10.0.0.0/16"), wide("10.0.1.10/32"));
    let Some(FindingFix::Edits(fix)) = found.fix else {
        unreachable!("the rule is narrowed: {:?}", found.fix)
    };
    let new = fix.edits.iter().map(|edit| match edit {
        Edit::ReplaceRule { with, .. } => with.iter().flat_map(|it| it.peers.clone()).collect(),
        _ => vec![],
    });
    assert_eq!(new.collect::<Vec<_>>(), [[cidr("10.0.1.10/32")]]);
}
