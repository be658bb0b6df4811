//! Where Azure is asked, and whether a link stays there.

use azure_core::http::Url;
use cachewarden_provider::{Failure, FailureKind};

use crate::error::AzureError;

/// A resource manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    url: Url,
    scope: String,
}

impl Endpoint {
    /// Reads the address of a resource manager; its tokens are for `scope`
    /// where it stands in for a cloud's own.
    ///
    /// # Errors
    ///
    /// If it is no URL, or would be asked in plain text.
    pub(crate) fn new(text: &str, scope: Option<&str>) -> Result<Self, AzureError> {
        let url = checked(text)?;
        // A stand-in on this machine takes the cloud's own tokens.
        let audience = match scope {
            Some(own) if is_loopback(&url) => own.to_owned(),
            _ => origin(&url),
        };
        Ok(Self {
            scope: format!("{}/.default", audience.trim_end_matches('/')),
            url,
        })
    }

    /// What its tokens are asked for.
    pub(crate) fn scope(&self) -> String {
        self.scope.clone()
    }

    pub(crate) fn address(&self) -> &Url {
        &self.url
    }

    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Without a final slash.
    pub(crate) fn base(&self) -> String {
        self.url.as_str().trim_end_matches('/').to_owned()
    }

    /// The address of a path, which may have a query already.
    pub(crate) fn url(&self, path: &str, version: &str) -> Result<Url, Failure> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let text = format!("{}{path}{mark}api-version={version}", self.base());
        Url::parse(&text).map_err(|_| Failure::new(FailureKind::Rejected))
    }

    /// The address of a further page, if it is on the same host: it is asked
    /// with the token.
    pub(crate) fn follow(&self, link: &str) -> Result<Url, Failure> {
        let foreign = || Failure::new(FailureKind::Foreign);
        let url = Url::parse(link).map_err(|_| foreign())?;
        let plain = url.username().is_empty() && url.password().is_none();
        if plain && origin(&url) == origin(&self.url) {
            Ok(url)
        } else {
            Err(foreign())
        }
    }
}

/// An address that may be asked.
///
/// # Errors
///
/// If it is none, or would be asked in plain text and is not of this machine.
pub(super) fn checked(text: &str) -> Result<Url, AzureError> {
    let endpoint = |host: &str| AzureError::Endpoint {
        host: host.to_owned(),
    };
    let url = Url::parse(text).map_err(|_| endpoint("?"))?;
    let host = url.host_str().unwrap_or("?");
    match url.scheme() {
        "https" if url.host_str().is_some() => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(AzureError::PlainHttp {
            host: host.to_owned(),
        }),
        _ => Err(endpoint(host)),
    }
}

/// Whether an address is of this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|it| it.is_loopback())
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_on_their_host() {
        let endpoint = Endpoint::new("https://management.azure.com", None).unwrap();
        assert_eq!(endpoint.scope(), "https://management.azure.com/.default");
        for link in [
            "https://management.azure.com/subscriptions?$skiptoken=a",
            "https://management.azure.com:443/subscriptions?$skiptoken=a",
            "https://MANAGEMENT.azure.com/x",
        ] {
            assert!(endpoint.follow(link).is_ok(), "{link}");
        }
        for link in [
            "https://management.azure.com.evil.example/x",
            "http://management.azure.com/x",
            "https://management.azure.com:444/x",
            "https://management.azure.com@evil.example/x",
            "https://user@management.azure.com/x",
            "/subscriptions?page=2",
        ] {
            let kind = endpoint.follow(link).unwrap_err().kind;
            assert_eq!(kind, FailureKind::Foreign, "{link}");
        }
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        let own = Some("https://management.azure.com");
        let endpoint = Endpoint::new("http://127.0.0.1:8080/", own).unwrap();
        assert_eq!(endpoint.scope(), "https://management.azure.com/.default");
        let url = endpoint.url("/subscriptions", "2022-12-01").unwrap();
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:8080/subscriptions?api-version=2022-12-01"
        );
        for text in ["http://cache.example", "http://10.0.0.1"] {
            assert!(
                matches!(Endpoint::new(text, own), Err(AzureError::PlainHttp { .. })),
                "{text}"
            );
        }
        for text in ["ftp://x", "not a url", "file:///etc"] {
            assert!(
                matches!(Endpoint::new(text, own), Err(AzureError::Endpoint { .. })),
                "{text}"
            );
        }
    }
}
