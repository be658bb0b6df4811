//! Who can open a connection, as sets of addresses.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::change::{
    endpoint_gone, global_access, on_cache, on_network, on_peering, route, without_peering,
};
use cachewarden_estates::gcp::{HOME, base, id, route as line};
use cachewarden_model::{
    CloudRouter, Exposure, Fact, HubSpoke, HybridKind, HybridLink, LinkState, RouteTarget,
    SourceSet, Zone,
};
use cachewarden_netset::AddressSet;
use cachewarden_reach::{Estate as Indexed, reachability};

/// The exposure of a cache's first endpoint.
fn exposure(cache: &str, estate: Estate) -> Exposure {
    let snapshot = estate.build();
    let found = reachability(&Indexed::new(&snapshot), &[]);
    let mut all = found.exposures.into_iter();
    let own = all.find(|it| it.cache == *cache && it.endpoint == 0);
    own.expect("an exposure")
}

fn at(set: &SourceSet, zone: &Zone) -> AddressSet {
    let found = set.iter().find(|(own, _)| own == zone);
    found.map_or_else(AddressSet::empty, |(_, set)| set.clone())
}

fn network(id: &str) -> Zone {
    Zone::Network(id.into())
}

fn has(set: &AddressSet, address: &str) -> bool {
    set.contains(address.parse().expect("an address"))
}

#[test]
fn g30_the_whole_network_gets_to_the_cache() {
    let found = exposure(id::SESSIONS, base());
    let own = at(&found.certain, &network(id::VPC_A));
    assert!(has(&own, "10.1.1.10") && has(&own, "10.1.128.5") && has(&own, "10.1.5.1"));
    // Of the other region it is not told.
    assert!(!has(&own, "10.2.1.10"));
    assert!(has(&at(&found.possible, &network(id::VPC_A)), "10.2.1.10"));
    for zone in [network(id::VPC_B), Zone::Internet, Zone::OnPremises] {
        assert!(at(&found.possible, &zone).is_empty(), "{zone}");
    }
}

#[test]
fn g22_nobody_without_the_peering() {
    let found = exposure(
        id::SESSIONS,
        base().with(without_peering(id::VPC_A, id::REDIS_PEER)),
    );
    assert!(found.possible.is_empty(), "{found:#?}");
}

#[test]
fn g50_an_endpoint_for_its_own_region_or_for_all() {
    let first = id::endpoint("catalog", 1);
    let far = |estate| {
        let found = exposure(id::CATALOG, estate);
        has(&at(&found.certain, &network(id::VPC_A)), "10.2.1.10")
    };
    assert!(far(base()));
    assert!(!far(base().with(global_access(&first, false))));
    let gone = exposure(id::CATALOG, base().with(endpoint_gone(&first)));
    assert!(gone.possible.is_empty(), "{gone:#?}");
}

fn spoke() -> HubSpoke {
    HubSpoke {
        hub: "projects/net-host/locations/global/hubs/h".into(),
        spoke: "projects/net-host/locations/global/spokes/s".into(),
        state: LinkState::Active,
        exports_psc: Fact::Known(true),
        group: None,
        topology: Some("MESH".to_owned()),
        included: vec![],
        excluded: vec![],
    }
}

#[test]
fn g21_other_spokes_of_a_hub_may_get_to_the_endpoint() {
    let hub = |out: Vec<&str>| {
        let excluded = out.iter().map(|it| it.parse().expect("a range")).collect();
        let own = HubSpoke {
            excluded,
            ..spoke()
        };
        base()
            .with(without_peering(id::VPC_A, "to-vpc-b"))
            .with(without_peering(id::VPC_B, "to-vpc-a"))
            .with(on_network(id::VPC_A, |it| it.hub = Fact::Known(Some(own))))
            .with(on_network(id::VPC_B, |it| {
                it.hub = Fact::Known(Some(spoke()))
            }))
    };
    let found = exposure(id::CATALOG, hub(vec![]));
    assert!(has(&at(&found.possible, &network(id::VPC_B)), "10.20.1.10"));
    assert!(at(&found.certain, &network(id::VPC_B)).is_empty());
    assert!(!found.gaps.is_empty());
    let out = exposure(id::CATALOG, hub(vec!["10.1.2.0/24"]));
    assert!(at(&out.possible, &network(id::VPC_B)).is_empty());
}

#[test]
fn g48_exported_routes_let_the_office_in() {
    let office = |exports: bool| {
        base()
            .with(on_peering(id::VPC_A, id::SERVICE_PEER, move |it| {
                it.requester.exports_routes = Some(exports);
                it.requester.imports_routes = Some(true);
            }))
            .with(on_network(id::VPC_A, |it| {
                it.hybrid = Fact::Known(vec![HybridLink {
                    id: "projects/net-host/regions/r/vpnTunnels/t".into(),
                    kind: HybridKind::VpnTunnel,
                    region: HOME.into(),
                    router: Some("projects/net-host/regions/r/routers/r".into()),
                    state: LinkState::Active,
                }]);
                it.routers = Fact::Known(vec![CloudRouter {
                    id: "projects/net-host/regions/r/routers/r".into(),
                    region: HOME.into(),
                    advertises_subnets: true,
                    advertises: vec!["10.70.0.0/16".parse().expect("a range")],
                }]);
            }))
    };
    let on = exposure(id::CART, office(true));
    assert!(has(&at(&on.possible, &Zone::OnPremises), "192.168.10.5"));
    let off = exposure(id::CART, office(false));
    assert!(at(&off.possible, &Zone::OnPremises).is_empty());
}

#[test]
fn g68_an_endpoint_in_a_network_that_nobody_read() {
    let theirs = "projects/other/global/networks/theirs";
    let foreign = base().with(on_cache("orders", move |it| {
        for endpoint in &mut it.endpoints {
            endpoint.network = Some(theirs.into());
        }
        let gcp = it.gcp.as_mut().expect("of Google Cloud");
        if let Fact::Known(connections) = &mut gcp.connections {
            for connection in connections {
                connection.network = theirs.into();
                connection.project = Some("other".into());
            }
        }
    }));
    let found = exposure(id::ORDERS, foreign);
    assert!(has(&at(&found.possible, &network(theirs)), "10.9.9.9"));
    assert!(at(&found.possible, &network(id::VPC_A)).is_empty());
    let own = exposure(id::ORDERS, base());
    assert!(has(&at(&own.certain, &network(id::VPC_A)), "10.1.1.10"));
}

#[test]
fn g18_who_may_come_round_by_a_machine_is_told() {
    let by = |range: &str| {
        let appliance = RouteTarget::Appliance([10, 20, 1, 9].into());
        let led = base().with(route(id::VPC_B, line("round", range, 1000, appliance)));
        let found = exposure(id::SESSIONS, led);
        let neighbour = network(id::VPC_B);
        assert!(at(&found.certain, &neighbour).is_empty());
        has(&at(&found.possible, &neighbour), "10.20.1.10")
    };
    assert!(by("10.60.0.0/24"));
    assert!(!by("10.61.0.0/24"));
}
