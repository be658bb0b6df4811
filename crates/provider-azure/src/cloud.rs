//! The clouds that Azure is: the public one and the sovereign ones.

use std::str::FromStr;

/// One of the clouds that Azure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CloudName {
    /// Azure for everybody.
    #[default]
    Public,
    /// Azure for the government of the United States.
    UsGov,
    /// Azure in China, run by 21Vianet.
    China,
}

/// A text names no cloud.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is none of `public`, `usgov`, `china`")]
pub struct CloudNameError {
    text: String,
}

impl FromStr for CloudName {
    type Err = CloudNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "public" => Ok(Self::Public),
            "usgov" => Ok(Self::UsGov),
            "china" => Ok(Self::China),
            _ => Err(CloudNameError {
                text: text.to_owned(),
            }),
        }
    }
}

impl CloudName {
    /// Where resources are managed.
    ///
    /// Source: Azure Resource Manager, "Azure Government" and "Azure China"
    /// endpoint tables.
    pub(crate) fn resource_manager(self) -> &'static str {
        match self {
            Self::Public => "https://management.azure.com",
            Self::UsGov => "https://management.usgovcloudapi.net",
            Self::China => "https://management.chinacloudapi.cn",
        }
    }

    /// Where tokens are issued.
    pub(crate) fn authority(self) -> &'static str {
        match self {
            Self::Public => "https://login.microsoftonline.com",
            Self::UsGov => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }

    /// Where metrics of many resources are asked at once, by region; none
    /// where Microsoft names no such host.
    pub(crate) fn metrics(self, region: &str) -> Option<String> {
        match self {
            Self::Public => Some(format!("https://{region}.metrics.monitor.azure.com")),
            Self::UsGov | Self::China => None,
        }
    }

    /// Ends of the host names of caches, and of the private zones that may
    /// answer for them, in this cloud; the dot in front left out.
    ///
    /// Sources: Azure Private Link, "Private endpoint DNS configuration";
    /// Azure Cache for Redis, "Managed Redis in sovereign clouds".
    pub(crate) fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Public => &[
                "redis.cache.windows.net",
                "redisenterprise.cache.azure.net",
                "redis.azure.net",
            ],
            Self::UsGov => &["redis.cache.usgovcloudapi.net", "redis.usgovcloudapi.net"],
            Self::China => &["redis.cache.chinacloudapi.cn", "redis.chinacloudapi.cn"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!("usgov".parse::<CloudName>().unwrap(), CloudName::UsGov);
        let error = "Public".parse::<CloudName>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Public` is none of `public`, `usgov`, `china`"
        );
    }
}
