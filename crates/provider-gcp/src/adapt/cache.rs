//! What the caches of the three services have in common.

use std::collections::BTreeMap;

use cachewarden_model::{
    AccountId, AtRestEncryption, Authentication, Authority, Cache, ClusterMode, Endpoint,
    EndpointRole, Engine, Fact, Failover, Gap, GcpCache, IpFamilies, Metric, PendingChanges,
    Provider, PublicAccess, ResourceId, Service, Statistic, TlsVersion, TransitEncryption,
};

use super::{last, region, untold};
use crate::collect::{DAYS, Estate, metric};
use crate::operation::Operation;

/// Whose cache it is, and which list it stands in.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) estate: &'a Estate,
    pub(super) account: &'a AccountId,
    pub(super) operation: Operation,
    pub(super) service: Service,
    /// `projects/P/locations/R/…`, as the API writes it.
    pub(super) name: &'a str,
}

impl View<'_> {
    /// A fact that the answers do not tell.
    pub(super) fn untold<T>(&self, message: &str) -> Fact<T> {
        Fact::unknown(untold(self.account, self.operation, message))
    }

    /// A fact in a word that this version does not know.
    pub(super) fn odd<T>(&self, what: &str, word: &str) -> Fact<T> {
        let message = format!("`{word}` is no {what} that this version knows");
        Fact::unknown(super::odd(self.account, self.operation, &message))
    }

    fn host(&self) -> &'static str {
        match self.service {
            Service::MemorystoreValkey => "memorystore.googleapis.com",
            _ => "redis.googleapis.com",
        }
    }

    pub(super) fn id(&self) -> ResourceId {
        self.estate.ids.cache(self.host(), self.name, self.account)
    }

    /// A cache of which nothing is known but what all have: no filters or
    /// address on the internet, IPv4, maintenance by the cloud.
    ///
    /// Source: the three services' APIs have no such fields; Memorystore,
    /// "About maintenance".
    pub(super) fn blank(&self) -> Cache {
        Cache {
            id: self.id(),
            name: last(self.name).to_owned(),
            provider: Provider::Gcp,
            service: self.service,
            account: self.account.clone(),
            region: region(self.name),
            tags: self.untold("the API tells no labels of the cache"),
            engine: Fact::Known(Engine::Redis),
            engine_version: self.untold("the API tells no version of the engine"),
            node_type: self.untold("the API does not tell the size"),
            status: self.untold("the API tells no state"),
            network: self.untold("the API tells no network"),
            subnets: Fact::Default(vec![]),
            filters: Fact::Default(vec![]),
            families: Fact::Default(IpFamilies::Ipv4),
            nodes: vec![],
            endpoints: vec![],
            cluster_mode: Fact::Default(ClusterMode::Disabled),
            transit_encryption: self.untold("the API does not tell whether it encrypts"),
            tls_min: self.untold("the cache does not encrypt connections"),
            at_rest_encryption: Fact::Default(AtRestEncryption::ServiceKey),
            authentication: self.untold("the API does not tell what a client must bring"),
            anonymous_access: self.untold("the API does not tell what a client must bring"),
            public_access: Fact::Default(PublicAccess::NotOffered),
            automatic_failover: self.untold("the API does not tell whether a replica takes over"),
            multi_zone: self.untold("the API does not tell the zones"),
            shards: Fact::Default(1),
            replicas: Fact::Default(0),
            backup_days: Fact::Default(0),
            minor_upgrades: Fact::Default(true),
            maintenance_window: Fact::Default(String::new()),
            parameter_group: Fact::Default(None),
            parameters: Fact::Default(BTreeMap::new()),
            pending: PendingChanges::default(),
            updates: Fact::Default(vec![]),
            metrics: self.metrics(),
            authority_expires: None,
            aws: None,
            azure: None,
            gcp: Some(GcpCache::default()),
        }
    }

    /// How many clients were connected at most; unknown where Google had no
    /// value.
    fn metrics(&self) -> Vec<Metric> {
        let measured = &self.estate.measured;
        let (value, node) = match measured.of(self.account, self.service, self.name) {
            Ok(Some((value, node))) => (Fact::Known(value), node),
            Ok(None) => {
                let message = "there is no value for these days";
                (
                    Fact::unknown(untold(self.account, Operation::Metrics, message)),
                    None,
                )
            }
            Err(gap) => (Fact::Unknown(gap), None),
        };
        vec![Metric {
            name: metric(self.service).to_owned(),
            statistic: Statistic::Maximum,
            days: DAYS,
            value,
            node,
        }]
    }

    /// Encryption of connections, by a word of which only the end is the same
    /// in all services.
    pub(super) fn encrypt(&self, cache: &mut Cache, word: &str) {
        cache.transit_encryption = if word.ends_with("SERVER_AUTHENTICATION") {
            Fact::Known(TransitEncryption::Required)
        } else if word.ends_with("DISABLED") {
            Fact::Known(TransitEncryption::Disabled)
        } else if word.ends_with("UNSPECIFIED") {
            // Left out where it is off: `protobuf` leaves out what is unset.
            Fact::Default(TransitEncryption::Disabled)
        } else {
            self.odd("mode of encryption", word)
        };
        match cache.transit_encryption.value() {
            // Source: Memorystore, "About in-transit encryption": 1.2 and up.
            Some(TransitEncryption::Required) => cache.tls_min = Fact::Default(TlsVersion::V1_2),
            Some(_) => {}
            None => cache.tls_min = self.untold("it is not known whether it encrypts"),
        }
    }

    /// What a client must bring, where that is known.
    pub(super) fn authenticate(&self, cache: &mut Cache, means: Fact<Authentication>) {
        cache.anonymous_access = means.clone().map(|it| !it.token && !it.identity);
        cache.authentication = means;
    }

    /// By a word that says it of clusters and of Valkey.
    pub(super) fn authorization(&self, word: &str) -> Fact<Authentication> {
        let means = |token, identity| Authentication {
            token,
            groups: vec![],
            identity,
        };
        match word {
            "AUTH_MODE_IAM_AUTH" | "IAM_AUTH" => Fact::Known(means(false, true)),
            "AUTH_MODE_TOKEN_AUTH" | "TOKEN_AUTH" => Fact::Known(means(true, false)),
            "AUTH_MODE_DISABLED" | "AUTH_DISABLED" => Fact::Known(means(false, false)),
            // Source: `cloud_redis_cluster.proto` and `memorystore.proto`:
            // disabled where it is not set.
            "AUTH_MODE_UNSPECIFIED" | "AUTHORIZATION_MODE_UNSPECIFIED" => {
                Fact::Default(means(false, false))
            }
            other => self.odd("mode of authorization", other),
        }
    }

    /// Certificate authorities, where connections are encrypted.
    pub(super) fn sign(&self, cache: &mut Cache, authorities: Fact<Vec<Authority>>) {
        let Some(gcp) = &mut cache.gcp else { return };
        match cache.transit_encryption.value() {
            Some(TransitEncryption::Disabled) => {}
            None => {
                let message = "it is not known whether connections are encrypted";
                gcp.authorities = self.untold(message);
            }
            Some(_) => {
                gcp.authorities = authorities.map(|mut all| {
                    all.sort();
                    all.dedup();
                    all
                });
                // Any of them will do, as clients are told to trust all.
                let last = gcp.authorities.value().and_then(|it| it.last());
                cache.authority_expires = last.map(|it| it.expires);
            }
        }
    }

    /// Authorities that a further call told.
    pub(super) fn authorities(&self) -> Fact<Vec<Authority>> {
        let certificates = match self.estate.authorities.get(self.name) {
            Some(Ok(certificates)) => certificates,
            Some(Err(gap)) => return Fact::Unknown(gap.clone()),
            None => return self.untold("the authorities were not asked for"),
        };
        let read: Option<Vec<Vec<Authority>>> = certificates
            .iter()
            .map(|it| super::certificate::of_pem(it))
            .collect();
        match read.map(|it| it.concat()) {
            Some(all) if !all.is_empty() => Fact::Known(all),
            _ => {
                let message = "the certificates of the authorities cannot be read";
                Fact::unknown(super::odd(self.account, self.operation, message))
            }
        }
    }

    /// The key that data is encrypted with.
    pub(super) fn key(&self, cache: &mut Cache, name: &str) {
        if !name.is_empty() {
            let key = ResourceId::from(self.estate.ids.relative(name, self.account));
            cache.at_rest_encryption = Fact::Known(AtRestEncryption::CustomerKey(key));
        }
    }
}

/// An endpoint without nodes and network of its own.
pub(super) fn endpoint(role: EndpointRole, host: &str, port: u16) -> Endpoint {
    Endpoint {
        role,
        host: Some(host.to_owned()).filter(|it| !it.is_empty()),
        port,
        encryption: None,
        nodes: vec![],
        network: None,
        node_ports: vec![],
    }
}

/// Whether a replica takes over: one does wherever there are replicas.
///
/// Source: Memorystore, "High availability": failover is automatic.
pub(super) fn failover(replicas: u32) -> Fact<Failover> {
    Fact::Default(if replicas > 0 {
        Failover::Enabled
    } else {
        Failover::Disabled
    })
}

/// A gap as a fact, where a list of connections has none that can be read.
pub(super) fn unknown<T>(gap: &Gap) -> Fact<T> {
    Fact::unknown(gap.clone())
}
