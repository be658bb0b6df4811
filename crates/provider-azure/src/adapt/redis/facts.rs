//! Single facts of an Azure Cache for Redis.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{
    AccountId, AtRestEncryption, Authentication, ClusterMode, Fact, Failover, Gap, GapReason,
    Phase, PublicAccess, Status, TlsVersion, TransitEncryption,
};
use serde_json::Value;

use crate::adapt::connection::{public, word};
use crate::adapt::gap;
use crate::collect::admits_identities;
use crate::operation::Operation;
use crate::wire::redis::{MinimumTlsVersion, Newer, RedisResource, Tier};

const WHAT: Operation = Operation::Redis;

/// Settings of the engine that say something of connections and memory.
const PARAMETERS: [&str; 12] = [
    "aad-enabled",
    "aof-backup-enabled",
    "authnotrequired",
    "maxclients",
    "maxfragmentationmemory-reserved",
    "maxmemory-delta",
    "maxmemory-policy",
    "maxmemory-reserved",
    "notify-keyspace-events",
    "rdb-backup-enabled",
    "rdb-backup-frequency",
    "zonal-configuration",
];

/// A cache, for the facts that it tells.
pub(super) struct Facts<'a> {
    account: &'a AccountId,
    value: &'a Value,
    wire: &'a RedisResource,
    newer: &'a Newer,
}

impl<'a> Facts<'a> {
    pub(super) fn new(
        account: &'a AccountId,
        value: &'a Value,
        wire: &'a RedisResource,
        newer: &'a Newer,
    ) -> Self {
        Self {
            account,
            value,
            wire,
            newer,
        }
    }

    fn common(&self) -> &'a azure_mgmt_redis::package_2024_03::models::RedisCommonProperties {
        &self
            .wire
            .properties
            .redis_create_properties
            .redis_common_properties
    }

    fn tier(&self) -> &'a Tier {
        &self.wire.properties.redis_create_properties.sku.name
    }

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

    /// `C1`, `P2`.
    pub(super) fn node_type(&self) -> Fact<String> {
        let sku = &self.wire.properties.redis_create_properties.sku;
        match word(&sku.family) {
            Some(family) => Fact::Known(format!("{family}{}", sku.capacity)),
            None => Fact::unknown(self.untold("sku.family")),
        }
    }

    pub(super) fn status(&self) -> Fact<Status> {
        let state = self.wire.properties.provisioning_state.as_ref();
        match state.and_then(word) {
            Some(text) => Fact::Known(Status {
                phase: phase(&text),
                text,
            }),
            None => Fact::unknown(self.untold("provisioningState")),
        }
    }

    /// Shards that are counted make a cluster, one as well.
    pub(super) fn cluster_mode(&self) -> Fact<ClusterMode> {
        match self.common().shard_count {
            Some(count) if count > 0 => Fact::Known(ClusterMode::Enabled),
            Some(_) => Fact::Known(ClusterMode::Disabled),
            None => Fact::Default(ClusterMode::Disabled),
        }
    }

    pub(super) fn shards(&self) -> Fact<u32> {
        match self
            .common()
            .shard_count
            .and_then(|it| u32::try_from(it).ok())
        {
            Some(count) if count > 0 => Fact::Known(count),
            _ => Fact::Default(1),
        }
    }

    /// Standard has one replica; Premium one unless it states more.
    ///
    /// Source: Azure Cache for Redis, "High availability and disaster recovery".
    pub(super) fn replicas(&self) -> Fact<u32> {
        let common = self.common();
        let stated = common.replicas_per_primary.or(common.replicas_per_master);
        match (self.tier(), stated.and_then(|it| u32::try_from(it).ok())) {
            (Tier::Basic, _) => Fact::Default(0),
            (_, Some(count)) => Fact::Known(count),
            (Tier::UnknownValue(tier), None) => Fact::unknown(self.unmodelled("tier", tier)),
            (_, None) => Fact::Default(1),
        }
    }

    pub(super) fn failover(&self) -> Fact<Failover> {
        match self.tier() {
            Tier::Basic => Fact::Default(Failover::Disabled),
            Tier::Standard | Tier::Premium => Fact::Default(Failover::Enabled),
            Tier::UnknownValue(tier) => Fact::unknown(self.unmodelled("tier", tier)),
        }
    }

    /// Zones of the instances say it; else what the owner chose.
    pub(super) fn multi_zone(&self) -> Fact<bool> {
        let instances = &self.wire.properties.instances;
        let zones: Option<BTreeSet<&str>> = instances.iter().map(|it| it.zone.as_deref()).collect();
        match zones {
            Some(zones) if !zones.is_empty() => return Fact::Known(zones.len() > 1),
            _ => {}
        }
        let allocation = self.newer.zonal_allocation_policy.as_deref();
        match (allocation, self.wire.zones.len()) {
            (_, chosen) if chosen > 0 => Fact::Known(chosen > 1),
            (Some("NoZones"), _) => Fact::Known(false),
            _ if *self.tier() == Tier::Basic => Fact::Default(false),
            _ => Fact::unknown(self.not_offered("in which zones the nodes are")),
        }
    }

    pub(super) fn zones(&self) -> Vec<String> {
        let mut zones = self.wire.zones.clone();
        zones.sort();
        zones
    }

    pub(super) fn transit_encryption(&self) -> Fact<TransitEncryption> {
        match self.common().enable_non_ssl_port {
            Some(true) => Fact::Known(TransitEncryption::Preferred),
            Some(false) => Fact::Known(TransitEncryption::Required),
            None => Fact::Default(TransitEncryption::Required),
        }
    }

    /// Absent means what the service takes today.
    ///
    /// Source: Azure Cache for Redis, "Remove TLS 1.0 and 1.1".
    pub(super) fn tls_min(&self) -> Fact<TlsVersion> {
        match &self.common().minimum_tls_version {
            None => Fact::Default(TlsVersion::V1_2),
            Some(MinimumTlsVersion::N1_0) => Fact::Known(TlsVersion::V1_0),
            Some(MinimumTlsVersion::N1_1) => Fact::Known(TlsVersion::V1_1),
            Some(MinimumTlsVersion::N1_2) => Fact::Known(TlsVersion::V1_2),
            Some(MinimumTlsVersion::UnknownValue(word)) => match word.as_str() {
                "1.3" => Fact::Known(TlsVersion::V1_3),
                word => Fact::unknown(self.unmodelled("TLS version", word)),
            },
        }
    }

    /// Disks are encrypted with a key of the service, which this service
    /// knows no other of.
    ///
    /// Source: Azure Cache for Redis, "Configure disk encryption".
    pub(super) fn at_rest_encryption(&self) -> Fact<AtRestEncryption> {
        Fact::Default(AtRestEncryption::ServiceKey)
    }

    pub(super) fn authentication(&self) -> Fact<Authentication> {
        let disabled = self.common().disable_access_key_authentication;
        let authentication = Authentication {
            token: !disabled.unwrap_or(false),
            groups: vec![],
            identity: admits_identities(self.value),
        };
        match disabled {
            Some(_) => Fact::Known(authentication),
            None => Fact::Default(authentication),
        }
    }

    pub(super) fn anonymous_access(&self) -> Fact<bool> {
        match self.parameter("authnotrequired") {
            Some(word) if word.eq_ignore_ascii_case("true") => Fact::Known(true),
            Some(word) if word.eq_ignore_ascii_case("false") => Fact::Known(false),
            Some(word) => Fact::unknown(self.unmodelled("value of authnotrequired", word)),
            None => Fact::Default(false),
        }
    }

    /// `publicNetworkAccess` as it is stated.
    pub(super) fn stated_access(&self) -> Option<bool> {
        let word = self
            .common()
            .public_network_access
            .as_ref()
            .and_then(word)?;
        Some(public(&word)? == PublicAccess::Enabled)
    }

    /// A cache in a subnet has no public address; absent means enabled.
    ///
    /// Sources: Azure Cache for Redis, "Network isolation options" and
    /// "Private Link".
    pub(super) fn public_access(&self) -> Fact<PublicAccess> {
        let created = &self.wire.properties.redis_create_properties;
        if created
            .subnet_id
            .as_deref()
            .is_some_and(|it| !it.is_empty())
        {
            return Fact::Known(PublicAccess::Disabled);
        }
        match self.common().public_network_access.as_ref().map(word) {
            None => Fact::Default(PublicAccess::Enabled),
            Some(text) => match text.as_deref().and_then(public) {
                Some(access) => Fact::Known(access),
                None => {
                    let word = text.unwrap_or_default();
                    Fact::unknown(self.unmodelled("public network access", &word))
                }
            },
        }
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        let settings = self.value.pointer("/properties/redisConfiguration")?;
        settings.get(name)?.as_str()
    }

    pub(super) fn parameters(&self) -> BTreeMap<String, String> {
        let told = PARAMETERS
            .iter()
            .filter_map(|it| Some((*it, self.parameter(it)?)));
        told.map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

/// What a provisioning state means for a client. A failed change leaves open
/// whether the cache serves.
///
/// Source: Azure REST API, Redis, `ProvisioningState`.
fn phase(word: &str) -> Phase {
    match word {
        "Succeeded" => Phase::Serving,
        "Creating" | "Provisioning" => Phase::Creating,
        "Deleting" | "Disabled" | "Unprovisioning" => Phase::Gone,
        "ConfiguringAAD"
        | "Linking"
        | "Migrating"
        | "MigrationCancelling"
        | "RecoveringScaleFailure"
        | "Scaling"
        | "Unlinking"
        | "Updating" => Phase::Changing,
        _ => Phase::Unclear,
    }
}
