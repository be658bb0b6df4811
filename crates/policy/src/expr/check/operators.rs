//! Operators: what they take and what they make.

use cel::common::ast::{CallExpr, Expr as Node, IdedExpr, LiteralValue, operators};

use super::Checker;
use super::present::present_if;
use super::types::{Found, Type};
use crate::mistake::Problem;
use crate::near;

impl Checker<'_> {
    pub(super) fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Option<Found> {
        match (
            call.func_name.as_str(),
            call.target.as_deref(),
            call.args.as_slice(),
        ) {
            (operators::LOGICAL_AND, None, [left, right]) => self.connective(left, right, true),
            (operators::LOGICAL_OR, None, [left, right]) => self.connective(left, right, false),
            (operators::LOGICAL_NOT, None, [inner]) => {
                let found = self.value(inner)?;
                self.expect(inner, &found, &[Type::Bool])
                    .then(|| Found::plain(Type::Bool))
            }
            (operators::CONDITIONAL, None, [condition, yes, no]) => {
                self.conditional(condition, yes, no)
            }
            (operators::EQUALS | operators::NOT_EQUALS, None, [left, right]) => {
                self.equality(node, left, right)
            }
            (
                operators::LESS
                | operators::LESS_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS,
                None,
                [left, right],
            ) => self.order(node, left, right),
            (operators::IN, None, [item, list]) => self.membership(node, item, list),
            (
                operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE,
                None,
                [left, right],
            ) => self.arithmetic(node, left, right),
            (operators::NEGATE, None, [inner]) => {
                let found = self.value(inner)?;
                let kinds = [Type::Int, Type::Float];
                self.expect(inner, &found, &kinds)
                    .then(|| Found::plain(found.kind))
            }
            (operators::INDEX, ..) => self.unsupported(node, "a place in a list"),
            ("has", ..) => {
                self.fault(node, Problem::HasRefused, None);
                None
            }
            (name, None, arguments) => self.function(node, name, arguments),
            (name, Some(target), arguments) => self.method(node, name, target, arguments),
        }
    }

    /// `&&` and `||`. The right side is reached only where the left one does
    /// not decide, so it may rely on what the left one says.
    fn connective(&mut self, left: &IdedExpr, right: &IdedExpr, and: bool) -> Option<Found> {
        let first = self.condition(left);
        let before = self.present.clone();
        self.present.extend(present_if(left, and));
        let second = self.condition(right);
        self.present = before;
        (first && second).then(|| Found::plain(Type::Bool))
    }

    fn condition(&mut self, node: &IdedExpr) -> bool {
        self.value(node)
            .is_some_and(|found| self.expect(node, &found, &[Type::Bool]))
    }

    fn conditional(
        &mut self,
        condition: &IdedExpr,
        yes: &IdedExpr,
        no: &IdedExpr,
    ) -> Option<Found> {
        let sound = self.condition(condition);
        let before = self.present.clone();
        self.present.extend(present_if(condition, true));
        let first = self.value(yes);
        self.present.clone_from(&before);
        self.present.extend(present_if(condition, false));
        let second = self.value(no);
        self.present = before;
        let (first, second) = (first?, second?);
        if !first.kind.may_equal(second.kind) {
            let expected = first.kind.name().to_owned();
            self.fault(
                no,
                Problem::WrongType {
                    expected,
                    found: second.kind.name().to_owned(),
                },
                None,
            );
            return None;
        }
        let nullable = first.nullable || second.nullable;
        sound.then_some(Found {
            kind: first.kind,
            path: None,
            nullable,
            literal: None,
        })
    }

    fn equality(&mut self, node: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Option<Found> {
        let (first, second) = (self.value(left), self.value(right));
        let (first, second) = (first?, second?);
        for (one, other) in [(&first, &second), (&second, &first)] {
            if one.kind == Type::Null && !other.nullable && other.kind != Type::Null {
                // Compared twice, or never null.
                let path = other
                    .path
                    .clone()
                    .unwrap_or_else(|| "the other side".to_owned());
                let problem = Problem::NeverValue {
                    path,
                    value: "null".to_owned(),
                };
                self.fault(node, problem, None);
                return None;
            }
        }
        if first.kind == Type::Null || second.kind == Type::Null {
            return Some(Found::plain(Type::Bool));
        }
        if !first.kind.may_equal(second.kind) {
            return self.incomparable(node, &first, &second);
        }
        let sound = self.word(right, &first, &second) && self.word(left, &second, &first);
        sound.then(|| Found::plain(Type::Bool))
    }

    /// Whether a literal is among the words of a fact that it is compared with.
    fn word(&mut self, at: &IdedExpr, fact: &Found, literal: &Found) -> bool {
        let (Type::Word(words) | Type::Words(words), Some(text)) = (fact.kind, &literal.literal)
        else {
            return true;
        };
        if words.contains(&text.as_str()) {
            return true;
        }
        let listed: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
        let help = near::hint(text, words.iter().copied())
            .or_else(|| Some(format!("it is one of {}", listed.join(", "))));
        let path = fact.path.clone().unwrap_or_default();
        self.fault(
            at,
            Problem::NeverValue {
                path,
                value: text.clone(),
            },
            help,
        );
        false
    }

    fn order(&mut self, node: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Option<Found> {
        let (first, second) = (self.value(left), self.value(right));
        let (first, second) = (first?, second?);
        if !(self.never_null(left, &first) && self.never_null(right, &second)) {
            return None;
        }
        let numbers = first.kind.is_number() && second.kind.is_number();
        let versions = first.kind == Type::Version && second.kind == Type::Version;
        if numbers || versions {
            return Some(Found::plain(Type::Bool));
        }
        if first.kind.is_text() || second.kind.is_text() {
            let help = "texts have no order: compare versions as `version(…) >= version('7.2')`";
            let (left, right) = (first.kind.name().to_owned(), second.kind.name().to_owned());
            self.fault(
                node,
                Problem::NotComparable { left, right },
                Some(help.to_owned()),
            );
            return None;
        }
        self.incomparable(node, &first, &second)
    }

    fn incomparable(&mut self, node: &IdedExpr, left: &Found, right: &Found) -> Option<Found> {
        let (left, right) = (left.kind.name().to_owned(), right.kind.name().to_owned());
        self.fault(node, Problem::NotComparable { left, right }, None);
        None
    }

    fn membership(&mut self, node: &IdedExpr, item: &IdedExpr, list: &IdedExpr) -> Option<Found> {
        let found = self.value(item);
        let members = self.value(list);
        let (found, members) = (found?, members?);
        if !found.kind.is_text() && found.kind != Type::Null {
            self.expect(item, &found, &[Type::Text]);
            return None;
        }
        if !matches!(members.kind, Type::List | Type::Words(_)) {
            self.expect(list, &members, &[Type::List]);
            return None;
        }
        if !self.never_null(list, &members) || !self.word(item, &members, &found) {
            return None;
        }
        if let Node::List(written) = &list.expr {
            let texts = written
                .elements
                .iter()
                .filter_map(|element| match &element.expr {
                    Node::Literal(LiteralValue::String(text)) => Some((element, text.inner())),
                    _ => None,
                });
            for (element, text) in texts {
                let literal = Found {
                    literal: Some(text.to_owned()),
                    ..Found::plain(Type::Text)
                };
                if !self.word(element, &found, &literal) {
                    return None;
                }
            }
        }
        let _ = node;
        Some(Found::plain(Type::Bool))
    }

    fn arithmetic(&mut self, node: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Option<Found> {
        let (first, second) = (self.value(left), self.value(right));
        let (first, second) = (first?, second?);
        let numbers = [Type::Int, Type::Float];
        if !(self.expect(left, &first, &numbers) && self.expect(right, &second, &numbers)) {
            return None;
        }
        if first.kind != second.kind {
            let help = "write `double(…)` around the whole number";
            let expected = first.kind.name().to_owned();
            let problem = Problem::WrongType {
                expected,
                found: second.kind.name().to_owned(),
            };
            self.fault(node, problem, Some(help.to_owned()));
            return None;
        }
        Some(Found::plain(first.kind))
    }
}
