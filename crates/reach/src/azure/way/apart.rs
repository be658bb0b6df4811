//! Between networks that nothing visible joins: what was not read, or what a
//! gateway learned, may.

use cachewarden_model::{Destination, Gap, GapReason, Noun, Provider, ResourceId, Route};

use super::Table;
use crate::azure::gateway;
use crate::azure::party::{Party, Realm, gap};
use crate::estate::Estate;
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// Why a longer prefix than that of a user route may take packets to a
/// network that nothing visible joins: a peering that was not read, or what
/// a gateway learned. None where the route is for the one address.
pub(super) fn longer(
    estate: &Estate<'_>,
    from: &Party<'_>,
    to: &Party<'_>,
    table: &Table<'_>,
    route: &Route,
) -> Option<Box<Gap>> {
    let host = match &route.destination {
        Destination::Cidr(cidr) => cidr.first() == cidr.last(),
        Destination::PrefixList(_) => false,
    };
    if host {
        return None;
    }
    let here = from.network()?;
    let hidden = [Some(here), to.network()]
        .into_iter()
        .flatten()
        .find_map(|id| {
            let account = estate.network(id).map(|it| &it.account);
            let noun = Noun::Peerings;
            estate.hidden(noun, Provider::Azure, account, None)
        });
    let learned = gateway::learned(estate, here).filter(|_| table.propagation);
    hidden.map(Box::new).or(learned)
}

/// Between networks that nothing visible joins.
pub(super) fn apart<'a>(
    estate: &Estate<'a>,
    from: &Party<'a>,
    to: &Party<'a>,
    table: Option<&Table<'a>>,
    step: &dyn Fn() -> Judged,
    record: &mut impl Recorder,
) -> Tri {
    let mut doubt: Option<Box<Gap>> = None;
    if let Some(here) = from.network() {
        let propagates = table.is_none_or(|it| it.propagation);
        doubt = gateway::learned(estate, here).filter(|_| propagates);
        let account = estate.network(here).map(|it| &it.account);
        let hidden = estate.hidden(Noun::Peerings, Provider::Azure, account, None);
        doubt = doubt.or(hidden.map(Box::new));
    }
    if matches!(from.realm, Realm::Outside | Realm::Internet) || to.network().is_none() {
        doubt = doubt.or_else(|| {
            Some(gap(
                format!("way from {} to {}", from.words(), to.words()),
                GapReason::NotCollected,
                "a way from or to a network that was not read cannot be followed",
            ))
        });
    }
    match doubt {
        Some(gap) => {
            record.record(|| step().unknown(gap.clone()));
            Tri::Unknown(gap)
        }
        None => {
            record.record(|| {
                let (here, there) = (from.network(), to.network());
                let text =
                    |id: Option<&ResourceId>| id.map_or_else(String::new, ToString::to_string);
                step()
                    .deny(format!(
                        "no route to {}: no peering joins {} and {}",
                        to.words(),
                        text(here),
                        text(there)
                    ))
                    .remedy(Remedy::Advice(format!(
                        "peer {} and {} with each other, on both sides, or give the client's \
                         network a private endpoint of its own",
                        text(here),
                        text(there)
                    )))
            });
            Tri::No
        }
    }
}
