//! Encryption, users, and changes that are on their way.
//!
//! Source: Amazon ElastiCache User Guide, "In-transit encryption", "Role-Based
//! Access Control"; Amazon MemoryDB Developer Guide, "ACLs".

use cachewarden_estates::base::serverless;
use cachewarden_estates::change::cache;
use cachewarden_estates::ids::{CACHE_NAME, S11, S12, S13, SG_CACHE};
use cachewarden_estates::{Estate, Place, base, noun};
use cachewarden_model::{
    Authentication, Cache, CacheUser, Engine, Fact, PendingChanges, Provider, ResourceId, Service,
    Symptom, TransitEncryption, UserAuthentication, UserGroup,
};

use crate::expect::{fails, fails_as};

fn encrypted(how: TransitEncryption) -> Estate {
    base().with(cache(move |cache| {
        cache.transit_encryption = Fact::Known(how)
    }))
}

fn pending(change: PendingChanges) -> impl FnOnce(&mut Cache) {
    move |cache| cache.pending = change
}

/// Nobody has to log in.
fn open(cache: &mut Cache) {
    cache.authentication = Fact::Known(Authentication::default());
    cache.anonymous_access = Fact::Known(true);
}

/// The user of the base's cache.
fn user(estate: &mut Estate) -> &mut CacheUser {
    estate.snapshot.users.first_mut().expect("a user")
}

/// A MemoryDB cluster in the place of the cache, behind an ACL of these users.
fn memorydb(acl: &'static str, users: &'static [&'static str]) -> Estate {
    base().with(move |estate: &mut Estate| {
        let places: [(&_, &[&str]); 3] = [
            (estate.subnet(S11), &["10.0.11.20"]),
            (estate.subnet(S12), &["10.0.12.20"]),
            (estate.subnet(S13), &["10.0.13.20"]),
        ];
        let mut cluster = noun::memorydb(Place::HOME, CACHE_NAME, &places);
        cluster.authentication = Fact::Known(Authentication {
            groups: vec![acl.into()],
            ..Authentication::default()
        });
        cluster.anonymous_access = Fact::Known(acl == "open-access");
        estate.snapshot.caches.clear();
        estate.add_cache(cluster, &[SG_CACHE]);
        estate.snapshot.user_groups.push(UserGroup {
            id: acl.into(),
            provider: Provider::Aws,
            account: Place::HOME.account(),
            region: Place::HOME.region(),
            service: Service::MemoryDb,
            engine: None,
            status: "active".to_owned(),
            users: users.iter().copied().map(ResourceId::from).collect(),
            adding: vec![],
            removing: vec![],
        });
        let user = user(estate);
        user.id = "app".into();
        user.service = Service::MemoryDb;
    })
}

#[test]
fn e2_encryption_will_be_required() {
    let to = |mode| PendingChanges {
        transit_encryption: Some(mode),
        ..PendingChanges::default()
    };
    let preferred = || encrypted(TransitEncryption::Preferred);
    let policy = "no-pending-change-cuts-plaintext";
    let coming = preferred().with(cache(pending(to(TransitEncryption::Required))));
    fails_as(Symptom::Reset, policy, CACHE_NAME, coming, preferred());
}

#[test]
fn e3_plaintext_is_taken_too() {
    let preferred = encrypted(TransitEncryption::Preferred);
    fails("no-plaintext-port", CACHE_NAME, preferred, base());
}

#[test]
fn e7_neither_encryption_nor_login() {
    let bare = || encrypted(TransitEncryption::Disabled).with(cache(open));
    fails("clients-must-log-in", CACHE_NAME, bare(), base());
    fails("transit-encryption-is-on", CACHE_NAME, bare(), base());
}

#[test]
fn e8_the_built_in_user_beside_strict_ones() {
    let beside = base()
        .with(cache(|cache| {
            cache.engine = Fact::Known(Engine::Redis);
            cache.anonymous_access = Fact::Known(true);
        }))
        .with(|estate: &mut Estate| {
            let mut default = user(estate).clone();
            default.id = "default".into();
            default.name = "default".to_owned();
            default.access = Fact::Known("on ~* +@all".to_owned());
            default.authentication = Fact::Known(UserAuthentication::NoPassword);
            estate.snapshot.users.push(default);
            let group = estate.snapshot.user_groups.first_mut().expect("a group");
            group.users.push("default".into());
        });
    fails("default-user-needs-password", CACHE_NAME, beside, base());
}

#[test]
fn e13_a_user_that_is_not_switched_on() {
    let off = base().with(|estate: &mut Estate| {
        user(estate).access = Fact::Known("off ~session:* -@all +@read".to_owned());
    });
    let name = format!("{CACHE_NAME}-app");
    fails_as(
        Symptom::Auth,
        "used-user-is-switched-on",
        &name,
        off,
        base(),
    );
}

#[test]
fn e17_an_acl_that_admits_everybody() {
    let (open, own) = (
        memorydb("open-access", &["default"]),
        memorydb("own", &["app"]),
    );
    fails("acl-is-not-open-access", CACHE_NAME, open, own);
}

#[test]
fn e18_an_acl_without_users() {
    let (empty, one) = (memorydb("own", &[]), memorydb("own", &["app"]));
    fails_as(Symptom::Auth, "somebody-can-log-in", CACHE_NAME, empty, one);
}

#[test]
fn e19_a_serverless_cache_without_users() {
    let bare = base().with(serverless).with(cache(open));
    fails(
        "clients-must-log-in",
        CACHE_NAME,
        bare,
        base().with(serverless),
    );
}

#[test]
fn e20_users_are_about_to_be_taken_away() {
    let change = PendingChanges {
        groups_removed: vec![format!("{CACHE_NAME}-users").into()],
        ..PendingChanges::default()
    };
    let coming = base().with(cache(pending(change)));
    let policy = "no-pending-change-takes-logins-away";
    fails_as(Symptom::Auth, policy, CACHE_NAME, coming, base());
}
