//! Errors, roles, and the way out.

use std::time::Duration;

use aws_sdk_ec2::operation::describe_vpcs::DescribeVpcsError;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use cachewarden_provider::{Failure, FailureKind};

use super::*;

fn response(status: u16) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), SdkBody::empty())
}

fn refused(status: u16, code: Option<&str>) -> Failure {
    let mut metadata = ErrorMetadata::builder().message("canary: the token is AKIAEXAMPLE");
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    let error = DescribeVpcsError::generic(metadata.build());
    failure(&SdkError::service_error(error, response(status)))
}

#[test]
fn errors_are_told_apart_by_code_and_status() {
    let cases = [
        (403, Some("UnauthorizedOperation"), FailureKind::Denied),
        (400, Some("AccessDeniedException"), FailureKind::Denied),
        (401, Some("AuthFailure"), FailureKind::Denied),
        (400, Some("ExpiredTokenException"), FailureKind::Expired),
        (400, Some("ThrottlingException"), FailureKind::Throttled),
        (503, Some("RequestLimitExceeded"), FailureKind::Throttled),
        (503, Some("ServiceUnavailable"), FailureKind::Unavailable),
        (429, None, FailureKind::Throttled),
        (403, None, FailureKind::Denied),
        (502, None, FailureKind::Unavailable),
        (400, Some("InvalidParameterValue"), FailureKind::Rejected),
        (200, None, FailureKind::Damaged),
    ];
    for (status, code, kind) in cases {
        let failure = refused(status, code);
        assert_eq!(failure.kind, kind, "{status} {code:?}");
        let shown = format!("HTTP-{status}");
        let shown = Some(shown.as_str()).filter(|_| status >= 400);
        assert_eq!(failure.code(), code.or(shown));
        assert!(!format!("{failure} {failure:?}").contains("canary"));
    }
}

#[test]
fn errors_below_http_are_told_apart_by_their_causes() {
    let of = |error: ConnectorError| {
        failure::<DescribeVpcsError>(&SdkError::dispatch_failure(error)).kind
    };
    let io = |kind| Box::new(std::io::Error::new(kind, "canary"));
    assert_eq!(
        of(ConnectorError::io(io(std::io::ErrorKind::ConnectionReset))),
        FailureKind::Disconnected
    );
    assert_eq!(
        of(ConnectorError::timeout("slow".into())),
        FailureKind::Disconnected
    );
    assert_eq!(
        of(ConnectorError::io("dns error".into())),
        FailureKind::Unresolved
    );
    let untrusted = "invalid peer certificate: UnknownIssuer";
    assert_eq!(
        of(ConnectorError::io(untrusted.into())),
        FailureKind::Untrusted
    );
    assert_eq!(
        of(ConnectorError::user(Box::new(transport::PlainText))),
        FailureKind::PlainText
    );
}

#[test]
fn the_cloud_may_ask_for_a_pause() {
    let mut raw = response(503);
    raw.headers_mut().insert("retry-after", "7");
    let error = DescribeVpcsError::generic(ErrorMetadata::builder().build());
    let failure = failure(&SdkError::service_error(error, raw));
    assert_eq!(failure.retry_after, Some(Duration::from_secs(7)));
}

#[test]
fn roles_name_their_account() {
    assert_eq!(
        account_of_role("arn:aws:iam::123456789012:role/a/b"),
        Some("123456789012")
    );
    assert_eq!(
        account_of_role("arn:aws-cn:iam::123456789012:role/x"),
        Some("123456789012")
    );
    for text in [
        "arn:aws:iam::12345678901:role/x",
        "arn:aws:iam::123456789012:user/x",
        "role/x",
        "",
    ] {
        assert_eq!(account_of_role(text), None, "{text}");
    }
}

/// Whatever configured it: a request in plain text does not leave.
#[tokio::test]
async fn no_request_leaves_in_plain_text() {
    let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
    let settings = HttpConnectorSettings::default();
    let connector = transport::transport().http_connector(&settings, &components);
    for url in [
        "http://192.0.2.1/",
        "http://127.0.0.1.example.com/",
        "ftp://127.0.0.1/",
    ] {
        let mut request = HttpRequest::empty();
        request.set_uri(url).unwrap();
        let error = connector.call(request).await.unwrap_err();
        let failure = failure::<DescribeVpcsError>(&SdkError::dispatch_failure(error));
        assert_eq!(failure.kind, FailureKind::PlainText, "{url}");
    }
}
