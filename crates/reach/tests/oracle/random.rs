//! Random estates: up to three networks, of which the first has the caches.

use cachewarden_estates::{Estate, Place, noun};
use cachewarden_model::{DnsServers, Fact, PrefixList, ResourceId, Snapshot, TableAssociation};
use cachewarden_netset::Family;

use crate::choices::Choices;

mod ends;
mod filters;
mod links;
mod routes;

/// The prefix lists: one of each family.
pub(crate) const LISTS: [&str; 2] = ["pl-04", "pl-06"];

/// What was decided of one network before anything was made.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    /// Its number, from 0.
    pub number: usize,
    /// Its id.
    pub id: String,
    /// Where it is.
    pub place: Place,
    /// Its ranges: IPv4, and IPv6 if it has any.
    pub ranges: Vec<String>,
    /// Ids of its subnets with their ranges and zones.
    pub subnets: Vec<(String, Vec<String>, u8)>,
    /// Ids of its groups.
    pub groups: Vec<String>,
    /// Ids of its network ACLs beside the default one.
    pub acls: Vec<String>,
    /// Ids of its route tables, the main one first.
    pub tables: Vec<String>,
}

impl Net {
    fn new(choices: &mut Choices<'_>, number: usize) -> Self {
        // A network that has the range of the first one, now and then.
        let block = if number > 0 && choices.chance(6) {
            0
        } else {
            number
        };
        let first = if block == number { 1 } else { 100 };
        let ipv6 = choices.chance(40);
        let mut ranges = vec![format!("10.{block}.0.0/16")];
        if ipv6 {
            ranges.push(format!("2001:db8:{number}::/56"));
        }
        let count = 1 + choices.below(3);
        let subnets = (first..first + count).map(|part| {
            let mut blocks = vec![format!("10.{block}.{part}.0/24")];
            if ipv6 && !choices.chance(10) {
                blocks.push(format!("2001:db8:{number}:{part}::/64"));
            }
            let zone = u8::try_from(1 + choices.below(3)).unwrap_or(1);
            (format!("subnet-{number}{part}"), blocks, zone)
        });
        let subnets = subnets.collect();
        let named = |prefix: &str, count: usize| {
            (1..=count)
                .map(|it| format!("{prefix}-{number}x{it}"))
                .collect::<Vec<_>>()
        };
        let mut tables = vec![format!("rtb-{number}")];
        tables.extend(named("rtb", choices.below(2)));
        Self {
            number,
            id: format!("vpc-{number}"),
            place: if number > 0 && choices.chance(10) {
                Place::ABROAD
            } else {
                Place::HOME
            },
            ranges,
            subnets,
            groups: named("sg", 1 + choices.below(3)),
            acls: named("acl", choices.below(3)),
            tables,
        }
    }
}

/// An estate in which everything is known.
pub(crate) fn estate(choices: &mut Choices<'_>) -> Snapshot {
    let count = 1 + choices.below(3);
    let nets: Vec<Net> = (0..count).map(|number| Net::new(choices, number)).collect();
    let mut estate = Estate::new(&[Place::HOME, Place::ABROAD]);
    for net in &nets {
        add_network(&mut estate, net);
    }
    add_lists(choices, &mut estate, &nets);
    links::add(choices, &mut estate, &nets);
    for net in &nets {
        filters::add_groups(choices, &mut estate, &nets, net);
        filters::add_acls(choices, &mut estate, &nets, net);
        routes::add_tables(choices, &mut estate, &nets, net);
        place_subnets(choices, &mut estate, net);
    }
    let clients = 1 + choices.below(3);
    for number in 0..clients {
        ends::add_client(choices, &mut estate, &nets, number);
    }
    let caches = 1 + choices.below(2);
    for number in 0..caches {
        ends::add_cache(choices, &mut estate, &nets[0], number);
    }
    estate.build()
}

fn add_network(estate: &mut Estate, net: &Net) {
    let ranges: Vec<&str> = net.ranges.iter().map(String::as_str).collect();
    estate.add_network(net.place, &net.id, &net.id, &ranges);
    for (id, blocks, zone) in &net.subnets {
        let blocks: Vec<&str> = blocks.iter().map(String::as_str).collect();
        estate.add_subnet(&net.id, id, id, *zone, &blocks);
    }
}

fn add_lists(choices: &mut Choices<'_>, estate: &mut Estate, nets: &[Net]) {
    for (id, family) in LISTS.into_iter().zip([Family::V4, Family::V6]) {
        let ranges = choices.several(3, |it| filters::range(it, nets, family));
        let mut entries = noun::prefixes(&ranges.iter().map(String::as_str).collect::<Vec<_>>());
        entries.dedup();
        let list = noun::prefix_list(Place::HOME, id, family, &[]);
        estate.snapshot.prefix_lists.push(PrefixList {
            entries: Fact::Known(entries),
            ..list
        });
    }
}

/// Lists and tables of the subnets, and what the network's machines ask.
fn place_subnets(choices: &mut Choices<'_>, estate: &mut Estate, net: &Net) {
    for (id, ..) in &net.subnets {
        if !net.acls.is_empty() && choices.chance(60) {
            let acl: ResourceId = choices.pick(&net.acls).into();
            estate.subnet_mut(id).filter = Fact::Known(Some(acl));
        }
        let table = choices.pick(&net.tables);
        estate.subnet_mut(id).route_table = Fact::Known(Some(TableAssociation {
            explicit: table != net.tables[0],
            table: table.into(),
        }));
    }
    let network = estate.network_mut(&net.id);
    if choices.chance(4) {
        network.dns_resolution = Fact::Known(false);
    }
    if choices.chance(3) {
        let server = std::net::IpAddr::from([10, 0, 0, 53]);
        network.dns_servers = Fact::Known(DnsServers::Custom(vec![server]));
    }
}

/// An address of a block: `10.0.1.0/24` and 10 make `10.0.1.10`.
pub(crate) fn host(block: &str, number: usize) -> String {
    let (address, _) = block.split_once('/').unwrap_or((block, ""));
    match address.strip_suffix(".0") {
        Some(start) => format!("{start}.{number}"),
        None => format!("{address}{number:x}"),
    }
}
