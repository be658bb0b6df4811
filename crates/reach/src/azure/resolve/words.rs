//! The words of names that do not lead to a private endpoint.

use cachewarden_model::{
    DnsZone, Leg, PrivateEndpoint, PrivateEndpointState, PublicAccess, ResourceId, Stage, Symptom,
    ZoneLink,
};

use super::Name;
use crate::remedy::Remedy;
use crate::step::Judged;

impl<'a> Name<'_, 'a> {
    /// Whether the cache turns away those who come by its public address, so
    /// that the name has to lead to a private one.
    fn is_private(&self) -> bool {
        self.cache.public_access.value() == Some(&PublicAccess::Disabled)
    }

    /// A zone for the names of the cache that is not the one that answers.
    fn other_zone(&self, name: &str, than: Option<&DnsZone>) -> Option<&'a DnsZone> {
        let expected = &self.bent.as_ref()?.zone;
        let fits = |zone: &&DnsZone| {
            zone.name.eq_ignore_ascii_case(expected) && than.is_none_or(|it| it.id != zone.id)
        };
        let holds = |zone: &DnsZone| {
            let mut records = zone.records.value().into_iter().flatten();
            records.any(|it| it.name.eq_ignore_ascii_case(name))
        };
        let mut zones: Vec<&DnsZone> = self.estate.all_zones().filter(fits).collect();
        zones.sort_by_key(|zone| (!holds(zone), zone.id.clone()));
        zones
            .into_iter()
            .next()
            .filter(|zone| than.is_none() || holds(zone))
    }

    /// The private endpoint that the client's network is nearest to.
    fn nearest(&self, network: &ResourceId) -> Option<&'a PrivateEndpoint> {
        let approved = |it: &&&PrivateEndpoint| it.state == PrivateEndpointState::Approved;
        let mut all: Vec<&PrivateEndpoint> =
            self.endpoints.iter().filter(approved).copied().collect();
        all.sort_by_key(|it| {
            (
                it.network != *network,
                !crate::intent::joined(self.estate, network, &it.network),
                it.id.clone(),
            )
        });
        all.into_iter().next()
    }

    pub(super) fn no_record(
        &self,
        network: &ResourceId,
        name: &str,
        zone: &DnsZone,
        link: &ZoneLink,
    ) -> Judged {
        let step = Judged::new(Leg::Request, Stage::Dns, "dns-zone").symptom(Symptom::Dns);
        if let Some(other) = self.other_zone(name, Some(zone)) {
            let blamed = link.id.as_ref().unwrap_or(&zone.id);
            return Judged {
                kind: "zone-link",
                ..step.clone()
            }
            .resource(blamed)
            .deny(format!(
                "{network} is linked to {}, which has no record {name}; {} has one",
                zone.id, other.id
            ))
            .symptom(Symptom::Dns)
            .remedy(Remedy::Advice(format!(
                "link {network} to {} in place of {}: a network can be linked to one zone of a \
                 name only",
                other.id, zone.id
            )));
        }
        let judged = step.resource(&zone.id).deny(format!(
            "{name} does not exist: the zone is linked to {network} and has no such record"
        ));
        let judged = judged.symptom(Symptom::Dns);
        match self.nearest(network) {
            Some(endpoint) => judged.remedy(Remedy::AddRecord {
                zone: zone.id.clone(),
                name: name.to_owned(),
                addresses: endpoint.addresses.value().cloned().unwrap_or_default(),
            }),
            None => judged,
        }
    }

    pub(super) fn fallback(&self, name: &str, zone: &DnsZone) -> Judged {
        let step = Judged::new(Leg::Request, Stage::Dns, "dns-zone").resource(&zone.id);
        let detail = format!(
            "the zone has no record {name}, and the link lets public DNS answer: the cache's \
             public address"
        );
        if !self.is_private() {
            return step.allow(detail);
        }
        let judged = step.deny(detail).symptom(None);
        match self.endpoints.first() {
            Some(endpoint) => judged.remedy(Remedy::AddRecord {
                zone: zone.id.clone(),
                name: name.to_owned(),
                addresses: endpoint.addresses.value().cloned().unwrap_or_default(),
            }),
            None => judged,
        }
    }

    pub(super) fn no_zone(&self, network: &ResourceId, name: &str) -> Judged {
        let step = |kind| Judged::new(Leg::Request, Stage::Dns, kind);
        if !self.is_private() {
            return step("network").resource(network).allow(format!(
                "no private zone for {name} is linked to the network: public DNS answers with \
                 the cache's public address"
            ));
        }
        let waiting = self
            .estate
            .zones_of(network)
            .into_iter()
            .find(|(zone, link)| {
                let expected = self.bent.as_ref().map(|it| it.zone.as_str());
                !link.effective && expected.is_some_and(|it| zone.name.eq_ignore_ascii_case(it))
            });
        if let Some((zone, link)) = waiting {
            return step("zone-link")
                .resource(link.id.as_ref().unwrap_or(&zone.id))
                .deny(format!(
                    "the link of {network} to {} is not in force: public DNS answers with the \
                     cache's public address",
                    zone.id
                ))
                .symptom(None)
                .remedy(Remedy::Advice(
                    "wait until the link is completed".to_owned(),
                ));
        }
        if let Some(zone) = self.other_zone(name, None) {
            return step("dns-zone")
                .resource(&zone.id)
                .deny(format!(
                    "the zone is not linked to {network}: public DNS answers with the cache's \
                     public address"
                ))
                .symptom(None)
                .remedy(Remedy::LinkZone {
                    zone: zone.id.clone(),
                    network: network.clone(),
                });
        }
        let zone = self.bent.as_ref().map_or("", |it| it.zone.as_str());
        let advice = Remedy::Advice(format!(
            "create the private zone {zone}, link it to {network} and name it in a zone group of \
             the private endpoint"
        ));
        let endpoint = self.nearest(network).or(self.endpoints.first().copied());
        let elsewhere = endpoint.and_then(|it| {
            let zones = it.zones.value().into_iter().flatten();
            zones.filter_map(|id| self.estate.zone(id)).next()
        });
        let detail = match elsewhere {
            Some(other) => format!(
                "its zone group keeps its record in {}, and the name of this cache needs {zone}: \
                 public DNS answers with the cache's public address",
                other.name
            ),
            None => format!(
                "there is no private zone {zone}: public DNS answers with the cache's public \
                 address"
            ),
        };
        let judged = match endpoint {
            Some(endpoint) => step("private-endpoint").resource(&endpoint.id),
            None => step("network").resource(network),
        };
        judged.deny(detail).symptom(None).remedy(advice)
    }
}
