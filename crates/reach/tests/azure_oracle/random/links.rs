//! Peerings, and administrator rules above networks.

use cachewarden_estates::Estate;
use cachewarden_estates::azure::{id, peer, security_group};
use cachewarden_model::{Action, Fact, Filter, FilterKind, LinkState, Peering, Rule};

use super::{NETWORKS, decided};
use crate::choices::Choices;

/// Both sides of most peerings, mostly sound.
pub(super) fn peerings(choices: &mut Choices<'_>, estate: &mut Estate) {
    for (one, other) in [("n0", "n1"), ("n0", "n2"), ("n1", "n2")] {
        if choices.chance(25) {
            continue;
        }
        for mut side in peer(estate, one, other) {
            if choices.below(24) == 23 {
                continue;
            }
            flaw(choices, &mut side);
            estate.snapshot.peerings.push(side);
        }
    }
}

fn flaw(choices: &mut Choices<'_>, side: &mut Peering) {
    let azure = side.azure.get_or_insert_default();
    let far = side.accepter.network.as_str().chars().last();
    let far = far.expect("a network's name");
    let names = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
    match choices.below(28) {
        19 => side.state = LinkState::Down("Disconnected".to_owned()),
        20 => side.requester.access = Some(false),
        21 => {
            // What was added to the far network later is not known.
            let known = format!("10.{far}.0.0/23").parse().expect("a range");
            side.accepter.cidrs = vec![known];
            azure.sync_level = Some("RemoteNotInSync".to_owned());
        }
        22 => {
            side.accepter.cidrs.clear();
            azure.sync_level = Some("LocalNotInSync".to_owned());
        }
        23 => side.accepter.cidrs.clear(),
        24 => azure.only_ipv6 = Some(true),
        25 | 26 => {
            azure.complete = Some(false);
            azure.local_subnets = names(choices.pick(&[&["a", "b", "c"][..], &["a"], &["b"]]));
            azure.remote_subnets = names(choices.pick(&[&["a", "b", "c"][..], &["b"], &["a"]]));
        }
        _ => {}
    }
}

/// Rules of a network manager above some networks.
pub(super) fn administrators(choices: &mut Choices<'_>, estate: &mut Estate) {
    for (place, network) in NETWORKS.iter().enumerate() {
        if !choices.chance(20) {
            continue;
        }
        let rules: Vec<Rule> = (0..=choices.below(2))
            .map(|number| {
                let priority = 10 + u32::try_from(number).expect("few");
                let action = choices.pick(&[Action::Deny, Action::AlwaysAllow, Action::Allow]);
                Rule::from(decided(choices, place, priority, action))
            })
            .collect();
        let name = format!("central{place}");
        let filter = Filter {
            id: id::manager(&name).into(),
            kind: FilterKind::AdminRules,
            rules: Fact::Known(rules),
            ..security_group(&name, [])
        };
        estate.network_mut(&id::vnet(network)).filters = Fact::Known(vec![filter.id.clone()]);
        estate.snapshot.filters.push(filter);
    }
}
