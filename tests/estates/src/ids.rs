//! Ids of the base and its neighbours.

use cachewarden_model::{Direction, ResourceId, RuleId};

/// The network with the cache, 10.0.0.0/16.
pub const VPC_A: &str = "vpc-0a000000000000001";
/// Its neighbour, 10.1.0.0/16.
pub const VPC_B: &str = "vpc-0b000000000000002";
/// A third network, 10.4.0.0/16.
pub const VPC_E: &str = "vpc-0e000000000000003";

/// Subnet of the client, 10.0.1.0/24, first zone.
pub const S1: &str = "subnet-0a000000000000101";
/// First subnet of the cache, 10.0.11.0/24, first zone.
pub const S11: &str = "subnet-0a000000000001101";
/// Second subnet of the cache, 10.0.12.0/24, second zone.
pub const S12: &str = "subnet-0a000000000001202";
/// Third subnet of the cache, 10.0.13.0/24, third zone.
pub const S13: &str = "subnet-0a000000000001303";
/// Subnet of the neighbour's client, 10.1.1.0/24, first zone.
pub const SB: &str = "subnet-0b000000000000101";
/// Subnet of the third network's client, 10.4.1.0/24, first zone.
pub const SE: &str = "subnet-0e000000000000101";
/// Subnets that the first network's transit attachment uses, one per zone:
/// 10.0.240.0/28, 10.0.240.16/28, 10.0.240.32/28.
pub const T_A: [&str; 3] = [
    "subnet-0a00000000024001",
    "subnet-0a00000000024002",
    "subnet-0a00000000024003",
];
/// The subnet that the neighbour's transit attachment uses, 10.1.240.0/28,
/// first zone.
pub const T_B: &str = "subnet-0b00000000024001";
/// The subnets of the cache.
pub const CACHE_SUBNETS: [&str; 3] = [S11, S12, S13];

/// Group of the client.
pub const SG_APP: &str = "sg-0a99000000000a001";
/// Group of the cache.
pub const SG_CACHE: &str = "sg-0cac000000000c001";
/// Group of the neighbour's client.
pub const SG_B: &str = "sg-0b99000000000b001";
/// A further group of the first network that nobody carries.
pub const SG_OLD: &str = "sg-001d000000000a002";
/// A further group on the cache.
pub const SG_EXTRA: &str = "sg-0e87000000000c002";

/// Network ACL of the first network that came with it.
pub const ACL_A: &str = "acl-0a000000000000001";
/// Network ACL of the neighbour that came with it.
pub const ACL_B: &str = "acl-0b000000000000002";
/// A network ACL for the cache's subnets.
pub const ACL_CACHE: &str = "acl-0cac0000000000001";
/// A network ACL for the client's subnet.
pub const ACL_CLIENT: &str = "acl-0c11e000000000001";

/// Main route table of the first network.
pub const RTB_A: &str = "rtb-0a000000000000001";
/// Main route table of the neighbour.
pub const RTB_B: &str = "rtb-0b000000000000002";
/// Main route table of the third network.
pub const RTB_E: &str = "rtb-0e000000000000003";

/// Peering of the first network and its neighbour.
pub const PCX_AB: &str = "pcx-0ab00000000000001";
/// Peering of the neighbour and the third network.
pub const PCX_BE: &str = "pcx-0be00000000000002";

/// The transit gateway.
pub const TGW: &str = "tgw-0ab00000000000001";
/// Its one route table.
pub const TGW_TABLE: &str = "tgw-rtb-0ab0000000001";
/// The first network's attachment.
pub const ATTACH_A: &str = "tgw-attach-0a00000001";
/// The neighbour's attachment.
pub const ATTACH_B: &str = "tgw-attach-0b00000002";
/// The third network's attachment.
pub const ATTACH_E: &str = "tgw-attach-0e00000003";

/// The client's interface, 10.0.1.10.
pub const CLIENT: &str = "eni-0a000000000000110";
/// The machine behind it.
pub const CLIENT_MACHINE: &str = "i-0a000000000000110";
/// The neighbour's client's interface, 10.1.1.10.
pub const CLIENT_B: &str = "eni-0b000000000000110";
/// The third network's client's interface, 10.4.1.10.
pub const CLIENT_E: &str = "eni-0e000000000000110";

/// The cache.
pub const CACHE: &str = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:sessions";
/// The cache's name.
pub const CACHE_NAME: &str = "sessions";

/// The id of the n-th rule of a group in one direction, counted from 0.
///
/// AWS draws such ids at random; here they follow from what they identify.
pub fn rule_id(group: &str, direction: Direction, number: usize) -> RuleId {
    let seed = format!("{group} {} {number}", direction.as_str());
    RuleId::from(hashed("sgr-", &seed).as_str())
}

/// An id in AWS's form that follows from a seed.
pub fn hashed(prefix: &str, seed: &str) -> ResourceId {
    // FNV-1a: any spread will do, as long as it stays the same.
    let hash = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{prefix}0{hash:016x}").into()
}

/// The id of what came with a network: the same digits under another prefix.
pub(crate) fn sibling(network: &str, prefix: &str) -> ResourceId {
    let digits = network.strip_prefix("vpc-").unwrap_or(network);
    format!("{prefix}{digits}").into()
}
