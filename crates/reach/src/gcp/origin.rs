//! Where a sender's address, place or state keeps a cache from answering.

use cachewarden_model::{Cache, GapReason, InterfaceKind, Leg, ResourceId, RunState, Stage};
use cachewarden_netset::{AddressSet, Cidr};

use crate::gcp::causes::Cause;
use crate::gcp::party::{Sender, gap};
use crate::gcp::peering::Mode;
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// The range that machines cannot come from: the service uses it inside.
///
/// Source: Memorystore for Redis, "Troubleshoot issues".
pub(crate) fn inner_range() -> Option<Cidr> {
    "172.17.0.0/16".parse().ok()
}

/// Where a sender's address or place keeps an instance from answering.
pub(crate) fn source(
    cache: &Cache,
    sender: &Sender<'_>,
    home: &ResourceId,
    record: &mut impl Recorder,
) -> Tri {
    let step = || {
        let judged = Judged::new(Leg::Reply, Stage::Link, "subnet");
        match sender.subnet {
            Some(subnet) => judged.resource(&subnet.id),
            None => judged.resource(sender.network),
        }
    };
    if inner_range().is_some_and(|range| range.contains(sender.address)) {
        record.record(|| {
            step()
                .deny(
                    Cause::NoRouteBack
                        .after("the service uses 172.17.0.0/16 itself, and does not answer to it"),
                )
                .remedy(Remedy::Advice(
                    "give the client an address outside 172.17.0.0/16".to_owned(),
                ))
        });
        return Tri::No;
    }
    if AddressSet::internet().contains(sender.address) {
        if Mode::of(cache) == Mode::Services {
            record.record(|| {
                step()
                    .deny(Cause::PupiSource.after(
                        "the client has a public address for private use, to which private \
                         services access does not answer",
                    ))
                    .remedy(Remedy::Advice(
                        "give the client a private address".to_owned(),
                    ))
            });
            return Tri::No;
        }
        let gap = gap(
            format!("answers to {}", sender.address),
            GapReason::NotOffered,
            "whether an instance answers to public addresses for private use by its own peering \
             is not documented",
        );
        record.record(|| step().unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    if *sender.region != cache.region {
        let gap = gap(
            format!("{} from {}", cache.name, sender.region),
            GapReason::NotOffered,
            format!(
                "the client is in {} and the instance in {}: peering routes hold in all regions, \
                 and yet the service's manual counts this among the causes of timeouts",
                sender.region, cache.region
            ),
        );
        record.record(|| step().unknown(gap.clone()));
        return Tri::Unknown(gap);
    }
    shared(cache, sender, home, record)
}

/// A connector of a service project: functions behind it do not reach an
/// instance of a service project, Cloud Run does.
///
/// Source: Memorystore for Redis, "Supported environments", Shared VPC.
fn shared(
    cache: &Cache,
    sender: &Sender<'_>,
    home: &ResourceId,
    record: &mut impl Recorder,
) -> Tri {
    let interface = sender.interface;
    let connector = interface.filter(|it| it.kind == InterfaceKind::Connector);
    let host = home.as_str().split('/').nth(1).unwrap_or_default();
    // In a Shared VPC there is no other way than private services access.
    let apart = cache.account.as_str() != host && Mode::of(cache) != Mode::Direct;
    let Some(connector) = connector.filter(|_| apart) else {
        return Tri::Yes;
    };
    let gap = gap(
        format!("who sends by {}", connector.name),
        GapReason::NotOffered,
        "the instance is in a service project of a Shared VPC: Cloud Run reaches it by a \
         connector, functions and App Engine do not, and which of them sends is not told",
    );
    record.record(|| {
        Judged::new(Leg::Request, Stage::Link, "connector")
            .resource(&connector.id)
            .unknown(gap.clone())
    });
    Tri::Unknown(gap)
}

/// States in which a connector carries nothing.
///
/// Source: Serverless VPC Access API, `Connector.State`. Whether one that is
/// UPDATING does is not told.
const DOWN: [&str; 3] = ["CREATING", "DELETING", "ERROR"];

/// Whether what sends is up: a connector that is not carries nothing.
pub(crate) fn connector(sender: &Sender<'_>, record: &mut impl Recorder) -> Tri {
    let interface = sender.interface;
    let Some(connector) = interface.filter(|it| it.kind == InterfaceKind::Connector) else {
        return Tri::Yes;
    };
    let step =
        || Judged::new(Leg::Request, Stage::ClientFilter, "connector").resource(&connector.id);
    let state = connector.attached_to.as_ref().map(|it| it.state.get());
    match state {
        Some(Ok(RunState::Running)) => {
            record.record(|| step().allow("READY"));
            Tri::Yes
        }
        Some(Ok(state)) if DOWN.contains(&state.as_str()) => {
            record.record(|| {
                step()
                    .deny(
                        Cause::ConnectorNotRunning
                            .after(format!("the connector is {}", state.as_str())),
                    )
                    .remedy(Remedy::Advice(
                        "repair the connector, or create it again".to_owned(),
                    ))
            });
            Tri::No
        }
        Some(Ok(state)) => {
            let gap = gap(
                &connector.id,
                GapReason::NotOffered,
                format!(
                    "whether a connector carries traffic while it is {} is not told",
                    state.as_str()
                ),
            );
            record.record(|| step().unknown(gap.clone()));
            Tri::Unknown(gap)
        }
        Some(Err(gap)) => {
            record.record(|| step().unknown(Box::new(gap.clone())));
            Tri::unknown(gap)
        }
        None => Tri::Yes,
    }
}
