//! Routes of subnets, those of the system, and peerings.
//!
//! Source: Azure Virtual Network, "Virtual network traffic routing" and
//! "Virtual network peering"; Azure Private Link, "Manage network policies
//! for private endpoints".

use std::net::IpAddr;

use cachewarden_model::{Destination, LinkState, Peering, ResourceId, RouteTarget, Subnet};
use cachewarden_netset::Cidr;

use crate::packet::{End, Packet};
use crate::world::Question;

impl<'s> Packet<'s> {
    /// The routes of a subnet's own table.
    pub(crate) fn routes(&self, subnet: &Subnet) -> Vec<(Cidr, RouteTarget)> {
        let Some(association) = subnet.route_table.value().expect("read") else {
            return vec![];
        };
        let mut tables = self.snapshot.route_tables.iter();
        let table = tables
            .find(|it| it.id == association.table)
            .expect("a table");
        let routes = table.routes.value().expect("read").iter();
        routes
            .map(|it| match &it.destination {
                Destination::Cidr(cidr) => (*cidr, it.target.clone()),
                Destination::PrefixList(_) => panic!("none are made"),
            })
            .collect()
    }

    /// Whether a side of a peering of two networks is there.
    pub(crate) fn is_peered(&self, one: &ResourceId, other: &ResourceId) -> bool {
        self.snapshot.peerings.iter().any(|it| {
            let ends = (&it.requester.network, &it.accepter.network);
            ends == (one, other) || ends == (other, one)
        })
    }

    /// The way from one private end to another; `endpoint` says whether that
    /// is a private endpoint, and whether its subnet lets routes judge it.
    pub(crate) fn way(&self, from: &End<'s>, to: &End<'s>, endpoint: Option<bool>) -> bool {
        let here = from.subnet.expect("a private address");
        let (one, other) = (&here.network, to.network().expect("a private address"));
        let joined = one == other || self.is_peered(one, other);
        let space = self.network(other).cidrs.iter();
        let space = space.filter(|it| it.contains(to.address));
        let space = space.map(Cidr::prefix_len).max().expect("its range");
        let alone = if to.address.is_ipv4() { 32 } else { 128 };
        let counts = |cidr: &Cidr| {
            if !joined {
                return true;
            }
            match endpoint {
                _ if cidr.prefix_len() == alone => true,
                Some(false) => false,
                Some(true) | None => cidr.prefix_len() >= space,
            }
        };
        let routes = self.routes(here).into_iter();
        let best = routes
            .filter(|(cidr, _)| cidr.contains(to.address) && counts(cidr))
            .max_by_key(|(cidr, _)| cidr.prefix_len());
        match best {
            Some((_, RouteTarget::Local)) => one == other,
            Some(_) => false,
            None if one == other => true,
            None => {
                let there = self.carries(from, to);
                let back = self.carries(to, from);
                there && back
            }
        }
    }

    /// The way out of a subnet to a public address.
    pub(crate) fn way_out(&self, from: &Subnet, to: IpAddr) -> bool {
        let routes = self.routes(from).into_iter();
        let best = routes
            .filter(|(cidr, _)| cidr.contains(to))
            .max_by_key(|(cidr, _)| cidr.prefix_len());
        best.is_none_or(|(_, target)| target == RouteTarget::Internet)
    }

    /// Whether the side of a peering that the near end's network owns carries
    /// packets between the ends.
    fn carries(&self, near: &End<'s>, far: &End<'s>) -> bool {
        let (own, other) = (near.network(), far.network());
        let mut sides = self.snapshot.peerings.iter();
        let side = sides
            .find(|it| Some(&it.requester.network) == own && Some(&it.accepter.network) == other);
        side.is_some_and(|it| {
            it.state == LinkState::Active
                && it.requester.access == Some(true)
                && joins(it, near, far)
                && self.knows(it, far.address)
        })
    }

    /// Whether the peering knows an address of the far network: ranges that
    /// were added later are known when it was synced.
    fn knows(&self, side: &Peering, address: IpAddr) -> bool {
        let azure = side.azure.as_ref().expect("of Azure");
        match side.accepter.cidrs.as_slice() {
            [] => {
                azure.sync_level.as_deref() == Some("FullyInSync")
                    || self.world.holds(Question::Synced)
            }
            ranges => ranges.iter().any(|it| it.contains(address)),
        }
    }
}

/// Whether a peering joins the ends: their family, and their subnets where it
/// names some.
fn joins(side: &Peering, near: &End<'_>, far: &End<'_>) -> bool {
    let azure = side.azure.as_ref().expect("of Azure");
    let named = |names: &[String], end: &End<'_>| {
        let subnet = end.subnet.expect("a private address");
        names.contains(&subnet.name)
    };
    let family = azure.only_ipv6 != Some(true) || near.address.is_ipv6();
    let whole = azure.complete != Some(false);
    family && (whole || (named(&azure.local_subnets, near) && named(&azure.remote_subnets, far)))
}
