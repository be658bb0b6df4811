//! Errors in the shapes of Google's APIs.

use serde_json::{Value, json};

use crate::http::Response;
use crate::refusal::Reason;

/// An error with its reason, as newer APIs write it; Compute adds its own older form.
pub(super) fn error(api: &str, status: u16, reason: &str, metadata: Value) -> Response {
    let word = match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        _ => "INTERNAL",
    };
    let mut error = json!({
        "code": status, "status": word,
        "message": "Request had trouble for auditor@shop.iam.gserviceaccount.com (canary-message).",
    });
    if !reason.is_empty() {
        error["details"] = json!([{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason,
            "domain": "googleapis.com", "metadata": metadata,
        }]);
    }
    if api == "compute" {
        let old = match reason {
            "RATE_LIMIT_EXCEEDED" => "rateLimitExceeded",
            "SERVICE_DISABLED" => "accessNotConfigured",
            _ => "forbidden",
        };
        error["errors"] = json!([{"reason": old, "domain": "usageLimits", "message": "x"}]);
    }
    let body = json!({"error": error}).to_string();
    Response::new(status, "application/json; charset=UTF-8", body)
}

/// The permission is missing.
pub(super) fn denied(api: &str, permission: &str) -> Response {
    error(
        api,
        403,
        "IAM_PERMISSION_DENIED",
        json!({"permission": permission}),
    )
}

/// Compute says that there were too many with 403, in its older form alone; the others with 429.
fn throttled(api: &str) -> Response {
    if api != "compute" {
        return error(api, 429, "RATE_LIMIT_EXCEEDED", json!({})).with("retry-after", "0");
    }
    let body = json!({"error": {"code": 403, "message": "Rate Limit Exceeded", "errors": [
        {"reason": "rateLimitExceeded", "domain": "usageLimits", "message": "Rate Limit Exceeded"}]}});
    Response::new(403, "application/json; charset=UTF-8", body.to_string())
}

/// What a fault answers in place of the right answer.
pub(super) fn of(reason: &Reason, api: &str, permission: &str) -> Response {
    match reason {
        Reason::Denied => denied(api, permission),
        Reason::Throttled => throttled(api),
        Reason::Expired => error(api, 401, "ACCESS_TOKEN_EXPIRED", json!({})),
        Reason::Status(status) => error(api, *status, "", json!({})),
        other => error(api, 400, &format!("{other:?}"), json!({})),
    }
}
