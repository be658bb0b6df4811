use cachewarden_model::{
    AccountId, Gap, PrefixList, Provider, Region, ResourceId, RouteTarget, Snapshot,
};
use cachewarden_netset::Family;

use super::*;

fn line(destination: Destination, origin: RouteOrigin, target: &str) -> Route {
    Route {
        destination,
        target: RouteTarget::Peering(target.into()),
        state: RouteState::Active,
        origin,
        name: None,
        priority: None,
        tags: vec![],
    }
}

fn cidr(text: &str) -> Destination {
    Destination::Cidr(text.parse().unwrap())
}

fn list(id: &str, entries: Fact<Vec<cachewarden_netset::Cidr>>) -> PrefixList {
    PrefixList {
        id: id.into(),
        name: id.to_owned(),
        provider: Provider::Aws,
        account: AccountId::from("1"),
        region: Region::from("eu-west-1"),
        family: Family::V4,
        version: None,
        entries,
    }
}

/// The target of the chosen route: `?` if it is not known, `-` if there is none.
fn chosen(routes: &[Route]) -> String {
    let mut snapshot = Snapshot::new("2026-01-31T08:00:00Z".parse().unwrap(), "0.1.0");
    let known = ["10.1.0.0/16", "10.0.0.0/8", "10.2.0.0/24"].map(|it| it.parse().unwrap());
    let unread = Fact::unknown(Gap {
        provider: Provider::Aws,
        account: None,
        region: None,
        what: "pl-unread".to_owned(),
        why: cachewarden_model::GapReason::AccessDenied,
        message: String::new(),
        hides: vec![],
    });
    snapshot.prefix_lists = vec![
        list("pl-read", Fact::Known(known.to_vec())),
        list("pl-unread", unread),
    ];
    let estate = Estate::new(&snapshot);
    match choose(&estate, routes, "10.1.2.3".parse().unwrap()) {
        Choice::Route(route) => route.target.id().unwrap().to_string(),
        Choice::Unknown(_) => "?".to_owned(),
        Choice::None => "-".to_owned(),
    }
}

/// In either order, what stands in the table does not decide.
fn either_way(one: Route, other: Route) -> String {
    let there = chosen(&[one.clone(), other.clone()]);
    assert_eq!(there, chosen(&[other, one]));
    there
}

fn of_list(id: &str, target: &str) -> Route {
    line(
        Destination::PrefixList(ResourceId::from(id)),
        RouteOrigin::Static,
        target,
    )
}

#[test]
fn the_longest_prefix_wins_whoever_wrote_it() {
    let wide = line(cidr("10.0.0.0/8"), RouteOrigin::Local, "wide");
    let near = line(cidr("10.1.2.0/24"), RouteOrigin::Propagated, "near");
    assert_eq!(either_way(wide.clone(), near.clone()), "near");
    let aside = line(cidr("10.9.0.0/16"), RouteOrigin::Local, "aside");
    assert_eq!(either_way(wide, aside.clone()), "wide");
    assert_eq!(chosen(&[aside]), "-");
    let mut filtered = near;
    filtered.state = RouteState::Filtered;
    assert_eq!(chosen(&[filtered]), "-");
}

#[test]
fn of_one_prefix_static_lists_and_propagated_follow_each_other() {
    let fixed = line(cidr("10.1.0.0/16"), RouteOrigin::Static, "fixed");
    let learned = line(cidr("10.1.0.0/16"), RouteOrigin::Propagated, "learned");
    let own = line(cidr("10.1.0.0/16"), RouteOrigin::Local, "own");
    assert_eq!(either_way(own, fixed.clone()), "own");
    assert_eq!(either_way(fixed.clone(), learned.clone()), "fixed");
    assert_eq!(either_way(fixed, of_list("pl-read", "listed")), "fixed");
    assert_eq!(either_way(learned, of_list("pl-read", "listed")), "listed");
}

#[test]
fn a_list_counts_by_its_longest_range_that_holds_the_address() {
    let listed = of_list("pl-read", "listed");
    let wider = line(cidr("10.0.0.0/15"), RouteOrigin::Static, "wider");
    assert_eq!(either_way(listed.clone(), wider), "listed");
    let longer = line(cidr("10.1.0.0/17"), RouteOrigin::Static, "longer");
    assert_eq!(either_way(listed, longer), "longer");
}

#[test]
fn a_list_that_was_not_read_may_decide() {
    let unread = of_list("pl-unread", "there");
    assert_eq!(chosen(std::slice::from_ref(&unread)), "?");
    let wide = |target| line(cidr("10.0.0.0/8"), RouteOrigin::Static, target);
    assert_eq!(either_way(wide("here"), unread.clone()), "?");
    assert_eq!(either_way(wide("there"), unread.clone()), "there");
    let mut dead = wide("there");
    dead.state = RouteState::Blackhole;
    assert_eq!(either_way(dead, unread.clone()), "?");
    // No list overrules a route of the owner's for the very address, but one
    // that was learned.
    let host = |origin| line(cidr("10.1.2.3/32"), origin, "here");
    assert_eq!(
        either_way(host(RouteOrigin::Static), unread.clone()),
        "here"
    );
    assert_eq!(either_way(host(RouteOrigin::Propagated), unread), "?");
}

#[test]
fn lines_of_a_transit_router_are_ranked_alike() {
    use cachewarden_model::TransitRouteKind::{Propagated, Static};
    let line = |kind, to: &str| TransitRoute {
        destination: cidr("10.1.0.0/16"),
        attachments: vec![to.into()],
        state: RouteState::Active,
        kind,
    };
    assert!(line(Static, "a").rank() < line(Propagated, "a").rank());
    assert!(line(Static, "a").leads_like(&line(Propagated, "a")));
    assert!(!line(Static, "a").leads_like(&line(Static, "b")));
    let mut dead = line(Static, "a");
    dead.state = RouteState::Blackhole;
    assert!(!line(Static, "a").leads_like(&dead) && dead.counts());
    dead.state = RouteState::Filtered;
    assert!(!dead.counts());
}
