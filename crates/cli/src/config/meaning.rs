//! What the shape of a configuration allows and makes no sense.

use std::collections::BTreeMap;

use cachewarden_model::{Demand, Expectation, Selector, TlsAbility};
use cachewarden_policy::{Threshold, Waiver};

use super::mistake::Mistake;
use super::shape::Config;
use super::tree::Node;

/// What the shape allows and makes no sense.
pub(super) fn check(config: &Config, tree: &Node, mistakes: &mut Vec<Mistake>) {
    let mut found = |what: String, way: &[&str], help: Option<&str>| {
        let at = tree.find(way).or_else(|| tree.find(way.split_last()?.1));
        let at = at.map_or(0..0, |it| it.at.clone());
        mistakes.push(Mistake::new(what, at).with_help(help.map(str::to_owned)));
    };
    if config.version != 1 {
        let what = format!(
            "version {} is not read by this version of cachewarden",
            config.version
        );
        found(what, &["version"], Some("write `version: 1`"));
    }
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, expectation) in config.expect.iter().enumerate() {
        let place = number.to_string();
        let at = |field| ["expect", place.as_str(), field];
        for (what, field, help) in expectation_mistakes(expectation) {
            found(what.to_owned(), &at(field), Some(help));
        }
        if names.insert(&expectation.name, number).is_some() {
            let what = format!("another expectation is called `{}`", expectation.name);
            found(what, &at("name"), Some("names tell findings apart"));
        }
    }
    for (number, waiver) in config.waivers.iter().enumerate() {
        let place = number.to_string();
        for (what, field, help) in waiver_mistakes(waiver) {
            found(
                what.to_owned(),
                &["waivers", place.as_str(), field],
                Some(help),
            );
        }
    }
    for (name, value) in &config.policies.thresholds {
        if matches!(value, Threshold::Fraction(value) if !value.is_finite()) {
            let what = format!("the threshold `{name}` is no number");
            found(what, &["policies", "thresholds", name], None);
        }
    }
}

type Wrong = (&'static str, &'static str, &'static str);

fn expectation_mistakes(expectation: &Expectation) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = vec![];
    let Expectation {
        name,
        client,
        cache,
        demand,
        tls,
        ..
    } = expectation;
    if name.trim().is_empty() {
        wrong.push((
            "the name is empty",
            "name",
            "say what the expectation is about",
        ));
    }
    if *client == Selector::default() {
        wrong.push((
            "the selector is empty",
            "client",
            "it would mean every client; `name: \"*\"` says so",
        ));
    }
    if *cache == Selector::default() {
        wrong.push((
            "the selector is empty",
            "cache",
            "it would mean every cache; `name: \"*\"` says so",
        ));
    }
    if demand.is_some_and(
        |Demand {
             replicas,
             processes,
             pool,
         }| { replicas == 0 || processes == 0 || pool == 0 },
    ) {
        wrong.push((
            "the demand is zero",
            "demand",
            "leave it out if it is not known",
        ));
    }
    if let Some(TlsAbility { min, max, enabled }) = tls {
        if min.zip(*max).is_some_and(|(min, max)| min > max) {
            wrong.push((
                "`min` is above `max`",
                "tls",
                "the client speaks every version from `min` to `max`",
            ));
        }
        if *enabled == Some(false) && (min.is_some() || max.is_some()) {
            wrong.push((
                "a client without TLS has no version of it",
                "tls",
                "leave out `min` and `max`, or `enabled`",
            ));
        }
    }
    wrong
}

fn waiver_mistakes(waiver: &Waiver) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = vec![];
    if waiver.reason.trim().is_empty() {
        wrong.push((
            "the reason is empty",
            "reason",
            "a risk is accepted for a reason",
        ));
    }
    if waiver.subject.trim().is_empty() {
        wrong.push((
            "the subject is empty",
            "subject",
            "write `*` for every subject",
        ));
    }
    wrong
}
