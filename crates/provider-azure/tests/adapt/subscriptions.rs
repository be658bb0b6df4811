//! Which subscriptions are read, and what of the others shows.

use cachewarden_model::{GapReason, Noun, Snapshot};
use cachewarden_peers::FakeAzure;
use cachewarden_provider_azure::{AzureError, Options};

use super::harness::{CORE, SHOP, collect, collect_with, estate, gaps, hasty};

fn only(fake: &FakeAzure, names: &[&str]) -> Result<Snapshot, AzureError> {
    let options = Options {
        subscriptions: names.iter().map(|it| (*it).to_owned()).collect(),
        ..Options::default()
    };
    collect_with(fake, options, hasty())
}

#[test]
fn a_subscription_is_chosen_by_id_or_name() {
    let fake = FakeAzure::start(estate());
    let by_id = only(&fake, &[&SHOP.to_uppercase()]).unwrap();
    assert_eq!(by_id, only(&fake, &["shop"]).unwrap());
    assert_eq!(by_id.caches.len(), 3);
    // The zone of the hub was not read: it may answer.
    let left_out = gaps(&by_id, "Microsoft.Resources/subscriptions/read");
    assert_eq!(left_out.len(), 1, "{:?}", by_id.gaps);
    assert_eq!(left_out[0].why, GapReason::NotCollected);
    assert_eq!(left_out[0].account, Some(CORE.into()));
    assert!(left_out[0].hides.contains(&Noun::DnsZones));
    let asked = fake.requests();
    assert!(asked.iter().all(|it| it.subscription != CORE));
}

#[test]
fn what_is_not_there_is_an_error_or_a_gap() {
    let fake = FakeAzure::start(estate());
    let error = only(&fake, &["nowhere"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credentials see no subscription `nowhere`"
    );
    let snapshot = only(&fake, &["shop", "nowhere"]).unwrap();
    let unseen = snapshot
        .gaps
        .iter()
        .find(|it| it.account == Some("nowhere".into()));
    let unseen = unseen.unwrap();
    assert_eq!(unseen.why, GapReason::AccessDenied);
    assert!(unseen.hides.contains(&Noun::Caches));
}

#[test]
fn a_subscription_without_access_is_no_empty_one() {
    let fake = FakeAzure::start(estate());
    fake.deny_subscription(CORE);
    let snapshot = collect(&fake);
    assert_eq!(snapshot.caches.len(), 3);
    let of_core = |action: &str| {
        let found = gaps(&snapshot, action);
        found
            .iter()
            .any(|it| it.account == Some(CORE.into()) && it.why == GapReason::AccessDenied)
    };
    for action in [
        "Microsoft.Cache/redis/read",
        "Microsoft.Cache/redisEnterprise/read",
        "Microsoft.Network/virtualNetworks/read",
        // What Resource Graph leaves out without a word.
        "Microsoft.Network/privateDnsZones/read",
        "Microsoft.Network/networkInterfaces/read",
    ] {
        assert!(of_core(action), "{action}: {:?}", snapshot.gaps);
    }
    fake.deny_subscription(SHOP);
    let error = collect_with(&fake, Options::default(), hasty()).unwrap_err();
    assert!(
        matches!(error, AzureError::NobodyCouldBeAsked { .. }),
        "{error}"
    );
}

#[test]
fn one_that_is_disabled_is_read_and_one_that_is_deleted_is_not() {
    let mut tree: serde_json::Value =
        serde_json::from_str(include_str!("../fixtures/shop.json")).unwrap();
    tree["subscriptions"][0]["state"] = "Disabled".into();
    tree["subscriptions"][1]["state"] = "Deleted".into();
    let fake = FakeAzure::start(cachewarden_peers::AzureEstate::new(tree));
    let snapshot = collect(&fake);
    let accounts: Vec<_> = snapshot
        .targets
        .iter()
        .map(|it| it.account.as_str())
        .collect();
    assert_eq!(accounts, [SHOP]);
    assert_eq!(snapshot.caches.len(), 3);
}
