//! What a cache's name leads to in a client's network.

mod alias;
mod owner;
mod words;

use std::net::IpAddr;

use cachewarden_model::{
    Cache, DnsServers, DnsZone, Endpoint, Gap, GapReason, Leg, PrivateEndpoint, ResourceId, Stage,
};

use self::alias::Endpoints;
use self::owner::Owner;
use crate::azure::names::{Bent, bent};
use crate::azure::party::gap;
use crate::azure::unseen::unseen;
use crate::azure::zones::{Answer, ask, unread};
use crate::client::{Client, Place};
use crate::decide::Through;
use crate::estate::Estate;
use crate::step::{Judged, Recorder};

/// Where a client's packets go.
#[derive(Clone, Copy)]
pub(crate) enum Goal<'a> {
    /// To a private endpoint of the cache, at one of its addresses.
    Endpoint(&'a PrivateEndpoint, IpAddr),
    /// To a cache that sits in a subnet of the owner's.
    Injected,
    /// To the cache's public address.
    Public,
    /// To an address at which nothing of the cache is known to be; the zone
    /// and the record that say so.
    Stray(&'a DnsZone, IpAddr),
    /// There is no such name.
    Nowhere,
    /// To a private endpoint of the cache whose address was not read.
    Unseen,
}

/// The platform's own resolver.
///
/// Source: Azure, "What is IP address 168.63.129.16?".
const PLATFORM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(168, 63, 129, 16));

/// All that the name may lead to. Where `whole` is put in doubt it leads to
/// one of them, and which is not known; else to any of them.
pub(crate) fn resolve<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    whole: &mut Through,
    record: &mut R,
) -> Vec<Goal<'a>> {
    let name = Name::new(estate, cache, endpoint);
    match client.place {
        Place::Internet => {
            record.record(|| {
                Judged::new(Leg::Request, Stage::Dns, "network")
                    .not_applicable("public DNS answers a client on the internet")
            });
            vec![name.direct()]
        }
        Place::OnPremises => name.anywhere(
            None,
            gap(
                "name servers outside",
                GapReason::NotOffered,
                "the client's resolver is outside every network; what it answers is not told",
            ),
            whole,
            record,
        ),
        Place::Network { network, .. } => match resolver(estate, network) {
            Err(gap) => name.anywhere(Some(network), gap, whole, record),
            Ok(()) => name.inside(network, whole, record),
        },
    }
}

/// Whether a network asks the platform's resolver.
fn resolver(estate: &Estate<'_>, id: &ResourceId) -> Result<(), Box<Gap>> {
    let Some(network) = estate.network(id) else {
        return Err(gap(
            id,
            GapReason::NotCollected,
            "the client's network was not read",
        ));
    };
    match network.dns_servers.get() {
        Ok(DnsServers::Provider) => Ok(()),
        Ok(DnsServers::Custom(servers)) if servers.iter().all(|it| *it == PLATFORM) => Ok(()),
        Ok(DnsServers::Custom(servers)) => {
            let servers: Vec<String> = servers.iter().map(ToString::to_string).collect();
            let mut gap = gap(
                format!("name servers of {id}"),
                GapReason::NotOffered,
                format!(
                    "machines ask {}; whether these forward private names to the platform's \
                     resolver is not visible",
                    servers.join(", ")
                ),
            );
            gap.account = Some(network.account.clone());
            Err(gap)
        }
        Err(gap) => Err(Box::new(gap.clone())),
    }
}

/// A cache's name, and what is known of the private endpoints behind it.
struct Name<'n, 'a> {
    estate: &'n Estate<'a>,
    cache: &'a Cache,
    host: Option<String>,
    endpoints: Vec<&'a PrivateEndpoint>,
    bent: Option<Bent>,
}

impl<'n, 'a> Name<'n, 'a> {
    fn new(estate: &'n Estate<'a>, cache: &'a Cache, endpoint: &Endpoint) -> Self {
        let endpoints = estate.endpoints_of(&cache.id);
        let host = endpoint.host.as_deref().map(str::to_ascii_lowercase);
        let bent = host
            .as_ref()
            .and_then(|host| bent(estate, cache, host, &endpoints));
        Self {
            estate,
            cache,
            host,
            endpoints,
            bent,
        }
    }

    /// What public DNS leads to where no private zone has a say.
    fn direct(&self) -> Goal<'a> {
        let azure = self.cache.azure.as_ref();
        match azure.and_then(|it| it.injected_subnet.as_ref()) {
            Some(_) => Goal::Injected,
            None => Goal::Public,
        }
    }

    /// Every goal that there is, for want of knowing which.
    fn anywhere<R: Recorder>(
        &self,
        network: Option<&ResourceId>,
        gap: Box<Gap>,
        whole: &mut Through,
        record: &mut R,
    ) -> Vec<Goal<'a>> {
        whole.doubt();
        record.record(|| {
            let step = Judged::new(Leg::Request, Stage::Dns, "network").unknown(gap);
            match network {
                Some(id) => step.resource(id),
                None => step,
            }
        });
        let mut goals = vec![self.direct()];
        for endpoint in &self.endpoints {
            let addresses = endpoint.addresses.value().into_iter().flatten();
            goals.extend(addresses.map(|address| Goal::Endpoint(endpoint, *address)));
        }
        goals.extend(unseen(self.estate, self.cache).map(|_| Goal::Unseen));
        goals
    }

    fn inside<R: Recorder>(
        &self,
        network: &'a ResourceId,
        whole: &mut Through,
        record: &mut R,
    ) -> Vec<Goal<'a>> {
        let Some(host) = &self.host else {
            let gap = gap(
                format!("host name of {}", self.cache.name),
                GapReason::NotCollected,
                "the cache's host name is not told",
            );
            return self.anywhere(Some(network), gap, whole, record);
        };
        // A private zone may hold the host name itself. Where the name leads
        // to a private endpoint, a link that is seen settles which zone
        // answers; where it leads to none, one that is not seen may.
        match ask(self.estate, network, host, false) {
            Answer::Public | Answer::Fallback(_) => {}
            answer => return self.answered(network, host, answer, whole, record),
        }
        let step = || Judged::new(Leg::Request, Stage::Dns, "network").resource(network);
        let hidden = || unread(self.estate, network, host);
        if matches!(self.direct(), Goal::Injected) {
            if let Some(gap) = hidden() {
                return self.anywhere(Some(network), gap, whole, record);
            }
            record.record(|| step().allow("public DNS answers with the cache's private address"));
            return vec![Goal::Injected];
        }
        let has_endpoint = match self.has_endpoint() {
            Endpoints::None => {
                if let Some(gap) = hidden() {
                    return self.anywhere(Some(network), gap, whole, record);
                }
                record.record(|| {
                    step().allow("public DNS answers: the cache has no private endpoint")
                });
                return vec![Goal::Public];
            }
            Endpoints::Some => None,
            Endpoints::Maybe(gap) => Some(gap),
        };
        let Some(bent) = &self.bent else {
            let gap = gap(
                host,
                GapReason::Unmodelled,
                "to which private name this host name leads is not known",
            );
            return self.anywhere(Some(network), gap, whole, record);
        };
        if let Some(gap) = has_endpoint {
            // Public DNS may bend the name or not.
            whole.doubt();
            record.record(|| step().unknown(gap));
            let mut quiet = Through::new(&whole.all);
            let mut goals = self.bent(network, bent, &mut quiet, &mut R::default());
            goals.push(Goal::Public);
            return goals;
        }
        self.bent(network, bent, whole, record)
    }

    /// Follows the names that public DNS bends the host name to.
    fn bent<R: Recorder>(
        &self,
        network: &'a ResourceId,
        bent: &Bent,
        whole: &mut Through,
        record: &mut R,
    ) -> Vec<Goal<'a>> {
        let mut last = None;
        for name in &bent.names {
            let answer = ask(self.estate, network, name, true);
            if matches!(answer, Answer::Addresses(..)) {
                return self.answered(network, name, answer, whole, record);
            }
            last.get_or_insert((name, answer));
        }
        let Some((name, answer)) = last else {
            return vec![];
        };
        if let Answer::Missing(zone, _) | Answer::Fallback(zone) = &answer
            && !bent.sure
        {
            if self.holds_endpoint(zone) {
                let gap = gap(
                    format!("{name} in {}", zone.id),
                    GapReason::NotOffered,
                    "the zone leads to a private endpoint of the cache under another name, and \
                     which name the cache's leads to is not told",
                );
                return self.anywhere(Some(network), gap, whole, record);
            }
            // One of its records may lead to an endpoint that was not read.
            if let Some(gap) = unseen(self.estate, self.cache) {
                return self.anywhere(Some(network), gap, whole, record);
            }
        }
        self.answered(network, name, answer, whole, record)
    }

    /// Whether some record of a zone leads to a private endpoint of the cache.
    fn holds_endpoint(&self, zone: &DnsZone) -> bool {
        let records = zone.records.value().into_iter().flatten();
        let values = records.flat_map(|it| &it.values);
        let addresses: Vec<IpAddr> = values.filter_map(|it| it.parse().ok()).collect();
        let own = self.endpoints.iter().filter_map(|it| it.addresses.value());
        own.flatten().any(|it| addresses.contains(it))
    }

    fn answered<R: Recorder>(
        &self,
        network: &'a ResourceId,
        name: &str,
        answer: Answer<'a>,
        whole: &mut Through,
        record: &mut R,
    ) -> Vec<Goal<'a>> {
        match answer {
            Answer::Unknown(gap) => self.anywhere(Some(network), gap, whole, record),
            Answer::Addresses(zone, addresses) => {
                self.lead(network, name, zone, &addresses, whole, record)
            }
            Answer::Missing(zone, link) => {
                record.record(|| self.no_record(network, name, zone, link));
                vec![Goal::Nowhere]
            }
            Answer::Fallback(zone) => {
                record.record(|| self.fallback(name, zone));
                vec![Goal::Public]
            }
            Answer::Public => {
                record.record(|| self.no_zone(network, name));
                vec![Goal::Public]
            }
        }
    }

    /// What the addresses of a record are.
    fn lead<R: Recorder>(
        &self,
        network: &'a ResourceId,
        name: &str,
        zone: &'a DnsZone,
        addresses: &[IpAddr],
        whole: &mut Through,
        record: &mut R,
    ) -> Vec<Goal<'a>> {
        let mut goals = vec![];
        for address in addresses {
            let goal = match self.owner(network, *address) {
                Owner::Endpoint(endpoint) => Goal::Endpoint(endpoint, *address),
                Owner::Injected => Goal::Injected,
                Owner::Nobody => Goal::Stray(zone, *address),
                Owner::Unknown(gap) => return self.anywhere(Some(network), gap, whole, record),
            };
            goals.push(goal);
        }
        record.record(|| {
            let text: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            Judged::new(Leg::Request, Stage::Dns, "dns-zone")
                .resource(&zone.id)
                .rule(Some(name.into()))
                .allow(format!("{name} is {}", text.join(", ")))
        });
        goals
    }
}
