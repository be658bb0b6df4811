//! Those who issue tokens: Google's authorization server, and the metadata server of a machine.

use serde_json::json;

use super::refusal::error;
use super::request::GcpRequest;
use crate::http::{Incoming, Response, form};

/// What a user's credentials must hold.
const REFRESH_TOKEN: &str = "canary-refresh-token";

/// A token for who asks rightly; `None` for requests that ask for none.
pub(super) fn issue(asked: &GcpRequest, incoming: &Incoming, token: &str) -> Option<Response> {
    if !asked.api.is_empty() {
        return None;
    }
    if asked.path == "token" {
        return Some(authorize(asked, token));
    }
    if incoming.head.header("metadata-flavor") != Some("Google") {
        return Some(error("", 403, "", json!({})));
    }
    let answer = if asked.path.ends_with("/token") {
        let body = json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer"});
        Response::new(200, "application/json", body.to_string())
    } else if asked.path.ends_with("/universe-domain") {
        Response::new(200, "application/text", "googleapis.com")
    } else {
        error("", 404, "", json!({}))
    };
    Some(answer.with("metadata-flavor", "Google"))
}

fn authorize(asked: &GcpRequest, token: &str) -> Response {
    let fields: Vec<(String, String)> = form(&asked.body).collect();
    let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap_or_default();
    let field = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        let text = found.map(|(_, value)| value.as_str());
        text.or_else(|| body[name].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    if field("refresh_token") == REFRESH_TOKEN || is_signed(&field("assertion")) {
        let body = json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer"});
        return Response::new(200, "application/json", body.to_string());
    }
    let body =
        json!({"error": "invalid_grant", "error_description": "Bad Request (canary-description)"});
    Response::new(400, "application/json", body.to_string())
}

/// Whether a text has the three parts of a signed statement. What it says is looked at by those who test it.
pub(super) fn is_signed(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|it| it.len() > 20)
}
