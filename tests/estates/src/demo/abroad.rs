//! The second region, in which network ACLs may not be listed.

use cachewarden_model::{Fact, FilterKind, Noun};

use super::shop::place;
use super::{add_fleet, id};
use crate::noun::{self, group, tcp};
use crate::{Estate, Place};

pub(super) fn add(estate: &mut Estate) {
    let network = id("vpc-", "shop-central");
    estate.add_network(Place::ABROAD, &network, "shop-central", &["10.60.0.0/16"]);
    for (name, zone, range) in [
        ("central-apps-a", 1, "10.60.1.0/24"),
        ("central-caches-a", 1, "10.60.11.0/24"),
        ("central-caches-b", 2, "10.60.12.0/24"),
    ] {
        estate.add_subnet(&network, &id("subnet-", name), name, zone, &[range]);
    }
    estate.add_group(
        &network,
        &id("sg-", "checkout-central"),
        "checkout-central",
        [],
    );
    add_fleet(
        estate,
        "checkout-central",
        "checkout-central",
        &[("central-apps-a", "10.60.1.11")],
        "m7g.large",
    );
    let [a, b] =
        ["central-caches-a", "central-caches-b"].map(|name| estate.subnet(&id("subnet-", name)));
    let cache = noun::replicated(
        Place::ABROAD,
        "sessions-central",
        &[(a, &["10.60.11.5"]), (b, &["10.60.12.5"])],
    );
    place(
        estate,
        cache,
        [tcp(6379).from(group(&id("sg-", "checkout-central")))],
    );

    let gap = Place::ABROAD.refused("ec2:DescribeNetworkAcls", &[Noun::NetworkAcls]);
    let abroad = Place::ABROAD.region();
    let snapshot = &mut estate.snapshot;
    snapshot
        .filters
        .retain(|it| it.kind != FilterKind::NetworkAcl || it.region != abroad);
    for subnet in snapshot.subnets.iter_mut().filter(|it| it.region == abroad) {
        subnet.filter = Fact::unknown(gap.clone());
    }
    estate.add_gap(gap);
}
