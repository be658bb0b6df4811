//! Accepted risks.

use cachewarden_model::{PolicyId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::glob;

/// One accepted risk: findings of a policy about certain subjects are shown
/// as waived and do not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Id or alias of the policy.
    pub policy: PolicyId,
    /// Id or name of the subject; `*` stands for any run of characters.
    pub subject: String,
    /// Why the risk is accepted.
    pub reason: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Until when: a time, or a date, whose last second is meant. A waiver
    /// without it does not end.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "end"
    )]
    pub until: Option<Timestamp>,
}

impl Waiver {
    /// Whether it no longer holds.
    pub fn expired(&self, at: Timestamp) -> bool {
        self.until.is_some_and(|until| until < at)
    }

    /// Whether a subject of this id and name is meant.
    pub fn names(&self, id: &str, name: &str) -> bool {
        glob::fits(&self.subject, id) || glob::fits(&self.subject, name)
    }
}

/// A day, in seconds.
const DAY: i64 = 24 * 60 * 60;

fn end<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    use serde::de::Error;
    let text = String::deserialize(from)?;
    let start: Timestamp = text.parse().map_err(D::Error::custom)?;
    if text.contains(['T', 't', ' ']) {
        return Ok(Some(start));
    }
    Ok(Timestamp::from_unix(start.unix() + DAY - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiver(until: &str) -> Waiver {
        let text = format!(
            "{{ policy: no-plaintext-port, subject: 'legacy-*', reason: migration, until: {until} }}"
        );
        serde_saphyr::from_str(&text).unwrap()
    }

    #[test]
    fn a_date_is_meant_to_its_end() {
        let waiver = waiver("2026-12-31");
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(!waiver.expired(at("2026-12-31T23:59:59Z")));
        assert!(waiver.expired(at("2027-01-01T00:00:00Z")));
        assert!(self::waiver("2026-12-31T12:00:00Z").expired(at("2026-12-31T12:00:01Z")));
    }

    #[test]
    fn names_and_ids_are_patterns() {
        let waiver = waiver("2026-12-31");
        assert!(waiver.names(
            "arn:aws:elasticache:eu-west-1:1:replicationgroup:a",
            "legacy-1"
        ));
        assert!(!waiver.names("arn:legacy-1", "new"));
    }

    #[test]
    fn unknown_keys_are_refused() {
        let text = "{ policy: a, subject: b, reason: c, til: 2026-12-31 }";
        assert!(serde_saphyr::from_str::<Waiver>(text).is_err());
    }
}
