//! Single facts of a cluster of Redis Enterprise or Azure Managed Redis.

use std::collections::BTreeMap;

use cachewarden_model::{
    AccountId, AtRestEncryption, Authentication, ClusterMode, Fact, Failover, Gap, GapReason,
    Phase, PublicAccess, Status, TlsVersion, TransitEncryption,
};

use super::encryption;
use crate::adapt::connection::{public, word};
use crate::adapt::gap;
use crate::collect::Cluster;
use crate::operation::Operation;
use crate::wire::{Child, enterprise as wire};

const WHAT: Operation = Operation::Enterprise;

/// The databases that could be read.
pub(super) struct Databases {
    pub(super) read: Vec<wire::Database>,
    /// Why there may be more.
    gap: Option<Gap>,
}

impl Databases {
    pub(super) fn read(cluster: &Cluster) -> Self {
        let listed = cluster.databases.items.iter();
        let read = listed.filter_map(|it| {
            let child: Child<wire::Database> = serde_json::from_value(it.value.clone()).ok()?;
            Some(child.properties)
        });
        let read: Vec<_> = read.collect();
        let some_lost = (read.len() < cluster.databases.items.len()).then(|| {
            let message = "a database is not in a form that this version reads".to_owned();
            gap(
                &cluster.account,
                Operation::Databases,
                GapReason::Damaged,
                message,
            )
        });
        Self {
            read,
            gap: cluster.databases.gap.clone().or(some_lost),
        }
    }

    /// What the first database tells.
    pub(super) fn first<T>(&self, tell: impl Fn(&wire::Database) -> Option<T>) -> Option<T> {
        self.read.first().and_then(tell)
    }

    pub(super) fn version(&self) -> Option<String> {
        self.first(|it| it.redis_version.clone())
    }
}

/// A cluster, for the facts that it tells.
pub(super) struct Facts<'a> {
    pub(super) account: &'a AccountId,
    pub(super) parts: &'a wire::ClusterParts,
    pub(super) databases: &'a Databases,
}

impl Facts<'_> {
    /// The answer lacks it.
    pub(super) fn untold(&self, what: &str) -> Gap {
        let message = format!("the answer lacks `{what}`");
        gap(self.account, WHAT, GapReason::Damaged, message)
    }

    /// Azure does not tell it.
    pub(super) fn not_offered(&self, what: &str) -> Gap {
        let message = format!("the service does not tell {what}");
        gap(self.account, WHAT, GapReason::NotOffered, message)
    }

    fn unmodelled(&self, what: &str, word: &str) -> Gap {
        let message = format!("this version does not know the {what} `{word}`");
        gap(self.account, WHAT, GapReason::Unmodelled, message)
    }

    /// What the databases tell, unless some of them are not known.
    fn of_databases<T>(
        &self,
        what: &str,
        tell: impl FnOnce(&[wire::Database]) -> Option<Fact<T>>,
    ) -> Fact<T> {
        match &self.databases.gap {
            Some(gap) => Fact::unknown(gap.clone()),
            None => tell(&self.databases.read).unwrap_or_else(|| Fact::unknown(self.untold(what))),
        }
    }

    /// The cluster's state and its databases': the worst counts. Where the
    /// answer has no `resourceState`, `provisioningState` does.
    pub(super) fn status(&self) -> Fact<Status> {
        let cluster = &self.parts.properties;
        let own = cluster.resource_state.as_ref().map(|it| (phase(it), it));
        let made = cluster.provisioning_state.as_ref().map(|it| (made(it), it));
        let Some(own) = own.or(made) else {
            return Fact::unknown(self.untold("resourceState"));
        };
        let databases = self.databases.read.iter();
        let databases = databases.filter_map(|it| it.resource_state.as_ref());
        let all = databases.map(|it| (phase(it), it)).chain([own]);
        let worst = all.max_by_key(|(phase, _)| severity(*phase)).unwrap_or(own);
        Fact::Known(Status {
            text: worst.1.clone(),
            phase: worst.0,
        })
    }

    /// Absent is `OSSCluster`. With `EnterpriseCluster` the cluster shows
    /// itself to clients as one node.
    ///
    /// Source: Azure Managed Redis, "Architecture", clustering policies.
    pub(super) fn cluster_mode(&self) -> Fact<ClusterMode> {
        self.of_databases("databases", |databases| {
            let first = databases.first()?;
            Some(match first.clustering_policy.as_deref() {
                None => Fact::Default(ClusterMode::Enabled),
                Some(it) if it.eq_ignore_ascii_case("OSSCluster") => {
                    Fact::Known(ClusterMode::Enabled)
                }
                Some(it)
                    if it.eq_ignore_ascii_case("EnterpriseCluster")
                        || it.eq_ignore_ascii_case("NoCluster") =>
                {
                    Fact::Known(ClusterMode::Disabled)
                }
                Some(word) => Fact::unknown(self.unmodelled("clustering policy", word)),
            })
        })
    }

    pub(super) fn transit_encryption(&self) -> Fact<TransitEncryption> {
        self.of_databases("clientProtocol", |databases| {
            let protocols: Vec<_> = databases
                .iter()
                .map(|it| protocol(it.client_protocol.as_deref()))
                .collect();
            Some(Fact::Known(encryption(&protocols)?))
        })
    }

    pub(super) fn tls_min(&self) -> Fact<TlsVersion> {
        match self.parts.properties.minimum_tls_version.as_deref() {
            None => Fact::Default(TlsVersion::V1_2),
            Some("1.0") => Fact::Known(TlsVersion::V1_0),
            Some("1.1") => Fact::Known(TlsVersion::V1_1),
            Some("1.2") => Fact::Known(TlsVersion::V1_2),
            Some("1.3") => Fact::Known(TlsVersion::V1_3),
            Some(word) => Fact::unknown(self.unmodelled("TLS version", word)),
        }
    }

    pub(super) fn at_rest_encryption(&self) -> Fact<AtRestEncryption> {
        let encryption = self.parts.properties.encryption.as_ref();
        let own = encryption.and_then(|it| it.customer_managed_key_encryption.as_ref());
        match own.and_then(|it| it.key_encryption_key_url.as_deref()) {
            Some(key) => Fact::Known(AtRestEncryption::CustomerKey(key.into())),
            None => Fact::Default(AtRestEncryption::ServiceKey),
        }
    }

    /// Keys unless they are switched off; identities in Azure Managed Redis.
    ///
    /// Source: Azure Managed Redis, "Use Microsoft Entra ID".
    pub(super) fn authentication(&self) -> Fact<Authentication> {
        let managed = !self.parts.sku.name.starts_with("Enterprise");
        self.of_databases("databases", |databases| {
            let first = databases.first()?;
            let with = |token| Authentication {
                token,
                groups: vec![],
                identity: managed,
            };
            Some(match first.access_keys_authentication.as_deref() {
                None => Fact::Default(with(true)),
                Some(word) => match public(word) {
                    Some(access) => Fact::Known(with(access == PublicAccess::Enabled)),
                    None => Fact::unknown(self.unmodelled("access key authentication", word)),
                },
            })
        })
    }

    /// Absent in clusters that an older version made: then an accepted
    /// private endpoint takes the public one away, and one that waits leaves
    /// it open which it is.
    ///
    /// Source: Azure Managed Redis, "Private Link".
    pub(super) fn public_access(&self) -> Fact<PublicAccess> {
        let cluster = &self.parts.properties;
        if let Some(word) = cluster.public_network_access.as_deref() {
            return match public(word) {
                Some(access) => Fact::Known(access),
                None => Fact::unknown(self.unmodelled("public network access", word)),
            };
        }
        let Some(listed) = &cluster.private_endpoint_connections else {
            return Fact::unknown(self.untold("privateEndpointConnections"));
        };
        let states = listed.iter().filter_map(|it| {
            let state = &it
                .properties
                .as_ref()?
                .private_link_service_connection_state;
            state.status.as_ref().and_then(word)
        });
        let states: Vec<String> = states.collect();
        let any = |word: &str| states.iter().any(|it| it.eq_ignore_ascii_case(word));
        if any("Approved") {
            Fact::Default(PublicAccess::Disabled)
        } else if any("Pending") || states.len() < listed.len() {
            Fact::unknown(self.not_offered("whether it is public while a private endpoint waits"))
        } else {
            Fact::Default(PublicAccess::Enabled)
        }
    }

    /// High availability is on unless it was switched off.
    fn available(&self) -> Fact<bool> {
        match self.parts.properties.high_availability.as_deref() {
            None => Fact::Default(true),
            Some(word) => match public(word) {
                Some(access) => Fact::Known(access == PublicAccess::Enabled),
                None => Fact::unknown(self.unmodelled("high availability", word)),
            },
        }
    }

    pub(super) fn failover(&self) -> Fact<Failover> {
        self.available().map(|it| {
            if it {
                Failover::Enabled
            } else {
                Failover::Disabled
            }
        })
    }

    pub(super) fn replicas(&self) -> Fact<u32> {
        self.available().map(u32::from)
    }

    pub(super) fn multi_zone(&self) -> Fact<bool> {
        match self.parts.properties.redundancy_mode.as_deref() {
            Some("ZR") => Fact::Known(true),
            Some("LR" | "None") => Fact::Known(false),
            Some(word) => Fact::unknown(self.unmodelled("redundancy mode", word)),
            None if self.parts.zones.is_empty() => {
                Fact::unknown(self.not_offered("in which zones the nodes are"))
            }
            None => Fact::Known(self.parts.zones.len() > 1),
        }
    }

    /// The eviction policy, under the name that the engine has for it.
    pub(super) fn parameters(&self) -> Fact<BTreeMap<String, String>> {
        self.of_databases("databases", |databases| {
            let policies = databases
                .iter()
                .filter_map(|it| it.eviction_policy.as_deref());
            let written = policies.map(|it| ("maxmemory-policy".to_owned(), kebab(it)));
            Some(Fact::Known(written.collect()))
        })
    }
}

/// `VolatileLRU` as the engine writes it: `volatile-lru`.
fn kebab(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    for start in ["allkeys", "volatile", "no"] {
        if let Some(rest) = lower.strip_prefix(start) {
            return format!("{start}{}{rest}", if start == "no" { "" } else { "-" });
        }
    }
    lower
}

/// Encrypted unless it is stated to be plain; none if the word is not known.
pub(super) fn protocol(word: Option<&str>) -> Option<TransitEncryption> {
    match word {
        None => Some(TransitEncryption::Required),
        Some(word) if word.eq_ignore_ascii_case("Encrypted") => Some(TransitEncryption::Required),
        Some(word) if word.eq_ignore_ascii_case("Plaintext") => Some(TransitEncryption::Disabled),
        Some(_) => None,
    }
}

/// What a resource state means for a client.
///
/// Source: Azure REST API, RedisEnterprise, `ResourceState`.
fn phase(word: &str) -> Phase {
    match word {
        "Running" => Phase::Serving,
        "Updating" | "Scaling" | "Moving" => Phase::Changing,
        "ScalingFailed" | "UpdateFailed" => Phase::Impaired,
        "Creating" | "Enabling" => Phase::Creating,
        "CreateFailed" | "Deleting" | "Disabled" | "Disabling" => Phase::Gone,
        _ => Phase::Unclear,
    }
}

/// The same of a provisioning state.
fn made(word: &str) -> Phase {
    match word {
        "Succeeded" => Phase::Serving,
        "Updating" => Phase::Changing,
        "Creating" => Phase::Creating,
        "Deleting" => Phase::Gone,
        _ => Phase::Unclear,
    }
}

fn severity(phase: Phase) -> u8 {
    match phase {
        Phase::Serving => 0,
        Phase::Changing => 1,
        Phase::Impaired => 2,
        Phase::Unclear => 3,
        Phase::Creating => 4,
        Phase::Gone => 5,
    }
}
