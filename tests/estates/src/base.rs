//! The base: one client and one cache between which everything works, and
//! the neighbours that a test may add to it.
//!
//! Network A 10.0.0.0/16 has a client, 10.0.1.10 with the group `app`, and a
//! cache in cluster mode: three shards of one node in 10.0.11.0/24,
//! 10.0.12.0/24 and 10.0.13.0/24, one subnet per zone, port 6379, TLS
//! required, a user group without password-less user. Its one group has one
//! rule: tcp 6379 from the client's group. Network ACLs and routes are as AWS
//! makes them.

mod neighbour;
mod variant;

use cachewarden_model::{
    CacheUser, Direction, Fact, Provider, RuleId, Service, UserAuthentication, UserGroup,
};

pub use neighbour::{abroad, peered, peered_twice, transit};
pub use variant::{dual_stack, only_ipv6_client_b, serverless};

use crate::ids::{CACHE_NAME, CLIENT, S1, S11, S12, S13, SG_APP, SG_CACHE, VPC_A, hashed, rule_id};
use crate::noun::{self, group, tcp};
use crate::{Estate, Place};

/// Everything works; see [the module](self).
pub fn base() -> Estate {
    let mut estate = Estate::new(&[Place::HOME]);
    estate.add_network(Place::HOME, VPC_A, "main", &["10.0.0.0/16"]);
    estate.add_subnet(VPC_A, S1, "apps-a", 1, &["10.0.1.0/24"]);
    estate.add_subnet(VPC_A, S11, "caches-a", 1, &["10.0.11.0/24"]);
    estate.add_subnet(VPC_A, S12, "caches-b", 2, &["10.0.12.0/24"]);
    estate.add_subnet(VPC_A, S13, "caches-c", 3, &["10.0.13.0/24"]);
    estate.add_group(VPC_A, SG_APP, "app", []);
    estate.add_group(VPC_A, SG_CACHE, "cache", [tcp(6379).from(group(SG_APP))]);
    estate.add_machine(S1, CLIENT, "checkout", &["10.0.1.10"], &[SG_APP]);
    let cache = noun::replication_group(
        Place::HOME,
        CACHE_NAME,
        &[
            (estate.subnet(S11), &["10.0.11.20"]),
            (estate.subnet(S12), &["10.0.12.20"]),
            (estate.subnet(S13), &["10.0.13.20"]),
        ],
    );
    estate.add_cache(cache, &[SG_CACHE]);
    add_node_interfaces(&mut estate);
    add_users(&mut estate, CACHE_NAME);
    estate
}

/// The one inbound rule of the cache's group in the base.
pub fn admitting_rule() -> RuleId {
    rule_id(SG_CACHE, Direction::Ingress, 0)
}

/// The interfaces that the service made for the nodes.
fn add_node_interfaces(estate: &mut Estate) {
    for (subnet, address, number) in [
        (S11, "10.0.11.20", 1),
        (S12, "10.0.12.20", 2),
        (S13, "10.0.13.20", 3),
    ] {
        let member = format!("{CACHE_NAME}-{number:04}-001");
        let id = hashed("eni-", &member);
        let subnet = estate.subnet(subnet);
        let node = noun::cache_node(subnet, id.as_str(), &member, &[address], &[SG_CACHE]);
        estate.snapshot.interfaces.push(node);
    }
}

/// A user group for one cache: one user with a password and few rights.
///
/// Source: Amazon ElastiCache User Guide, "Role-Based Access Control": a
/// Valkey user group needs no user called `default`.
pub(crate) fn add_users(estate: &mut Estate, cache: &str) {
    let user = format!("{cache}-app");
    estate.snapshot.users.push(CacheUser {
        id: user.as_str().into(),
        name: user.clone(),
        provider: Provider::Aws,
        account: Place::HOME.account(),
        region: Place::HOME.region(),
        service: Service::ElastiCache,
        status: "active".to_owned(),
        access: Fact::Known("on ~session:* &session:* -@all +@read +@write".to_owned()),
        authentication: Fact::Known(UserAuthentication::Password { count: 1 }),
    });
    estate.snapshot.user_groups.push(UserGroup {
        id: format!("{cache}-users").into(),
        provider: Provider::Aws,
        account: Place::HOME.account(),
        region: Place::HOME.region(),
        service: Service::ElastiCache,
        engine: Some("valkey".to_owned()),
        status: "active".to_owned(),
        users: vec![user.into()],
        adding: vec![],
        removing: vec![],
    });
}
