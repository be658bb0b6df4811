//! Azure (its rows are not those of the table of AWS, so no name begins with
//! one): one change to an estate in which everything works, the policy that
//! fails, and a twin in which it does not.

use cachewarden_estates::azure::{self, change, id, inbound, outbound, tag};
use cachewarden_estates::{Estate, azure::base};
use cachewarden_model::{
    Action, Fact, PrivateEndpointPolicies, PrivateEndpointState, RouteTarget, TlsVersion,
    TransitEncryption,
};

use crate::expect::fails;

/// Rules of the owner's on the subnet of the injected cache.
fn guarded(rules: Vec<azure::Draft>) -> Estate {
    base().with(change::rules("redis", rules))
}

fn deny_rest() -> azure::Draft {
    inbound("DenyRest", 4096, Action::Deny)
}

fn own_subnet() -> azure::Draft {
    inbound("Nodes", 100, Action::Allow).far([azure::cidr("10.1.3.0/24")])
}

fn probes() -> azure::Draft {
    inbound("Probes", 110, Action::Allow).far([tag("AzureLoadBalancer")])
}

#[test]
fn nodes_of_an_injected_cache_cannot_talk_to_each_other() {
    let finding = fails(
        "platform-traffic-passes",
        "legacy",
        guarded(vec![probes(), deny_rest()]),
        guarded(vec![own_subnet(), probes(), deny_rest()]),
    );
    let what = "inbound tcp 8443 from the cache's subnet (nodes among themselves), stopped by \
                DenyRest of redis";
    assert!(finding.message.contains(what), "{}", finding.message);
}

#[test]
fn probes_of_an_injected_cache_are_stopped() {
    let finding = fails(
        "platform-probes-pass",
        "legacy",
        guarded(vec![own_subnet(), deny_rest()]),
        guarded(vec![own_subnet(), probes(), deny_rest()]),
    );
    let what = "inbound tcp 6379-6380 from AzureLoadBalancer (load balancing), stopped by DenyRest";
    assert!(finding.message.contains(what), "{}", finding.message);
}

#[test]
fn certificates_cannot_be_checked() {
    let out = |ports: (u16, u16)| {
        let deny = outbound("NoWeb", 200, Action::Deny).far([tag("Internet")]);
        guarded(vec![deny.tcp(ports.0, ports.1)])
    };
    let finding = fails(
        "platform-traffic-passes",
        "legacy",
        out((80, 80)),
        out((81, 81)),
    );
    let what = "outbound tcp 80 to the internet (certificates and updates), stopped by NoWeb";
    assert!(finding.message.contains(what), "{}", finding.message);
}

#[test]
fn a_route_takes_the_platforms_traffic_away() {
    let by = |target| {
        let route = change::route("tunnel", "0.0.0.0/0", target);
        base().with(change::routes("shop", "redis", [route]))
    };
    let finding = fails(
        "platform-traffic-passes",
        "legacy",
        by(RouteTarget::Drop),
        by(RouteTarget::Internet),
    );
    assert!(
        finding.message.contains("stopped by tunnel of shop-redis"),
        "{}",
        finding.message
    );
}

#[test]
fn default_rules_admit_the_network_and_its_peers() {
    fails(
        "injected-cache-is-closed-by-default",
        "legacy",
        base(),
        guarded(vec![deny_rest()]),
    );
}

#[test]
fn rules_that_open_too_much() {
    let with = |rule| guarded(vec![rule, deny_rest()]);
    let from = |peers: Vec<cachewarden_model::Peer>| inbound("Wide", 200, Action::Allow).far(peers);
    let clients = || vec![azure::cidr("10.1.1.0/25")];
    fails(
        "rule-does-not-open-all-ports",
        "redis Wide",
        with(from(clients())),
        with(from(clients()).tcp(6380, 6380)),
    );
    // The nodes among themselves need many ports, and so do the probes.
    let own = vec![azure::cidr("10.1.3.0/24"), tag("AzureLoadBalancer")];
    fails(
        "rule-does-not-open-all-ports",
        "redis Wide",
        with(from(clients())),
        with(from(own)),
    );
    fails(
        "rule-does-not-admit-internet",
        "redis Wide",
        with(from(vec![tag("Internet")]).tcp(6380, 6380)),
        with(from(clients()).tcp(6380, 6380)),
    );
    fails(
        "rule-does-not-admit-whole-network",
        "redis Wide",
        with(from(vec![tag("VirtualNetwork")]).tcp(6380, 6380)),
        with(from(clients()).tcp(6380, 6380)),
    );
}

#[test]
fn a_group_that_nobody_asks() {
    let with = |policies| {
        let deny = inbound("NoRedis", 100, Action::Deny).tcp(6380, 6380);
        base()
            .with(change::rules("endpoints", [deny]))
            .with(change::policies("shop", "endpoints", policies))
    };
    fails(
        "private-endpoint-filters-are-asked",
        "sessions",
        with(PrivateEndpointPolicies::Disabled),
        with(PrivateEndpointPolicies::Filters),
    );
}

#[test]
fn rules_of_the_firewall() {
    let with = |rules: &[(&str, &str, &str)]| base().with(change::firewall_rules("catalog", rules));
    let office = ("office", "20.1.2.3", "20.1.2.3");
    for (policy, rule) in [
        (
            "firewall-names-no-zero-address",
            ("azure", "0.0.0.0", "0.0.0.0"),
        ),
        (
            "firewall-rules-can-match",
            ("vnet", "10.1.1.0", "10.1.1.255"),
        ),
        (
            "firewall-admits-few-addresses",
            ("wide", "20.1.0.0", "20.1.255.255"),
        ),
    ] {
        fails(policy, "catalog", with(&[office, rule]), with(&[office]));
    }
}

#[test]
fn everybody_is_let_in() {
    let with = |rules: &[(&str, &str, &str)]| base().with(change::firewall_rules("catalog", rules));
    let one = with(&[("office", "20.1.2.3", "20.1.2.3")]);
    fails("no-internet-exposure", "catalog primary", with(&[]), one);
    // Azure Managed Redis has no firewall that could limit who.
    let open = |on| base().with(change::public_access("cart", on));
    fails(
        "no-internet-exposure",
        "cart database",
        open(true),
        open(false),
    );
}

#[test]
fn nobody_is_left_who_can_come() {
    let policy = "private-cache-has-endpoint";
    fails(
        policy,
        "sessions",
        base().with(change::detach("sessions")),
        base(),
    );
    let waits = change::connection_state("sessions", PrivateEndpointState::Pending);
    fails(policy, "sessions", base().with(waits), base());
    let down = PrivateEndpointState::Down("Rejected".to_owned());
    fails(
        "private-endpoint-connections-are-settled",
        "cart",
        base().with(change::connection_state("cart", down)),
        base(),
    );
}

#[test]
fn records_are_kept_in_the_zone_of_another_service() {
    let kept = |zone: &'static str| {
        base().with(move |estate: &mut Estate| {
            let zones = vec![id::zone(zone).into()];
            change::endpoint_mut(estate, "cart").zones = Fact::Known(zones);
        })
    };
    fails(
        "private-endpoint-zone-fits-service",
        "cart",
        kept(id::ENTERPRISE_ZONE),
        kept(id::MANAGED_ZONE),
    );
}

#[test]
fn a_record_of_an_endpoint_that_is_gone() {
    let with = |address: &'static str| {
        base().with(move |estate: &mut Estate| {
            let records = change::records(estate, id::REDIS_ZONE);
            for record in records.iter_mut() {
                record.values = vec![address.to_owned()];
            }
        })
    };
    fails(
        "private-records-are-current",
        "sessions",
        with("10.1.2.9"),
        with("10.1.2.4"),
    );
}

#[test]
fn plaintext_and_old_settings() {
    let plain = change::on_cache("catalog", |it| {
        it.transit_encryption = Fact::Known(TransitEncryption::Preferred);
    });
    fails("no-plaintext-port", "catalog", base().with(plain), base());
    let old = change::on_cache("catalog", |it| it.tls_min = Fact::Known(TlsVersion::V1_1));
    fails(
        "stated-tls-minimum-is-1-2",
        "catalog",
        base().with(old),
        base(),
    );
}

#[test]
fn the_enterprise_tier_ends_first() {
    let with = |cache: fn(&str, Option<bool>) -> cachewarden_model::Cache| {
        base().with(move |estate: &mut Estate| {
            estate.snapshot.caches.push(cache("orders", Some(true)));
        })
    };
    fails(
        "service-stays-offered",
        "orders",
        with(azure::enterprise),
        with(azure::managed),
    );
    // The other one has years.
    fails("service-has-no-end", "sessions", base(), azure::empty());
}

/// No policy about a thing of AWS speaks of this estate, and what is sound in
/// it has no finding of the kinds that are about what stands in the estate.
#[test]
fn the_base_has_no_finding_about_things_of_aws() {
    let audit = crate::expect::audit(base());
    assert!(!audit.findings.is_empty());
    for finding in &audit.findings {
        let text = format!("{} {:?}", finding.message, finding.fix).to_lowercase();
        for word in [
            "aws ",
            "security group of",
            "subnet group",
            "elasticache",
            "memorydb",
        ] {
            assert!(!text.contains(word), "{}: {text}", finding.policy);
        }
    }
}
