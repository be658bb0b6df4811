//! Which versions of the interface a type has.

use super::refusal::error;
use super::request::AzureRequest;
use crate::http::Response;

/// Versions that types have, by the start of the type in lower case; the longest start counts.
const VERSIONS: [(&str, &[&str]); 13] = [
    (
        "microsoft.resources/subscriptions",
        &["2020-01-01", "2021-01-01", "2022-12-01"],
    ),
    (
        "microsoft.authorization/permissions",
        &["2018-07-01", "2022-04-01"],
    ),
    (
        "microsoft.resourcegraph/resources",
        &["2021-03-01", "2022-10-01"],
    ),
    ("microsoft.cache/redis/", &["2024-03-01", "2024-11-01"]),
    ("microsoft.cache/redis", &["2024-03-01", "2024-11-01"]),
    (
        "microsoft.cache/redisenterprise",
        &["2025-04-01", "2025-07-01"],
    ),
    (
        "microsoft.network/privatednszones",
        &["2020-06-01", "2024-06-01"],
    ),
    (
        "microsoft.network",
        &["2023-09-01", "2024-03-01", "2024-05-01"],
    ),
    ("microsoft.insights/metrics", &["2023-10-01"]),
    (
        "microsoft.insights/diagnosticsettings",
        &["2021-05-01-preview"],
    ),
    ("microsoft.compute", &["2024-07-01"]),
    ("microsoft.web", &["2024-04-01"]),
    ("microsoft.app", &["2024-03-01"]),
];

/// Why the version of a request is refused; `None` where its type has it.
pub(super) fn version(asked: &AzureRequest) -> Option<Response> {
    let Some(version) = asked.parameter("api-version") else {
        let message = "The api-version query parameter is required for all requests.";
        return Some(error(400, "MissingApiVersionParameter", message));
    };
    let path = asked.path.to_lowercase();
    let kind = if path.ends_with("/microsoft.resourcegraph/resources") {
        "microsoft.resourcegraph/resources".to_owned()
    } else {
        asked.action.to_lowercase()
    };
    let known = VERSIONS.iter().filter(|(start, _)| kind.starts_with(start));
    let known = known.max_by_key(|(start, _)| start.len());
    let has = known.is_some_and(|(_, versions)| versions.contains(&version));
    (!has).then(|| {
        let message = format!("The api-version '{version}' is not valid for '{kind}'.");
        error(400, "InvalidApiVersionParameter", &message)
    })
}
