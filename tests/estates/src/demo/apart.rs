//! Networks joined to the shop's: the data team's, marketing's, and one of a
//! partner whose account is not read.

use cachewarden_model::{Gap, GapReason, LinkState, Noun, Peer, Provider, RouteTarget};

use super::shop::place;
use super::{add_fleet, id};
use crate::ids::sibling;
use crate::noun::{self, cidr, group_over, route, tcp};
use crate::{Estate, Place};

/// The partner's account.
const PARTNER: &str = "777788889999";

pub(super) fn add(estate: &mut Estate) {
    add_data_team(estate);
    add_marketing(estate);
    add_partner(estate);
}

fn peer(estate: &mut Estate, name: &str, one: &str, other: &str) -> String {
    let link = id("pcx-", name);
    let mut peering = noun::peering(&link, estate.network(one), estate.network(other));
    name.clone_into(&mut peering.name);
    estate.snapshot.peerings.push(peering);
    link
}

fn send(estate: &mut Estate, from: &str, to: &str, link: &str) {
    let table = sibling(from, "rtb-");
    let target = RouteTarget::Peering(link.into());
    estate.routes_mut(table.as_str()).push(route(to, target));
}

/// Clients in the data team's account use caches of the shop: one rule names
/// a group that they no longer have, and of another cache's subnet the way
/// back is missing.
fn add_data_team(estate: &mut Estate) {
    let (shop, data) = (id("vpc-", "shop"), id("vpc-", "data"));
    estate.add_network(Place::STRANGER, &data, "data", &["10.30.0.0/16"]);
    estate.add_subnet(
        &data,
        &id("subnet-", "data-a"),
        "data-a",
        1,
        &["10.30.1.0/24"],
    );
    estate.add_group(&data, &id("sg-", "indexer"), "indexer", []);
    add_fleet(
        estate,
        "indexer",
        "indexer",
        &[("data-a", "10.30.1.11")],
        "r7g.xlarge",
    );
    let link = peer(estate, "shop-data", &shop, &data);
    send(estate, &shop, "10.30.0.0/16", &link);
    send(estate, &data, "10.20.0.0/16", &link);

    let gone = Peer::Group {
        group: id("sg-", "indexer-old").into(),
        account: None,
        network: Some(data.as_str().into()),
        link: Some(cachewarden_model::PeerLink {
            id: link.as_str().into(),
            status: Some("deleted".to_owned()),
        }),
    };
    let [a, b] = ["shared-a", "shared-b"].map(|name| estate.subnet(&id("subnet-", name)));
    let suggestions = noun::replicated(
        Place::HOME,
        "suggestions",
        &[(a, &["10.20.41.35"]), (b, &["10.20.42.35"])],
    );
    place(estate, suggestions, [tcp(6379).from(gone)]);

    // These subnets have a table of their own, made before the peering.
    for (name, zone, range) in [
        ("ratings-a", 1, "10.20.51.0/24"),
        ("ratings-b", 2, "10.20.52.0/24"),
    ] {
        let subnet = id("subnet-", name);
        estate.add_subnet(&shop, &subnet, name, zone, &[range]);
        crate::change::own_table(&subnet, &id("rtb-", name), [])(estate);
    }
    let [a, b] = ["ratings-a", "ratings-b"].map(|name| estate.subnet(&id("subnet-", name)));
    let ratings = noun::replicated(
        Place::HOME,
        "ratings",
        &[(a, &["10.20.51.5"]), (b, &["10.20.52.5"])],
    );
    let named = group_over(
        &id("sg-", "indexer"),
        estate.network(&data),
        &link,
        "active",
    );
    place(estate, ratings, [tcp(6379).from(named)]);
}

/// Marketing's network waits for its peering.
fn add_marketing(estate: &mut Estate) {
    let (shop, marketing) = (id("vpc-", "shop"), id("vpc-", "marketing"));
    estate.add_network(Place::HOME, &marketing, "marketing", &["10.40.0.0/16"]);
    let subnet = id("subnet-", "marketing-a");
    estate.add_subnet(&marketing, &subnet, "marketing-a", 1, &["10.40.1.0/24"]);
    estate.add_group(&marketing, &id("sg-", "mailer"), "mailer", []);
    add_fleet(
        estate,
        "mailer",
        "mailer",
        &[("marketing-a", "10.40.1.11")],
        "t4g.small",
    );
    let link = peer(estate, "shop-marketing", &shop, &marketing);
    estate.peering_mut(&link).state = LinkState::Pending("pending-acceptance".to_owned());
    send(estate, &shop, "10.40.0.0/16", &link);
    send(estate, &marketing, "10.20.0.0/16", &link);
    let [a, b] = ["shared-b", "shared-c"].map(|name| estate.subnet(&id("subnet-", name)));
    let campaigns = noun::replicated(
        Place::HOME,
        "campaigns",
        &[(a, &["10.20.42.45"]), (b, &["10.20.43.45"])],
    );
    place(estate, campaigns, [tcp(6379).from(cidr("10.40.1.11/32"))]);
}

/// The partner's machines carry a group of which only the name is known.
fn add_partner(estate: &mut Estate) {
    let shop = id("vpc-", "shop");
    let partner = id("vpc-", "partner");
    let link = id("pcx-", "shop-partner");
    let mut network = estate.network(&shop).clone();
    network.id = partner.as_str().into();
    network.account = PARTNER.into();
    network.cidrs = noun::prefixes(&["10.50.0.0/16"]);
    let mut peering = noun::peering(&link, &network, estate.network(&shop));
    "shop-partner".clone_into(&mut peering.name);
    estate.snapshot.peerings.push(peering);
    send(estate, &shop, "10.50.0.0/16", &link);
    let [a, b] = ["shared-a", "shared-c"].map(|name| estate.subnet(&id("subnet-", name)));
    let reporting = noun::replicated(
        Place::HOME,
        "reporting",
        &[(a, &["10.20.41.55"]), (b, &["10.20.43.55"])],
    );
    let named = group_over(&id("sg-", "analyst"), &network, &link, "active");
    place(estate, reporting, [tcp(6379).from(named)]);
    estate.add_gap(Gap {
        provider: Provider::Aws,
        account: Some(PARTNER.into()),
        region: Some(Place::HOME.region()),
        what: "account 777788889999".to_owned(),
        why: GapReason::NotCollected,
        message: "a peering leads to this account, which was not asked".to_owned(),
        hides: vec![
            Noun::Networks,
            Noun::Subnets,
            Noun::Interfaces,
            Noun::Filters,
            Noun::NetworkAcls,
            Noun::RouteTables,
        ],
    });
}
