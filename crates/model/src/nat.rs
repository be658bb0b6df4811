//! Gateways that translate source addresses.

use std::net::IpAddr;

use cachewarden_netset::Cidr;
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::{AccountId, Provider, Region, ResourceId};

/// A gateway by which machines without a public address leave for the
/// internet. Which subnets use it is said by them (Azure) or by their routes
/// (AWS).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NatGateway {
    /// The cloud's id.
    pub id: ResourceId,
    /// What people call it; the id where it has no name.
    pub name: String,
    /// Its cloud.
    pub provider: Provider,
    /// The account that owns it.
    pub account: AccountId,
    /// Its region.
    pub region: Region,
    /// Public addresses that the far side sees, sorted; it may choose any.
    pub addresses: Fact<Vec<IpAddr>>,
    /// Public ranges that it may choose from besides, sorted.
    pub ranges: Fact<Vec<Cidr>>,
}
