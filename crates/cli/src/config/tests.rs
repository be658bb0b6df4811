//! Configurations, good and bad.

use super::*;

/// The example of the documentation, with every key that there is.
const WHOLE: &str = r#"
version: 1
expect:
  - name: checkout uses its sessions
    client: { provider: aws, group: checkout-app }
    cache:  { name: sessions }
    outcome: reach
    demand: { replicas: 12, processes: 4, pool: 20 }
    tls:    { min: "1.2", max: "1.3" }
policies:
  packs: [default]
  disable: []
  severity: { single-node-without-replica: low }
  thresholds: { connection_headroom_percent: 80, retirement_days: 365 }
waivers:
  - { policy: no-plaintext-port, subject: "legacy-*", reason: "migration X-12", owner: platform, until: 2026-12-31 }
"#;

fn mistakes(text: &str) -> Vec<(String, String)> {
    match Loaded::parse("cachewarden.yaml", text.to_owned()) {
        Err(ConfigError::Wrong { mistakes, .. }) => mistakes
            .iter()
            .map(|it| {
                let label = it.labels().unwrap().next().unwrap();
                let at = label.offset()..label.offset() + label.len();
                (it.to_string(), text[at].to_owned())
            })
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_whole_example_is_read() {
    let config = Loaded::parse("x", WHOLE.to_owned()).unwrap().config;
    assert_eq!(config.expect.len(), 1);
    assert_eq!(config.expect[0].demand.unwrap().connections(), 960);
    assert_eq!(config.policies.thresholds.len(), 2);
    assert_eq!(config.waivers[0].owner.as_deref(), Some("platform"));
}

#[test]
fn little_is_needed() {
    let config = Loaded::parse("x", "version: 1\n".to_owned())
        .unwrap()
        .config;
    assert!(config.expect.is_empty() && config.waivers.is_empty());
    assert_eq!(config.policies.packs, ["default"]);
    assert_eq!(
        mistakes("expect: []\n"),
        [(
            "the key `version` is missing".to_owned(),
            "expect".to_owned()
        )]
    );
    assert_eq!(mistakes("").len(), 1);
    assert_eq!(mistakes("- a\n").len(), 1);
}

#[test]
fn every_unknown_key_is_found_at_once() {
    let text = WHOLE
        .replace("group:", "grup:")
        .replace("pool:", "pol:")
        .replace("waivers:", "waiver:");
    let found = mistakes(&text);
    let expected = [
        ("unknown key `grup`", "grup"),
        ("unknown key `pol`", "pol"),
        ("unknown key `waiver`", "waiver"),
    ];
    assert_eq!(
        found,
        expected.map(|(what, at)| (what.to_owned(), at.to_owned()))
    );
}

#[test]
fn wrong_words_and_values_are_found_with_them() {
    let text = WHOLE
        .replace("outcome: reach", "outcome: rech")
        .replace("replicas: 12", "replicas: many")
        .replace("tls:", "tsl:");
    let found: Vec<String> = mistakes(&text).into_iter().map(|(_, at)| at).collect();
    assert_eq!(found, ["rech", "many", "tsl"]);
}

#[test]
fn a_mistake_in_the_middle_of_the_text_has_its_place() {
    let text = "version: 1\n# Zürich\nexpect:\n  - name: ü\n    client: { nmae: x }\n    cache: { name: y }\n    outcome: reach\n";
    assert_eq!(
        mistakes(text),
        [("unknown key `nmae`".to_owned(), "nmae".to_owned())]
    );
}

#[test]
fn every_field_of_the_schema_is_described() {
    let schema = schema();
    let text = serde_json::to_string(&schema).unwrap();
    assert!(
        text.contains("\"const\":1") && text.contains("no-reach"),
        "{text}"
    );
    assert_eq!(schema["additionalProperties"], false);
}
