//! Measured values of one cache, out of those of its nodes.

use cachewarden_model::{Fact, GapReason, Metric};

use super::Around;
use crate::collect::{DAYS, Measured};

/// The metrics of a cache: of each, the largest value over its nodes.
///
/// `nodes` are what is measured, and the node's id where there are nodes. A
/// node without any value (a new one, say) does not hide those of others; a
/// value that could not be read does, for it might be the largest.
pub(super) fn metrics(around: &Around<'_>, nodes: &[(Measured, Option<String>)]) -> Vec<Metric> {
    let Some((first, _)) = nodes.first() else {
        return vec![];
    };
    let series = first.series().iter();
    series
        .filter_map(|(name, statistic)| {
            let mut largest: Option<(Fact<f64>, Option<String>)> = None;
            for (subject, node) in nodes {
                let fact = around.values.facts.get(&(subject.clone(), *name))?;
                let better = largest
                    .as_ref()
                    .is_none_or(|(best, _)| is_larger(fact, best));
                if better {
                    largest = Some((fact.clone(), node.clone()));
                }
            }
            let (value, node) = largest?;
            let node = node.filter(|_| !value.is_unknown());
            Some(Metric {
                name: (*name).to_owned(),
                statistic: *statistic,
                days: DAYS,
                value,
                node,
            })
        })
        .collect()
}

/// Whether a value takes the place of another one.
fn is_larger(value: &Fact<f64>, best: &Fact<f64>) -> bool {
    let was_read = |fact: &Fact<f64>| {
        fact.gap()
            .is_none_or(|gap| gap.why == GapReason::NotOffered)
    };
    match (value.value(), best.value()) {
        (Some(value), Some(best)) => value > best,
        (Some(_), None) => was_read(best),
        (None, Some(_)) => !was_read(value),
        (None, None) => was_read(best) && !was_read(value),
    }
}
