//! The least permissions that a collection needs: exactly the calls that
//! are sent.

use serde_json::{Value, json};

use crate::operation::Operation;

/// The actions that a collection uses, sorted. All are reads of the control
/// plane.
///
/// The list is made from the only list of calls that are sent.
pub fn actions() -> Vec<&'static str> {
    let mut actions: Vec<_> = Operation::ALL.iter().map(|it| it.action()).collect();
    actions.sort_unstable();
    actions
}

/// A custom role that allows [`actions`], for `az role definition create`.
///
/// `AssignableScopes` names the subscriptions; one that is to be filled in
/// where none is given.
/// Source: Azure role-based access control, "Azure custom roles".
pub fn role(subscriptions: &[String]) -> Value {
    let scopes: Vec<String> = if subscriptions.is_empty() {
        vec!["/subscriptions/00000000-0000-0000-0000-000000000000".to_owned()]
    } else {
        subscriptions
            .iter()
            .map(|it| format!("/subscriptions/{it}"))
            .collect()
    };
    json!({
        "Name": "Cachewarden Reader",
        "IsCustom": true,
        "Description": "Reads caches and the networks around them; reads no keys and no data.",
        "Actions": actions(),
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": scopes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_definition() {
        let role = role(&["6f1b0c3a-0000-4000-8000-000000000001".to_owned()]);
        insta::assert_json_snapshot!(role);
    }
}
