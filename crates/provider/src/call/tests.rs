//! Pages, retries and time limits, by a clock that jumps.

use std::cell::RefCell;
use std::sync::Mutex;

use cachewarden_model::GapReason;

use super::*;
use crate::progress::{Progress, Silent};

const VPCS: Question = Question {
    provider: Provider::Aws,
    account: None,
    region: None,
    what: "ec2:DescribeVpcs",
    hides: &[Noun::Networks],
};

fn session(limits: Limits) -> Session {
    let now = "2026-01-31T08:00:00Z".parse().unwrap();
    Session::begin(limits, now, "0.0.0", Box::new(Silent))
}

fn failing(kind: FailureKind) -> impl Future<Output = Result<Page<u32>, Failure>> {
    std::future::ready(Err(Failure::new(kind)))
}

/// A list of three pages of two elements, the second of them empty.
async fn three(token: Option<String>) -> Result<Page<u32>, Failure> {
    let (items, next) = match token.as_deref() {
        None => (vec![1, 2], Some("b")),
        Some("b") => (vec![], Some("c")),
        Some(_) => (vec![3, 4], None),
    };
    Ok(Page {
        items,
        next: next.map(str::to_owned),
    })
}

#[tokio::test]
async fn pages_are_read_to_the_end_across_an_empty_one() {
    let listing = list(&session(Limits::default()), &VPCS, three).await;
    assert_eq!(
        listing,
        Listing {
            items: vec![1, 2, 3, 4],
            gap: None
        }
    );
}

#[tokio::test]
async fn an_empty_token_is_none() {
    let ask = |_| async {
        Ok::<_, Failure>(Page {
            items: vec![1],
            next: Some(String::new()),
        })
    };
    let listing = list(&session(Limits::default()), &VPCS, ask).await;
    assert_eq!(
        listing,
        Listing {
            items: vec![1],
            gap: None
        }
    );
}

#[tokio::test]
async fn a_token_seen_before_ends_the_list_as_damaged() {
    let ask = |_| async {
        Ok::<_, Failure>(Page {
            items: vec![7],
            next: Some("a".into()),
        })
    };
    let listing = list(&session(Limits::default()), &VPCS, ask).await;
    assert_eq!(listing.items, [7, 7]);
    let gap = listing.gap.unwrap();
    assert_eq!(gap.why, GapReason::Damaged);
    assert_eq!(
        gap.message,
        "the answer named a next page that had been read before; \
         the 2 elements that were read before are kept"
    );
    assert_eq!(gap.hides, [Noun::Networks]);
}

#[tokio::test]
async fn an_empty_page_may_lead_to_itself_but_not_for_ever() {
    for (idle, whole) in [(MOST_IDLE, true), (MOST_IDLE + 1, false)] {
        let asked = RefCell::new(0);
        let ask = |token: Option<String>| {
            if token.as_deref() == Some("c") {
                *asked.borrow_mut() += 1;
            }
            let again = (1..=idle).contains(&*asked.borrow());
            async move {
                if again {
                    return Ok(Page {
                        items: vec![],
                        next: token,
                    });
                }
                three(token).await
            }
        };
        let listing = list(&session(Limits::default()), &VPCS, ask).await;
        assert_eq!(listing.gap.is_none(), whole);
        assert_eq!(listing.items.len(), if whole { 4 } else { 2 });
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_before_a_refusal_is_kept() {
    let ask = |token: Option<String>| async move {
        match token {
            None => three(None).await,
            Some(_) => failing(FailureKind::Denied).await,
        }
    };
    let listing = list(&session(Limits::default()), &VPCS, ask).await;
    assert_eq!(listing.items, [1, 2]);
    assert_eq!(listing.gap.unwrap().why, GapReason::AccessDenied);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_goes_on_for_as_long_as_its_time_lasts() {
    let limits = Limits::default();
    let begun = Instant::now();
    let count = RefCell::new(0);
    let ask = |_| {
        *count.borrow_mut() += 1;
        failing(FailureKind::Throttled)
    };
    let listing = list(&session(limits), &VPCS, ask).await;
    assert_eq!(listing.gap.unwrap().why, GapReason::Throttled);
    assert!(
        *count.borrow() > limits.attempts,
        "only {} attempts",
        count.borrow()
    );
    assert!(begun.elapsed() <= limits.call);
    assert!(
        begun.elapsed() + limits.longest_wait >= limits.call,
        "gave up too early"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_ends_with_its_time() {
    let limits = Limits::default();
    let begun = Instant::now();
    let hang = |_| std::future::pending::<Result<Page<u32>, Failure>>();
    let listing = list(&session(limits), &VPCS, hang).await;
    assert_eq!(listing.gap.unwrap().why, GapReason::Timeout);
    assert!(begun.elapsed() <= limits.call);
    assert!(begun.elapsed() >= 2 * limits.attempt, "tried only once");
}

#[tokio::test(start_paused = true)]
async fn the_whole_collection_ends_with_its_time() {
    let limits = Limits {
        total: Duration::from_secs(5),
        ..Limits::default()
    };
    let session = session(limits);
    let begun = Instant::now();
    let hang = || std::future::pending::<Result<u32, Failure>>();
    for _ in 0..3 {
        let gap = one(&session, &VPCS, hang).await.unwrap_err();
        assert_eq!(gap.message, "the time for the whole collection was over");
        assert_eq!(gap.why, GapReason::Timeout);
    }
    assert_eq!(begun.elapsed(), limits.total);
}

#[tokio::test(start_paused = true)]
async fn after_an_outage_the_list_is_whole() {
    let left = RefCell::new(vec![
        FailureKind::Throttled,
        FailureKind::Unavailable,
        FailureKind::Disconnected,
        FailureKind::Damaged,
    ]);
    let ask = |token| {
        let next = left.borrow_mut().pop();
        async move {
            match next {
                Some(kind) => failing(kind).await,
                None => three(token).await,
            }
        }
    };
    let listing = list(&session(Limits::default()), &VPCS, ask).await;
    assert_eq!(
        listing,
        Listing {
            items: vec![1, 2, 3, 4],
            gap: None
        }
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_asked_again() {
    let count = RefCell::new(0);
    let ask = || {
        *count.borrow_mut() += 1;
        std::future::ready(Err::<u32, _>(Failure::new(FailureKind::Denied)))
    };
    one(&session(Limits::default()), &VPCS, ask)
        .await
        .unwrap_err();
    assert_eq!(*count.borrow(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_cloud_says_when_to_ask_again() {
    let begun = Instant::now();
    let count = RefCell::new(0);
    let ask = || {
        *count.borrow_mut() += 1;
        let wait = Some(Duration::from_secs(30));
        std::future::ready(match *count.borrow() {
            1 => Err(Failure::new(FailureKind::Throttled).after(wait)),
            _ => Ok(begun.elapsed()),
        })
    };
    let waited = one(&session(Limits::default()), &VPCS, ask).await.unwrap();
    assert!((30..=31).contains(&waited.as_secs()), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_time_of_the_call_is_not_begun() {
    let begun = Instant::now();
    let wait = Some(Duration::from_secs(3600));
    let ask = || {
        let failure = Failure::new(FailureKind::Throttled).after(wait);
        std::future::ready(Err::<u32, _>(failure))
    };
    let gap = one(&session(Limits::default()), &VPCS, ask)
        .await
        .unwrap_err();
    assert_eq!(gap.why, GapReason::Throttled);
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_than_allowed_are_under_way() {
    let session = session(Limits {
        concurrency: 3,
        ..Limits::default()
    });
    let running = RefCell::new((0, 0));
    let ask = || async {
        {
            let mut now = running.borrow_mut();
            now.0 += 1;
            now.1 = now.1.max(now.0);
        }
        sleep(Duration::from_secs(1)).await;
        running.borrow_mut().0 -= 1;
        Ok::<_, Failure>(())
    };
    let calls = || one(&session, &VPCS, ask);
    let begun = Instant::now();
    drop(tokio::join!(
        calls(),
        calls(),
        calls(),
        calls(),
        calls(),
        calls(),
        calls()
    ));
    assert_eq!(running.borrow().1, 3);
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_turn_is_not_the_time_of_the_call() {
    let session = session(Limits {
        concurrency: 1,
        ..Limits::default()
    });
    let slow = || async {
        sleep(Duration::from_secs(15)).await;
        Ok::<_, Failure>(())
    };
    let calls: Vec<_> = (0..5).map(|_| one(&session, &VPCS, slow)).collect();
    for call in all_at_once(calls).await {
        call.unwrap();
    }
}

/// All at once, without a crate for it.
async fn all_at_once<T>(calls: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut calls: Vec<_> = calls
        .into_iter()
        .map(|call| (Box::pin(call), None))
        .collect();
    std::future::poll_fn(|context| {
        let mut open = false;
        for (call, answer) in &mut calls {
            if answer.is_none() {
                match call.as_mut().poll(context) {
                    std::task::Poll::Ready(ready) => *answer = Some(ready),
                    std::task::Poll::Pending => open = true,
                }
            }
        }
        if open {
            std::task::Poll::Pending
        } else {
            std::task::Poll::Ready(())
        }
    })
    .await;
    calls.into_iter().filter_map(|(_, answer)| answer).collect()
}

#[tokio::test(start_paused = true)]
async fn progress_and_gaps_are_told() {
    #[derive(Default)]
    struct Told(std::sync::Arc<Mutex<Vec<String>>>);
    impl Progress for Told {
        fn event(&self, event: Event<'_>) {
            self.0.lock().unwrap().push(format!("{event:?}"));
        }
    }
    let told = Told::default();
    let heard = told.0.clone();
    let now = "2026-01-31T08:00:00Z".parse().unwrap();
    let session = Session::begin(Limits::default(), now, "0.0.0", Box::new(told));
    list(&session, &VPCS, three).await;
    list(&session, &VPCS, |_| failing(FailureKind::Denied)).await;
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 4);
    assert_eq!(heard[0], r#"Answered { what: "ec2:DescribeVpcs" }"#);
    assert!(heard[3].starts_with("Gap("));
}

proptest::proptest! {
    #[test]
    fn a_wait_stays_within_its_bounds(tried in 1_u32..200, asked in 0_u64..100) {
        let limits = Limits::default();
        let asked = (asked > 0).then(|| Duration::from_secs(asked));
        let least = asked.unwrap_or_default();
        let chosen = wait(&limits, tried, asked);
        proptest::prop_assert!(chosen >= least);
        proptest::prop_assert!(chosen <= least + limits.longest_wait);
        if tried == 1 {
            proptest::prop_assert!(chosen <= least + limits.first_wait);
        }
    }
}
