//! Where each API is asked.

use std::collections::BTreeMap;

use reqwest::Url;

use crate::error::GcpError;

macro_rules! apis {
    ($($name:ident $variable:literal $address:literal,)*) => {
        /// An API of Google Cloud.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Api {
            $($name,)*
        }

        impl Api {
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// The end of the variable that names another address for it.
            pub(crate) const fn variable(self) -> &'static str {
                match self {
                    $(Self::$name => $variable,)*
                }
            }

            /// Its own address.
            const fn address(self) -> &'static str {
                match self {
                    $(Self::$name => $address,)*
                }
            }
        }
    };
}

// Addresses carry the version where `gcloud` writes it so.
apis! {
    Redis "REDIS" "https://redis.googleapis.com/",
    Memorystore "MEMORYSTORE" "https://memorystore.googleapis.com/",
    Memcache "MEMCACHE" "https://memcache.googleapis.com/",
    Compute "COMPUTE" "https://compute.googleapis.com/compute/v1/",
    NetworkConnectivity "NETWORKCONNECTIVITY" "https://networkconnectivity.googleapis.com/",
    NetworkSecurity "NETWORKSECURITY" "https://networksecurity.googleapis.com/",
    Dns "DNS" "https://dns.googleapis.com/dns/v1/",
    VpcAccess "VPCACCESS" "https://vpcaccess.googleapis.com/",
    Run "RUN" "https://run.googleapis.com/",
    Monitoring "MONITORING" "https://monitoring.googleapis.com/",
    ResourceManager "CLOUDRESOURCEMANAGER" "https://cloudresourcemanager.googleapis.com/",
}

impl Api {
    /// The name of its service, as errors and `gcloud services` write it.
    pub(crate) fn service(self) -> &'static str {
        let rest = self.address().trim_start_matches("https://");
        rest.split('/').next().unwrap_or(rest)
    }
}

/// The addresses of all APIs.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints(BTreeMap<Api, Url>);

impl Endpoints {
    /// Each API's own address, or the one that stands in for it.
    ///
    /// # Errors
    ///
    /// If one is no URL, or would be asked in plain text.
    pub(crate) fn new(overrides: &BTreeMap<Api, String>) -> Result<Self, GcpError> {
        let checked = |api: &Api| {
            let text = overrides.get(api).map_or(api.address(), String::as_str);
            Ok((*api, checked(*api, text)?))
        };
        Ok(Self(
            Api::ALL.iter().map(checked).collect::<Result<_, _>>()?,
        ))
    }

    /// The address of an API; it ends with a slash.
    pub(crate) fn of(&self, api: Api) -> &str {
        self.0.get(&api).map_or(api.address(), Url::as_str)
    }

    /// Whether everything that is asked is on this machine.
    pub(crate) fn all_near(&self) -> bool {
        self.0.values().all(is_loopback)
    }

    /// The address of a path of an API.
    pub(crate) fn url(&self, api: Api, path: &str) -> Option<Url> {
        Url::parse(&format!("{}{path}", self.of(api))).ok()
    }
}

/// An address that may be asked, with a slash at its end.
fn checked(api: Api, text: &str) -> Result<Url, GcpError> {
    let variable = || format!("CLOUDSDK_API_ENDPOINT_OVERRIDES_{}", api.variable());
    let endpoint = |host: &str| GcpError::Endpoint {
        variable: variable(),
        host: host.to_owned(),
    };
    let slash = if text.ends_with('/') { "" } else { "/" };
    let url = Url::parse(&format!("{text}{slash}")).map_err(|_| endpoint("?"))?;
    let host = url.host_str().unwrap_or("?");
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    match url.scheme() {
        "https" if url.host_str().is_some() && plain => Ok(url),
        "http" if is_loopback(&url) && plain => Ok(url),
        "http" if plain => Err(GcpError::PlainHttp {
            variable: variable(),
            host: host.to_owned(),
        }),
        _ => Err(endpoint(host)),
    }
}

/// Whether an address is of this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Result<Endpoints, GcpError> {
        Endpoints::new(&BTreeMap::from([(Api::Compute, text.to_owned())]))
    }

    #[test]
    fn an_override_keeps_its_path() {
        let endpoints = with("http://127.0.0.1:8080/compute/v1").unwrap();
        let url = endpoints.url(Api::Compute, "projects/p/global/networks");
        assert_eq!(
            url.unwrap().as_str(),
            "http://127.0.0.1:8080/compute/v1/projects/p/global/networks"
        );
        assert_eq!(endpoints.of(Api::Redis), "https://redis.googleapis.com/");
        assert_eq!(Api::Dns.service(), "dns.googleapis.com");
        assert!(!endpoints.all_near());
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        for text in ["http://cache.example", "http://10.0.0.1/"] {
            assert!(
                matches!(with(text), Err(GcpError::PlainHttp { .. })),
                "{text}"
            );
        }
        for text in [
            "ftp://x",
            "not a url",
            "https://user:pw@host/",
            "https://h/?a=",
        ] {
            let error = with(text).unwrap_err();
            assert!(matches!(error, GcpError::Endpoint { .. }), "{text}");
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }
}
