//! Logins, users and what they may do.

use cachewarden_model::*;

use super::{cannot_tell, changed, fails};
use crate::estate::{Estate, gap, sound, user};

#[test]
fn logins() {
    let nobody = Authentication::default();
    fails(&["clients-must-log-in"], |it| {
        it.cache().authentication = Fact::Known(nobody.clone());
        it.cache().anonymous_access = Fact::Known(true);
        it.snapshot.users.clear();
    });
    fails(&["default-user-needs-password"], |it| {
        it.cache().anonymous_access = Fact::Known(true)
    });
    cannot_tell(&["default-user-needs-password"], |it| {
        it.cache().anonymous_access = Fact::unknown(gap("elasticache:DescribeUsers"));
    });
    fails(&["users-instead-of-one-token"], |it| {
        it.cache().authentication = Fact::Known(Authentication {
            token: true,
            ..nobody.clone()
        });
    });
    fails(&["acl-is-not-open-access"], |it| {
        it.cache().service = Service::MemoryDb;
        let groups = vec!["open-access".into()];
        it.cache().authentication = Fact::Known(Authentication {
            groups,
            ..nobody.clone()
        });
        it.cache().anonymous_access = Fact::Known(true);
        let mut group = it.snapshot.user_groups[0].clone();
        group.id = "open-access".into();
        group.service = Service::MemoryDb;
        it.snapshot.user_groups.push(group);
        let mut app = user("app", "on ~app:* +@read");
        app.service = Service::MemoryDb;
        it.snapshot.users.push(app);
    });
    cannot_tell(&["somebody-can-log-in"], |it| {
        it.snapshot.user_groups.clear()
    });
}

#[test]
fn users() {
    fails(
        &["access-strings-are-narrow", "users-lack-dangerous-commands"],
        |it| {
            it.snapshot.users = vec![user("app", "on ~* &* +@all")];
        },
    );
    fails(&["somebody-can-log-in", "used-user-is-switched-on"], |it| {
        it.snapshot.users = vec![user("app", "off ~app:* +@read")];
    });
    fails(&["user-proves-itself"], |it| {
        it.snapshot.users[0].authentication = Fact::Known(UserAuthentication::NoPassword);
    });
    fails(&[], |it| {
        it.snapshot
            .users
            .push(user("nobody-uses-it", "on ~* +@all"))
    });
    cannot_tell(
        &[
            "access-strings-are-narrow",
            "somebody-can-log-in",
            "used-user-is-switched-on",
            "users-lack-dangerous-commands",
        ],
        |it| it.snapshot.users[0].access = Fact::unknown(gap("elasticache:DescribeUsers")),
    );
    fails(&["no-pending-change-takes-logins-away"], |it| {
        it.cache().pending.groups_removed = vec!["app-users".into()];
    });
}

/// What the refused call would have told is unknown; what another call told
/// of it fails all the same.
#[test]
fn changes_and_settings_that_were_not_read() {
    let unread = || Some(Box::new(gap("elasticache:DescribeCacheClusters")));
    cannot_tell(
        &[
            "coming-size-fits-peak-connections",
            "no-pending-change-takes-logins-away",
        ],
        |it| it.cache().pending.unread = unread(),
    );
    let judged = |change: fn(&mut PendingChanges)| {
        let mut estate = sound();
        estate.cache().pending.unread = unread();
        change(&mut estate.cache().pending);
        estate.verdicts()
    };
    let lost = judged(|it| it.groups_removed = vec!["app-users".into()]);
    let policy = "no-pending-change-takes-logins-away".to_owned();
    assert!(lost.contains(&(policy, Verdict::Fail)), "{lost:?}");
    cannot_tell(
        &[
            "cache-has-subnet-group",
            "no-classic-security-group",
            "subnet-group-is-not-default",
        ],
        |it| {
            let aws = it.cache().aws.as_mut().unwrap();
            aws.subnet_group = None;
            aws.unread = unread();
        },
    );
}

#[test]
fn users_are_told_apart_by_account_region_and_service() {
    let mut estate = sound();
    let mut other = user("app", "on ~* +@all");
    other.region = "us-east-1".into();
    estate.snapshot.users.push(other);
    assert_eq!(estate.verdicts(), []);
    estate.snapshot.users[0].access = Fact::Known("on ~* +@all -@dangerous -@admin".into());
    assert_eq!(estate.verdicts(), []);
    estate.snapshot.users[0].access = Fact::Known("on ~app:* +@all".into());
    let audit = estate.audit();
    assert_eq!(
        audit.findings[0].subject.id,
        "111122223333/eu-west-1/elasticache/app"
    );
}

#[test]
fn users_of_caches_that_were_not_read() {
    let verdict = |change: &dyn Fn(&mut Estate)| {
        let found = changed(|it| {
            let mut stranger = user("stranger", "on ~* +@all");
            stranger.authentication = Fact::Known(UserAuthentication::NoPassword);
            it.snapshot.users.push(stranger);
            change(it);
        });
        let mut own = found
            .into_iter()
            .filter(|(id, _)| id == "user-proves-itself");
        own.next().map(|(_, verdict)| verdict)
    };
    assert_eq!(verdict(&|_| {}), None);
    let hidden = verdict(&|it| {
        it.snapshot.gaps = vec![Gap {
            hides: vec![Noun::Caches],
            ..gap("elasticache:DescribeReplicationGroups")
        }];
    });
    assert_eq!(hidden, Some(Verdict::Unknown));
    let unread = verdict(&|it| {
        it.cache().authentication = Fact::unknown(gap("elasticache:DescribeUserGroups"));
    });
    assert_eq!(unread, Some(Verdict::Unknown));
}
