//! How a scenario asks and what it expects.

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::id;
use cachewarden_model::{
    Connection, Edit, Effect, EndpointRole, Expectation, Outcome, RuleId, Stage, Symptom,
};
use cachewarden_reach::{Query, connections};

/// An answer, to be compared with what is expected.
#[derive(Debug)]
pub(crate) struct Answer(pub Connection);

/// The connection of a client and the first endpoint of a cache: primary or
/// discovery.
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
    let all = ask_all(client, cache, estate, expectations);
    let mut first = all
        .into_iter()
        .filter(|it| it.0.endpoint.role != EndpointRole::Reader);
    let answer = first.next().expect("a first endpoint");
    assert!(first.next().is_none(), "one connection was expected");
    answer
}

/// The connections of a client and each endpoint of a cache.
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

/// A rule of a network's own.
pub(crate) fn rule(network: &str, name: &str) -> Blamed {
    let id = id::firewalls(network);
    blamed("vpc-firewall", &id, Some(name), Stage::ClientFilter)
}

/// A rule of a policy.
pub(crate) fn line(policy: &str, priority: u32) -> Blamed {
    let rule = priority.to_string();
    blamed("firewall-policy", policy, Some(&rule), Stage::ClientFilter)
}

/// A route of a network; none where no route holds the address.
pub(crate) fn route(network: &str, name: Option<&str>) -> Blamed {
    blamed("route-table", &id::routes(network), name, Stage::Route)
}

/// A peering.
pub(crate) fn peering(network: &str, name: &str) -> Blamed {
    blamed("peering", &id::peering(network, name), None, Stage::Link)
}

/// A network, for its links.
pub(crate) fn network(id: &str) -> Blamed {
    blamed("network", id, None, Stage::Link)
}

/// A network, for what its routers tell the other side.
pub(crate) fn routers(id: &str) -> Blamed {
    blamed("network", id, None, Stage::Route)
}

/// A cache, at a stage.
pub(crate) fn cache(id: &str, stage: Stage) -> Blamed {
    blamed("cache", id, None, stage)
}

/// A subnet, from which nothing is answered.
pub(crate) fn subnet(id: &str) -> Blamed {
    blamed("subnet", id, None, Stage::Link)
}

/// A forwarding rule.
pub(crate) fn endpoint(id: &str) -> Blamed {
    blamed("forwarding-rule", id, None, Stage::PrivateEndpoint)
}

/// A connector.
pub(crate) fn connector(id: &str) -> Blamed {
    blamed("connector", id, None, Stage::ClientFilter)
}

/// A hub or one of its spokes.
pub(crate) fn hub(id: &str) -> Blamed {
    blamed("hub", id, None, Stage::Link)
}

/// A private zone.
pub(crate) fn zone(id: &str) -> Blamed {
    blamed("dns-zone", id, None, Stage::Dns)
}

/// A record that leads astray.
pub(crate) fn record(zone: &str, name: &str) -> Blamed {
    blamed("dns-record", zone, Some(name), Stage::Dns)
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
        assert_eq!(self.0.symptom, Some(Symptom::Timeout));
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

    /// A blocker names this cause of Connectivity Tests.
    #[track_caller]
    pub(crate) fn is_called(&self, cause: &str) -> &Self {
        let words = format!("({cause})");
        let mut blame = self.0.blame.iter();
        assert!(
            blame.any(|it| it.detail.contains(&words)),
            "{:#?}",
            self.0.blame
        );
        self
    }

    /// The rule that comes nearest, and in what it differs.
    #[track_caller]
    pub(crate) fn nearly(&self, rule: &str, differs: &[&str]) -> &Self {
        let mut near = self.0.blame.iter().filter_map(|it| it.nearest.as_ref());
        assert!(
            near.any(|it| it.rule == *rule && it.differs == differs),
            "{:#?}",
            self.0.blame
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

    /// The only change that opens it.
    #[track_caller]
    pub(crate) fn edit(&self) -> &Edit {
        let fix = self.is_mended().0.fix.as_ref().expect("a fix");
        match fix.edits.as_slice() {
            [only] => only,
            several => panic!("one edit was expected: {several:#?}"),
        }
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
