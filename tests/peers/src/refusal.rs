//! Why a request is refused, in the code, status and body that each protocol has for it.

use crate::document;
use crate::http::Response;
use crate::protocol::{Asked, Protocol};
use crate::xml;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reason {
    /// There is no Authorization header, or it says nothing.
    Unsigned,
    /// The access key is not known.
    UnknownKey,
    Expired,
    Denied,
    Throttled,
    UnknownOperation,
    UnknownToken,
    BadValue(String),
    Missing(&'static str),
    /// What was asked for by name does not exist; the code.
    NotFound(String),
    /// Any status, as a failing server would answer.
    Status(u16),
}

impl Reason {
    /// The answer that says so.
    pub(crate) fn response(&self, asked: &Asked, request_id: &str) -> Response {
        let (status, code, message) = self.words(asked);
        let mut response = match asked.protocol {
            Protocol::Ec2 => ec2(status, &code, &message, request_id),
            Protocol::Query => query(&asked.service, status, &code, &message, request_id),
            Protocol::Json => {
                let body = serde_json::json!({"__type": code, "message": message});
                Response::new(status, "application/x-amz-json-1.1", body.to_string())
            }
            Protocol::Cbor => {
                let name = format!("com.amazonaws.{}#{code}", asked.service);
                let body = document::encode_texts(&[("__type", &name), ("message", &message)]);
                let response = Response::new(status, "application/cbor", body);
                response.with("smithy-protocol", "rpc-v2-cbor")
            }
        };
        if asked.service == "cloudwatch" {
            // CloudWatch keeps the codes of its former protocol.
            let code = self.code(Protocol::Query);
            response = response.with("x-amzn-query-error", &format!("{code};Sender"));
        }
        response
    }

    /// The code in one protocol.
    pub(crate) fn code(&self, protocol: Protocol) -> String {
        use Protocol::{Cbor, Ec2, Json, Query};
        let code = match (self, protocol) {
            (Self::Unsigned, _) => "MissingAuthenticationToken",
            (Self::UnknownKey, Ec2) => "AuthFailure",
            (Self::UnknownKey, Query) => "InvalidClientTokenId",
            (Self::UnknownKey, Json | Cbor) => "UnrecognizedClientException",
            (Self::Expired, Ec2) => "RequestExpired",
            (Self::Expired, Query) => "ExpiredToken",
            (Self::Expired, Json | Cbor) => "ExpiredTokenException",
            (Self::Denied, Ec2) => "UnauthorizedOperation",
            (Self::Denied, Query) => "AccessDenied",
            (Self::Denied, Json | Cbor) => "AccessDeniedException",
            (Self::Throttled, Ec2) => "RequestLimitExceeded",
            (Self::Throttled, Query) => "Throttling",
            (Self::Throttled, Json | Cbor) => "ThrottlingException",
            (Self::UnknownOperation, Ec2 | Query) => "InvalidAction",
            (Self::UnknownOperation, Json | Cbor) => "UnknownOperationException",
            (Self::UnknownToken, Ec2 | Cbor) => "InvalidNextToken",
            (Self::UnknownToken | Self::BadValue(_), Query) | (Self::BadValue(_), Ec2) => {
                "InvalidParameterValue"
            }
            (Self::UnknownToken | Self::BadValue(_) | Self::Missing(_), Json | Cbor) => {
                "InvalidParameterValueException"
            }
            (Self::Missing(_), Ec2 | Query) => "MissingParameter",
            (Self::NotFound(code), _) => code,
            (Self::Status(500), _) => "InternalFailure",
            (Self::Status(503), _) => "ServiceUnavailable",
            (Self::Status(_), _) => "UnknownError",
        };
        code.to_owned()
    }

    /// Status, code and message.
    fn words(&self, asked: &Asked) -> (u16, String, String) {
        let (service, operation, account) = (&asked.service, &asked.operation, &asked.account);
        let (status, message) = match self {
            Self::Unsigned => (403, "Request is missing Authentication Token".to_owned()),
            Self::UnknownKey => (
                if asked.protocol == Protocol::Ec2 {
                    401
                } else {
                    403
                },
                "The security token included in the request is invalid.".to_owned(),
            ),
            Self::Expired => (
                if asked.protocol == Protocol::Query {
                    403
                } else {
                    400
                },
                "The security token included in the request is expired".to_owned(),
            ),
            Self::Denied => (
                if matches!(asked.protocol, Protocol::Json | Protocol::Cbor) {
                    400
                } else {
                    403
                },
                format!(
                    "User: arn:aws:iam::{account}:user/auditor is not authorized to perform: {service}:{operation} \
                     because no identity-based policy allows the {service}:{operation} action"
                ),
            ),
            Self::Throttled => (
                if asked.protocol == Protocol::Ec2 {
                    503
                } else {
                    400
                },
                if asked.protocol == Protocol::Ec2 {
                    "Request limit exceeded."
                } else {
                    "Rate exceeded"
                }
                .to_owned(),
            ),
            Self::UnknownOperation => (
                400,
                format!("The action {service}:{operation} is not valid for this web service."),
            ),
            Self::UnknownToken => (400, "The token of the next page is not valid.".to_owned()),
            Self::BadValue(why) => (400, why.clone()),
            Self::Missing(name) => (
                400,
                format!("The request must contain the parameter {name}."),
            ),
            Self::NotFound(code) => {
                let status = if asked.protocol == Protocol::Query {
                    404
                } else {
                    400
                };
                (status, format!("{code}: no such thing in {account}"))
            }
            Self::Status(status) => (
                *status,
                format!("status {status} was asked for by the test"),
            ),
        };
        (status, self.code(asked.protocol), message)
    }
}

fn ec2(status: u16, code: &str, message: &str, request_id: &str) -> Response {
    let message = xml::escape(message);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code>\
         <Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
    );
    Response::new(status, "text/xml;charset=UTF-8", body)
}

fn query(service: &str, status: u16, code: &str, message: &str, request_id: &str) -> Response {
    let namespace = xml::namespace(service);
    let by = if status < 500 { "Sender" } else { "Receiver" };
    let message = xml::escape(message);
    let body = format!(
        "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>{by}</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    );
    Response::new(status, "text/xml", body)
}
