//! Coming changes and parameters.

use aws_sdk_elasticache::types::AuthTokenUpdateStatus;

use super::*;
use crate::adapt::tests::World;

#[test]
fn coming_encryption_without_a_mode_is_required() {
    let mode = |text: &str| TransitEncryptionMode::from(text);
    assert_eq!(encryption(None, None), None);
    assert_eq!(
        encryption(Some(true), None),
        Some(TransitEncryption::Required)
    );
    assert_eq!(
        encryption(Some(true), Some(&mode("preferred"))),
        Some(TransitEncryption::Preferred)
    );
    assert_eq!(
        encryption(None, Some(&mode("required"))),
        Some(TransitEncryption::Required)
    );
    assert_eq!(
        encryption(Some(false), Some(&mode("preferred"))),
        Some(TransitEncryption::Disabled)
    );
    assert_eq!(encryption(Some(true), Some(&mode("sometimes"))), None);
}

#[test]
fn what_the_group_says_goes_before_what_its_members_say() {
    let group = ReplicationGroupPendingModifiedValues::builder();
    let mut changes = of_group(
        &group
            .auth_token_status(AuthTokenUpdateStatus::Rotating)
            .build(),
    );
    let member = PendingModifiedValues::builder()
        .auth_token_status(AuthTokenUpdateStatus::Setting)
        .cache_node_type("cache.r7g.large")
        .cache_node_ids_to_remove("0002")
        .build();
    add_of_cluster(&mut changes, "c-001", &member);
    assert_eq!(changes.auth_token.as_deref(), Some("ROTATING"));
    assert_eq!(changes.node_type.as_deref(), Some("cache.r7g.large"));
    assert_eq!(changes.nodes_removed, ["c-001/0002"]);
}

#[test]
fn a_parameter_may_depend_on_the_node_type() {
    let mut world = World::new();
    let setting = Setting {
        name: "maxclients".to_owned(),
        value: None,
        by_node_type: [("cache.t3.micro".to_owned(), "20000".to_owned())].into(),
    };
    let listing = Listing {
        items: vec![setting],
        gap: None,
    };
    world.details.parameters.insert("p".to_owned(), listing);
    let of = |group, node_type| {
        let operation = Operation::DescribeCacheParameters;
        let fact = parameters(
            &world.around(),
            operation,
            &world.details.parameters,
            group,
            node_type,
        );
        fact.value().map(|all| all.get("maxclients").cloned())
    };
    assert_eq!(
        of(Some("p"), Some("cache.t3.micro")),
        Some(Some("20000".to_owned()))
    );
    assert_eq!(of(Some("p"), Some("cache.r7g.large")), Some(None));
    assert_eq!(of(Some("q"), None), None);
    assert_eq!(of(None, None), None);
}
