//! Whether a rule's peer names one end of a connection.

use std::net::IpAddr;

use cachewarden_model::{
    Direction, Fact, Gap, GapReason, Peer, PeerLink, Peering, Provider, ResourceId,
    TransitAttachment, TransitRouter,
};

use crate::client::{Carries, End};
use crate::estate::Estate;

/// A three-valued answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tri {
    Yes,
    No,
    Unknown(Box<Gap>),
}

impl Tri {
    pub(crate) fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    pub(crate) fn unknown(gap: &Gap) -> Self {
        Self::Unknown(Box::new(gap.clone()))
    }
}

/// What joins the two ends, as far as it bears on group references.
#[derive(Clone, Copy)]
pub(crate) enum Via<'a> {
    /// One network.
    SameNetwork,
    /// A peering of their networks.
    Peering(&'a Peering),
    /// A transit router, by these attachments of the client's and the
    /// cache's network.
    Transit(
        &'a TransitRouter,
        &'a TransitAttachment,
        &'a TransitAttachment,
    ),
    /// Nothing, or something across which no reference holds.
    Other,
    /// A firewall on the way that hands packets on as they are.
    Inspected,
    /// A machine or gateway on the way that may change the addresses.
    Rewritten,
    /// What joins them was not read.
    Unread,
}

impl Via<'_> {
    /// Whether the same joins two other ends: a reference that holds across
    /// the one holds across the other. What was not read is never the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::SameNetwork, Self::SameNetwork) | (Self::Other, Self::Other) => true,
            (Self::Peering(one), Self::Peering(other)) => std::ptr::eq(*one, *other),
            (Self::Transit(router, from, to), Self::Transit(other, other_from, other_to)) => {
                std::ptr::eq(*router, *other)
                    && std::ptr::eq(*from, *other_from)
                    && std::ptr::eq(*to, *other_to)
            }
            _ => false,
        }
    }
}

/// Whether a peer names the far end.
///
/// `direction` is that of the rule; `via` is what joins the ends.
///
/// Source: Amazon VPC User Guide, "Security group rules"; Amazon VPC Peering
/// Guide, "Update your security groups to reference peer security groups";
/// AWS Transit Gateway, "Security group referencing".
pub(crate) fn names(
    estate: &Estate<'_>,
    peer: &Peer,
    far: &End<'_>,
    direction: Direction,
    via: Via<'_>,
) -> Tri {
    match peer {
        Peer::Cidr(cidr) => Tri::from(cidr.contains(far.address)),
        Peer::Range(first, last) => Tri::from(between(*first, far.address, *last)),
        Peer::PrefixList(id) => in_list(estate, id, far.address),
        Peer::Group { group, link, .. } => match carries(estate, group, far) {
            Tri::Yes => holds(link.as_ref(), far, direction, via),
            other => other,
        },
        Peer::ServiceTag(text)
        | Peer::Tag(text)
        | Peer::ServiceAccount(text)
        | Peer::Other(text) => Tri::Unknown(Box::new(Gap {
            provider: Provider::Aws,
            account: far.account.cloned(),
            region: far.region.cloned(),
            what: text.clone(),
            why: GapReason::Unmodelled,
            message: "this version cannot tell whom a rule with this peer names".to_owned(),
            hides: vec![],
        })),
    }
}

fn between(first: IpAddr, address: IpAddr, last: IpAddr) -> bool {
    first.is_ipv4() == address.is_ipv4() && first <= address && address <= last
}

/// Whether one of a list's ranges holds the address. A list that was not
/// read may hold any.
pub(crate) fn in_list(estate: &Estate<'_>, id: &ResourceId, address: IpAddr) -> Tri {
    match estate.list(id) {
        Some(list) => match &list.entries {
            Fact::Known(entries) | Fact::Default(entries) => {
                Tri::from(entries.iter().any(|cidr| cidr.contains(address)))
            }
            Fact::Unknown(gap) => Tri::unknown(gap),
        },
        None => Tri::Unknown(Box::new(Gap {
            provider: Provider::Aws,
            account: None,
            region: None,
            what: id.to_string(),
            why: GapReason::NotCollected,
            message: format!("the ranges of prefix list {id} were not read"),
            hides: vec![],
        })),
    }
}

/// Whether an end carries a group. An address without an interface carries
/// none, unless the interface may just not have been read.
fn carries(estate: &Estate<'_>, group: &ResourceId, far: &End<'_>) -> Tri {
    match far.carries {
        Carries::These(filters, groups) => {
            Tri::from(filters.contains(group) || groups.contains(group))
        }
        Carries::Unclear(gap) => Tri::unknown(gap),
        Carries::Nothing => match far.subnet {
            None => Tri::No,
            Some(subnet) => estate
                .hidden(
                    cachewarden_model::Noun::Interfaces,
                    subnet.provider,
                    Some(&subnet.account),
                    Some(&subnet.region),
                )
                .map_or(Tri::No, |gap| Tri::Unknown(Box::new(gap))),
        },
    }
}

/// Whether a reference to a group that the far end carries holds across what
/// joins the ends.
///
/// - one network: always;
/// - a peering: within one region, and while the rule does not call the
///   peering gone;
/// - a transit router: towards the filter only, with referencing on at the
///   router and both attachments, and not to a private endpoint;
/// - anything else: never.
pub(crate) fn holds(
    link: Option<&PeerLink>,
    far: &End<'_>,
    direction: Direction,
    via: Via<'_>,
) -> Tri {
    let status = link.and_then(|link| link.status.as_deref());
    if status.is_some_and(|status| status != "active") {
        return Tri::No;
    }
    match via {
        Via::SameNetwork => Tri::Yes,
        Via::Peering(peering) if link.is_some_and(|link| link.id != peering.id) => Tri::No,
        Via::Peering(peering) => {
            match (&peering.requester.region, &peering.accepter.region) {
                (Some(one), Some(other)) => Tri::from(one == other),
                // The service lists both regions; one that is missing cannot be compared.
                _ => Tri::Unknown(Box::new(Gap {
                    provider: peering.provider,
                    account: peering.accepter.account.clone(),
                    region: None,
                    what: peering.id.to_string(),
                    why: GapReason::NotCollected,
                    message: "the regions of this peering were not told, and a group reference \
                              holds within one region only"
                        .to_owned(),
                    hides: vec![],
                })),
            }
        }
        Via::Transit(router, from, to) => {
            if direction == Direction::Egress || far.private_link {
                return Tri::No;
            }
            let switches = [
                &router.group_references,
                &from.group_references,
                &to.group_references,
            ];
            if switches.iter().any(|fact| fact.value() == Some(&false)) {
                return Tri::No;
            }
            match switches.iter().find_map(|fact| fact.gap()) {
                Some(gap) => Tri::unknown(gap),
                None => Tri::Yes,
            }
        }
        Via::Other => Tri::No,
        Via::Inspected => Tri::No,
        Via::Unread | Via::Rewritten => Tri::Unknown(Box::new(Gap {
            provider: Provider::Aws,
            account: far.account.cloned(),
            region: far.region.cloned(),
            what: "what joins the networks".to_owned(),
            why: GapReason::NotCollected,
            message: "whether a group reference holds depends on a link that was not read"
                .to_owned(),
            hides: vec![],
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn a_range_holds_its_ends_and_one_family() {
        let holds = |text: &str| {
            let ip = |text: &str| text.parse().unwrap();
            between(ip("10.0.0.5"), ip(text), ip("10.0.0.9"))
        };
        assert!(holds("10.0.0.5") && holds("10.0.0.7") && holds("10.0.0.9"));
        assert!(!holds("10.0.0.4") && !holds("10.0.0.10") && !holds("::ffff:10.0.0.7"));
        assert!(!holds("fd00::1"));
    }
}
