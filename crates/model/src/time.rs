//! Points in time, in UTC.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A point in time, written as RFC 3339 in UTC (`2026-01-31T08:00:00Z`).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Timestamp(#[schemars(with = "String")] jiff::Timestamp);

/// A text is no point in time.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is not a time such as `2026-01-31T08:00:00Z` or a date such as `2026-01-31`")]
pub struct TimestampError {
    text: String,
}

impl Timestamp {
    /// From seconds since 1970; none outside the years -9999 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds).ok().map(Self)
    }

    /// Seconds since 1970.
    pub fn unix(self) -> i64 {
        self.0.as_second()
    }

    /// Whole days from here to `later`, negative if it is in the past.
    pub fn days_until(self, later: Self) -> i64 {
        (later.unix() - self.unix()).div_euclid(86_400)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time)
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// Takes a time with offset, or a date, which is its first second in UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || TimestampError {
            text: text.to_owned(),
        };
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(time));
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| error())?;
        let zoned = date
            .to_datetime(jiff::civil::Time::midnight())
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_err(|_| error())?;
        Ok(Self(zoned.timestamp()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_its_first_second() {
        let date: Timestamp = "2026-01-31".parse().unwrap();
        assert_eq!(date.to_string(), "2026-01-31T00:00:00Z");
        let noon: Timestamp = "2026-02-01T12:00:00+00:00".parse().unwrap();
        assert_eq!(date.days_until(noon), 1);
        assert_eq!(noon.days_until(date), -2);
        assert!("yesterday".parse::<Timestamp>().is_err());
    }
}
