//! The estates are sound: what they name is there, what they say can be
//! saved, and the embedded demo is the one that is built here.

use std::collections::BTreeSet;
use std::path::Path;

use cachewarden_estates::base::{abroad, dual_stack, peered, peered_twice, serverless, transit};
use cachewarden_estates::{base, demo, large};
use cachewarden_model::{Concern, DeadRule, Noun, Outcome, Peer, Snapshot, Verdict};
use cachewarden_policy::{Judgement, Library, judge};
use cachewarden_reach::{Estate, Query, connections, reachability};

fn all() -> Vec<(&'static str, Snapshot)> {
    vec![
        ("base", base().build()),
        ("peered", base().with(peered).build()),
        ("abroad", base().with(abroad).build()),
        ("peered twice", base().with(peered_twice).build()),
        ("transit", base().with(transit).build()),
        ("dual stack", base().with(transit).with(dual_stack).build()),
        ("serverless", base().with(serverless).build()),
        ("demo", demo()),
        ("large", large(40, 300, 60, 2_000)),
    ]
}

#[test]
fn every_estate_can_be_saved() {
    for (name, snapshot) in all() {
        let text = serde_json::to_vec(&snapshot).unwrap();
        assert_eq!(Snapshot::from_json(&text).unwrap(), snapshot, "{name}");
        let mut sorted = snapshot.clone();
        sorted.sort();
        assert_eq!(
            sorted, snapshot,
            "{name} holds something twice, or not in order"
        );
    }
}

#[test]
fn what_an_estate_names_is_there() {
    for (name, it) in all() {
        let networks: BTreeSet<_> = it.networks.iter().map(|it| &it.id).collect();
        let filters: BTreeSet<_> = it.filters.iter().map(|it| &it.id).collect();
        let tables: BTreeSet<_> = it.route_tables.iter().map(|it| &it.id).collect();
        let subnets: BTreeSet<_> = it.subnets.iter().map(|it| &it.id).collect();
        for subnet in &it.subnets {
            assert!(networks.contains(&subnet.network), "{name}: {}", subnet.id);
            if let Some(Some(acl)) = subnet.filter.value() {
                assert!(filters.contains(acl), "{name}: {acl}");
            }
            let table = subnet.route_table.value().and_then(Option::as_ref);
            assert!(
                table.is_some_and(|it| tables.contains(&it.table)),
                "{name}: {}",
                subnet.id
            );
        }
        for interface in &it.interfaces {
            let subnet = it
                .subnets
                .iter()
                .find(|subnet| subnet.id == interface.subnet);
            let subnet = subnet.unwrap_or_else(|| panic!("{name}: {}", interface.subnet));
            for address in &interface.addresses {
                let inside = subnet.cidrs.iter().any(|range| range.contains(*address));
                assert!(inside, "{name}: {address} is not in {}", subnet.id);
            }
            for group in interface.filters.value().into_iter().flatten() {
                assert!(filters.contains(group), "{name}: {group}");
            }
        }
        for cache in &it.caches {
            for node in &cache.nodes {
                for subnet in node.subnets.value().into_iter().flatten() {
                    assert!(subnets.contains(subnet), "{name}: {subnet}");
                }
            }
            let nodes: BTreeSet<_> = cache.nodes.iter().map(|it| &it.id).collect();
            assert_eq!(nodes.len(), cache.nodes.len(), "{name}: {}", cache.name);
            for endpoint in &cache.endpoints {
                assert!(
                    endpoint.nodes.iter().all(|id| nodes.contains(id)),
                    "{name}: {}",
                    cache.name
                );
            }
        }
    }
}

#[test]
fn no_two_things_have_one_address() {
    for (name, it) in all() {
        let mut seen = BTreeSet::new();
        for interface in &it.interfaces {
            for address in &interface.addresses {
                assert!(
                    seen.insert((&interface.network, *address)),
                    "{name}: {address}"
                );
            }
        }
    }
}

#[test]
fn in_the_base_everything_works() {
    let snapshot = base().build();
    let query = Query {
        client: None,
        cache: None,
        all: true,
    };
    let report = connections(&Estate::new(&snapshot), &[], &query).unwrap();
    let outcomes: Vec<Outcome> = report.connections.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Open]);
}

#[test]
fn a_large_estate_is_as_large_as_was_asked() {
    let snapshot = large(120, 5_000, 300, 20_000);
    let clients = snapshot
        .interfaces
        .iter()
        .filter(|it| it.kind.is_client())
        .count();
    assert_eq!((snapshot.caches.len(), clients), (120, 5_000));
    let groups = snapshot
        .filters
        .iter()
        .filter(|it| it.id.as_str().starts_with("sg-1"));
    let mut rules = 0;
    let mut shared = 0;
    for group in groups {
        let of_group = group.rules.value().unwrap();
        rules += of_group.len();
        let names = |peer: &Peer| matches!(peer, Peer::Group { .. });
        shared += of_group
            .iter()
            .filter(|it| it.peers.iter().any(names))
            .count();
    }
    assert_eq!(rules, 20_000);
    assert!(shared > 5_000, "{shared} rules name a group");
    assert_eq!(
        large(120, 5_000, 300, 20_000),
        snapshot,
        "the same numbers, the same estate"
    );
    assert_ne!(large(121, 5_000, 300, 20_000), snapshot);
}

#[test]
fn the_demo_has_a_case_of_each_kind() {
    let snapshot = demo();
    let query = Query {
        client: None,
        cache: None,
        all: false,
    };
    let report = connections(&Estate::new(&snapshot), &[], &query).unwrap();
    let cases = |outcome: Outcome| {
        let all = report
            .connections
            .iter()
            .filter(move |it| it.outcome == outcome);
        let caches: BTreeSet<&str> = all.map(|it| it.cache.name.as_str()).collect();
        caches
    };
    let set = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(
        cases(Outcome::Open),
        set(&["carts", "ledger", "payments", "sessions"])
    );
    assert_eq!(
        cases(Outcome::Partial),
        set(&["catalogue", "recommendations"])
    );
    assert_eq!(
        cases(Outcome::Blocked),
        set(&["campaigns", "carts", "payments", "ratings"])
    );
    assert_eq!(cases(Outcome::Unknown), set(&["sessions-central"]));
    let facts = reachability(&Estate::new(&snapshot), &[]);
    let stale = facts
        .rules
        .iter()
        .filter(|it| matches!(it.dead, Some(DeadRule::Stale { .. })));
    let names: Vec<&str> = stale.map(|it| it.filter_name.as_str()).collect();
    assert_eq!(names, ["suggestions-cache"]);
    let hides: BTreeSet<Noun> = snapshot
        .gaps
        .iter()
        .flat_map(|gap| gap.hides.clone())
        .collect();
    assert!(hides.contains(&Noun::NetworkAcls) && hides.contains(&Noun::Interfaces));
    assert_eq!(snapshot.skipped.len(), 1);
    let hostile = snapshot
        .interfaces
        .iter()
        .filter(|it| it.name.contains('\u{1b}'));
    assert_eq!(hostile.count(), 1);
}

#[test]
fn the_demo_has_a_finding_of_each_concern() {
    let snapshot = demo();
    let reachability = reachability(&Estate::new(&snapshot), &[]);
    let input = Judgement {
        snapshot: &snapshot,
        reachability: &reachability,
        narrow: None,
        expectations: &[],
        waivers: &[],
        judged_at: snapshot.collected_at,
    };
    let audit = judge(&Library::builtin().unwrap(), &input);
    let concerns = |verdict: Verdict| {
        let of_verdict = audit
            .findings
            .iter()
            .filter(move |it| it.verdict == verdict);
        of_verdict.map(|it| it.concern).collect::<BTreeSet<_>>()
    };
    let all = [
        Concern::Refusal,
        Concern::Exposure,
        Concern::Encryption,
        Concern::Access,
        Concern::Resilience,
        Concern::Upkeep,
    ];
    assert_eq!(concerns(Verdict::Fail), BTreeSet::from(all));
    assert!(concerns(Verdict::Unknown).contains(&Concern::Refusal));
    let failing = audit
        .findings
        .iter()
        .filter(|it| it.verdict == Verdict::Fail);
    let of_sessions = failing.filter(|it| it.subject.name.contains("sessions"));
    let policies: Vec<_> = of_sessions.map(|it| &it.policy).collect();
    assert!(
        policies.is_empty(),
        "nothing is wrong with sessions: {policies:?}"
    );
}

/// Run by hand, to see that benchmarks need not wait long for their input.
#[test]
#[ignore = "takes a while and only shows how long"]
fn a_very_large_estate_is_made_in_time() {
    let start = std::time::Instant::now();
    let snapshot = large(10_000, 100_000, 20_000, 1_000_000);
    println!(
        "{} filters in {:?}",
        snapshot.filters.len(),
        start.elapsed()
    );
}

#[test]
fn the_embedded_demo_is_this_one() {
    embedded("aws.json", &demo());
    embedded("azure.json", &demo::on_azure());
    embedded("gcp.json", &demo::on_google_cloud());
}

#[expect(
    clippy::unwrap_used,
    reason = "test support: what is not there is to stop the test"
)]
fn embedded(name: &str, snapshot: &Snapshot) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/cli/src/demo");
    let path = folder.join(name);
    let text = serde_json::to_string_pretty(snapshot).unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let embedded = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        embedded == text,
        "run again with UPDATE_GOLDEN=1 to rewrite {}",
        path.display()
    );
}

/// Each case of Azure is the one that its table promises.
#[test]
fn the_demo_on_azure_has_its_cases() {
    let snapshot = demo::on_azure();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let ask = |client: &str, cache: &str| {
        let query = cachewarden_reach::Query {
            client: Some(client),
            cache: Some(cache),
            all: true,
        };
        let report = cachewarden_reach::connections(&estate, &[], &query).unwrap();
        let connection = report.connections.first().unwrap().clone();
        let kinds: Vec<String> = connection.blame.iter().map(|it| it.kind.clone()).collect();
        (connection.outcome.as_str(), kinds.join(" "))
    };
    let is = |outcome: &'static str, kinds: &str| (outcome, kinds.to_owned());
    assert_eq!(ask("seats-1", "tickets"), is("blocked", "dns-zone cache"));
    assert_eq!(
        ask("billing-1", "invoices"),
        is("blocked", "network-security-group")
    );
    assert_eq!(ask("front-1", "offers"), is("blocked", "service-firewall"));
    assert_eq!(ask("198.51.99.7", "banners"), is("open", ""));
    let (outcome, kinds) = ask("billing-1", "refunds");
    assert_eq!(outcome, "blocked");
    assert!(kinds.contains("private-endpoint-connection"), "{kinds}");
    assert_eq!(ask("billing-1", "archive"), is("open", ""));
}

/// Each case of Google Cloud is the one that its table promises, and somebody
/// means it to work.
#[test]
fn the_demo_on_google_cloud_has_its_cases() {
    let snapshot = demo::on_google_cloud();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let report =
        cachewarden_reach::connections(&estate, &[], &cachewarden_reach::Query::default()).unwrap();
    let mut cases: Vec<(&str, &str, &str, Vec<&str>)> = report
        .connections
        .iter()
        .map(|it| {
            let rules = it.blame.iter().map(|blame| match &blame.rule {
                Some(rule) => rule.as_str(),
                None => blame.kind.as_str(),
            });
            let (client, cache) = (it.client.name.as_str(), it.cache.name.as_str());
            (client, cache, it.outcome.as_str(), rules.collect())
        })
        .collect();
    cases.sort_unstable();
    assert_eq!(
        cases,
        [
            ("depot-1", "depots", "blocked", vec!["deny-all"]),
            (
                "desk-1",
                "labels",
                "blocked",
                vec!["default-internet", "peering"]
            ),
            ("desk-1", "tracking", "blocked", vec!["peering"]),
            ("dispatch-1", "drivers", "blocked", vec!["500"]),
            ("dispatch-1", "scans", "open", vec![]),
            ("planner-1", "routing", "partial", vec!["deny-all"]),
        ]
    );
}
