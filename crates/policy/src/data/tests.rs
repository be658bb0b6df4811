use cachewarden_model::{Provider, TrackerKind};

use super::*;

fn tables() -> Tables {
    Tables::load().unwrap()
}

fn size(service: Service, node_type: &str) -> Size<'_> {
    Size {
        service,
        node_type: Some(node_type),
        encrypted: None,
        version: None,
    }
}

fn day_of(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn every_table_says_where_it_is_from() {
    let tables = tables();
    let files: Vec<&str> = tables.origins().iter().map(|it| it.file).collect();
    assert!(files.is_sorted() && files.len() == 11);
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
        (Service::AzureCache, "C0", Some(256)),
        (Service::AzureCache, "C3", Some(5_000)),
        (Service::AzureCache, "P2", Some(15_000)),
        (Service::AzureCache, "P5", Some(40_000)),
        (Service::AzureCache, "P6", None),
        (Service::AzureManaged, "Balanced_B5", Some(15_000)),
        (Service::AzureManaged, "Balanced_B10", Some(30_000)),
        (Service::AzureManaged, "MemoryOptimized_M10", Some(15_000)),
        (Service::AzureManaged, "ComputeOptimized_X10", Some(75_000)),
        (Service::AzureManaged, "ComputeOptimized_X20", Some(150_000)),
        (Service::AzureManaged, "FlashOptimized_A250", Some(75_000)),
        (Service::AzureManaged, "FlashOptimized_A4500", Some(200_000)),
        (Service::AzureManaged, "Balanced_B2", None),
        (Service::AzureEnterprise, "Enterprise_E10", None),
    ] {
        assert_eq!(
            tables.connection_limit(&size(service, node_type)),
            Ok(clients),
            "{node_type}"
        );
    }
    let unsized_ = |service| Size {
        node_type: None,
        ..size(service, "")
    };
    let by_type = Undecided {
        node_type: true,
        ..Undecided::default()
    };
    let limit = |service| tables.connection_limit(&unsized_(service));
    assert_eq!(limit(Service::ElastiCache), Err(by_type));
    assert_eq!(limit(Service::AzureManaged), Err(by_type));
    assert_eq!(limit(Service::MemoryDb), Ok(Some(65_000)));
    let parts = |service, name| tables.connection_parts(&size(service, name));
    assert_eq!(parts(Service::AzureManaged, "Balanced_B5"), Ok(2));
    assert_eq!(
        parts(Service::AzureManaged, "FlashOptimized_A4500"),
        Ok(144)
    );
    assert_eq!(parts(Service::AzureCache, "P5"), Ok(1));
    assert_eq!(parts(Service::ElastiCache, "cache.r7g.large"), Ok(1));
    for service in [
        Service::AzureCache,
        Service::AzureEnterprise,
        Service::AzureManaged,
    ] {
        assert_eq!(tables.connection_metric(service), Some("connectedclients"));
    }
    assert_eq!(
        tables.connection_metric(Service::MemoryDb),
        Some("CurrConnections")
    );
}

/// By processors: 2 take 15,000 clients, 4 twice as many, 8 five times, 16
/// ten times, and from 24 on all take 200,000.
#[test]
fn limits_of_managed_caches_follow_their_processors() {
    let tables = tables();
    let rows = tables.limits.rows.iter();
    let managed = rows.filter(|row| row.services == [Service::AzureManaged]);
    let mut sizes = 0;
    for row in managed {
        let expected = match row.parts {
            2 => 15_000,
            4 => 30_000,
            8 => 75_000,
            16 => 150_000,
            more => {
                assert!(more >= 24);
                200_000
            }
        };
        assert_eq!(row.clients, Some(expected), "{row:?}");
        sizes += row.node_types.len();
    }
    assert_eq!(sizes, 44);
}

#[test]
fn idle_limits_are_those_of_the_manual() {
    let tables = tables();
    let idle = |kind, machine_type: Option<&str>, stated_seconds, provider| {
        tables.idle_seconds(&Tracker {
            kind,
            certain: true,
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
    assert_eq!(of(TrackerKind::Interface, Provider::Gcp), Some((600, 600)));
    assert_eq!(of(TrackerKind::Interface, Provider::Azure), None);
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
    let redis = |version: &str| {
        let version = Version(version.into());
        let support = tables.support(Service::AzureCache, Engine::Redis, &version);
        support.map(|it| it.standard_ends)
    };
    assert_eq!(redis("4.0"), Some(day_of("2023-06-30")));
    assert_eq!(redis("6.0"), None);
    assert!(tables.supports(Service::AzureCache) && !tables.supports(Service::AzureManaged));
    let valkey = tables.support(Service::ElastiCache, Engine::Valkey, &Version("6".into()));
    assert_eq!(valkey, None);
}

#[test]
fn tls_minimum_holds_from_its_day() {
    let tables = tables();
    let minimum = |version: &str, at: &str| {
        let version = Version(version.into());
        tables.tls_minimum(
            Service::ElastiCache,
            Some(Engine::Redis),
            Some(&version),
            day_of(at),
        )
    };
    assert_eq!(minimum("6.2.6", "2026-04-27"), None);
    assert_eq!(minimum("6.2.6", "2026-04-28"), Some(TlsVersion::V1_2));
    assert_eq!(minimum("5.0.6", "2026-11-01"), None);
}

#[test]
fn on_azure_the_tls_minimum_depends_on_no_version() {
    let tables = tables();
    let minimum = |service, at: &str| tables.tls_minimum(service, None, None, day_of(at));
    let until = "2025-03-31";
    assert_eq!(minimum(Service::AzureCache, until), None);
    assert_eq!(
        minimum(Service::AzureManaged, until),
        Some(TlsVersion::V1_2)
    );
    let from = "2025-04-01";
    assert_eq!(minimum(Service::AzureCache, from), Some(TlsVersion::V1_2));
    assert_eq!(minimum(Service::MemoryDb, from), None);
}

#[test]
fn services_retire_on_their_day() {
    let tables = tables();
    let day = |service| tables.retirement(service).map(|it| it.day);
    assert_eq!(day(Service::AzureCache), Some(day_of("2028-09-30")));
    assert_eq!(day(Service::AzureEnterprise), Some(day_of("2027-03-31")));
    assert_eq!(day(Service::AzureManaged), None);
    assert_eq!(day(Service::ElastiCache), None);
}

#[test]
fn a_host_name_has_its_private_zone() {
    let tables = tables();
    for (service, host, expected) in [
        (
            Service::AzureCache,
            "Sessions.redis.cache.windows.net",
            Some(("privatelink.redis.cache.windows.net", "sessions")),
        ),
        (
            Service::AzureManaged,
            "sessions.westeurope.redis.azure.net",
            Some(("privatelink.redis.azure.net", "sessions.westeurope")),
        ),
        (
            Service::AzureEnterprise,
            "s.westeurope.redisenterprise.cache.azure.net",
            Some((
                "privatelink.redisenterprise.cache.azure.net",
                "s.westeurope",
            )),
        ),
        (
            Service::AzureManaged,
            "sessions.redis.cache.windows.net",
            None,
        ),
        (
            Service::AzureManaged,
            "s.usgovvirginia.redis.usgovcloudapi.net",
            None,
        ),
        (Service::AzureCache, "evilredis.cache.windows.net", None),
        (Service::AzureCache, "redis.cache.windows.net", None),
    ] {
        let expected = expected.map(|(zone, own)| (zone, format!("{own}.{zone}")));
        assert_eq!(tables.private_zone(service, host), expected, "{host}");
    }
}

#[test]
fn sizes_and_idle_times_are_those_of_the_manual() {
    let tables = tables();
    assert_eq!(tables.memory(Service::AzureCache, "C0"), Some(250));
    assert_eq!(tables.memory(Service::AzureCache, "P4"), Some(53 * 1024));
    assert_eq!(tables.memory(Service::AzureManaged, "Balanced_B5"), None);
    assert_eq!(
        tables.server_idle(Service::AzureManaged),
        Some((600, false))
    );
    assert_eq!(tables.server_idle(Service::ElastiCache), None);
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
