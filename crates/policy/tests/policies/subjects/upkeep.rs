//! States, replicas, versions and updates.

use cachewarden_model::*;

use super::{cannot_tell, fails};
use crate::estate::{Estate, at};

#[test]
fn resilience_and_state() {
    fails(&["cache-has-replica"], |it| {
        it.cache().replicas = Fact::Known(0)
    });
    fails(&["failover-is-automatic"], |it| {
        it.cache().automatic_failover = Fact::Known(Failover::Disabled);
    });
    fails(&["nodes-are-spread-over-zones"], |it| {
        it.cache().multi_zone = Fact::Known(false)
    });
    fails(&["backups-are-kept"], |it| {
        it.cache().backup_days = Fact::Known(1)
    });
    let status = |text: &str, phase| {
        Fact::Known(Status {
            text: text.into(),
            phase,
        })
    };
    fails(&["cache-accepts-connections"], |it| {
        it.cache().status = status("create-failed", Phase::Gone);
    });
    fails(&["cache-is-not-impaired"], |it| {
        it.cache().status = status("incompatible-network", Phase::Impaired);
    });
    cannot_tell(
        &["cache-accepts-connections", "cache-is-not-impaired"],
        |it| it.cache().status = status("levitating", Phase::Unclear),
    );
}

#[test]
fn versions_and_updates() {
    let redis = |it: &mut Estate, version: &str| {
        it.cache().engine = Fact::Known(Engine::Redis);
        it.cache().engine_version = Fact::Known(Version(version.into()));
        it.cache().tls_min = Fact::Known(TlsVersion::V1_2);
    };
    fails(&["engine-version-is-supported"], |it| redis(it, "5.0.6"));
    fails(&["engine-version-stays-supported"], |it| redis(it, "6.2.6"));
    fails(&[], |it| redis(it, "7.1.0"));
    fails(&["minor-versions-are-applied"], |it| {
        it.cache().minor_upgrades = Fact::Known(false)
    });
    fails(&["maintenance-avoids-business-hours"], |it| {
        it.cache().maintenance_window = Fact::Known("tue:09:00-tue:10:00".into());
    });
    let update = |status: &str, apply_by: &str, in_time| ServiceUpdate {
        name: "elasticache-20261001".into(),
        severity: "critical".into(),
        kind: "security-update".into(),
        status: status.into(),
        apply_by: Some(at(apply_by)),
        in_time,
    };
    for (update, policies) in [
        (
            update("not-applied", "2026-11-19", None),
            vec!["service-updates-are-not-overdue"],
        ),
        (
            update("not-applied", "2026-12-30", Some(false)),
            vec!["service-updates-are-not-overdue"],
        ),
        (
            update("scheduled", "2026-12-01", None),
            vec!["due-service-updates-are-applied"],
        ),
        (update("not-applied", "2026-12-30", None), vec![]),
        (update("complete", "2026-11-19", Some(false)), vec![]),
    ] {
        fails(&policies, |it| {
            it.cache().updates = Fact::Known(vec![update])
        });
    }
    fails(&["parameter-group-is-in-sync"], |it| {
        let group = ParameterGroup {
            name: "own".into(),
            status: "pending-reboot".into(),
        };
        it.cache().parameter_group = Fact::Known(Some(group));
    });
    fails(&["certificate-authority-stays-valid"], |it| {
        it.cache().authority_expires = Some(at("2026-12-24"));
    });
    fails(&["slow-log-is-delivered"], |it| {
        it.cache().aws.as_mut().unwrap().logs = vec!["engine-log".into()];
    });
}
