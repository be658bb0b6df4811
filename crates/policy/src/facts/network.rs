//! Facts of a cache about the network around it.

mod sources;
mod subnets;

use cachewarden_model::cache::Cache;
use cachewarden_model::{Network, Noun, Route, RouteState};

use super::cache::fact;
use super::{FactDef, FactType, FactValue, World};
use sources::{forwarders, reachable, reader_port_open};
use subnets::{
    by_subnet, destination, is_dead, leads_to_internet, routes, same_routes, same_rules,
    subnet_filter, subnet_table, variants,
};

use FactType::{Bool, Int, List};

pub(super) static FACTS: &[FactDef] = &[
    fact(
        "cache.public_subnets",
        List,
        "subnets of its nodes with a route to an internet gateway that is attached; unknown only \
         if none is known to have one",
        |world, it| {
            by_subnet(world, it, |world, subnet| {
                let routes = routes(world, it, subnet)?;
                let public = |route: &Route| leads_to_internet(world, subnet, route);
                Ok(if routes.iter().any(public) {
                    vec![subnet.id.as_str()]
                } else {
                    vec![]
                })
            })
        },
    ),
    fact(
        "cache.black_hole_routes",
        List,
        "destinations in the route tables of its subnets whose target is gone or not attached; \
         unknown only if none is known",
        |world, it| {
            by_subnet(world, it, |world, subnet| {
                let dead = |route: &&Route| {
                    route.state != RouteState::Filtered && is_dead(world, subnet, route)
                };
                Ok(routes(world, it, subnet)?
                    .iter()
                    .filter(dead)
                    .map(destination)
                    .collect())
            })
        },
    ),
    fact(
        "cache.builtin_network_acls",
        List,
        "network ACLs at the edges of its subnets that the cloud made; unknown only if none is \
         known",
        |world, it| {
            by_subnet(world, it, |world, subnet| {
                let filter = subnet_filter(world, it, subnet)?;
                let builtin = filter.filter(|filter| filter.builtin);
                Ok(builtin
                    .into_iter()
                    .map(|filter| filter.id.as_str())
                    .collect())
            })
        },
    ),
    fact(
        "cache.network_acl_variants",
        Int,
        "how many different lists of rules stand at the edges of its subnets",
        |world, it| variants(world, it, subnet_filter, same_rules),
    ),
    fact(
        "cache.route_variants",
        Int,
        "how many different sets of routes its subnets have, not counting those to the internet",
        |world, it| variants(world, it, subnet_table, same_routes),
    ),
    fact(
        "cache.builtin_filters",
        List,
        "filters on its nodes that the cloud made, such as a network's default group",
        |world, it| {
            FactValue::of(&it.filters, |ids| {
                let mut found = vec![];
                for id in ids {
                    match world.filter(id) {
                        Some(filter) if filter.builtin => found.push(id.as_str()),
                        Some(_) => {}
                        None => return FactValue::Unknown(world.missing(Noun::Filters, it, id)),
                    }
                }
                FactValue::list(found)
            })
        },
    ),
    fact(
        "cache.reachable",
        Bool,
        "whether anybody at all can open a connection to one of its endpoints",
        reachable,
    ),
    fact(
        "cache.reader_port_open",
        Bool,
        "whether all sources that reach its primary endpoint reach its reader endpoint too; null \
         if it lacks one of them",
        reader_port_open,
    )
    .or_null(),
    fact(
        "cache.forwarders",
        List,
        "interfaces with a public address that forward or balance traffic and can reach it; unknown \
         only if none is known",
        forwarders,
    ),
    fact(
        "network.dns_resolution",
        Bool,
        "whether the cloud's resolver answers in its network",
        |world, it| {
            of_network(world, it, |network| {
                FactValue::of(&network.dns_resolution, |on| FactValue::Bool(*on))
            })
        },
    ),
    fact(
        "network.dns_host_names",
        Bool,
        "whether the cloud gives host names to machines of its network",
        |world, it| {
            of_network(world, it, |network| {
                FactValue::of(&network.dns_host_names, |on| FactValue::Bool(*on))
            })
        },
    ),
    fact(
        "network.peerings",
        Int,
        "how many peerings its network has",
        |world, it| {
            FactValue::of(&it.network, |id| match world.peerings(id) {
                0 => {
                    let hidden = world.hidden(Noun::Peerings);
                    if hidden.is_empty() {
                        FactValue::Int(0)
                    } else {
                        FactValue::Unknown(hidden)
                    }
                }
                count => FactValue::count(count),
            })
        },
    ),
];

fn of_network<'a>(
    world: &World<'a>,
    cache: &'a Cache,
    read: impl FnOnce(&'a Network) -> FactValue<'a>,
) -> FactValue<'a> {
    FactValue::of(&cache.network, |id| match world.network(id) {
        Some(network) => read(network),
        None => FactValue::Unknown(world.missing(Noun::Networks, cache, id)),
    })
}
