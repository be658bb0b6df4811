//! What surrounds a cache on Azure: private endpoints, names, injection.

use cachewarden_model::*;
use cachewarden_netset::Cidr;

use super::nouns::*;
use super::*;
use crate::estate::Estate;

fn injected(it: &mut Estate) {
    it.azure().injected_subnet = Some(subnet_id("data").into());
    it.azure().connections = Fact::Known(vec![]);
    it.snapshot.private_endpoints.clear();
    it.snapshot.dns_zones.clear();
    it.reachability
        .platform
        .insert(cache_id().into(), PlatformTraffic::default());
}

fn need(probe: bool) -> PlatformNeed {
    PlatformNeed {
        direction: Direction::Ingress,
        traffic: "tcp 8443".into(),
        peer: "the cache's subnet".into(),
        purpose: "nodes among themselves",
        probe,
        by: Some(group_id("data").into()),
        rule: Some("DenyRest".into()),
    }
}

#[test]
fn private_endpoints() {
    let waits = || vec![connection("sessions-pe", PrivateEndpointState::Pending)];
    fails(
        &[
            "approved-private-endpoint-exists",
            "private-cache-has-endpoint",
            "private-endpoint-connections-are-settled",
            "private-records-are-current",
        ],
        |it| {
            it.azure().connections = Fact::Known(waits());
            it.snapshot.private_endpoints[0].state = PrivateEndpointState::Pending;
        },
    );
    cannot_tell(
        &[
            "approved-private-endpoint-exists",
            "cache-has-no-alias",
            "private-cache-has-endpoint",
            "private-endpoint-connections-are-settled",
            "private-endpoint-filters-are-asked",
            "private-endpoint-has-zone",
            "private-endpoint-zone-fits-service",
        ],
        |it| {
            it.azure().connections = Fact::unknown(gap("privateEndpointConnections"));
            it.snapshot.dns_zones[0].records = Fact::unknown(gap("records"));
            it.snapshot.private_endpoints.clear();
            it.selection.disable.extend(
                ["private-records-are-current", "private-records-expire-soon"].map(str::to_owned),
            );
        },
    );
    fails(&["private-endpoint-has-zone"], |it| {
        it.snapshot.private_endpoints[0].zones = Fact::Known(vec![]);
    });
    cannot_tell(
        &[
            "private-endpoint-has-zone",
            "private-endpoint-zone-fits-service",
        ],
        |it| {
            it.snapshot.private_endpoints[0].zones = Fact::unknown(gap("privateDnsZoneGroups"));
        },
    );
    // One that belongs to a subscription that was not read.
    cannot_tell(
        &[
            "private-endpoint-filters-are-asked",
            "private-endpoint-has-zone",
            "private-endpoint-zone-fits-service",
            "private-records-are-current",
        ],
        |it| it.snapshot.private_endpoints.clear(),
    );
}

#[test]
fn records_of_names() {
    let name = format!("sessions.{ZONE_NAME}");
    fails(&["private-records-are-current"], |it| {
        it.snapshot.dns_zones[0].records = Fact::Known(vec![record(&name, "A", "10.0.2.9")]);
    });
    fails(&["private-records-expire-soon"], |it| {
        let old = DnsRecord {
            ttl: 86_400,
            ..record(&name, "A", "10.0.2.4")
        };
        it.snapshot.dns_zones[0].records = Fact::Known(vec![old]);
    });
    // The endpoint's own address is not known: the record may be right.
    cannot_tell(&["private-records-are-current"], |it| {
        it.snapshot.private_endpoints[0].addresses = Fact::unknown(gap("networkInterfaces"));
    });
    // Another cache's record is none of this one's.
    comes_out(Verdict::Pass, &[], |it| {
        let other = record(&format!("carts.{ZONE_NAME}"), "A", "10.0.2.9");
        let own = record(&name, "A", "10.0.2.4");
        it.snapshot.dns_zones[0].records = Fact::Known(vec![own, other]);
    });
    fails(&["cache-has-no-alias"], |it| {
        let mut own = zone("corp.internal");
        own.records = Fact::Known(vec![record(
            "redis.corp.internal",
            "CNAME",
            "Sessions.redis.cache.windows.net.",
        )]);
        it.snapshot.dns_zones.push(own);
    });
    cannot_tell(
        &["cache-has-no-alias", "private-records-are-current"],
        |it| {
            it.snapshot.dns_zones[0].records = Fact::unknown(gap("records"));
            it.selection
                .disable
                .push("private-records-expire-soon".into());
        },
    );
}

#[test]
fn filters_that_nobody_asks() {
    let off = |it: &mut Estate| {
        let subnet = it
            .snapshot
            .subnets
            .iter_mut()
            .find(|it| it.name == "data")
            .unwrap();
        let azure = subnet.azure.as_mut().unwrap();
        azure.private_endpoint_policies = Fact::Known(PrivateEndpointPolicies::Disabled);
    };
    fails(&["private-endpoint-filters-are-asked"], off);
    cannot_tell(&["private-endpoint-filters-are-asked"], |it| {
        let mut subnets = it.snapshot.subnets.iter_mut();
        let data = subnets.find(|it| it.name == "data").unwrap();
        let azure = data.azure.as_mut().unwrap();
        azure.private_endpoint_policies = Fact::unknown(gap("virtualNetworks"));
    });
    // Default rules alone say nothing that could be missed.
    comes_out(Verdict::Pass, &[], |it| {
        off(it);
        let rules = it.snapshot.filters[0].rules.value().unwrap().clone();
        let default = rules
            .into_iter()
            .filter(|it| it.priority >= Some(65_000))
            .collect();
        it.snapshot.filters[0].rules = Fact::Known(default);
    });
}

#[test]
fn injected_caches() {
    fails(&["cache-is-not-injected"], injected);
    fails(
        &["cache-is-not-injected", "platform-traffic-passes"],
        |it| {
            injected(it);
            let traffic = it
                .reachability
                .platform
                .get_mut(&ResourceId::from(cache_id()))
                .unwrap();
            traffic.stopped = vec![need(false)];
        },
    );
    fails(&["cache-is-not-injected", "platform-probes-pass"], |it| {
        injected(it);
        let traffic = it
            .reachability
            .platform
            .get_mut(&ResourceId::from(cache_id()))
            .unwrap();
        traffic.stopped = vec![need(true)];
    });
    fails(
        &[
            "cache-is-not-injected",
            "injected-cache-is-closed-by-default",
        ],
        |it| {
            injected(it);
            let deny = |rule: &mut Rule| {
                if rule.id.as_str() == "DenyRest" {
                    rule.peers = vec![Peer::Cidr("10.9.0.0/16".parse::<Cidr>().unwrap())];
                }
            };
            let Fact::Known(rules) = &mut it.snapshot.filters[0].rules else {
                panic!("known")
            };
            rules.iter_mut().for_each(deny);
        },
    );
    let verdicts = changed(|it| {
        injected(it);
        let traffic = it
            .reachability
            .platform
            .get_mut(&ResourceId::from(cache_id()))
            .unwrap();
        traffic.unsettled = vec![need(false), need(true)];
        traffic.gaps = vec![gap("routeTables")];
    });
    let unknown: Vec<&str> = verdicts
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Unknown)
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(unknown, ["platform-probes-pass", "platform-traffic-passes"]);
    // An engine that says nothing of it leaves it unknown, not fine.
    let verdicts = changed(|it| {
        injected(it);
        it.reachability.platform.clear();
    });
    assert_eq!(verdicts.len(), 3, "{verdicts:?}");
}
