//! What surrounds caches on Google Cloud: peerings, hubs, rules for what goes
//! out.

use cachewarden_model::*;

use super::nouns::{peering, used};
use super::{CLUSTER, NETWORK, cannot_tell, fails, gap, hiding, sound};
use crate::estate::{Estate, set};

#[test]
fn peerings() {
    fails(&["peering-to-cache-is-active"], |it| {
        it.snapshot.peerings[0].state = LinkState::Down("INACTIVE".into());
    });
    fails(&["peering-to-cache-is-active"], |it| {
        it.snapshot.peerings[0].name = "to-lab".into();
        it.selection.disable = vec!["allocated-range-has-room".into()];
    });
    let unknown = ["allocated-range-has-room", "peering-to-cache-is-active"];
    cannot_tell(&unknown, |it| {
        it.snapshot.peerings.clear();
        it.snapshot.gaps = vec![hiding(Noun::Peerings)];
    });
    let direct = |it: &mut Estate| {
        it.redis_gcp().connect_mode = Some("DIRECT_PEERING".into());
        it.snapshot.peerings = vec![peering("redis-peer-1"), peering("redis-peer-2")];
        it.snapshot.peerings[1].accepter.cidrs = vec!["10.9.0.0/29".parse().unwrap()];
    };
    fails(&[], direct);
    // The other one leads elsewhere.
    fails(&[], |it| {
        direct(it);
        it.snapshot.peerings[1].state = LinkState::Down("INACTIVE".into());
    });
    cannot_tell(&["peering-to-cache-is-active"], |it| {
        direct(it);
        it.snapshot.peerings[0].accepter.cidrs.clear();
        it.snapshot.peerings[1].state = LinkState::Down("INACTIVE".into());
    });
}

#[test]
fn machines_elsewhere() {
    let link = HybridLink {
        id: "projects/shop/regions/europe-west1/vpnTunnels/office".into(),
        kind: HybridKind::VpnTunnel,
        region: "europe-west1".into(),
        router: None,
        state: LinkState::Active,
    };
    let exported = |it: &mut Estate| it.snapshot.peerings[0].requester.exports_routes = Some(true);
    fails(&[], exported);
    fails(&["peering-exports-no-custom-routes"], |it| {
        exported(it);
        it.net().hybrid = Fact::Known(vec![link]);
    });
    cannot_tell(&["peering-exports-no-custom-routes"], |it| {
        exported(it);
        it.net().hybrid = Fact::unknown(gap("vpnTunnels"));
    });
    cannot_tell(&["peering-exports-no-custom-routes"], |it| {
        it.snapshot.peerings[0].requester.exports_routes = None;
        it.net().hybrid = Fact::unknown(gap("vpnTunnels"));
    });
    fails(&[], |it| {
        it.snapshot.peerings[0].requester.exports_routes = None;
    });
}

#[test]
fn hubs() {
    let range = |text: &str| text.parse().unwrap();
    let spoke = |exports| {
        Fact::Known(Some(HubSpoke {
            hub: "projects/shop/locations/global/hubs/mesh".into(),
            spoke: "projects/shop/locations/global/spokes/net-1".into(),
            state: LinkState::Active,
            exports_psc: exports,
            group: None,
            topology: None,
            included: vec![],
            excluded: vec![],
        }))
    };
    fails(&["hub-does-not-offer-cache"], |it| {
        it.net().hub = spoke(Fact::Known(true))
    });
    fails(&[], |it| it.net().hub = spoke(Fact::Known(false)));
    cannot_tell(&["hub-does-not-offer-cache"], |it| {
        it.net().hub = spoke(Fact::unknown(gap("hubs.get")));
    });
    cannot_tell(&["hub-does-not-offer-cache"], |it| {
        it.net().hub = Fact::unknown(gap("spokes.list"));
    });
    let ranges = |included: &[&str], excluded: &[&str]| {
        let (included, excluded) = (
            included.iter().map(|it| range(it)).collect(),
            excluded.iter().map(|it| range(it)).collect(),
        );
        move |it: &mut Estate| {
            let Fact::Known(Some(known)) = spoke(Fact::Known(true)) else {
                unreachable!("it is known")
            };
            it.net().hub = Fact::Known(Some(HubSpoke {
                included,
                excluded,
                ..known
            }));
        }
    };
    // The subnet of the addresses is kept from the hub.
    fails(&[], ranges(&[], &["10.0.2.0/24"]));
    fails(&[], ranges(&["10.0.1.0/24"], &[]));
    fails(
        &["hub-does-not-offer-cache"],
        ranges(&["10.0.0.0/16"], &["10.0.2.6/32"]),
    );
}

#[test]
fn allocated_ranges() {
    fails(&["allocated-range-has-room"], |it| {
        let full = vec!["10.8.0.0/16".parse().unwrap()];
        it.snapshot.peerings[0].accepter.cidrs = full;
    });
    // Routes that were not read are not an empty range.
    cannot_tell(&["allocated-range-has-room"], |it| {
        it.snapshot.peerings[0].accepter.cidrs.clear();
    });
    cannot_tell(&["allocated-range-has-room"], |it| {
        it.net().allocated = Fact::unknown(gap("addresses.list"));
    });
}

#[test]
fn rules_for_what_goes_out() {
    let dead = |it: &mut Estate, dead| it.reachability.rules[0].dead = Some(dead);
    fails(&["egress-rule-has-machines"], |it| {
        dead(it, DeadRule::NamesNobody)
    });
    fails(&["egress-rule-is-in-force"], |it| {
        let detail = "it is disabled".into();
        dead(it, DeadRule::Inert { detail });
    });
    fails(&["rule-is-not-shadowed"], |it| {
        let by = vec!["deny-all".into()];
        dead(it, DeadRule::Shadowed { by });
    });
    // It judges what clients send, not what a cache answers.
    let mut estate = sound();
    dead(&mut estate, DeadRule::NamesNobody);
    let audit = estate.audit();
    let blame: Vec<_> = audit.findings.iter().flat_map(|it| &it.blame).collect();
    let places: Vec<_> = blame.iter().map(|it| (it.leg, it.stage)).collect();
    assert_eq!(places, [(Leg::Request, Stage::ClientFilter)]);
    cannot_tell(&["egress-rule-has-machines"], |it| {
        it.reachability.rules[0].gaps = vec![gap("instances.aggregatedList")];
    });
    // A wide rule for what goes out is not the cache's concern.
    fails(&[], |it| {
        it.reachability.rules.push(RuleUse {
            world: true,
            whole_network: true,
            covers_other_ports: true,
            addresses: u64::MAX,
            ..used("allow-redis")
        });
    });
    let mut estate = sound();
    dead(&mut estate, DeadRule::NamesNobody);
    let finding = &estate.audit().findings[0];
    assert!(
        finding
            .message
            .ends_with("no machine has its tag or service account")
    );
}

#[test]
fn many_addresses() {
    let wide: SourceSet = vec![(Zone::Network(NETWORK.into()), set(&["10.0.0.0/16"]))];
    fails(&["few-addresses-reach-cache"], |it| {
        it.reachability.exposures[1].certain = wide.clone();
        it.reachability.exposures[1].possible = wide.clone();
    });
    cannot_tell(&["few-addresses-reach-cache"], |it| {
        it.reachability.exposures[1].possible = wide.clone();
        it.reachability.exposures[1].gaps = vec![gap("getEffectiveFirewalls")];
    });
    fails(&["somebody-can-reach-cache"], |it| {
        it.reachability.exposures[1].certain.clear();
        it.reachability.exposures[1].possible.clear();
        assert_eq!(it.reachability.exposures[1].cache.as_str(), CLUSTER);
    });
}
