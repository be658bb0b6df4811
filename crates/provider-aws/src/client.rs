//! Credentials, endpoints and clients.

mod answer;
mod failure;
mod identity;
mod transport;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_types::service_config::ServiceConfigKey;

pub(crate) use failure::failure;
pub(crate) use identity::{Base, Identity, identities};

use self::answer::Checked;
use self::transport::{host_in_plain_text, host_of, is_loopback, transport};
use crate::error::AwsError;

/// Asked for its regions and for the caller's identity if no region is
/// configured anywhere.
const FALLBACK_REGION: &str = "us-east-1";

/// The services that are asked, as the SDK names them in configuration.
const SERVICES: [&str; 6] = [
    "CloudWatch",
    "EC2",
    "ElastiCache",
    "MemoryDB",
    "Resource Groups Tagging API",
    "STS",
];

/// What to read, and as whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Named profiles; each one's account is read. Empty means the SDK's
    /// default chain of credentials.
    pub profiles: Vec<String>,
    /// Roles that the first credentials take on; each one's account is read.
    /// The account of the first credentials itself is read too only if
    /// `profiles` names it.
    pub role_arns: Vec<String>,
    /// Regions to read. Empty means every region that is enabled for an
    /// account.
    pub regions: Vec<String>,
}

impl Options {
    /// Whether a region is within the scope that was asked for.
    pub(crate) fn covers(&self, region: &str) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|each| each == region)
    }

    /// # Errors
    ///
    /// If a region or role is none by its form. Regions become part of host
    /// names: nothing else may get there.
    pub(crate) fn check(&self) -> Result<(), AwsError> {
        let plain = |each: char| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '-';
        let is_region = |text: &str| {
            text.contains('-')
                && text.len() <= 32
                && text.starts_with(|each: char| each.is_ascii_lowercase())
                && text.ends_with(|each: char| each.is_ascii_digit())
                && text.chars().all(plain)
        };
        if let Some(region) = self.regions.iter().find(|text| !is_region(text)) {
            return Err(AwsError::Region {
                region: region.clone(),
            });
        }
        if let Some(arn) = self
            .role_arns
            .iter()
            .find(|text| account_of_role(text).is_none())
        {
            return Err(AwsError::RoleArn { arn: arn.clone() });
        }
        Ok(())
    }
}

/// The account in `arn:PARTITION:iam::ACCOUNT:role/NAME`.
pub(crate) fn account_of_role(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    let (prefix, _, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, name) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = account.len() == 12 && account.bytes().all(|each| each.is_ascii_digit());
    (prefix == "arn"
        && service == "iam"
        && region.is_empty()
        && digits
        && name.starts_with("role/"))
    .then_some(account)
}

/// The configuration of one profile, or of the default chain.
pub(crate) async fn load(profile: Option<&str>, options: &Options) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(transport());
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    // A region that is given spares the chain from asking a metadata service.
    if let Some(region) = options.regions.first() {
        loader = loader.region(Region::new(region.clone()));
    }
    loader.load().await
}

/// The configuration as every call needs it.
///
/// The SDK's own retries are off: they would be hidden from the time limits
/// and from the gaps of `cachewarden-provider`.
///
/// # Errors
///
/// If an endpoint is no URL, or would be asked in plain text.
pub(crate) fn prepared(config: &SdkConfig) -> Result<SdkConfig, AwsError> {
    check_endpoints(config)?;
    let mut builder = config
        .to_builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(transport())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled());
    builder.set_app_name(AppName::new("cachewarden").ok());
    if config.region().is_none() {
        builder = builder.region(Region::from_static(FALLBACK_REGION));
    }
    Ok(builder.build())
}

/// # Errors
///
/// See [`prepared`].
fn check_endpoints(config: &SdkConfig) -> Result<(), AwsError> {
    let of_service = |service| {
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        config.service_config()?.load_config(key)
    };
    let configured = SERVICES.into_iter().filter_map(of_service);
    for url in configured.chain(config.endpoint_url().map(str::to_owned)) {
        let Some(host) = host_of(&url) else {
            return Err(AwsError::Endpoint {
                host: String::new(),
            });
        };
        match host_in_plain_text(&url) {
            None => {}
            Some("") => {
                return Err(AwsError::Endpoint {
                    host: host.to_owned(),
                });
            }
            Some(plain) if is_loopback(plain) => {}
            Some(plain) => {
                return Err(AwsError::PlainHttp {
                    host: plain.to_owned(),
                });
            }
        }
    }
    Ok(())
}

/// The clients of one region.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    pub(crate) cloudwatch: aws_sdk_cloudwatch::Client,
    pub(crate) ec2: aws_sdk_ec2::Client,
    pub(crate) elasticache: aws_sdk_elasticache::Client,
    pub(crate) memorydb: aws_sdk_memorydb::Client,
    pub(crate) tagging: aws_sdk_resourcegroupstagging::Client,
}

impl Clients {
    pub(crate) fn new(config: &SdkConfig, region: &str) -> Self {
        let config = config
            .to_builder()
            .region(Region::new(region.to_owned()))
            .build();
        let cloudwatch = aws_sdk_cloudwatch::config::Builder::from(&config).interceptor(Checked);
        let ec2 = aws_sdk_ec2::config::Builder::from(&config).interceptor(Checked);
        let elasticache = aws_sdk_elasticache::config::Builder::from(&config).interceptor(Checked);
        let memorydb = aws_sdk_memorydb::config::Builder::from(&config).interceptor(Checked);
        let tagging = aws_sdk_resourcegroupstagging::config::Builder::from(&config);
        let tagging = tagging.interceptor(Checked).build();
        Self {
            cloudwatch: aws_sdk_cloudwatch::Client::from_conf(cloudwatch.build()),
            ec2: aws_sdk_ec2::Client::from_conf(ec2.build()),
            elasticache: aws_sdk_elasticache::Client::from_conf(elasticache.build()),
            memorydb: aws_sdk_memorydb::Client::from_conf(memorydb.build()),
            tagging: aws_sdk_resourcegroupstagging::Client::from_conf(tagging),
        }
    }
}

/// The client that says who one is, and takes on roles.
pub(crate) fn sts(config: &SdkConfig) -> aws_sdk_sts::Client {
    let builder = aws_sdk_sts::config::Builder::from(config).interceptor(Checked);
    aws_sdk_sts::Client::from_conf(builder.build())
}

#[cfg(test)]
mod tests;
