//! The lists of a project that are read by plain requests.

use futures_util::future::join_all;
use serde_json::Value;

use super::Found;
use super::ask::{Ask, List, Shape};
use super::projects::Project;
use crate::operation::Operation;

/// What is asked of machines: all but their metadata, in which start-up
/// scripts and keys stand.
const OF_INSTANCES: &str = "kind,nextPageToken,unreachables,warning,items/*/warning,\
    items/*/instances(name,zone,status,machineType,networkInterfaces,tags/items,labels,\
    serviceAccounts,canIpForward,disks(boot,guestOsFeatures,licenses))";

/// What is asked of Cloud Run: nothing of containers, whose environment
/// variables may hold secrets.
const OF_SERVICES: &str = "items(metadata(name,labels),spec/template/metadata/annotations,\
    spec/template/spec/serviceAccountName,status/conditions),metadata/continue,unreachable";

/// All of them.
pub(super) async fn read(ask: &Ask<'_>, project: &Project) -> Vec<(Operation, Found<Value>)> {
    let read = all(project.id.as_str()).into_iter().map(|list| async move {
        let found = ask.list(project, &list).await;
        (list.operation, found)
    });
    join_all(read).await
}

fn all(project: &str) -> Vec<List> {
    let mut lists: Vec<List> = compute(project).collect();
    lists.extend(locations(project));
    lists.extend(dns(project));
    lists.push(List {
        operation: Operation::Services,
        path: format!("apis/serving.knative.dev/v1/namespaces/{project}/services"),
        query: vec![
            ("fields", OF_SERVICES.to_owned()),
            ("limit", "500".to_owned()),
        ],
        shape: Shape::Knative,
    });
    lists
}

fn compute(project: &str) -> impl Iterator<Item = List> {
    use Operation as It;
    [
        (It::Networks, "global/networks", Shape::Items),
        (It::Firewalls, "global/firewalls", Shape::Items),
        (It::Routes, "global/routes", Shape::Items),
        (It::GlobalAddresses, "global/addresses", Shape::Items),
        (
            It::Subnets,
            "aggregated/subnetworks",
            Shape::Aggregated("subnetworks"),
        ),
        (
            It::Instances,
            "aggregated/instances",
            Shape::Aggregated("instances"),
        ),
        (
            It::ForwardingRules,
            "aggregated/forwardingRules",
            Shape::Aggregated("forwardingRules"),
        ),
        (
            It::Routers,
            "aggregated/routers",
            Shape::Aggregated("routers"),
        ),
        (
            It::Tunnels,
            "aggregated/vpnTunnels",
            Shape::Aggregated("vpnTunnels"),
        ),
        (
            It::Attachments,
            "aggregated/interconnectAttachments",
            Shape::Aggregated("interconnectAttachments"),
        ),
    ]
    .map(|(operation, path, shape)| {
        let mut query = vec![("maxResults", "500".to_owned())];
        // A region that is down costs its own items, not the list.
        query.push(("returnPartialSuccess", "true".to_owned()));
        if operation == It::Instances {
            query.push(("fields", OF_INSTANCES.to_owned()));
        }
        List {
            operation,
            path: format!("projects/{project}/{path}"),
            query,
            shape,
        }
    })
    .into_iter()
}

fn locations(project: &str) -> impl Iterator<Item = List> {
    use Operation as It;
    [
        (It::Memcached, "-/instances", "instances"),
        (
            It::ConnectionPolicies,
            "-/serviceConnectionPolicies",
            "serviceConnectionPolicies",
        ),
        (
            It::PolicyRoutes,
            "global/policyBasedRoutes",
            "policyBasedRoutes",
        ),
        (It::Hubs, "global/hubs", "hubs"),
        (It::Spokes, "global/spokes", "spokes"),
        (It::Connectors, "-/connectors", "connectors"),
    ]
    .map(|(operation, path, name)| List {
        operation,
        path: format!("v1/projects/{project}/locations/{path}"),
        query: vec![("pageSize", "500".to_owned())],
        shape: Shape::Named(name),
    })
    .into_iter()
}

fn dns(project: &str) -> impl Iterator<Item = List> {
    use Operation as It;
    [
        (It::Zones, "managedZones"),
        (It::DnsPolicies, "policies"),
        (It::ResponsePolicies, "responsePolicies"),
    ]
    .map(|(operation, name)| List {
        operation,
        path: format!("projects/{project}/{name}"),
        query: vec![],
        shape: Shape::Named(name),
    })
    .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_asked_for() {
        for list in all("p") {
            let query = format!("{} {:?}", list.path, list.query);
            for word in [
                "authString",
                "authTokens",
                "tokenAuthUsers",
                "metadata/items",
                "env",
            ] {
                assert!(!query.contains(word), "{query}");
            }
            let masked = list.query.iter().any(|(name, _)| *name == "fields");
            let must = matches!(list.operation, Operation::Instances | Operation::Services);
            assert_eq!(masked, must, "{query}");
        }
    }
}
