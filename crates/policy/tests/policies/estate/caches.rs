//! The cache of the estate, what was measured of it, and who may log in.

use std::collections::BTreeMap;

use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::*;

use super::{ACCOUNT, CACHE, REGION, gap};

pub(crate) fn cache(name: &str) -> Cache {
    Cache {
        id: CACHE.into(),
        name: name.into(),
        provider: Provider::Aws,
        service: Service::ElastiCache,
        account: ACCOUNT.into(),
        region: REGION.into(),
        tags: Fact::Known(BTreeMap::new()),
        engine: Fact::Known(Engine::Valkey),
        engine_version: Fact::Known(Version("8.0.1".into())),
        node_type: Fact::Known("cache.r7g.large".into()),
        status: Fact::Known(Status {
            text: "available".into(),
            phase: Phase::Serving,
        }),
        network: Fact::Known("vpc-a".into()),
        subnets: Fact::Known(vec!["subnet-1".into(), "subnet-2".into()]),
        filters: Fact::Known(vec!["sg-cache".into()]),
        families: Fact::Default(IpFamilies::Ipv4),
        nodes: vec![],
        endpoints: vec![Endpoint {
            network: None,
            role: EndpointRole::Primary,
            host: Some(format!("{name}.example.net")),
            port: 6379,
            encryption: None,
            nodes: vec![],
            node_ports: vec![],
        }],
        cluster_mode: Fact::Known(ClusterMode::Disabled),
        transit_encryption: Fact::Known(TransitEncryption::Required),
        tls_min: Fact::unknown(gap("elasticache has no such field")),
        at_rest_encryption: Fact::Known(AtRestEncryption::CustomerKey("key".into())),
        authentication: Fact::Known(Authentication {
            token: false,
            groups: vec!["app-users".into()],
            identity: false,
        }),
        anonymous_access: Fact::Known(false),
        public_access: Fact::Default(PublicAccess::NotOffered),
        automatic_failover: Fact::Known(Failover::Enabled),
        multi_zone: Fact::Known(true),
        shards: Fact::Known(1),
        replicas: Fact::Known(1),
        backup_days: Fact::Known(7),
        minor_upgrades: Fact::Known(true),
        maintenance_window: Fact::Known("sun:05:00-sun:06:00".into()),
        parameter_group: Fact::Known(Some(ParameterGroup {
            name: "default.valkey8".into(),
            status: "in-sync".into(),
        })),
        parameters: Fact::Known(
            [
                ("timeout", "0"),
                ("tcp-keepalive", "300"),
                ("maxmemory-policy", "volatile-lru"),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ),
        pending: PendingChanges::default(),
        updates: Fact::Known(vec![]),
        metrics: metrics(),
        authority_expires: None,
        aws: Some(AwsCache {
            replication_group: true,
            subnet_group: Some("sessions".into()),
            logs: vec!["engine-log".into(), "slow-log".into()],
            ..AwsCache::default()
        }),
        azure: None,
        gcp: None,
    }
}

fn metrics() -> Vec<Metric> {
    let quiet = [
        "AuthenticationFailures",
        "CommandAuthorizationFailures",
        "CurrConnections",
        "DatabaseMemoryUsagePercentage",
        "EngineCPUUtilization",
        "Evictions",
        "KeyAuthorizationFailures",
        "NetworkBandwidthInAllowanceExceeded",
        "NetworkBandwidthOutAllowanceExceeded",
        "NetworkConntrackAllowanceExceeded",
        "NetworkPacketsPerSecondAllowanceExceeded",
        "NewConnections",
        "TrafficManagementActive",
    ];
    quiet.into_iter().map(|name| metric(name, 0.0)).collect()
}

pub(crate) fn metric(name: &str, value: f64) -> Metric {
    Metric {
        name: name.into(),
        statistic: Statistic::Sum,
        days: 14,
        value: Fact::Known(value),
        node: None,
    }
}

/// Sets one metric of a cache.
pub(crate) fn measure(cache: &mut Cache, name: &str, value: Fact<f64>) {
    let metric = cache
        .metrics
        .iter_mut()
        .find(|metric| metric.name == name)
        .unwrap();
    metric.value = value;
}

pub(crate) fn user(name: &str, access: &str) -> CacheUser {
    CacheUser {
        id: name.into(),
        name: name.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        service: Service::ElastiCache,
        status: "active".into(),
        access: Fact::Known(access.into()),
        authentication: Fact::Known(UserAuthentication::Password { count: 1 }),
    }
}
