//! The policies that come with the program.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::Verdict;
use cachewarden_policy::{Library, Selection};

fn library() -> Library {
    Library::builtin().unwrap()
}

#[test]
fn every_case_comes_out_as_expected() {
    let failed: Vec<_> = library()
        .test()
        .into_iter()
        .filter(|it| !it.passed())
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_policy_has_a_case_of_each_kind() {
    for policy in library().policies() {
        let has = |verdict| policy.cases.iter().any(|case| case.expect == verdict);
        assert!(
            has(Verdict::Pass) && has(Verdict::Fail) && has(Verdict::Unknown),
            "{}",
            policy.id
        );
        assert_eq!(
            has(Verdict::NotApplicable),
            policy.applies_if.is_some(),
            "{}",
            policy.id
        );
    }
}

/// A case that tells nothing of what the policy asks could not fail.
#[test]
fn a_policy_without_its_facts_passes_nothing() {
    let library = library();
    for policy in library.policies() {
        assert!(!policy.fact_paths().is_empty(), "{}", policy.id);
    }
}

#[test]
fn every_policy_is_in_one_pack_of_its_own() {
    let library = library();
    let packs: BTreeMap<&str, BTreeSet<&str>> = library
        .packs()
        .map(|it| (it.name, it.policies.into_iter().collect()))
        .collect();
    assert_eq!(
        packs.keys().copied().collect::<Vec<_>>(),
        ["baseline", "default", "hygiene", "strict"]
    );
    assert!(packs["baseline"].is_subset(&packs["default"]));
    assert!(packs["default"].is_subset(&packs["strict"]));
    assert!(packs["strict"].is_disjoint(&packs["hygiene"]));
    for policy in library.policies() {
        let id = policy.id.as_str();
        assert!(
            packs["strict"].contains(id) || packs["hygiene"].contains(id),
            "{id}"
        );
        assert_eq!(policy.enabled, packs["default"].contains(id), "{id}");
    }
}

#[test]
fn texts_are_whole() {
    for policy in library().policies() {
        let id = &policy.id;
        assert!(!policy.title.ends_with('.'), "{id}");
        assert!(!policy.message().ends_with('.'), "{id}");
        assert!(policy.why.ends_with('.'), "{id}");
        // The reason for the severity is part of why.
        let word = policy.severity.as_str();
        let reason = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let medium = policy.why.contains(&reason);
        assert!(medium, "{id} does not say why it is {word}");
        assert!(policy.fixes().count() > 0, "{id}");
        for url in &policy.references {
            assert!(url.starts_with("https://"), "{id}: {url}");
        }
        assert!(!policy.conditions.is_empty(), "{id}");
    }
}

/// Rows of the catalogue of conditions that concern AWS, but for those that a
/// snapshot cannot show (N7, U09) and those about cost and names (U63, U64).
#[test]
fn every_condition_of_aws_is_covered() {
    let library = library();
    let covered: BTreeSet<&str> = library
        .policies()
        .flat_map(|it| it.conditions.iter().map(String::as_str))
        .collect();
    let expected = "N1 N3 N4 N5 N8 N9 N10 N11 N12 N13 N14 N16 N20 N22 N23 \
                    U01 U02 U10 U11 U12 U15 U16 U17 U25 U26 U29 U30 U31 U40 U41 U42 U43 U45 U46 \
                    U47 U48 U49 U50 U51 U52 U53 U54 U55 U58 U61 U62 \
                    C1 C2 C3 C4 C7 C8 C9 C10 C12 C14 C15 C16 C17 C18 C19 C25 C28 C29";
    for row in expected.split_whitespace() {
        assert!(covered.contains(row), "{row}");
    }
    let shape = |row: &&str| {
        let (kind, number) = row.split_at(1);
        "NUC".contains(kind) && number.chars().all(|it| it.is_ascii_digit())
    };
    assert!(covered.iter().all(shape), "{covered:?}");
}

#[test]
fn ids_are_found_by_their_aliases_too() {
    let library = library();
    assert_eq!(
        library.find("single-node-without-replica").unwrap().id,
        "cache-has-replica"
    );
    assert!(library.find("no-such-policy").is_none());
    assert_eq!(library.near("no-plaintxt-port"), ["no-plaintext-port"]);
}

#[test]
fn data_names_its_sources() {
    let library = Library::load(&[], &Selection::default()).unwrap();
    assert!(library.data().iter().all(|table| !table.sources.is_empty()));
}
