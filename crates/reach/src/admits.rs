//! Whom filters that are allow-lists let through, as sets: what
//! [`admit`](crate::filter::admit) says of one end after the other, for all
//! of them at once.

use std::collections::HashSet;
use std::net::IpAddr;

use cachewarden_model::{Action, Direction, Interface, IpFamilies, Peer, ResourceId};
use cachewarden_netset::{AddressSet, Cidr};

use crate::client::{Carries, End};
use crate::estate::Estate;
use crate::filter::covers_port;
use crate::peer::{Tri, Via, holds};

/// Whom filters let through on one port, across one link.
pub(crate) struct Admits<'a> {
    groups: HashSet<&'a ResourceId>,
    ranges: AddressSet,
    doubt: bool,
}

impl<'a> Admits<'a> {
    pub(crate) fn new(
        estate: &Estate<'a>,
        filters: &'a [ResourceId],
        direction: Direction,
        port: u16,
        via: Via<'_>,
        private_link: bool,
    ) -> Self {
        let far = anybody(private_link);
        let mut groups = HashSet::new();
        let mut ranges: Vec<Cidr> = vec![];
        let mut doubt = false;
        for id in filters {
            let rules = estate.filter(id).and_then(|it| it.rules.value());
            doubt |= rules.is_none();
            let rules = rules.into_iter().flatten();
            let rules = rules.filter(|rule| {
                rule.direction == direction
                    && rule.action != Action::Deny
                    && covers_port(rule, port)
            });
            for peer in rules.flat_map(|rule| &rule.peers) {
                match peer {
                    Peer::Cidr(cidr) => ranges.push(*cidr),
                    Peer::Range(first, last) => {
                        let set = AddressSet::range(*first, *last);
                        ranges.extend(set.iter().flat_map(AddressSet::cidrs));
                    }
                    Peer::PrefixList(id) => {
                        let entries = estate.list(id).and_then(|list| list.entries.value());
                        doubt |= entries.is_none();
                        ranges.extend(entries.into_iter().flatten());
                    }
                    Peer::Group { group, link, .. } => {
                        if holds(link.as_ref(), &far, direction, via) == Tri::Yes {
                            groups.insert(group);
                        }
                    }
                    Peer::ServiceTag(_)
                    | Peer::Tag(_)
                    | Peer::ServiceAccount(_)
                    | Peer::Other(_) => doubt = true,
                }
            }
        }
        Self {
            groups,
            ranges: ranges.into_iter().collect(),
            doubt,
        }
    }

    /// Whether an interface is let through for sure from each of its
    /// addresses of some families. If not, it may be all the same.
    pub(crate) fn interface(&self, interface: &Interface, families: IpFamilies) -> bool {
        let filters = interface.filters.value().into_iter().flatten();
        let mut carried = filters.chain(&interface.groups);
        let counts = |address: &&IpAddr| match families {
            IpFamilies::Ipv4 => address.is_ipv4(),
            IpFamilies::Ipv6 => address.is_ipv6(),
            IpFamilies::DualStack => true,
        };
        let mut addresses = interface.addresses.iter().filter(counts);
        carried.any(|id| self.groups.contains(id)) || addresses.all(|it| self.ranges.contains(*it))
    }

    /// Addresses that are let through for sure, whoever has them.
    pub(crate) fn ranges(&self) -> &AddressSet {
        &self.ranges
    }

    /// Whether any address may be let through: something that decides was
    /// not read.
    pub(crate) fn doubt(&self) -> bool {
        self.doubt
    }
}

/// An end of which nothing is asked but whether it is a private endpoint.
fn anybody<'a>(private_link: bool) -> End<'a> {
    End {
        address: IpAddr::from([0, 0, 0, 0]),
        carries: Carries::Nothing,
        network: None,
        subnet: None,
        account: None,
        region: None,
        private_link,
    }
}
