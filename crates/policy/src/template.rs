//! Texts with placeholders for facts: messages and fixes.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::expr::{Fault, Scope};
use crate::facts::{self, FactId, FactValue, Lookup};
use crate::mistake::Problem;
use crate::near;
use crate::policy::Threshold;

/// How many items of a list a message names.
const LISTED: usize = 5;

/// A text with placeholders such as `{cache.name}`.
#[derive(Debug)]
pub(crate) struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Fact(FactId),
    Threshold(String),
}

impl Template {
    /// Reads a template and checks what it names.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub(crate) fn new(source: &str, scope: Scope<'_>) -> Result<Self, Vec<Fault>> {
        let (mut parts, mut faults) = (vec![], vec![]);
        let mut text = String::new();
        let mut rest = source.char_indices().peekable();
        while let Some((at, character)) = rest.next() {
            match character {
                '{' | '}' if rest.peek().is_some_and(|(_, next)| *next == character) => {
                    rest.next();
                    text.push(character);
                }
                '{' => {
                    let inside = source.get(at + 1..).unwrap_or_default();
                    let end = inside
                        .find(['{', '}'])
                        .filter(|end| inside[*end..].starts_with('}'));
                    let Some(end) = end else {
                        faults.push(bad(source, at..source.len()));
                        break;
                    };
                    let place = at + 1..at + 1 + end;
                    while rest.next_if(|(at, _)| *at <= place.end).is_some() {}
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    match part(source.get(place.clone()).unwrap_or_default(), &place, scope) {
                        Ok(part) => parts.push(part),
                        Err(fault) => faults.push(fault),
                    }
                }
                '}' => faults.push(bad(source, at..at + 1)),
                _ => text.push(character),
            }
        }
        parts.push(Part::Text(text));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        if faults.is_empty() {
            Ok(Self {
                source: source.to_owned(),
                parts,
            })
        } else {
            Err(faults)
        }
    }

    /// The text as it was written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The thresholds that it names.
    pub(crate) fn thresholds(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Threshold(name) => Some(name.as_str()),
            Part::Text(_) | Part::Fact(_) => None,
        })
    }

    /// As a sentence. What is not known is `unknown`, what is absent `none`;
    /// a long list is cut short, and says so.
    pub(crate) fn sentence<'a>(
        &self,
        value: impl Fn(FactId) -> FactValue<'a>,
        thresholds: &BTreeMap<String, Threshold>,
    ) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Fact(id) => in_words(&value(*id)),
            Part::Threshold(name) => number(thresholds.get(name)),
        };
        self.parts.iter().map(part).collect()
    }

    /// As a command: each value as one word of a POSIX shell, each item of a
    /// list as one. None if a value is not known or absent, for then the
    /// command would do something else, and if a value is no id or name that a
    /// cloud gives: a line break in it would begin a command of its own.
    pub(crate) fn command<'a>(
        &self,
        value: impl Fn(FactId) -> FactValue<'a>,
        thresholds: &BTreeMap<String, Threshold>,
    ) -> Option<String> {
        let part = |part: &Part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Fact(id) => words(&value(*id)),
            Part::Threshold(name) => Some(number(thresholds.get(name))),
        };
        self.parts.iter().map(part).collect()
    }
}

fn bad(source: &str, at: Range<usize>) -> Fault {
    let text = source.get(at.clone()).unwrap_or_default().to_owned();
    Fault {
        problem: Problem::BadPlaceholder { text },
        at,
        help: None,
    }
}

fn part(path: &str, place: &Range<usize>, scope: Scope<'_>) -> Result<Part, Fault> {
    let fault = |problem, help| Fault {
        problem,
        at: place.clone(),
        help,
    };
    if let Some(name) = path.strip_prefix("threshold.") {
        if scope.thresholds.contains_key(name) {
            return Ok(Part::Threshold(name.to_owned()));
        }
        let help = near::hint(name, scope.thresholds.keys().map(String::as_str));
        return Err(fault(
            Problem::UndeclaredThreshold {
                name: name.to_owned(),
            },
            help,
        ));
    }
    match facts::look_up(path, scope.subject) {
        Lookup::Fact(id) => Ok(Part::Fact(id)),
        Lookup::OtherSubject => {
            let subject = scope.subject.as_str();
            Err(fault(
                Problem::OtherSubject {
                    path: path.to_owned(),
                    subject,
                },
                None,
            ))
        }
        Lookup::None => {
            let help = facts::near(path, scope.subject);
            Err(fault(
                Problem::UnknownFact {
                    path: path.to_owned(),
                },
                help,
            ))
        }
    }
}

fn number(threshold: Option<&Threshold>) -> String {
    match threshold {
        Some(Threshold::Whole(value)) => value.to_string(),
        Some(Threshold::Fraction(value)) => float(*value),
        None => "unknown".to_owned(),
    }
}

/// At most two decimals, and no more than are needed.
fn float(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn in_words(value: &FactValue<'_>) -> String {
    match value {
        FactValue::Null => "none".to_owned(),
        FactValue::Bool(true) => "yes".to_owned(),
        FactValue::Bool(false) => "no".to_owned(),
        FactValue::Int(value) => value.to_string(),
        FactValue::Float(value) => float(*value),
        FactValue::Text(text) => text.as_ref().to_owned(),
        FactValue::List(items) if items.is_empty() => "none".to_owned(),
        FactValue::List(items) => {
            let shown: Vec<&str> = items.iter().take(LISTED).map(AsRef::as_ref).collect();
            let more = items.len().saturating_sub(LISTED);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            format!("{}{more}", shown.join(", "))
        }
        FactValue::Unknown(_) => "unknown".to_owned(),
    }
}

fn words(value: &FactValue<'_>) -> Option<String> {
    match value {
        FactValue::Null | FactValue::Unknown(_) => None,
        FactValue::Bool(value) => Some(value.to_string()),
        FactValue::Int(value) => Some(value.to_string()),
        FactValue::Float(value) => Some(float(*value)),
        FactValue::Text(text) => quoted(text),
        FactValue::List(items) if items.is_empty() => None,
        FactValue::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| quoted(item)).collect();
            items.map(|it| it.join(" "))
        }
    }
}

/// Characters of a value in a command; ids of all clouds are shorter.
const LONGEST_WORD: usize = 1_000;

/// One word of a POSIX shell, whatever it holds: names come from strangers.
fn quoted(text: &str) -> Option<String> {
    if text.chars().any(char::is_control) || text.chars().nth(LONGEST_WORD).is_some() {
        return None;
    }
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "_./:@%+=,-".contains(character);
    // A word that begins with a hyphen would be taken for an option.
    let safe = !text.is_empty() && text.chars().all(plain) && !text.starts_with('-');
    Some(if safe {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    })
}
