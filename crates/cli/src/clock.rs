//! The one place that asks for the time.

use cachewarden_model::Timestamp;

/// This moment, to the second: reports need no more.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::from(jiff::Timestamp::now());
    Timestamp::from_unix(now.unix()).unwrap_or(now)
}
