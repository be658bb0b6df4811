//! Expressions of policies: the Common Expression Language over facts, in
//! three values.
//!
//! An expression is parsed and checked once. To be evaluated it is given the
//! facts that it names and no others; those that are not known are left out,
//! and the error that this raises is the third value. `||` and `&&` absorb
//! such an error where the other side decides: `unknown || true` is true.
//!
//! There are no comprehensions and there is no `has()`: facts are flat, and
//! an expression must not be able to ask whether a fact is known.

mod check;
mod functions;
mod size;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use cachewarden_model::SubjectKind;
use cel::{Context, Env, Program, Value};

use crate::facts::{FactId, FactValue};
use crate::mistake::Problem;
use crate::policy::Threshold;

/// The functions and operators that policies have.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(functions::environment()));

pub(crate) use functions::Function;

/// The functions of policies, by name.
pub(crate) fn functions() -> &'static [Function] {
    functions::FUNCTIONS
}

/// What an expression may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'s> {
    /// What the policy is about.
    pub(crate) subject: SubjectKind,
    /// The thresholds that it declares.
    pub(crate) thresholds: &'s BTreeMap<String, Threshold>,
}

/// Something wrong with an expression.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) problem: Problem,
    /// The bytes of the expression that are wrong.
    pub(crate) at: Range<usize>,
    pub(crate) help: Option<String>,
}

/// An expression that was checked.
#[derive(Debug)]
pub(crate) struct Expr {
    program: Program,
    facts: Vec<FactId>,
    thresholds: Vec<String>,
}

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// A fact that it needs is not known.
    Unknown,
    /// It cannot be worked out with these values, and all are known.
    Broken(String),
}

impl Expr {
    /// Parses and checks an expression that says yes or no. It may rely on
    /// what `given` says, and is then worth nothing where that does not hold.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it; if it does not parse, only that.
    pub(crate) fn new(
        text: &str,
        scope: Scope<'_>,
        given: Option<&Self>,
    ) -> Result<Self, Vec<Fault>> {
        if let Some(fault) = size::too_much(text) {
            return Err(vec![fault]);
        }
        let program = ENVIRONMENT
            .compile(text)
            .map_err(|errors| syntax(text, &errors))?;
        let checked = check::check(&program, text, scope, given.map(|it| &it.program));
        if checked.faults.is_empty() {
            let thresholds = checked.thresholds.into_iter().collect();
            Ok(Self {
                program,
                facts: checked.facts.into_iter().collect(),
                thresholds,
            })
        } else {
            Err(checked.faults)
        }
    }

    /// The facts that it names, in the order of the registry.
    pub(crate) fn facts(&self) -> &[FactId] {
        &self.facts
    }

    /// The thresholds that it names, sorted.
    pub(crate) fn thresholds(&self) -> &[String] {
        &self.thresholds
    }

    /// Evaluates it. `value` is asked for each fact that it names.
    pub(crate) fn evaluate<'v, 'a: 'v>(
        &self,
        value: impl Fn(FactId) -> Option<&'v FactValue<'a>>,
        thresholds: &BTreeMap<String, Threshold>,
    ) -> Truth {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        let mut unknown = false;
        for &id in &self.facts {
            match value(id).and_then(FactValue::to_cel) {
                Some(value) => context.add_variable_from_value(id.path(), value),
                None => unknown = true,
            }
        }
        for name in &self.thresholds {
            if let Some(threshold) = thresholds.get(name) {
                context.add_variable_from_value(format!("threshold.{name}"), threshold.to_cel());
            }
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(true)) => Truth::True,
            Ok(Value::Bool(false)) => Truth::False,
            Ok(other) => Truth::Broken(format!("it is no yes or no but {:?}", other.type_of())),
            Err(_) if unknown => Truth::Unknown,
            Err(error) => Truth::Broken(error.to_string()),
        }
    }
}

/// The parser's errors, where they stand.
fn syntax(text: &str, errors: &cel::ParseErrors) -> Vec<Fault> {
    let fault = |error: &cel::ParseError| {
        let (line, column) = error.pos;
        let at = offset(text, line, column);
        let message = error
            .msg
            .strip_prefix("Syntax error: ")
            .unwrap_or(&error.msg);
        // The list of all tokens that would fit says nothing to a reader.
        let message = message.split(" expecting {").next().unwrap_or(message);
        let message = message.replace("'<EOF>'", "the end");
        Fault {
            problem: Problem::Syntax { message },
            at,
            help: None,
        }
    };
    let mut faults: Vec<Fault> = errors.errors.iter().map(fault).collect();
    faults.dedup_by(|later, earlier| later.at == earlier.at);
    faults
}

/// The character at a line and a column, both counted from 1.
fn offset(text: &str, line: isize, column: isize) -> Range<usize> {
    let line = usize::try_from(line.max(1) - 1).unwrap_or_default();
    let column = usize::try_from(column.max(1) - 1).unwrap_or_default();
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    match rest.char_indices().nth(column) {
        Some((at, character)) => before + at..before + at + character.len_utf8(),
        None => text.len()..text.len() + 1,
    }
}

/// What an expression was found to be.
#[derive(Debug, Default)]
struct Checked {
    facts: BTreeSet<FactId>,
    thresholds: BTreeSet<String>,
    faults: Vec<Fault>,
}
