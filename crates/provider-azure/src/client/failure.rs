//! What an answer that is none comes down to.

use std::error::Error as _;
use std::time::Duration;

use azure_core::error::{Error, ErrorKind};
use azure_core::http::RawResponse;
use azure_core::http::headers::HeaderName;
use cachewarden_provider::{Failure, FailureKind};
use serde_json::Value;

/// Error codes of Azure Resource Manager that mean something of their own.
pub(crate) mod codes {
    /// The subscription never used the service: it has none of its resources.
    pub(crate) const NOT_REGISTERED: [&str; 2] = [
        "MissingSubscriptionRegistration",
        "SubscriptionNotRegistered",
    ];
    /// The thing went away since it was listed.
    pub(crate) const GONE: [&str; 4] = [
        "ResourceNotFound",
        "ParentResourceNotFound",
        "ResourceGroupNotFound",
        "NotFound",
    ];
}

/// Whether a failure says that the thing, or what it is part of, is not there.
pub(crate) fn is_absent(failure: &Failure) -> bool {
    failure.code().is_some_and(|it| codes::GONE.contains(&it))
}

/// What an answer other than 200 comes down to.
///
/// Source: Azure Resource Manager, "Common deployment errors" and "Request
/// limits and throttling".
pub(super) fn of_answer(answer: &RawResponse) -> Failure {
    let kind = match u16::from(answer.status()) {
        401 => FailureKind::Expired,
        403 => FailureKind::Denied,
        429 => FailureKind::Throttled,
        408 | 500..=599 => FailureKind::Unavailable,
        // 2xx and 3xx: not what was asked for.
        200..=399 => FailureKind::Damaged,
        _ => FailureKind::Rejected,
    };
    let mut failure = Failure::new(kind);
    if let Some(code) = code(answer) {
        failure = failure.with_code(&code);
        // A subscription of another tenant, or one that is gone, is not to be seen.
        if ["SubscriptionNotFound", "InvalidSubscriptionId"].contains(&code.as_str()) {
            failure.kind = FailureKind::Denied;
        }
    }
    failure.after(wait(answer))
}

/// `error.code`, or `code` as some services write it.
fn code(answer: &RawResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(answer.body().as_ref()).ok()?;
    let code = body.pointer("/error/code").or_else(|| body.get("code"))?;
    code.as_str().map(str::to_owned)
}

fn wait(answer: &RawResponse) -> Option<Duration> {
    let header = |name: &'static str| {
        let value = answer
            .headers()
            .get_optional_str(&HeaderName::from_static(name))?;
        value.trim().parse::<u64>().ok()
    };
    header("retry-after-ms")
        .or_else(|| header("x-ms-retry-after-ms"))
        .map(Duration::from_millis)
        .or_else(|| header("retry-after").map(Duration::from_secs))
}

/// What an error without an answer comes down to.
pub(super) fn of_error(error: &Error) -> Failure {
    match error.kind() {
        ErrorKind::Credential => of_credential(error),
        ErrorKind::Connection | ErrorKind::Io => Failure::new(of_transport(error)),
        ErrorKind::DataConversion => Failure::new(FailureKind::Damaged),
        ErrorKind::HttpResponse { .. } => Failure::new(FailureKind::Unavailable),
        _ => Failure::new(FailureKind::PlainText),
    }
}

/// Why the connection was not made, as far as the words of the layers below
/// tell; they do not tell it by types.
fn of_transport(error: &Error) -> FailureKind {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if text.contains("dns error") || text.contains("failed to lookup") {
            return FailureKind::Unresolved;
        }
        if text.contains("certificate") || text.contains("InvalidContentType") {
            return FailureKind::Untrusted;
        }
        cause = inner.source();
    }
    FailureKind::Disconnected
}

/// A token could not be had: of the reason only the number is kept that
/// Microsoft Entra gives its errors.
fn of_credential(error: &Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(azure) = inner.downcast_ref::<Error>() {
            match azure.kind() {
                ErrorKind::HttpResponse {
                    status, error_code, ..
                } => {
                    let status = u16::from(*status);
                    let kind = if status == 429 || status >= 500 {
                        FailureKind::Unavailable
                    } else {
                        FailureKind::NoCredentials
                    };
                    let failure = Failure::new(kind);
                    return match error_code {
                        Some(code) => failure.with_code(&format!("AADSTS{code}")),
                        None => failure,
                    };
                }
                ErrorKind::Connection | ErrorKind::Io => return Failure::new(of_transport(azure)),
                _ => {}
            }
        }
        cause = inner.source();
    }
    Failure::new(FailureKind::NoCredentials)
}

#[cfg(test)]
mod tests {
    use azure_core::http::StatusCode;
    use azure_core::http::headers::Headers;

    use super::*;

    fn answer(status: u16, body: &str) -> RawResponse {
        RawResponse::from_bytes(StatusCode::from(status), Headers::new(), body.to_owned())
    }

    #[test]
    fn statuses_and_codes() {
        let denied = r#"{"error": {"code": "AuthorizationFailed", "message": "secret names"}}"#;
        let failure = of_answer(&answer(403, denied));
        assert_eq!(
            failure.to_string(),
            "the credentials may not call it (`AuthorizationFailed`)"
        );
        let unseen = r#"{"error": {"code": "SubscriptionNotFound", "message": "x"}}"#;
        assert_eq!(of_answer(&answer(404, unseen)).kind, FailureKind::Denied);
        for (status, kind) in [
            (401, FailureKind::Expired),
            (404, FailureKind::Rejected),
            (429, FailureKind::Throttled),
            (500, FailureKind::Unavailable),
            (503, FailureKind::Unavailable),
            (302, FailureKind::Damaged),
            (204, FailureKind::Damaged),
        ] {
            assert_eq!(of_answer(&answer(status, "<html>")).kind, kind, "{status}");
        }
    }

    #[test]
    fn the_wait_that_azure_asks_for() {
        let mut headers = Headers::new();
        headers.insert("retry-after", "7");
        let throttled = RawResponse::from_bytes(StatusCode::from(429), headers, "");
        assert_eq!(
            of_answer(&throttled).retry_after,
            Some(Duration::from_secs(7))
        );
    }
}
