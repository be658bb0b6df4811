//! Who asks: access keys, their accounts, and the answers of STS.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::protocol::Asked;
use crate::refusal::Reason;

/// The access keys that are known, and their accounts.
#[derive(Debug, Default)]
pub(crate) struct Accounts(BTreeMap<String, String>);

impl Accounts {
    pub(crate) fn add(&mut self, access_key: impl Into<String>, account: impl Into<String>) {
        self.0.insert(access_key.into(), account.into());
    }

    /// The account of the key that a request was made with.
    pub(crate) fn of(&self, asked: &Asked) -> Result<String, Reason> {
        if asked.access_key.is_empty() {
            return Err(Reason::Unsigned);
        }
        // Keys of roles are worth nothing without their token.
        let whole = asked.session || !asked.access_key.starts_with("ASIA");
        self.0
            .get(&asked.access_key)
            .filter(|_| whole)
            .cloned()
            .ok_or(Reason::UnknownKey)
    }

    /// What STS answers.
    pub(crate) fn answer(&mut self, asked: &Asked) -> Result<Map<String, Value>, Reason> {
        let answer = match asked.operation.as_str() {
            "GetCallerIdentity" => caller(asked),
            "AssumeRole" => self.assume(asked)?,
            _ => return Err(Reason::UnknownOperation),
        };
        Ok(answer.as_object().cloned().unwrap_or_default())
    }

    fn assume(&mut self, asked: &Asked) -> Result<Value, Reason> {
        let role = asked
            .parameters
            .get("RoleArn")
            .ok_or(Reason::Missing("RoleArn"))?;
        let session = asked
            .parameters
            .get("RoleSessionName")
            .ok_or(Reason::Missing("RoleSessionName"))?;
        let account =
            account_of_role(role).ok_or_else(|| Reason::BadValue(format!("{role} is invalid")))?;
        let name = role.rsplit('/').next().unwrap_or_default();
        let key = format!("ASIAPEER{account}");
        self.add(&key, account);
        let expiration = jiff::Timestamp::now() + Duration::from_secs(3600);
        Ok(json!({
            "AssumedRoleUser": {
                "Arn": format!("arn:aws:sts::{account}:assumed-role/{name}/{session}"),
                "AssumedRoleId": format!("AROAPEER{account}:{session}"),
            },
            "Credentials": {
                "AccessKeyId": key,
                "Expiration": format!("{expiration:.0}"),
                "SecretAccessKey": "secret-of-a-role",
                "SessionToken": format!("session-of-{name}-in-{account}"),
            },
        }))
    }
}

/// The access key of a user in `account`.
pub(crate) fn access_key(account: &str) -> String {
    format!("AKIAPEER{account}")
}

/// The account that a role belongs to: `arn:aws:iam::ACCOUNT:role/NAME`.
pub(crate) fn account_of_role(role: &str) -> Option<&str> {
    role.split(':').nth(4).filter(|account| !account.is_empty())
}

fn caller(asked: &Asked) -> Value {
    let account = &asked.account;
    if asked.session {
        json!({
            "Account": account,
            "Arn": format!("arn:aws:sts::{account}:assumed-role/role/session"),
            "UserId": format!("AROAPEER{account}:session"),
        })
    } else {
        json!({
            "Account": account,
            "Arn": format!("arn:aws:iam::{account}:user/auditor"),
            "UserId": format!("AIDAPEER{account}"),
        })
    }
}
