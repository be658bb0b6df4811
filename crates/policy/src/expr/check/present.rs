//! What a condition says about facts that may be null.

use std::collections::BTreeSet;

use cel::common::ast::{Expr as Node, IdedExpr, LiteralValue, operators};

/// The path that a chain of selections spells.
pub(super) fn path_of(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Node::Ident(name) => Some(name.clone()),
        Node::Select(select) if !select.test => {
            path_of(&select.operand).map(|path| format!("{path}.{}", select.field))
        }
        _ => None,
    }
}

/// Facts that are certainly not null if a condition comes out so.
pub(super) fn present_if(condition: &IdedExpr, truth: bool) -> BTreeSet<String> {
    let Node::Call(call) = &condition.expr else {
        return BTreeSet::new();
    };
    let is_null = |node: &IdedExpr| matches!(node.expr, Node::Literal(LiteralValue::Null));
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_NOT, [inner]) => present_if(inner, !truth),
        (operators::LOGICAL_AND, [left, right]) if truth => {
            let mut present = present_if(left, true);
            present.append(&mut present_if(right, true));
            present
        }
        (operators::LOGICAL_OR, [left, right]) if !truth => {
            let mut present = present_if(left, false);
            present.append(&mut present_if(right, false));
            present
        }
        (operator @ (operators::EQUALS | operators::NOT_EQUALS), [left, right]) => {
            let (fact, other) = if is_null(left) {
                (right, left)
            } else {
                (left, right)
            };
            // Equal to something that is not null, or unequal to null.
            let equal = (operator == operators::EQUALS) == truth;
            let literal = matches!(other.expr, Node::Literal(_));
            let present = literal && equal != is_null(other);
            present
                .then(|| path_of(fact))
                .flatten()
                .into_iter()
                .collect()
        }
        _ => BTreeSet::new(),
    }
}
