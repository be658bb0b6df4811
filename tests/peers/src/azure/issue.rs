//! Those who issue tokens: Microsoft Entra, and the identity endpoint of App Service.

use serde_json::json;

use super::refusal::error;
use super::request::AzureRequest;
use crate::http::{Incoming, Response, form};

/// The header that App Service wants, and its value.
pub(super) const IDENTITY_HEADER: (&str, &str) = ("x-identity-header", "canary-identity-header");

/// The secret of the client that may ask.
pub(super) const CLIENT_SECRET: &str = "canary-client-secret";

/// The assertion of a workload that may ask.
pub(super) const ASSERTION: &str = "canary-federated-token";

/// A token for who asks rightly; `None` for requests that ask for none.
pub(super) fn issue(asked: &AzureRequest, incoming: &Incoming, token: &str) -> Option<Response> {
    if asked.path.ends_with("/oauth2/v2.0/token") {
        return Some(entra(asked, token));
    }
    if asked.path != "/identity" {
        return None;
    }
    let (name, value) = IDENTITY_HEADER;
    if incoming.head.header(name) != Some(value) {
        return Some(error(400, "invalid_request", "the header is missing"));
    }
    let body = json!({
        "access_token": token, "expires_on": "4102444800", "token_type": "Bearer",
        "resource": asked.parameter("resource").unwrap_or_default(),
    });
    Some(Response::new(200, "application/json", body.to_string()))
}

fn entra(asked: &AzureRequest, token: &str) -> Response {
    let fields: Vec<(String, String)> = form(&asked.body).collect();
    let field = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let assertion = field("client_assertion");
    // A signed statement has three parts; what it says is looked at by those who test it.
    let signed = assertion.split('.').count() == 3;
    if field("client_secret") == CLIENT_SECRET || assertion == ASSERTION || signed {
        let body = json!({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token});
        return Response::new(200, "application/json", body.to_string());
    }
    let body = json!({
        "error": "invalid_client", "error_codes": [7_000_215],
        "error_description": "AADSTS7000215: Invalid client secret provided.",
    });
    Response::new(401, "application/json", body.to_string())
}
