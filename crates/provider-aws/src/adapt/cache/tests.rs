//! Words and days that services share.

use super::*;
use crate::adapt::tests::World;

const OPERATION: Operation = Operation::DescribeCacheClusters;

#[test]
fn every_documented_status_has_its_meaning() {
    let cases = [
        ("available", Phase::Serving),
        ("AVAILABLE", Phase::Serving),
        ("MODIFYING", Phase::Serving),
        ("modifying", Phase::Changing),
        ("snapshotting", Phase::Changing),
        ("rebooting cluster nodes", Phase::Changing),
        ("incompatible-network", Phase::Impaired),
        ("creating", Phase::Creating),
        ("CREATING", Phase::Creating),
        ("create-failed", Phase::Gone),
        ("CREATE-FAILED", Phase::Gone),
        ("deleting", Phase::Gone),
        ("frozen", Phase::Unclear),
    ];
    for (text, expected) in cases {
        assert_eq!(phase(text), expected, "{text}");
    }
}

#[test]
fn the_lowest_tls_version_holds_from_its_day_and_engine_version_on() {
    let mut world = World::new();
    let of = |world: &World, engine, version: &str| {
        let version = Fact::Known(Version(version.to_owned()));
        tls_min(&world.around(), OPERATION, &Fact::Known(engine), &version)
    };
    let known = Fact::Default(TlsVersion::V1_2);
    world.now = "2026-04-28".parse().unwrap();
    assert_eq!(of(&world, Engine::Redis, "6.2.6"), known);
    assert_eq!(of(&world, Engine::Redis, "6"), known);
    assert_eq!(of(&world, Engine::Valkey, "7.2"), known);
    assert!(of(&world, Engine::Redis, "5.0.6").is_unknown());
    world.now = "2026-04-27T23:59:59Z".parse().unwrap();
    assert!(of(&world, Engine::Valkey, "8.0").is_unknown());
}

#[test]
fn families_are_ipv4_unless_stated() {
    let place = World::new().place;
    let of = |text| families(&place, OPERATION, text);
    assert_eq!(of(None), Fact::Default(IpFamilies::Ipv4));
    assert_eq!(of(Some("dual_stack")), Fact::Known(IpFamilies::DualStack));
    assert!(of(Some("ipx")).is_unknown());
}

#[test]
fn an_endpoint_needs_a_port() {
    let of = |port| endpoint(EndpointRole::Primary, Some("h"), port, &[]);
    assert_eq!(of(Some(6379)).unwrap().port, 6379);
    for port in [None, Some(0), Some(-1), Some(65_536)] {
        assert_eq!(of(port), None, "{port:?}");
    }
    let nameless = endpoint(EndpointRole::Primary, Some(""), Some(1), &[]).unwrap();
    assert_eq!(nameless.host, None);
}
