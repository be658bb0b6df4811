//! How APIs write the pages of a list.

use cachewarden_provider::{Failure, FailureKind, Page};
use serde_json::Value;

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

impl Shape {
    pub(super) fn token(self) -> &'static str {
        match self {
            Self::Knative => "continue",
            _ => "pageToken",
        }
    }

    /// What a page tells.
    pub(super) fn page(self, mut answer: Value) -> Result<Page<Piece<Value>>, Failure> {
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
}
