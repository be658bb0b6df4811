//! What an expression names, and whether its types fit: mistakes are to show
//! when a policy is loaded, not when it first meets a certain cache.

mod calls;
mod operators;
mod present;
mod types;

use std::collections::BTreeSet;
use std::ops::Range;

use cel::Program;
use cel::common::ast::{Expr as Node, IdedExpr, ListExpr, LiteralValue};

use self::present::{path_of, present_if};
use self::types::{Found, Type};
use super::{Checked, Fault, Scope};
use crate::facts::{self, Lookup};
use crate::mistake::Problem;
use crate::near;
use crate::policy::Threshold;

/// Checks a parsed expression that is evaluated only where `given` holds.
pub(super) fn check(
    program: &Program,
    text: &str,
    scope: Scope<'_>,
    given: Option<&Program>,
) -> Checked {
    let present = given.map_or_else(BTreeSet::new, |it| present_if(it.expression(), true));
    let mut checker = Checker {
        program,
        text,
        scope,
        checked: Checked::default(),
        present,
    };
    let root = program.expression();
    if let Some(found) = checker.value(root) {
        checker.expect(root, &found, &[Type::Bool]);
    }
    checker.checked
}

struct Checker<'c> {
    program: &'c Program,
    text: &'c str,
    scope: Scope<'c>,
    checked: Checked,
    /// Facts that are not null where the part at hand is reached.
    present: BTreeSet<String>,
}

impl Checker<'_> {
    fn fault(&mut self, at: &IdedExpr, problem: Problem, help: Option<String>) {
        let at = self.span(at);
        self.checked.faults.push(Fault { problem, at, help });
    }

    /// The bytes of a part; of a call, those of its operator or name.
    fn span(&self, node: &IdedExpr) -> Range<usize> {
        let place = |id| {
            let (start, stop) = self.program.source_info().offset_for(id)?;
            let byte = |character: u32| {
                let character = usize::try_from(character).ok()?;
                Some(
                    self.text
                        .char_indices()
                        .nth(character)
                        .map_or(self.text.len(), |it| it.0),
                )
            };
            Some(byte(start)?..byte(stop.checked_add(1)?)?)
        };
        let own = place(node.id).unwrap_or(0..self.text.len());
        match &node.expr {
            // A selection is placed at its dot.
            Node::Select(select) => {
                let start = self.span(&select.operand).start;
                start
                    ..(own.end + select.field.len())
                        .min(self.text.len())
                        .max(start)
            }
            _ => own,
        }
    }

    /// The type of a part; none if it is wrong, which was noted then.
    fn value(&mut self, node: &IdedExpr) -> Option<Found> {
        match &node.expr {
            Node::Literal(literal) => self.literal(node, literal),
            Node::Ident(name) => self.path(node, name.clone()),
            Node::Select(_) => match path_of(node) {
                Some(path) => self.path(node, path),
                None => self.unsupported(node, "a field of something that is no fact"),
            },
            Node::Call(call) => self.call(node, call),
            Node::List(list) => self.list(node, list),
            Node::Map(_) => self.unsupported(node, "a map"),
            Node::Struct(_) => self.unsupported(node, "a message"),
            Node::Comprehension(_) | Node::Unspecified => {
                self.unsupported(node, "a loop over a list")
            }
        }
    }

    fn unsupported(&mut self, node: &IdedExpr, what: &'static str) -> Option<Found> {
        self.fault(node, Problem::Unsupported { what }, None);
        None
    }

    fn literal(&mut self, node: &IdedExpr, literal: &LiteralValue) -> Option<Found> {
        let kind = match literal {
            LiteralValue::Boolean(_) => Type::Bool,
            LiteralValue::Double(_) => Type::Float,
            LiteralValue::Int(_) => Type::Int,
            LiteralValue::Null => Type::Null,
            LiteralValue::String(text) => {
                let literal = Some(text.inner().to_owned());
                return Some(Found {
                    literal,
                    ..Found::plain(Type::Text)
                });
            }
            LiteralValue::Bytes(_) => return self.unsupported(node, "a literal of bytes"),
            LiteralValue::UInt(_) => return self.unsupported(node, "an unsigned number"),
        };
        Some(Found::plain(kind))
    }

    /// A list written in the expression; its elements must be texts.
    fn list(&mut self, _node: &IdedExpr, list: &ListExpr) -> Option<Found> {
        let mut sound = true;
        for element in &list.elements {
            match self.value(element) {
                Some(found) => {
                    sound &= self.expect(element, &found, &[Type::Text]);
                }
                None => sound = false,
            }
        }
        sound.then(|| Found::plain(Type::List))
    }

    fn path(&mut self, node: &IdedExpr, path: String) -> Option<Found> {
        if let Some(name) = path.strip_prefix("threshold.") {
            return self.threshold(node, name);
        }
        match facts::look_up(&path, self.scope.subject) {
            Lookup::Fact(id) => {
                self.checked.facts.insert(id);
                let fact = id.fact();
                let nullable = fact.nullable && !self.present.contains(&path);
                let kind = Type::of(fact.kind);
                Some(Found {
                    kind,
                    path: Some(path),
                    nullable,
                    literal: None,
                })
            }
            Lookup::OtherSubject => {
                let subject = self.scope.subject.as_str();
                self.fault(node, Problem::OtherSubject { path, subject }, None);
                None
            }
            Lookup::None => {
                let help = facts::near(&path, self.scope.subject);
                self.fault(node, Problem::UnknownFact { path }, help);
                None
            }
        }
    }

    fn threshold(&mut self, node: &IdedExpr, name: &str) -> Option<Found> {
        let Some(threshold) = self.scope.thresholds.get(name) else {
            let help = near::hint(name, self.scope.thresholds.keys().map(String::as_str));
            self.fault(
                node,
                Problem::UndeclaredThreshold {
                    name: name.to_owned(),
                },
                help,
            );
            return None;
        };
        self.checked.thresholds.insert(name.to_owned());
        Some(Found::plain(match threshold {
            Threshold::Whole(_) => Type::Int,
            Threshold::Fraction(_) => Type::Float,
        }))
    }

    /// Notes it if a part is of none of these types, or may be null.
    fn expect(&mut self, node: &IdedExpr, found: &Found, kinds: &[Type]) -> bool {
        if !kinds.iter().any(|kind| kind.name() == found.kind.name()) {
            let expected: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
            let expected = expected.join(" or ");
            let problem = Problem::WrongType {
                expected,
                found: found.kind.name().to_owned(),
            };
            self.fault(node, problem, None);
            return false;
        }
        self.never_null(node, found)
    }

    fn never_null(&mut self, node: &IdedExpr, found: &Found) -> bool {
        if !found.nullable {
            return true;
        }
        let path = found.path.clone().unwrap_or_else(|| "null".to_owned());
        let help =
            format!("say first what null means: `{path} == null || …` or `{path} != null && …`");
        self.fault(node, Problem::MayBeNull { path }, Some(help));
        false
    }
}
