use cachewarden_model::{Provider, TrackerKind};

use super::*;

fn tables() -> Tables {
    Tables::load().unwrap()
}

fn day_of(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn every_table_says_where_it_is_from() {
    let tables = tables();
    let files: Vec<&str> = tables.origins().iter().map(|it| it.file).collect();
    assert!(files.is_sorted() && files.len() == 6);
    for origin in tables.origins() {
        assert!(!origin.sources.is_empty(), "{}", origin.file);
        assert!(
            origin.sources.iter().all(|url| url.starts_with("https://")),
            "{}",
            origin.file
        );
        assert!(origin.read > day_of("2026-01-01"), "{}", origin.file);
    }
}

#[test]
fn limits_are_those_of_the_manual() {
    let tables = tables();
    for (service, node_type, clients) in [
        (Service::ElastiCache, "cache.t2.small", Some(20_000)),
        (Service::ElastiCache, "cache.t3.micro", Some(20_000)),
        (Service::ElastiCache, "cache.t3.small", Some(46_000)),
        (Service::ElastiCache, "cache.t4g.micro", Some(20_000)),
        (Service::ElastiCache, "cache.r7g.large", Some(65_000)),
        (Service::ElastiCacheServerless, "", Some(65_000)),
        (Service::MemoryDb, "db.t4g.small", Some(65_000)),
        (Service::AzureCache, "C1", None),
    ] {
        assert_eq!(
            tables.connection_limit(service, node_type),
            clients,
            "{node_type}"
        );
    }
    assert!(tables.limit_varies(Service::ElastiCache));
    assert!(!tables.limit_varies(Service::MemoryDb));
    assert_eq!(
        tables.connection_metric(Service::MemoryDb),
        Some("CurrConnections")
    );
}

#[test]
fn idle_limits_are_those_of_the_manual() {
    let tables = tables();
    let idle = |kind, machine_type: Option<&str>, stated_seconds, provider| {
        tables.idle_seconds(&Tracker {
            kind,
            provider,
            stated_seconds,
            machine_type: machine_type.map(str::to_owned),
            id: "eni-0a".into(),
            name: "app".into(),
        })
    };
    for (machine_type, expected) in [
        ("m8i.large", (350, 350)),
        ("m8i-flex.large", (350, 350)),
        ("m8gn.metal-24xl", (350, 350)),
        ("p6-b200.48xlarge", (350, 350)),
        ("p6e-gb200.36xlarge", (432_000, 432_000)),
        ("m8g.large", (432_000, 432_000)),
        ("t3.micro", (432_000, 432_000)),
        ("m4.large", (432_000, 432_000)),
        ("m8", (350, 432_000)),
        ("", (350, 432_000)),
    ] {
        let machine_type = Some(machine_type);
        let found = idle(TrackerKind::Interface, machine_type, None, Provider::Aws);
        assert_eq!(found, Some(expected), "{machine_type:?}");
    }
    let of = |kind, provider| idle(kind, None, None, provider);
    assert_eq!(
        of(TrackerKind::Interface, Provider::Aws),
        Some((350, 432_000))
    );
    assert_eq!(
        of(TrackerKind::LoadBalancer, Provider::Aws),
        Some((60, 6_000))
    );
    assert_eq!(of(TrackerKind::NatGateway, Provider::Aws), Some((350, 350)));
    assert_eq!(
        of(TrackerKind::PrivateEndpoint, Provider::Aws),
        Some((350, 350))
    );
    assert_eq!(of(TrackerKind::Interface, Provider::Gcp), None);
    let stated = idle(
        TrackerKind::Interface,
        Some("m8i.large"),
        Some(7),
        Provider::Gcp,
    );
    assert_eq!(stated, Some((7, 7)));
}

#[test]
fn every_machine_family_has_one_idle_limit() {
    let tables = tables();
    let rows = &tables.idle.rows;
    let mut seen = std::collections::BTreeSet::new();
    for family in rows.iter().flat_map(|row| &row.machine_families) {
        assert!(seen.insert(family), "{family} stands in two rows");
        assert_eq!(*family, family.to_lowercase());
        assert!(!family.contains('.') && !family.contains(' '), "{family}");
    }
    for row in rows {
        assert!(row.at_least <= row.at_most && row.at_least > 30, "{row:?}");
    }
}

#[test]
fn support_ends_by_version() {
    let tables = tables();
    let ends = |version: &str| {
        let version = Version(version.into());
        tables
            .support(Service::ElastiCache, Engine::Redis, &version)
            .map(|it| it.standard_ends)
    };
    assert_eq!(ends("3.2.10"), None);
    assert_eq!(ends("4.0.10"), Some(day_of("2026-01-31")));
    assert_eq!(ends("5.0.6"), Some(day_of("2026-01-31")));
    assert_eq!(ends("6.2.6"), Some(day_of("2027-01-31")));
    assert_eq!(ends("7.1.0"), None);
    let valkey = tables.support(Service::ElastiCache, Engine::Valkey, &Version("6".into()));
    assert_eq!(valkey, None);
}

#[test]
fn tls_minimum_holds_from_its_day() {
    let tables = tables();
    let minimum = |version: &str, at: &str| {
        let version = Version(version.into());
        tables.tls_minimum(Service::ElastiCache, Engine::Redis, &version, day_of(at))
    };
    assert_eq!(minimum("6.2.6", "2026-04-27"), None);
    assert_eq!(minimum("6.2.6", "2026-04-28"), Some(TlsVersion::V1_2));
    assert_eq!(minimum("5.0.6", "2026-11-01"), None);
}

#[test]
fn updates_have_their_days() {
    let tables = tables();
    assert_eq!(tables.update_days("Critical"), Some(14));
    assert_eq!(tables.update_days("low"), Some(90));
    assert_eq!(tables.update_days("odd"), None);
    assert!(tables.update_done("complete") && !tables.update_done("stopped"));
    assert_eq!(tables.default_ports(Service::MemoryDb), [6379]);
}
