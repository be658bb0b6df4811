//! What was asked of the fake: one entry for each request, in the order of their answers.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::fault::FaultKind;
use crate::http::Incoming;
use crate::protocol::Asked;

/// One request that reached the fake.
#[derive(Debug, Clone)]
pub struct Request {
    /// HTTP method.
    pub method: String,
    /// Path, with its query if any.
    pub path: String,
    /// As in IAM actions: `ec2`, `elasticache`, `memorydb`, `cloudwatch`, `sts`, `tag`; empty where nothing says it.
    pub service: String,
    /// As in IAM actions: `DescribeVpcs`.
    pub operation: String,
    /// From the credential scope.
    pub region: String,
    /// Of the access key; empty where the key is not known.
    pub account: String,
    /// What was asked, without `Action` and `Version`; nested ones as forms name them (`Filter.1.Value.1`),
    /// whatever the protocol.
    pub parameters: BTreeMap<String, String>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Time since the fake started.
    pub at: Duration,
    /// Status of the answer; `None` where the fault let none go out.
    pub status: Option<u16>,
    /// The fault that applied.
    pub fault: Option<FaultKind>,
}

impl Request {
    pub(crate) fn new(incoming: &Incoming, asked: Asked, at: Duration) -> Self {
        let (method, path) = incoming.target();
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            service: asked.service,
            operation: asked.operation,
            region: asked.region,
            account: asked.account,
            parameters: asked.parameters,
            user_agent: incoming
                .head
                .header("user-agent")
                .unwrap_or_default()
                .to_owned(),
            at,
            status: None,
            fault: None,
        }
    }

    /// `service:Operation`.
    #[must_use]
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// Whether the operation only reads: `Describe*`, `Get*`, `List*`, `Search*`, or taking on a role.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        ["Describe", "Get", "List", "Search"]
            .iter()
            .any(|verb| self.operation.starts_with(verb))
            || self.action() == "sts:AssumeRole"
    }
}
