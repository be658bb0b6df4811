//! The nouns that all crates of cachewarden speak: what was learned of the
//! clouds ([`Snapshot`]), what follows from it ([`Connection`], [`Exposure`],
//! [`Finding`]) and what might be changed ([`Edit`]).
//!
//! Data only: nothing here decides whether a packet passes or a policy holds.

pub mod access;
pub mod audit;
pub mod cache;
pub mod connection;
pub mod dns;
pub mod edit;
pub mod expectation;
pub mod exposure;
pub mod fact;
pub mod filter;
pub mod finding;
pub mod gap;
pub mod id;
pub mod interface;
pub mod link;
pub mod metric;
pub mod nat;
pub mod network;
pub mod path;
pub mod platform;
pub mod private;
pub mod route;
pub mod snapshot;
pub mod time;

pub use access::{CacheUser, UserAuthentication, UserGroup};
pub use audit::{
    Audit, AuditSummary, CacheSummary, ConnectionCounts, ExpectationResult, ReachReport,
    Reachability,
};
pub use cache::{
    AtRestEncryption, Authentication, Authority, AwsCache, AzureCache, Cache, ClusterMode,
    Endpoint, EndpointRole, Engine, Failover, GcpCache, IpFamilies, LinkedCache, Node,
    ParameterGroup, PendingChanges, Phase, PrivateConnection, PscConnection, PublicAccess, Service,
    ServiceUpdate, Status, TlsVersion, TransitEncryption, Version,
};
pub use connection::{
    Blame, CacheRef, ClientKind, ClientRef, Connection, Effect, EndpointRef, Fix, Intent, Leg,
    Narrowing, Nearest, Outcome, Proof, Stage, Step, Symptom, Whereabouts, Witness,
};
pub use dns::{DnsRecord, DnsZone, ResolutionPolicy, ZoneLink};
pub use edit::Edit;
pub use expectation::{Demand, Expectation, ExpectedOutcome, Selector, TlsAbility};
pub use exposure::{DeadRule, Exposure, Narrow, RuleUse, SourceSet, Zone};
pub use fact::Fact;
pub use filter::{
    Action, Direction, Discipline, Filter, FilterKind, Peer, PeerLink, PrefixList, Rule, Tracking,
};
pub use finding::{
    Concern, Evidence, Finding, FindingFix, Severity, Subject, SubjectKind, Verdict, Waived,
};
pub use gap::{Gap, GapReason, Noun};
pub use id::{AccountId, PolicyId, Provider, Region, ResourceId, RuleId};
pub use interface::{Attachment, Interface, InterfaceKind, Platform, RunState};
pub use link::{
    AzurePeering, LinkState, Peering, PeeringEnd, TransitAttachment, TransitResource, TransitRoute,
    TransitRouteKind, TransitRouter, TransitTable,
};
pub use metric::{Metric, Statistic};
pub use nat::NatGateway;
pub use network::{
    AllocatedRange, AzureSubnet, CloudRouter, DnsServers, EncryptionControl, FirewallOrder,
    GcpInterface, GcpNetwork, GcpRule, GcpSubnet, HubSpoke, HybridKind, HybridLink,
    InternetGateway, Network, PolicyRoute, PolicyRouteNext, PolicyRouteScope,
    PrivateEndpointPolicies, PublicAccessBlock, Subnet, TableAssociation, ZoneName,
};
pub use path::{PathFacts, Tracker, TrackerKind};
pub use platform::{PlatformNeed, PlatformTraffic};
pub use private::{
    ConnectionPolicy, PolicyConnection, PrivateEndpoint, PrivateEndpointState, PrivateName,
};
pub use route::{Destination, Route, RouteOrigin, RouteState, RouteTable, RouteTarget};
pub use snapshot::{Skipped, Snapshot, SnapshotError, Target, Tool};
pub use time::{Timestamp, TimestampError};
