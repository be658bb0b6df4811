//! What was asked of the fake: which permission allows it, of which project.

use crate::fault::FaultKind;
use crate::http::{Incoming, form};

/// One request that reached the fake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GcpRequest {
    /// HTTP method.
    pub method: String,
    /// The API (`redis`); empty for those who issue tokens.
    pub api: String,
    /// The path within the API, without the version.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The permission that allows it; empty where there is none.
    pub permission: String,
    /// The project that the path names, by id or number; empty where it names none.
    pub project: String,
    /// The body, as text.
    pub body: String,
    /// Status of the answer; `None` where the fault let none go out.
    pub status: Option<u16>,
    /// The fault that applied.
    pub fault: Option<FaultKind>,
}

/// Versions that stand between an API and its paths.
const VERSIONS: [&str; 6] = [
    "compute/v1/",
    "dns/v1/",
    "v1/",
    "v3/",
    "apis/serving.knative.dev/v1/",
    "",
];

impl GcpRequest {
    pub(super) fn read(incoming: &Incoming) -> Self {
        let (method, target) = incoming.target();
        let (whole, query) = target.split_once('?').unwrap_or((target, ""));
        let rest = whole.trim_start_matches('/');
        let (api, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = VERSIONS
            .iter()
            .find_map(|it| path.strip_prefix(it))
            .unwrap_or(path);
        let issues = api == "token" || api == "computeMetadata";
        let (api, path) = if issues { ("", rest) } else { (api, path) };
        Self {
            method: method.to_owned(),
            api: api.to_owned(),
            path: path.to_owned(),
            query: form(query).collect(),
            permission: permission(api, path),
            project: project(path).to_owned(),
            body: String::from_utf8_lossy(&incoming.body).into_owned(),
            status: None,
            fault: None,
        }
    }

    /// A value of the query.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it only reads, and can hold no secret: a list, a thing, a token.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        let path = self.path.to_lowercase();
        let secret = ["authstring", "authtokens", "tokenauthusers"];
        match self.method.as_str() {
            "GET" => !secret.iter().any(|it| path.contains(it)),
            "POST" => self.api.is_empty(),
            _ => false,
        }
    }
}

fn project(path: &str) -> &str {
    let mut parts = path
        .split('/')
        .skip_while(|it| *it != "projects" && *it != "namespaces");
    parts.nth(1).unwrap_or_default()
}

/// The permission that allows a request, as Google's manuals have it.
fn permission(api: &str, path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let last = parts.last().copied().unwrap_or_default();
    let text = match (api, last) {
        ("cloudresourcemanager", "projects:search") => "resourcemanager.projects.get",
        ("cloudresourcemanager", "projects") => "resourcemanager.projects.list",
        ("cloudresourcemanager", "folders") => "resourcemanager.folders.list",
        ("redis", "certificateAuthority" | "sharedRegionalCertificateAuthority") => {
            "redis.clusters.get"
        }
        ("memorystore", "certificateAuthority" | "sharedRegionalCertificateAuthority") => {
            "memorystore.instances.get"
        }
        ("compute", "getEffectiveFirewalls") => "compute.networks.getRegionEffectiveFirewalls",
        ("compute", "listPeeringRoutes") => "compute.networks.listPeeringRoutes",
        ("compute", "getXpnResources") => "compute.projects.get",
        ("compute", "addresses") => "compute.globalAddresses.list",
        ("compute", _) if parts.len() == 2 => "compute.projects.get",
        ("networksecurity", _) => "networksecurity.addressGroups.get",
        ("dns", "rrsets") => "dns.resourceRecordSets.list",
        ("dns", "rules") => "dns.responsePolicyRules.list",
        ("monitoring", _) => "monitoring.timeSeries.list",
        ("", _) => "",
        (api, list) => return format!("{api}.{list}.list"),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_of_paths() {
        for (api, path, name) in [
            (
                "redis",
                "projects/p/locations/-/clusters",
                "redis.clusters.list",
            ),
            (
                "compute",
                "projects/p/aggregated/instances",
                "compute.instances.list",
            ),
            ("compute", "projects/p", "compute.projects.get"),
            ("run", "namespaces/p/services", "run.services.list"),
            ("dns", "projects/p/managedZones", "dns.managedZones.list"),
        ] {
            assert_eq!(permission(api, path), name, "{path}");
        }
    }
}
