//! What would open a connection, or narrow a rule: proposed, tried on a copy,
//! told only if it does what it says.

mod acl;
mod admit;
mod azure;
mod gcp;
mod narrow;
mod proof;
mod way;

pub use narrow::Narrower;
pub(crate) use proof::Workshop;

use std::collections::BTreeMap;

use cachewarden_model::{Cache, Edit, Endpoint, Fix, Outcome, ResourceId, Whereabouts};

use crate::client::Client;
use crate::endpoint::{Abilities, Judgement, story};
use crate::estate::Estate;
use crate::patch::Patch;
use crate::place;
use crate::remedy::Remedy;

/// How often what one round of edits brings to light is mended in turn: a
/// route that is added may show that its peering waits to be accepted.
const ROUNDS: usize = 4;

/// One client and one endpoint that are to meet.
pub(crate) struct Pair<'p, 'a> {
    pub(crate) client: &'p Client<'a>,
    pub(crate) cache: &'a Cache,
    pub(crate) endpoint: &'p Endpoint,
}

/// The smallest change that opens a connection, tried on a copy of what it
/// touches; advice where no edit helps; none where nothing is known to help.
pub(crate) fn mend<'a>(
    workshop: &Workshop<'_, 'a>,
    client: &Client<'a>,
    cache: &'a Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
    judgement: &Judgement,
) -> Option<Fix> {
    let estate = workshop.estate;
    let pair = Pair {
        client,
        cache,
        endpoint,
    };
    let mut edits: Vec<Edit> = vec![];
    let mut blockers = judgement.story.blockers.clone();
    for _ in 0..ROUNDS {
        let patch = Patch::new(estate, &edits);
        let view = estate.patched(&patch);
        let mut advice = vec![];
        let mut more: Vec<Edit> = vec![];
        for remedy in blockers.iter().filter_map(|it| it.remedy.as_ref()) {
            match propose(&view, &pair, remedy, &more) {
                Ok(proposed) => {
                    for edit in proposed {
                        if !more.contains(&edit) && !edits.contains(&edit) {
                            more.push(edit);
                        }
                    }
                }
                Err(sentence) if !advice.contains(&sentence) => advice.push(sentence),
                Err(_) => {}
            }
        }
        if !advice.is_empty() {
            return Some(Fix {
                advice: Some(advice.join("; ")),
                ..Fix::default()
            });
        }
        if more.is_empty() {
            return None;
        }
        edits.extend(more);
        let patch = Patch::new(estate, &edits);
        let after = again(&estate.patched(&patch), &pair, abilities);
        match after.outcome {
            Outcome::Open => {
                let proof = workshop.prove(&edits, &pair);
                return Some(Fix {
                    places: places(estate, &edits),
                    edits,
                    advice: None,
                    proof: Some(proof),
                });
            }
            Outcome::Unknown => return None,
            Outcome::Blocked | Outcome::Partial => blockers = after.story.blockers,
        }
    }
    None
}

/// Where each edit is made.
fn places(estate: &Estate<'_>, edits: &[Edit]) -> BTreeMap<ResourceId, Whereabouts> {
    let place = |edit: &Edit| Some((edit.resource().clone(), place::of_edit(estate, edit)?));
    edits.iter().filter_map(place).collect()
}

/// Judges the pair again in an edited estate.
fn again(estate: &Estate<'_>, pair: &Pair<'_, '_>, abilities: &Abilities) -> Judgement {
    story(estate, pair.client, pair.cache, pair.endpoint, abilities)
}

/// Edits for one remedy, or a sentence where no edit helps. `already` holds
/// what other remedies of the same round propose.
fn propose(
    estate: &Estate<'_>,
    pair: &Pair<'_, '_>,
    remedy: &Remedy,
    already: &[Edit],
) -> Result<Vec<Edit>, String> {
    match remedy {
        Remedy::Admit {
            direction,
            far,
            port,
        } => admit::propose(estate, pair, *direction, *far, *port),
        Remedy::Pass {
            filter,
            direction,
            far,
            far_subnet,
            ports,
        } => {
            let wanted = acl::Wanted {
                filter,
                direction: *direction,
                far: *far,
                far_subnet: far_subnet.as_ref(),
                ports,
            };
            acl::propose(estate, pair, &wanted, already)
        }
        Remedy::Advice(sentence) => Err(sentence.clone()),
        _ => match azure::propose(estate, pair, remedy, already)
            .or_else(|| gcp::propose(estate, pair, remedy))
        {
            Some(edits) => edits,
            None => way::propose(estate, remedy),
        },
    }
}
