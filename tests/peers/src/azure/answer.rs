//! From a request to its answer: who asks, may they, does it fail, what does the estate say.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::estate::AzureEstate;
use super::graph::Query;
use super::issue::issue;
use super::refusal::{denied, error, of};
use super::request::AzureRequest;
use super::version::version;
use crate::connection::{Delivery, Manner, lock};
use crate::fault::{Fault, FaultKind};
use crate::http::{Incoming, Response, encode};
use crate::protocol::{Asked, Protocol};

/// All that the fake knows.
pub(super) struct Backend {
    estate: AzureEstate,
    token: &'static str,
    state: Mutex<State>,
}

/// What changes while it runs.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) base: String,
    /// In place of `base` in links to further pages.
    pub(super) link_base: Option<String>,
    pub(super) page_size: Option<usize>,
    pub(super) faults: Vec<Fault>,
    /// Subscription (none for all) and action, in lower case; `*` is any action.
    pub(super) denied: Vec<(Option<String>, String)>,
    /// Subscriptions and the services that they never registered, in lower case.
    pub(super) unregistered: Vec<(String, String)>,
    pub(super) requests: Vec<AzureRequest>,
}

impl Backend {
    pub(super) fn new(estate: AzureEstate, token: &'static str) -> Self {
        Self {
            estate,
            token,
            state: Mutex::default(),
        }
    }

    pub(super) fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut lock(&self.state))
    }

    /// Answers one request and records it.
    pub(super) fn respond(&self, incoming: &Incoming) -> Delivery {
        let mut asked = AzureRequest::read(incoming);
        let fault = self.fault(&asked);
        let response = match issue(&asked, incoming, self.token) {
            Some(response) => response,
            None => self.answer(&asked, incoming, fault),
        };
        let delivery = match fault.map(|it| (it, it.reason())) {
            Some((_, Some(reason))) => whole(of(&reason, &asked.action, &asked.path)),
            Some((fault, None)) => fault.spoil(response),
            None => whole(response),
        };
        asked.fault = fault;
        asked.status = match &delivery.manner {
            Manner::Whole(response) | Manner::CutOff(response) => Some(response.status),
            Manner::Reset | Manner::Never => None,
        };
        self.state(|state| state.requests.push(asked));
        delivery
    }

    fn fault(&self, asked: &AzureRequest) -> Option<FaultKind> {
        let seen = Asked {
            protocol: Protocol::Json,
            service: asked.action.to_lowercase(),
            operation: String::new(),
            region: String::new(),
            access_key: String::new(),
            account: asked.subscription.to_lowercase(),
            session: false,
            parameters: Default::default(),
            document: Value::Null,
        };
        self.state(|state| {
            let faults = state.faults.iter_mut();
            let meeting: Vec<_> = faults
                .filter_map(|it| it.meets(&seen).then_some(it.kind()))
                .collect();
            meeting.first().copied()
        })
    }

    fn answer(
        &self,
        asked: &AzureRequest,
        incoming: &Incoming,
        fault: Option<FaultKind>,
    ) -> Response {
        let bearer = incoming.head.header("authorization").unwrap_or_default();
        if bearer != format!("Bearer {}", self.token) {
            return error(
                401,
                "InvalidAuthenticationToken",
                "The access token is invalid.",
            );
        }
        if let Some(refused) = version(asked) {
            return refused;
        }
        let empty = fault == Some(FaultKind::EmptyPage);
        let path = asked.path.trim_end_matches('/');
        let lower = path.to_lowercase();
        let parts: Vec<&str> = path.split('/').collect();
        if lower.ends_with("/providers/microsoft.resourcegraph/resources") {
            return self.query(asked, empty);
        }
        if lower.ends_with("/metrics:getbatch") {
            return self.batch(asked);
        }
        if lower == "/subscriptions" {
            return self.page(asked, self.estate.subscriptions.clone(), empty);
        }
        if !self.sees(&asked.subscription) {
            return error(
                404,
                "SubscriptionNotFound",
                "The subscription could not be found.",
            );
        }
        if lower.ends_with("/providers/microsoft.authorization/permissions") {
            return self.page(asked, vec![self.permissions(&asked.subscription)], empty);
        }
        if self.is_denied(&asked.subscription, &asked.action) {
            return denied(&asked.action, path);
        }
        if self.is_unregistered(asked) {
            let message = "The subscription is not registered to use the namespace.";
            return error(409, "MissingSubscriptionRegistration", message);
        }
        if let Some(id) = lower.strip_suffix("/providers/microsoft.insights/metrics") {
            let value =
                json!([{"name": {"value": "connectedclients"}, "timeseries": [self.series(id)]}]);
            return ok(&json!({"value": value, "timespan": asked.parameter("timespan")}));
        }
        if let Some(id) = lower.strip_suffix("/providers/microsoft.insights/diagnosticsettings") {
            return match self.estate.settings(id) {
                Some(settings) => self.page(asked, settings, empty),
                None => not_found(id),
            };
        }
        match parts.as_slice() {
            [_, _, subscription, providers, namespace, kind]
                if providers.eq_ignore_ascii_case("providers") =>
            {
                self.page(
                    asked,
                    self.estate
                        .of_type(subscription, &format!("{namespace}/{kind}")),
                    empty,
                )
            }
            // Below a group: types and names by turns, so that a list has an even number of parts.
            parts if parts.len() % 2 == 0 => self.children(asked, path, empty),
            _ => match self.estate.one(path) {
                Some(resource) => ok(&resource),
                None => not_found(path),
            },
        }
    }

    fn children(&self, asked: &AzureRequest, path: &str, empty: bool) -> Response {
        let (parent, list) = path.rsplit_once('/').unwrap_or((path, ""));
        match self.estate.below(parent, list) {
            None => not_found(parent),
            // As Azure answers for a cache without a schedule.
            Some(items) if items.is_empty() && list.eq_ignore_ascii_case("patchSchedules") => {
                error(
                    404,
                    "ResourceNotFound",
                    "There are no patch schedules found for redis cache.",
                )
            }
            Some(items) => self.page(asked, items, empty),
        }
    }

    fn sees(&self, subscription: &str) -> bool {
        let seen = self.estate.subscriptions.iter();
        seen.filter_map(|it| it["subscriptionId"].as_str())
            .any(|it| it.eq_ignore_ascii_case(subscription))
    }

    fn is_denied(&self, subscription: &str, action: &str) -> bool {
        self.state(|state| {
            state.denied.iter().any(|(its, denied)| {
                its.as_deref()
                    .is_none_or(|it| it.eq_ignore_ascii_case(subscription))
                    && (denied == "*" || denied.eq_ignore_ascii_case(action))
            })
        })
    }

    fn is_unregistered(&self, asked: &AzureRequest) -> bool {
        let (subscription, action) = (
            asked.subscription.to_lowercase(),
            asked.action.to_lowercase(),
        );
        self.state(|state| {
            let services = state
                .unregistered
                .iter()
                .filter(|(its, _)| *its == subscription);
            services
                .clone()
                .any(|(_, it)| action.starts_with(&format!("{it}/")))
        })
    }

    fn permissions(&self, subscription: &str) -> Value {
        let denied = self.state(|state| {
            let here = |its: &Option<String>| {
                its.as_deref()
                    .is_none_or(|it| it.eq_ignore_ascii_case(subscription))
            };
            let denied = state.denied.iter().filter(|(its, _)| here(its));
            denied.map(|(_, action)| action.clone()).collect::<Vec<_>>()
        });
        json!({"actions": ["*/read"], "notActions": denied, "dataActions": [], "notDataActions": []})
    }

    /// A page of a list; the token is the number of its first item.
    fn page(&self, asked: &AzureRequest, items: Vec<Value>, empty: bool) -> Response {
        let from = asked
            .parameter("$skiptoken")
            .and_then(|it| it.parse().ok())
            .unwrap_or(0);
        let (page, next) = self.cut(items, from, empty);
        let link = next.map(|next| {
            let version = asked.parameter("api-version").unwrap_or_default();
            let base = self.state(|state| {
                state
                    .link_base
                    .clone()
                    .unwrap_or_else(|| state.base.clone())
            });
            format!(
                "{base}{}?api-version={}&$skiptoken={next}",
                asked.path,
                encode(version)
            )
        });
        match link {
            Some(link) => ok(&json!({"value": page, "nextLink": link})),
            None => ok(&json!({"value": page})),
        }
    }

    /// The items of a page, and the first one of the next.
    fn cut(&self, items: Vec<Value>, from: usize, empty: bool) -> (Vec<Value>, Option<usize>) {
        let size = self.state(|state| state.page_size).unwrap_or(1000);
        let size = if empty { 0 } else { size };
        let next = from + size;
        let more = next < items.len();
        (
            items.into_iter().skip(from).take(size).collect(),
            more.then_some(next),
        )
    }

    fn query(&self, asked: &AzureRequest, empty: bool) -> Response {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let query = match Query::read(body["query"].as_str().unwrap_or_default()) {
            Ok(query) => query,
            Err(why) => return error(400, "BadRequest", &format!("InvalidQuery: {why}")),
        };
        let subscriptions = body["subscriptions"].as_array().into_iter().flatten();
        let subscriptions = subscriptions.filter_map(Value::as_str).map(str::to_owned);
        // What may not be read is left out, without a word.
        let readable: Vec<String> = subscriptions
            .filter(|it| self.sees(it) && !self.is_denied(it, &asked.action))
            .collect();
        let rows = self.estate.of_types(&readable, &query.kind);
        let total = rows.len();
        let from = body["options"]["$skipToken"]
            .as_str()
            .and_then(|it| it.parse().ok())
            .unwrap_or(0);
        let (page, next) = self.cut(rows, from, empty);
        let data: Vec<Value> = page.iter().map(|it| query.row(it)).collect();
        let mut answer = json!({
            "totalRecords": total, "count": data.len(), "data": data, "facets": [],
            "resultTruncated": if next.is_some() { "true" } else { "false" },
        });
        if let Some(next) = next {
            answer["$skipToken"] = next.to_string().into();
        }
        ok(&answer)
    }

    fn batch(&self, asked: &AzureRequest) -> Response {
        if self.is_denied(&asked.subscription, &asked.action) {
            return denied(&asked.action, &asked.path);
        }
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let ids: Vec<&str> = body["resourceids"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if ids.is_empty() || ids.len() > 50 {
            return error(400, "BadRequest", "resourceids must hold 1 to 50 ids");
        }
        for name in [
            "metricnamespace",
            "metricnames",
            "starttime",
            "endtime",
            "interval",
            "aggregation",
        ] {
            if asked.parameter(name).is_none() {
                return error(400, "BadRequest", &format!("{name} is missing"));
            }
        }
        let value = |id: &&str| {
            let series =
                json!([{"name": {"value": "connectedclients"}, "timeseries": [self.series(id)]}]);
            json!({"resourceid": id, "namespace": asked.parameter("metricnamespace"), "value": series})
        };
        ok(&json!({"values": ids.iter().map(value).collect::<Vec<_>>()}))
    }

    fn series(&self, id: &str) -> Value {
        let values = self.estate.values(id).into_iter();
        let points = values.map(|it| json!({"timeStamp": "2026-01-01T00:00:00Z", "maximum": it}));
        json!({"metadatavalues": [], "data": points.collect::<Vec<_>>()})
    }
}

fn not_found(id: &str) -> Response {
    error(
        404,
        "ResourceNotFound",
        &format!("The Resource '{id}' was not found."),
    )
}

fn ok(body: &Value) -> Response {
    Response::new(200, "application/json; charset=utf-8", body.to_string())
}

fn whole(response: Response) -> Delivery {
    Delivery {
        after: std::time::Duration::ZERO,
        manner: Manner::Whole(response),
    }
}
