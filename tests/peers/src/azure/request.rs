//! What was asked of the fake: which action, of which subscription.

use crate::fault::FaultKind;
use crate::http::{Incoming, form};

/// One request that reached the fake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureRequest {
    /// HTTP method.
    pub method: String,
    /// Path, without its query.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The action that allows it, in the letter case of the path: `Microsoft.Cache/redis/read`. Of a Resource
    /// Graph query, that of the type that it asks for.
    pub action: String,
    /// The subscription that the path names; empty where it names none.
    pub subscription: String,
    /// The body, as text.
    pub body: String,
    /// Status of the answer; `None` where the fault let none go out.
    pub status: Option<u16>,
    /// The fault that applied.
    pub fault: Option<FaultKind>,
}

impl AzureRequest {
    pub(super) fn read(incoming: &Incoming) -> Self {
        let (method, target) = incoming.target();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let body = String::from_utf8_lossy(&incoming.body).into_owned();
        let kind = match super::graph::asked_type(path, &body) {
            Some(kind) => kind,
            None => type_of(path),
        };
        let parts: Vec<&str> = path.split('/').collect();
        let subscription = match parts.as_slice() {
            [_, first, id, ..] if first.eq_ignore_ascii_case("subscriptions") => (*id).to_owned(),
            _ => String::new(),
        };
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: form(query).collect(),
            action: format!("{kind}/read"),
            subscription,
            body,
            status: None,
            fault: None,
        }
    }

    /// A value of the query.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self
            .query
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it only reads: a list, a query, a token.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        let path = self.path.to_lowercase();
        let reads = ["/resources", "/metrics:getbatch", "/oauth2/v2.0/token"];
        match self.method.as_str() {
            "GET" => !path.contains("listkeys"),
            "POST" => reads.iter().any(|it| path.ends_with(it)),
            _ => false,
        }
    }
}

/// The type of what a path names: of the resource, or of the list below it.
fn type_of(path: &str) -> String {
    if path.to_lowercase().ends_with("/metrics:getbatch") {
        return "Microsoft.Insights/metrics".to_owned();
    }
    let lower = path.to_lowercase();
    let Some(at) = lower.rfind("/providers/") else {
        return match path.split('/').count() {
            2 | 3 if lower.starts_with("/subscriptions") => {
                "Microsoft.Resources/subscriptions".to_owned()
            }
            _ => "none".to_owned(),
        };
    };
    let parts: Vec<&str> = path[at + "/providers/".len()..].split('/').collect();
    // Namespace, then types and names by turns.
    let types = parts.iter().skip(1).step_by(2);
    std::iter::once(&parts[0])
        .chain(types)
        .copied()
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_paths() {
        let cache = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Cache/redis/c";
        for (path, kind) in [
            (
                "/subscriptions".to_owned(),
                "Microsoft.Resources/subscriptions",
            ),
            (
                "/subscriptions/s/providers/Microsoft.Cache/redis".to_owned(),
                "Microsoft.Cache/redis",
            ),
            (cache.to_owned(), "Microsoft.Cache/redis"),
            (
                format!("{cache}/firewallRules"),
                "Microsoft.Cache/redis/firewallRules",
            ),
            (
                format!("{cache}/firewallRules/a"),
                "Microsoft.Cache/redis/firewallRules",
            ),
            (
                format!("{cache}/providers/microsoft.insights/metrics"),
                "microsoft.insights/metrics",
            ),
        ] {
            assert_eq!(type_of(&path), kind, "{path}");
        }
    }
}
