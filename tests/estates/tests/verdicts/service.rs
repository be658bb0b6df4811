//! Status, limits, upkeep.
//!
//! Source: Amazon ElastiCache User Guide, "Engine specific parameters",
//! "Metrics", "Service updates", "Extended Support".

use cachewarden_estates::base::{peered, serverless};
use cachewarden_estates::change::{cache, client, inbound, status};
use cachewarden_estates::ids::{CACHE_NAME, CLIENT, SG_APP, SG_CACHE, VPC_A};
use cachewarden_estates::noun::{group, metric, tcp};
use cachewarden_estates::{Estate, Place, base};
use cachewarden_model::{
    Engine, Fact, Phase, Provider, ServiceUpdate, Skipped, Statistic, Symptom, TransitEncryption,
    Verdict, Version,
};

use crate::expect::{audit, fails, fails_as};

/// A metric has this value.
fn measured(name: &'static str, statistic: Statistic, value: f64) -> impl FnOnce(&mut Estate) {
    cache(move |cache| {
        cache.metrics.retain(|it| it.name != name);
        cache.metrics.push(metric(name, statistic, value));
        cache
            .metrics
            .sort_by(|one, other| one.name.cmp(&other.name));
    })
}

/// A parameter has this value.
fn parameter(name: &'static str, value: &'static str) -> impl FnOnce(&mut Estate) {
    cache(move |cache| {
        if let Fact::Known(parameters) = &mut cache.parameters {
            parameters.insert(name.to_owned(), value.to_owned());
        }
    })
}

fn small(encryption: TransitEncryption, peak: f64) -> Estate {
    base()
        .with(cache(move |cache| {
            cache.node_type = Fact::Known("cache.t3.micro".to_owned());
            cache.transit_encryption = Fact::Known(encryption);
        }))
        .with(parameter("maxclients", "20000"))
        .with(measured("CurrConnections", Statistic::Maximum, peak))
}

#[test]
fn d3_a_peered_network_without_host_names() {
    let off = base().with(peered).with(|estate: &mut Estate| {
        estate.network_mut(VPC_A).dns_host_names = Fact::Known(false);
    });
    let policy = "peered-cache-network-resolves-names";
    fails_as(Symptom::Dns, policy, CACHE_NAME, off, base().with(peered));
}

#[test]
fn d7_nodes_that_cannot_be_replaced() {
    let impaired = base().with(status("incompatible-network", Phase::Impaired));
    fails("cache-is-not-impaired", CACHE_NAME, impaired, base());
}

#[test]
fn d8_nearly_as_many_clients_as_a_small_node_takes() {
    let plain = TransitEncryption::Disabled;
    let (near, far) = (small(plain, 19_400.0), small(plain, 1_940.0));
    fails_as(
        Symptom::MaxClients,
        "peak-connections-leave-headroom",
        CACHE_NAME,
        near,
        far,
    );
}

#[test]
fn d9_the_same_with_encryption() {
    let required = TransitEncryption::Required;
    let (near, far) = (small(required, 19_400.0), small(required, 1_940.0));
    fails("peak-connections-leave-headroom", CACHE_NAME, near, far);
}

#[test]
fn d8_the_limit_is_that_of_the_type() {
    let large = base().with(measured("CurrConnections", Statistic::Maximum, 19_400.0));
    let small = small(TransitEncryption::Required, 19_400.0);
    fails("peak-connections-leave-headroom", CACHE_NAME, small, large);
}

#[test]
fn d10_the_host_tracks_too_many_connections() {
    let full = measured("NetworkConntrackAllowanceExceeded", Statistic::Sum, 12.0);
    let policy = "connection-tracking-has-room";
    fails_as(
        Symptom::Timeout,
        policy,
        CACHE_NAME,
        base().with(full),
        base(),
    );
}

#[test]
fn d11_a_storm_of_connections() {
    let busy = measured("EngineCPUUtilization", Statistic::Maximum, 96.0);
    fails(
        "engine-thread-has-headroom",
        CACHE_NAME,
        base().with(busy),
        base(),
    );
    let new = measured("NewConnections", Statistic::Sum, 200_000_000.0);
    fails(
        "connections-are-reused",
        CACHE_NAME,
        base().with(new),
        base(),
    );
}

#[test]
fn d12_tracking_that_forgets_before_the_server_asks() {
    let forgets = |keepalive: &'static str| {
        base()
            .with(client(CLIENT, |client| {
                client.tracking_idle_seconds = Some(350)
            }))
            .with(parameter("tcp-keepalive", keepalive))
    };
    let policy = "keepalive-beats-idle-limits";
    fails_as(
        Symptom::Timeout,
        policy,
        CACHE_NAME,
        forgets("0"),
        forgets("300"),
    );
    fails(policy, CACHE_NAME, forgets("600"), forgets("300"));
}

#[test]
fn d12_a_machine_that_forgets_before_the_server_asks() {
    let asked = |machine: Option<&'static str>, keepalive: &'static str| {
        base()
            .with(client(CLIENT, |client| {
                let behind = client.attached_to.as_mut();
                behind.expect("a machine").machine_type = machine.map(str::to_owned);
            }))
            .with(parameter("tcp-keepalive", keepalive))
    };
    let policy = "keepalive-beats-idle-limits";
    let (old, new) = (Some("m7g.large"), Some("m8i.large"));
    fails(policy, CACHE_NAME, asked(new, "600"), asked(old, "600"));
    fails(policy, CACHE_NAME, asked(old, "0"), asked(None, "300"));
    let untold = audit(asked(None, "600"));
    let found = untold.findings.iter().find(|it| it.policy == policy);
    assert_eq!(found.map(|it| it.verdict), Some(Verdict::Unknown));
}

#[test]
fn d13_a_server_that_closes_idle_connections() {
    let closes = base().with(parameter("timeout", "60"));
    let policy = "server-keeps-idle-connections";
    fails_as(Symptom::Reset, policy, CACHE_NAME, closes, base());
}

#[test]
fn d17_a_reader_port_that_is_closed() {
    let one = base()
        .with(serverless)
        .with(inbound(SG_CACHE, [tcp(6379).from(group(SG_APP))]));
    fails(
        "serverless-reader-port-is-open",
        CACHE_NAME,
        one,
        base().with(serverless),
    );
}

#[test]
fn d18_an_update_past_its_day() {
    let update = |apply_by: &str, in_time| {
        let apply_by = apply_by.parse().ok();
        base().with(cache(move |cache| {
            cache.updates = Fact::Known(vec![ServiceUpdate {
                name: "elasticache-security-20261001".to_owned(),
                severity: "critical".to_owned(),
                kind: "security-update".to_owned(),
                status: "not-applied".to_owned(),
                apply_by,
                in_time,
            }]);
        }))
    };
    let policy = "service-updates-are-not-overdue";
    let late = update("2026-10-15T00:00:00Z", Some(false));
    let early = update("2027-01-15T00:00:00Z", None);
    fails(policy, CACHE_NAME, late, early);
}

#[test]
fn d19_an_engine_past_its_support() {
    let version = |text: &'static str| {
        base().with(cache(move |cache| {
            cache.engine = Fact::Known(Engine::Redis);
            cache.engine_version = Fact::Known(Version(text.to_owned()));
        }))
    };
    fails(
        "engine-version-is-supported",
        CACHE_NAME,
        version("5.0.6"),
        version("7.1.0"),
    );
}

#[test]
fn d20_memcached_is_left_out() {
    let estate = base().with(|estate: &mut Estate| {
        estate.snapshot.skipped.push(Skipped {
            provider: Provider::Aws,
            account: Place::HOME.account(),
            region: Place::HOME.region(),
            id: "arn:aws:elasticache:eu-west-1:111122223333:cluster:fragments".into(),
            why: "memcached".to_owned(),
        });
    });
    let skipped = audit(estate);
    let without = audit(base());
    assert_eq!(skipped.skipped.len(), 1);
    assert_eq!(skipped.summary, without.summary);
    assert_eq!(skipped.findings, without.findings);
}

#[test]
fn a_metric_that_was_not_read_is_not_zero() {
    let unread = base().with(cache(|cache| {
        let gap = Place::HOME.refused("cloudwatch:GetMetricData", &[]);
        for metric in &mut cache.metrics {
            metric.value = Fact::unknown(gap.clone());
        }
    }));
    let audit = audit(unread);
    for policy in [
        "peak-connections-leave-headroom",
        "connection-tracking-has-room",
    ] {
        let mut all = audit.findings.iter();
        let found = all.find(|it| it.policy == policy).expect("a finding");
        assert_eq!(found.verdict, Verdict::Unknown, "{found:#?}");
        assert!(
            found
                .gaps
                .iter()
                .any(|gap| gap.what == "cloudwatch:GetMetricData"),
            "{found:#?}"
        );
    }
}
