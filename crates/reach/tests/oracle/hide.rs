//! Facts that are taken out of a snapshot, as a refused call would.

use cachewarden_estates::Place;
use cachewarden_model::{Fact, FilterKind, Noun, Snapshot};

use crate::choices::Choices;

/// What a hidden fact may do to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hidden {
    /// Less is known of the same packets.
    Knowledge,
    /// More packets are in question: other ports of the client, other
    /// addresses of a node.
    Packets,
}

type Hide = fn(&mut Choices<'_>, &mut Snapshot) -> Option<Hidden>;

const WAYS: [Hide; 22] = [
    interface_filters,
    platform,
    group_rules,
    acl_rules,
    forget_filter,
    subnet_filter,
    subnet_table,
    table_routes,
    forget_table,
    forget_peering,
    list_entries,
    forget_list,
    router_attachments,
    router_references,
    attachment_facts,
    router_tables,
    forget_router,
    cache_filters,
    cache_facts,
    node_place,
    resolver,
    name_servers,
];

/// What the oracle takes for granted.
const FURTHER: [Hide; 4] = [
    host_names,
    encryption_control,
    forget_network,
    forget_subnet,
];

/// Hides one fact; none if there is none of the kind that was chosen.
pub(crate) fn hide(choices: &mut Choices<'_>, snapshot: &mut Snapshot) -> Option<Hidden> {
    let way = WAYS[choices.below(WAYS.len())];
    way(choices, snapshot)
}

/// Hides one fact, be it one that the oracle takes for granted.
pub(crate) fn hide_any(choices: &mut Choices<'_>, snapshot: &mut Snapshot) -> Option<Hidden> {
    let all: Vec<Hide> = WAYS.into_iter().chain(FURTHER).collect();
    let way = all[choices.below(all.len())];
    way(choices, snapshot)
}

fn unknown<T>() -> Fact<T> {
    Fact::unknown(Place::HOME.refused("ec2:Something", &[]))
}

fn gap(snapshot: &mut Snapshot, noun: Noun) {
    for place in [Place::HOME, Place::ABROAD] {
        snapshot
            .gaps
            .push(place.refused("ec2:DescribeSomething", &[noun]));
    }
}

fn one<'a, T>(choices: &mut Choices<'_>, all: &'a mut [T]) -> Option<&'a mut T> {
    if all.is_empty() {
        return None;
    }
    let index = choices.below(all.len());
    all.get_mut(index)
}

fn take<T>(choices: &mut Choices<'_>, all: &mut Vec<T>) -> Option<T> {
    if all.is_empty() {
        return None;
    }
    let index = choices.below(all.len());
    Some(all.remove(index))
}

fn interface_filters(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.interfaces)?.filters = unknown();
    Some(Hidden::Knowledge)
}

fn platform(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.interfaces)?
        .attached_to
        .as_mut()?
        .platform = unknown();
    Some(Hidden::Packets)
}

fn rules(choices: &mut Choices<'_>, it: &mut Snapshot, kind: FilterKind) -> Option<Hidden> {
    let mut all: Vec<_> = it.filters.iter_mut().filter(|it| it.kind == kind).collect();
    one(choices, &mut all)?.rules = unknown();
    Some(Hidden::Knowledge)
}

fn group_rules(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    rules(choices, it, FilterKind::SecurityGroup)
}

fn acl_rules(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    rules(choices, it, FilterKind::NetworkAcl)
}

fn forget_filter(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    let noun = match take(choices, &mut it.filters)?.kind {
        FilterKind::NetworkAcl => Noun::NetworkAcls,
        _ => Noun::Filters,
    };
    gap(it, noun);
    Some(Hidden::Knowledge)
}

fn subnet_filter(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.subnets)?.filter = unknown();
    Some(Hidden::Knowledge)
}

fn subnet_table(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.subnets)?.route_table = unknown();
    Some(Hidden::Knowledge)
}

fn table_routes(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.route_tables)?.routes = unknown();
    Some(Hidden::Knowledge)
}

fn forget_table(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    take(choices, &mut it.route_tables)?;
    gap(it, Noun::RouteTables);
    Some(Hidden::Knowledge)
}

fn forget_peering(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    take(choices, &mut it.peerings)?;
    gap(it, Noun::Peerings);
    Some(Hidden::Knowledge)
}

fn list_entries(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.prefix_lists)?.entries = unknown();
    Some(Hidden::Knowledge)
}

fn forget_list(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    take(choices, &mut it.prefix_lists)?;
    gap(it, Noun::PrefixLists);
    Some(Hidden::Knowledge)
}

fn router_attachments(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.transit_routers)?.attachments = unknown();
    Some(Hidden::Knowledge)
}

fn router_references(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.transit_routers)?.group_references = unknown();
    Some(Hidden::Knowledge)
}

fn attachment_facts(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    let router = one(choices, &mut it.transit_routers)?;
    let Fact::Known(all) = &mut router.attachments else {
        return None;
    };
    let attachment = one(choices, all)?;
    match choices.below(5) {
        0 => attachment.subnets = unknown(),
        1 => attachment.table = unknown(),
        2 => attachment.group_references = unknown(),
        3 => attachment.ipv6 = unknown(),
        _ => attachment.appliance_mode = unknown(),
    }
    Some(Hidden::Knowledge)
}

fn router_tables(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    let router = one(choices, &mut it.transit_routers)?;
    if choices.chance(50) {
        router.tables = unknown();
    } else if let Fact::Known(tables) = &mut router.tables {
        one(choices, tables)?.routes = unknown();
    }
    Some(Hidden::Knowledge)
}

fn forget_router(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    take(choices, &mut it.transit_routers)?;
    gap(it, Noun::TransitRouters);
    Some(Hidden::Knowledge)
}

fn cache_filters(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.caches)?.filters = unknown();
    Some(Hidden::Knowledge)
}

fn cache_facts(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    let cache = one(choices, &mut it.caches)?;
    if choices.chance(50) {
        cache.families = unknown();
    } else {
        cache.status = unknown();
    }
    Some(Hidden::Knowledge)
}

fn node_place(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    let cache = one(choices, &mut it.caches)?;
    let node = one(choices, &mut cache.nodes)?;
    if choices.chance(50) {
        node.subnets = unknown();
    } else {
        node.addresses = unknown();
    }
    Some(Hidden::Packets)
}

fn resolver(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.networks)?.dns_resolution = unknown();
    Some(Hidden::Knowledge)
}

fn name_servers(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.networks)?.dns_servers = unknown();
    Some(Hidden::Knowledge)
}

fn host_names(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.networks)?.dns_host_names = unknown();
    Some(Hidden::Knowledge)
}

fn encryption_control(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    one(choices, &mut it.networks)?.encryption_control = unknown();
    Some(Hidden::Knowledge)
}

fn forget_network(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    take(choices, &mut it.networks)?;
    gap(it, Noun::Networks);
    Some(Hidden::Knowledge)
}

fn forget_subnet(choices: &mut Choices<'_>, it: &mut Snapshot) -> Option<Hidden> {
    take(choices, &mut it.subnets)?;
    gap(it, Noun::Subnets);
    Some(Hidden::Packets)
}
