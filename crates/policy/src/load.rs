//! From texts to valid policies: all mistakes of all files at once.

mod build;
mod case;
mod select;
mod shape;

use std::collections::BTreeMap;

use cachewarden_model::PolicyId;

pub use select::Selection;
pub(crate) use select::{apply, members};

use crate::builtin;
use crate::file::PackFile;
use crate::mistake::{Mistake, Problem, Text};
use crate::place;
use crate::policy::{Policy, Threshold};

/// A policy and where its parts stand in its file.
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    text: Text,
    /// Places of its id and aliases.
    names: Vec<(PolicyId, std::ops::Range<usize>)>,
    /// Places of its thresholds.
    thresholds: BTreeMap<String, std::ops::Range<usize>>,
}

/// A pack, as read.
#[derive(Debug)]
pub(crate) struct Pack {
    pub(crate) file: PackFile,
    text: Text,
}

/// Reads policies; what is wrong with them is noted.
pub(crate) fn policies(extra: &[Text], mistakes: &mut Vec<Mistake>) -> Vec<Policy> {
    let mut loaded = vec![];
    for (path, text) in builtin::POLICIES {
        let text = Text::new(format!("policies/{path}"), *text);
        loaded.extend(build::policy(&text, true, mistakes));
    }
    loaded.extend(built(extra, mistakes));
    together(loaded, mistakes)
}

/// Reads policies without those of the program, all of them in use; what is
/// wrong with them is noted.
pub(crate) fn only(texts: &[Text], mistakes: &mut Vec<Mistake>) -> Vec<Policy> {
    let loaded = built(texts, mistakes).collect();
    together(loaded, mistakes)
}

fn built(texts: &[Text], mistakes: &mut Vec<Mistake>) -> impl Iterator<Item = Loaded> {
    texts
        .iter()
        .filter_map(|text| build::policy(text, false, mistakes))
}

/// Policies that must agree with each other, sorted by id.
fn together(mut loaded: Vec<Loaded>, mistakes: &mut Vec<Mistake>) -> Vec<Policy> {
    // The built-in policies come first: whoever differs from them is told.
    unique_names(&loaded, mistakes);
    same_thresholds(&loaded, mistakes);
    loaded.sort_by(|a, b| a.policy.id.cmp(&b.policy.id));
    loaded.into_iter().map(|it| it.policy).collect()
}

/// Reads the packs; what is wrong with them is noted.
pub(crate) fn packs(mistakes: &mut Vec<Mistake>) -> BTreeMap<String, Pack> {
    let mut packs = BTreeMap::new();
    for (path, text) in builtin::PACKS {
        let text = Text::new(format!("policies/{path}"), *text);
        match serde_saphyr::from_str::<PackFile>(&text.text) {
            Ok(file) => {
                packs.insert(file.name.clone(), Pack { file, text });
            }
            Err(error) => mistakes.push(Mistake::yaml(&text, &error)),
        }
    }
    packs
}

fn unique_names(loaded: &[Loaded], mistakes: &mut Vec<Mistake>) {
    let mut owners: BTreeMap<&PolicyId, &Text> = BTreeMap::new();
    for it in loaded {
        for (name, span) in &it.names {
            match owners.get(name) {
                Some(other) => {
                    let other = other.name.to_string();
                    let problem = Problem::DuplicateId {
                        id: name.as_str().to_owned(),
                        other,
                    };
                    mistakes.push(Mistake::at(&it.text, span.clone(), problem));
                }
                None => {
                    owners.insert(name, &it.text);
                }
            }
        }
    }
}

/// The configuration sets a threshold for all policies that have it, so they
/// must agree on what it is.
fn same_thresholds(loaded: &[Loaded], mistakes: &mut Vec<Mistake>) {
    let mut defaults: BTreeMap<&str, (Threshold, &Text)> = BTreeMap::new();
    for it in loaded {
        for (name, value) in &it.policy.thresholds {
            match defaults.get(name.as_str()) {
                Some((default, _)) if default == value => {}
                Some((_, other)) => {
                    let other = other.name.to_string();
                    let problem = Problem::ConflictingThreshold {
                        name: name.clone(),
                        other,
                    };
                    let span = it.thresholds.get(name).cloned().unwrap_or_default();
                    mistakes.push(Mistake::at(&it.text, span, problem));
                }
                None => {
                    defaults.insert(name, (*value, &it.text));
                }
            }
        }
    }
}

impl Pack {
    /// A mistake about one of its names.
    fn mistake(&self, name: &serde_saphyr::Spanned<String>, problem: Problem) -> Mistake {
        Mistake::at(&self.text, place::of(&self.text.text, name), problem)
    }
}
