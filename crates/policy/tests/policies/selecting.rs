//! What the configuration says about policies.

use std::collections::BTreeMap;

use cachewarden_model::Severity;
use cachewarden_policy::{Library, Selection, Threshold};

use crate::estate::sound;

fn selection(yaml: &str) -> Selection {
    serde_saphyr::from_str(yaml).unwrap()
}

#[test]
fn nothing_said_means_the_default_pack() {
    assert_eq!(selection("{}"), Selection::default());
    let own = selection("packs: [strict, hygiene]\ndisable: [logins-succeed]");
    assert_eq!(own.packs, ["strict", "hygiene"]);
    assert!(serde_saphyr::from_str::<Selection>("pack: [strict]").is_err());
}

#[test]
fn packs_and_exceptions_decide_what_is_in_use() {
    let enabled = |yaml: &str, id: &str| {
        Library::load(&[], &selection(yaml))
            .unwrap()
            .find(id)
            .unwrap()
            .enabled
    };
    assert!(enabled("{}", "no-plaintext-port"));
    assert!(!enabled("packs: [baseline]", "no-plaintext-port"));
    assert!(!enabled(
        "disable: [no-plaintext-port]",
        "no-plaintext-port"
    ));
    assert!(!enabled("{}", "default-port-is-not-used"));
    assert!(enabled("packs: [hygiene]", "default-port-is-not-used"));
    assert!(!enabled("packs: []", "transit-encryption-is-on"));
}

#[test]
fn severities_and_thresholds_are_replaced() {
    let yaml = "severity: { single-node-without-replica: critical }\n\
                thresholds: { connection_headroom_percent: 50, internet_percent: 1 }";
    let library = Library::load(&[], &selection(yaml)).unwrap();
    assert_eq!(
        library.find("cache-has-replica").unwrap().severity,
        Severity::Critical
    );
    for id in [
        "peak-connections-leave-headroom",
        "coming-size-fits-peak-connections",
    ] {
        let threshold = library.find(id).unwrap().thresholds["connection_headroom_percent"];
        assert_eq!(threshold, Threshold::Whole(50), "{id}");
    }
}

#[test]
fn cases_keep_to_the_defaults() {
    let yaml = "thresholds: { backup_days: 1, connection_headroom_percent: 99 }";
    let library = Library::load(&[], &selection(yaml)).unwrap();
    assert!(library.test().iter().all(|it| it.passed()));
}

#[test]
fn a_threshold_decides() {
    let mut estate = sound();
    crate::estate::measure(
        estate.cache(),
        "CurrConnections",
        cachewarden_model::Fact::Known(40_000.0),
    );
    assert_eq!(estate.verdicts(), []);
    estate.selection.thresholds =
        BTreeMap::from([("connection_headroom_percent".into(), Threshold::Whole(50))]);
    assert_eq!(estate.verdicts()[0].0, "peak-connections-leave-headroom");
}

#[test]
fn names_that_are_not_there_are_mistakes() {
    let yaml = "packs: [defualt]\ndisable: [no-plaintxt-port]\nseverity: { nothing: low }\n\
                thresholds: { conection_headroom_percent: 80, backup_days: 1.5 }";
    let errors = Library::load(&[], &selection(yaml)).err().unwrap();
    let told: Vec<(String, Option<&str>)> = errors
        .iter()
        .map(|it| (it.to_string(), it.help_text()))
        .collect();
    let told: Vec<(&str, Option<&str>)> =
        told.iter().map(|(it, help)| (it.as_str(), *help)).collect();
    assert_eq!(
        told,
        [
            (
                "there is no pack `defualt`",
                Some("did you mean `default`?")
            ),
            (
                "there is no policy `no-plaintxt-port`",
                Some("did you mean `no-plaintext-port`?")
            ),
            ("there is no policy `nothing`", None),
            (
                "the threshold `backup_days` is a whole number, not `1.5`",
                None
            ),
            (
                "no policy has a threshold `conection_headroom_percent`",
                Some("did you mean `connection_headroom_percent`?")
            ),
        ]
    );
    assert!(errors.iter().all(|it| it.file().is_none()));
}
