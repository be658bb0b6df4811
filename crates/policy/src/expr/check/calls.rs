//! Functions and methods: what they take and what they make.

use cel::common::ast::IdedExpr;

use super::Checker;
use super::types::{Found, Type};
use crate::expr::functions::FUNCTIONS;
use crate::mistake::Problem;
use crate::near;

impl Checker<'_> {
    pub(super) fn function(
        &mut self,
        node: &IdedExpr,
        name: &str,
        given: &[IdedExpr],
    ) -> Option<Found> {
        let numbers: &[Type] = &[Type::Int, Type::Float];
        let (wanted, result): (&[&[Type]], Type) = match name {
            "version" => (&[&[Type::Text]], Type::Version),
            "glob" => (&[&[Type::Text], &[Type::Text]], Type::Bool),
            "percent" => (&[numbers, numbers], Type::Float),
            "double" => (&[&[Type::Int]], Type::Float),
            "size" => (&[&[Type::List]], Type::Int),
            "overlaps" => {
                let int: &[Type] = &[Type::Int];
                (&[&[Type::Text], int, int, int, int], Type::Bool)
            }
            _ => return self.unknown_function(node, name),
        };
        self.arguments(node, name, given, wanted)
            .then(|| Found::plain(result))
    }

    pub(super) fn method(
        &mut self,
        node: &IdedExpr,
        name: &str,
        target: &IdedExpr,
        given: &[IdedExpr],
    ) -> Option<Found> {
        if !matches!(name, "startsWith" | "endsWith" | "contains") {
            return self.unknown_function(node, name);
        }
        let found = self.value(target)?;
        let sound = self.expect(target, &found, &[Type::Text]);
        let sound = self.arguments(node, name, given, &[&[Type::Text]]) && sound;
        sound.then(|| Found::plain(Type::Bool))
    }

    fn unknown_function(&mut self, node: &IdedExpr, name: &str) -> Option<Found> {
        let known: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
        let all = || Some(format!("the functions are {}", known.join(", ")));
        let help = near::hint(name, known.iter().copied()).or_else(all);
        self.fault(
            node,
            Problem::UnknownFunction {
                name: name.to_owned(),
            },
            help,
        );
        None
    }

    fn arguments(
        &mut self,
        node: &IdedExpr,
        name: &str,
        given: &[IdedExpr],
        wanted: &[&[Type]],
    ) -> bool {
        if given.len() != wanted.len() {
            let usage = FUNCTIONS.iter().find(|function| function.name == name);
            let expected = format!("{} arguments", wanted.len());
            let problem = Problem::WrongType {
                expected,
                found: given.len().to_string(),
            };
            self.fault(
                node,
                problem,
                usage.map(|it| format!("write `{}`", it.usage)),
            );
            return false;
        }
        let mut sound = true;
        for (argument, kinds) in given.iter().zip(wanted) {
            sound &= match self.value(argument) {
                Some(found) => self.expect(argument, &found, kinds),
                None => false,
            };
        }
        sound
    }
}
