//! What nobody has touched for years, and what somebody set up in a hurry.

use std::collections::BTreeMap;

use cachewarden_model::cache::aws::AwsCache;
use cachewarden_model::{
    AtRestEncryption, Authentication, Engine, Fact, IpFamilies, ParameterGroup, RouteTarget,
    ServiceUpdate, Statistic, TransitEncryption, Version,
};

use super::shop::{place, set};
use super::{add_fleet, id};
use crate::ids::sibling;
use crate::noun::{self, all, any, cidr, route, tcp};
use crate::{Estate, Place};

pub(super) fn add(estate: &mut Estate) {
    let network = id("vpc-", "old");
    estate.add_network(Place::HOME, &network, "old", &["172.31.0.0/16"]);
    for (name, zone, range) in [
        ("old-a", 1, "172.31.0.0/20"),
        ("old-b", 2, "172.31.16.0/20"),
    ] {
        estate.add_subnet(&network, &id("subnet-", name), name, zone, &[range]);
    }
    // The subnets of a default network are public.
    let table = sibling(&network, "rtb-");
    estate.attach_gateway(&network, &id("igw-", "old"));
    let gateway = RouteTarget::InternetGateway(id("igw-", "old").into());
    estate
        .routes_mut(table.as_str())
        .push(route("0.0.0.0/0", gateway));
    estate.add_group(&network, &id("sg-", "shop-admin"), "shop-admin", []);
    add_fleet(
        estate,
        "shop-admin",
        "shop-admin",
        &[("old-b", "172.31.16.20")],
        "t3.small",
    );
    add_legacy(estate);
    add_ledger(estate);
}

fn add_legacy(estate: &mut Estate) {
    let of = estate.subnet(&id("subnet-", "old-a"));
    let mut cache = noun::stand_alone(Place::HOME, "legacy", of, &["172.31.0.30"]);
    cache.engine = Fact::Known(Engine::Redis);
    cache.engine_version = Fact::Known(Version("5.0.6".to_owned()));
    cache.node_type = Fact::Known("cache.t3.micro".to_owned());
    cache.transit_encryption = Fact::Known(TransitEncryption::Disabled);
    cache.at_rest_encryption = Fact::Known(AtRestEncryption::Disabled);
    cache.backup_days = Fact::Known(0);
    cache.minor_upgrades = Fact::Known(false);
    cache.families = Fact::Default(IpFamilies::Ipv4);
    cache.maintenance_window = Fact::Known("wed:10:00-wed:11:00".to_owned());
    cache.parameter_group = Fact::Known(Some(ParameterGroup {
        name: "default.redis5.0".to_owned(),
        status: "in-sync".to_owned(),
    }));
    if let Fact::Known(parameters) = &mut cache.parameters {
        parameters.insert("maxclients".to_owned(), "20000".to_owned());
        parameters.insert("timeout".to_owned(), "60".to_owned());
    }
    cache.updates = Fact::Known(vec![ServiceUpdate {
        name: "elasticache-redis-5-0-6-update-20260815".to_owned(),
        severity: "critical".to_owned(),
        kind: "security-update".to_owned(),
        status: "not-applied".to_owned(),
        apply_by: "2026-08-29T00:00:00Z".parse().ok(),
        in_time: Some(false),
    }]);
    cache.tags = Fact::Known(BTreeMap::from([("owner".to_owned(), "nobody".to_owned())]));
    if let Some(AwsCache { subnet_group, .. }) = &mut cache.aws {
        *subnet_group = Some("default".to_owned());
    }
    set(&mut cache, "CurrConnections", Statistic::Maximum, 19_400.0);
    set(&mut cache, "NewConnections", Statistic::Sum, 9_100_000.0);
    set(&mut cache, "Evictions", Statistic::Sum, 88_213.0);
    place(
        estate,
        cache,
        [tcp(6379).from(any()), all().from(cidr("172.31.0.0/16"))],
    );
}

/// Everybody may log in, and nobody has to encrypt.
fn add_ledger(estate: &mut Estate) {
    let [a, b] = ["old-a", "old-b"].map(|name| estate.subnet(&id("subnet-", name)));
    let mut cache = noun::memorydb(
        Place::HOME,
        "ledger",
        &[(a, &["172.31.0.40"]), (b, &["172.31.16.40"])],
    );
    cache.transit_encryption = Fact::Known(TransitEncryption::Disabled);
    cache.authentication = Fact::Known(Authentication {
        token: false,
        groups: vec!["open-access".into()],
        identity: false,
    });
    cache.anonymous_access = Fact::Known(true);
    place(
        estate,
        cache,
        [tcp(6379).from(noun::group(&id("sg-", "shop-admin")))],
    );
}
