//! Caches, and what joins them with networks.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::{
    HOME, REDIS_TENANT, SERVICE_TENANT, add_peering, behind_services, change, cluster, connect,
    encrypted, endpoints, id, peering, redis, valkey, with_reader,
};
use cachewarden_model::{
    Cache, ClusterMode, Fact, HubSpoke, LinkState, Phase, PrivateEndpointState, Status,
};
use cachewarden_netset::Cidr;

use super::{NETWORKS, subnet_id};
use crate::choices::Choices;

/// All of them.
pub(super) fn add(choices: &mut Choices<'_>, estate: &mut Estate) {
    instances(choices, estate);
    for (cache, low) in [
        (cluster(&id::cluster("p0", HOME, "cluster")), 10),
        (
            valkey(&id::valkey("p0", HOME, "single"), ClusterMode::Disabled),
            20,
        ),
        (
            encrypted(valkey(
                &id::valkey("p0", HOME, "shards"),
                ClusterMode::Enabled,
            )),
            30,
        ),
    ] {
        connected(choices, estate, cache, low);
    }
    hub(choices, estate);
    for cache in &mut estate.snapshot.caches {
        let (text, phase) = match choices.below(32) {
            28 => ("CREATING", Phase::Creating),
            29 => ("DELETING", Phase::Gone),
            30 => ("UPDATING", Phase::Changing),
            31 => ("MOULTING", Phase::Unclear),
            _ => continue,
        };
        let text = text.to_owned();
        cache.status = Fact::Known(Status { text, phase });
    }
}

fn instances(choices: &mut Choices<'_>, estate: &mut Estate) {
    let home = choices.pick(&NETWORKS);
    let own = id::redis("p0", HOME, "direct");
    let direct = redis(&own, home, "10.60.0.3", "10.60.0.0/29");
    let other = choices.pick(&NETWORKS);
    let own = id::redis("p1", HOME, "shared");
    let shared = behind_services(&own, other, "10.70.0.4", "services");
    let shared = encrypted(with_reader(shared, "10.70.0.5"));
    for (name, tenant, network, range, others) in [
        (id::REDIS_PEER, REDIS_TENANT, home, "10.60.0.0/29", 15),
        (id::SERVICE_PEER, SERVICE_TENANT, other, "10.70.0.0/24", 25),
    ] {
        for own in NETWORKS {
            // The same range may lead to other instances in other networks.
            if own == network || choices.chance(others) {
                let range = match choices.below(16) {
                    14 => "10.70.0.4/31",
                    15 => "10.99.0.0/24",
                    _ => range,
                };
                let range: Cidr = range.parse().expect("a range");
                add_peering(estate, peering(own, name, tenant, &[range]));
                match choices.below(16) {
                    14 => change::peering_inactive(own, name)(estate),
                    15 => change::without_peering(own, name)(estate),
                    _ => {}
                }
            }
        }
    }
    estate.snapshot.caches.extend([direct, shared]);
}

/// A cache with connections in the first network, and maybe in others.
fn connected(choices: &mut Choices<'_>, estate: &mut Estate, mut cache: Cache, low: u8) {
    for (place, network) in NETWORKS.iter().enumerate() {
        if place > 0 && !choices.chance(40) {
            continue;
        }
        let addresses = [low, low + 1].map(|last| format!("10.{place}.3.{last}"));
        let [one, other] = &addresses;
        connect(&mut cache, network, [one, other], place == 0);
        let made = endpoints(&cache, network, &subnet_id(place, "e"));
        estate.snapshot.private_endpoints.extend(made);
    }
    let gcp = cache.gcp.as_ref().expect("a cache of Google Cloud");
    let connections = gcp.connections.value().expect("made").iter();
    let rules: Vec<_> = connections.filter_map(|it| it.rule.clone()).collect();
    estate.snapshot.caches.push(cache);
    for rule in rules {
        let rule = rule.as_str();
        match choices.below(24) {
            18 | 19 => change::global_access(rule, false)(estate),
            20 => change::endpoint_state(rule, PrivateEndpointState::Pending)(estate),
            21 => {
                let down = PrivateEndpointState::Down("CLOSED".to_owned());
                change::endpoint_state(rule, down)(estate);
            }
            22 => change::endpoint_gone(rule)(estate),
            23 => change::endpoint_unread(rule)(estate),
            _ => {}
        }
    }
}

fn hub(choices: &mut Choices<'_>, estate: &mut Estate) {
    if !choices.chance(15) {
        return;
    }
    let exports = choices.chance(60);
    for network in NETWORKS {
        if choices.chance(30) {
            continue;
        }
        let down = choices.chance(20);
        let place = choices.below(3);
        let some = |list: &[String]| list.iter().map(|it| it.parse().expect("a range")).collect();
        let included = match choices.chance(15) {
            true => some(&[format!("10.{place}.0.0/16")]),
            false => vec![],
        };
        let excluded = match choices.chance(15) {
            true => some(&[format!("10.{place}.3.8/29")]),
            false => vec![],
        };
        change::on_network(network, |gcp| {
            gcp.hub = Fact::Known(Some(HubSpoke {
                hub: "projects/p0/locations/global/hubs/h".into(),
                spoke: format!("{network}/spoke").into(),
                state: match down {
                    true => LinkState::Down("INACTIVE".to_owned()),
                    false => LinkState::Active,
                },
                exports_psc: Fact::Known(exports),
                group: Some("default".to_owned()),
                topology: Some("MESH".to_owned()),
                included,
                excluded,
            }));
        })(estate);
    }
}
