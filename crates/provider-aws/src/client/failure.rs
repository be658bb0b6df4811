//! What an error of the SDK comes down to.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use cachewarden_provider::{Failure, FailureKind};

use super::transport::PlainText;

/// What an error of the SDK comes down to. Of its texts only the error code
/// is kept.
pub(crate) fn failure<E>(error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Failure::new(FailureKind::TimedOut),
        SdkError::DispatchFailure(dispatch) => Failure::new(
            dispatch
                .as_connector_error()
                .map_or(FailureKind::Disconnected, of_connector),
        ),
        SdkError::ResponseError(response) => of_status(response.raw().status().as_u16()),
        SdkError::ServiceError(service) => {
            let raw = service.raw();
            let status = raw.status().as_u16();
            let code = service.err().code();
            let kind = code
                .and_then(of_code)
                .unwrap_or_else(|| of_status(status).kind);
            // An answer of something before the service has no code.
            let failure = Failure::new(kind).after(retry_after(raw));
            match code {
                Some(code) => failure.with_code(code),
                None if status >= 400 => failure.with_code(&format!("HTTP-{status}")),
                None => failure,
            }
        }
        // The question could not even be written, or is not on the list.
        _ => Failure::new(FailureKind::Rejected),
    }
}

/// By the error code of the service.
///
/// Source: Amazon EC2 API Reference, "Error codes"; Amazon ElastiCache and
/// MemoryDB API References, "Common errors".
fn of_code(code: &str) -> Option<FailureKind> {
    Some(match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "AuthFailure"
        | "Blocked"
        | "IncompleteSignature"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "NotAuthorized"
        | "OptInRequired"
        | "SignatureDoesNotMatch"
        | "UnauthorizedOperation"
        | "UnrecognizedClientException" => FailureKind::Denied,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => FailureKind::Expired,
        "BandwidthLimitExceeded"
        | "EC2ThrottledException"
        | "LimitExceededException"
        | "PriorRequestNotComplete"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "SlowDown"
        | "ThrottledException"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException" => FailureKind::Throttled,
        _ => return None,
    })
}

/// By the status alone; a success that ended up here could not be read.
fn of_status(status: u16) -> Failure {
    Failure::new(match status {
        200..=299 => FailureKind::Damaged,
        401 | 403 => FailureKind::Denied,
        408 | 500..=599 => FailureKind::Unavailable,
        429 => FailureKind::Throttled,
        _ => FailureKind::Rejected,
    })
}

/// An error from below HTTP, by what stands in its chain of causes.
fn of_connector(error: &ConnectorError) -> FailureKind {
    if error.is_timeout() {
        return FailureKind::Disconnected;
    }
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = next {
        if cause.is::<PlainText>() {
            return FailureKind::PlainText;
        }
        if cause.is::<CredentialsError>() {
            return FailureKind::NoCredentials;
        }
        // The resolver's and the TLS library's errors have private types.
        let text = cause.to_string();
        if text.starts_with("dns error") || text.starts_with("failed to lookup address") {
            return FailureKind::Unresolved;
        }
        if text.starts_with("invalid peer certificate") {
            return FailureKind::Untrusted;
        }
        next = cause.source();
    }
    FailureKind::Disconnected
}

/// The header that says when to ask again, in whole seconds or in
/// milliseconds. A date is not read: AWS sends none.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let header = |name| response.headers().get(name)?.trim().parse::<u64>().ok();
    header("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| header("retry-after").map(Duration::from_secs))
}
