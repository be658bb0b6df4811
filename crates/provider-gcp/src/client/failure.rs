//! What an answer that is none comes down to.

use std::time::Duration;

use cachewarden_provider::{Failure, FailureKind};
use google_cloud_gax::error::Error;
use google_cloud_gax::error::rpc::StatusDetails;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer that is none, and whose API it says is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) failure: Failure,
    /// The project for which the API is off, as `projects/NUMBER` or
    /// `projects/ID`; none if that is not what the answer says.
    pub(crate) off_in: Option<String>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            off_in: None,
        }
    }
}

/// What an error says of itself.
#[derive(Debug, Default)]
struct Told {
    status: u16,
    /// `ErrorInfo.reason`, or `errors[].reason` as older APIs write it.
    reason: Option<String>,
    /// `PERMISSION_DENIED` and its like.
    word: Option<String>,
    /// `ErrorInfo.metadata.consumer`.
    consumer: Option<String>,
    retry_after: Option<Duration>,
}

/// Words for too many requests. Compute says it with 403.
///
/// Source: Compute Engine, "API rate limits", and `google.rpc.ErrorInfo`.
const TOO_MANY: [&str; 5] = [
    "rateLimitExceeded",
    "RATE_LIMIT_EXCEEDED",
    "userRateLimitExceeded",
    "quotaExceeded",
    "RESOURCE_EXHAUSTED",
];

/// Words for an API that is not switched on.
const OFF: [&str; 2] = ["SERVICE_DISABLED", "accessNotConfigured"];

/// Words for a token that is no longer valid.
const EXPIRED: [&str; 3] = ["ACCESS_TOKEN_EXPIRED", "CREDENTIALS_MISSING", "authError"];

impl Told {
    fn kind(&self) -> FailureKind {
        let is = |words: &[&str]| {
            [&self.reason, &self.word]
                .into_iter()
                .flatten()
                .any(|it| words.contains(&it.as_str()))
        };
        match self.status {
            401 => FailureKind::Expired,
            403 | 429 if is(&TOO_MANY) => FailureKind::Throttled,
            403 if is(&EXPIRED) => FailureKind::Expired,
            403 => FailureKind::Denied,
            429 => FailureKind::Throttled,
            408 | 500..=599 => FailureKind::Unavailable,
            // 2xx and 3xx: not what was asked for.
            0..=399 => FailureKind::Damaged,
            _ => FailureKind::Rejected,
        }
    }

    fn refusal(self) -> Refusal {
        let off = self.reason.as_deref().is_some_and(|it| OFF.contains(&it));
        let mut failure = Failure::new(self.kind()).after(self.retry_after);
        if let Some(code) = self.reason.as_deref().or(self.word.as_deref()) {
            failure = failure.with_code(code);
        }
        Refusal {
            failure,
            off_in: self.consumer.filter(|_| off),
        }
    }
}

/// What an answer other than 200 comes down to.
///
/// Source: Google Cloud APIs, "Errors"; older APIs: "Error responses".
pub(super) fn of_answer(status: u16, headers: &HeaderMap, body: &[u8]) -> Refusal {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    // A list of errors is sent by some for streams.
    let error = body.get("error").or_else(|| body.pointer("/0/error"));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let details = error.and_then(|it| it.get("details")?.as_array());
    let info = details.into_iter().flatten().find(|it| {
        let kind = it.get("@type").and_then(Value::as_str);
        kind.is_some_and(|it| it.ends_with("google.rpc.ErrorInfo"))
    });
    let old = error.and_then(|it| it.pointer("/errors/0/reason"));
    Told {
        status,
        reason: info.and_then(|it| it.get("reason")).or(old).and_then(text),
        word: error.and_then(|it| it.get("status")).and_then(text),
        consumer: info
            .and_then(|it| it.pointer("/metadata/consumer"))
            .and_then(text),
        retry_after: wait(headers),
    }
    .refusal()
}

fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// What an error of a typed client comes down to.
pub(super) fn of_client(error: &Error) -> Refusal {
    if let Some(status) = error.http_status_code() {
        let none = HeaderMap::new();
        let headers = error.http_headers().unwrap_or(&none);
        if let Some(payload) = error.http_payload() {
            return of_answer(status, headers, payload);
        }
        let told = error.status();
        let info = told.and_then(|it| {
            it.details.iter().find_map(|it| match it {
                StatusDetails::ErrorInfo(info) => Some(info),
                _ => None,
            })
        });
        return Told {
            status,
            reason: info.map(|it| it.reason.clone()),
            word: told.map(|it| it.code.name().to_owned()),
            consumer: info.and_then(|it| it.metadata.get("consumer").cloned()),
            retry_after: wait(headers),
        }
        .refusal();
    }
    let kind = if error.is_authentication() {
        return Refusal::from(of_credentials(error));
    } else if error.is_deserialization() {
        FailureKind::Damaged
    } else if error.is_timeout() {
        FailureKind::TimedOut
    } else {
        of_words(error)
    };
    Failure::new(kind).into()
}

/// What an error of the plain client comes down to.
pub(super) fn of_request(error: &reqwest::Error) -> Failure {
    let kind = if error.is_timeout() {
        FailureKind::TimedOut
    } else if error.is_builder() {
        FailureKind::Rejected
    } else {
        of_words(error)
    };
    Failure::new(kind)
}

/// No token could be had. What the issuer wrote is not kept.
pub(super) fn of_credentials(error: &(dyn std::error::Error + 'static)) -> Failure {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if let Some(inner) = inner.downcast_ref::<google_cloud_gax::error::CredentialsError>() {
            return Failure::new(if inner.is_transient() {
                FailureKind::Unavailable
            } else {
                FailureKind::NoCredentials
            });
        }
        cause = inner.source();
    }
    Failure::new(FailureKind::NoCredentials)
}

/// Why the connection was not made, as far as the words of the layers below
/// tell; they do not tell it by types.
fn of_words(error: &dyn std::error::Error) -> FailureKind {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if text.contains("dns error") || text.contains("failed to lookup") {
            return FailureKind::Unresolved;
        }
        if text.contains("peer certificate") || text.contains("InvalidContentType") {
            return FailureKind::Untrusted;
        }
        cause = inner.source();
    }
    FailureKind::Disconnected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Refusal {
        of_answer(status, &HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn statuses_and_reasons() {
        let denied =
            r#"{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "secret names"}}"#;
        assert_eq!(
            of(403, denied).failure.to_string(),
            "the credentials may not call it (`PERMISSION_DENIED`)"
        );
        let quick = r#"{"error": {"code": 403, "errors": [{"reason": "rateLimitExceeded"}]}}"#;
        assert_eq!(of(403, quick).failure.kind, FailureKind::Throttled);
        for (status, kind) in [
            (401, FailureKind::Expired),
            (404, FailureKind::Rejected),
            (429, FailureKind::Throttled),
            (500, FailureKind::Unavailable),
            (503, FailureKind::Unavailable),
            (302, FailureKind::Damaged),
            (204, FailureKind::Damaged),
        ] {
            assert_eq!(of(status, "<html>").failure.kind, kind, "{status}");
        }
    }

    #[test]
    fn an_api_is_off_in_a_project_and_in_no_other() {
        let off = r#"{"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED",
             "metadata": {"consumer": "projects/123", "service": "redis.googleapis.com"}}]}}"#;
        let refusal = of(403, off);
        assert_eq!(refusal.off_in.as_deref(), Some("projects/123"));
        assert_eq!(refusal.failure.kind, FailureKind::Denied);
        assert_eq!(refusal.failure.code(), Some("SERVICE_DISABLED"));
        let other = off.replace("SERVICE_DISABLED", "IAM_PERMISSION_DENIED");
        assert_eq!(of(403, &other).off_in, None);
    }

    #[test]
    fn the_wait_that_google_asks_for() {
        let headers = HeaderMap::from_iter([(
            reqwest::header::RETRY_AFTER,
            reqwest::header::HeaderValue::from_static("7"),
        )]);
        let failure = of_answer(429, &headers, b"").failure;
        assert_eq!(failure.retry_after, Some(Duration::from_secs(7)));
    }
}
