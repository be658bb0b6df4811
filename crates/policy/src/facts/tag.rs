//! Service tags of Azure of which it is known what they mean without a list
//! of addresses.
//!
//! Source: Azure Virtual Network, "Service tags": `Internet` is what lies
//! outside of the virtual network and is reachable by public addresses,
//! Azure's own included; `VirtualNetwork` is the network, what is peered with
//! it, what is connected on premises and the prefixes of user routes;
//! `AzureLoadBalancer` is the address of the platform's probes.

use cachewarden_model::{Peer, Rule};
use cachewarden_netset::AddressSet;

/// Whether a rule names a tag.
fn names(rule: &Rule, wanted: &str) -> bool {
    let is_it =
        |peer: &Peer| matches!(peer, Peer::ServiceTag(tag) if tag.eq_ignore_ascii_case(wanted));
    rule.peers.iter().any(is_it)
}

/// Whether a rule names the internet as a whole.
pub(super) fn internet(rule: &Rule) -> bool {
    names(rule, "Internet")
}

/// Whether a rule names the virtual network as a whole.
pub(super) fn virtual_network(rule: &Rule) -> bool {
    names(rule, "VirtualNetwork")
}

/// Whether a rule names any tag.
pub(super) fn any(rule: &Rule) -> bool {
    let is_it = |peer: &Peer| matches!(peer, Peer::ServiceTag(_));
    rule.peers.iter().any(is_it)
}

/// Whether a rule names the probes of the platform, these ranges, and nobody
/// else.
pub(super) fn platform_only(rule: &Rule, own: &AddressSet) -> bool {
    let is_it = |peer: &Peer| match peer {
        Peer::ServiceTag(tag) => tag.eq_ignore_ascii_case("AzureLoadBalancer"),
        Peer::Cidr(range) => std::iter::once(*range)
            .collect::<AddressSet>()
            .is_subset(own),
        _ => false,
    };
    !rule.peers.is_empty() && rule.peers.iter().all(is_it)
}

/// Whether it is known what a tag stands for.
pub(super) fn is_known(tag: &str) -> bool {
    ["Internet", "VirtualNetwork", "AzureLoadBalancer"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(tag))
}
