//! Questions to Google Cloud: each with its gap.

use std::future::Future;

use cachewarden_model::{AccountId, Gap, GapReason, Provider, Region};
use cachewarden_provider::{Event, Page, Question, Session, call};
use serde_json::Value;

use super::Found;
use super::projects::Project;
pub(crate) use super::shape::{Piece, Shape};
use crate::client::{Client, Refusal};
use crate::operation::Operation;

/// What questions are asked with.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) session: &'a Session,
    pub(crate) client: &'a Client,
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
    use super::*;

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
