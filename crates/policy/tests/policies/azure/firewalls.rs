//! Firewalls of the service and security groups on Azure.

use cachewarden_model::*;

use super::nouns::*;
use super::*;
use crate::estate::{Estate, set};

fn public(it: &mut Estate, rules: &[(&str, &str, &str)]) {
    it.cache().public_access = Fact::Known(PublicAccess::Enabled);
    it.snapshot.filters[1] = firewall(rules);
}

#[test]
fn the_firewall_of_the_service() {
    let office = ("office", "20.1.2.3", "20.1.2.4");
    fails(&["public-access-is-off"], |it| public(it, &[office]));
    fails(
        &["firewall-admits-few-addresses", "public-access-is-off"],
        |it| {
            public(it, &[("wide", "20.1.0.0", "20.1.255.255")]);
        },
    );
    fails(
        &["firewall-names-no-zero-address", "public-access-is-off"],
        |it| {
            public(it, &[office, ("azure", "0.0.0.0", "0.0.0.0")]);
        },
    );
    fails(
        &["firewall-rules-can-match", "public-access-is-off"],
        |it| {
            public(it, &[office, ("vnet", "10.0.0.0", "10.0.255.255")]);
        },
    );
    fails(&["firewall-has-few-rules", "public-access-is-off"], |it| {
        public(it, &[office; 11]);
    });
    // That everybody is let in is told by the endpoint.
    fails(&["public-access-is-off"], |it| public(it, &[]));
    fails(&["public-access-is-off"], |it| {
        public(it, &[("all", "0.0.0.0", "255.255.255.255")]);
    });
    fails(&["firewall-is-asked"], |it| {
        it.snapshot.filters[1] = firewall(&[office])
    });
    cannot_tell(
        &[
            "filters-admit-little-of-internet",
            "firewall-has-few-rules",
            "firewall-is-asked",
            "firewall-names-no-zero-address",
            "firewall-rules-can-match",
        ],
        |it| {
            it.snapshot.filters[1].rules = Fact::unknown(gap("firewallRules"));
            it.selection.disable.push("filter-has-few-rules".into());
        },
    );
}

#[test]
fn rules_of_the_firewall_are_judged_as_such() {
    let wide = ("wide", "20.1.0.0", "20.1.255.255");
    fails(
        &[
            "firewall-admits-few-addresses",
            "firewall-rule-is-narrow",
            "public-access-is-off",
        ],
        |it| {
            public(it, &[wide]);
            let filter = it.snapshot.filters[1].clone();
            it.reachability.rules = vec![used(&filter, "wide", &set(&["20.1.0.0/16"]))];
        },
    );
    // Nobody sees whose outward address that is: it is not without clients.
    fails(&["public-access-is-off"], |it| {
        public(it, &[("office", "20.1.2.3", "20.1.2.3")]);
        let filter = it.snapshot.filters[1].clone();
        let mut used = used(&filter, "office", &set(&["20.1.2.3/32"]));
        used.clients = Some(0);
        it.reachability.rules = vec![used];
    });
    fails(
        &["public-access-is-off", "rule-does-not-admit-internet"],
        |it| {
            public(it, &[("all", "0.0.0.0", "255.255.255.255")]);
            let filter = it.snapshot.filters[1].clone();
            let mut used = used(&filter, "all", &set(&["0.0.0.0/0"]));
            used.world = true;
            it.reachability.rules = vec![used];
        },
    );
}

#[test]
fn rules_of_security_groups() {
    let with = |it: &mut Estate, rule: Rule, addresses: &[&str]| {
        let id = rule.id.as_str().to_owned();
        let filter = &mut it.snapshot.filters[0];
        filter.rules = Fact::Known(vec![rule]);
        let used = used(filter, &id, &set(addresses));
        it.reachability.rules = vec![used];
    };
    fails(&["rule-does-not-admit-internet"], |it| {
        with(
            it,
            allow("Any", 100, Peer::ServiceTag("Internet".into())),
            &[],
        );
    });
    fails(&["rule-does-not-admit-whole-network"], |it| {
        with(
            it,
            allow("Net", 100, Peer::ServiceTag("VirtualNetwork".into())),
            &[],
        );
    });
    fails(&["rule-does-not-open-all-ports"], |it| {
        with(
            it,
            all("All", 100, Peer::Cidr("10.0.1.0/24".parse().unwrap())),
            &["10.0.1.0/24"],
        );
    });
    // What the cloud adds by itself cannot be changed, so it is not judged.
    comes_out(Verdict::Pass, &[], |it| {
        let tag = Peer::ServiceTag("VirtualNetwork".into());
        with(it, all("AllowVnetInBound", 65_000, tag), &[]);
    });
    // A tag of which no list is known may hold anything.
    let verdicts = changed(|it| {
        with(
            it,
            allow("Cloud", 100, Peer::ServiceTag("AzureCloud".into())),
            &[],
        );
        it.reachability.rules[0].gaps = vec![gap("AzureCloud")];
    });
    assert!(!verdicts.is_empty());
    assert!(
        verdicts
            .iter()
            .all(|(_, verdict)| *verdict == Verdict::Unknown),
        "{verdicts:?}"
    );
}
