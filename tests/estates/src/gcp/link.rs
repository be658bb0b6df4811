//! Peerings: one resource on each side.

use cachewarden_model::{LinkState, Peering, PeeringEnd, Provider};
use cachewarden_netset::Cidr;

use super::{id, peering_route};
use crate::Estate;

/// The side of a peering that the first network owns, in force, through which
/// these ranges are reached. No custom routes are exchanged.
pub fn peering(own: &str, name: &str, other: &str, ranges: &[Cidr]) -> Peering {
    let end = |network: &str| PeeringEnd {
        network: network.into(),
        account: Some(id::project_of(network).into()),
        region: Some("global".into()),
        cidrs: vec![],
        access: None,
        forwarded: None,
        exports_routes: None,
        imports_routes: None,
        resolves_names: None,
    };
    let mut cidrs = ranges.to_vec();
    cidrs.sort();
    Peering {
        id: id::peering(own, name).into(),
        name: name.to_owned(),
        provider: Provider::Gcp,
        state: LinkState::Active,
        requester: PeeringEnd {
            exports_routes: Some(false),
            imports_routes: Some(false),
            ..end(own)
        },
        accepter: PeeringEnd {
            cidrs,
            ..end(other)
        },
        azure: None,
    }
}

/// Adds one side of a peering, with its routes.
pub fn add_peering(estate: &mut Estate, peering: Peering) {
    let id = peering.id.as_str();
    let lines: Vec<_> = peering
        .accepter
        .cidrs
        .iter()
        .map(|it| peering_route(id, *it))
        .collect();
    let table = id::routes(peering.requester.network.as_str());
    estate.routes_mut(&table).extend(lines);
    estate.snapshot.peerings.push(peering);
}

/// Adds both sides of a peering of two networks of the estate, each under the
/// other's name, with routes to all subnets.
pub fn add_peerings(estate: &mut Estate, one: &str, other: &str) {
    for (own, far) in [(one, other), (other, one)] {
        let subnets = estate.snapshot.subnets.iter();
        let of = subnets.filter(|it| it.network == *far);
        let ranges: Vec<Cidr> = of.flat_map(|it| it.cidrs.iter().copied()).collect();
        let name = format!("to-{}", id::name_of(far));
        add_peering(estate, peering(own, &name, far, &ranges));
    }
}
