//! All policies, and which of them are in use.

use std::collections::BTreeMap;

use cachewarden_model::PolicyId;

use crate::data::{DataTable, Tables};
use crate::load::{self, Pack, Selection};
use crate::mistake::{PolicyErrors, Text};
use crate::policy::Policy;

/// All valid policies: those of the program and those of the user, after
/// packs and overrides.
#[derive(Debug)]
pub struct Library {
    policies: Vec<Policy>,
    packs: BTreeMap<String, Pack>,
    pub(crate) tables: Tables,
}

/// A file with one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name by which its owner knows it: its path.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// What a pack is called, what it selects and which policies those are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackSummary<'l> {
    /// Its name.
    pub name: &'l str,
    /// What it selects.
    pub title: &'l str,
    /// Ids of its policies, those of the packs that it includes too; sorted.
    pub policies: Vec<&'l str>,
}

impl Library {
    /// The policies of the program, those of the pack `default` in use.
    ///
    /// # Errors
    ///
    /// None in a program that passed its tests: what is wrong with the
    /// embedded files.
    pub fn builtin() -> Result<Self, PolicyErrors> {
        Self::load(&[], &Selection::default())
    }

    /// The policies of the program and those of `extra`, which are in use
    /// unless they are disabled.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the files and the selection, at once.
    pub fn load(extra: &[Source], selection: &Selection) -> Result<Self, PolicyErrors> {
        let mut mistakes = vec![];
        let tables = match Tables::load() {
            Ok(tables) => Some(tables),
            Err(wrong) => {
                mistakes.extend(wrong);
                None
            }
        };
        let mut policies = load::policies(&texts(extra), &mut mistakes);
        let packs = load::packs(&mut mistakes);
        load::apply(&mut policies, &packs, selection, &mut mistakes);
        mistakes.sort_by_key(|it| (it.file().map(str::to_owned), it.span().map(|at| at.start)));
        match tables {
            Some(tables) if mistakes.is_empty() => Ok(Self {
                policies,
                packs,
                tables,
            }),
            _ => Err(PolicyErrors::new(mistakes)),
        }
    }

    /// These policies and no others, all of them in use; without packs.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the files, at once.
    pub fn of(sources: &[Source]) -> Result<Self, PolicyErrors> {
        let mut mistakes = vec![];
        let tables = Tables::load();
        let policies = load::only(&texts(sources), &mut mistakes);
        match tables {
            Ok(tables) if mistakes.is_empty() => Ok(Self {
                policies,
                packs: BTreeMap::new(),
                tables,
            }),
            Ok(_) => Err(PolicyErrors::new(mistakes)),
            Err(wrong) => Err(PolicyErrors::new(wrong)),
        }
    }

    /// All policies, also those that are not in use, sorted by id.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter()
    }

    /// The policy of this id or alias.
    pub fn find(&self, name: &str) -> Option<&Policy> {
        let named = |policy: &&Policy| {
            policy.id == name || policy.aliases.iter().any(|alias| *alias == name)
        };
        self.policies.iter().find(named)
    }

    /// Ids of policies that resemble a mistyped one, the nearest first; at
    /// most three.
    pub fn near(&self, name: &str) -> Vec<&str> {
        crate::near::near(name, self.policies.iter().map(|policy| policy.id.as_str()))
    }

    /// All packs, sorted by name.
    pub fn packs(&self) -> impl Iterator<Item = PackSummary<'_>> {
        self.packs.values().map(|pack| PackSummary {
            name: &pack.file.name,
            title: &pack.file.title,
            policies: load::members(&self.packs, std::iter::once(pack.file.name.as_str()))
                .into_iter()
                .collect(),
        })
    }

    /// Where the dates and limits are from that policies compare with.
    pub fn data(&self) -> &[DataTable] {
        self.tables.origins()
    }

    /// The packs as they are written, sorted by name.
    pub(crate) fn own_packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.values()
    }

    /// Whether a waiver that names `name` means this policy.
    pub(crate) fn means(policy: &Policy, name: &PolicyId) -> bool {
        policy.id == *name || policy.aliases.contains(name)
    }
}

fn texts(sources: &[Source]) -> Vec<Text> {
    let text = |it: &Source| Text::new(it.name.as_str(), it.text.as_str());
    sources.iter().map(text).collect()
}
