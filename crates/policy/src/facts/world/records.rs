//! Records of private zones, found by the name that they are for and by the
//! name that they lead to.

use std::borrow::Cow;
use std::collections::HashMap;

use cachewarden_model::{DnsRecord, DnsZone, Noun, Provider, ResourceId};

use super::{Gaps, World};

/// Records of all zones, by names in lower case without a final dot.
pub(super) struct Records<'a> {
    zones: HashMap<&'a str, &'a DnsZone>,
    addresses: HashMap<(Provider, String), Vec<&'a DnsRecord>>,
    aliases: HashMap<(Provider, String), Vec<&'a DnsRecord>>,
}

/// A name as it is compared.
pub(crate) fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

impl<'a> World<'a> {
    /// Address records of a name, in the order of the snapshot.
    pub(crate) fn addresses(&self, provider: Provider, name: &str) -> &[&'a DnsRecord] {
        let key = (provider, plain(name));
        self.records()
            .addresses
            .get(&key)
            .map_or(&[], Vec::as_slice)
    }

    /// Aliases that lead to a name, in the order of the snapshot.
    pub(crate) fn aliases(&self, provider: Provider, name: &str) -> &[&'a DnsRecord] {
        let key = (provider, plain(name));
        self.records().aliases.get(&key).map_or(&[], Vec::as_slice)
    }

    /// A private zone.
    pub(crate) fn zone(&self, id: &ResourceId) -> Option<&'a DnsZone> {
        self.records().zones.get(id.as_str()).copied()
    }

    /// Why not all records of a cloud are known; empty where they are. A zone
    /// may belong to any account.
    pub(crate) fn unread_records(&self, provider: Provider) -> Gaps<'a> {
        let mut unknown = self.hidden(Noun::DnsZones);
        unknown.retain(|gap| gap.provider == provider);
        let unread = self.unread_zones.get_or_init(|| {
            let zones = self.snapshot.dns_zones.iter();
            zones
                .filter_map(|zone| Some((zone.provider, zone.records.gap()?)))
                .collect()
        });
        let own = unread.iter().filter(|(of, _)| *of == provider);
        unknown.extend(own.map(|(_, gap)| Cow::Borrowed(*gap)));
        unknown
    }

    fn records(&self) -> &Records<'a> {
        self.records.get_or_init(|| {
            let mut found = Records {
                zones: HashMap::new(),
                addresses: HashMap::new(),
                aliases: HashMap::new(),
            };
            for zone in &self.snapshot.dns_zones {
                found.zones.insert(zone.id.as_str(), zone);
                for record in zone.records.value().into_iter().flatten() {
                    found.add(zone.provider, record);
                }
            }
            found
        })
    }
}

impl<'a> Records<'a> {
    fn add(&mut self, provider: Provider, record: &'a DnsRecord) {
        let is = |kind: &str| record.kind.eq_ignore_ascii_case(kind);
        if is("A") || is("AAAA") {
            let of_name = self.addresses.entry((provider, plain(&record.name)));
            of_name.or_default().push(record);
        } else if is("CNAME") {
            for target in &record.values {
                let to_target = self.aliases.entry((provider, plain(target)));
                to_target.or_default().push(record);
            }
        }
    }
}
