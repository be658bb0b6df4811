//! Questions to Azure: each with its gap.

use cachewarden_model::{AccountId, Gap, Provider};
use cachewarden_provider::call;
use cachewarden_provider::{Failure, Listing, Page, Question, Session};
use futures_util::future::join_all;
use serde_json::Value;

use super::Gathered;
use crate::client::{Client, codes, is_absent};
use crate::operation::Operation;

/// What questions are asked with.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) session: &'a Session,
    pub(crate) client: &'a Client,
}

/// A question whose answer may be that there is nothing of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// Then something is wrong.
    IsAnError,
    /// Then there is none.
    IsEmpty,
}

pub(crate) fn question(operation: Operation, account: Option<&AccountId>) -> Question {
    Question {
        provider: Provider::Azure,
        account: account.cloned(),
        region: None,
        what: operation.action(),
        hides: operation.hides(),
    }
}

impl Ask<'_> {
    /// A list of a subscription, by its path. A service that the
    /// subscription never used has none of its resources.
    pub(crate) async fn list(
        &self,
        operation: Operation,
        account: &AccountId,
        path: &str,
        absent: Absent,
    ) -> Listing<Value> {
        let ask = |link: Option<String>| async move {
            let version = operation.version();
            let answer = self.client.page(path, version, link.as_deref()).await;
            match answer {
                Err(failure) if is_none(&failure, absent) => Ok(Page {
                    items: vec![],
                    next: None,
                }),
                answer => answer,
            }
        };
        call::list(self.session, &question(operation, Some(account)), ask).await
    }

    /// The list of one type in every subscription.
    pub(crate) async fn everywhere(
        &self,
        operation: Operation,
        kind: &str,
        accounts: &[AccountId],
    ) -> Gathered<(AccountId, Value)> {
        let asked = accounts.iter().map(|account| async move {
            let path = format!("/subscriptions/{account}/providers/{kind}");
            let listing = self
                .list(operation, account, &path, Absent::IsAnError)
                .await;
            (account, listing)
        });
        let mut items = vec![];
        let mut gaps = vec![];
        for (account, listing) in join_all(asked).await {
            items.extend(listing.items.into_iter().map(|it| (account.clone(), it)));
            gaps.extend(listing.gap);
        }
        Gathered { items, gaps }
    }

    /// One thing of a subscription, by its path.
    ///
    /// # Errors
    ///
    /// The gap that is left if there is no answer.
    pub(crate) async fn one(
        &self,
        operation: Operation,
        account: &AccountId,
        path: &str,
    ) -> Result<Value, Box<Gap>> {
        let ask = || self.client.get(path, operation.version());
        call::one(self.session, &question(operation, Some(account)), ask).await
    }
}

fn is_none(failure: &Failure, absent: Absent) -> bool {
    let unused = failure
        .code()
        .is_some_and(|it| codes::NOT_REGISTERED.contains(&it));
    unused || (absent == Absent::IsEmpty && is_absent(failure))
}
