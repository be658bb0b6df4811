//! How a scenario asks and what it expects.

use cachewarden_estates::Estate;
use cachewarden_estates::ids::{ACL_CACHE, ACL_CLIENT, CACHE_NAME, CLIENT, SG_APP, SG_CACHE};
use cachewarden_model::{
    Connection, EndpointRole, Expectation, Leg, Outcome, Reachability, RuleId, RuleUse, Snapshot,
    Stage, Symptom,
};
use cachewarden_netset::{PortRange, PortSet};
use cachewarden_reach::{Query, connections, reachability};

/// An answer, to be compared with what is expected.
#[derive(Debug)]
pub(crate) struct Answer(pub Connection);

/// The one connection of the base's client and the cache.
#[track_caller]
pub(crate) fn ask(estate: Estate) -> Answer {
    ask_from(CLIENT, estate)
}

/// The one connection of this client and the cache.
#[track_caller]
pub(crate) fn ask_from(client: &str, estate: Estate) -> Answer {
    only(ask_all(client, &estate.build(), &[]))
}

/// The one connection of the base's client and the cache, for somebody who
/// expects something of it.
#[track_caller]
pub(crate) fn ask_expecting(expectation: Expectation, estate: Estate) -> Answer {
    only(ask_all(CLIENT, &estate.build(), &[expectation]))
}

/// The connection of a client and the endpoint with this role.
#[track_caller]
pub(crate) fn ask_for(role: EndpointRole, client: &str, estate: Estate) -> Answer {
    let all = ask_all(client, &estate.build(), &[]);
    only(
        all.into_iter()
            .filter(|it| it.0.endpoint.role == role)
            .collect(),
    )
}

#[track_caller]
fn only(mut all: Vec<Answer>) -> Answer {
    assert_eq!(all.len(), 1, "one connection was expected: {all:#?}");
    all.remove(0)
}

#[track_caller]
fn ask_all(client: &str, snapshot: &Snapshot, expectations: &[Expectation]) -> Vec<Answer> {
    let estate = cachewarden_reach::Estate::new(snapshot);
    let query = Query {
        client: Some(client),
        cache: Some(CACHE_NAME),
        all: true,
    };
    let report = connections(&estate, expectations, &query).expect("client and cache are there");
    report.connections.into_iter().map(Answer).collect()
}

/// What follows for the whole estate.
pub(crate) fn facts(estate: Estate) -> Reachability {
    let snapshot = estate.build();
    reachability(&cachewarden_reach::Estate::new(&snapshot), &[])
}

/// What a rule of a filter that guards a cache is good for.
#[track_caller]
pub(crate) fn rule_use(facts: &Reachability, filter: &str, rule: impl Into<RuleId>) -> RuleUse {
    let rule = rule.into();
    let mut rules = facts.rules.iter();
    let found = rules.find(|it| it.filter == filter && it.rule == rule);
    found.expect("the rule guards a cache").clone()
}

/// Ports from first to last.
pub(crate) fn ports(first: u16, last: u16) -> PortSet {
    PortRange::new(first, last)
        .expect("in ascending order")
        .into()
}

/// One blocker, as it is expected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Blamed {
    kind: String,
    resource: String,
    rule: Option<String>,
    leg: Leg,
    stage: Stage,
}

/// Something that stops packets; `None` where a line is missing.
pub(crate) fn blamed(
    kind: &str,
    resource: &str,
    rule: Option<&str>,
    leg: Leg,
    stage: Stage,
) -> Blamed {
    Blamed {
        kind: kind.to_owned(),
        resource: resource.to_owned(),
        rule: rule.map(str::to_owned),
        leg,
        stage,
    }
}

/// The cache's group, by a rule that all but fits, or for want of one.
pub(crate) fn cache_group(rule: Option<RuleId>) -> Blamed {
    let rule = rule.as_ref().map(RuleId::as_str);
    blamed(
        "security-group",
        SG_CACHE,
        rule,
        Leg::Request,
        Stage::CacheFilter,
    )
}

/// The client's group, by a rule that all but fits, or for want of one.
pub(crate) fn client_group(rule: Option<RuleId>) -> Blamed {
    let rule = rule.as_ref().map(RuleId::as_str);
    blamed(
        "security-group",
        SG_APP,
        rule,
        Leg::Request,
        Stage::ClientFilter,
    )
}

/// An entry of the network ACL of the cache's subnets.
pub(crate) fn cache_acl(entry: &str, leg: Leg) -> Blamed {
    blamed(
        "network-acl",
        ACL_CACHE,
        Some(entry),
        leg,
        Stage::CacheSubnet,
    )
}

/// An entry of the network ACL of the client's subnet.
pub(crate) fn client_acl(entry: &str, leg: Leg) -> Blamed {
    blamed(
        "network-acl",
        ACL_CLIENT,
        Some(entry),
        leg,
        Stage::ClientSubnet,
    )
}

/// A route, by its destination, or the want of one.
pub(crate) fn route(table: &str, destination: Option<&str>, leg: Leg) -> Blamed {
    blamed("route-table", table, destination, leg, Stage::Route)
}

/// A peering.
pub(crate) fn peering(id: &str, leg: Leg) -> Blamed {
    blamed("peering", id, None, leg, Stage::Link)
}

impl Answer {
    /// Everything passes.
    #[track_caller]
    pub(crate) fn is_open(&self) {
        let Connection {
            outcome,
            symptom,
            blame,
            fix,
            ..
        } = &self.0;
        assert_eq!(*outcome, Outcome::Open, "{:#?}", self.0);
        assert_eq!(*symptom, None);
        assert!(blame.is_empty() && fix.is_none(), "{:#?}", self.0);
        assert!(self.0.witness.is_some(), "an open connection shows a flow");
    }

    /// Nothing passes, for exactly these reasons, and the client waits in vain.
    #[track_caller]
    pub(crate) fn is_blocked_by<const N: usize>(&self, by: [Blamed; N]) {
        self.is_blocked_as(Symptom::Timeout, by);
    }

    /// Nothing passes, for exactly these reasons, and the client sees this.
    #[track_caller]
    pub(crate) fn is_blocked_as<const N: usize>(&self, symptom: Symptom, by: [Blamed; N]) {
        assert_eq!(self.0.outcome, Outcome::Blocked, "{:#?}", self.0);
        assert_eq!(self.0.symptom, Some(symptom));
        assert_eq!(self.0.source_ports, PortSet::empty());
        self.blames(by);
    }

    /// Only these source ports reach every node, for exactly these reasons,
    /// and the rest of the connections wait in vain.
    #[track_caller]
    pub(crate) fn is_partial_by<const N: usize>(&self, open: PortSet, by: [Blamed; N]) {
        assert_eq!(self.0.outcome, Outcome::Partial, "{:#?}", self.0);
        assert_eq!(self.0.symptom, Some(Symptom::Timeout));
        assert_eq!(self.0.source_ports, open);
        self.blames(by);
    }

    /// It cannot be told, and this is what was not learned.
    #[track_caller]
    pub(crate) fn is_unknown_for(&self, what: &str) {
        assert_eq!(self.0.outcome, Outcome::Unknown, "{:#?}", self.0);
        assert_eq!(self.0.witness, None, "nothing is shown that was not seen");
        let mut gaps = self.0.gaps.iter();
        assert!(
            gaps.any(|gap| gap.what.contains(what)),
            "{:#?}",
            self.0.gaps
        );
    }

    /// The nearest rule of the first blocker differs in this.
    #[track_caller]
    pub(crate) fn differs_in(&self, respects: &[&str]) -> &Self {
        let nearest = self.0.blame.first().and_then(|it| it.nearest.as_ref());
        let nearest = nearest.unwrap_or_else(|| panic!("a nearest rule: {:#?}", self.0));
        assert_eq!(nearest.differs, respects);
        self
    }

    #[track_caller]
    fn blames<const N: usize>(&self, by: [Blamed; N]) {
        let found: Vec<Blamed> = self.0.blame.iter().map(Blamed::from).collect();
        let (mut found_sorted, mut expected) = (found.clone(), by.to_vec());
        found_sorted.sort();
        expected.sort();
        assert_eq!(found_sorted, expected, "{:#?}", self.0);
        let witness = self.0.witness.expect("a flow that is stopped");
        let legs: Vec<Leg> = found.iter().map(|it| it.leg).collect();
        assert!(
            legs.contains(&witness.leg),
            "stopped on a leg that is blamed: {witness:?}"
        );
    }
}

impl From<&cachewarden_model::Blame> for Blamed {
    fn from(blame: &cachewarden_model::Blame) -> Self {
        let rule = blame.rule.as_ref().map(RuleId::as_str);
        blamed(
            &blame.kind,
            blame.resource.as_str(),
            rule,
            blame.leg,
            blame.stage,
        )
    }
}
