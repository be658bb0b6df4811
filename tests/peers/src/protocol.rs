//! What a request asks, read from each of the four protocols, and answers written in them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::http::{Incoming, Response, form};
use crate::refusal::Reason;
use crate::shapes::Shape;
use crate::{document, xml};

/// How a request and its answer are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Form in, XML out; EC2.
    Ec2,
    /// Form in, XML out; ElastiCache, STS.
    Query,
    /// awsJson 1.0 and 1.1; MemoryDB, tagging.
    Json,
    /// smithy-rpc-v2-cbor; CloudWatch.
    Cbor,
}

/// What a request asks, whatever its protocol.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) protocol: Protocol,
    /// As in IAM actions: `ec2`, `elasticache`, `memorydb`, `cloudwatch`, `sts`, `tag`.
    pub(crate) service: String,
    pub(crate) operation: String,
    /// From the credential scope; empty in a request without one.
    pub(crate) region: String,
    pub(crate) access_key: String,
    /// Of the access key; empty until it was looked up.
    pub(crate) account: String,
    /// Whether a session token came along.
    pub(crate) session: bool,
    /// Nested ones as forms write them: `Filter.1.Name`.
    pub(crate) parameters: BTreeMap<String, String>,
    /// The body of the JSON and CBOR protocols.
    pub(crate) document: Value,
}

impl Asked {
    /// Reads a request. What it lacks is left empty, for the record.
    pub(crate) fn read(incoming: &Incoming) -> Self {
        let header = |name| incoming.head.header(name);
        let (access_key, region, scope) = credential(header("authorization").unwrap_or_default());
        let service = match scope {
            "monitoring" => "cloudwatch",
            "tagging" => "tag",
            other => other,
        };
        let (_, path) = incoming.target();
        let (protocol, operation) = if header("smithy-protocol") == Some("rpc-v2-cbor") {
            (Protocol::Cbor, path.rsplit('/').next().unwrap_or_default())
        } else if let Some(target) = header("x-amz-target") {
            (
                Protocol::Json,
                target.rsplit('.').next().unwrap_or_default(),
            )
        } else if header("content-type").is_some_and(|kind| kind.contains("json")) {
            // A REST service; none is served, but the record shows what was asked.
            (Protocol::Json, path.trim_start_matches('/'))
        } else if service == "ec2" {
            (Protocol::Ec2, "")
        } else {
            (Protocol::Query, "")
        };
        let mut asked = Self {
            protocol,
            service: service.to_owned(),
            operation: operation.to_owned(),
            region: region.to_owned(),
            access_key: access_key.to_owned(),
            account: String::new(),
            session: header("x-amz-security-token").is_some(),
            parameters: BTreeMap::new(),
            document: Value::Null,
        };
        asked.read_body(incoming);
        asked
    }

    fn read_body(&mut self, incoming: &Incoming) {
        match self.protocol {
            Protocol::Ec2 | Protocol::Query => {
                let (_, path) = incoming.target();
                let query = path.split_once('?').map_or("", |(_, query)| query);
                let body = String::from_utf8_lossy(&incoming.body);
                self.parameters = form(query).chain(form(&body)).collect();
                self.operation = self.parameters.remove("Action").unwrap_or_default();
                self.parameters.remove("Version");
            }
            Protocol::Json => {
                self.document = serde_json::from_slice(&incoming.body).unwrap_or_default()
            }
            Protocol::Cbor => self.document = document::decode(&incoming.body).unwrap_or_default(),
        }
        flatten(&mut self.parameters, "", &self.document);
    }

    /// Whether a parameter says true.
    pub(crate) fn is_true(&self, parameter: &str) -> bool {
        self.parameters
            .get(parameter)
            .is_some_and(|value| value == "true")
    }

    /// The answer in the protocol of the question.
    pub(crate) fn answer(
        &self,
        members: &Map<String, Value>,
        request_id: &str,
    ) -> Result<Response, Reason> {
        let shape = Shape::of(&self.service, &self.operation).ok_or(Reason::UnknownOperation)?;
        Ok(match self.protocol {
            Protocol::Ec2 => Response::new(
                200,
                "text/xml;charset=UTF-8",
                xml::ec2(shape, members, request_id),
            ),
            Protocol::Query => {
                Response::new(200, "text/xml", xml::query(shape, members, request_id))
            }
            Protocol::Json => Response::new(
                200,
                "application/x-amz-json-1.1",
                document::json(shape, members).to_string(),
            ),
            Protocol::Cbor => {
                Response::new(200, "application/cbor", document::encode(shape, members))
                    .with("smithy-protocol", "rpc-v2-cbor")
            }
        })
    }
}

/// Access key, region and service of an Authorization header:
/// `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn credential(header: &str) -> (&str, &str, &str) {
    let scope = header
        .split_once("Credential=")
        .map_or("", |(_, rest)| rest);
    let mut parts = scope
        .split([',', ' '])
        .next()
        .unwrap_or_default()
        .split('/');
    let key = parts.next().unwrap_or_default();
    let _date = parts.next();
    (
        key,
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    )
}

/// Writes the leaves of a document as a form would name them; lists count from 1.
fn flatten(into: &mut BTreeMap<String, String>, at: &str, value: &Value) {
    let below = |name: &str| {
        if at.is_empty() {
            name.to_owned()
        } else {
            format!("{at}.{name}")
        }
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| flatten(into, &below(name), value)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(into, &below(&(index + 1).to_string()), item);
            }
        }
        Value::Null => {}
        Value::String(text) => drop(into.insert(at.to_owned(), text.clone())),
        plain => drop(into.insert(at.to_owned(), plain.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scope() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIA1/20260131/eu-west-1/memorydb/aws4_request, SignedHeaders=host";
        assert_eq!(credential(header), ("AKIA1", "eu-west-1", "memorydb"));
        assert_eq!(credential("Bearer x"), ("", "", ""));
    }

    #[test]
    fn nested_parameters_are_named_as_in_forms() {
        let mut into = BTreeMap::new();
        flatten(
            &mut into,
            "",
            &json!({"Filters": [{"Name": "a", "Values": ["b", "c"]}], "MaxResults": 5, "X": null}),
        );
        let expected = [
            ("Filters.1.Name", "a"),
            ("Filters.1.Values.1", "b"),
            ("Filters.1.Values.2", "c"),
            ("MaxResults", "5"),
        ];
        assert_eq!(
            into,
            expected
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into()
        );
    }
}
