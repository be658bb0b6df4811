//! Firewall rules at every stage.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::{
    ABROAD, Draft, HOME, account, change, cidr, egress, guarded, id, ingress, line, policy,
    premade, unresolved,
};
use cachewarden_model::{
    Action, Direction, Fact, FirewallOrder, Peer, PrefixList, Provider, ResourceId, Rule,
};
use cachewarden_netset::{Family, PortRange, Protocol};

use super::NETWORKS;
use crate::choices::Choices;

/// The address group.
const GROUP: &str = "projects/p0/locations/global/addressGroups/g0";

/// Policies, and rules of the networks' own.
pub(super) fn add(choices: &mut Choices<'_>, estate: &mut Estate) {
    let entries = choices.several(2, |it| range(it).parse().expect("a range"));
    estate.snapshot.prefix_lists.push(PrefixList {
        id: GROUP.into(),
        name: "g0".to_owned(),
        provider: Provider::Gcp,
        account: "p0".into(),
        region: "global".into(),
        family: Family::V4,
        version: None,
        entries: Fact::Known(entries),
    });
    let organization: Vec<ResourceId> = (0..choices.below(3))
        .map(|number| {
            guard(
                choices,
                estate,
                &format!("locations/global/firewallPolicies/{number}"),
            )
        })
        .collect();
    for network in NETWORKS {
        let own = id::firewalls(network);
        let rules = choices.several(4, own_rule);
        estate.rules_mut(&own).extend(rules.into_iter().flatten());
        let base = network.replace("/global/networks/", "/@/firewallPolicies/");
        let mut global = vec![];
        if choices.chance(40) {
            global.push(guard(choices, estate, &base.replace('@', "global")));
        }
        let first = choices.chance(40);
        for region in [HOME, ABROAD] {
            let mut policies = global.clone();
            if choices.chance(35) {
                let id = base.replace('@', &format!("regions/{region}"));
                policies.push(guard(choices, estate, &id));
            }
            let own = ResourceId::from(own.as_str());
            let place = if first { policies.len() } else { 0 };
            policies.insert(place, own);
            let mut order = organization.clone();
            order.extend(policies);
            let order: Vec<&str> = order.iter().map(ResourceId::as_str).collect();
            guarded(estate.network_mut(network), region, &order);
        }
        change::on_network(network, |gcp| {
            if first {
                gcp.order = FirewallOrder::PoliciesFirst;
            }
        })(estate);
    }
}

/// A policy; no two of its rules have one priority.
fn guard(choices: &mut Choices<'_>, estate: &mut Estate, id: &str) -> ResourceId {
    let mut filter = policy(id, premade());
    if let Fact::Known(rules) = &mut filter.rules {
        for number in 0..choices.below(4) {
            let priority = 100 + 10 * u32::try_from(number).expect("few");
            let made = policy_rule(choices, priority);
            // The list is not in the order of priorities.
            rules.splice(0..0, made);
        }
    }
    let id = filter.id.clone();
    estate.snapshot.filters.push(filter);
    id
}

fn own_rule(choices: &mut Choices<'_>) -> Vec<Rule> {
    let priority = choices.pick(&[1000, 900, 1000, 65_534]);
    let name = format!("r{}", choices.below(1000));
    let action = choices.pick(&[Action::Deny, Action::Allow]);
    let draft = match choices.chance(10) {
        true => ingress(&name, priority, action),
        false => egress(&name, priority, action),
    };
    let draft = match choices.below(6) {
        0..=2 => draft,
        3 => draft.tags(&super::tags(choices)),
        _ => draft.accounts(&[choices.pick(&["s0@x", "s1@x"])]),
    };
    let draft = match choices.chance(10) {
        true => draft.off("disabled"),
        false => draft,
    };
    let far = range(choices);
    finish(choices, draft.far(&[&far]))
}

fn policy_rule(choices: &mut Choices<'_>, priority: u32) -> Vec<Rule> {
    let action = choices.pick(&[Action::Deny, Action::Allow, Action::Next]);
    let draft = match choices.chance(10) {
        true => ingress(&priority.to_string(), priority, action),
        false => line(priority, action),
    };
    let draft = match choices.below(8) {
        0..=4 => draft,
        5 => draft.accounts(&[choices.pick(&["s0@x", "s1@x"])]),
        6 => draft.secure_tags(&[choices.pick(&["tagValues/0", "tagValues/1"])]),
        _ => draft.targets([account("s0@x"), unresolved("secure tag tagValues/0")]),
    };
    let draft = match choices.chance(20) {
        true => draft.networks(&[choices.pick(&NETWORKS)]),
        false => draft,
    };
    let draft = match choices.below(16) {
        13 => draft.off("no effective tag"),
        14 => draft.off("disabled"),
        15 if action == Action::Allow => draft.inspects(),
        _ => draft,
    };
    let draft = match choices.chance(15) {
        true => draft.near(&[&near(choices)]),
        false => draft,
    };
    let far = choices.several(1, far);
    let far = [vec![self::far(choices)], far].concat();
    finish(choices, draft.peers(far))
}

/// Protocol and ports; now and then the same rule for another protocol as
/// well.
fn finish(choices: &mut Choices<'_>, draft: Draft) -> Vec<Rule> {
    let (first, last) = choices.pick(&[
        (1, 65_535),
        (6379, 6379),
        (11_000, 13_047),
        (11_000, 12_000),
        (6378, 6378),
        (6379, 13_047),
        (443, 443),
    ]);
    let mut rule = match choices.below(8) {
        0..=5 => draft.tcp(first, last).rule(),
        6 => draft.rule(),
        _ => draft.protocol(Protocol::UDP).rule(),
    };
    if rule.protocol == Protocol::TCP && choices.chance(15) {
        let more = PortRange::new(6379, 6379).expect("a range");
        if !rule.ports.contains(&more) {
            rule.ports.push(more);
            rule.ports.sort();
        }
    }
    let mut all = vec![rule.clone()];
    if choices.chance(15) && rule.direction == Direction::Egress {
        rule.protocol = Protocol::UDP;
        all.insert(choices.below(2), rule);
    }
    all
}

fn far(choices: &mut Choices<'_>) -> Peer {
    match choices.below(12) {
        9 => Peer::PrefixList(GROUP.into()),
        10 => unresolved(choices.pick(&["fqdn example.com 2", "region RU 3"])),
        11 => cidr("::/0"),
        _ => cidr(&range(choices)),
    }
}

/// A range that holds some cache.
fn range(choices: &mut Choices<'_>) -> String {
    let place = choices.below(3);
    choices.pick(&[
        "0.0.0.0/0".to_owned(),
        "10.0.0.0/8".to_owned(),
        format!("10.{place}.3.0/24"),
        format!("10.{place}.3.10/32"),
        format!("10.{place}.3.30/31"),
        "10.60.0.0/29".to_owned(),
        "10.60.0.3/32".to_owned(),
        "10.70.0.4/32".to_owned(),
        "10.70.0.0/16".to_owned(),
    ])
}

/// A range that holds some client.
pub(super) fn near(choices: &mut Choices<'_>) -> String {
    let place = choices.below(3);
    choices.pick(&[
        format!("10.{place}.1.0/24"),
        format!("10.{place}.0.0/16"),
        format!("10.{place}.128.0/29"),
        format!("10.{place}.4.0/29"),
        format!("10.{place}.2.10/32"),
        "0.0.0.0/0".to_owned(),
    ])
}
