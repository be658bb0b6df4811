//! How many clients caches on Google Cloud take, and for how long they keep
//! them.

use cachewarden_model::*;

use super::{cannot_tell, fails, gap, parameter, sound};
use crate::estate::Estate;

fn limit_of(estate: &Estate, name: &str) -> Option<u64> {
    let audit = estate.audit();
    let cache = audit.caches.iter().find(|it| it.name == name);
    cache.unwrap().connection_limit
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
