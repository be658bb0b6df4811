//! Peerings among the networks, routes, policy-based routes, links to
//! machines elsewhere.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::{HOME, add_peerings, change, id, route};
use cachewarden_model::{
    Fact, HybridKind, HybridLink, LinkState, PolicyRoute, PolicyRouteNext, PolicyRouteScope,
    RouteOrigin, RouteState, RouteTarget,
};
use cachewarden_netset::Protocol;

use super::NETWORKS;
use super::filters::near;
use crate::choices::Choices;

/// All of them.
pub(super) fn add(choices: &mut Choices<'_>, estate: &mut Estate) {
    let [one, other, third] = NETWORKS;
    for (one, other) in [(one, other), (one, third), (other, third)] {
        if choices.chance(40) {
            continue;
        }
        add_peerings(estate, one, other);
        if choices.chance(10) {
            for (own, far) in [(one, other), (other, one)] {
                let name = format!("to-{}", id::name_of(far));
                change::peering_inactive(own, &name)(estate);
            }
        }
        if choices.chance(12) {
            let name = format!("to-{}", id::name_of(other));
            change::on_peering(one, &name, |it| it.requester.imports_routes = Some(true))(estate);
        }
    }
    for (place, network) in NETWORKS.iter().enumerate() {
        if choices.chance(10) {
            change::without_route(network, "default-internet")(estate);
        }
        for number in 0..choices.below(4) {
            static_route(choices, estate, place, number);
        }
        for number in 0..choices.pick(&[0, 0, 1, 3]) {
            policy_route(choices, estate, network, number);
        }
        if choices.chance(8) {
            hybrid(choices, estate, network);
        }
    }
}

fn static_route(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, number: usize) {
    let Some(network) = NETWORKS.get(place) else {
        return;
    };
    let far = choices.below(3);
    let range = choices.pick(&[
        "192.168.0.0/16".to_owned(),
        format!("10.{far}.3.10/32"),
        format!("10.{far}.3.0/28"),
        "10.0.0.0/8".to_owned(),
        "10.60.0.0/16".to_owned(),
        "10.70.0.4/32".to_owned(),
        "0.0.0.0/0".to_owned(),
    ]);
    let priority = choices.pick(&[1000, 500, 500, 2000]);
    let target = match choices.below(8) {
        0 | 1 => RouteTarget::Internet,
        2 | 3 => RouteTarget::Interface(
            id::instance(&format!("p{place}"), &format!("{HOME}-b"), "router").into(),
        ),
        4 => RouteTarget::Appliance([10, 9, 9, 9].into()),
        5 => RouteTarget::VpnGateway(format!("{network}/tunnel").into()),
        6 => {
            let name = choices.pick(&[id::SERVICE_PEER, id::REDIS_PEER]);
            RouteTarget::Peering(id::peering(network, name).into())
        }
        _ => RouteTarget::Peering(id::peering(network, &format!("to-n{far}")).into()),
    };
    let mut own = route(&format!("s{number}"), &range, priority, target);
    if choices.chance(25) {
        own.tags = super::tags(choices)
            .iter()
            .map(|it| (*it).to_owned())
            .collect();
    }
    match choices.below(10) {
        7 | 8 => own.state = RouteState::Blackhole,
        9 => own.state = RouteState::Filtered,
        _ => {}
    }
    if choices.chance(10) {
        own.origin = RouteOrigin::Propagated;
    }
    change::route(network, own)(estate);
}

fn policy_route(choices: &mut Choices<'_>, estate: &mut Estate, network: &str, number: usize) {
    let place = choices.below(3);
    let destination = choices.pick(&[
        "192.168.0.0/16".to_owned(),
        "10.0.0.0/8".to_owned(),
        format!("10.{place}.3.10/32"),
        "10.60.0.0/29".to_owned(),
        "0.0.0.0/0".to_owned(),
    ]);
    let tags = super::tags(choices);
    let own = PolicyRoute {
        id: format!("{network}/policyBasedRoutes/b{number}").into(),
        priority: choices.pick(&[100, 200, 100, 100]),
        source: near(choices).parse().expect("a range"),
        destination: destination.parse().expect("a range"),
        protocol: choices.pick(&[Protocol::Any, Protocol::TCP, Protocol::UDP]),
        scope: match choices.below(4) {
            0 | 1 => PolicyRouteScope::All,
            2 => PolicyRouteScope::Tags(tags.iter().map(|it| (*it).to_owned()).collect()),
            _ => PolicyRouteScope::Interconnect("all".to_owned()),
        },
        next: match choices.chance(50) {
            true => PolicyRouteNext::Default,
            false => PolicyRouteNext::LoadBalancer([10, 9, 9, 8].into()),
        },
        state: match choices.chance(10) {
            true => LinkState::Down("NEXT_HOP_NOT_RUNNING".to_owned()),
            false => LinkState::Active,
        },
    };
    change::policy_route(network, own)(estate);
}

fn hybrid(choices: &mut Choices<'_>, estate: &mut Estate, network: &str) {
    let down = choices.chance(20);
    let link = HybridLink {
        id: format!("{network}/tunnel").into(),
        kind: HybridKind::VpnTunnel,
        region: HOME.into(),
        router: Some(format!("{network}/router").into()),
        state: match down {
            true => LinkState::Down("NO_INCOMING_PACKETS".to_owned()),
            false => LinkState::Active,
        },
    };
    change::on_network(network, |gcp| gcp.hybrid = Fact::Known(vec![link]))(estate);
}
