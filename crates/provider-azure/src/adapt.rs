//! Azure's answers become nouns of the model. Pure: one thing in, one thing
//! out, or a gap that says what is missing for it.

mod access;
mod addresses;
mod admin;
mod app;
mod connection;
mod dns;
mod endpoint;
mod enterprise;
mod filter;
mod ids;
mod interface;
mod monitor;
mod nat;
mod network;
mod redis;
mod route;
mod rule;

use cachewarden_model::{
    AccountId, Fact, Gap, GapReason, Metric, Noun, Provider, Region, Snapshot, Statistic,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::ids::{Ids, Rows};
use crate::collect::{DAYS, Estate};
use crate::operation::Operation;
use crate::wire::Resource;

/// What is looked at while one thing is adapted.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    estate: &'a Estate,
    ids: &'a Ids,
    rows: &'a Rows<'a>,
}

/// Adds all that was read to a snapshot.
pub(crate) fn fill(snapshot: &mut Snapshot, estate: &Estate) {
    let ids = Ids::of(estate);
    let rows = Rows::of(estate);
    let view = View {
        estate,
        ids: &ids,
        rows: &rows,
    };
    let mut gaps = estate.gaps.clone();
    gaps.extend(estate.further_gaps());
    let keep = &mut gaps;
    for it in &estate.redis {
        snapshot.caches.extend(kept(keep, redis::cache(view, it)));
        snapshot.filters.extend(redis::firewall(view, it));
        snapshot.users.extend(all_kept(keep, access::of_redis(it)));
        keep.extend(redis::gaps(it));
    }
    for it in &estate.clusters {
        snapshot
            .caches
            .extend(kept(keep, enterprise::cache(view, it)));
        snapshot
            .users
            .extend(all_kept(keep, access::of_cluster(it)));
        keep.extend(enterprise::gaps(it));
    }
    for (account, value) in &estate.networks {
        let Some(parts) = kept(keep, network::network(view, account, value)) else {
            continue;
        };
        snapshot.networks.push(parts.network);
        snapshot.subnets.extend(all_kept(keep, parts.subnets));
        snapshot.peerings.extend(all_kept(keep, parts.peerings));
        keep.extend(parts.gaps);
    }
    let listed = |operation| estate.graph.rows(operation).iter();
    let nets = listed(Operation::SecurityGroups).map(|it| filter::security_group(view, it));
    snapshot.filters.extend(all_kept(keep, nets));
    snapshot.filters.extend(admin::filters(view));
    let tables = listed(Operation::RouteTables).map(|it| route::table(view, it));
    snapshot.route_tables.extend(all_kept(keep, tables));
    let interfaces = listed(Operation::Interfaces).map(|it| interface::interface(view, it));
    snapshot
        .interfaces
        .extend(all_kept(keep, interfaces).into_iter().flatten());
    snapshot
        .interfaces
        .extend(all_kept(keep, app::interfaces(view)));
    let gateways = listed(Operation::NatGateways).map(|it| nat::gateway(view, it));
    snapshot.nat_gateways.extend(all_kept(keep, gateways));
    let endpoints = listed(Operation::PrivateEndpoints)
        .filter(|it| crate::collect::leads_to_cache(it))
        .map(|it| endpoint::endpoint(view, it));
    snapshot.private_endpoints.extend(all_kept(keep, endpoints));
    let zones = listed(Operation::PrivateZones).filter_map(|it| dns::zone(view, it));
    snapshot.dns_zones.extend(all_kept(keep, zones));
    snapshot.gaps.extend(gaps);
}

/// Keeps what could be adapted, or the gap of what could not.
fn kept<T>(gaps: &mut Vec<Gap>, adapted: Result<T, Box<Gap>>) -> Option<T> {
    adapted.map_err(|gap| gaps.push(*gap)).ok()
}

fn all_kept<T>(
    gaps: &mut Vec<Gap>,
    adapted: impl IntoIterator<Item = Result<T, Box<Gap>>>,
) -> Vec<T> {
    adapted
        .into_iter()
        .filter_map(|it| kept(gaps, it))
        .collect()
}

/// A gap of one subscription.
fn gap(account: &AccountId, operation: Operation, why: GapReason, message: String) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(account.clone()),
        region: None,
        what: operation.action().to_owned(),
        why,
        message,
        hides: vec![],
    }
}

/// Reads one item of a list; what cannot be read is a gap that hides it.
fn read<T: DeserializeOwned>(
    account: &AccountId,
    operation: Operation,
    value: &Value,
    hides: &[Noun],
) -> Result<T, Box<Gap>> {
    T::deserialize(value).map_err(|_| {
        let id = value.get("id").and_then(Value::as_str).unwrap_or("?");
        let message = format!("the answer for {id} is not in a form that this version reads");
        let mut gap = gap(account, operation, GapReason::Damaged, message);
        gap.hides = hides.to_vec();
        Box::new(gap)
    })
}

/// Reads a row of Resource Graph, and whose it is.
fn row<T: DeserializeOwned>(
    operation: Operation,
    value: &Value,
) -> Result<(AccountId, Resource<T>), Box<Gap>> {
    let account = value.get("subscriptionId").and_then(Value::as_str);
    let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
    let account = AccountId::from(account.unwrap_or_else(|| subscription(id)));
    let resource = read(&account, operation, value, operation.hides())?;
    Ok((account, resource))
}

/// The subscription that an id names.
fn subscription(id: &str) -> &str {
    id.split('/').nth(2).unwrap_or_default()
}

/// The last part of an id.
fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// What people call a thing: its name, else the last part of its id.
fn name<T>(resource: &Resource<T>) -> String {
    if resource.name.is_empty() {
        last(&resource.id).to_owned()
    } else {
        resource.name.clone()
    }
}

/// Tags; one without a value has an empty one.
fn tags<T>(resource: &Resource<T>) -> std::collections::BTreeMap<String, String> {
    let tags = resource.tags.iter();
    tags.map(|(name, value)| (name.clone(), value.clone().unwrap_or_default()))
        .collect()
}

/// The place of a resource in one spelling: `West Europe` is `westeurope`.
///
/// Source: Azure REST API guidelines, `location` ignores blanks and case.
fn normalised(location: Option<&str>) -> Region {
    let text: String = location
        .unwrap_or("global")
        .chars()
        .filter(|it| !it.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    Region::from(text)
}

/// The place of a resource that was not read further.
pub(crate) fn region(value: &Value) -> Region {
    normalised(value.get("location").and_then(Value::as_str))
}

/// `identity.type`: by what a cache shows itself to other services.
fn identity(value: &Value) -> Option<String> {
    let kind = value.pointer("/identity/type")?.as_str()?;
    Some(kind.to_owned())
}

/// How many clients were connected at most; unknown where Azure had no value.
fn metrics(view: View<'_>, id: &str) -> Vec<Metric> {
    let account = AccountId::from(subscription(id));
    let none = || {
        let message = "there is no value for these days".to_owned();
        gap(&account, Operation::Metrics, GapReason::NotOffered, message)
    };
    let value = match view.estate.measured.of(id) {
        Ok(Some(value)) => Fact::Known(value),
        Ok(None) => Fact::unknown(none()),
        Err(gap) => Fact::Unknown(gap),
    };
    vec![Metric {
        name: "connectedclients".to_owned(),
        statistic: Statistic::Maximum,
        days: DAYS,
        value,
        node: None,
    }]
}
