//! Why a call failed, told without anything that the cloud wrote.
//!
//! A cloud's own text can name principals, hosts and worse; of it only the
//! error code is kept, and only if it looks like one.

use std::fmt;
use std::time::Duration;

use cachewarden_model::GapReason;

/// An error of a cloud's client.
pub trait CloudError {
    /// What it comes down to.
    fn failure(&self) -> Failure;
}

/// Why a call failed. Holds no text of the cloud but its error code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// In which way.
    pub kind: FailureKind,
    /// Before when the cloud does not want to be asked again.
    pub retry_after: Option<Duration>,
    code: Option<String>,
}

/// In which way a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The credentials may not ask this.
    Denied,
    /// The credentials are no longer valid.
    Expired,
    /// There are no credentials.
    NoCredentials,
    /// Too many requests.
    Throttled,
    /// The service failed, or something before it.
    Unavailable,
    /// The connection could not be made or broke.
    Disconnected,
    /// The name of the service does not resolve.
    Unresolved,
    /// The other side's certificate was not accepted, or it speaks no TLS.
    Untrusted,
    /// An attempt, or the call with its retries, took too long.
    TimedOut,
    /// The time for the whole collection was over.
    OutOfTime,
    /// The answer could not be read, was cut off, or lacked its own list.
    Damaged,
    /// A page named a next page that had been read before.
    Circular,
    /// A page named a next page on another host, which is not to see the
    /// credentials.
    Foreign,
    /// The question was not accepted.
    Rejected,
    /// The question was not sent: the endpoint is not to be asked in plain text.
    PlainText,
}

/// Longest code that is kept.
const LONGEST_CODE: usize = 64;

impl Failure {
    /// A failure without a code.
    pub fn new(kind: FailureKind) -> Self {
        Self {
            kind,
            retry_after: None,
            code: None,
        }
    }

    /// The same failure with the cloud's error code, if it looks like one:
    /// letters, digits, `.`, `_` and `-`, 64 at most.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> Self {
        let plain = |each: char| each.is_ascii_alphanumeric() || matches!(each, '.' | '_' | '-');
        let fits = (1..=LONGEST_CODE).contains(&code.len());
        self.code = (fits && code.chars().all(plain)).then(|| code.to_owned());
        self
    }

    /// The same failure with the wait that the cloud asks for.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// The cloud's error code, if it gave one.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// How many attempts make sense, of the most that are allowed; none if
    /// only time limits them.
    pub(crate) fn attempts(&self, most: u32) -> Option<u32> {
        use FailureKind as Kind;
        match self.kind {
            Kind::Throttled => None,
            Kind::Unavailable | Kind::Disconnected | Kind::TimedOut => Some(most),
            // Worth a second look, and no more: it seldom heals.
            Kind::Unresolved | Kind::Damaged => Some(most.min(3)),
            Kind::Denied
            | Kind::Expired
            | Kind::NoCredentials
            | Kind::Untrusted
            | Kind::OutOfTime
            | Kind::Circular
            | Kind::Foreign
            | Kind::Rejected
            | Kind::PlainText => Some(1),
        }
    }

    /// The reason that its gap states.
    pub fn reason(&self) -> GapReason {
        use FailureKind as Kind;
        match self.kind {
            Kind::Denied | Kind::Expired | Kind::NoCredentials => GapReason::AccessDenied,
            Kind::Throttled => GapReason::Throttled,
            Kind::TimedOut | Kind::OutOfTime => GapReason::Timeout,
            Kind::Damaged | Kind::Circular | Kind::Foreign => GapReason::Damaged,
            Kind::Unavailable
            | Kind::Disconnected
            | Kind::Unresolved
            | Kind::Untrusted
            | Kind::Rejected
            | Kind::PlainText => GapReason::Failed,
        }
    }
}

/// One clause, such as "the credentials may not call it (`AccessDenied`)".
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FailureKind as Kind;
        f.write_str(match self.kind {
            Kind::Denied => "the credentials may not call it",
            Kind::Expired => "the credentials have expired",
            Kind::NoCredentials => "no credentials were found",
            Kind::Throttled => "it was throttled until the time for the call was over",
            Kind::Unavailable => "the service failed",
            Kind::Disconnected => "the connection could not be made, or broke",
            Kind::Unresolved => "the name of the service does not resolve",
            Kind::Untrusted => "the certificate of the other side was not accepted",
            Kind::TimedOut => "no answer came in the time for the call",
            Kind::OutOfTime => "the time for the whole collection was over",
            Kind::Damaged => "the answer could not be read, was cut off, or lacked its list",
            Kind::Circular => "the answer named a next page that had been read before",
            Kind::Foreign => "the answer named a next page on another host",
            Kind::Rejected => "the question was not accepted",
            Kind::PlainText => "the endpoint would have been asked in plain text",
        })?;
        match &self.code {
            Some(code) => write!(f, " (`{code}`)"),
            None => Ok(()),
        }
    }
}

impl CloudError for Failure {
    fn failure(&self) -> Failure {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_kept_and_nothing_else() {
        let denied = || Failure::new(FailureKind::Denied);
        assert_eq!(
            denied().with_code("UnauthorizedOperation").to_string(),
            "the credentials may not call it (`UnauthorizedOperation`)"
        );
        for text in [
            "",
            "Token: AKIA/secret",
            "two words",
            "a\nb",
            &"x".repeat(65),
        ] {
            assert_eq!(denied().with_code(text), denied(), "{text}");
        }
    }

    #[test]
    fn what_cannot_heal_is_asked_once() {
        let attempts = |kind| Failure::new(kind).attempts(8);
        assert_eq!(attempts(FailureKind::Denied), Some(1));
        assert_eq!(attempts(FailureKind::Damaged), Some(3));
        assert_eq!(attempts(FailureKind::Disconnected), Some(8));
        assert_eq!(attempts(FailureKind::Throttled), None);
    }
}
