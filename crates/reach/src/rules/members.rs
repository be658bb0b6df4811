//! Client interfaces by address and by group, so that those whom a rule names
//! are found at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use cachewarden_model::{Gap, Noun, ResourceId};
use cachewarden_netset::{AddressSet, Cidr};

use crate::estate::Estate;
use crate::selector::is_client;

/// Addresses of client interfaces by network, sorted, and their groups.
pub(super) struct Members<'a> {
    by_network: BTreeMap<&'a str, Vec<IpAddr>>,
    /// The same as sets.
    sets: BTreeMap<&'a str, AddressSet>,
    /// How many client interfaces carry a filter or group.
    carriers: HashMap<&'a str, u64>,
}

impl<'a> Members<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut by_network: BTreeMap<&str, Vec<IpAddr>> = BTreeMap::new();
        let mut carriers: HashMap<&str, u64> = HashMap::new();
        for interface in estate
            .snapshot()
            .interfaces
            .iter()
            .filter(|it| is_client(it))
        {
            by_network
                .entry(interface.network.as_str())
                .or_default()
                .extend(interface.addresses.iter().copied());
            let filters = interface.filters.value().into_iter().flatten();
            let carried: BTreeSet<&str> = filters
                .chain(&interface.groups)
                .map(ResourceId::as_str)
                .collect();
            for id in carried {
                *carriers.entry(id).or_default() += 1;
            }
        }
        for addresses in by_network.values_mut() {
            addresses.sort_unstable();
        }
        let sets = by_network.iter();
        let sets = sets.map(|(id, addresses)| {
            let set = addresses.iter().copied().map(Cidr::from).collect();
            (*id, set)
        });
        Self {
            sets: sets.collect(),
            by_network,
            carriers,
        }
    }

    /// All client addresses of a network; none if it has no client.
    pub(super) fn all(&self, network: &str) -> Option<&AddressSet> {
        self.sets.get(network)
    }

    /// How many client interfaces certainly carry a filter or group.
    pub(super) fn carriers(&self, group: &ResourceId) -> u64 {
        self.carriers.get(group.as_str()).copied().unwrap_or(0)
    }

    /// Client addresses of a network inside a range.
    pub(super) fn inside(&self, network: &str, range: &Cidr) -> &[IpAddr] {
        let addresses = self.by_network.get(network).map_or(&[][..], Vec::as_slice);
        let from = addresses.partition_point(|it| *it < range.first());
        let to = addresses.partition_point(|it| *it <= range.last());
        addresses.get(from..to).unwrap_or_default()
    }
}

/// Why there may be more interfaces in a network than were read; none if all
/// of them were.
pub(crate) fn hidden(estate: &Estate<'_>, network: &ResourceId) -> Option<Gap> {
    match estate.network(network) {
        Some(network) => estate.hidden(
            Noun::Interfaces,
            network.provider,
            Some(&network.account),
            Some(&network.region),
        ),
        None => Some(Gap {
            provider: cachewarden_model::Provider::Aws,
            account: None,
            region: None,
            what: network.to_string(),
            why: cachewarden_model::GapReason::NotCollected,
            message: "this network was not read".to_owned(),
            hides: vec![],
        }),
    }
}
