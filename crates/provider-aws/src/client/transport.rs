//! The way out: HTTPS through the proxy of the environment, plain HTTP to
//! this machine alone.

use std::net::IpAddr;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use std::time::Duration;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// Addresses at which a machine or container of AWS is given its
/// credentials; they are asked in plain text by design.
///
/// Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider"
/// and "Container credential provider".
const METADATA: [&str; 5] = [
    "169.254.169.254",
    "fd00:ec2::254",
    "169.254.170.2",
    "169.254.170.23",
    "fd00:ec2::23",
];

/// A request would have left this machine in plain text.
#[derive(Debug, thiserror::Error)]
#[error("plain http is accepted for loopback addresses only")]
pub(crate) struct PlainText;

/// The client through which every request goes, those for credentials too.
pub(crate) fn transport() -> SharedHttpClient {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT)
        .build();
    let secure = Connector::builder()
        .connector_settings(settings.clone())
        .proxy_config(ProxyConfig::from_env())
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build();
    let plain = Connector::builder()
        .connector_settings(settings)
        .build_http();
    let guarded = SharedHttpConnector::new(Guarded {
        secure: SharedHttpConnector::new(secure),
        plain: SharedHttpConnector::new(plain),
    });
    http_client_fn(move |_, _| guarded.clone())
}

/// Chooses the way by the request's scheme. What stays on this machine is
/// never handed to a proxy.
#[derive(Debug)]
struct Guarded {
    secure: SharedHttpConnector,
    plain: SharedHttpConnector,
}

impl HttpConnector for Guarded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match host_in_plain_text(request.uri()) {
            None => self.secure.call(request),
            Some(host) if is_loopback(host) || METADATA.contains(&host) => self.plain.call(request),
            Some(_) => HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(PlainText)))),
        }
    }
}

/// The host of a URL, if it would be asked in plain text. What is neither
/// http nor https counts as plain text without a host.
pub(crate) fn host_in_plain_text(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once("://").unwrap_or_default();
    if scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    Some(
        host_of(url)
            .filter(|_| scheme.eq_ignore_ascii_case("http"))
            .unwrap_or_default(),
    )
}

/// The host of a URL, without brackets, user and port.
pub(crate) fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next()?,
        None => host.split(':').next()?,
    };
    Some(host).filter(|host| !host.is_empty())
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_leaves_this_machine() {
        assert_eq!(
            host_in_plain_text("https://ec2.eu-west-1.amazonaws.com/"),
            None
        );
        assert_eq!(
            host_in_plain_text("http://127.0.0.1:4566/x"),
            Some("127.0.0.1")
        );
        assert_eq!(host_in_plain_text("HTTP://user:word@[::1]:80"), Some("::1"));
        assert_eq!(host_in_plain_text("ftp://localhost"), Some(""));
        assert_eq!(host_in_plain_text("localhost"), Some(""));
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for host in ["127.0.0.1", "127.8.8.8", "::1", "LocalHost"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "10.0.0.1",
            "localhost.example.com",
            "127.0.0.1.example.com",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_user_name_hides_no_host() {
        assert_eq!(
            host_of("http://127.0.0.1@example.com/"),
            Some("example.com")
        );
        assert_eq!(
            host_of("http://example.com\\@127.0.0.1/"),
            Some("example.com")
        );
    }
}
