//! What a cache's diagnostic settings deliver.

use std::collections::BTreeSet;

use cachewarden_model::{AccountId, Fact, GapReason};
use cachewarden_provider::Listing;
use serde_json::Value;

use super::gap;
use crate::operation::Operation;
use crate::wire::Child;
use crate::wire::monitor::DiagnosticSetting;

/// Categories and groups of logs that some setting of a resource delivers.
///
/// Source: Azure Monitor, "Diagnostic settings": a resource has up to five,
/// each with categories of its own.
pub(super) fn logs(account: &AccountId, settings: &Listing<Value>) -> Fact<BTreeSet<String>> {
    if let Some(gap) = &settings.gap {
        return Fact::unknown(gap.clone());
    }
    let one = |value: &Value| -> Option<Vec<String>> {
        let setting: Child<DiagnosticSetting> = serde_json::from_value(value.clone()).ok()?;
        let delivered = setting.properties.logs.into_iter().filter(|it| it.enabled);
        delivered
            .map(|it| it.category.or(it.category_group))
            .collect()
    };
    match settings.items.iter().map(one).collect::<Option<Vec<_>>>() {
        Some(all) => Fact::Known(all.into_iter().flatten().collect()),
        None => {
            let message = "a diagnostic setting is not in a known form".to_owned();
            let why = GapReason::Damaged;
            Fact::unknown(gap(account, Operation::DiagnosticSettings, why, message))
        }
    }
}

/// The same of several resources: what each of them delivers. None of none.
pub(super) fn common(all: Vec<Fact<BTreeSet<String>>>) -> Option<Fact<BTreeSet<String>>> {
    let mut all = all.into_iter();
    let first = all.next()?;
    Some(all.fold(first, |one, other| match (one, other) {
        (Fact::Unknown(gap), _) | (_, Fact::Unknown(gap)) => Fact::Unknown(gap),
        (Fact::Known(one) | Fact::Default(one), Fact::Known(other) | Fact::Default(other)) => {
            Fact::Known(one.intersection(&other).cloned().collect())
        }
    }))
}

/// As the model holds them: sorted.
pub(super) fn listed(logs: Fact<BTreeSet<String>>) -> Fact<Vec<String>> {
    logs.map(|it| it.into_iter().collect())
}
