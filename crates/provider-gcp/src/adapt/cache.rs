//! What the caches of the three services have in common.

use std::collections::{BTreeMap, HashMap};

use cachewarden_model::{
    AccountId, AtRestEncryption, Authentication, Authority, Cache, ClusterMode, Endpoint,
    EndpointRole, Engine, Fact, Failover, Gap, GcpCache, IpFamilies, Metric, PendingChanges, Phase,
    Provider, PublicAccess, ResourceId, Service, Statistic, Status, Timestamp, TlsVersion,
    TransitEncryption,
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

/// What a state means. A suspended cache is gone until its reason is.
///
/// Source: the protos of the three services, "State".
pub(super) fn status(word: &str, suspended: bool) -> Fact<Status> {
    let (text, phase) = match word {
        _ if suspended => ("SUSPENDED", Phase::Gone),
        "READY" | "ACTIVE" => (word, Phase::Serving),
        "UPDATING" | "MAINTENANCE" | "MIGRATING" | "IMPORTING" | "FAILING_OVER" | "REPAIRING" => {
            (word, Phase::Changing)
        }
        "CREATING" => (word, Phase::Creating),
        "DELETING" => (word, Phase::Gone),
        _ => (word, Phase::Unclear),
    };
    Fact::Known(Status {
        text: text.to_owned(),
        phase,
    })
}

/// `7.2` of `REDIS_7_2`, `6.x` of `REDIS_6_X`.
pub(super) fn version(word: &str) -> Option<String> {
    let (_, numbers) = word.split_once('_')?;
    let text = numbers.to_ascii_lowercase().replace('_', ".");
    text.starts_with(|it: char| it.is_ascii_digit())
        .then_some(text)
}

/// A hash map in an order that is always the same.
pub(super) fn sorted(map: &HashMap<String, String>) -> BTreeMap<String, String> {
    map.iter()
        .map(|(key, it)| (key.clone(), it.clone()))
        .collect()
}

/// A time of the APIs.
pub(super) fn time(seconds: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_unix(seconds?)
}

/// `sun:05:00-sun:06:00`: a window of one hour, in UTC.
///
/// Source: Memorystore, "About maintenance": windows last one hour.
pub(super) fn window(day: &str, hours: i32, minutes: i32) -> Option<String> {
    const DAYS: [&str; 7] = [
        "MONDAY",
        "TUESDAY",
        "WEDNESDAY",
        "THURSDAY",
        "FRIDAY",
        "SATURDAY",
        "SUNDAY",
    ];
    let day = DAYS.iter().position(|it| *it == day)?;
    let short = |day: usize| {
        let name = DAYS.get(day % 7).copied().unwrap_or_default();
        name.get(..3).unwrap_or_default().to_ascii_lowercase()
    };
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    let (from, to) = (short(day), short(day + usize::from(hours == 23)));
    let end = (hours + 1) % 24;
    Some(format!(
        "{from}:{hours:02}:{minutes:02}-{to}:{end:02}:{minutes:02}"
    ))
}

/// Windows of a policy: none means that it may happen at any time.
pub(super) fn windows(
    account: &AccountId,
    operation: Operation,
    all: Vec<Option<String>>,
) -> Fact<String> {
    if all.is_empty() {
        return Fact::Default("mon:00:00-mon:00:00".to_owned());
    }
    match all.into_iter().collect::<Option<Vec<String>>>() {
        Some(all) => Fact::Known(all.join(", ")),
        None => Fact::unknown(super::odd(
            account,
            operation,
            "the window is not in a known form",
        )),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        let phase = |word, suspended| status(word, suspended).value().unwrap().phase;
        assert_eq!(phase("READY", false), Phase::Serving);
        assert_eq!(phase("READY", true), Phase::Gone);
        assert_eq!(phase("REPAIRING", false), Phase::Changing);
        assert_eq!(phase("CREATING", false), Phase::Creating);
        // What is not told, or told in a new word, is no "down".
        assert_eq!(phase("STATE_UNSPECIFIED", false), Phase::Unclear);
        assert_eq!(phase("17", false), Phase::Unclear);
    }

    #[test]
    fn versions_and_windows() {
        assert_eq!(version("REDIS_7_2").as_deref(), Some("7.2"));
        assert_eq!(version("REDIS_6_X").as_deref(), Some("6.x"));
        assert_eq!(version("VALKEY_8_0").as_deref(), Some("8.0"));
        assert_eq!(version("REDIS"), None);
        assert_eq!(version("REDIS_NEXT"), None);
        assert_eq!(
            window("SUNDAY", 5, 0).as_deref(),
            Some("sun:05:00-sun:06:00")
        );
        assert_eq!(
            window("SUNDAY", 23, 30).as_deref(),
            Some("sun:23:30-mon:00:30")
        );
        assert_eq!(window("SOMEDAY", 5, 0), None);
        assert_eq!(window("SUNDAY", 24, 0), None);
    }
}
