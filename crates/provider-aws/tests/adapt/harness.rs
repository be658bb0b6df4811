//! A server that answers as AWS does, and a collection from it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use cachewarden_model::{Gap, Snapshot};
use cachewarden_peers::{Estate, FakeAws};
use cachewarden_provider::{Event, Limits, Progress, Provider, Session};
use cachewarden_provider_aws::{AwsError, AwsProvider, Options};

/// Limits under which failures take no time.
pub(crate) fn hasty() -> Limits {
    Limits {
        call: Duration::from_secs(5),
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(20),
        ..Limits::default()
    }
}

/// An estate from `tests/fixtures`.
pub(crate) fn estate(name: &str) -> Estate {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    Estate::new(serde_json::from_str(&text).unwrap())
}

/// The configuration that the fake's environment variables would make.
pub(crate) fn config(fake: &FakeAws) -> SdkConfig {
    let env = fake.env();
    let var = |name: &str| env.iter().find(|(key, _)| key == name).unwrap().1.clone();
    let credentials = Credentials::new(
        var("AWS_ACCESS_KEY_ID"),
        var("AWS_SECRET_ACCESS_KEY"),
        None,
        None,
        "test",
    );
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(var("AWS_ENDPOINT_URL"))
        .region(Region::new(var("AWS_REGION")))
        .build()
}

/// Collects with default options and hasty limits.
pub(crate) fn collect(fake: &FakeAws) -> Snapshot {
    collect_with(fake, Options::default(), hasty()).unwrap()
}

/// Collects as of one fixed time.
pub(crate) fn collect_with(
    fake: &FakeAws,
    options: Options,
    limits: Limits,
) -> Result<Snapshot, AwsError> {
    let told = Arc::default();
    collect_told(fake, options, limits, &told)
}

/// The same, with what is told meanwhile.
pub(crate) fn collect_told(
    fake: &FakeAws,
    options: Options,
    limits: Limits,
    told: &Arc<Mutex<Vec<String>>>,
) -> Result<Snapshot, AwsError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let now = "2026-01-31T08:00:00Z".parse().unwrap();
        let session = Session::begin(limits, now, "0.0.0", Box::new(Told(Arc::clone(told))));
        AwsProvider::with_config(options, config(fake))
            .collect(&session)
            .await
    })
}

struct Told(Arc<Mutex<Vec<String>>>);

impl Progress for Told {
    fn event(&self, event: Event<'_>) {
        self.0.lock().unwrap().push(format!("{event:?}"));
    }
}

/// The gaps of one call.
pub(crate) fn gaps_of<'a>(snapshot: &'a Snapshot, what: &str) -> Vec<&'a Gap> {
    snapshot
        .gaps
        .iter()
        .filter(|gap| gap.what == what)
        .collect()
}
