//! Groups, network ACLs and the ranges that they name.

use cachewarden_estates::Estate;
use cachewarden_estates::noun::{self, Line};
use cachewarden_model::{Peer, PeerLink, Rule};
use cachewarden_netset::{Family, Protocol};

use super::{LISTS, Net, host, links};
use crate::choices::Choices;

/// A range that means something in this estate.
pub(crate) fn range(choices: &mut Choices<'_>, nets: &[Net], family: Family) -> String {
    let any = if family == Family::V4 {
        "0.0.0.0/0"
    } else {
        "::/0"
    };
    let net = choices.pick(nets);
    let index = usize::from(family == Family::V6);
    let (_, blocks, _) = choices.pick(&net.subnets);
    let (Some(network), Some(block)) = (net.ranges.get(index), blocks.get(index)) else {
        return any.to_owned();
    };
    let narrow = |number: usize, length: u8| format!("{}/{length}", host(block, number));
    match (choices.below(7), family) {
        (0, _) => any.to_owned(),
        (1, _) => network.clone(),
        (2, _) => block.clone(),
        (3, Family::V4) => narrow(128, 25),
        (4, Family::V4) => narrow(16, 28),
        (5, Family::V4) => narrow(10, 32),
        (_, Family::V4) => "10.0.0.0/8".to_owned(),
        (3, Family::V6) => narrow(0, 124),
        (4, Family::V6) => narrow(0x10, 124),
        (_, Family::V6) => "2001:db8::/32".to_owned(),
    }
}

/// Lines of a group: most fit the cache's port.
fn line(choices: &mut Choices<'_>) -> Line {
    match choices.below(8) {
        0..3 => noun::tcp(6379),
        3 => noun::all(),
        4 => noun::tcp(6379..=6380),
        5 => noun::tcp(0..=65_535),
        6 => noun::tcp(443),
        _ => {
            let number = choices.pick(&[17, 50, 6]);
            noun::protocol(Protocol::Number(number), 6379)
        }
    }
}

fn peer(choices: &mut Choices<'_>, estate: &Estate, nets: &[Net], net: &Net) -> Peer {
    let family = choices.pick(&[Family::V4, Family::V4, Family::V6]);
    match choices.below(8) {
        0..3 => noun::cidr(&range(choices, nets, family)),
        3 | 4 => noun::group(&choices.pick(&net.groups)),
        5 => Peer::PrefixList(choices.pick(&LISTS).into()),
        6 if choices.chance(20) => Peer::Group {
            group: "sg-gone".into(),
            account: None,
            network: None,
            link: None,
        },
        6 if choices.chance(10) => Peer::Other("something new".to_owned()),
        _ => {
            let other = choices.pick(nets);
            if other.number == net.number {
                return noun::group(&choices.pick(&net.groups));
            }
            let peerings = links::peerings(estate, net, &other);
            let link = (!peerings.is_empty()).then(|| PeerLink {
                id: choices.pick(&peerings),
                status: choices.pick(&[
                    Some("active".to_owned()),
                    None,
                    Some("active".to_owned()),
                    Some("deleted".to_owned()),
                ]),
            });
            Peer::Group {
                group: choices.pick(&other.groups).into(),
                account: Some(other.place.account()),
                network: Some(other.id.as_str().into()),
                link,
            }
        }
    }
}

/// The groups of a network.
pub(crate) fn add_groups(choices: &mut Choices<'_>, estate: &mut Estate, nets: &[Net], net: &Net) {
    for id in &net.groups {
        let mut inbound = choices.several(3, |it| {
            let peer = peer(it, estate, nets, net);
            line(it).from(peer)
        });
        if choices.chance(60) {
            let line = noun::tcp(6379..=6380);
            inbound.push(line.clone().from(noun::any()));
            inbound.push(line.from(noun::cidr("::/0")));
        }
        let outbound = if choices.chance(25) {
            choices.several(2, |it| {
                let peer = peer(it, estate, nets, net);
                line(it).to(peer)
            })
        } else {
            vec![
                noun::all().to(noun::any()),
                noun::all().to(noun::cidr("::/0")),
            ]
        };
        let of = estate.network(&net.id);
        let group = noun::security_group(of, id, id, inbound, outbound);
        estate.snapshot.filters.push(group);
    }
}

/// The network ACLs of a network.
pub(crate) fn add_acls(choices: &mut Choices<'_>, estate: &mut Estate, nets: &[Net], net: &Net) {
    for id in &net.acls {
        let inbound = entries(choices, nets);
        let outbound = entries(choices, nets);
        let acl = noun::acl(estate.network(&net.id), id, &inbound, &outbound);
        estate.snapshot.filters.push(acl);
    }
}

/// A few odd entries, and in most cases one that admits the rest.
fn entries(choices: &mut Choices<'_>, nets: &[Net]) -> Vec<Rule> {
    let mut entries = vec![];
    for number in 1..=choices.below(4) {
        let number = u32::try_from(number * 10).unwrap_or(10);
        let family = choices.pick(&[Family::V4, Family::V4, Family::V6]);
        let range = range(choices, nets, family);
        let first = choices.pick(&[0_u16, 1024, 6379, 32_768, 40_000, 49_152]);
        let last = choices
            .pick(&[65_535_u16, 60_999, 50_000, 6380, 6379])
            .max(first);
        let line = match choices.below(6) {
            0 => noun::all(),
            1 => noun::protocol(Protocol::Number(47), first..=last),
            _ => noun::tcp(first..=last),
        };
        entries.push(if choices.chance(50) {
            noun::deny(number, line, &range)
        } else {
            noun::allow(number, line, &range)
        });
    }
    if !choices.chance(20) {
        entries.push(noun::allow(100, noun::all(), "0.0.0.0/0"));
    }
    if !choices.chance(20) {
        entries.push(noun::allow(101, noun::all(), "::/0"));
    }
    // AWS lists entries in no order that it promises.
    if choices.chance(30) {
        entries.reverse();
    }
    entries
}
