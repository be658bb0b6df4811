//! How fast an API is asked that counts its requests by the minute.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use cachewarden_model::AccountId;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use super::Api;

/// Requests of a minute that are spent; the quota is 60, and others ask too.
///
/// Source: Memorystore for Redis Cluster and for Valkey, "Quotas and limits":
/// 60 requests a minute and project.
const MOST: usize = 50;

const MINUTE: Duration = Duration::from_secs(60);

type Sent = VecDeque<Instant>;

/// Lets the requests of a minute, project and API through, and the others
/// wait until a minute has gone by.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<BTreeMap<(Api, AccountId), Sent>>);

impl Pace {
    /// Waits until one more request may be sent, and counts it.
    pub(crate) async fn wait(&self, api: Api, account: &AccountId) {
        let at = {
            let mut sent = self.0.lock().await;
            let sent = sent.entry((api, account.clone())).or_default();
            let now = Instant::now();
            // The request that is sent now, and the one so many before it,
            // are to be a minute apart.
            let earliest = match sent.len().checked_sub(MOST).and_then(|at| sent.get(at)) {
                Some(before) => now.max(*before + MINUTE),
                None => now,
            };
            sent.push_back(earliest);
            if sent.len() > MOST {
                sent.pop_front();
            }
            earliest
        };
        sleep_until(at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_minute_sees_more_than_it_may() {
        let pace = Pace::default();
        let shop = AccountId::from("shop");
        let start = Instant::now();
        let mut times = vec![];
        for _ in 0..3 * MOST {
            pace.wait(Api::Redis, &shop).await;
            times.push(start.elapsed());
        }
        for (early, late) in times.iter().zip(times.iter().skip(MOST)) {
            assert!(*late - *early >= MINUTE, "{early:?} {late:?}");
        }
        // Others do not wait for it.
        let before = Instant::now();
        pace.wait(Api::Redis, &AccountId::from("other")).await;
        pace.wait(Api::Memorystore, &shop).await;
        assert_eq!(before.elapsed(), Duration::ZERO);
    }
}
