//! Users and groups of users.

use cachewarden_model::{
    Authentication, CacheUser, Fact, Provider, ResourceId, Service, UserAuthentication, UserGroup,
};

use crate::{Estate, Place};

pub(super) fn add(estate: &mut Estate) {
    let caches: Vec<(String, Place)> = estate
        .snapshot
        .caches
        .iter()
        .filter(|it| it.service != Service::MemoryDb && it.anonymous_access.value() == Some(&false))
        .map(|it| (it.name.clone(), place_of(it.region.as_str())))
        .collect();
    for (cache, place) in caches {
        let user = format!("{cache}-app");
        let access = format!("on ~{cache}:* &{cache}:* -@all +@read +@write");
        let password = UserAuthentication::Password { count: 1 };
        let service = Service::ElastiCache;
        add_user(estate, place, service, &user, &user, &access, password);
        add_group(
            estate,
            place,
            service,
            &format!("{cache}-users"),
            "valkey",
            vec![user.into()],
        );
    }
    // The built-in user, whom nobody replaced: every client may do anything.
    let service = Service::ElastiCache;
    let open = UserAuthentication::NoPassword;
    add_user(
        estate,
        Place::HOME,
        service,
        "default",
        "default",
        "on ~* +@all",
        open.clone(),
    );
    let mut groups = estate.snapshot.user_groups.iter_mut();
    if let Some(group) = groups.find(|it| it.id == "catalogue-users") {
        group.engine = Some("redis".to_owned());
        group.users.push("default".into());
    }
    let catalogue = estate.cache_mut("catalogue");
    catalogue.anonymous_access = Fact::Known(true);
    catalogue.authentication = Fact::Known(Authentication {
        token: false,
        groups: vec!["catalogue-users".into()],
        identity: false,
    });
    let service = Service::MemoryDb;
    add_user(
        estate,
        Place::HOME,
        service,
        "default",
        "default",
        "on ~* &* +@all",
        open,
    );
    add_group(
        estate,
        Place::HOME,
        service,
        "open-access",
        "redis",
        vec!["default".into()],
    );
}

fn place_of(region: &str) -> Place {
    if region == Place::ABROAD.region {
        Place::ABROAD
    } else {
        Place::HOME
    }
}

fn add_user(
    estate: &mut Estate,
    place: Place,
    service: Service,
    id: &str,
    name: &str,
    access: &str,
    authentication: UserAuthentication,
) {
    estate.snapshot.users.push(CacheUser {
        id: id.into(),
        name: name.to_owned(),
        provider: Provider::Aws,
        account: place.account(),
        region: place.region(),
        service,
        status: "active".to_owned(),
        access: Fact::Known(access.to_owned()),
        authentication: Fact::Known(authentication),
    });
}

fn add_group(
    estate: &mut Estate,
    place: Place,
    service: Service,
    id: &str,
    engine: &str,
    users: Vec<ResourceId>,
) {
    estate.snapshot.user_groups.push(UserGroup {
        id: id.into(),
        provider: Provider::Aws,
        account: place.account(),
        region: place.region(),
        service,
        engine: Some(engine.to_owned()),
        status: "active".to_owned(),
        users,
        adding: vec![],
        removing: vec![],
    });
}
