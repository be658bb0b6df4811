//! The examples of a policy: facts by path, with values that fit them.

use std::collections::BTreeMap;

use super::build::Builder;
use crate::facts::{self, FactType, FactValue, Lookup};
use crate::file::{CaseFile, CaseValue};
use crate::mistake::{Mistake, Problem};
use crate::place;
use crate::policy::Case;

impl Builder<'_> {
    pub(super) fn case(&mut self, case: &CaseFile) -> Option<Case> {
        let mut facts = BTreeMap::new();
        let mut sound = true;
        for (path, value) in &case.facts.0 {
            let problem = match facts::look_up(&path.value, self.subject) {
                Lookup::Fact(id) => match fact_value(id.fact(), &value.value) {
                    Ok(value) => {
                        facts.insert(id, value);
                        continue;
                    }
                    Err(problem) => {
                        self.note_at(value, problem);
                        sound = false;
                        continue;
                    }
                },
                Lookup::OtherSubject => {
                    let subject = self.subject.as_str();
                    Problem::OtherSubject {
                        path: path.value.clone(),
                        subject,
                    }
                }
                Lookup::None => Problem::UnknownFact {
                    path: path.value.clone(),
                },
            };
            let help = facts::near(&path.value, self.subject);
            let span = place::of(&self.text.text, path);
            self.mistakes
                .push(Mistake::at(self.text, span, problem).with_help(help));
            sound = false;
        }
        sound.then(|| Case {
            name: case.name.clone(),
            expect: case.expect,
            facts,
        })
    }
}

/// The word that makes a fact unknown in a case.
const UNKNOWN: &str = "unknown";

fn fact_value(fact: &facts::FactDef, value: &CaseValue) -> Result<FactValue<'static>, Problem> {
    let wrong = |found: &str| {
        let expected = fact.kind.name().to_owned();
        Err(Problem::WrongType {
            expected,
            found: found.to_owned(),
        })
    };
    let word = |text: &String| match fact.kind.words() {
        Some(words) if !words.contains(&text.as_str()) => Err(Problem::NeverValue {
            path: fact.path.to_owned(),
            value: text.clone(),
        }),
        _ => Ok(text.clone()),
    };
    match (value, fact.kind) {
        (CaseValue::Text(text), _) if text == UNKNOWN => Ok(FactValue::Unknown(vec![])),
        (CaseValue::Null(()), _) if fact.nullable => Ok(FactValue::Null),
        (CaseValue::Null(()), _) => Err(Problem::NeverValue {
            path: fact.path.to_owned(),
            value: "null".to_owned(),
        }),
        (CaseValue::Bool(value), FactType::Bool) => Ok(FactValue::Bool(*value)),
        (CaseValue::Int(value), FactType::Int) => Ok(FactValue::Int(*value)),
        #[expect(clippy::cast_precision_loss, reason = "numbers of a case are small")]
        (CaseValue::Int(value), FactType::Float) => Ok(FactValue::Float(*value as f64)),
        (CaseValue::Float(value), FactType::Float) => Ok(FactValue::Float(*value)),
        (CaseValue::Text(text), FactType::Text | FactType::Word(_)) => {
            word(text).map(FactValue::text)
        }
        (CaseValue::List(items), FactType::List | FactType::Words(_)) => items
            .iter()
            .map(word)
            .collect::<Result<Vec<_>, _>>()
            .map(FactValue::list),
        (CaseValue::Bool(_), _) => wrong("bool"),
        (CaseValue::Int(_), _) => wrong("int"),
        (CaseValue::Float(_), _) => wrong("float"),
        (CaseValue::Text(_), _) => wrong("text"),
        (CaseValue::List(_), _) => wrong("list of text"),
    }
}
