//! A server that answers as Google Cloud does, and a collection from it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cachewarden_model::{Cache, Gap, Snapshot};
use cachewarden_peers::{FakeGcp, GcpEstate};
use cachewarden_provider::{Event, Limits, Progress, Provider, Session};
use cachewarden_provider_gcp::{Environment, GcpError, GcpProvider, Options};

/// Limits under which failures take no time.
pub(crate) fn hasty() -> Limits {
    Limits {
        call: Duration::from_secs(5),
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(20),
        ..Limits::default()
    }
}

/// A small shop: caches of each service, a network that is shared, and what
/// stands around them.
pub(crate) fn estate() -> GcpEstate {
    GcpEstate::new(serde_json::from_str(include_str!("../fixtures/shop.json")).unwrap())
}

/// Collects with default options and hasty limits.
pub(crate) fn collect(fake: &FakeGcp) -> Snapshot {
    collect_with(fake, Options::default(), hasty()).unwrap().0
}

/// What was told on the way: gaps, and services that are off.
pub(crate) type Told = Vec<String>;

/// Collects as of one fixed time.
pub(crate) fn collect_with(
    fake: &FakeGcp,
    options: Options,
    limits: Limits,
) -> Result<(Snapshot, Told), GcpError> {
    let variables = fake.env();
    let environment = Environment::read(|name| {
        let found = variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let now = "2026-01-31T08:00:00Z".parse().unwrap();
    let notes = Notes::default();
    let told = Arc::clone(&notes.0);
    let collected = runtime.block_on(async {
        let session = Session::begin(limits, now, "0.0.0", Box::new(notes));
        GcpProvider::new(options, environment)
            .collect(&session)
            .await
    });
    runtime.shutdown_background();
    let told = told.lock().unwrap().clone();
    Ok((collected?, told))
}

/// Gaps of one permission.
pub(crate) fn gaps<'a>(snapshot: &'a Snapshot, permission: &str) -> Vec<&'a Gap> {
    snapshot
        .gaps
        .iter()
        .filter(|it| it.what == permission)
        .collect()
}

/// A cache by its name.
pub(crate) fn cache<'a>(snapshot: &'a Snapshot, name: &str) -> &'a Cache {
    let found = snapshot.caches.iter().find(|it| it.name == name);
    found.unwrap()
}

/// Remembers what was told.
#[derive(Default)]
struct Notes(Arc<Mutex<Told>>);

impl Progress for Notes {
    fn event(&self, event: Event<'_>) {
        let text = match event {
            Event::Gap(gap) => gap.to_string(),
            Event::Off { account, services } => format!("{account}: {} off", services.join(", ")),
            _ => return,
        };
        self.0.lock().unwrap().push(text);
    }
}
