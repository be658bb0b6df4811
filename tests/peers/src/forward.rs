//! Requests handed on to a server behind: a `moto_server` that plays EC2 and STS.

use crate::http::{self, Incoming, Response};
use crate::identity::{Accounts, account_of_role};
use crate::protocol::Asked;

/// What moto 5.2.1 does not have; answered from the estate.
const NOT_IN_MOTO: &[&str] = &[
    "DescribeStaleSecurityGroups",
    "DescribeVpcBlockPublicAccessOptions",
];

/// Where moto looks for the account of a request.
pub(crate) const ACCOUNT_HEADER: &str = "x-moto-account-id";

/// Whether a request is for the server behind.
pub(crate) fn is_for_moto(asked: &Asked) -> bool {
    matches!(asked.service.as_str(), "ec2" | "sts")
        && !NOT_IN_MOTO.contains(&asked.operation.as_str())
}

/// The answer of the server behind.
///
/// The request goes on as it came; only the account of its access key, which moto cannot know, is added.
pub(crate) fn forward(upstream: &str, incoming: &Incoming, account: &str) -> Response {
    let own = ["connection", "content-length", ACCOUNT_HEADER];
    let mut headers: Vec<_> = incoming
        .head
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    headers.push((ACCOUNT_HEADER, account));
    http::send(upstream, &incoming.head.first, &headers, &incoming.body).unwrap_or_else(|error| {
        Response::new(
            502,
            "text/plain",
            format!("moto_server at {upstream}: {error}"),
        )
    })
}

/// Remembers the key that moto gave out for a role.
pub(crate) fn learn(accounts: &mut Accounts, asked: &Asked, response: &Response) {
    let body = String::from_utf8_lossy(&response.body);
    let key = body
        .split_once("<AccessKeyId>")
        .and_then(|(_, rest)| rest.split('<').next());
    let account = asked
        .parameters
        .get("RoleArn")
        .and_then(|role| account_of_role(role));
    if let (Some(key), Some(account)) = (key, account) {
        accounts.add(key, account);
    }
}

/// `host:port` of a URL.
pub(crate) fn address(url: &str) -> String {
    url.trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned()
}
