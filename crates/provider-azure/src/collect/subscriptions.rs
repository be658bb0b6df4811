//! Which subscriptions there are, and what may be read of them.

use std::collections::BTreeSet;

use cachewarden_model::{AccountId, Gap, GapReason, Provider};
use cachewarden_provider::Event;
use cachewarden_provider::call;

use super::Options;
use super::ask::{Absent, Ask, question};
use crate::error::AzureError;
use crate::operation::{OF_NETWORKS, Operation};
use crate::wire;

/// A subscription that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) id: AccountId,
}

/// The subscriptions to read, sorted by id, and what is left out of them.
///
/// # Errors
///
/// If none can be read.
pub(super) async fn list(
    ask: &Ask<'_>,
    options: &Options,
) -> Result<(Vec<Subscription>, Vec<Gap>), AzureError> {
    let asked = question(Operation::Subscriptions, None);
    let version = Operation::Subscriptions.version();
    let page = |link: Option<String>| async move {
        ask.client
            .page("/subscriptions", version, link.as_deref())
            .await
    };
    let listing = call::list(ask.session, &asked, page).await;
    let mut gaps: Vec<Gap> = listing.gap.into_iter().collect();
    let mut seen: Vec<wire::Subscription> = vec![];
    for item in listing.items {
        match serde_json::from_value(item) {
            Ok(subscription) => seen.push(subscription),
            Err(_) => gaps.push(left_out(
                None,
                GapReason::Damaged,
                "a subscription could not be read",
            )),
        }
    }
    // What is deleted answers nothing any more; all other states are read.
    seen.retain(|it| {
        !it.state
            .as_deref()
            .is_some_and(|it| it.eq_ignore_ascii_case("Deleted"))
    });
    let chosen = choose(&seen, options, &mut gaps);
    for gap in gaps
        .iter()
        .filter(|it| it.why == GapReason::AccessDenied && it.account.is_some())
    {
        ask.session.tell(Event::Gap(gap));
    }
    if chosen.is_empty() {
        return Err(if options.subscriptions.is_empty() || seen.is_empty() {
            AzureError::NobodyCouldBeAsked {
                gaps: or_none(gaps),
            }
        } else {
            AzureError::NoSubscription {
                names: options.subscriptions.clone(),
            }
        });
    }
    Ok((chosen, gaps))
}

/// Those that were named, or all; what was named and is not seen, or seen and
/// not named, is a gap.
fn choose(
    seen: &[wire::Subscription],
    options: &Options,
    gaps: &mut Vec<Gap>,
) -> Vec<Subscription> {
    let is = |subscription: &wire::Subscription, name: &str| {
        let named = subscription.display_name.as_deref();
        subscription.subscription_id.eq_ignore_ascii_case(name)
            || named.is_some_and(|it| it.eq_ignore_ascii_case(name))
    };
    let names = &options.subscriptions;
    let mut chosen = BTreeSet::new();
    for subscription in seen {
        let id = AccountId::from(subscription.subscription_id.as_str());
        if names.is_empty() || names.iter().any(|name| is(subscription, name)) {
            chosen.insert(id);
        } else {
            gaps.push(left_out(
                Some(id),
                GapReason::NotCollected,
                "the credentials see it; it was not chosen with --azure-subscription",
            ));
        }
    }
    for name in names {
        if !seen.iter().any(|it| is(it, name)) {
            let mut gap = left_out(
                Some(AccountId::from(name.as_str())),
                GapReason::AccessDenied,
                "the credentials see no such subscription",
            );
            gap.hides = Operation::Subscriptions.hides().to_vec();
            gaps.push(gap);
        }
    }
    chosen.into_iter().map(|id| Subscription { id }).collect()
}

fn left_out(account: Option<AccountId>, why: GapReason, message: &str) -> Gap {
    Gap {
        provider: Provider::Azure,
        account,
        region: None,
        what: Operation::Subscriptions.action().to_owned(),
        why,
        message: message.to_owned(),
        hides: OF_NETWORKS.to_vec(),
    }
}

fn or_none(gaps: Vec<Gap>) -> Vec<Gap> {
    if gaps.is_empty() {
        vec![left_out(
            None,
            GapReason::AccessDenied,
            "the credentials see no subscription",
        )]
    } else {
        gaps
    }
}

/// What the credentials may read of a whole subscription.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Access {
    Told(Vec<wire::Permission>),
    Unknown(Gap),
}

impl Access {
    pub(super) async fn read(ask: &Ask<'_>, account: &AccountId) -> Self {
        let path =
            format!("/subscriptions/{account}/providers/Microsoft.Authorization/permissions");
        let listing = ask
            .list(Operation::Permissions, account, &path, Absent::IsAnError)
            .await;
        if let Some(gap) = listing.gap {
            return Self::Unknown(gap);
        }
        let told: Result<Vec<wire::Permission>, _> = listing
            .items
            .into_iter()
            .map(serde_json::from_value::<wire::Permission>)
            .collect();
        told.map_or_else(|_| Self::Unknown(unclear(account)), Self::Told)
    }

    /// Whether an operation is allowed; none if that is not known.
    pub(crate) fn allows(&self, operation: Operation) -> Option<bool> {
        match self {
            Self::Told(permissions) => {
                Some(permissions.iter().any(|it| it.allows(operation.action())))
            }
            Self::Unknown(_) => None,
        }
    }

    /// Gaps for the lists that were answered without what the credentials
    /// may not read. Resource Manager filters the lists of a subscription by
    /// what single resources allow, and Resource Graph all of its rows.
    ///
    /// Source: Azure Resource Graph, "Permissions in Azure Resource Graph".
    pub(crate) fn gaps(&self, account: &AccountId, told: &[Gap]) -> Vec<Gap> {
        let lists = Operation::ALL.iter().copied().filter(|it| is_list(*it));
        match self {
            Self::Told(_) => lists
                .filter(|it| self.allows(*it) == Some(false))
                .filter(|it| !is_told(told, account, *it))
                .map(|it| filtered(account, it))
                .collect(),
            Self::Unknown(gap) => {
                let mut hides: Vec<_> = lists.flat_map(|it| it.hides()).copied().collect();
                hides.sort();
                hides.dedup();
                let message = format!(
                    "{}; lists may lack what the credentials may not read",
                    gap.message
                );
                vec![Gap {
                    hides,
                    message,
                    ..gap.clone()
                }]
            }
        }
    }
}

/// Whether an operation lists a whole subscription.
fn is_list(operation: Operation) -> bool {
    operation.through_graph()
        || matches!(
            operation,
            Operation::Redis | Operation::Enterprise | Operation::VirtualNetworks
        )
}

fn is_told(told: &[Gap], account: &AccountId, operation: Operation) -> bool {
    told.iter().any(|gap| {
        gap.what == operation.action() && gap.account.as_ref().is_none_or(|it| it == account)
    })
}

fn filtered(account: &AccountId, operation: Operation) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(account.clone()),
        region: None,
        what: operation.action().to_owned(),
        why: GapReason::AccessDenied,
        message: "the credentials may not read it in the whole subscription; lists lack what they may not read".to_owned(),
        hides: operation.hides().to_vec(),
    }
}

fn unclear(account: &AccountId) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(account.clone()),
        region: None,
        what: Operation::Permissions.action().to_owned(),
        why: GapReason::Damaged,
        message: "what the credentials may read is not told in a known form".to_owned(),
        hides: vec![],
    }
}
