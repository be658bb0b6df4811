//! What is not learned, or what clients do not learn.

use cachewarden_model::{DnsServers, Fact, FilterKind, Noun};

use crate::noun::address;
use crate::{Estate, Place};

/// The credentials may not list network ACLs.
pub fn acls_unread(estate: &mut Estate) {
    let gap = Place::HOME.refused("ec2:DescribeNetworkAcls", &[Noun::NetworkAcls]);
    estate
        .snapshot
        .filters
        .retain(|it| it.kind != FilterKind::NetworkAcl);
    for subnet in &mut estate.snapshot.subnets {
        subnet.filter = Fact::unknown(gap.clone());
    }
    estate.add_gap(gap);
}

/// The rules of one filter were not learned.
pub fn filter_unread(id: &str) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let gap = Place::HOME.refused("ec2:DescribeSecurityGroupRules", &[]);
        estate.filter_mut(id).rules = Fact::unknown(gap.clone());
        estate.add_gap(gap);
    }
}

/// The credentials may not list peerings.
pub fn peerings_unread(estate: &mut Estate) {
    let gap = Place::HOME.refused("ec2:DescribeVpcPeeringConnections", &[Noun::Peerings]);
    estate.snapshot.peerings.clear();
    estate.add_gap(gap);
}

/// AWS's resolver does not answer in the network.
///
/// Source: Amazon VPC User Guide, "DNS attributes for your VPC".
pub fn resolver_off(network: &str) -> impl FnOnce(&mut Estate) {
    move |estate| estate.network_mut(network).dns_resolution = Fact::Known(false)
}

/// The network's machines ask a name server of the owner's.
pub fn own_resolver(network: &str, server: &str) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let servers = vec![address(server)];
        estate.network_mut(network).dns_servers = Fact::Known(DnsServers::Custom(servers));
    }
}
