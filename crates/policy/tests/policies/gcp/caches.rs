//! What Google Cloud says of its caches: one thing changed, one policy that
//! fails; the same thing not known, the same policy that cannot tell.

use cachewarden_model::*;

use super::nouns::authority;
use super::{cannot_tell, fails, gap, parameter, sound};
use crate::estate::{Estate, at};

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
    fails(&[], |it| {
        it.cluster_gcp().key_state = Some("ENABLED".into())
    });
    cannot_tell(&["encryption-key-is-enabled"], |it| {
        it.cluster_gcp().key_state = Some("UNKNOWN_FAILURE".into());
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
    cannot_tell(&["migration-is-finished"], |it| {
        valkey(it);
        it.cluster_gcp().migration = Some("PAUSED".into());
    });
}

/// Each command is for a product, names the project, and the place as that
/// product calls it.
#[test]
fn commands_name_project_and_place() {
    let mut estate = sound();
    let valkey = Cache {
        id: "//memorystore.googleapis.com/projects/shop/locations/europe-west1/instances/v".into(),
        name: "v".into(),
        service: Service::MemorystoreValkey,
        node_type: Fact::Known("STANDARD_SMALL".into()),
        ..estate.cluster().clone()
    };
    estate.add(valkey);
    for cache in &mut estate.snapshot.caches {
        parameter(cache, "maxclients", "10");
        parameter(cache, "timeout", "120");
        cache.replicas = Fact::Known(0);
        cache.backup_days = Fact::Known(0);
        cache.maintenance_window = Fact::Known("tue:09:00-tue:10:00".into());
        cache.anonymous_access = Fact::Known(true);
        cache.gcp.as_mut().unwrap().deletion_protection = Some(false);
    }
    let mut commands: Vec<String> = vec![];
    for finding in estate.audit().findings {
        let Some(FindingFix::Text { command, .. }) = finding.fix else {
            continue;
        };
        commands.extend(command);
    }
    let of = |product: &str| commands.iter().filter(|it| it.starts_with(product)).count();
    let products = [
        (
            "gcloud redis instances update sessions --project shop --region europe-west1 --",
            3,
        ),
        (
            "gcloud redis clusters update carts --project shop --region europe-west1 --",
            5,
        ),
        (
            "gcloud memorystore instances update v --project shop --location europe-west1 --",
            4,
        ),
    ];
    let found: Vec<usize> = products.iter().map(|(product, _)| of(product)).collect();
    let expected: Vec<usize> = products.iter().map(|(_, count)| *count).collect();
    assert_eq!(found, expected, "{commands:#?}");
    assert_eq!(commands.len(), 12);
}
