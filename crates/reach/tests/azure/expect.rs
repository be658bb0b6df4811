//! How a scenario asks and what it expects.

use cachewarden_estates::Estate;
use cachewarden_estates::azure::id;
use cachewarden_model::{Connection, Effect, Expectation, Outcome, RuleId, Stage, Symptom};
use cachewarden_reach::{Query, connections};

/// An answer, to be compared with what is expected.
#[derive(Debug)]
pub(crate) struct Answer(pub Connection);

/// The connection of a machine and a cache with one endpoint.
#[track_caller]
pub(crate) fn ask(client: &str, cache: &str, estate: Estate) -> Answer {
    ask_expecting(client, cache, estate, &[])
}

/// The same for somebody who expects something of it.
#[track_caller]
pub(crate) fn ask_expecting(
    client: &str,
    cache: &str,
    estate: Estate,
    expectations: &[Expectation],
) -> Answer {
    let mut all = ask_all(client, cache, estate, expectations);
    assert_eq!(all.len(), 1, "one connection was expected: {all:#?}");
    all.remove(0)
}

/// The connections of a machine and each endpoint of a cache.
#[track_caller]
pub(crate) fn ask_all(
    client: &str,
    cache: &str,
    estate: Estate,
    expectations: &[Expectation],
) -> Vec<Answer> {
    let snapshot = estate.build();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let query = Query {
        client: Some(client),
        cache: Some(cache),
        all: true,
    };
    let report = connections(&estate, expectations, &query).expect("client and cache are there");
    report.connections.into_iter().map(Answer).collect()
}

/// One blocker, as it is expected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Blamed {
    kind: String,
    resource: String,
    rule: Option<String>,
    stage: Stage,
}

fn blamed(kind: &str, resource: &str, rule: Option<&str>, stage: Stage) -> Blamed {
    Blamed {
        kind: kind.to_owned(),
        resource: resource.to_owned(),
        rule: rule.map(str::to_owned),
        stage,
    }
}

/// A rule of a network security group.
pub(crate) fn group(name: &str, rule: &str, stage: Stage) -> Blamed {
    blamed(
        "network-security-group",
        &id::group(name),
        Some(rule),
        stage,
    )
}

/// A zone that is not linked, or lacks a record.
pub(crate) fn zone(name: &str) -> Blamed {
    blamed("dns-zone", &id::zone(name), None, Stage::Dns)
}

/// A record that leads astray.
pub(crate) fn record(zone: &str, name: &str) -> Blamed {
    blamed("dns-record", &id::zone(zone), Some(name), Stage::Dns)
}

/// The link of a network to a zone.
pub(crate) fn zone_link(zone: &str, network: &str) -> Blamed {
    blamed("zone-link", &id::link(zone, network), None, Stage::Dns)
}

/// A private endpoint, for its name.
pub(crate) fn endpoint_name(name: &str) -> Blamed {
    blamed("private-endpoint", &id::endpoint(name), None, Stage::Dns)
}

/// A private endpoint.
pub(crate) fn endpoint(name: &str) -> Blamed {
    let id = id::endpoint(name);
    blamed("private-endpoint", &id, None, Stage::PrivateEndpoint)
}

/// A private endpoint connection.
pub(crate) fn connection(cache: &str, name: &str) -> Blamed {
    let id = id::connection(&id::cache(cache), name);
    blamed(
        "private-endpoint-connection",
        &id,
        None,
        Stage::PrivateEndpoint,
    )
}

/// Public network access of an Azure Cache for Redis.
pub(crate) fn public_access(cache: &str) -> Blamed {
    blamed("cache", &id::cache(cache), None, Stage::PublicAccess)
}

/// Public network access of an Azure Managed Redis.
pub(crate) fn cluster_access(cache: &str) -> Blamed {
    blamed("cache", &id::cluster(cache), None, Stage::PublicAccess)
}

/// A cache's firewall, for want of a rule.
pub(crate) fn firewall(cache: &str) -> Blamed {
    let id = id::firewall(cache);
    blamed("service-firewall", &id, None, Stage::ServiceFirewall)
}

/// A cache's status.
pub(crate) fn status(cache: &str) -> Blamed {
    blamed("cache", &id::cache(cache), None, Stage::Status)
}

/// A route of the owner's.
pub(crate) fn route(table: &str, name: &str) -> Blamed {
    blamed("route-table", &id::table(table), Some(name), Stage::Route)
}

/// The want of a route out of a network.
pub(crate) fn no_route(network: &str) -> Blamed {
    blamed("system-route", &id::vnet(network), None, Stage::Route)
}

/// One side of a peering.
pub(crate) fn peering(own: &str, other: &str) -> Blamed {
    blamed("peering", &id::peering(own, other), None, Stage::Link)
}

/// A network without a side of a peering.
pub(crate) fn no_side(network: &str) -> Blamed {
    blamed("network", &id::vnet(network), None, Stage::Link)
}

/// The cache itself, across regions.
pub(crate) fn across_regions(cache: &str) -> Blamed {
    blamed("cache", &id::cache(cache), None, Stage::Link)
}

impl Answer {
    /// Everything passes.
    #[track_caller]
    pub(crate) fn is_open(&self) -> &Self {
        assert_eq!(self.0.outcome, Outcome::Open, "{:#?}", self.0);
        assert_eq!(self.0.symptom, None);
        assert!(self.0.blame.is_empty(), "{:#?}", self.0);
        assert!(self.0.fix.is_none(), "{:#?}", self.0);
        self
    }

    /// Nothing passes, for exactly these reasons, and the client sees this.
    #[track_caller]
    pub(crate) fn is_blocked<const N: usize>(
        &self,
        symptom: impl Into<Option<Symptom>>,
        by: [Blamed; N],
    ) -> &Self {
        assert_eq!(self.0.outcome, Outcome::Blocked, "{:#?}", self.0);
        assert_eq!(self.0.symptom, symptom.into(), "{:#?}", self.0);
        self.blames(by)
    }

    /// Some of it passes, the rest does not for exactly these reasons.
    #[track_caller]
    pub(crate) fn is_partial<const N: usize>(&self, by: [Blamed; N]) -> &Self {
        assert_eq!(self.0.outcome, Outcome::Partial, "{:#?}", self.0);
        self.blames(by)
    }

    /// It cannot be told, and this is what was not learned.
    #[track_caller]
    pub(crate) fn is_unknown(&self, what: &str) -> &Self {
        assert_eq!(self.0.outcome, Outcome::Unknown, "{:#?}", self.0);
        let mut gaps = self.0.gaps.iter();
        assert!(
            gaps.any(|gap| format!("{gap}").contains(what)),
            "{:#?}",
            self.0.gaps
        );
        self
    }

    /// A stage says this.
    #[track_caller]
    pub(crate) fn says(&self, stage: Stage, effect: Effect, words: &str) -> &Self {
        let mut steps = self.0.trace.iter();
        assert!(
            steps.any(|it| it.stage == stage && it.effect == effect && it.detail.contains(words)),
            "{:#?}",
            self.0.trace
        );
        self
    }

    /// A change is known that opens it, and was tried.
    #[track_caller]
    pub(crate) fn is_mended(&self) -> &Self {
        let fix = self.0.fix.as_ref();
        let fix = fix.unwrap_or_else(|| panic!("a fix: {:#?}", self.0));
        assert!(!fix.edits.is_empty(), "{fix:#?}");
        let proof = fix.proof.as_ref().expect("a proof");
        assert_eq!(proof.outcome, Some(Outcome::Open));
        self
    }

    /// The change opens nothing besides, and closes nothing.
    #[track_caller]
    pub(crate) fn alone(&self) -> &Self {
        let fix = self.0.fix.as_ref().expect("a fix");
        let proof = fix.proof.as_ref().expect("a proof");
        assert!(!proof.others_not_judged, "{proof:#?}");
        assert!(proof.also_opens.is_empty(), "{proof:#?}");
        assert!(proof.closes.is_empty(), "{proof:#?}");
        self
    }

    pub(crate) fn fix(&self) -> &cachewarden_model::Fix {
        self.0.fix.as_ref().expect("a fix")
    }

    /// There is advice in words.
    #[track_caller]
    pub(crate) fn is_advised(&self, words: &str) -> &Self {
        let advice = self.0.fix.as_ref().and_then(|it| it.advice.as_deref());
        let advice = advice.unwrap_or_else(|| panic!("advice: {:#?}", self.0));
        assert!(advice.contains(words), "{advice}");
        self
    }

    #[track_caller]
    fn blames<const N: usize>(&self, by: [Blamed; N]) -> &Self {
        let blame = self.0.blame.iter().map(|it| {
            let rule = it.rule.as_ref().map(RuleId::as_str);
            blamed(&it.kind, it.resource.as_str(), rule, it.stage)
        });
        let (mut found, mut expected): (Vec<Blamed>, Vec<Blamed>) = (blame.collect(), by.to_vec());
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{:#?}", self.0);
        self
    }
}
