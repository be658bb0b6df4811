//! Expectations of the configuration.

use cachewarden_model::*;

use super::{cannot_tell, fails};
use crate::estate::{Estate, gap};

#[test]
fn expectations() {
    let expectation = |outcome| Expectation {
        name: "checkout".into(),
        client: Selector::default(),
        cache: Selector::default(),
        outcome,
        demand: None,
        tls: None,
    };
    let result = |counts| ExpectationResult {
        expectation: 0,
        clients: 1,
        caches: vec![crate::estate::CACHE.into()],
        counts,
        unmet: vec![],
        gaps: vec![],
    };
    let set = |it: &mut Estate, outcome, counts| {
        it.expectations = vec![expectation(outcome)];
        it.reachability.expectations = vec![result(counts)];
    };
    let none = ConnectionCounts::default();
    // Others may be meant, of whom a label was not read.
    for (outcome, policy) in [
        (ExpectedOutcome::Reach, "expected-connections-are-open"),
        (ExpectedOutcome::NoReach, "unwanted-connections-are-closed"),
    ] {
        cannot_tell(&[policy], |it| {
            let counts = match outcome {
                ExpectedOutcome::Reach => ConnectionCounts { open: 1, ..none },
                ExpectedOutcome::NoReach => ConnectionCounts { blocked: 1, ..none },
            };
            set(it, outcome, counts);
            it.reachability.expectations[0].gaps = vec![gap("tag:GetResources")];
        });
    }
    cannot_tell(
        &[
            "expectation-names-somebody",
            "expected-connections-are-open",
        ],
        |it| {
            set(it, ExpectedOutcome::Reach, none);
            it.reachability.expectations[0].caches.clear();
            it.reachability.expectations[0].gaps = vec![gap("tag:GetResources")];
        },
    );
    fails(&["expected-connections-are-open"], |it| {
        set(
            it,
            ExpectedOutcome::Reach,
            ConnectionCounts {
                open: 2,
                partial: 1,
                ..none
            },
        );
    });
    cannot_tell(&["expected-connections-are-open"], |it| {
        set(
            it,
            ExpectedOutcome::Reach,
            ConnectionCounts {
                open: 2,
                unknown: 1,
                ..none
            },
        );
    });
    fails(&["unwanted-connections-are-closed"], |it| {
        set(
            it,
            ExpectedOutcome::NoReach,
            ConnectionCounts {
                partial: 1,
                blocked: 4,
                ..none
            },
        );
    });
    fails(&[], |it| {
        set(
            it,
            ExpectedOutcome::NoReach,
            ConnectionCounts { blocked: 4, ..none },
        );
    });
    fails(&["expectation-names-somebody"], |it| {
        set(it, ExpectedOutcome::Reach, none);
        it.reachability.expectations[0].clients = 0;
    });
    cannot_tell(
        &[
            "expectation-names-somebody",
            "keepalive-beats-idle-limits",
            "no-public-forwarder-reaches-cache",
        ],
        |it| {
            set(it, ExpectedOutcome::Reach, none);
            it.reachability.expectations[0].clients = 0;
            let hides = vec![Noun::Interfaces];
            it.snapshot.gaps = vec![Gap {
                hides,
                ..gap("ec2:DescribeNetworkInterfaces")
            }];
        },
    );
}
