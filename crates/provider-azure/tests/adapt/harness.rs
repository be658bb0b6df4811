//! A server that answers as Azure does, and a collection from it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_core::credentials::Secret;
use cachewarden_model::{Gap, Snapshot};
use cachewarden_peers::{AzureEstate, FakeAzure};
use cachewarden_provider::{Event, Limits, Progress, Provider, Session};
use cachewarden_provider_azure::{AzureError, AzureProvider, Environment, Options};

/// The subscription of the shop.
pub(crate) const SHOP: &str = "11111111-aaaa-4000-8000-000000000001";

/// The subscription of the hub.
pub(crate) const CORE: &str = "22222222-bbbb-4000-8000-000000000002";

/// An id in the shop's group.
pub(crate) fn shop(rest: &str) -> String {
    format!("/subscriptions/{SHOP}/resourceGroups/shop/providers/{rest}")
}

/// An id in the hub's group.
pub(crate) fn core(rest: &str) -> String {
    format!("/subscriptions/{CORE}/resourceGroups/core/providers/{rest}")
}

/// Limits under which failures take no time.
pub(crate) fn hasty() -> Limits {
    Limits {
        call: Duration::from_secs(5),
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(20),
        ..Limits::default()
    }
}

/// A small shop: caches of each service, networks, a private endpoint.
pub(crate) fn estate() -> AzureEstate {
    AzureEstate::new(serde_json::from_str(include_str!("../fixtures/shop.json")).unwrap())
}

/// What the fake's environment variables say.
pub(crate) fn environment(fake: &FakeAzure) -> Environment {
    Environment {
        resource_manager: Some(fake.endpoint()),
        authority: Some(fake.endpoint()),
        token: Some(Secret::from(fake.token())),
        ..Environment::default()
    }
}

/// Collects with default options and hasty limits.
pub(crate) fn collect(fake: &FakeAzure) -> Snapshot {
    collect_with(fake, Options::default(), hasty()).unwrap()
}

/// Collects as of one fixed time.
pub(crate) fn collect_with(
    fake: &FakeAzure,
    options: Options,
    limits: Limits,
) -> Result<Snapshot, AzureError> {
    collect_as(environment(fake), options, limits)
}

/// Collects with other credentials.
pub(crate) fn collect_as(
    environment: Environment,
    options: Options,
    limits: Limits,
) -> Result<Snapshot, AzureError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let now = "2026-01-31T08:00:00Z".parse().unwrap();
    let collected = runtime.block_on(async {
        let session = Session::begin(limits, now, "0.0.0", Box::new(Notes::default()));
        AzureProvider::new(options, environment)
            .collect(&session)
            .await
    });
    runtime.shutdown_background();
    collected
}

/// Gaps of one action.
pub(crate) fn gaps<'a>(snapshot: &'a Snapshot, action: &str) -> Vec<&'a Gap> {
    snapshot
        .gaps
        .iter()
        .filter(|it| it.what == action)
        .collect()
}

/// Remembers gaps that were told of.
#[derive(Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Progress for Notes {
    fn event(&self, event: Event<'_>) {
        if let Event::Gap(gap) = event {
            self.0.lock().unwrap().push(gap.to_string());
        }
    }
}
