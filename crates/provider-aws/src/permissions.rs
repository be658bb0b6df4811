//! The least permissions that a collection needs: exactly the calls that
//! are sent.

use serde_json::{Value, json};

use crate::operation::Operation;

/// The IAM actions that a collection uses, sorted; `sts:AssumeRole`, which
/// only `--aws-role-arn` needs, is not among them.
///
/// The list is made from the only list of calls that the clients send.
pub fn actions() -> Vec<&'static str> {
    let mut actions: Vec<_> = Operation::ALL
        .iter()
        .filter(|operation| **operation != Operation::AssumeRole)
        .map(|operation| operation.action())
        .collect();
    actions.sort_unstable();
    actions
}

/// An IAM policy document that allows [`actions`], and taking on the roles
/// if there are any.
///
/// All of them are reads of whole lists, which IAM cannot narrow to single
/// resources; hence `"Resource": "*"`.
/// Source: Amazon ElastiCache User Guide, "Resource-level permissions".
pub fn policy(role_arns: &[String]) -> Value {
    let mut statements = vec![json!({
        "Sid": "CachewardenReads",
        "Effect": "Allow",
        "Action": actions(),
        "Resource": "*",
    })];
    if !role_arns.is_empty() {
        statements.push(json!({
            "Sid": "CachewardenTakesRoles",
            "Effect": "Allow",
            "Action": Operation::AssumeRole.action(),
            "Resource": role_arns,
        }));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_document() {
        let roles = ["arn:aws:iam::222222222222:role/auditor".to_owned()];
        insta::assert_json_snapshot!(policy(&roles));
        assert_eq!(policy(&[])["Statement"].as_array().unwrap().len(), 1);
    }
}
