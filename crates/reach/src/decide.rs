//! One client address, one node address, one port: which of the client's
//! source ports get through.
//!
//! All stages are judged, none is skipped because an earlier one stops the
//! packet: the answer names every blocker.

mod admission;
mod edge;

use cachewarden_model::{Leg, Provider, Stage};
use cachewarden_netset::PortSet;

use crate::client::{Client, End};
use crate::decide::admission::{cache_filter, client_filter};
use crate::estate::Estate;
use crate::path::{Travel, relation, travel, unread};
use crate::peer::{Tri, Via};
use crate::step::{Judged, Recorder};

/// Source ports that get through, in two readings of what is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Through {
    /// All that the client may choose.
    pub(crate) all: PortSet,
    /// Those that certainly get through.
    pub(crate) certain: PortSet,
    /// Those that may.
    pub(crate) possible: PortSet,
}

impl Through {
    pub(crate) fn new(all: &PortSet) -> Self {
        Self {
            all: all.clone(),
            certain: all.clone(),
            possible: all.clone(),
        }
    }

    pub(crate) fn stop(&mut self) {
        self.certain = PortSet::empty();
        self.possible = PortSet::empty();
    }

    pub(crate) fn doubt(&mut self) {
        self.certain = PortSet::empty();
    }

    pub(crate) fn apply(&mut self, tri: &Tri) {
        match tri {
            Tri::Yes => {}
            Tri::No => self.stop(),
            Tri::Unknown(_) => self.doubt(),
        }
    }

    pub(crate) fn narrow(&mut self, certain: &PortSet, possible: &PortSet) {
        self.certain = self.certain.intersection(certain);
        self.possible = self.possible.intersection(possible);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.certain == self.all
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.possible.is_empty()
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.certain != self.possible
    }
}

/// Judges both legs between two addresses, in the order in which a packet
/// meets the stages.
pub(crate) fn network<'a, R: Recorder>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    from: &End<'a>,
    to: &End<'a>,
    port: u16,
    record: &mut R,
) -> Through {
    let mut through = Through::new(&client.ports);
    let (from, to) = &share_link(from, to);
    // The link decides which group references hold, and comes after the
    // filter that asks for it; so both ways are found first and told later.
    let mut request_steps = R::default();
    let mut reply_steps = R::default();
    let request = outward(estate, client, from, to, &mut request_steps);
    let reply = homeward(estate, client, from, to, &mut reply_steps);
    let request_way = way_is_sure(&request);
    let reply_way = way_is_sure(&reply);
    // On a way that was not read a reference may hold or not.
    let via = request.via.unwrap_or_else(|| match request_way {
        true => relation(estate, from, to),
        false => Via::Unread,
    });
    let back = reply.via.unwrap_or(match reply_way {
        true => via,
        false => Via::Unread,
    });

    client_filter(estate, client, from, to, port, via, &mut through, record);
    edge::leave(
        estate,
        Leg::Request,
        from,
        to,
        via,
        port,
        client,
        &mut through,
        record,
    );
    through.apply(&request.arrives);
    record.append(request_steps);
    if let Some(gap) = pod_source(client, from, to) {
        through.doubt();
        record.record(|| Judged::new(Leg::Request, Stage::ClientFilter, "source").unknown(gap));
    }
    if let (Via::Rewritten, Tri::Unknown(gap)) = (via, &request.arrives) {
        // Whom the cache's side sees, and whom it answers, is not known.
        let rest = [
            (Leg::Request, Stage::CacheSubnet),
            (Leg::Request, Stage::CacheFilter),
            (Leg::Reply, Stage::CacheSubnet),
            (Leg::Reply, Stage::Route),
            (Leg::Reply, Stage::ClientSubnet),
        ];
        for (leg, stage) in rest {
            record.record(|| Judged::new(leg, stage, "source").unknown(gap.clone()));
        }
        return through;
    }
    // A way that was not read may change the addresses on it. What comes
    // after is told as if it did not, and stops nothing for sure.
    let before = through.clone();
    edge::enter(
        estate,
        Leg::Request,
        from,
        to,
        via,
        port,
        client,
        &mut through,
        record,
    );
    cache_filter(estate, from, to, port, via, &mut through, record);

    record.record(|| {
        Judged::new(Leg::Reply, Stage::CacheFilter, "security-group")
            .not_applicable("stateful: answers pass")
    });
    edge::leave(
        estate,
        Leg::Reply,
        to,
        from,
        back,
        port,
        client,
        &mut through,
        record,
    );
    through.apply(&reply.arrives);
    record.append(reply_steps);
    let answered = through.clone();
    match (back, &reply.arrives) {
        (Via::Rewritten, Tri::Unknown(gap)) => record
            .record(|| Judged::new(Leg::Reply, Stage::ClientSubnet, "source").unknown(gap.clone())),
        _ => edge::enter(
            estate,
            Leg::Reply,
            to,
            from,
            back,
            port,
            client,
            &mut through,
            record,
        ),
    }
    record.record(|| {
        Judged::new(Leg::Reply, Stage::ClientFilter, "security-group")
            .not_applicable("stateful: answers pass")
    });
    if !reply_way {
        through.possible = answered.possible;
    }
    if !request_way {
        through.possible = before.possible;
    }
    through
}

/// A pod's packets leave its network with the pod's address and groups, or
/// with its node's, depending on a setting inside the cluster.
///
/// Source: Amazon EKS User Guide, "Security groups for pods", enforcing modes
/// `strict` and `standard`.
fn pod_source(
    client: &Client<'_>,
    from: &End<'_>,
    to: &End<'_>,
) -> Option<Box<cachewarden_model::Gap>> {
    let interface = client.interface?;
    if interface.kind != cachewarden_model::InterfaceKind::Pod || from.network == to.network {
        return None;
    }
    let mut gap = unread(from, Some(&interface.id), "pod");
    "a pod's packets to another network carry its own address and groups, or its node's; which, \
     is set inside the cluster"
        .clone_into(&mut gap.message);
    Some(gap)
}

/// Whether it is known what a leg runs across, even if not how that decides.
fn way_is_sure(travel: &Travel<'_>) -> bool {
    travel.via.is_some() || !matches!(travel.arrives, Tri::Unknown(_))
}

/// Both ends know whether one of them is a private endpoint.
fn share_link<'a>(from: &End<'a>, to: &End<'a>) -> (End<'a>, End<'a>) {
    let private_link = from.private_link || to.private_link;
    (
        End {
            private_link,
            ..*from
        },
        End {
            private_link,
            ..*to
        },
    )
}

/// Judges what stands on the cache's side alone: its edge, its filter, the
/// way back and what that runs across. Of the client's side nothing is asked.
pub(crate) fn cache_side<'a>(
    estate: &Estate<'a>,
    from: &End<'a>,
    to: &End<'a>,
    port: u16,
    ports: &PortSet,
) -> (Through, Via<'a>) {
    let (mut through, via) = cache_way(estate, from, to, port, ports);
    let (from, to) = &share_link(from, to);
    let record = &mut crate::step::Silent;
    cache_filter(estate, from, to, port, via, &mut through, record);
    (through, via)
}

/// The same without the cache's own filter, and what joins the two ends.
pub(crate) fn cache_way<'a>(
    estate: &Estate<'a>,
    from: &End<'a>,
    to: &End<'a>,
    port: u16,
    ports: &PortSet,
) -> (Through, Via<'a>) {
    let record = &mut crate::step::Silent;
    let (from, to) = &share_link(from, to);
    let mut through = Through::new(ports);
    let stand_in = Client::at(
        from.address,
        crate::client::Place::OnPremises,
        Provider::Aws,
    );
    let reply = travel(estate, Leg::Reply, to, from, record);
    through.apply(&reply.arrives);
    let via = reply.via.unwrap_or_else(|| relation(estate, from, to));
    edge::enter(
        estate,
        Leg::Request,
        from,
        to,
        via,
        port,
        &stand_in,
        &mut through,
        record,
    );
    edge::leave(
        estate,
        Leg::Reply,
        to,
        from,
        via,
        port,
        &stand_in,
        &mut through,
        record,
    );
    (through, via)
}

/// The request's way. From outside every network it cannot be followed; it
/// enters by the gateway to which the reply goes.
fn outward<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    from: &End<'a>,
    to: &End<'a>,
    record: &mut impl Recorder,
) -> Travel<'a> {
    if client.interface.is_some() || from.network.is_some() {
        return travel(estate, Leg::Request, from, to, record);
    }
    let mut gap = unread(from, None, "network");
    "the way from outside every known network is not read".clone_into(&mut gap.message);
    record.record(|| Judged::new(Leg::Request, Stage::Route, "network").unknown(gap.clone()));
    Travel {
        arrives: Tri::Unknown(gap),
        via: Some(Via::Other),
    }
}

fn homeward<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    from: &End<'a>,
    to: &End<'a>,
    record: &mut impl Recorder,
) -> Travel<'a> {
    if matches!(client.place, crate::client::Place::Internet) {
        // Whether there is a way at all is a matter of the cache's access
        // from the internet, which is judged for the cache as a whole.
        let mut gap = unread(from, None, "network");
        "the way from the internet is not read".clone_into(&mut gap.message);
        record.record(|| Judged::new(Leg::Reply, Stage::Route, "network").unknown(gap.clone()));
        return Travel {
            arrives: Tri::Unknown(gap),
            via: Some(Via::Other),
        };
    }
    travel(estate, Leg::Reply, to, from, record)
}
