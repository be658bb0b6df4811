//! Sources of one class, as they are found.

use std::collections::BTreeMap;
use std::net::IpAddr;

use cachewarden_model::Zone;
use cachewarden_netset::{AddressSet, Cidr};

use crate::decide::Through;

/// Addresses by zone, in two readings of what is not known.
#[derive(Default)]
pub(super) struct Sources {
    certain: BTreeMap<Zone, Found>,
    possible: BTreeMap<Zone, Found>,
}

/// Addresses of one zone; single ones are put together at the end.
#[derive(Default)]
struct Found {
    set: AddressSet,
    single: Vec<Cidr>,
}

impl Sources {
    /// Adds a set of which some packets get through.
    pub(super) fn add(&mut self, zone: &Zone, set: &AddressSet, through: &Through) {
        if !through.certain.is_empty() {
            self.add_certain(zone, set);
        }
        if !through.possible.is_empty() {
            self.add_possible(zone, set);
        }
    }

    pub(super) fn add_certain(&mut self, zone: &Zone, set: &AddressSet) {
        add(&mut self.certain, zone, set);
    }

    pub(super) fn add_possible(&mut self, zone: &Zone, set: &AddressSet) {
        add(&mut self.possible, zone, set);
    }

    /// Adds one address of which some packets get through.
    pub(super) fn add_single(&mut self, zone: &Zone, address: IpAddr, through: &Through) {
        let readings = [
            (&mut self.certain, &through.certain),
            (&mut self.possible, &through.possible),
        ];
        for (found, ports) in readings {
            if !ports.is_empty() {
                add_one(found, zone, address);
            }
        }
    }

    /// Adds one address from which a connection certainly gets through.
    pub(super) fn add_open(&mut self, zone: &Zone, address: IpAddr) {
        add_one(&mut self.certain, zone, address);
        add_one(&mut self.possible, zone, address);
    }

    /// What is certain and what is possible.
    pub(super) fn finish(self) -> (BTreeMap<Zone, AddressSet>, BTreeMap<Zone, AddressSet>) {
        (finish(self.certain), finish(self.possible))
    }
}

fn add(found: &mut BTreeMap<Zone, Found>, zone: &Zone, set: &AddressSet) {
    if set.is_empty() {
        return;
    }
    let known = &mut entry(found, zone).set;
    *known = known.union(set);
}

fn add_one(found: &mut BTreeMap<Zone, Found>, zone: &Zone, address: IpAddr) {
    entry(found, zone).single.push(Cidr::from(address));
}

fn entry<'f>(found: &'f mut BTreeMap<Zone, Found>, zone: &Zone) -> &'f mut Found {
    found.entry(zone.clone()).or_default()
}

fn finish(found: BTreeMap<Zone, Found>) -> BTreeMap<Zone, AddressSet> {
    let zones = found.into_iter();
    zones
        .map(|(zone, found)| {
            let single: AddressSet = found.single.into_iter().collect();
            (zone, found.set.union(&single))
        })
        .collect()
}
