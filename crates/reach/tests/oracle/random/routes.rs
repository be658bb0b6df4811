//! Routes: most of the ways that there should be, and a few odd ones.

use cachewarden_estates::{Estate, noun};
use cachewarden_model::{PrefixList, Route, RouteState, RouteTarget};
use cachewarden_netset::Family;

use super::{LISTS, Net, links};
use crate::choices::Choices;

/// The tables of a network: its own ranges, most ways to the other networks,
/// and a few more routes.
pub(crate) fn add_tables(choices: &mut Choices<'_>, estate: &mut Estate, nets: &[Net], net: &Net) {
    for (number, id) in net.tables.iter().enumerate() {
        if number > 0 {
            let table = noun::route_table(estate.network(&net.id), id, false);
            estate.snapshot.route_tables.push(table);
        }
        let mut routes: Vec<Route> = vec![];
        for other in nets.iter().filter(|it| it.number != net.number) {
            let ways = links::ways(estate, net, other);
            if ways.is_empty() || choices.chance(10) {
                continue;
            }
            let target = choices.pick(&ways);
            for range in other.ranges.iter().filter(|it| !net.ranges.contains(it)) {
                routes.push(noun::route(range, target.clone()));
            }
        }
        for _ in 0..choices.below(3) {
            routes.push(odd_route(choices, estate, nets, net));
        }
        // AWS refuses a second route to one destination, whoever writes it.
        for route in routes {
            let all = estate.routes_mut(id);
            if all.iter().all(|it| it.destination != route.destination) {
                all.push(route);
            }
        }
    }
}

/// A route as somebody may have left it there.
fn odd_route(choices: &mut Choices<'_>, estate: &mut Estate, nets: &[Net], net: &Net) -> Route {
    let family = choices.pick(&[Family::V4, Family::V6]);
    let other = choices.pick(nets);
    let mut targets = links::all_targets(estate);
    targets.push(RouteTarget::NatGateway("nat-1".into()));
    targets.push(RouteTarget::Endpoint("vpce-1".into()));
    targets.push(RouteTarget::Interface("eni-middle".into()));
    if family == Family::V4 {
        targets.push(RouteTarget::InternetGateway("igw-1".into()));
    }
    let target = choices.pick(&targets);
    let middlebox = matches!(
        target,
        RouteTarget::NatGateway(_) | RouteTarget::Endpoint(_) | RouteTarget::Interface(_)
    );
    // Inside a network only such targets are allowed, and only for the range
    // of a whole subnet.
    let destination = match choices.below(4) {
        0 if other.number == net.number && !middlebox => "192.168.0.0/16".to_owned(),
        0 | 1 => {
            let of = if other.number == net.number && !middlebox {
                None
            } else {
                Some(&other)
            };
            let blocks = of.and_then(|it| it.subnets.first()).map(|it| it.1.clone());
            blocks
                .and_then(|it| it.first().cloned())
                .unwrap_or_else(|| "192.168.0.0/16".to_owned())
        }
        2 => choices.pick(&LISTS).to_owned(),
        _ => if family == Family::V4 {
            "0.0.0.0/0"
        } else {
            "::/0"
        }
        .to_owned(),
    };
    // Nor does it let a list take the network's own addresses elsewhere.
    let own = |list: &PrefixList| {
        let entries = list.entries.value().into_iter().flatten();
        let ranges = &estate.network(&net.id).cidrs;
        entries
            .into_iter()
            .any(|entry| ranges.iter().any(|range| range.covers(entry)))
    };
    let mut lists = estate.snapshot.prefix_lists.iter();
    let destination = match lists.find(|list| list.id == destination.as_str()) {
        Some(list) if !middlebox && own(list) => "192.168.0.0/16".to_owned(),
        _ => destination,
    };
    let mut route = match choices.below(3) {
        0 => noun::route(&destination, target),
        1 if !destination.starts_with("pl-") => noun::propagated(&destination, target),
        _ => noun::route(&destination, target),
    };
    if choices.chance(20) {
        route.state = RouteState::Blackhole;
    } else if choices.chance(5) {
        route.state = RouteState::Filtered;
    }
    route
}
