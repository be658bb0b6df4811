//! One file, one policy.

use std::collections::BTreeMap;
use std::ops::Range;

use cachewarden_model::{PolicyId, SubjectKind, Verdict};
use serde_saphyr::Spanned;

use super::Loaded;
use super::shape::read;
use crate::expr::{Expr, Fault, Scope};
use crate::file::{FixFile, PolicyFile, SymptomFile};
use crate::mistake::{Mistake, Problem, Text};
use crate::place;
use crate::policy::{Case, FixTemplate, Policy, SymptomSource, Threshold};
use crate::template::Template;

/// Reads one policy. Everything wrong with it is noted; none if anything is.
pub(super) fn policy(text: &Text, builtin: bool, mistakes: &mut Vec<Mistake>) -> Option<Loaded> {
    let before = mistakes.len();
    // The keys of the built-in policies are looked at by the tests: reading
    // each file twice would double the time that every command starts with.
    let quick = if builtin {
        serde_saphyr::from_str::<PolicyFile>(&text.text).ok()
    } else {
        None
    };
    let file = match quick {
        Some(file) => file,
        None => read(text, mistakes)?,
    };
    let mut builder = Builder {
        text,
        subject: file.subject,
        thresholds: BTreeMap::new(),
        mistakes,
    };
    let loaded = builder.build(file, builtin);
    (mistakes.len() == before).then_some(loaded).flatten()
}

pub(super) struct Builder<'b> {
    pub(super) text: &'b Text,
    pub(super) subject: SubjectKind,
    thresholds: BTreeMap<String, Threshold>,
    pub(super) mistakes: &'b mut Vec<Mistake>,
}

impl Builder<'_> {
    fn note(&mut self, span: Range<usize>, problem: Problem) {
        self.mistakes.push(Mistake::at(self.text, span, problem));
    }

    pub(super) fn note_at<T>(&mut self, value: &Spanned<T>, problem: Problem) {
        self.note(place::of(&self.text.text, value), problem);
    }

    fn build(&mut self, file: PolicyFile, builtin: bool) -> Option<Loaded> {
        self.thresholds = file
            .thresholds
            .iter()
            .map(|(name, it)| (name.clone(), it.value))
            .collect();
        let names = self.names(&file);
        self.texts(&file);
        self.services(&file);
        if builtin {
            self.location(&file);
            self.case_kinds(&file);
        }
        let applies = file
            .applies_if
            .as_ref()
            .map(|text| self.expression(text, None));
        let given = applies.as_ref().and_then(Option::as_ref);
        let requires = self.expression(&file.require, given);
        let message = self.template(&file.message);
        let fix: BTreeMap<_, _> = file
            .fix
            .iter()
            .map(|(whose, fix)| (*whose, self.fix(fix)))
            .collect();
        let cases: Vec<Option<Case>> = file.cases.iter().map(|case| self.case(case)).collect();
        self.unused_thresholds(
            &file,
            applies.iter().flatten().chain(&requires),
            &message,
            &fix,
        );
        let spans = file
            .thresholds
            .iter()
            .map(|(name, value)| (name.clone(), place::of(&self.text.text, value)))
            .collect();
        let policy = Policy {
            id: PolicyId::new(&file.id.value),
            aliases: file
                .aliases
                .iter()
                .map(|it| PolicyId::new(&it.value))
                .collect(),
            title: file.title.value,
            severity: file.severity,
            concern: file.concern.value,
            subject: file.subject,
            providers: file.providers,
            services: file.services.map(|it| it.value).unwrap_or_default(),
            applies_if: file.applies_if.map(|it| it.value),
            require: file.require.value,
            why: file.why.value,
            references: file.references,
            controls: sorted(file.controls),
            conditions: sorted(file.conditions),
            defaults: self.thresholds.clone(),
            thresholds: std::mem::take(&mut self.thresholds),
            cases: cases.into_iter().collect::<Option<_>>()?,
            builtin,
            enabled: !builtin,
            file: self.text.name.to_string(),
            applies: applies.map_or(Some(None), |it| it.map(Some))?,
            requires: requires?,
            message: message?,
            symptom: file.symptom.map(source),
            fix: fix
                .into_iter()
                .map(|(whose, it)| Some((whose, it?)))
                .collect::<Option<_>>()?,
        };
        Some(Loaded {
            policy,
            text: self.text.clone(),
            names,
            thresholds: spans,
        })
    }

    fn names(&mut self, file: &PolicyFile) -> Vec<(PolicyId, Range<usize>)> {
        let mut names = vec![];
        for name in std::iter::once(&file.id).chain(&file.aliases) {
            if !is_kebab_case(&name.value) {
                self.note_at(
                    name,
                    Problem::BadId {
                        id: name.value.clone(),
                    },
                );
            }
            names.push((PolicyId::new(&name.value), place::of(&self.text.text, name)));
        }
        names
    }

    fn texts(&mut self, file: &PolicyFile) {
        let texts = [
            ("title", &file.title),
            ("message", &file.message),
            ("why", &file.why),
        ];
        for (key, text) in texts {
            if text.value.trim().is_empty() {
                self.note_at(text, Problem::Empty { key });
            }
        }
    }

    fn services(&mut self, file: &PolicyFile) {
        let has_service = matches!(
            file.subject,
            SubjectKind::Cache
                | SubjectKind::Endpoint
                | SubjectKind::Connection
                | SubjectKind::User
        );
        if let Some(services) = file.services.as_ref().filter(|_| !has_service) {
            let subject = file.subject.as_str();
            self.note_at(services, Problem::ServicesWithoutCache { subject });
        }
    }

    /// A built-in policy stands in `<concern>/<id>.yaml`.
    fn location(&mut self, file: &PolicyFile) {
        let expected = format!(
            "policies/{}/{}.yaml",
            file.concern.value.as_str(),
            file.id.value
        );
        if *self.text.name != *expected {
            self.note_at(&file.concern, Problem::Misplaced { expected });
        }
    }

    fn case_kinds(&mut self, file: &PolicyFile) {
        let mut needed = vec![Verdict::Pass, Verdict::Fail, Verdict::Unknown];
        if file.applies_if.is_some() {
            needed.push(Verdict::NotApplicable);
        }
        for verdict in needed {
            if !file.cases.iter().any(|case| case.expect == verdict) {
                self.note_at(
                    &file.id,
                    Problem::MissingCase {
                        verdict: verdict.as_str(),
                    },
                );
            }
        }
    }

    fn expression(&mut self, text: &Spanned<String>, given: Option<&Expr>) -> Option<Expr> {
        let scope = Scope {
            subject: self.subject,
            thresholds: &self.thresholds,
        };
        match Expr::new(&text.value, scope, given) {
            Ok(expr) => Some(expr),
            Err(faults) => {
                self.faults(text, faults);
                None
            }
        }
    }

    fn template(&mut self, text: &Spanned<String>) -> Option<Template> {
        let scope = Scope {
            subject: self.subject,
            thresholds: &self.thresholds,
        };
        match Template::new(&text.value, scope) {
            Ok(template) => Some(template),
            Err(faults) => {
                self.faults(text, faults);
                None
            }
        }
    }

    fn faults(&mut self, text: &Spanned<String>, faults: Vec<Fault>) {
        for fault in faults {
            let span = place::within(&self.text.text, text, fault.at);
            let mistake = Mistake::at(self.text, span, fault.problem).with_help(fault.help);
            self.mistakes.push(mistake);
        }
    }

    fn fix(&mut self, fix: &FixFile) -> Option<FixTemplate> {
        let summary = self.template(&fix.summary);
        let command = fix.command.as_ref().map(|command| self.template(command));
        let commands: Vec<_> = fix
            .commands
            .iter()
            .map(|(kind, command)| (*kind, self.template(command)))
            .collect();
        let commands = commands
            .into_iter()
            .map(|(kind, command)| Some((kind, command?)));
        Some(FixTemplate {
            summary: summary?,
            command: command.map_or(Some(None), |it| it.map(Some))?,
            commands: commands.collect::<Option<_>>()?,
        })
    }

    fn unused_thresholds<'e>(
        &mut self,
        file: &PolicyFile,
        expressions: impl Iterator<Item = &'e Expr>,
        message: &Option<Template>,
        fix: &BTreeMap<crate::policy::FixFor, Option<FixTemplate>>,
    ) {
        let mut used: Vec<&str> = expressions
            .flat_map(Expr::thresholds)
            .map(String::as_str)
            .collect();
        let fixes = fix.values().flatten();
        let templates = fixes.flat_map(FixTemplate::templates);
        used.extend(
            message
                .iter()
                .chain(templates)
                .flat_map(Template::thresholds),
        );
        // Where an expression is wrong it is not known what it would use.
        let sound = !self
            .mistakes
            .iter()
            .any(|it| it.file() == Some(&self.text.name));
        for (name, value) in &file.thresholds {
            if sound && !used.contains(&name.as_str()) {
                self.note_at(value, Problem::UnusedThreshold { name: name.clone() });
            }
        }
    }
}

fn source(symptom: SymptomFile) -> SymptomSource {
    match symptom {
        SymptomFile::OfConnection(_) => SymptomSource::Connection,
        SymptomFile::Always(word) => SymptomSource::Always(word.into()),
        SymptomFile::OfCloud(words) => SymptomSource::OfCloud(
            words
                .into_iter()
                .map(|(whose, word)| (whose, word.into()))
                .collect(),
        ),
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts.dedup();
    texts
}

fn is_kebab_case(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words_joined_by_hyphens() {
        assert!(is_kebab_case("tls-minimum-is-1-2"));
        for odd in ["", "-a", "a-", "a--b", "A", "a_b", "ä"] {
            assert!(!is_kebab_case(odd), "{odd}");
        }
    }
}
