//! The rule that comes nearest to letting a packet out that another denies.

use cachewarden_model::{Action, Filter, InterfaceKind, Nearest, Peer, Rule};

use super::{Decider, Layer, in_order};
use crate::estate::Estate;
use crate::gcp::party::{Packet, Sender};
use crate::peer::Tri;
use crate::remedy::Remedy;
use crate::rules::words;

/// Things by which a rule may miss a packet and still count as near.
const NEAR: usize = 2;

/// A rule that comes near, and in what it misses the packet.
pub(super) struct Near<'a> {
    filter: &'a Filter,
    rule: &'a Rule,
    differs: Vec<&'static str>,
}

impl Near<'_> {
    pub(super) fn words(&self) -> Nearest {
        Nearest {
            rule: self.rule.id.clone(),
            differs: self.differs.iter().map(|it| (*it).to_owned()).collect(),
            detail: format!(
                "{} (`{}`) would come first, but for: {}",
                words(self.rule),
                self.rule.id,
                self.differs.join(", ")
            ),
        }
    }

    /// The one thing that is missing, where it can be mended by itself: a
    /// rule that is disabled, a network tag that the machine lacks.
    pub(super) fn remedy(&self, sender: &Sender<'_>) -> Option<Remedy> {
        match self.differs.as_slice() {
            ["disabled"] => Some(Remedy::EnableRule {
                filter: self.filter.id.clone(),
                rule: self.rule.id.clone(),
            }),
            ["target"] => {
                let machine = sender
                    .interface
                    .filter(|it| it.kind == InterfaceKind::Machine)?;
                let tag = self.rule.local.iter().find_map(|it| match it {
                    Peer::Tag(tag) => Some(tag.clone()),
                    _ => None,
                })?;
                Some(Remedy::AddTag {
                    interface: machine.id.clone(),
                    tag,
                })
            }
            _ => None,
        }
    }
}

/// The rule that allows nearly this packet, and would be read before the one
/// that denies: the fewest differences first, then the first that is read.
pub(super) fn nearest<'a>(
    estate: &Estate<'a>,
    packet: &Packet<'_, 'a>,
    stack: &[Layer<'a>],
    by: Decider<'a>,
) -> Option<Near<'a>> {
    let mut best: Option<Near<'a>> = None;
    for (place, layer) in stack.iter().enumerate().take(by.place + 1) {
        let Ok(filter) = layer else { continue };
        for rule in in_order(estate, filter) {
            if place == by.place && by.rule.is_some_and(|it| std::ptr::eq(it, rule)) {
                break;
            }
            if !matches!(rule.action, Action::Allow | Action::AlwaysAllow) {
                continue;
            }
            let differs = differs(estate, packet, rule);
            let near = (1..=NEAR).contains(&differs.len())
                && best
                    .as_ref()
                    .is_none_or(|it| differs.len() < it.differs.len());
            if near {
                best = Some(Near {
                    filter,
                    rule,
                    differs,
                });
            }
        }
    }
    best
}

/// In what a rule misses a packet.
fn differs(estate: &Estate<'_>, packet: &Packet<'_, '_>, rule: &Rule) -> Vec<&'static str> {
    let parts = packet.parts(estate, rule);
    let missed = parts
        .into_iter()
        .filter(|(_, part)| *part == Tri::No)
        .map(|(name, _)| name);
    let off = rule.gcp.as_ref().and_then(|it| it.off.as_deref());
    let off = off.map(|why| match why {
        "disabled" => "disabled",
        _ => "no effective tag",
    });
    off.into_iter().chain(missed).collect()
}
