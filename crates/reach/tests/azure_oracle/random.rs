//! Random estates on Azure: three networks, three clients, four caches. Where
//! all bytes are zero, everything works.

mod caches;
mod links;

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change::{leaves_by, routes};
use cachewarden_estates::azure::{
    Draft, any, asg, cidr, empty, id, inbound, machine, nat_gateway, network, outbound, scale_set,
    security_group, subnet, tag,
};
use cachewarden_model::{Action, Fact, Peer, RouteTarget, Rule};
use cachewarden_netset::{Family, Protocol};

use crate::choices::Choices;

/// The networks; the second byte of their ranges follows from their place.
pub(crate) const NETWORKS: [&str; 3] = ["n0", "n1", "n2"];

/// The address by which clients leave.
const NAT: [&str; 3] = ["20.0.0.1", "20.0.0.2", "20.0.0.3"];

/// An estate.
pub(crate) fn estate(choices: &mut Choices<'_>) -> Estate {
    let mut estate = empty();
    let dual = choices.chance(40);
    for (place, name) in NETWORKS.iter().enumerate() {
        let ranges = [format!("10.{place}.0.0/16"), format!("fd00:{place}::/48")];
        let ranges = both(dual, &ranges);
        estate.snapshot.networks.push(network(name, &ranges));
        for (part, number) in [("a", 1), ("b", 2), ("c", 3)] {
            let ranges = [
                format!("10.{place}.{number}.0/24"),
                format!("fd00:{place}:0:{number}::/64"),
            ];
            let group = choices
                .chance(40)
                .then(|| group(choices, &mut estate, place));
            let own = subnet(name, part, &both(dual, &ranges), group.as_deref());
            estate.snapshot.subnets.push(own);
        }
    }
    links::peerings(choices, &mut estate);
    links::administrators(choices, &mut estate);
    for (place, name) in NETWORKS.iter().enumerate() {
        client(choices, &mut estate, place, name);
        table(choices, &mut estate, place, name);
    }
    caches::caches(choices, &mut estate);
    estate
}

/// The first range, and the second where there are addresses of both families.
fn both(dual: bool, ranges: &[String; 2]) -> Vec<&str> {
    let count = if dual { 2 } else { 1 };
    ranges.iter().map(String::as_str).take(count).collect()
}

/// Whether a network has addresses of both families.
fn is_dual(estate: &Estate, network: &str) -> bool {
    let cidrs = &estate.network(&id::vnet(network)).cidrs;
    cidrs.iter().any(|it| it.family() == Family::V6)
}

fn group(choices: &mut Choices<'_>, estate: &mut Estate, place: usize) -> String {
    let name = format!("g{}", estate.snapshot.filters.len());
    let mut rules: Vec<Rule> = vec![];
    let count = choices.below(5);
    for number in 0..count {
        let number = u32::try_from(number).expect("few");
        let rule = rule(choices, place, 100 + 10 * number);
        rules.push(Rule::from(rule));
    }
    estate.snapshot.filters.push(security_group(&name, rules));
    name
}

fn rule(choices: &mut Choices<'_>, place: usize, priority: u32) -> Draft {
    let action = choices.pick(&[Action::Deny, Action::Allow]);
    decided(choices, place, priority, action)
}

fn decided(choices: &mut Choices<'_>, place: usize, priority: u32, action: Action) -> Draft {
    let name = format!("r{priority}");
    let draft = match choices.chance(50) {
        true => inbound(&name, priority, action),
        false => outbound(&name, priority, action),
    };
    let (first, last) = choices.pick(&[
        (0, 65_535),
        (6380, 6380),
        (10_000, 10_000),
        (6379, 6379),
        (15_001, 15_001),
        (8500, 8500),
    ]);
    let draft = match choices.below(4) {
        0 => draft.tcp(first, last),
        1 => draft.on(first, last),
        2 => draft.tcp(first, last).source_ports(1, 1023),
        _ => draft.on(first, last).protocol(Protocol::UDP),
    };
    let draft = match choices.chance(70) {
        true => draft.far(peers(choices, place)),
        false => draft,
    };
    match choices.chance(25) {
        true => draft.near(peers(choices, place)),
        false => draft,
    }
}

fn peers(choices: &mut Choices<'_>, place: usize) -> Vec<Peer> {
    let near = place;
    let far = choices.below(3);
    let one = |choices: &mut Choices<'_>| match choices.below(15) {
        0 => tag("VirtualNetwork"),
        1 => tag("Internet"),
        2 => cidr(&format!("10.{far}.1.0/24")),
        3 => cidr(&format!("10.{far}.1.4/32")),
        4 => cidr(&format!("10.{near}.2.0/24")),
        5 => cidr(&format!("10.{far}.2.4/32")),
        6 => cidr(&format!("10.{far}.0.0/16")),
        7 => cidr("0.0.0.0/0"),
        8 => asg("g0"),
        9 => tag("AzureCloud"),
        10 => tag("Storage"),
        11 => cidr(&format!("fd00:{far}:0:1::/64")),
        12 => cidr(&format!("fd00:{far}:0:2::4/128")),
        13 => cidr("::/0"),
        _ => cidr("fd00::/8"),
    };
    let mut all = vec![one(choices)];
    if choices.chance(20) {
        all.push(one(choices));
    }
    if choices.chance(5) {
        all = any();
    }
    all
}

fn client(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, network: &str) {
    let addresses = [format!("10.{place}.1.4"), format!("fd00:{place}:0:1::4")];
    let dual = is_dual(estate, network) && choices.chance(70);
    let addresses = both(dual, &addresses);
    let mut own = match choices.chance(40) {
        false => machine(estate, network, "a", &format!("client{place}"), &addresses),
        true => scale_set(estate, network, "a", &format!("client{place}")),
    };
    if choices.chance(30) {
        let group = group(choices, estate, place);
        own.filters = Fact::Known(vec![id::group(&group).into()]);
    }
    if choices.chance(40) {
        own.groups = vec![id::asg("g0").into()];
    }
    estate.snapshot.interfaces.push(own);
    let nat = format!("nat{place}");
    let address = NAT.get(place).copied().unwrap_or("20.0.0.9");
    estate
        .snapshot
        .nat_gateways
        .push(nat_gateway(&nat, &[address]));
    if !choices.chance(20) {
        leaves_by(network, "a", Some(&nat))(estate);
    }
}

fn table(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, network: &str) {
    let far = choices.below(3);
    let lines: Vec<_> = (0..choices.below(4))
        .map(|number| {
            let range = choices.pick(&[
                "0.0.0.0/0".to_owned(),
                format!("10.{far}.2.4/32"),
                format!("10.{far}.2.0/24"),
                format!("10.{far}.0.0/16"),
                format!("10.{place}.0.0/16"),
                "10.0.0.0/8".to_owned(),
                format!("fd00:{far}:0:2::4/128"),
                format!("fd00:{far}:0:2::/64"),
                format!("fd00:{far}::/48"),
                "::/0".to_owned(),
            ]);
            let target = choices.pick(&[
                RouteTarget::Drop,
                RouteTarget::Internet,
                RouteTarget::Local,
                RouteTarget::Drop,
            ]);
            cachewarden_estates::azure::change::route(&format!("u{number}"), &range, target)
        })
        .collect();
    let mut ranges = vec![];
    let distinct = lines.into_iter().filter(|it| {
        let new = !ranges.contains(&it.destination);
        ranges.push(it.destination.clone());
        new
    });
    let distinct: Vec<_> = distinct.collect();
    if !distinct.is_empty() {
        routes(network, "a", distinct)(estate);
    }
}
