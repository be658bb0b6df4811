//! Errors in the shape of Azure Resource Manager.

use serde_json::json;

use crate::http::Response;
use crate::refusal::Reason;

/// An error.
pub(super) fn error(status: u16, code: &str, message: &str) -> Response {
    let body = json!({"error": {"code": code, "message": message}});
    Response::new(status, "application/json; charset=utf-8", body.to_string())
}

/// The action is not allowed.
pub(super) fn denied(action: &str, scope: &str) -> Response {
    let message = format!(
        "The client 'auditor@example.com' with object id '00000000-0000-0000-0000-0000000000aa' does not have \
         authorization to perform action '{action}' over scope '{scope}' or the scope is invalid."
    );
    error(403, "AuthorizationFailed", &message)
}

/// What a fault answers in place of the right answer.
pub(super) fn of(reason: &Reason, action: &str, scope: &str) -> Response {
    match reason {
        Reason::Denied => denied(action, scope),
        Reason::Throttled => {
            let message = "Number of requests exceeded the limit.";
            error(429, "TooManyRequests", message).with("retry-after", "0")
        }
        Reason::Expired => error(
            401,
            "ExpiredAuthenticationToken",
            "The access token expiry is in the past.",
        ),
        Reason::Status(status) => {
            let code = if *status == 503 {
                "ServiceUnavailable"
            } else {
                "InternalServerError"
            };
            error(*status, code, "asked for by the test")
        }
        other => error(400, "BadRequest", &format!("{other:?}")),
    }
}
