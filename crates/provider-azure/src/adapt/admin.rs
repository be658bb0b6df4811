//! Virtual Network Manager: administrator rules above security groups.

use cachewarden_model::{
    AccountId, Discipline, Fact, Filter, FilterKind, Gap, GapReason, Noun, Provider, ResourceId,
    Rule, Tracking,
};

use super::rule::admin_rule;
use super::{View, gap, name, normalised, read};
use crate::collect::Manager;
use crate::operation::Operation;
use crate::wire::network::NetworkManager;
use crate::wire::{Plain, Properties};

const WHAT: Operation = Operation::NetworkManagers;

/// The administrator rules that may stand above networks: those of managers
/// that have any, or may have.
pub(super) fn filters(view: View<'_>) -> Vec<Filter> {
    let managers = view.estate.managers.iter();
    managers
        .filter(|it| speaks(it))
        .map(|it| filter(view, it))
        .collect()
}

/// Ids of those that may rule a network of this subscription, sorted.
///
/// Whether their rules were deployed to the network no read call tells; the
/// engine treats them as what may decide.
///
/// # Errors
///
/// The gap, where the managers themselves are not known.
pub(super) fn above(view: View<'_>, account: &AccountId) -> Result<Vec<ResourceId>, Box<Gap>> {
    let unread = view.estate.gaps.iter().find(|gap| {
        gap.what == WHAT.action() && gap.account.as_ref().is_none_or(|it| it == account)
    });
    if let Some(gap) = unread {
        return Err(Box::new(gap.clone()));
    }
    let managers = view.estate.managers.iter();
    let above = managers.filter(|it| speaks(it) && may_hold(it, account));
    let mut ids: Vec<ResourceId> = above
        .filter_map(|it| it.value.get("id")?.as_str())
        .map(|it| view.ids.id(it))
        .collect();
    ids.sort();
    Ok(ids)
}

/// A manager without configurations says nothing.
fn speaks(manager: &Manager) -> bool {
    manager.configurations != Some(0)
}

/// Whether a subscription is in a manager's scope. Which subscriptions a
/// management group holds is not asked: all may be in it.
fn may_hold(manager: &Manager, account: &AccountId) -> bool {
    let read = serde_json::from_value::<Plain<NetworkManager>>(manager.value.clone());
    let Ok(manager) = read else {
        return true;
    };
    let Properties { properties } = manager.own;
    let Some(scopes) = properties.network_manager_scopes else {
        return true;
    };
    let own = format!("/subscriptions/{account}");
    let named = scopes.subscriptions.iter();
    !scopes.management_groups.is_empty()
        || named
            .map(|it| it.trim_end_matches('/'))
            .any(|it| it.eq_ignore_ascii_case(&own) || it.eq_ignore_ascii_case(account.as_str()))
}

fn filter(view: View<'_>, manager: &Manager) -> Filter {
    let account = &manager.account;
    let adapted = manager.rules.items.iter().map(admin_rule);
    let rules = match (&manager.rules.gap, adapted.collect::<Option<Vec<Rule>>>()) {
        (Some(gap), _) => Fact::unknown(gap.clone()),
        (None, Some(mut rules)) => {
            rules.sort_by_key(|it| (it.direction, it.priority));
            Fact::Known(rules)
        }
        (None, None) => {
            let message = "this version does not understand an administrator rule".to_owned();
            let why = GapReason::Unmodelled;
            Fact::unknown(gap(account, Operation::AdminRules, why, message))
        }
    };
    let read: Result<Plain<NetworkManager>, _> =
        read(account, WHAT, &manager.value, &[Noun::Filters]);
    let (id, called, region) = match &read {
        Ok(it) => (it.id.clone(), name(it), normalised(it.location.as_deref())),
        Err(_) => {
            let id = manager.value.get("id").and_then(|it| it.as_str());
            let id = id.unwrap_or_default().to_owned();
            (id.clone(), super::last(&id).to_owned(), normalised(None))
        }
    };
    Filter {
        id: view.ids.id(&id),
        name: called,
        provider: Provider::Azure,
        account: account.clone(),
        region,
        kind: FilterKind::AdminRules,
        network: None,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateful,
        builtin: false,
        rules,
    }
}
