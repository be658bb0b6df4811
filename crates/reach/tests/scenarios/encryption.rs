//! What a client must bring, where its abilities are declared.

use cachewarden_estates::base;
use cachewarden_estates::change::cache;
use cachewarden_estates::ids::{CACHE, CACHE_NAME, CLIENT};
use cachewarden_model::{
    Effect, Expectation, ExpectedOutcome, Fact, Intent, Outcome, Selector, Stage, Symptom,
    TlsAbility, TlsVersion, TransitEncryption,
};

use crate::expect::{Answer, ask, ask_expecting};

fn speaks(tls: TlsAbility) -> Expectation {
    Expectation {
        name: "checkout uses its sessions".to_owned(),
        client: Selector {
            id: Some(CLIENT.into()),
            ..Selector::default()
        },
        cache: Selector {
            name: Some(CACHE_NAME.to_owned()),
            ..Selector::default()
        },
        outcome: ExpectedOutcome::Reach,
        demand: None,
        tls: Some(tls),
    }
}

fn plain() -> TlsAbility {
    TlsAbility {
        enabled: Some(false),
        ..TlsAbility::default()
    }
}

fn up_to(max: TlsVersion) -> TlsAbility {
    TlsAbility {
        min: Some(TlsVersion::V1_0),
        max: Some(max),
        enabled: Some(true),
    }
}

#[track_caller]
fn fails_the_handshake(answer: &Answer) {
    assert_eq!(answer.0.outcome, Outcome::Blocked, "{answer:#?}");
    assert_eq!(answer.0.symptom, Some(Symptom::Tls));
    let blame: Vec<_> = answer
        .0
        .blame
        .iter()
        .map(|it| (it.resource.as_str(), it.stage))
        .collect();
    assert_eq!(blame, [(CACHE, Stage::Tls)], "{answer:#?}");
}

#[test]
fn e1_a_plain_client_and_encryption_required() {
    let answer = ask_expecting(speaks(plain()), base());
    fails_the_handshake(&answer);
    assert_eq!(answer.0.intended, Some(Intent::Declared));
    let both = base().with(cache(|cache| {
        cache.transit_encryption = Fact::Known(TransitEncryption::Preferred);
    }));
    ask_expecting(speaks(plain()), both).is_open();
}

#[test]
fn e4_an_encrypting_client_and_a_plain_cache() {
    let plain_cache = || {
        base().with(cache(|cache| {
            cache.transit_encryption = Fact::Known(TransitEncryption::Disabled);
        }))
    };
    fails_the_handshake(&ask_expecting(
        speaks(up_to(TlsVersion::V1_3)),
        plain_cache(),
    ));
    ask_expecting(speaks(plain()), plain_cache()).is_open();
}

#[test]
fn e5_a_client_of_old_versions() {
    fails_the_handshake(&ask_expecting(speaks(up_to(TlsVersion::V1_1)), base()));
    ask_expecting(speaks(up_to(TlsVersion::V1_2)), base()).is_open();
}

#[test]
fn what_was_not_declared_is_required_and_stops_nobody() {
    let answer = ask(base());
    answer.is_open();
    for stage in [Stage::Tls, Stage::Auth] {
        let step = answer.0.trace.iter().find(|step| step.stage == stage);
        assert_eq!(
            step.map(|it| it.effect),
            Some(Effect::Requires),
            "{stage:?}: {answer:#?}"
        );
    }
    assert_eq!(
        answer.0.intended,
        Some(Intent::Rule),
        "the cache's group names the client's"
    );
}

#[test]
fn a_lowest_version_that_was_not_learned_is_not_met() {
    let unread = || {
        base().with(cache(|cache| {
            let gap = cachewarden_estates::Place::HOME
                .refused("elasticache:DescribeReplicationGroups", &[]);
            cache.tls_min = Fact::unknown(gap);
        }))
    };
    let declared = ask_expecting(speaks(up_to(TlsVersion::V1_1)), unread());
    assert_eq!(declared.0.outcome, Outcome::Unknown, "{declared:#?}");
    ask(unread()).is_open();
}
