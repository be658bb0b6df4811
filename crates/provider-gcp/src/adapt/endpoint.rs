//! Private Service Connect endpoints that lead to caches: forwarding rules.
//!
//! Source: Compute Engine API v1, "ForwardingRule".

use std::collections::BTreeSet;

use cachewarden_model::{
    AccountId, Fact, Gap, GapReason, PrivateEndpoint, PrivateEndpointState, Provider, Region,
};
use serde_json::Value;

use super::{connection, gap, last, read};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::compute::ForwardingRule;

/// How the attachments of Memorystore are called, and no others.
///
/// Source: Memorystore for Valkey, "Connect to an instance".
const PRODUCERS: [&str; 2] = ["gcp-memorystore", "memorystore"];

pub(super) fn endpoints(estate: &Estate) -> Vec<Result<PrivateEndpoint, Box<Gap>>> {
    let known = Known::of(estate);
    let rows = estate.rows(Operation::ForwardingRules);
    rows.filter_map(|(account, value)| endpoint(estate, &known, account, value))
        .collect()
}

/// What the caches say leads to them.
struct Known {
    attachments: BTreeSet<String>,
    rules: BTreeSet<String>,
}

impl Known {
    fn of(estate: &Estate) -> Self {
        let mut known = Self {
            attachments: BTreeSet::new(),
            rules: BTreeSet::new(),
        };
        let ids = &estate.ids;
        for (account, it) in &estate.clusters {
            let names = it
                .psc_service_attachments
                .iter()
                .map(|it| &it.service_attachment);
            known
                .attachments
                .extend(connection::attachments(ids, account, names));
            known.add(&connection::of_cluster(ids, account, it).unwrap_or_default());
        }
        for (account, it) in &estate.valkey {
            let names = it
                .psc_attachment_details
                .iter()
                .map(|it| &it.service_attachment);
            known
                .attachments
                .extend(connection::attachments(ids, account, names));
            known.add(&connection::of_valkey(ids, account, it).unwrap_or_default());
        }
        known
    }

    fn add(&mut self, connections: &[cachewarden_model::PscConnection]) {
        self.attachments
            .extend(connection::targets(connections).cloned());
        let rules = connection::rules(connections).map(ToString::to_string);
        self.rules.extend(rules);
    }
}

/// Rules that lead elsewhere are left out.
fn endpoint(
    estate: &Estate,
    known: &Known,
    account: &AccountId,
    value: &Value,
) -> Option<Result<PrivateEndpoint, Box<Gap>>> {
    let target = value
        .get("target")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let target = estate.ids.relative(target, account);
    let link = value
        .get("selfLink")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let of_memorystore = target.contains("/serviceAttachments/")
        && PRODUCERS.iter().any(|it| last(&target).starts_with(it));
    let leads = of_memorystore
        || known.attachments.contains(&target)
        || known.rules.contains(&estate.ids.relative(link, account));
    leads.then(|| adapt(estate, account, value, target))
}

fn adapt(
    estate: &Estate,
    account: &AccountId,
    value: &Value,
    target: String,
) -> Result<PrivateEndpoint, Box<Gap>> {
    let operation = Operation::ForwardingRules;
    let it: ForwardingRule = read(account, operation, value)?;
    let missing = |what: &str| {
        let message = format!("{} has no {what} that this version knows", it.name);
        let mut gap = gap(account, operation, GapReason::Unmodelled, &message);
        gap.hides = operation.hides().to_vec();
        Box::new(gap)
    };
    // What is not told is neither accepted nor refused.
    let state = it
        .psc_connection_status
        .as_deref()
        .and_then(state)
        .ok_or_else(|| missing("status"))?;
    let network = it.network.as_deref().ok_or_else(|| missing("network"))?;
    let address = match it.address.as_deref() {
        None | Some("") => vec![],
        Some(text) => vec![text.parse().map_err(|_| missing("address"))?],
    };
    let region = it.region.as_deref().map_or("global", last);
    Ok(PrivateEndpoint {
        id: estate.ids.resource(&it.self_link, account),
        name: it.name.clone(),
        provider: Provider::Gcp,
        account: account.clone(),
        region: Region::from(region),
        network: estate.ids.resource(network, account),
        subnets: it
            .subnetwork
            .iter()
            .map(|text| estate.ids.resource(text, account))
            .collect(),
        interfaces: vec![],
        addresses: Fact::Known(address),
        target,
        state,
        global_access: Some(it.allow_psc_global_access),
        filters: Fact::Default(vec![]),
        groups: vec![],
        parts: vec![],
        names: vec![],
        zones: Fact::Default(vec![]),
    })
}

/// Source: Compute Engine API v1, `pscConnectionStatus`.
fn state(word: &str) -> Option<PrivateEndpointState> {
    match word {
        "ACCEPTED" => Some(PrivateEndpointState::Approved),
        "PENDING" => Some(PrivateEndpointState::Pending),
        "REJECTED" | "CLOSED" | "NEEDS_ATTENTION" => {
            Some(PrivateEndpointState::Down(word.to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_new_is_neither_up_nor_down() {
        assert_eq!(state("ACCEPTED"), Some(PrivateEndpointState::Approved));
        assert_eq!(
            state("CLOSED"),
            Some(PrivateEndpointState::Down("CLOSED".to_owned()))
        );
        assert_eq!(state("STATUS_UNSPECIFIED"), None);
        assert_eq!(state(""), None);
    }
}
