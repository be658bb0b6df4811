//! Network security groups and administrator rules.
//!
//! Source: Azure Virtual Network, "Network security groups", "How network
//! security groups filter network traffic"; Azure Private Link, "Manage
//! network policies for private endpoints".

use cachewarden_estates::azure::change::{
    administrators, endpoint_mut, policies, public_access, rules,
};
use cachewarden_estates::azure::{asg, base, cidr, id, inbound, outbound, scale_set, tag};
use cachewarden_estates::{Estate, azure::security_group};
use cachewarden_model::Action::{Allow, AlwaysAllow, Deny, Next};
use cachewarden_model::{Effect, Fact, PrivateEndpointPolicies, Stage, Symptom};
use cachewarden_netset::Protocol;

use crate::expect::{ask, group};

fn judged(estate: Estate) -> Estate {
    estate.with(policies(
        "shop",
        "endpoints",
        PrivateEndpointPolicies::Filters,
    ))
}

fn no_redis() -> cachewarden_estates::azure::Draft {
    inbound("NoRedis", 200, Deny).tcp(6380, 6380)
}

#[test]
fn s14_a_group_at_the_endpoints_counts_only_with_policies() {
    let off = base().with(rules("endpoints", [no_redis()]));
    ask("web", "sessions", off).is_open().says(
        Stage::CacheSubnet,
        Effect::NotApplicable,
        "policies are off",
    );
    for routes in [
        PrivateEndpointPolicies::Routes,
        PrivateEndpointPolicies::Disabled,
    ] {
        let off = base().with(rules("endpoints", [no_redis()])).with(policies(
            "shop",
            "endpoints",
            routes,
        ));
        ask("web", "sessions", off).is_open();
    }
}

#[test]
fn s15_a_group_at_the_endpoints_denies() {
    for on in [
        PrivateEndpointPolicies::Filters,
        PrivateEndpointPolicies::Enabled,
    ] {
        let denied =
            base()
                .with(rules("endpoints", [no_redis()]))
                .with(policies("shop", "endpoints", on));
        ask("web", "sessions", denied)
            .is_blocked(
                Symptom::Timeout,
                [group("endpoints", "NoRedis", Stage::CacheSubnet)],
            )
            .is_mended()
            .alone();
    }
}

#[test]
fn s15_an_allowance_before_it_counts_first() {
    let own = || {
        inbound("Web", 100, Allow)
            .tcp(6380, 6380)
            .far([cidr("10.1.1.0/24")])
    };
    let both = judged(base()).with(rules("endpoints", [own(), no_redis()]));
    ask("web", "sessions", both).is_open();
    let behind = judged(base()).with(rules(
        "endpoints",
        [own().far([cidr("10.9.0.0/16")]), no_redis()],
    ));
    ask("web", "sessions", behind).is_blocked(
        Symptom::Timeout,
        [group("endpoints", "NoRedis", Stage::CacheSubnet)],
    );
}

#[test]
fn s15_the_default_rule_is_blamed_by_its_name() {
    let closed = judged(base()).with(rules(
        "endpoints",
        [inbound("NoNetwork", 4000, Deny).far([tag("VirtualNetwork")])],
    ));
    ask("web", "sessions", closed).is_blocked(
        Symptom::Timeout,
        [group("endpoints", "NoNetwork", Stage::CacheSubnet)],
    );
    let stripped = judged(base()).with(|estate| {
        estate
            .rules_mut(&id::group("endpoints"))
            .retain(|it| it.id != "AllowVnetInBound");
    });
    ask("web", "sessions", stripped).is_blocked(
        Symptom::Timeout,
        [group("endpoints", "DenyAllInBound", Stage::CacheSubnet)],
    );
}

#[test]
fn s15_source_ports_of_rules_at_endpoints_count_for_all() {
    let some = judged(base()).with(rules("endpoints", [no_redis().source_ports(1, 2)]));
    ask("web", "sessions", some).is_blocked(
        Symptom::Timeout,
        [group("endpoints", "NoRedis", Stage::CacheSubnet)],
    );
}

#[test]
fn s16_the_client_subnet_lets_nothing_out() {
    let denied = base().with(rules(
        "apps",
        [outbound("NoEndpoints", 200, Deny).far([cidr("10.1.2.0/24")])],
    ));
    ask("web", "sessions", denied)
        .is_blocked(
            Symptom::Timeout,
            [group("apps", "NoEndpoints", Stage::ClientSubnet)],
        )
        .is_mended()
        .alone();
    let other = base().with(rules(
        "apps",
        [outbound("NoOthers", 100, Deny).far([cidr("10.1.2.5/32")])],
    ));
    ask("web", "sessions", other).is_open();
}

#[test]
fn s16_the_interface_lets_nothing_out() {
    let own = |rule: cachewarden_estates::azure::Draft| {
        base().with(move |estate| {
            let group = security_group("web", [rule.rule()]);
            estate.interface_mut(&id::interface("web")).filters =
                Fact::Known(vec![group.id.clone()]);
            estate.snapshot.filters.push(group);
        })
    };
    ask(
        "web",
        "sessions",
        own(outbound("NoRedis", 200, Deny).on(6380, 6380)),
    )
    .is_blocked(
        Symptom::Timeout,
        [group("web", "NoRedis", Stage::ClientFilter)],
    )
    .is_mended();
    ask(
        "web",
        "sessions",
        own(outbound("NoRedis", 100, Deny).on(6379, 6379)),
    )
    .is_open();
    let udp = outbound("NoUdp", 100, Deny)
        .on(6380, 6380)
        .protocol(Protocol::UDP);
    ask("web", "sessions", own(udp)).is_open();
    // A rule towards the client has no say in what it opens itself.
    ask("web", "sessions", own(inbound("Nobody", 100, Deny))).is_open();
}

#[test]
fn a_rule_that_names_source_ports_cuts_them() {
    let some = base().with(rules(
        "apps",
        [outbound("High", 100, Deny)
            .tcp(6380, 6380)
            .source_ports(50_000, 65_535)],
    ));
    ask("web", "sessions", some).is_partial([group("apps", "High", Stage::ClientSubnet)]);
}

#[test]
fn s17_the_client_subnet_keeps_the_internet_out_of_reach() {
    let denied = base().with(rules(
        "apps",
        [outbound("NoInternet", 200, Deny)
            .tcp(6380, 6380)
            .far([tag("Internet")])],
    ));
    ask("web", "catalog", denied.clone())
        .is_blocked(
            Symptom::Timeout,
            [group("apps", "NoInternet", Stage::ClientSubnet)],
        )
        .is_mended();
    // A private address is not of the internet.
    ask("web", "sessions", denied).is_open();
    let cloud = base().with(rules(
        "apps",
        [
            outbound("Azure", 100, Allow).far([tag("AzureCloud.westeurope")]),
            outbound("NoInternet", 200, Deny).far([tag("internet")]),
        ],
    ));
    ask("web", "catalog", cloud).is_open();
    let storage = base().with(rules(
        "apps",
        [
            outbound("Storage", 100, Allow).far([tag("Storage.WestEurope")]),
            outbound("NoInternet", 200, Deny).far([tag("Internet")]),
        ],
    ));
    ask("web", "catalog", storage).is_blocked(
        Symptom::Timeout,
        [group("apps", "NoInternet", Stage::ClientSubnet)],
    );
}

#[test]
fn s17_ranges_of_public_space_settle_nothing_unless_they_hold_all_of_it() {
    let some = base().with(rules(
        "apps",
        [outbound("Some", 100, Deny).far([cidr("20.0.0.0/8")])],
    ));
    ask("web", "catalog", some).is_unknown("rules tell apart");
    let halves = [cidr("0.0.0.0/1"), cidr("128.0.0.0/1")];
    let all = base().with(rules("apps", [outbound("All", 100, Deny).far(halves)]));
    ask("web", "catalog", all).is_blocked(
        Symptom::Timeout,
        [group("apps", "All", Stage::ClientSubnet)],
    );
}

#[test]
fn s50_administrator_rules_may_deny() {
    let denied = base().with(administrators(
        "shop",
        [outbound("NoRedis", 10, Deny).tcp(6380, 6380)],
    ));
    ask("web", "sessions", denied).is_unknown("NoRedis may apply");
    let other = base().with(administrators(
        "shop",
        [outbound("NoWeb", 10, Deny).tcp(80, 80)],
    ));
    ask("web", "sessions", other).is_open();
    let passes = base().with(administrators(
        "shop",
        [outbound("Groups", 10, Next).tcp(6380, 6380)],
    ));
    ask("web", "sessions", passes).is_open();
}

#[test]
fn s51_administrator_rules_may_deliver_past_a_group() {
    let closed = || base().with(rules("apps", [outbound("No", 100, Deny).tcp(6380, 6380)]));
    let delivered = closed().with(administrators(
        "shop",
        [outbound("Redis", 10, AlwaysAllow).tcp(6380, 6380)],
    ));
    ask("web", "sessions", delivered).is_unknown("Redis may apply");
    ask("web", "sessions", closed())
        .is_blocked(Symptom::Timeout, [group("apps", "No", Stage::ClientSubnet)]);
    let needless = base().with(administrators(
        "shop",
        [outbound("Redis", 10, AlwaysAllow).tcp(6380, 6380)],
    ));
    ask("web", "sessions", needless).is_open();
}

#[test]
fn application_security_groups_name_clients_and_endpoints() {
    let closed = |estate: Estate| {
        judged(estate).with(rules(
            "endpoints",
            [
                inbound("Web", 100, Allow)
                    .tcp(6380, 6380)
                    .far([asg("web")])
                    .near([asg("redis")]),
                no_redis(),
            ],
        ))
    };
    let wears = |client: bool, endpoint: bool| {
        closed(base()).with(move |estate| {
            if client {
                estate.interface_mut(&id::interface("web")).groups = vec![id::asg("web").into()];
            }
            if endpoint {
                endpoint_mut(estate, "sessions").groups = vec![id::asg("redis").into()];
            }
        })
    };
    ask("web", "sessions", wears(true, true)).is_open();
    for (client, endpoint) in [(true, false), (false, true)] {
        ask("web", "sessions", wears(client, endpoint)).is_blocked(
            Symptom::Timeout,
            [group("endpoints", "NoRedis", Stage::CacheSubnet)],
        );
    }
}

#[test]
fn a_scale_set_may_have_any_address_of_its_subnet() {
    let some = |range: &str| {
        judged(base())
            .with(rules(
                "endpoints",
                [
                    inbound("Some", 100, Allow)
                        .tcp(6380, 6380)
                        .far([cidr(range)]),
                    no_redis(),
                ],
            ))
            .with(|estate| {
                let set = scale_set(estate, "shop", "apps", "pool");
                estate.snapshot.interfaces.push(set);
            })
    };
    ask("pool", "sessions", some("10.1.1.0/24")).is_open();
    ask("pool", "sessions", some("10.1.1.0/25")).is_partial([group(
        "endpoints",
        "NoRedis",
        Stage::CacheSubnet,
    )]);
}

#[test]
fn s53_the_tag_of_the_network_holds_its_peers() {
    let tagged = judged(base())
        .with(cachewarden_estates::azure::change::peer("shop", "data"))
        .with(cachewarden_estates::azure::change::link(
            id::REDIS_ZONE,
            "data",
        ));
    ask("batch", "sessions", tagged.clone()).is_open();
    let explicit = tagged.with(rules(
        "endpoints",
        [
            inbound("Own", 100, Allow).far([cidr("10.1.0.0/16")]),
            inbound("NoOthers", 200, Deny).far([tag("VirtualNetwork")]),
        ],
    ));
    ask("batch", "sessions", explicit.clone()).is_blocked(
        Symptom::Timeout,
        [group("endpoints", "NoOthers", Stage::CacheSubnet)],
    );
    ask("web", "sessions", explicit).is_open();
}

#[test]
fn s23_a_private_endpoint_does_not_close_the_public_way() {
    let both = base().with(public_access("sessions", true)).with(
        cachewarden_estates::azure::change::firewall_rules("sessions", &[]),
    );
    ask("web", "sessions", both.clone()).is_open();
    ask("198.51.99.7", "sessions", both).is_open();
}
