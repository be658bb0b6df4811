//! The rules that a packet meets on its way out of the client's network. No
//! rule is asked on the way in: neither the service's network nor a
//! forwarding rule has any.
//!
//! Source: Cloud NGFW, "Firewall policy rule evaluation order".

use cachewarden_model::{Action, Direction, Filter, FilterKind, InterfaceKind, Peer, Rule};
use cachewarden_netset::Protocol;

use crate::packet::Packet;
use crate::world::Question;

impl Packet<'_> {
    /// Whether the rules let it out: the first stage whose rule allows or
    /// denies decides; what none decides is let out.
    pub(crate) fn is_let_out(&self) -> bool {
        let network = self.network_of(&self.client.network);
        let gcp = network.gcp.as_ref().expect("of Google Cloud");
        let order = gcp.filters.get(&self.client.region).expect("its region");
        for id in order.value().expect("read") {
            let mut filters = self.snapshot.filters.iter();
            let filter = filters.find(|it| it.id == *id).expect("a filter");
            if let Some(passes) = self.decides(filter) {
                return passes;
            }
        }
        true
    }

    /// What a filter decides; none if it leaves the packet to the next one.
    fn decides(&self, filter: &Filter) -> Option<bool> {
        let rules = filter.rules.value().expect("read").iter();
        let mut rules: Vec<&Rule> = rules
            .filter(|it| it.direction == Direction::Egress && self.is_in_force(it))
            .collect();
        // Of one priority a denial of the network's own rules comes first;
        // in a policy no two rules have one.
        let own = filter.kind == FilterKind::VpcFirewall;
        rules.sort_by_key(|it| (it.priority, own && it.action != Action::Deny));
        let first = rules.into_iter().find(|it| self.is_matched(it))?;
        match first.action {
            Action::Deny => Some(false),
            Action::Next => None,
            Action::Allow | Action::AlwaysAllow => {
                let inspects = first.gcp.as_ref().is_some_and(|it| it.inspects);
                Some(!inspects || self.world.holds(Question::Inspection))
            }
        }
    }

    fn is_in_force(&self, rule: &Rule) -> bool {
        let Some(gcp) = &rule.gcp else { return true };
        let here = gcp.networks.is_empty() || gcp.networks.contains(&self.client.network);
        gcp.off.is_none() && here
    }

    fn is_matched(&self, rule: &Rule) -> bool {
        let protocol = match rule.protocol {
            Protocol::Any => true,
            Protocol::Number(6) => rule.ports.iter().any(|it| it.contains(self.port)),
            Protocol::Number(_) => false,
        };
        let target = rule.local.is_empty() || rule.local.iter().any(|it| self.is_target(it));
        let near = rule.gcp.as_ref().is_none_or(|gcp| {
            gcp.near.is_empty() || gcp.near.iter().any(|it| self.holds(it, self.source))
        });
        let far = rule.peers.iter().any(|it| self.holds(it, self.address));
        protocol && target && near && far
    }

    /// Whether a target names the client: by network tag, by the account that
    /// the machine runs as, by a secure tag, which Cloud Run never has.
    fn is_target(&self, peer: &Peer) -> bool {
        match peer {
            Peer::Tag(tag) => self.has_tag(tag),
            Peer::ServiceAccount(email) => match self.client.kind {
                InterfaceKind::Machine if !self.is_unread() => {
                    self.client.service_account.as_ref() == Some(email)
                }
                _ => self.world.holds(Question::Identity),
            },
            Peer::Other(words) => {
                self.client.kind != InterfaceKind::Function
                    && self.world.holds(Question::Resolves(digit(words)))
            }
            _ => panic!("no such target is made: {peer:?}"),
        }
    }

    /// Whether the client has a network tag. What the cloud gives to a
    /// connector is not known.
    pub(crate) fn has_tag(&self, tag: &str) -> bool {
        let unread = self.is_unread();
        self.client.network_tags.iter().any(|it| it == tag)
            || (unread && self.world.holds(Question::ConnectorTag(digit(tag))))
    }

    fn is_unread(&self) -> bool {
        let gcp = self.client.gcp.as_ref();
        gcp.is_some_and(|it| it.tags_unread.is_some())
    }

    fn holds(&self, peer: &Peer, address: std::net::IpAddr) -> bool {
        match peer {
            Peer::Cidr(range) => range.contains(address),
            Peer::PrefixList(id) => {
                let mut lists = self.snapshot.prefix_lists.iter();
                let list = lists.find(|it| it.id == *id).expect("a list");
                let ranges = list.entries.value().expect("read");
                ranges.iter().any(|it| it.contains(address))
            }
            Peer::Other(words) => self.world.holds(Question::Resolves(digit(words))),
            _ => panic!("no such peer is made: {peer:?}"),
        }
    }
}

/// The digit at the end of a word.
fn digit(words: &str) -> u32 {
    let last = words.chars().last().and_then(|it| it.to_digit(10));
    last.unwrap_or_default()
}
