//! All that was learned from outside, and when.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::access::{CacheUser, UserGroup};
use crate::cache::Cache;
use crate::dns::DnsZone;
use crate::filter::{Filter, PrefixList};
use crate::gap::Gap;
use crate::id::{AccountId, Provider, Region, ResourceId};
use crate::interface::Interface;
use crate::link::{Peering, TransitRouter};
use crate::nat::NatGateway;
use crate::network::{Network, Subnet};
use crate::private::{ConnectionPolicy, PrivateEndpoint};
use crate::route::RouteTable;
use crate::time::Timestamp;

/// All that was learned from outside, and when.
///
/// A list holds what was seen; [`Snapshot::gaps`] says what may be missing
/// from it. Lists are sorted by id once [`Snapshot::sort`] has run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// [`Snapshot::SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// When the first question was asked.
    pub collected_at: Timestamp,
    /// What was asked.
    pub targets: Vec<Target>,
    /// Caches.
    #[serde(default)]
    pub caches: Vec<Cache>,
    /// Networks.
    #[serde(default)]
    pub networks: Vec<Network>,
    /// Subnets.
    #[serde(default)]
    pub subnets: Vec<Subnet>,
    /// Route tables.
    #[serde(default)]
    pub route_tables: Vec<RouteTable>,
    /// Filters.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// Prefix lists.
    #[serde(default)]
    pub prefix_lists: Vec<PrefixList>,
    /// Interfaces.
    #[serde(default)]
    pub interfaces: Vec<Interface>,
    /// Peerings.
    #[serde(default)]
    pub peerings: Vec<Peering>,
    /// Transit routers.
    #[serde(default)]
    pub transit_routers: Vec<TransitRouter>,
    /// Gateways that translate source addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nat_gateways: Vec<NatGateway>,
    /// Private endpoints.
    #[serde(default)]
    pub private_endpoints: Vec<PrivateEndpoint>,
    /// Policies that make private endpoints.
    #[serde(default)]
    pub connection_policies: Vec<ConnectionPolicy>,
    /// Private DNS zones.
    #[serde(default)]
    pub dns_zones: Vec<DnsZone>,
    /// Users of caches.
    #[serde(default)]
    pub users: Vec<CacheUser>,
    /// Groups of them.
    #[serde(default)]
    pub user_groups: Vec<UserGroup>,
    /// What was recognised and left out.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
    /// What was not seen.
    #[serde(default)]
    pub gaps: Vec<Gap>,
}

/// A program and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One account that was asked, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The cloud.
    pub provider: Provider,
    /// The account.
    pub account: AccountId,
    /// The regions that were asked, sorted.
    pub regions: Vec<Region>,
}

/// Something that was recognised and left out, such as a Memcached cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Skipped {
    /// The cloud.
    pub provider: Provider,
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// The cloud's id.
    pub id: ResourceId,
    /// Why, in a few words.
    pub why: String,
}

/// A text is no snapshot that this version reads.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Written by a newer version.
    #[error(
        "the snapshot has the format `{found}`; this version reads `{}`",
        Snapshot::SCHEMA
    )]
    Version {
        /// The format that it names.
        found: String,
    },
    /// Another kind of document.
    #[error(
        "not a snapshot: it lacks the field `schema` with the value `{}`",
        Snapshot::SCHEMA
    )]
    Other,
    /// Damaged or cut off.
    #[error("damaged at line {}, column {}: {source}", source.line(), source.column())]
    Damaged {
        /// What the parser met.
        #[source]
        source: serde_json::Error,
    },
}

impl Snapshot {
    /// The JSON Schema of a snapshot, as text that ends with a line's end.
    /// A test compares it with what the types say.
    pub const JSON_SCHEMA: &'static str = include_str!("../snapshot.schema.json");

    /// The format's name and version.
    pub const SCHEMA: &'static str = "cachewarden.snapshot/1";

    /// An empty snapshot of this version.
    pub fn new(collected_at: Timestamp, version: &str) -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            tool: Tool {
                name: "cachewarden".to_owned(),
                version: version.to_owned(),
            },
            collected_at,
            targets: vec![],
            caches: vec![],
            networks: vec![],
            subnets: vec![],
            route_tables: vec![],
            filters: vec![],
            prefix_lists: vec![],
            interfaces: vec![],
            peerings: vec![],
            transit_routers: vec![],
            nat_gateways: vec![],
            private_endpoints: vec![],
            connection_policies: vec![],
            dns_zones: vec![],
            users: vec![],
            user_groups: vec![],
            skipped: vec![],
            gaps: vec![],
        }
    }

    /// Reads a snapshot from JSON.
    ///
    /// # Errors
    ///
    /// If the text is damaged, is another document, or has a version that
    /// this program does not read.
    pub fn from_json(text: &[u8]) -> Result<Self, SnapshotError> {
        match serde_json::from_slice::<Self>(text) {
            Ok(snapshot) if snapshot.schema == Self::SCHEMA => Ok(snapshot),
            Ok(snapshot) => Err(SnapshotError::Version {
                found: snapshot.schema,
            }),
            Err(source) => Err(Self::explain(text, source)),
        }
    }

    /// A document of another version or kind fails somewhere in its body;
    /// its name is the better explanation.
    fn explain(text: &[u8], source: serde_json::Error) -> SnapshotError {
        #[derive(Deserialize)]
        struct Header {
            schema: Option<String>,
        }
        match serde_json::from_slice::<Header>(text) {
            Ok(Header {
                schema: Some(found),
            }) if found != Self::SCHEMA => {
                if found.starts_with("cachewarden.snapshot/") {
                    SnapshotError::Version { found }
                } else {
                    SnapshotError::Other
                }
            }
            Ok(Header { schema: None }) => SnapshotError::Other,
            Ok(Header { schema: Some(_) }) | Err(_) => SnapshotError::Damaged { source },
        }
    }

    /// Sorts every list by id and drops what stands there twice, the last one
    /// staying: no cursor of a cloud is stable while things come and go.
    pub fn sort(&mut self) {
        // Most snapshots come in order, which a stable sort sees in one pass.
        fn by_id<T, K: Ord>(list: &mut Vec<T>, id: impl for<'a> Fn(&'a T) -> &'a K) {
            by(list, |one, other| id(one).cmp(id(other)));
        }
        fn by<T>(list: &mut Vec<T>, order: impl Fn(&T, &T) -> Ordering) {
            list.sort_by(&order);
            list.dedup_by(|later, earlier| {
                let twice = order(later, earlier).is_eq();
                if twice {
                    std::mem::swap(later, earlier);
                }
                twice
            });
        }
        by_id(&mut self.caches, |it| &it.id);
        by_id(&mut self.networks, |it| &it.id);
        by_id(&mut self.subnets, |it| &it.id);
        by_id(&mut self.route_tables, |it| &it.id);
        by_id(&mut self.filters, |it| &it.id);
        by_id(&mut self.prefix_lists, |it| &it.id);
        by_id(&mut self.interfaces, |it| &it.id);
        by_id(&mut self.peerings, |it| &it.id);
        by_id(&mut self.transit_routers, |it| &it.id);
        by_id(&mut self.nat_gateways, |it| &it.id);
        by_id(&mut self.private_endpoints, |it| &it.id);
        by_id(&mut self.connection_policies, |it| &it.id);
        by_id(&mut self.dns_zones, |it| &it.id);
        by(&mut self.users, |one, other| {
            (&one.account, &one.region, one.service, &one.id).cmp(&(
                &other.account,
                &other.region,
                other.service,
                &other.id,
            ))
        });
        by(&mut self.user_groups, |one, other| {
            (&one.account, &one.region, one.service, &one.id).cmp(&(
                &other.account,
                &other.region,
                other.service,
                &other.id,
            ))
        });
        by_id(&mut self.skipped, |it| &it.id);
        self.targets.sort();
        self.targets.dedup();
        self.gaps.sort();
        self.gaps.dedup();
    }

    /// Two snapshots as if both had been taken in one go. What both saw is
    /// kept as the later one saw it; the time is the older one's.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let (mut older, newer) = if other.collected_at < self.collected_at {
            (other, self)
        } else {
            (self, other)
        };
        older.targets.extend(newer.targets);
        older.caches.extend(newer.caches);
        older.networks.extend(newer.networks);
        older.subnets.extend(newer.subnets);
        older.route_tables.extend(newer.route_tables);
        older.filters.extend(newer.filters);
        older.prefix_lists.extend(newer.prefix_lists);
        older.interfaces.extend(newer.interfaces);
        older.peerings.extend(newer.peerings);
        older.transit_routers.extend(newer.transit_routers);
        older.nat_gateways.extend(newer.nat_gateways);
        older.private_endpoints.extend(newer.private_endpoints);
        older.connection_policies.extend(newer.connection_policies);
        older.dns_zones.extend(newer.dns_zones);
        older.users.extend(newer.users);
        older.user_groups.extend(newer.user_groups);
        older.skipped.extend(newer.skipped);
        older.gaps.extend(newer.gaps);
        older.sort();
        older
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Snapshot {
        Snapshot::new("2026-01-31T08:00:00Z".parse().unwrap(), "0.1.0")
    }

    /// `UPDATE_GOLDEN=1` writes it anew.
    #[test]
    fn the_schema_beside_the_crate_is_the_generated_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshot.schema.json");
        let schema = schemars::schema_for!(Snapshot);
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    }

    #[test]
    fn a_snapshot_survives_its_json() {
        let text = serde_json::to_vec(&empty()).unwrap();
        assert_eq!(Snapshot::from_json(&text).unwrap(), empty());
    }

    #[test]
    fn what_is_no_snapshot_of_this_version_says_so() {
        let mut newer = empty();
        newer.schema = "cachewarden.snapshot/2".to_owned();
        let newer = serde_json::to_vec(&newer).unwrap();
        assert!(
            matches!(Snapshot::from_json(&newer), Err(SnapshotError::Version { found }) if found.ends_with("/2"))
        );
        assert!(matches!(
            Snapshot::from_json(b"{}"),
            Err(SnapshotError::Other)
        ));
        let report = br#"{"schema": "cachewarden.report/1"}"#;
        assert!(matches!(
            Snapshot::from_json(report),
            Err(SnapshotError::Other)
        ));
        let text = serde_json::to_vec(&empty()).unwrap();
        let cut = text.get(..text.len() / 2).unwrap();
        assert!(matches!(
            Snapshot::from_json(cut),
            Err(SnapshotError::Damaged { .. })
        ));
    }

    #[test]
    fn of_two_snapshots_the_later_one_wins() {
        let network = |name: &str| crate::network::Network {
            gcp: None,
            id: "vpc-1".into(),
            name: name.into(),
            provider: Provider::Aws,
            account: "1".into(),
            region: "eu-west-1".into(),
            cidrs: vec![],
            dns_resolution: crate::Fact::Known(true),
            dns_host_names: crate::Fact::Known(true),
            dns_servers: crate::Fact::Known(crate::DnsServers::Provider),
            public_access_block: crate::Fact::Known(crate::PublicAccessBlock::Off),
            encryption_control: crate::Fact::Known(crate::EncryptionControl::Off),
            filters: crate::Fact::Default(vec![]),
            internet_gateways: crate::Fact::Known(vec![]),
            tags: Default::default(),
        };
        let mut older = empty();
        older.networks.push(network("old"));
        let mut newer = Snapshot::new("2026-02-01T00:00:00Z".parse().unwrap(), "0.1.0");
        newer.networks.push(network("new"));
        for merged in [older.clone().merge(newer.clone()), newer.merge(older)] {
            assert_eq!(merged.collected_at, empty().collected_at);
            assert_eq!(merged.networks.len(), 1);
            assert!(merged.networks.iter().all(|it| it.name == "new"));
        }
    }
}
