//! The table of who is let in without bringing anything.

use aws_sdk_elasticache::types::{Authentication as Proof, AuthenticationType, User, UserGroup};
use aws_sdk_memorydb::types as memorydb;
use aws_sdk_memorydb::types::Cluster;
use cachewarden_model::GapReason;

use super::*;
use crate::adapt::tests::World;

const REDIS: Fact<Engine> = Fact::Known(Engine::Redis);
const VALKEY: Fact<Engine> = Fact::Known(Engine::Valkey);

fn user(id: &str, name: &str, kind: &str, access: &str) -> User {
    let proof = Proof::builder()
        .r#type(AuthenticationType::from(kind))
        .build();
    let user = User::builder()
        .user_id(id)
        .user_name(name)
        .access_string(access);
    user.authentication(proof).build()
}

/// A group `g` of all these users.
fn world(engine: &str, users: Vec<User>) -> World {
    let ids = users
        .iter()
        .filter_map(|user| user.user_id().map(str::to_owned))
        .collect();
    let group = UserGroup::builder().user_group_id("g").engine(engine);
    let mut world = World::new();
    world
        .details
        .user_groups
        .items
        .push(group.set_user_ids(Some(ids)).build());
    world.details.users.items = users;
    world
}

fn anonymous(world: &World, engine: &Fact<Engine>) -> Fact<bool> {
    of_elasticache(
        &world.around(),
        &["g".to_owned()],
        Some(false),
        None,
        engine,
    )
    .anonymous
}

#[test]
fn without_groups_the_token_decides() {
    let world = World::new();
    let admission = |token, status| of_elasticache(&world.around(), &[], token, status, &REDIS);
    assert_eq!(admission(Some(false), None).anonymous, Fact::Known(true));
    assert_eq!(admission(None, None).anonymous, Fact::Default(true));
    let set = admission(Some(true), None);
    assert_eq!(set.anonymous, Fact::Known(false));
    assert!(set.authentication.value().unwrap().token);
    // A first token that is only rotated in is optional.
    assert!(
        admission(Some(true), Some("ROTATING"))
            .anonymous
            .is_unknown()
    );
    assert_eq!(
        admission(Some(true), Some("SETTING")).anonymous,
        Fact::Known(false)
    );
    assert_eq!(
        admission(Some(false), Some("ROTATING")).anonymous,
        Fact::Known(true)
    );
}

#[test]
fn in_a_group_for_redis_the_user_named_default_decides() {
    let with = |user| anonymous(&world("redis", vec![user]), &REDIS);
    assert_eq!(
        with(user("default", "default", "no-password", "on ~* +@all")),
        Fact::Known(true)
    );
    assert_eq!(
        with(user("default", "default", "no-password", "off ~* +@all")),
        Fact::Known(false)
    );
    assert_eq!(
        with(user("default", "default", "no-password", "~* +@all")),
        Fact::Known(false)
    );
    assert_eq!(
        with(user("own", "default", "password", "on ~* +@all")),
        Fact::Known(false)
    );
    assert_eq!(
        with(user("own", "default", "iam", "on ~* +@all")),
        Fact::Known(false)
    );
    assert!(with(user("own", "default", "magic", "on ~* +@all")).is_unknown());
    // Every such group has one; without it something is amiss.
    assert!(with(user("app", "app", "no-password", "on ~* +@all")).is_unknown());
}

#[test]
fn a_group_for_valkey_takes_nobody_without_password() {
    let open = || vec![user("default", "default", "no-password", "on ~* +@all")];
    assert_eq!(
        anonymous(&world("valkey", vec![]), &VALKEY),
        Fact::Known(false)
    );
    // A group for Redis on a cache of Valkey is judged as what it is.
    assert_eq!(
        anonymous(&world("redis", open()), &VALKEY),
        Fact::Known(true)
    );
    assert!(anonymous(&world("memcached", open()), &REDIS).is_unknown());
}

#[test]
fn identity_is_one_of_the_ways_in() {
    let world = world("valkey", vec![user("app", "app", "iam", "on ~* +@all")]);
    let admission = of_serverless(&world.around(), Some("g"), &VALKEY);
    let authentication = admission.authentication.value().unwrap();
    assert!(authentication.identity);
    assert_eq!(authentication.groups, ["g"]);
    assert!(!authentication.token);
}

#[test]
fn a_serverless_cache_without_group_is_open() {
    let admission = of_serverless(&World::new().around(), None, &REDIS);
    assert_eq!(admission.anonymous, Fact::Known(true));
}

#[test]
fn who_could_not_be_read_is_not_taken_for_nobody() {
    let mut world = world("redis", vec![user("default", "default", "password", "on")]);
    world.details.users.items.clear();
    assert!(anonymous(&world, &REDIS).is_unknown());
    let gap = world
        .place
        .gap("elasticache:DescribeUsers", GapReason::AccessDenied, "no");
    world.details.users.gap = Some(gap.clone());
    assert_eq!(anonymous(&world, &REDIS).gap(), Some(&gap));
    world.details.user_groups.items.clear();
    assert_eq!(
        anonymous(&world, &REDIS).gap().unwrap().why,
        GapReason::Damaged
    );
}

fn ledger(acl: &str, tls: bool) -> Cluster {
    Cluster::builder().acl_name(acl).tls_enabled(tls).build()
}

fn memorydb_world(users: Vec<memorydb::User>) -> World {
    let names = users
        .iter()
        .filter_map(|user| user.name().map(str::to_owned))
        .collect();
    let acl = memorydb::Acl::builder()
        .name("own")
        .set_user_names(Some(names))
        .build();
    let mut world = World::new();
    world.details.memorydb.acls.items.push(acl);
    world.details.memorydb.users.items = users;
    world
}

fn memorydb_user(name: &str, kind: &str) -> memorydb::User {
    let proof = memorydb::Authentication::builder();
    let proof = proof
        .r#type(memorydb::AuthenticationType::from(kind))
        .build();
    let user = memorydb::User::builder()
        .name(name)
        .access_string("on ~* +@all");
    user.authentication(proof).build()
}

#[test]
fn memorydb_goes_by_its_list() {
    let of = |world: &World, cluster| of_memorydb(&world.around(), &cluster).anonymous;
    let nobody = World::new();
    assert_eq!(of(&nobody, ledger("open-access", true)), Fact::Known(true));
    assert_eq!(of(&nobody, ledger("own", false)), Fact::Known(true));
    assert!(of(&nobody, ledger("own", true)).is_unknown());
    let empty = memorydb_world(vec![]);
    assert_eq!(of(&empty, ledger("own", true)), Fact::Known(false));
    let open = memorydb_world(vec![memorydb_user("default", "no-password")]);
    assert_eq!(of(&open, ledger("own", true)), Fact::Known(true));
    let closed = memorydb_world(vec![memorydb_user("app", "password")]);
    assert_eq!(of(&closed, ledger("own", true)), Fact::Known(false));
}

#[test]
fn an_access_string_is_off_unless_it_says_on() {
    assert!(is_on("on ~* +@all"));
    assert!(!is_on("off -@all"));
    assert!(!is_on("~* +@all"));
    assert!(!is_on("+on"));
    assert!(is_on("off on"));
}
