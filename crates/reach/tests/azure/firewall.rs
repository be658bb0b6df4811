//! The public way: public network access, and the cache's own firewall.
//!
//! Source: Azure Cache for Redis, "How to configure", Firewall; Azure NAT
//! Gateway, "Design virtual networks with NAT gateway".

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change::{
    connect, detach, firewall_rules, leaves_by, public_access,
};
use cachewarden_estates::azure::{NAT_ADDRESS, base, id, nat_gateway, private_endpoint};
use cachewarden_model::{Effect, Fact, Outcome, Stage};

use crate::expect::{ask, cluster_access, firewall, public_access as closed};

fn admits(rules: &[(&str, &str, &str)]) -> Estate {
    base().with(firewall_rules("catalog", rules))
}

#[test]
fn s18_all_of_ipv4_is_everybody() {
    let all = || admits(&[("all", "0.0.0.0", "255.255.255.255")]);
    ask("web", "catalog", all()).is_open();
    ask("198.51.99.7", "catalog", all()).is_open();
    // Whatever address the cloud chooses, it is among them.
    ask(
        "web",
        "catalog",
        all().with(leaves_by("shop", "apps", None)),
    )
    .is_open();
    ask("198.51.99.7", "catalog", base()).is_blocked(None, [firewall("catalog")]);
}

#[test]
fn s19_a_wide_rule_admits_strangers() {
    let wide = admits(&[("wide", "20.0.0.0", "20.255.255.255")]);
    ask("20.9.9.9", "catalog", wide.clone()).is_open();
    ask("21.9.9.9", "catalog", wide).is_blocked(None, [firewall("catalog")]);
}

#[test]
fn s20_the_rule_of_zeros_names_nobody() {
    let zeros = admits(&[("azure", "0.0.0.0", "0.0.0.0")]);
    ask("web", "catalog", zeros)
        .is_blocked(None, [firewall("catalog")])
        .is_mended();
    // Without any rule everybody is let in.
    ask("web", "catalog", admits(&[])).is_open().says(
        Stage::ServiceFirewall,
        Effect::NotApplicable,
        "no rule",
    );
}

#[test]
fn s21_the_outward_address_has_changed() {
    let moved = base().with(|estate| {
        estate.snapshot.nat_gateways = vec![nat_gateway("leave", &["20.50.0.99"])];
    });
    ask("web", "catalog", moved)
        .is_blocked(None, [firewall("catalog")])
        .is_mended()
        .alone();
}

#[test]
fn s21_one_of_two_outward_addresses_is_admitted() {
    let two = base().with(|estate| {
        let gateway = nat_gateway("leave", &[NAT_ADDRESS, "20.50.0.99"]);
        estate.snapshot.nat_gateways = vec![gateway];
    });
    ask("web", "catalog", two).is_partial([firewall("catalog")]);
}

#[test]
fn s21_a_nat_gateway_goes_before_an_own_address() {
    let own = |estate: &mut Estate| {
        let own = "20.60.0.1".parse().expect("an address");
        estate.interface_mut(&id::interface("web")).public_addresses = vec![own];
    };
    ask("web", "catalog", base().with(own)).is_open();
    let without = base().with(own).with(leaves_by("shop", "apps", None));
    ask("web", "catalog", without.clone()).is_blocked(None, [firewall("catalog")]);
    let admitted = without.with(firewall_rules(
        "catalog",
        &[("web", "20.60.0.1", "20.60.0.1")],
    ));
    ask("web", "catalog", admitted).is_open();
}

#[test]
fn s21_an_address_that_the_cloud_chooses_is_not_known() {
    let chosen = base().with(leaves_by("shop", "apps", None));
    ask("web", "catalog", chosen.clone()).is_unknown("outward address");
    ask(
        "web",
        "catalog",
        chosen.with(firewall_rules("catalog", &[])),
    )
    .is_open();
    let unread = base().with(|estate| estate.snapshot.nat_gateways.clear());
    ask("web", "catalog", unread).is_unknown("NAT gateway was not read");
}

#[test]
fn s22_a_private_address_can_never_match() {
    let private = admits(&[("web", "10.1.1.4", "10.1.1.4")]);
    ask("web", "catalog", private.clone()).is_blocked(None, [firewall("catalog")]);
    // Not even where the cloud chooses the outward address.
    ask(
        "web",
        "catalog",
        private.with(leaves_by("shop", "apps", None)),
    )
    .is_blocked(None, [firewall("catalog")])
    .is_advised("NAT gateway");
}

#[test]
fn s13_a_managed_cache_that_is_public_admits_everybody() {
    let public = base()
        .with(detach("cart"))
        .with(cachewarden_estates::azure::change::empty_zone(
            id::MANAGED_ZONE,
        ))
        .with(public_access("cart", true));
    ask("web", "cart", public.clone()).is_open();
    ask("198.51.99.7", "cart", public).is_open();
    ask("198.51.99.7", "cart", base()).is_blocked(None, [cluster_access("cart")]);
}

#[test]
fn s11_public_access_is_off_for_the_internet_too() {
    ask("198.51.99.7", "sessions", base()).is_blocked(None, [closed("sessions")]);
}

#[test]
fn rules_beside_a_private_endpoint_settle_nothing() {
    let both = base().with(|estate| {
        let host = "catalog.redis.cache.windows.net";
        let endpoint = private_endpoint("shop", "endpoints", "catalog", host, "10.1.2.6");
        connect(endpoint, id::REDIS_ZONE)(estate);
    });
    ask("198.51.99.7", "catalog", both.clone()).is_unknown("is not documented");
    // By the private endpoint the rules have no say.
    ask("web", "catalog", both).is_open();
}

#[test]
fn the_firewall_unread_is_not_empty() {
    let unread = base().with(|estate| {
        let gap = crate::knowledge::gap("Microsoft.Cache/redis/firewallRules/read");
        estate.filter_mut(&id::firewall("catalog")).rules = Fact::unknown(gap);
    });
    let answer = ask("web", "catalog", unread);
    answer.is_unknown("firewallRules");
    assert_ne!(answer.0.outcome, Outcome::Open);
}

#[test]
fn s11_public_access_is_switched_on_where_the_firewall_is_narrow() {
    let off = || base().with(public_access("catalog", false));
    ask("web", "catalog", off())
        .is_blocked(None, [closed("catalog")])
        .is_mended();
    // Its firewall has to admit the client too.
    let elsewhere = || {
        off().with(firewall_rules(
            "catalog",
            &[("office", "52.1.1.1", "52.1.1.9")],
        ))
    };
    ask("web", "catalog", elsewhere())
        .is_blocked(None, [closed("catalog"), firewall("catalog")])
        .is_mended();
    for wide in [
        &[][..],
        &[("all", "0.0.0.0", "255.255.255.255")][..],
        &[("wide", "20.50.0.0", "20.50.1.0")][..],
    ] {
        let answer = off().with(firewall_rules("catalog", wide));
        ask("web", "catalog", answer).is_advised("create a private endpoint");
    }
    let unread = off().with(|estate| {
        let filter = estate.cache_mut("catalog").filters.value().expect("known")[0].clone();
        estate.filter_mut(filter.as_str()).rules =
            Fact::unknown(crate::knowledge::gap("firewallRules"));
    });
    ask("web", "catalog", unread).is_advised("create a private endpoint");
}
