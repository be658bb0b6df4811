//! The policies that come with the program.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{Provider, Verdict};
use cachewarden_policy::{FixFor, Library, Selection};

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

/// A row of the catalogue is covered for a cloud, or says why it is not.
#[test]
fn every_condition_is_covered_or_says_why_not() {
    let library = library();
    let coverage = library.coverage();
    for row in &coverage {
        assert_ne!(row.policies.is_empty(), row.reason.is_none(), "{row:?}");
    }
    let known: BTreeSet<&str> = coverage.iter().map(|it| it.row).collect();
    assert_eq!(known.len(), 24 + 64 + 30);
    for policy in library.policies() {
        for row in &policy.conditions {
            assert!(known.contains(row.as_str()), "{}: {row}", policy.id);
        }
    }
}

/// Rows that concern Azure, and some ids under which other tools have them.
#[test]
fn conditions_of_azure_are_covered() {
    let library = library();
    let coverage = library.coverage();
    let covered: BTreeSet<&str> = coverage
        .iter()
        .filter(|it| it.provider == Provider::Azure && !it.policies.is_empty())
        .map(|it| it.row)
        .collect();
    let expected = "N1 N2 N3 N5 N6 N7 N8 N10 N11 N12 N13 N14 N15 N16 N17 N18 N20 N22 N23 \
                    U06 U07 U08 U13 U18 U19 U20 U21 U27 U29 U30 U31 U32 U33 U34 U35 U36 U37 U38 \
                    U39 U52 U55 U56 U58 U59 U60 \
                    C1 C3 C5 C6 C7 C8 C9 C10 C12 C14 C15 C16 C17 C18 C20 C25 C28 C29";
    for row in expected.split_whitespace() {
        assert!(covered.contains(row), "{row}");
    }
    let controls: BTreeSet<&str> = library
        .policies()
        .flat_map(|it| it.controls.iter().map(String::as_str))
        .collect();
    for control in [
        "22bee202-a82f-4305-9a2a-6d7f44d4dedb",
        "470baccb-7e51-4549-8b1a-3e5be069f663",
        "7803067c-7d34-46e3-8c79-0ca68fc4036d",
        "3827af20-8f80-4b15-8300-6db0873ec901",
        "960e650e-9ce3-4316-9590-8ee2c016ca2f",
        "09aa11bb-87ec-409f-bf0b-49b7c1561a87",
        "1bf67da8-b100-45bf-b89d-e4669fc54411",
        "408934a8-941a-4c1e-ba88-dd035d9688f4",
        "e016b22b-e0eb-436d-8fd7-160c4eaed6e2",
        "CKV_AZURE_89",
        "CKV_AZURE_91",
        "CKV_AZURE_148",
        "CKV_AZURE_230",
    ] {
        assert!(controls.contains(control), "{control}");
    }
}

/// Rows that concern Google Cloud, and ids under which other tools have them.
#[test]
fn conditions_of_google_cloud_are_covered() {
    let library = library();
    let coverage = library.coverage();
    let covered: BTreeSet<&str> = coverage
        .iter()
        .filter(|it| it.provider == Provider::Gcp && !it.policies.is_empty())
        .map(|it| it.row)
        .collect();
    let expected = "N3 N5 N8 N10 N11 N14 N15 N16 N19 N21 N22 N23 \
                    U03 U04 U05 U14 U22 U23 U24 U30 U44 U51 U52 U55 U56 U57 U58 \
                    C1 C3 C8 C9 C10 C11 C12 C14 C15 C16 C17 C18 C20 C25 C28 C29";
    let expected: BTreeSet<&str> = expected.split_whitespace().collect();
    assert_eq!(covered, expected);
    let controls: BTreeSet<&str> = library
        .policies()
        .filter(|policy| judged(policy).contains("gcp"))
        .flat_map(|it| it.controls.iter().map(String::as_str))
        .collect();
    for control in [
        "CKV_GCP_95",
        "CKV_GCP_97",
        "cloud-redis-auth-enabled",
        "cloud-redis-cmek-configured",
        "cloud-redis-transit-encryption-enabled",
        "cloud-redis-standard-ha-tier",
        "cloud-redis-cluster-iam-auth-enabled",
        "cloud-redis-cluster-deletion-protection-enabled",
        "memorystore-iam-auth-enabled",
        "memorystore-transit-encryption-enabled",
        "memorystore-cmek-encryption",
        "memorystore-no-public-psc",
        "memorystore-engine-config-protected-mode",
        "memorystore-redis-instance-auth-not-enabled",
        "memorystore-redis-instance-ssl-not-required",
        "redis_instance_auth_enabled",
        "redis_instance_encryption_in_transit_enabled",
    ] {
        assert!(controls.contains(control), "{control}");
    }
}

/// What a policy about one cloud alone says must not be true of another's:
/// its fix is for a cloud that it judges, and each cloud that it judges and
/// names a fix for some cloud has one.
#[test]
fn fixes_are_for_the_clouds_that_are_judged() {
    for policy in library().policies() {
        let whose: Vec<FixFor> = policy.fixes().map(|(whose, ..)| whose).collect();
        if whose.contains(&FixFor::Any) {
            continue;
        }
        for cloud in [Provider::Aws, Provider::Azure, Provider::Gcp] {
            let judged = judged(policy).contains(cloud.as_str());
            let fixed = whose.contains(&FixFor::from(cloud));
            // No reply is judged on Azure; if one ever were, this tells.
            if policy.id.as_str() != "network-acl-lets-replies-return" {
                assert_eq!(judged, fixed, "{} {cloud:?}", policy.id);
            }
        }
    }
}

/// The clouds whose subjects a policy judges.
fn judged(policy: &cachewarden_policy::Policy) -> BTreeSet<&'static str> {
    let clouds = [Provider::Aws, Provider::Azure, Provider::Gcp];
    let of_cloud = |cloud: &Provider| {
        let mut services = policy.services.iter();
        (policy.providers.is_empty() || policy.providers.contains(cloud))
            && (policy.services.is_empty() || services.any(|it| it.provider() == *cloud))
    };
    clouds
        .into_iter()
        .filter(of_cloud)
        .map(Provider::as_str)
        .collect()
}

/// What only one cloud has is asked of that cloud alone, and a policy that
/// names services names one of each cloud that it is for.
#[test]
fn no_policy_is_asked_of_another_cloud() {
    for policy in library().policies() {
        let clouds = judged(policy);
        for service in &policy.services {
            let cloud = service.provider();
            let meant = policy.providers.is_empty() || policy.providers.contains(&cloud);
            assert!(meant, "{}: {}", policy.id, service.as_str());
        }
        let named: BTreeSet<&str> = policy.providers.iter().map(|it| it.as_str()).collect();
        assert!(named.is_subset(&clouds), "{}: {clouds:?}", policy.id);
        for path in policy.fact_paths() {
            for cloud in ["aws", "azure", "gcp"] {
                if path.starts_with(&format!("cache.{cloud}.")) {
                    assert_eq!(clouds, BTreeSet::from([cloud]), "{}: {path}", policy.id);
                }
            }
        }
    }
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
