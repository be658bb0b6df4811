//! The base in other shapes: with IPv6, with a serverless cache.

use cachewarden_model::{Direction, Fact, IpFamilies};

use crate::ids::{
    CACHE_NAME, CLIENT, CLIENT_B, RTB_A, RTB_B, S1, S11, S12, S13, SB, SG_APP, SG_CACHE, VPC_A,
    VPC_B,
};
use crate::noun::{self, address, all, allow, cidr, deny, local, range, tcp};
use crate::{Estate, Place, change};

/// Gives the base IPv6 everywhere: 2001:db8:a::/56, the client at
/// 2001:db8:a:1::10, nodes at 2001:db8:a:11::20 and so on; and to network B,
/// if it is there, 2001:db8:b::/56 and its client 2001:db8:b:1::10. The cache
/// is dual-stack.
pub fn dual_stack(estate: &mut Estate) {
    widen(estate, VPC_A, RTB_A, "2001:db8:a::/56");
    for (subnet, part) in [(S1, "01"), (S11, "11"), (S12, "12"), (S13, "13")] {
        let block = format!("2001:db8:a:{part}::/64");
        estate.subnet_mut(subnet).cidrs.push(range(&block));
    }
    estate
        .interface_mut(CLIENT)
        .addresses
        .push(address("2001:db8:a:1::10"));
    let cache = estate.cache_mut(CACHE_NAME);
    cache.families = Fact::Known(IpFamilies::DualStack);
    for (node, part) in cache.nodes.iter_mut().zip(["11", "12", "13"]) {
        if let Fact::Known(addresses) = &mut node.addresses {
            addresses.push(address(&format!("2001:db8:a:{part}::20")));
        }
    }
    open_for_ipv6(estate, SG_APP);
    open_for_ipv6(estate, SG_CACHE);
    if estate.snapshot.networks.iter().any(|it| it.id == VPC_B) {
        widen(estate, VPC_B, RTB_B, "2001:db8:b::/56");
        estate.subnet_mut(SB).cidrs.push(range("2001:db8:b:1::/64"));
        estate
            .interface_mut(CLIENT_B)
            .addresses
            .push(address("2001:db8:b:1::10"));
        open_for_ipv6(estate, crate::ids::SG_B);
    }
}

/// Takes the IPv4 address from network B's client.
pub fn only_ipv6_client_b(estate: &mut Estate) {
    estate
        .interface_mut(CLIENT_B)
        .addresses
        .retain(std::net::IpAddr::is_ipv6);
}

/// Puts a serverless cache of the same name in the place of the base's. Its
/// group admits both ports.
pub fn serverless(estate: &mut Estate) {
    let cache = noun::serverless(
        Place::HOME,
        CACHE_NAME,
        &[
            (estate.subnet(S11), &["10.0.11.20"]),
            (estate.subnet(S12), &["10.0.12.20"]),
            (estate.subnet(S13), &["10.0.13.20"]),
        ],
    );
    estate.snapshot.caches.clear();
    estate.snapshot.interfaces.retain(|it| it.kind.is_client());
    estate.add_cache(cache, &[SG_CACHE]);
    let lines = [tcp(6379..=6380).from(noun::group(SG_APP))];
    change::inbound(SG_CACHE, lines)(estate);
}

/// Adds a range to a network, with its route and its ACL entries.
fn widen(estate: &mut Estate, network: &str, table: &str, block: &str) {
    let block = range(block);
    estate.network_mut(network).cidrs.push(block);
    estate.routes_mut(table).push(local(block));
    let acl = crate::ids::sibling(network, "acl-");
    for direction in [Direction::Ingress, Direction::Egress] {
        for mut rule in [allow(101, all(), "::/0"), deny(32_768, all(), "::/0")] {
            let number = rule.priority.unwrap_or_default();
            rule.id = format!("{number} {}", direction.as_str()).into();
            rule.direction = direction;
            estate.rules_mut(acl.as_str()).push(rule);
        }
    }
}

/// What the console adds to a group of a network with IPv6.
fn open_for_ipv6(estate: &mut Estate, group: &str) {
    change::let_out(group, all().to(cidr("::/0")))(estate);
}
