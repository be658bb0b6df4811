//! A small estate that fails no policy of the strict pack, to change one
//! thing at a time.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::LazyLock;

use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::*;
use cachewarden_netset::{AddressSet, Cidr, PortRange, Protocol};
use cachewarden_policy::{Judgement, Library, Selection, Waiver, judge};

/// Everything that an audit takes.
pub(crate) struct Estate {
    pub(crate) snapshot: Snapshot,
    pub(crate) reachability: Reachability,
    pub(crate) expectations: Vec<Expectation>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) selection: Selection,
}

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const CACHE: &str =
    "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:sessions";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn gap(what: &str) -> Gap {
    Gap {
        provider: Provider::Aws,
        account: Some(ACCOUNT.into()),
        region: Some(REGION.into()),
        what: what.into(),
        why: GapReason::AccessDenied,
        message: "the credentials may not ask".into(),
        hides: vec![],
    }
}

/// An estate with one cache, one group, one user and one endpoint.
pub(crate) fn sound() -> Estate {
    let mut snapshot = Snapshot::new(at("2026-11-01T08:00:00Z"), "0.1.0");
    snapshot.targets = vec![Target {
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        regions: vec![REGION.into()],
    }];
    snapshot.caches = vec![cache("sessions")];
    snapshot.networks = vec![network("vpc-a")];
    snapshot.subnets = vec![subnet("subnet-1", "acl-1"), subnet("subnet-2", "acl-1")];
    snapshot.route_tables = vec![route_table("rtb-1")];
    snapshot.filters = vec![group("sg-cache"), network_acl("acl-1")];
    snapshot.users = vec![user("app", "on ~app:* +@read +@write")];
    snapshot.user_groups = vec![UserGroup {
        id: "app-users".into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        service: Service::ElastiCache,
        engine: Some("valkey".into()),
        status: "active".into(),
        users: vec!["app".into()],
        adding: vec![],
        removing: vec![],
    }];
    let sources = vec![(Zone::Network("vpc-a".into()), set(&["10.0.1.0/24"]))];
    let reachability = Reachability {
        clients: 2,
        exposures: vec![Exposure {
            cache: CACHE.into(),
            endpoint: 0,
            certain: sources.clone(),
            possible: sources,
            admitted: AddressSet::empty(),
            gaps: vec![],
        }],
        rules: vec![rule_use()],
        paths: BTreeMap::from([(
            CACHE.into(),
            PathFacts {
                clients: 2,
                ..PathFacts::default()
            },
        )]),
        ..Reachability::default()
    };
    let selection = strict();
    Estate {
        snapshot,
        reachability,
        expectations: vec![],
        waivers: vec![],
        selection,
    }
}

fn strict() -> Selection {
    Selection {
        packs: vec!["strict".into()],
        ..Selection::default()
    }
}

/// Read once: most tests ask the same policies.
static STRICT: LazyLock<Library> = LazyLock::new(|| Library::load(&[], &strict()).unwrap());

static AZURE: LazyLock<Library> =
    LazyLock::new(|| Library::load(&[], &crate::azure::selection()).unwrap());

static GCP: LazyLock<Library> =
    LazyLock::new(|| Library::load(&[], &crate::gcp::selection()).unwrap());

impl Estate {
    pub(crate) fn library(&self) -> Library {
        Library::load(&[], &self.selection).unwrap()
    }

    pub(crate) fn audit(&self) -> Audit {
        if self.selection == strict() {
            return self.audit_with(&STRICT);
        }
        if self.selection == crate::azure::selection() {
            return self.audit_with(&AZURE);
        }
        if self.selection == crate::gcp::selection() {
            return self.audit_with(&GCP);
        }
        self.audit_with(&self.library())
    }

    pub(crate) fn audit_with(&self, library: &Library) -> Audit {
        self.audit_narrowing(library, None)
    }

    /// With somebody who knows how rules could be narrowed.
    pub(crate) fn audit_narrowing(&self, library: &Library, narrow: Option<&dyn Narrow>) -> Audit {
        let judgement = Judgement {
            snapshot: &self.snapshot,
            reachability: &self.reachability,
            narrow,
            expectations: &self.expectations,
            waivers: &self.waivers,
            judged_at: at("2026-11-20T08:00:00Z"),
        };
        judge(library, &judgement)
    }

    /// Policies and verdicts of all findings, sorted.
    pub(crate) fn verdicts(&self) -> Vec<(String, Verdict)> {
        let mut verdicts: Vec<(String, Verdict)> = self
            .audit()
            .findings
            .into_iter()
            .map(|finding| (finding.policy.as_str().to_owned(), finding.verdict))
            .collect();
        verdicts.sort();
        verdicts
    }

    /// Adds a cache that is reached as the first one is.
    pub(crate) fn add(&mut self, cache: Cache) {
        let first = self.reachability.exposures[0].clone();
        let exposure = Exposure {
            cache: cache.id.clone(),
            ..first
        };
        self.reachability.exposures.push(exposure);
        self.snapshot.caches.push(cache);
    }

    pub(crate) fn cache(&mut self) -> &mut Cache {
        &mut self.snapshot.caches[0]
    }
}

pub(crate) fn set(ranges: &[&str]) -> AddressSet {
    ranges
        .iter()
        .map(|range| range.parse::<Cidr>().unwrap())
        .collect()
}

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

pub(crate) fn network(id: &str) -> Network {
    Network {
        gcp: None,
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        cidrs: vec!["10.0.0.0/16".parse().unwrap()],
        dns_resolution: Fact::Known(true),
        dns_host_names: Fact::Known(true),
        dns_servers: Fact::Known(DnsServers::Provider),
        public_access_block: Fact::Known(PublicAccessBlock::Off),
        encryption_control: Fact::Known(EncryptionControl::Off),
        filters: Fact::Default(vec![]),
        internet_gateways: Fact::Known(vec![InternetGateway {
            id: "igw-1".into(),
            state: LinkState::Active,
        }]),
        tags: BTreeMap::new(),
    }
}

pub(crate) fn subnet(id: &str, filter: &str) -> Subnet {
    Subnet {
        gcp: None,
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        network: "vpc-a".into(),
        zone: None,
        cidrs: vec!["10.0.1.0/24".parse().unwrap()],
        filter: Fact::Known(Some(filter.into())),
        route_table: Fact::Known(Some(TableAssociation {
            table: "rtb-1".into(),
            explicit: true,
        })),
        azure: None,
        tags: BTreeMap::new(),
    }
}

pub(crate) fn route(destination: &str, target: RouteTarget) -> Route {
    Route {
        destination: Destination::Cidr(destination.parse().unwrap()),
        target,
        state: RouteState::Active,
        origin: RouteOrigin::Static,
        name: None,
        priority: None,
        tags: vec![],
    }
}

pub(crate) fn route_table(id: &str) -> RouteTable {
    RouteTable {
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        network: "vpc-a".into(),
        main: false,
        propagation: None,
        routes: Fact::Known(vec![route("10.0.0.0/16", RouteTarget::Local)]),
    }
}

pub(crate) fn rule(id: &str, peer: Peer) -> Rule {
    Rule {
        gcp: None,
        id: id.into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        priority: None,
        protocol: Protocol::TCP,
        ports: vec![PortRange::single(6379)],
        peers: vec![peer],
        local: vec![],
        source_ports: vec![],
        description: "checkout".into(),
    }
}

pub(crate) fn named_group(id: &str) -> Peer {
    Peer::Group {
        group: id.into(),
        account: None,
        network: None,
        link: None,
    }
}

pub(crate) fn group(id: &str) -> Filter {
    Filter {
        id: id.into(),
        name: id.trim_start_matches("sg-").into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        kind: FilterKind::SecurityGroup,
        network: Some("vpc-a".into()),
        discipline: Discipline::AllowList,
        tracking: Tracking::Stateful,
        builtin: false,
        rules: Fact::Known(vec![rule("sgr-1", named_group("sg-app"))]),
    }
}

pub(crate) fn network_acl(id: &str) -> Filter {
    Filter {
        kind: FilterKind::NetworkAcl,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateless,
        rules: Fact::Known(vec![]),
        ..group(id)
    }
}

/// A rule for a group of two clients.
pub(crate) fn rule_use() -> RuleUse {
    RuleUse {
        filter: "sg-cache".into(),
        filter_name: "cache".into(),
        filter_kind: FilterKind::SecurityGroup,
        rule: "sgr-1".into(),
        direction: Direction::Ingress,
        action: Action::Allow,
        text: "tcp 6379 from sg-app".into(),
        guards: vec![CACHE.into()],
        covers_cache_port: true,
        covers_other_ports: false,
        addresses: 0,
        public_addresses: 0,
        world: false,
        whole_network: false,
        clients: Some(2),
        dead: None,
        tightest: None,
        gaps: vec![],
    }
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

pub(crate) fn interface(id: &str, public: &[&str]) -> Interface {
    let address = |text: &&str| text.parse::<IpAddr>().unwrap();
    Interface {
        gcp: None,
        id: id.into(),
        name: id.into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        network: "vpc-a".into(),
        subnet: "subnet-1".into(),
        kind: InterfaceKind::Machine,
        attached_to: None,
        addresses: vec!["10.0.1.9".parse().unwrap()],
        prefixes: vec![],
        public_addresses: public.iter().map(address).collect(),
        filters: Fact::Known(vec!["sg-app".into()]),
        groups: vec![],
        network_tags: vec![],
        service_account: None,
        address_check: Fact::Known(true),
        tracking_idle_seconds: None,
        description: String::new(),
        tags: BTreeMap::new(),
    }
}
