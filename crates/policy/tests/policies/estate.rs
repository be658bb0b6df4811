//! A small estate that fails no policy of the strict pack, to change one
//! thing at a time.

mod caches;
mod nouns;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cachewarden_model::*;
use cachewarden_netset::{AddressSet, Cidr};
use cachewarden_policy::{Judgement, Library, Selection, Waiver, judge};

pub(crate) use caches::{cache, measure, metric, user};
pub(crate) use nouns::{
    group, interface, named_group, network, network_acl, route, route_table, rule, rule_use, subnet,
};

/// Everything that an audit takes.
pub(crate) struct Estate {
    pub(crate) snapshot: Snapshot,
    pub(crate) reachability: Reachability,
    pub(crate) expectations: Vec<Expectation>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) selection: Selection,
}

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const CACHE: &str =
    "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:sessions";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn gap(what: &str) -> Gap {
    Gap {
        provider: Provider::Aws,
        account: Some(ACCOUNT.into()),
        region: Some(REGION.into()),
        what: what.into(),
        why: GapReason::AccessDenied,
        message: "the credentials may not ask".into(),
        hides: vec![],
    }
}

/// An estate with one cache, one group, one user and one endpoint.
pub(crate) fn sound() -> Estate {
    let mut snapshot = Snapshot::new(at("2026-11-01T08:00:00Z"), "0.1.0");
    snapshot.targets = vec![Target {
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        regions: vec![REGION.into()],
    }];
    snapshot.caches = vec![cache("sessions")];
    snapshot.networks = vec![network("vpc-a")];
    snapshot.subnets = vec![subnet("subnet-1", "acl-1"), subnet("subnet-2", "acl-1")];
    snapshot.route_tables = vec![route_table("rtb-1")];
    snapshot.filters = vec![group("sg-cache"), network_acl("acl-1")];
    snapshot.users = vec![user("app", "on ~app:* +@read +@write")];
    snapshot.user_groups = vec![UserGroup {
        id: "app-users".into(),
        provider: Provider::Aws,
        account: ACCOUNT.into(),
        region: REGION.into(),
        service: Service::ElastiCache,
        engine: Some("valkey".into()),
        status: "active".into(),
        users: vec!["app".into()],
        adding: vec![],
        removing: vec![],
    }];
    let sources = vec![(Zone::Network("vpc-a".into()), set(&["10.0.1.0/24"]))];
    let reachability = Reachability {
        clients: 2,
        exposures: vec![Exposure {
            cache: CACHE.into(),
            endpoint: 0,
            certain: sources.clone(),
            possible: sources,
            admitted: AddressSet::empty(),
            gaps: vec![],
        }],
        rules: vec![rule_use()],
        paths: BTreeMap::from([(
            CACHE.into(),
            PathFacts {
                clients: 2,
                ..PathFacts::default()
            },
        )]),
        ..Reachability::default()
    };
    let selection = strict();
    Estate {
        snapshot,
        reachability,
        expectations: vec![],
        waivers: vec![],
        selection,
    }
}

fn strict() -> Selection {
    Selection {
        packs: vec!["strict".into()],
        ..Selection::default()
    }
}

/// Read once: most tests ask the same policies.
static STRICT: LazyLock<Library> = LazyLock::new(|| Library::load(&[], &strict()).unwrap());

static AZURE: LazyLock<Library> =
    LazyLock::new(|| Library::load(&[], &crate::azure::selection()).unwrap());

static GCP: LazyLock<Library> =
    LazyLock::new(|| Library::load(&[], &crate::gcp::selection()).unwrap());

impl Estate {
    pub(crate) fn library(&self) -> Library {
        Library::load(&[], &self.selection).unwrap()
    }

    pub(crate) fn audit(&self) -> Audit {
        if self.selection == strict() {
            return self.audit_with(&STRICT);
        }
        if self.selection == crate::azure::selection() {
            return self.audit_with(&AZURE);
        }
        if self.selection == crate::gcp::selection() {
            return self.audit_with(&GCP);
        }
        self.audit_with(&self.library())
    }

    pub(crate) fn audit_with(&self, library: &Library) -> Audit {
        self.audit_narrowing(library, None)
    }

    /// With somebody who knows how rules could be narrowed.
    pub(crate) fn audit_narrowing(&self, library: &Library, narrow: Option<&dyn Narrow>) -> Audit {
        let judgement = Judgement {
            snapshot: &self.snapshot,
            reachability: &self.reachability,
            narrow,
            expectations: &self.expectations,
            waivers: &self.waivers,
            judged_at: at("2026-11-20T08:00:00Z"),
        };
        judge(library, &judgement)
    }

    /// Policies and verdicts of all findings, sorted.
    pub(crate) fn verdicts(&self) -> Vec<(String, Verdict)> {
        let mut verdicts: Vec<(String, Verdict)> = self
            .audit()
            .findings
            .into_iter()
            .map(|finding| (finding.policy.as_str().to_owned(), finding.verdict))
            .collect();
        verdicts.sort();
        verdicts
    }

    /// Adds a cache that is reached as the first one is.
    pub(crate) fn add(&mut self, cache: Cache) {
        let first = self.reachability.exposures[0].clone();
        let exposure = Exposure {
            cache: cache.id.clone(),
            ..first
        };
        self.reachability.exposures.push(exposure);
        self.snapshot.caches.push(cache);
    }

    pub(crate) fn cache(&mut self) -> &mut Cache {
        &mut self.snapshot.caches[0]
    }
}

pub(crate) fn set(ranges: &[&str]) -> AddressSet {
    ranges
        .iter()
        .map(|range| range.parse::<Cidr>().unwrap())
        .collect()
}
