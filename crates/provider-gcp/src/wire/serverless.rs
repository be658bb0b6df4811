//! What runs without machines of one's own: connectors, Cloud Run.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Source: `google/cloud/vpcaccess/v1/vpc_access.proto`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connector {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) network: Option<String>,
    #[serde(default)]
    pub(crate) ip_cidr_range: Option<String>,
    #[serde(default, deserialize_with = "super::word")]
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) subnet: Option<ConnectorSubnet>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectorSubnet {
    #[serde(default)]
    pub(crate) name: String,
    /// Empty for the connector's own project.
    #[serde(default)]
    pub(crate) project_id: String,
}

/// A Cloud Run service, as far as it is asked for.
///
/// Source: Cloud Run Admin API v1, "Service".
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Service {
    pub(crate) metadata: Metadata,
    #[serde(default)]
    pub(crate) spec: Spec,
    #[serde(default)]
    pub(crate) status: Status,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Spec {
    #[serde(default)]
    pub(crate) template: Template,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Template {
    #[serde(default)]
    pub(crate) metadata: TemplateMetadata,
    #[serde(default)]
    pub(crate) spec: TemplateSpec,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct TemplateMetadata {
    #[serde(default)]
    pub(crate) annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TemplateSpec {
    #[serde(default)]
    pub(crate) service_account_name: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Status {
    #[serde(default)]
    pub(crate) conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Condition {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) status: String,
}

/// One element of the annotation `run.googleapis.com/network-interfaces`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DirectEgress {
    #[serde(default)]
    pub(crate) network: Option<String>,
    #[serde(default)]
    pub(crate) subnetwork: Option<String>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}
