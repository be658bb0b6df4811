//! What holds of a side for whatever filters stand before it: from where
//! packets get to the filter and answers get back.

use std::collections::HashMap;
use std::net::IpAddr;

use cachewarden_model::{Direction, Interface, IpFamilies, ResourceId, Service, Zone};
use cachewarden_netset::{AddressSet, Family};

use super::sources::Sources;
use super::visitor::Visitor;
use crate::admits::Admits;
use crate::peer::Via;
use crate::target::side_cuts;

/// The ways to one side.
pub(super) struct Ways<'a> {
    /// Those who carry no group, by zone: who certainly and who possibly
    /// gets as far as the filter.
    strangers: Vec<(Zone, AddressSet, AddressSet)>,
    /// By seat and family: what joins those who get there for sure.
    members: HashMap<(u32, Family), Via<'a>>,
}

impl<'a> Ways<'a> {
    pub(super) fn new(visitor: &Visitor<'_, 'a>) -> Self {
        let mut strangers = vec![];
        for (zone, ranges) in visitor.places_of_strangers() {
            let (mut certain, mut possible) = (AddressSet::empty(), AddressSet::empty());
            for family in [Family::V4, Family::V6] {
                if visitor.places(family).is_empty() {
                    continue;
                }
                let cuts = side_cuts(visitor.estate, visitor.cache, family);
                for (first, set) in visitor.parts(&zone, &ranges.family(family), cuts) {
                    let through = visitor.way(&visitor.stranger(&zone, first));
                    if !through.certain.is_empty() {
                        certain = certain.union(&set);
                    }
                    if !through.possible.is_empty() {
                        possible = possible.union(&set);
                    }
                }
            }
            strangers.push((zone, certain, possible));
        }
        Self {
            strangers,
            members: HashMap::new(),
        }
    }
}

/// Adds those without a group whom the filter on the cache lets in.
pub(super) fn strangers(visitor: &Visitor<'_, '_>, ways: &Ways<'_>, sources: &mut Sources) {
    let filters = filters(visitor);
    // A group that somebody carries is no matter here, so neither is the link.
    let admits = admits(visitor, Via::Other);
    let doubt = admits.doubt() || filters.is_none_or(<[_]>::is_empty);
    for (zone, certain, possible) in &ways.strangers {
        let known = certain.intersection(admits.ranges());
        sources.add_certain(zone, &known);
        if doubt {
            sources.add_possible(zone, possible);
        } else {
            sources.add_possible(zone, &possible.intersection(admits.ranges()));
        }
    }
}

fn filters<'a>(visitor: &Visitor<'_, 'a>) -> Option<&'a [ResourceId]> {
    visitor.cache.filters.value().map(Vec::as_slice)
}

fn admits<'a>(visitor: &Visitor<'_, 'a>, via: Via<'a>) -> Admits<'a> {
    Admits::new(
        visitor.estate,
        filters(visitor).unwrap_or_default(),
        Direction::Ingress,
        visitor.endpoint.port,
        via,
        visitor.cache.service == Service::ElastiCacheServerless,
    )
}

/// Members of groups before one class: the ways of its side, and whom its
/// filters let in across each link.
pub(super) struct Members<'w, 'v, 'a> {
    visitor: &'w Visitor<'v, 'a>,
    ways: &'w mut Ways<'a>,
    admits: Vec<(Via<'a>, Admits<'a>)>,
}

impl<'w, 'v, 'a> Members<'w, 'v, 'a> {
    pub(super) fn new(visitor: &'w Visitor<'v, 'a>, ways: &'w mut Ways<'a>) -> Self {
        Self {
            visitor,
            ways,
            admits: vec![],
        }
    }

    /// Whether an interface certainly gets in from an address. If not, it may
    /// all the same.
    pub(super) fn get_in(&mut self, seat: u32, interface: &Interface, address: IpAddr) -> bool {
        let family = Family::from(address);
        let Some(via) = self.ways.members.get(&(seat, family)).copied() else {
            return false;
        };
        if !self.admits.iter().any(|(known, _)| known.is_same(&via)) {
            self.admits.push((via, admits(self.visitor, via)));
        }
        let known = self.admits.iter().find(|(known, _)| known.is_same(&via));
        let families = match family {
            Family::V4 => IpFamilies::Ipv4,
            Family::V6 => IpFamilies::Ipv6,
        };
        known.is_some_and(|(_, admits)| admits.interface(interface, families))
    }

    /// Keeps that somebody of a seat gets in, and by what.
    pub(super) fn learn(&mut self, seat: u32, address: IpAddr, by: Via<'a>) {
        if by.is_same(&by) {
            self.ways.members.insert((seat, Family::from(address)), by);
        }
    }
}
