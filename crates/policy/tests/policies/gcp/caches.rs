//! What Google Cloud says of its caches: one thing changed, one policy that
//! fails; the same thing not known, the same policy that cannot tell.

use cachewarden_model::*;

use super::nouns::authority;
use super::{cannot_tell, fails, gap, sound};
use crate::estate::{Estate, at};

fn parameter(cache: &mut Cache, name: &str, value: &str) {
    let mut parameters = cache.parameters.value().unwrap().clone();
    parameters.insert(name.into(), value.into());
    cache.parameters = Fact::Known(parameters);
}

fn limit_of(estate: &Estate, name: &str) -> Option<u64> {
    let audit = estate.audit();
    let cache = audit.caches.iter().find(|it| it.name == name);
    cache.unwrap().connection_limit
}

#[test]
fn a_sound_estate_fails_nothing() {
    assert_eq!(sound().verdicts(), []);
}

#[test]
fn encryption_and_logins() {
    fails(&["transit-encryption-is-on"], |it| {
        it.redis().transit_encryption = Fact::Known(TransitEncryption::Disabled);
    });
    cannot_tell(&["transit-encryption-is-on"], |it| {
        it.redis().transit_encryption = Fact::unknown(gap("redis"));
    });
    fails(&["data-at-rest-has-own-key"], |it| {
        it.cluster().at_rest_encryption = Fact::Default(AtRestEncryption::ServiceKey);
    });
    fails(&["clients-must-log-in"], |it| {
        it.redis().authentication = Fact::Known(Authentication::default());
        it.redis().anonymous_access = Fact::Known(true);
    });
    fails(&["clients-must-log-in"], |it| {
        it.cluster().authentication = Fact::Known(Authentication::default());
        it.cluster().anonymous_access = Fact::Known(true);
    });
    fails(&["identity-login-is-offered"], |it| {
        it.cluster().service = Service::MemorystoreValkey;
        it.cluster().node_type = Fact::Known("STANDARD_SMALL".into());
        it.cluster().metrics[0].name =
            "memorystore.googleapis.com/instance/clients/maximum_connected_clients".into();
        it.snapshot.connection_policies[0].service_class = "gcp-memorystore".into();
        let authentication = Authentication {
            token: true,
            ..Authentication::default()
        };
        it.cluster().authentication = Fact::Known(authentication);
    });
}

#[test]
fn keys() {
    fails(&["encryption-key-is-enabled"], |it| {
        it.cluster_gcp().key_state = Some("DISABLED".into());
    });
    fails(&["cache-accepts-connections"], |it| {
        it.redis_gcp().suspension_reasons = vec!["CUSTOMER_MANAGED_KEY_ISSUE".into()];
        it.redis().status = Fact::Known(Status {
            text: "SUSPENDED".into(),
            phase: Phase::Gone,
        });
    });
}

#[test]
fn authorities() {
    fails(&["certificate-authority-stays-valid"], |it| {
        it.redis().authority_expires = Some(at("2026-12-24"));
        it.redis_gcp().authorities = Fact::Known(vec![authority("2026-12-24")]);
    });
    let both = |it: &mut Estate, first: &str| {
        it.redis_gcp().authorities = Fact::Known(vec![authority(first), authority("2036-01-01")]);
    };
    fails(&["next-authority-is-known-to-clients"], |it| {
        both(it, "2026-12-24")
    });
    fails(&[], |it| both(it, "2028-01-01"));
    // What has ended is no concern any more.
    fails(&[], |it| both(it, "2026-10-01"));
    let unread = [
        "certificate-authority-stays-valid",
        "next-authority-is-known-to-clients",
    ];
    cannot_tell(&unread, |it| {
        it.cluster().authority_expires = None;
        it.cluster_gcp().authorities = Fact::unknown(gap("certificateAuthority"));
    });
    fails(&[], |it| {
        it.cluster().authority_expires = None;
        it.cluster_gcp().authorities = Fact::Default(vec![]);
    });
}

#[test]
fn limits_depend_on_tier_version_and_encryption() {
    let peak = |it: &mut Estate, clients: f64| it.redis().metrics[0].value = Fact::Known(clients);
    let limit = |change: fn(&mut Estate)| {
        let mut estate = sound();
        change(&mut estate);
        limit_of(&estate, "sessions")
    };
    assert_eq!(limit(|_| {}), Some(65_000));
    assert_eq!(
        limit(|it| it.redis().engine_version = Fact::Known(Version("6.x".into()))),
        Some(2_500)
    );
    let policies = [
        "encrypted-cache-runs-redis-7",
        "peak-connections-leave-headroom",
    ];
    fails(&policies, |it| {
        it.redis().engine_version = Fact::Known(Version("6.x".into()));
        it.redis().node_type = Fact::Known("M1".into());
        peak(it, 950.0);
    });
    fails(&["transit-encryption-is-on"], |it| {
        it.redis().engine_version = Fact::Known(Version("6.x".into()));
        it.redis().node_type = Fact::Known("M1".into());
        it.redis().transit_encryption = Fact::Known(TransitEncryption::Disabled);
        peak(it, 950.0);
    });
    // The largest tier takes as many either way: its version need not be known.
    cannot_tell(&["encrypted-cache-runs-redis-7"], |it| {
        it.redis().node_type = Fact::Known("M5".into());
        it.redis().engine_version = Fact::unknown(gap("redis"));
    });
    cannot_tell(&policies, |it| {
        it.redis().engine_version = Fact::unknown(gap("redis"));
    });
    fails(&[], |it| it.redis().node_type = Fact::unknown(gap("redis")));
}

#[test]
fn limits_of_clusters_are_those_of_their_owners() {
    let maxclients = |value: &'static str| {
        move |it: &mut Estate| {
            parameter(it.cluster(), "maxclients", value);
        }
    };
    let limit = |change: &dyn Fn(&mut Estate)| {
        let mut estate = sound();
        change(&mut estate);
        limit_of(&estate, "carts")
    };
    assert_eq!(limit(&|_| {}), Some(16_000));
    assert_eq!(limit(&maxclients("32000")), Some(32_000));
    fails(&[], maxclients("32000"));
    let lowered = [
        "connection-limit-is-not-lowered",
        "peak-connections-leave-headroom",
    ];
    fails(&lowered, maxclients("10"));
    fails(&["connection-limit-is-not-lowered"], maxclients("10000"));
    cannot_tell(&lowered, maxclients("many"));
    let unread = [
        "connection-limit-is-not-lowered",
        "peak-connections-leave-headroom",
        "server-keeps-idle-connections",
    ];
    cannot_tell(&unread, |it| {
        it.cluster().parameters = Fact::unknown(gap("redisConfigs"));
    });
    cannot_tell(
        &["cache-has-own-core", "peak-connections-leave-headroom"],
        |it| {
            it.cluster().node_type = Fact::unknown(gap("redis"));
        },
    );
    cannot_tell(&["peak-connections-leave-headroom"], |it| {
        it.cluster().metrics.clear();
    });
}

#[test]
fn idle_connections() {
    fails(&["server-keeps-idle-connections"], |it| {
        parameter(it.redis(), "timeout", "120");
    });
    fails(&[], |it| parameter(it.redis(), "timeout", "600"));
    cannot_tell(&["server-keeps-idle-connections"], |it| {
        // Nobody may set another limit of clients on an instance.
        it.redis().parameters = Fact::unknown(gap("redisConfigs"));
    });
}

#[test]
fn resilience_and_upkeep() {
    fails(
        &["cache-has-replica", "nodes-are-spread-over-zones"],
        |it| {
            it.redis_gcp().tier = Some("BASIC".into());
            it.redis().replicas = Fact::Known(0);
            it.redis().multi_zone = Fact::Known(false);
        },
    );
    fails(&["backups-are-kept"], |it| {
        it.cluster().backup_days = Fact::Known(0)
    });
    fails(&["cache-has-own-core"], |it| {
        it.cluster().node_type = Fact::Known("REDIS_SHARED_CORE_NANO".into());
    });
    fails(&["deletion-protection-is-on"], |it| {
        it.cluster_gcp().deletion_protection = None;
    });
    fails(&["maintenance-window-is-chosen"], |it| {
        it.redis().maintenance_window = Fact::Default("mon:00:00-mon:00:00".into());
    });
    fails(&["maintenance-avoids-business-hours"], |it| {
        it.cluster().maintenance_window = Fact::Known("tue:09:00-tue:10:00".into());
    });
    fails(&["maintenance-is-not-imminent"], |it| {
        it.redis_gcp().maintenance_starts = Some(at("2026-11-22T03:00:00Z"));
    });
    fails(&[], |it| {
        it.redis_gcp().maintenance_starts = Some(at("2026-12-22T03:00:00Z"));
    });
}

#[test]
fn valkey() {
    let valkey = |it: &mut Estate| {
        it.cluster().service = Service::MemorystoreValkey;
        it.cluster().engine = Fact::Known(Engine::Valkey);
        it.cluster().engine_version = Fact::Known(Version("8.0".into()));
        it.cluster().node_type = Fact::Known("STANDARD_SMALL".into());
        it.cluster().metrics[0].name =
            "memorystore.googleapis.com/instance/clients/maximum_connected_clients".into();
        it.snapshot.connection_policies[0].service_class = "gcp-memorystore".into();
    };
    fails(&[], valkey);
    fails(&["protected-mode-is-kept"], |it| {
        valkey(it);
        parameter(it.cluster(), "protected-mode", "no");
    });
    fails(&["migration-is-finished"], |it| {
        valkey(it);
        it.cluster_gcp().migration = Some("REPLICATION_ESTABLISHED".into());
    });
}
