//! How much an expression may be: the parser and all that walks its tree call
//! themselves for each part of a part, and a stack that ends ends the process.

use super::Fault;
use crate::mistake::Problem;

/// Bytes of an expression; ten times the longest of the built-in policies.
const LONGEST: usize = 2_000;
/// Brackets within brackets.
const DEEPEST: usize = 32;
/// Signs of operators between two of `&&`, `||` and `,`.
const CHAINED: usize = 64;

/// What is too much about an expression, if anything is. Signs in texts count
/// as well: no policy needs as many.
pub(super) fn too_much(text: &str) -> Option<Fault> {
    let fault = |what: &str, at: usize| {
        let message = format!("the expression is too {what} to be read");
        let help = "split it into several policies".to_owned();
        Some(Fault {
            problem: Problem::Syntax { message },
            at: at..text.len(),
            help: Some(help),
        })
    };
    if text.len() > LONGEST {
        let end = text.floor_char_boundary(LONGEST);
        return fault("long", end);
    }
    let (mut depth, mut chained) = (0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '&' | '|' | ',' => chained = 0,
            '.' | '!' | '-' | '+' | '*' | '/' | '%' | '<' | '>' | '=' | '?' => chained += 1,
            _ => {}
        }
        if depth > DEEPEST || chained > CHAINED {
            return fault("deep", at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<String> {
        too_much(text).map(|it| it.problem.to_string())
    }

    #[test]
    fn nesting_without_end_is_refused() {
        for sign in ["(", "[", "!", "-", "a.", "a ? b : ", "1 + ", "f("] {
            assert!(
                refused(&sign.repeat(100)).is_some_and(|it| it.contains("too deep")),
                "{sign}"
            );
            assert_eq!(refused(&sign.repeat(20)), None, "{sign}");
        }
        assert!(refused(&"ü".repeat(1_001)).is_some_and(|it| it.contains("too long")));
        assert_eq!(refused(&"a.b || ".repeat(200)), None);
    }
}
