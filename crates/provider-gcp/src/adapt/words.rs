//! Words of the three services: states, versions, times.

use std::collections::{BTreeMap, HashMap};

use cachewarden_model::{AccountId, Fact, Phase, Status, Timestamp};

use crate::operation::Operation;

/// What a state means. A suspended cache is gone until its reason is.
///
/// Source: the protos of the three services, "State".
pub(super) fn status(word: &str, suspended: bool) -> Fact<Status> {
    let (text, phase) = match word {
        _ if suspended => ("SUSPENDED", Phase::Gone),
        "READY" | "ACTIVE" => (word, Phase::Serving),
        "UPDATING" | "MAINTENANCE" | "MIGRATING" | "IMPORTING" | "FAILING_OVER" | "REPAIRING" => {
            (word, Phase::Changing)
        }
        "CREATING" => (word, Phase::Creating),
        "DELETING" => (word, Phase::Gone),
        _ => (word, Phase::Unclear),
    };
    Fact::Known(Status {
        text: text.to_owned(),
        phase,
    })
}

/// `7.2` of `REDIS_7_2`, `6.x` of `REDIS_6_X`.
pub(super) fn version(word: &str) -> Option<String> {
    let (_, numbers) = word.split_once('_')?;
    let text = numbers.to_ascii_lowercase().replace('_', ".");
    text.starts_with(|it: char| it.is_ascii_digit())
        .then_some(text)
}

/// A hash map in an order that is always the same.
pub(super) fn sorted(map: &HashMap<String, String>) -> BTreeMap<String, String> {
    map.iter()
        .map(|(key, it)| (key.clone(), it.clone()))
        .collect()
}

/// A time of the APIs.
pub(super) fn time(seconds: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_unix(seconds?)
}

/// `sun:05:00-sun:06:00`: a window of one hour, in UTC.
///
/// Source: Memorystore, "About maintenance": windows last one hour.
pub(super) fn window(day: &str, hours: i32, minutes: i32) -> Option<String> {
    const DAYS: [&str; 7] = [
        "MONDAY",
        "TUESDAY",
        "WEDNESDAY",
        "THURSDAY",
        "FRIDAY",
        "SATURDAY",
        "SUNDAY",
    ];
    let day = DAYS.iter().position(|it| *it == day)?;
    let short = |day: usize| {
        let name = DAYS.get(day % 7).copied().unwrap_or_default();
        name.get(..3).unwrap_or_default().to_ascii_lowercase()
    };
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    let (from, to) = (short(day), short(day + usize::from(hours == 23)));
    let end = (hours + 1) % 24;
    Some(format!(
        "{from}:{hours:02}:{minutes:02}-{to}:{end:02}:{minutes:02}"
    ))
}

/// Windows of a policy: none means that it may happen at any time.
pub(super) fn windows(
    account: &AccountId,
    operation: Operation,
    all: Vec<Option<String>>,
) -> Fact<String> {
    if all.is_empty() {
        return Fact::Default("mon:00:00-mon:00:00".to_owned());
    }
    match all.into_iter().collect::<Option<Vec<String>>>() {
        Some(all) => Fact::Known(all.join(", ")),
        None => Fact::unknown(super::odd(
            account,
            operation,
            "the window is not in a known form",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        let phase = |word, suspended| status(word, suspended).value().unwrap().phase;
        assert_eq!(phase("READY", false), Phase::Serving);
        assert_eq!(phase("READY", true), Phase::Gone);
        assert_eq!(phase("REPAIRING", false), Phase::Changing);
        assert_eq!(phase("CREATING", false), Phase::Creating);
        // What is not told, or told in a new word, is no "down".
        assert_eq!(phase("STATE_UNSPECIFIED", false), Phase::Unclear);
        assert_eq!(phase("17", false), Phase::Unclear);
    }

    #[test]
    fn versions_and_windows() {
        assert_eq!(version("REDIS_7_2").as_deref(), Some("7.2"));
        assert_eq!(version("REDIS_6_X").as_deref(), Some("6.x"));
        assert_eq!(version("VALKEY_8_0").as_deref(), Some("8.0"));
        assert_eq!(version("REDIS"), None);
        assert_eq!(version("REDIS_NEXT"), None);
        assert_eq!(
            window("SUNDAY", 5, 0).as_deref(),
            Some("sun:05:00-sun:06:00")
        );
        assert_eq!(
            window("SUNDAY", 23, 30).as_deref(),
            Some("sun:23:30-mon:00:30")
        );
        assert_eq!(window("SOMEDAY", 5, 0), None);
        assert_eq!(window("SUNDAY", 24, 0), None);
    }
}
