//! From a request to its answer: who asks, does it fail, what does the estate say.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::connection::{Delivery, Manner, lock};
use crate::estate::{Estate, Place};
use crate::fault::{Fault, FaultKind};
use crate::forward;
use crate::http::{Incoming, Response};
use crate::identity::Accounts;
use crate::operations::{self, Answer, Operation, Pages};
use crate::page::Tokens;
use crate::protocol::Asked;
use crate::record::Request;
use crate::refusal::Reason;
use crate::select::{select, shown};
use crate::{metrics, shapes::Shape};

/// The paging of metrics, which has no size of its own.
const METRIC_PAGES: Pages = Pages {
    size: "",
    token: "NextToken",
    allowed: (1, 500),
    default: None,
};

/// All that the fake knows.
pub(crate) struct Backend {
    estate: Estate,
    /// The account whose places in the estate need not name it.
    home: String,
    started: Instant,
    state: Mutex<State>,
}

/// What changes while it runs.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Items that a page holds at most.
    pub(crate) page_size: Option<usize>,
    pub(crate) faults: Vec<Fault>,
    /// `host:port` of the server that plays EC2 and STS, if not the estate.
    pub(crate) upstream: Option<String>,
    pub(crate) accounts: Accounts,
    pub(crate) requests: Vec<Request>,
    tokens: Tokens,
    answers: u64,
}

impl Backend {
    pub(crate) fn new(estate: Estate, home: &str) -> Self {
        Self {
            estate,
            home: home.to_owned(),
            started: Instant::now(),
            state: Mutex::default(),
        }
    }

    /// Looks at or changes what the fake knows.
    pub(crate) fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut lock(&self.state))
    }

    /// Answers one request and records it.
    pub(crate) fn respond(&self, incoming: &Incoming) -> Delivery {
        let at = self.started.elapsed();
        let mut asked = Asked::read(incoming);
        let account = self.state(|state| state.accounts.of(&asked));
        let (delivery, fault) = match account {
            Err(reason) => (whole(reason.response(&asked, &self.request_id())), None),
            Ok(account) => {
                asked.account = account;
                let fault = self.fault(&asked);
                (self.deliver(incoming, &asked, fault), fault)
            }
        };
        let mut request = Request::new(incoming, asked, at);
        request.fault = fault;
        request.status = match &delivery.manner {
            Manner::Whole(response) | Manner::CutOff(response) => Some(response.status),
            Manner::Reset | Manner::Never => None,
        };
        self.state(|state| state.requests.push(request));
        delivery
    }

    fn fault(&self, asked: &Asked) -> Option<FaultKind> {
        self.state(|state| {
            // Every fault counts the call, also behind the one that applies.
            let meeting: Vec<_> = state
                .faults
                .iter_mut()
                .filter_map(|fault| fault.meets(asked).then_some(fault.kind()))
                .collect();
            meeting.first().copied()
        })
    }

    fn deliver(&self, incoming: &Incoming, asked: &Asked, fault: Option<FaultKind>) -> Delivery {
        let request_id = self.request_id();
        if let Some(reason) = fault.and_then(FaultKind::reason) {
            return whole(reason.response(asked, &request_id));
        }
        let place = Place {
            account: &asked.account,
            region: &asked.region,
            home: &self.home,
        };
        let known = operations::find(&asked.service, &asked.operation);
        let in_estate = known.is_some_and(|known| self.estate.mentions(&place, known));
        let upstream = self
            .state(|state| state.upstream.clone())
            .filter(|_| forward::is_for_moto(asked) && !in_estate);
        let response = match (upstream, known) {
            (Some(upstream), _) => {
                let response = forward::forward(&upstream, incoming, &asked.account);
                self.state(|state| forward::learn(&mut state.accounts, asked, &response));
                response
            }
            (None, Some(known)) => self
                .members(
                    known,
                    asked,
                    &self.estate.items(&place, known),
                    fault == Some(FaultKind::EmptyPage),
                )
                .and_then(|members| asked.answer(&members, &request_id))
                .unwrap_or_else(|reason| reason.response(asked, &request_id)),
            (None, None) => Reason::UnknownOperation.response(asked, &request_id),
        };
        match fault {
            Some(fault) => fault.spoil(response),
            None => whole(response),
        }
    }

    /// The members of the answer.
    fn members(
        &self,
        operation: &Operation,
        asked: &Asked,
        items: &[Value],
        empty: bool,
    ) -> Result<Map<String, Value>, Reason> {
        let shown = |item: &&Value| shown(operation, asked, item);
        match operation.answer {
            Answer::Own if operation.service == "sts" => {
                self.state(|state| state.accounts.answer(asked))
            }
            Answer::Own => {
                let results = metrics::results(asked, items)?;
                self.list(
                    "MetricDataResults",
                    asked,
                    Some(&METRIC_PAGES),
                    &results.iter().collect::<Vec<_>>(),
                    empty,
                )
            }
            Answer::One(member) => Ok(items
                .iter()
                .take(1)
                .map(|item| (member.to_owned(), item.clone()))
                .collect()),
            Answer::Attribute => attribute(asked, &select(operation, asked, items)?),
            Answer::List(member) => {
                let chosen = select(operation, asked, items)?;
                let mut answer =
                    self.list(member, asked, operation.pages.as_ref(), &chosen, empty)?;
                if let Some(Value::Array(items)) = answer.get_mut(member) {
                    *items = items.iter().map(|item| shown(&item)).collect();
                }
                Ok(answer)
            }
        }
    }

    /// One page of a list.
    fn list(
        &self,
        member: &str,
        asked: &Asked,
        pages: Option<&Pages>,
        items: &[&Value],
        empty: bool,
    ) -> Result<Map<String, Value>, Reason> {
        let mut answer = Map::new();
        let (from, to) = match pages {
            Some(pages) => {
                let limit = self.state(|state| state.page_size);
                self.state(|state| state.tokens.page(asked, pages, items.len(), limit))?
            }
            None => (0, items.len()),
        };
        let to = if empty { from } else { to };
        let page: Vec<Value> = items
            .iter()
            .take(to)
            .skip(from)
            .map(|item| (*item).clone())
            .collect();
        answer.insert(member.to_owned(), page.into());
        if let Some(pages) = pages.filter(|_| to < items.len() || empty) {
            let token = self.state(|state| state.tokens.issue(asked, pages, to));
            answer.insert(pages.token.to_owned(), token.into());
        } else if asked.service == "tag" {
            // This service ends with an empty token, not without one.
            answer.insert("PaginationToken".to_owned(), "".into());
        }
        let shape = Shape::of(&asked.service, &asked.operation);
        if shape.is_some_and(|shape| shape.members.contains_key("AdditionalRoutesAvailable")) {
            answer.insert(
                "AdditionalRoutesAvailable".to_owned(),
                (to < items.len()).into(),
            );
        }
        Ok(answer)
    }

    fn request_id(&self) -> String {
        self.state(|state| {
            state.answers += 1;
            format!("00000000-0000-4000-8000-{:012}", state.answers)
        })
    }
}

/// `DescribeVpcAttribute`: one attribute of one network.
fn attribute(asked: &Asked, chosen: &[&Value]) -> Result<Map<String, Value>, Reason> {
    let wanted = asked
        .parameters
        .get("Attribute")
        .ok_or(Reason::Missing("Attribute"))?;
    let network = asked
        .parameters
        .get("VpcId")
        .ok_or(Reason::Missing("VpcId"))?;
    let item = chosen
        .first()
        .ok_or_else(|| Reason::NotFound("InvalidVpcID.NotFound".to_owned()))?;
    // `enableDnsSupport` is the member `EnableDnsSupport`.
    let members = item.as_object().into_iter().flatten();
    let mut answer: Map<_, _> = members
        .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    answer.insert("VpcId".to_owned(), network.as_str().into());
    Ok(answer)
}

fn whole(response: Response) -> Delivery {
    Delivery {
        after: Duration::ZERO,
        manner: Manner::Whole(response),
    }
}
