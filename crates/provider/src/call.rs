//! The one way in which a call is sent: with its time limits, its retries,
//! its pages, and a [`Gap`] at the end of what cannot be had.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use cachewarden_model::{AccountId, Gap, Noun, Provider, Region};
use tokio::time::{Instant, sleep, timeout_at};

use crate::failure::{CloudError, Failure, FailureKind};
use crate::limits::Limits;
use crate::progress::Event;
use crate::session::Session;

/// What is asked, and of whom; what its gap says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The cloud.
    pub provider: Provider,
    /// The account; none while it is not known.
    pub account: Option<AccountId>,
    /// The region; none if all are meant.
    pub region: Option<Region>,
    /// The call, as the cloud names it: `ec2:DescribeVpcs`.
    pub what: &'static str,
    /// What may be missing from the snapshot without the answer, sorted.
    pub hides: &'static [Noun],
}

impl Question {
    /// The gap that a failure leaves; `kept` elements were read before it.
    pub fn gap(&self, failure: &Failure, kept: usize) -> Gap {
        let rest = match kept {
            0 => String::new(),
            1 => "; the one element that was read before is kept".to_owned(),
            count => format!("; the {count} elements that were read before are kept"),
        };
        Gap {
            provider: self.provider,
            account: self.account.clone(),
            region: self.region.clone(),
            what: self.what.to_owned(),
            why: failure.reason(),
            message: format!("{failure}{rest}"),
            hides: self.hides.to_vec(),
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its elements; an empty page may have further ones after it.
    pub items: Vec<T>,
    /// What asks for the next page; none, or empty, after the last one.
    pub next: Option<String>,
}

/// A list, as far as it could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// What was read.
    pub items: Vec<T>,
    /// Why the rest was not; none if the list is whole.
    pub gap: Option<Gap>,
}

impl<T> Listing<T> {
    /// A whole list without elements: what is known not to be there.
    pub fn empty() -> Self {
        Self {
            items: vec![],
            gap: None,
        }
    }
}

/// How often in a row an empty page may lead to itself.
const MOST_IDLE: u32 = 3;

/// Reads a list page by page. What was read before a failure is kept.
///
/// An empty page with a token goes on. A token that was used before ends the
/// list as damaged, but for an empty page that leads to itself a few times.
pub async fn list<T, E, F, Fut>(session: &Session, question: &Question, mut ask: F) -> Listing<T>
where
    E: CloudError,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<Page<T>, E>>,
{
    let mut items = Vec::new();
    let mut token: Option<String> = None;
    let mut used = BTreeSet::new();
    let mut idle = 0;
    loop {
        let failure = match attempt(session, question.what, || ask(token.clone())).await {
            Ok(page) => {
                let Some(next) = page.next.filter(|next| !next.is_empty()) else {
                    items.extend(page.items);
                    return Listing { items, gap: None };
                };
                // An empty page may say "again" with the token that asked for it.
                let again = page.items.is_empty() && token.as_ref() == Some(&next);
                idle = if again { idle + 1 } else { 0 };
                items.extend(page.items);
                if idle <= MOST_IDLE && (again || used.insert(next.clone())) {
                    token = Some(next);
                    continue;
                }
                Failure::new(FailureKind::Circular)
            }
            Err(failure) => failure,
        };
        let gap = question.gap(&failure, items.len());
        session.tell(Event::Gap(&gap));
        return Listing {
            items,
            gap: Some(gap),
        };
    }
}

/// Asks for one thing.
///
/// # Errors
///
/// The gap that is left if there is no answer.
pub async fn one<T, E, F, Fut>(
    session: &Session,
    question: &Question,
    ask: F,
) -> Result<T, Box<Gap>>
where
    E: CloudError,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    attempt(session, question.what, ask)
        .await
        .map_err(|failure| {
            let gap = question.gap(&failure, 0);
            session.tell(Event::Gap(&gap));
            Box::new(gap)
        })
}

/// Sends one request, again where that makes sense, until its time is over.
///
/// The time of the call begins with its first attempt, not while it waits
/// for its turn; the time of the whole collection always runs.
///
/// # Errors
///
/// Why there is no answer.
pub async fn attempt<T, E, F, Fut>(session: &Session, what: &str, mut ask: F) -> Result<T, Failure>
where
    E: CloudError,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let limits = &session.limits;
    let mut end = session.deadline;
    let mut tried = 0;
    let mut last = Failure::new(FailureKind::OutOfTime);
    loop {
        let Ok(permit) = timeout_at(end, session.permits.acquire()).await else {
            return Err(last);
        };
        let now = Instant::now();
        if tried == 0 {
            end = end.min(now + limits.call);
        }
        let cut_short = end < now + limits.attempt;
        last = match timeout_at(end.min(now + limits.attempt), ask()).await {
            Ok(Ok(answer)) => {
                session.tell(Event::Answered { what });
                return Ok(answer);
            }
            Ok(Err(error)) => error.failure(),
            // What failed before says more than that there was no time left.
            Err(_) if cut_short && tried > 0 => last,
            Err(_) => Failure::new(FailureKind::TimedOut),
        };
        drop(permit);
        tried += 1;
        tracing::debug!(what, tried, failure = %last, "call failed");
        let wait = wait(limits, tried, last.retry_after);
        let futile = last
            .attempts(limits.attempts)
            .is_some_and(|most| tried >= most);
        if futile || Instant::now() + wait >= end {
            return Err(at_the_end(session, last, futile));
        }
        sleep(wait).await;
    }
}

/// What a last failure is called: one that would have been tried again, had
/// the time for the whole collection not been over, is for want of time.
fn at_the_end(session: &Session, failure: Failure, futile: bool) -> Failure {
    let over = session.deadline <= Instant::now();
    if over && !futile {
        Failure::new(FailureKind::OutOfTime)
    } else {
        failure
    }
}

/// How long to wait before the next attempt: any time up to a bound that
/// doubles ("full jitter"), but not before the cloud wants to be asked again.
///
/// Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
fn wait(limits: &Limits, tried: u32, retry_after: Option<Duration>) -> Duration {
    let doubled = 1_u32
        .checked_shl(tried.saturating_sub(1))
        .unwrap_or(u32::MAX);
    let bound = limits
        .first_wait
        .saturating_mul(doubled)
        .min(limits.longest_wait);
    let jitter = bound.mul_f64(fastrand::f64());
    retry_after.map_or(jitter, |least| least.saturating_add(jitter))
}
