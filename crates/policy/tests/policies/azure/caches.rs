//! On Azure: one thing of the cache itself changed, the policies that fail;
//! the same thing not known, the policies that cannot tell.

use cachewarden_model::*;

use super::nouns::*;
use super::*;
use crate::estate::Estate;

#[test]
fn a_sound_cache_fails_nothing() {
    let audit = sound().audit();
    assert_eq!(audit.findings, []);
    assert_eq!(audit.caches[0].connection_limit, Some(7_500));
    assert_eq!(audit.caches[0].peak_connections, Some(40));
}

#[test]
fn encryption() {
    fails(&["no-plaintext-port"], |it| {
        it.cache().transit_encryption = Fact::Known(TransitEncryption::Preferred);
    });
    // What the service no longer takes is a leftover, not a weakness.
    fails(&["stated-tls-minimum-is-1-2"], |it| {
        it.cache().tls_min = Fact::Known(TlsVersion::V1_0);
    });
    cannot_tell(&["stated-tls-minimum-is-1-2"], |it| {
        it.cache().tls_min = Fact::unknown(gap("minimumTlsVersion"));
    });
    fails(&["transit-encryption-is-on"], |it| {
        managed(it);
        it.cache().transit_encryption = Fact::Known(TransitEncryption::Disabled);
    });
    fails(&["data-at-rest-has-own-key"], |it| {
        managed(it);
        it.cache().at_rest_encryption = Fact::Default(AtRestEncryption::ServiceKey);
    });
}

/// The same cache in Azure Managed Redis.
fn managed(it: &mut Estate) {
    const ZONE: &str = "privatelink.redis.azure.net";
    let cache = it.cache();
    cache.service = Service::AzureManaged;
    cache.node_type = Fact::Known("Balanced_B5".into());
    cache.filters = Fact::Known(vec![]);
    cache.endpoints = vec![endpoint("sessions.westeurope.redis.azure.net", 10_000)];
    cache.at_rest_encryption = Fact::Known(AtRestEncryption::CustomerKey("key".into()));
    cache.engine_version = Fact::unknown(gap("redisVersion"));
    cache.maintenance_window = Fact::unknown(gap("maintenance"));
    cache.parameters = Fact::Known([].into());
    it.azure().tier = None;
    it.snapshot.private_endpoints[0].zones = Fact::Known(vec![zone_id(ZONE).into()]);
    it.snapshot.private_endpoints[0].names.clear();
    let mut zone = zone(ZONE);
    let name = format!("sessions.westeurope.{ZONE}");
    zone.records = Fact::Known(vec![record(&name, "A", "10.0.2.4")]);
    it.snapshot.dns_zones = vec![zone];
    it.snapshot.users[0].service = Service::AzureManaged;
}

#[test]
fn a_managed_cache() {
    comes_out(Verdict::Pass, &[], managed);
    fails(&["peak-connections-leave-headroom"], |it| {
        managed(it);
        it.cache().metrics[0].value = Fact::Known(12_500.0);
    });
    // Half full on one machine may be full on two.
    fails(&["spread-connections-leave-headroom"], |it| {
        managed(it);
        it.cache().metrics[0].value = Fact::Known(6_500.0);
    });
    // The zone of another service of the same kind of endpoint.
    fails(&["private-endpoint-zone-fits-service"], |it| {
        managed(it);
        let wrong = zone_id("privatelink.redisenterprise.cache.azure.net");
        it.snapshot.private_endpoints[0].zones = Fact::Known(vec![wrong.into()]);
    });
    // Beside the right one it does no harm.
    comes_out(Verdict::Pass, &[], |it| {
        managed(it);
        it.snapshot.private_endpoints[0].zones = Fact::Known(vec![
            zone_id("privatelink.redis.azure.net").into(),
            zone_id("privatelink.redisenterprise.cache.azure.net").into(),
        ]);
    });
    // No zone is published for a name of this cloud.
    cannot_tell(&["private-endpoint-zone-fits-service"], |it| {
        managed(it);
        it.cache().endpoints = vec![endpoint("s.usgovvirginia.redis.usgovcloudapi.net", 10_000)];
    });
    let headroom = [
        "peak-connections-leave-headroom",
        "spread-connections-leave-headroom",
    ];
    cannot_tell(&headroom, |it| {
        managed(it);
        it.cache().node_type = Fact::Known("Balanced_B2".into());
    });
}

#[test]
fn an_enterprise_cluster_retires_and_has_no_published_limit() {
    let verdicts = changed(|it| {
        managed(it);
        it.cache().service = Service::AzureEnterprise;
        it.cache().node_type = Fact::Known("Enterprise_E10".into());
        it.cache().endpoints = vec![endpoint(
            "sessions.westeurope.redisenterprise.cache.azure.net",
            10_000,
        )];
        let zone = zone_id("privatelink.redisenterprise.cache.azure.net");
        it.snapshot.private_endpoints[0].zones = Fact::Known(vec![zone.into()]);
        it.snapshot.dns_zones.clear();
    });
    let expected = [
        ("peak-connections-leave-headroom", Verdict::Unknown),
        ("service-stays-offered", Verdict::Fail),
    ];
    assert_eq!(
        verdicts,
        expected.map(|(id, verdict)| (id.to_owned(), verdict))
    );
}

#[test]
fn logins() {
    fails(&["clients-must-log-in"], |it| {
        it.cache().anonymous_access = Fact::Known(true);
    });
    fails(&["shared-keys-are-off"], |it| {
        let keys = Authentication {
            token: true,
            groups: vec![],
            identity: true,
        };
        it.cache().authentication = Fact::Known(keys);
    });
    fails(&["identities-have-access"], |it| it.snapshot.users.clear());
    cannot_tell(&["identities-have-access"], |it| {
        it.snapshot.users.clear();
        let hides = vec![Noun::Users];
        it.snapshot.gaps = vec![Gap {
            hides,
            ..gap("accessPolicyAssignments")
        }];
    });
    // An assignment of another cache is nobody's here.
    fails(&["identities-have-access"], |it| {
        it.snapshot.users[0].id = format!("{}-2/accessPolicyAssignments/app", cache_id()).into();
    });
    // Built-in policies name no `on`: whoever has one is let in.
    fails(
        &["access-strings-are-narrow", "users-lack-dangerous-commands"],
        |it| {
            it.snapshot.users = vec![user("app", "+@all allkeys")];
        },
    );
    fails(&["cache-has-managed-identity"], |it| {
        it.azure().identity = Some("None".into())
    });
    cannot_tell(&["cache-has-managed-identity"], |it| {
        it.azure().identity = None
    });
}

#[test]
fn resilience_and_upkeep() {
    fails(&["cache-has-replica"], |it| {
        it.cache().replicas = Fact::Default(0)
    });
    fails(&["nodes-are-spread-over-zones"], |it| {
        it.cache().multi_zone = Fact::Known(false)
    });
    fails(
        &["cache-has-own-core", "peak-connections-leave-headroom"],
        |it| {
            it.cache().node_type = Fact::Known("C0".into());
            it.cache().parameters = Fact::Known([].into());
            it.cache().metrics[0].value = Fact::Known(250.0);
        },
    );
    fails(&["maintenance-window-is-chosen"], |it| {
        it.cache().maintenance_window = Fact::Default("mon:00:00-mon:00:00".into());
    });
    fails(&["maintenance-avoids-business-hours"], |it| {
        let windows = "sun:02:00-sun:07:00, wed:11:00-wed:16:00";
        it.cache().maintenance_window = Fact::Known(windows.into());
    });
    fails(&["memory-is-reserved"], |it| {
        let reserved = ("maxmemory-reserved".to_owned(), "50".to_owned());
        it.cache().parameters = Fact::Known([reserved].into());
    });
    fails(&["geo-links-are-sound"], |it| {
        it.azure().linked = Fact::Known(vec![LinkedCache {
            id: "other".into(),
            role: None,
            state: Some("LinkFailed".into()),
            primary_host: None,
        }]);
    });
    let logs = ["connection-log-is-delivered"];
    fails(&logs, |it| it.azure().logs = Fact::Known(vec![]));
    fails(&logs, |it| {
        it.azure().logs = Fact::Known(vec!["MSEntraAuthenticationAuditLog".into()]);
    });
    fails(&[], |it| {
        it.azure().logs = Fact::Known(vec!["audit".into()])
    });
    cannot_tell(&logs, |it| {
        it.azure().logs = Fact::unknown(gap("Microsoft.Insights/diagnosticSettings/read"));
    });
    cannot_tell(&["geo-links-are-sound"], |it| {
        it.azure().linked = Fact::Known(vec![LinkedCache {
            id: "other".into(),
            role: None,
            state: None,
            primary_host: None,
        }]);
    });
    fails(&["clients-left-migrated-name"], |it| {
        it.azure().migrated_endpoint = Some("old.redis.cache.windows.net".into());
    });
    fails(&["engine-version-is-supported"], |it| {
        it.cache().engine_version = Fact::Known(Version("4.0".into()));
    });
    fails(&["service-has-no-end"], |it| it.selection.disable.clear());
}

#[test]
fn a_limit_of_azure_is_the_caches_own_word() {
    let limit = |it: fn(&mut Estate)| {
        let mut estate = sound();
        it(&mut estate);
        estate.audit().caches[0].connection_limit
    };
    assert_eq!(limit(|_| {}), Some(7_500));
    assert_eq!(
        limit(|it| it.cache().parameters = Fact::Known([].into())),
        Some(7_500)
    );
    let more = |it: &mut Estate| {
        let own = ("maxclients".to_owned(), "9000".to_owned());
        it.cache().parameters = Fact::Known([own].into());
    };
    assert_eq!(limit(more), Some(9_000));
}

#[test]
fn commands_are_those_of_the_service() {
    let mut estate = sound();
    estate.cache().transit_encryption = Fact::Known(TransitEncryption::Preferred);
    let audit = estate.audit();
    let Some(FindingFix::Text {
        command: Some(command),
        ..
    }) = &audit.findings[0].fix
    else {
        panic!("a command: {:?}", audit.findings);
    };
    assert_eq!(
        command,
        &format!(
            "az redis update --ids {} --set enableNonSslPort=false",
            cache_id()
        )
    );
}

/// What a client of a disabled cache sees is not documented, so nothing is
/// said.
#[test]
fn a_symptom_is_told_where_it_is_known() {
    let mut estate = sound();
    estate.cache().status = Fact::Known(Status {
        text: "Disabled".into(),
        phase: Phase::Gone,
    });
    let audit = estate.audit();
    assert_eq!(
        audit.findings[0].policy.as_str(),
        "cache-accepts-connections"
    );
    assert_eq!(audit.findings[0].symptom, None);
    let mut estate = crate::estate::sound();
    estate.cache().status = Fact::Known(Status {
        text: "create-failed".into(),
        phase: Phase::Gone,
    });
    assert_eq!(estate.audit().findings[0].symptom, Some(Symptom::Dns));
}
