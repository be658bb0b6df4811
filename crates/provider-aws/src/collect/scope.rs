//! Where calls go, and how each of them is named and paged.

use std::future::Future;

use cachewarden_model::{Gap, Provider};
use cachewarden_provider::{Failure, FailureKind, Listing, Page, Question, Session, call};

use crate::client::{Clients, Identity};
use crate::operation::Operation;
use crate::place::Place;

/// One region of one account, with the clients that ask it.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) place: Place,
    pub(crate) clients: Clients,
}

impl Scope {
    pub(super) fn new(identity: &Identity, region: &str) -> Self {
        Self {
            place: Place::new(identity.account.as_str(), region),
            clients: Clients::new(&identity.config, region),
        }
    }

    /// Reads a list page by page.
    pub(super) async fn list<T, F, Fut>(
        &self,
        session: &Session,
        operation: Operation,
        ask: F,
    ) -> Listing<T>
    where
        F: FnMut(Option<String>) -> Fut,
        Fut: Future<Output = Result<Page<T>, Failure>>,
    {
        // Boxed: dozens of these are under way at once in one place.
        Box::pin(call::list(session, &self.question(operation), ask)).await
    }

    /// Asks for one thing.
    ///
    /// # Errors
    ///
    /// The gap that is left if there is no answer.
    pub(super) async fn one<T, F, Fut>(
        &self,
        session: &Session,
        operation: Operation,
        ask: F,
    ) -> Result<T, Box<Gap>>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, Failure>>,
    {
        Box::pin(call::one(session, &self.question(operation), ask)).await
    }

    fn question(&self, operation: Operation) -> Question {
        Question {
            provider: Provider::Aws,
            account: Some(self.place.account.clone()),
            region: Some(self.place.region.clone()),
            what: operation.action(),
            hides: operation.hides(),
        }
    }
}

/// A page of an answer. An answer without its list is damaged: AWS writes an
/// empty list where there is nothing.
///
/// # Errors
///
/// If the list is missing.
pub(super) fn page<T>(items: Option<Vec<T>>, next: Option<String>) -> Result<Page<T>, Failure> {
    let items = items.ok_or_else(|| Failure::new(FailureKind::Damaged))?;
    Ok(Page { items, next })
}

/// Reads a list: the operation, its request, the list in its answer, and the
/// name that its page token has in both.
macro_rules! listing {
    ($scope:expr, $session:expr, $operation:ident, $request:expr => $list:ident by next_token) => {
        $crate::collect::scope::listing!(
            @ $scope, $session, $operation, $request, $list, set_next_token, next_token
        )
    };
    ($scope:expr, $session:expr, $operation:ident, $request:expr => $list:ident by marker) => {
        $crate::collect::scope::listing!(
            @ $scope, $session, $operation, $request, $list, set_marker, marker
        )
    };
    (@ $scope:expr, $session:expr, $operation:ident, $request:expr, $list:ident, $set:ident, $token:ident) => {
        $scope.list($session, $crate::operation::Operation::$operation, |token| {
            let request = $request.$set(token);
            async move {
                let answer = request.send().await.map_err(|error| $crate::client::failure(&error))?;
                $crate::collect::scope::page(answer.$list, answer.$token)
            }
        })
    };
}
pub(super) use listing;
