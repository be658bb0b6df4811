//! Questions to Google Cloud: each with its gap.

use std::future::Future;

use cachewarden_model::{AccountId, Gap, GapReason, Provider, Region};
use cachewarden_provider::{Event, Page, Question, Session, call};
use serde_json::Value;

use super::Found;
use super::projects::Project;
use crate::client::{Client, Refusal};
use crate::operation::Operation;

/// What questions are asked with.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) session: &'a Session,
    pub(crate) client: &'a Client,
}

/// One thing that a page tells.
pub(crate) enum Piece<T> {
    /// An item of the list.
    Item(T),
    /// A place that the cloud could not reach, as it names it.
    Unreachable(String),
    /// The API is off in the project: there is nothing of the kind.
    Off,
}

/// How an API writes a page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Compute, of one place: `items`, and a `kind` that is always there.
    Items,
    /// Compute, of all places: lists of this name by place.
    Aggregated(&'static str),
    /// A list of this name, left out where it is empty.
    Named(&'static str),
    /// Cloud Run's first version: `items`, with the token in `metadata`.
    Knative,
}

/// A list of a project.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) operation: Operation,
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) shape: Shape,
}

pub(crate) fn question(operation: Operation, account: Option<&AccountId>) -> Question {
    Question {
        provider: Provider::Gcp,
        account: account.cloned(),
        region: None,
        what: operation.permission(),
        hides: operation.hides(),
    }
}

impl<'a> Ask<'a> {
    /// A list, page by page. An API that is off in this very project has
    /// nothing; one that is off elsewhere (where the quota is counted) tells
    /// nothing of this project.
    pub(crate) async fn pieces<T, F, Fut>(
        &self,
        operation: Operation,
        project: &Project,
        mut page: F,
    ) -> Found<T>
    where
        F: FnMut(Option<String>) -> Fut,
        Fut: Future<Output = Result<Page<Piece<T>>, Refusal>>,
    {
        let asked = question(operation, Some(&project.id));
        let ask = |token: Option<String>| {
            let answer = page(token);
            async move {
                match answer.await {
                    Ok(page) => Ok(page),
                    Err(refusal) if project.is(refusal.off_in.as_deref()) => Ok(Page {
                        items: vec![Piece::Off],
                        next: None,
                    }),
                    Err(refusal) => Err(refusal.failure),
                }
            }
        };
        let listing = call::list(self.session, &asked, ask).await;
        let mut found = Found {
            items: vec![],
            gaps: listing.gap.into_iter().collect(),
            off: false,
        };
        for piece in listing.items {
            match piece {
                Piece::Item(item) => found.items.push(item),
                Piece::Off => found.off = true,
                Piece::Unreachable(place) => {
                    let gap = unreachable(operation, &project.id, &place);
                    if !found.gaps.contains(&gap) {
                        self.session.tell(Event::Gap(&gap));
                        found.gaps.push(gap);
                    }
                }
            }
        }
        found
    }

    /// A list that is read by plain requests.
    pub(crate) async fn list(&self, project: &Project, list: &List) -> Found<Value> {
        let client = self.client;
        self.pieces(list.operation, project, |token| async move {
            let mut query: Vec<(&str, &str)> = list
                .query
                .iter()
                .map(|(name, it)| (*name, it.as_str()))
                .collect();
            if let Some(token) = &token {
                query.push((list.shape.token(), token));
            }
            let answer = client.get(list.operation.api(), &list.path, &query).await?;
            list.shape.page(answer).map_err(Refusal::from)
        })
        .await
    }

    /// One thing of a project, by its path.
    ///
    /// # Errors
    ///
    /// The gap that is left if there is no answer.
    pub(crate) async fn one(
        &self,
        operation: Operation,
        account: &AccountId,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, Box<Gap>> {
        let ask = || async {
            let answer = self.client.get(operation.api(), path, query).await;
            answer.map_err(|it| it.failure)
        };
        call::one(self.session, &question(operation, Some(account)), ask).await
    }
}

impl Shape {
    fn token(self) -> &'static str {
        match self {
            Self::Knative => "continue",
            _ => "pageToken",
        }
    }

    /// What a page tells.
    fn page(self, mut answer: Value) -> Result<Page<Piece<Value>>, cachewarden_provider::Failure> {
        use cachewarden_provider::{Failure, FailureKind};
        let damaged = || Failure::new(FailureKind::Damaged);
        let next = match self {
            Self::Knative => answer.pointer("/metadata/continue"),
            _ => answer.get("nextPageToken"),
        };
        let next = next.and_then(Value::as_str).map(str::to_owned);
        let mut items = self.places(&answer);
        match self {
            Self::Aggregated(name) => {
                let scopes = match answer.get_mut("items").map(Value::take) {
                    None => serde_json::Map::new(),
                    Some(Value::Object(scopes)) => scopes,
                    Some(_) => return Err(damaged()),
                };
                for (_, mut scope) in scopes {
                    let list = scope.get_mut(name).map(Value::take);
                    items.extend(listed(list).ok_or_else(damaged)?);
                }
            }
            Self::Items | Self::Knative => {
                items.extend(listed(answer.get_mut("items").map(Value::take)).ok_or_else(damaged)?);
            }
            Self::Named(name) => {
                items.extend(listed(answer.get_mut(name).map(Value::take)).ok_or_else(damaged)?);
            }
        }
        // Compute always says what a list is of: one that does not was cut.
        let compute = matches!(self, Self::Items | Self::Aggregated(_));
        if compute && answer.get("kind").and_then(Value::as_str).is_none() {
            return Err(damaged());
        }
        Ok(Page { items, next })
    }

    /// Places that the page says were not reached.
    fn places(self, answer: &Value) -> Vec<Piece<Value>> {
        let texts = |name: &str| {
            let list = answer.get(name).and_then(Value::as_array);
            let texts: Vec<String> = list
                .into_iter()
                .flatten()
                .map(|it| it.as_str().unwrap_or("-").to_owned())
                .collect();
            texts
        };
        let mut places = texts("unreachable");
        places.extend(texts("unreachables"));
        if is_partial(answer) && places.is_empty() {
            places.push("-".to_owned());
        }
        if let (Self::Aggregated(_), Some(scopes)) =
            (self, answer.get("items").and_then(Value::as_object))
        {
            let partial = scopes.iter().filter(|(_, it)| is_partial(it));
            places.extend(partial.map(|(scope, _)| scope.clone()));
        }
        places.into_iter().map(Piece::Unreachable).collect()
    }
}

/// Whether a warning says that the list is not whole. What is deprecated or
/// slow is of no matter here.
fn is_partial(value: &Value) -> bool {
    let code = value.pointer("/warning/code").and_then(Value::as_str);
    code.is_some_and(|it| {
        [
            "UNREACHABLE",
            "PARTIAL_SUCCESS",
            "LIST_OVERHEAD_QUOTA_EXCEED",
        ]
        .contains(&it)
    })
}

/// The items of a list that is left out where it is empty; none if it is no
/// list.
fn listed(list: Option<Value>) -> Option<Vec<Piece<Value>>> {
    match list {
        None | Some(Value::Null) => Some(vec![]),
        Some(Value::Array(items)) => Some(items.into_iter().map(Piece::Item).collect()),
        Some(_) => None,
    }
}

/// A place that the cloud could not reach.
fn unreachable(operation: Operation, account: &AccountId, place: &str) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account: Some(account.clone()),
        region: region(place),
        what: operation.permission().to_owned(),
        why: GapReason::Failed,
        message: "the cloud could not reach this place; what is there is missing from the list"
            .to_owned(),
        hides: operation.hides().to_vec(),
    }
}

/// The region of a place: of `projects/P/locations/R`, `regions/R`,
/// `zones/R-a`; none where all may be meant.
pub(crate) fn region(place: &str) -> Option<Region> {
    let last = place.rsplit('/').next().unwrap_or(place);
    let mut parts: Vec<&str> = last.split('-').collect();
    if last.is_empty() || last == "-" {
        return None;
    }
    if parts.len() > 2 && parts.last().is_some_and(|it| it.len() == 1) {
        parts.pop();
    }
    Some(Region::from(parts.join("-")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pieces(shape: Shape, answer: Value) -> Option<(usize, Vec<String>)> {
        let page = shape.page(answer).ok()?;
        let mut places = vec![];
        let mut items = 0;
        for piece in page.items {
            match piece {
                Piece::Item(_) => items += 1,
                Piece::Unreachable(place) => places.push(place),
                Piece::Off => {}
            }
        }
        Some((items, places))
    }

    #[test]
    fn what_a_page_leaves_out_is_seen() {
        let aggregated = json!({"kind": "compute#x", "unreachables": ["regions/us-east1"], "items": {
            "zones/europe-west1-b": {"instances": [{}, {}]},
            "zones/europe-west1-c": {"warning": {"code": "UNREACHABLE"}},
            "zones/europe-west1-d": {"warning": {"code": "NO_RESULTS_ON_PAGE"}},
        }});
        let (items, places) = pieces(Shape::Aggregated("instances"), aggregated).unwrap();
        assert_eq!(items, 2);
        assert_eq!(places, ["regions/us-east1", "zones/europe-west1-c"]);
        let named = json!({"unreachable": ["projects/p/locations/us-east1"]});
        let (items, places) = pieces(Shape::Named("connectors"), named).unwrap();
        assert_eq!((items, places.len()), (0, 1));
    }

    #[test]
    fn an_answer_without_its_shape_is_damaged() {
        assert!(pieces(Shape::Items, json!({})).is_none());
        assert!(pieces(Shape::Items, json!({"kind": "compute#networkList"})).is_some());
        assert!(pieces(Shape::Named("rrsets"), json!({"rrsets": {}})).is_none());
        assert!(pieces(Shape::Aggregated("x"), json!({"kind": "k", "items": []})).is_none());
    }

    #[test]
    fn regions_of_places() {
        for (place, name) in [
            ("projects/p/locations/us-east1", Some("us-east1")),
            ("zones/europe-west1-b", Some("europe-west1")),
            ("regions/europe-west1", Some("europe-west1")),
            ("global", Some("global")),
            ("projects/p/locations/-", None),
            ("", None),
        ] {
            assert_eq!(region(place), name.map(Region::from), "{place}");
        }
    }
}
