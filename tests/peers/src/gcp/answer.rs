//! From a request to its answer: who asks, may they, does it fail, what does the estate say.

use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::estate::GcpEstate;
use super::issue::{is_signed, issue};
use super::numbers::number;
use super::refusal::{denied, error, of};
use super::request::GcpRequest;
use crate::connection::{Delivery, Manner, lock};
use crate::fault::{Fault, FaultKind};
use crate::http::{Incoming, Response};
use crate::protocol::{Asked, Protocol};

/// All that the fake knows.
pub(super) struct Backend {
    estate: GcpEstate,
    token: &'static str,
    state: Mutex<State>,
}

/// What changes while it runs.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) page_size: Option<usize>,
    pub(super) circular: bool,
    pub(super) faults: Vec<Fault>,
    /// Project (none for all) and permission; `*` is any.
    pub(super) denied: Vec<(Option<String>, String)>,
    /// Project, API, and who is said to lack it.
    pub(super) off: Vec<(String, String, Option<String>)>,
    /// Permission and region.
    pub(super) unreachable: Vec<(String, String)>,
    pub(super) requests: Vec<GcpRequest>,
}

/// What a list is a part of, and how its answer is written.
struct Listed {
    /// Its name in the estate.
    name: String,
    /// Under which name its items stand; by place if aggregated.
    key: String,
    aggregated: bool,
    /// Region of each item, where lists are of all regions.
    regional: bool,
}

impl Backend {
    pub(super) fn new(estate: GcpEstate, token: &'static str) -> Self {
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
        let mut asked = GcpRequest::read(incoming);
        let fault = self.fault(&asked);
        let response = match issue(&asked, incoming, self.token) {
            Some(response) => response,
            None => self.answer(&asked, incoming, fault),
        };
        let delivery = match fault.map(|it| (it, it.reason())) {
            Some((_, Some(reason))) => whole(of(&reason, &asked.api, &asked.permission)),
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

    fn fault(&self, asked: &GcpRequest) -> Option<FaultKind> {
        let seen = Asked {
            protocol: Protocol::Json,
            service: asked.permission.to_lowercase(),
            operation: String::new(),
            region: String::new(),
            access_key: String::new(),
            account: asked.project.to_lowercase(),
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
        asked: &GcpRequest,
        incoming: &Incoming,
        fault: Option<FaultKind>,
    ) -> Response {
        let bearer = incoming.head.header("authorization").unwrap_or_default();
        let token = bearer.strip_prefix("Bearer ").unwrap_or_default();
        if token != self.token && !is_signed(token) {
            return error(&asked.api, 401, "CREDENTIALS_MISSING", json!({}));
        }
        if asked.method != "GET" {
            return error(&asked.api, 400, "", json!({}));
        }
        if asked.api == "cloudresourcemanager" {
            return self.projects(asked);
        }
        if !asked.path.starts_with("organizations/") {
            // Whoever is not seen is not told apart from whoever is not there.
            if self.estate.id(&asked.project).is_none() || self.is_denied(asked) {
                return denied(&asked.api, &asked.permission);
            }
            if let Some(consumer) = self.off(asked) {
                let service = format!("{}.googleapis.com", asked.api);
                let metadata = json!({"consumer": consumer, "service": service});
                return error(&asked.api, 403, "SERVICE_DISABLED", metadata);
            }
        }
        let object = self.object(asked);
        match object {
            Some(value) => ok(value),
            None => match listed(asked) {
                Some(listed) => self.page(asked, &listed, fault == Some(FaultKind::EmptyPage)),
                None => error(&asked.api, 404, "", json!({})),
            },
        }
    }

    fn is_denied(&self, asked: &GcpRequest) -> bool {
        self.state(|state| {
            state.denied.iter().any(|(its, denied)| {
                its.as_deref().is_none_or(|it| it == asked.project)
                    && (denied == "*" || *denied == asked.permission)
            })
        })
    }

    /// Who lacks the API that is asked.
    fn off(&self, asked: &GcpRequest) -> Option<String> {
        self.state(|state| {
            let mut off = state.off.iter();
            let found =
                off.find(|(project, api, _)| *project == asked.project && *api == asked.api);
            let (project, _, consumer) = found?;
            consumer.clone().or_else(|| self.estate.number(project))
        })
    }

    /// An object of the estate, by path and by what else is asked for.
    fn object(&self, asked: &GcpRequest) -> Option<Value> {
        let mut name = format!("{}/{}", asked.api, asked.path);
        if let Some(network) = asked.parameter("network") {
            let at = network.find("projects/").unwrap_or(0);
            name = format!("{name}?{}", &network[at..]);
        }
        if let Some(value) = self.estate.object(&name) {
            return Some(masked(value.clone(), asked));
        }
        match asked.permission.as_str() {
            "compute.networks.getRegionEffectiveFirewalls" => Some(json!({})),
            "compute.projects.get" if asked.path.split('/').count() == 2 => {
                Some(json!({"name": asked.project}))
            }
            "compute.projects.get" => Some(json!({"kind": "compute#projectsGetXpnResources"})),
            _ => None,
        }
    }

    fn projects(&self, asked: &GcpRequest) -> Response {
        if self.is_denied(asked) {
            return denied(&asked.api, &asked.permission);
        }
        let parent = asked.parameter("parent");
        let (key, all) = match asked.path.as_str() {
            "folders" => ("folders", &self.estate.folders),
            _ => ("projects", &self.estate.projects),
        };
        let fits = |it: &&Value| parent.is_none_or(|parent| it["parent"] == parent);
        let items: Vec<Value> = all.iter().filter(fits).cloned().collect();
        let (page, next) = self.cut(asked, items, false);
        let mut answer = Map::new();
        if !page.is_empty() {
            answer.insert(key.to_owned(), page.into());
        }
        if let Some(next) = next {
            answer.insert("nextPageToken".to_owned(), next.into());
        }
        ok(Value::Object(answer))
    }

    /// The items of a page, and what asks for the next one.
    fn cut(
        &self,
        asked: &GcpRequest,
        items: Vec<Value>,
        empty: bool,
    ) -> (Vec<Value>, Option<String>) {
        let (size, circular) = self.state(|state| (state.page_size, state.circular));
        let size = if empty { 0 } else { size.unwrap_or(1000) };
        let token = asked
            .parameter("pageToken")
            .or_else(|| asked.parameter("continue"));
        let from = token.and_then(|it| it.parse().ok()).unwrap_or(0);
        let next = from + size;
        let more = next < items.len();
        let page = items.into_iter().skip(from).take(size).collect();
        let next = if circular {
            Some(0)
        } else {
            more.then_some(next)
        };
        (page, next.map(|it| it.to_string()))
    }

    fn page(&self, asked: &GcpRequest, listed: &Listed, empty: bool) -> Response {
        let missing = self.state(|state| {
            let of = |(permission, _): &&(String, String)| *permission == asked.permission;
            let regions = state
                .unreachable
                .iter()
                .filter(of)
                .map(|(_, it)| it.clone());
            regions.collect::<Vec<String>>()
        });
        let mut items = self.estate.list(&listed.name);
        items.retain(|it| !missing.iter().any(|region| region_of(it) == *region));
        if let Some(kind) = asked
            .parameter("filter")
            .filter(|_| asked.api == "monitoring")
        {
            items.retain(|it| kind.contains(it["metric"]["type"].as_str().unwrap_or("?")));
        }
        let (page, next) = self.cut(asked, items, empty);
        let mut page: Vec<Value> = page.into_iter().map(|it| masked(it, asked)).collect();
        if asked
            .parameter("$alt")
            .is_some_and(|it| it.contains("enum-encoding=int"))
        {
            let collection = format!("{}/{}", asked.api, listed.key);
            page.iter_mut().for_each(|it| number(&collection, it));
        }
        let places = missing.iter().map(|it| match listed.regional {
            true => format!("projects/{}/locations/{it}", asked.project),
            false => format!("regions/{it}"),
        });
        ok(write(asked, listed, page, next, places.collect()))
    }
}

/// Which list a path names.
fn listed(asked: &GcpRequest) -> Option<Listed> {
    let id = &asked.project;
    let parts: Vec<&str> = asked.path.split('/').collect();
    let list = *parts.last()?;
    let aggregated = parts.contains(&"aggregated");
    let (below, key) = match (asked.api.as_str(), list) {
        ("dns", "rrsets") => (parts[2..].join("/"), "rrsets"),
        ("dns", "rules") => (parts[2..].join("/"), "responsePolicyRules"),
        ("compute", "listPeeringRoutes") => {
            let name = asked.parameter("peeringName")?;
            let region = asked.parameter("region")?;
            (format!("{}/{name}/{region}", parts[2..].join("/")), "items")
        }
        ("compute", list) if aggregated => (list.to_owned(), list),
        ("compute" | "run", list) => (list.to_owned(), "items"),
        (_, list) => (list.to_owned(), list),
    };
    Some(Listed {
        name: format!("{}/projects/{id}/{below}", asked.api),
        key: key.to_owned(),
        aggregated,
        regional: parts.contains(&"-"),
    })
}

/// The region that an item says it is in.
fn region_of(item: &Value) -> String {
    let place = ["zone", "region", "name"].iter().find_map(|it| {
        let text = item[*it].as_str()?;
        match *it {
            "name" => Some(
                text.split("/locations/")
                    .nth(1)?
                    .split('/')
                    .next()?
                    .to_owned(),
            ),
            _ => Some(text.rsplit('/').next()?.to_owned()),
        }
    });
    let place = place.unwrap_or_default();
    match item["zone"].is_string() {
        true => place
            .rsplit_once('-')
            .map_or(place.clone(), |(it, _)| it.to_owned()),
        false => place,
    }
}

/// The scope of an aggregated list in which an item stands.
fn scope_of(item: &Value) -> String {
    let last = |it: &Value| {
        it.as_str()
            .and_then(|it| it.rsplit('/').next())
            .map(str::to_owned)
    };
    match (last(&item["zone"]), last(&item["region"])) {
        (Some(zone), _) => format!("zones/{zone}"),
        (_, Some(region)) => format!("regions/{region}"),
        _ => "global".to_owned(),
    }
}

/// What a mask leaves out: as much of it as is of importance.
fn masked(mut item: Value, asked: &GcpRequest) -> Value {
    let fields = asked.parameter("fields");
    if let (Some(mask), Some(item)) = (fields, item.as_object_mut()) {
        if !mask.contains("containers")
            && let Some(spec) = item.get_mut("spec")
        {
            spec["template"]["spec"]
                .as_object_mut()
                .map(|it| it.remove("containers"));
        }
        if asked.api == "compute" {
            item.remove("metadata");
            item.remove("commonInstanceMetadata");
        }
    }
    item
}

fn write(
    asked: &GcpRequest,
    listed: &Listed,
    page: Vec<Value>,
    next: Option<String>,
    places: Vec<String>,
) -> Value {
    let mut answer = Map::new();
    if asked.api == "compute" || asked.api == "dns" {
        let kind = format!("{}#{}List", asked.api, listed.key);
        answer.insert("kind".to_owned(), kind.into());
    }
    if listed.aggregated {
        let mut scopes: Map<String, Value> = Map::new();
        // Places without items are there all the same.
        let nothing =
            json!({"warning": {"code": "NO_RESULTS_ON_PAGE", "message": "There are no results."}});
        scopes.insert("regions/asia-east1".to_owned(), nothing);
        for item in page {
            let scope = scopes.entry(scope_of(&item)).or_insert_with(|| json!({}));
            if scope[&listed.key].is_null() {
                scope[&listed.key] = json!([]);
            }
            if let Some(list) = scope[&listed.key].as_array_mut() {
                list.push(item);
            }
        }
        answer.insert("items".to_owned(), scopes.into());
        if !places.is_empty() {
            answer.insert("unreachables".to_owned(), places.into());
        }
    } else {
        if !page.is_empty() {
            answer.insert(listed.key.clone(), page.into());
        }
        if !places.is_empty() {
            answer.insert("unreachable".to_owned(), places.into());
        }
    }
    match next {
        Some(next) if asked.api == "run" => {
            answer.insert("metadata".to_owned(), json!({"continue": next}));
        }
        Some(next) => {
            answer.insert("nextPageToken".to_owned(), next.into());
        }
        None => {}
    }
    Value::Object(answer)
}

fn ok(body: Value) -> Response {
    Response::new(200, "application/json; charset=UTF-8", body.to_string())
}

fn whole(response: Response) -> Delivery {
    Delivery {
        after: std::time::Duration::ZERO,
        manner: Manner::Whole(response),
    }
}
