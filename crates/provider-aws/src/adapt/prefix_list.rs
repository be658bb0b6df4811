//! Managed prefix lists.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{ManagedPrefixList, PrefixListEntry};
use cachewarden_model::{AccountId, Fact, Gap, PrefixList, Provider};
use cachewarden_netset::Family;
use cachewarden_provider::Listing;

use super::words::cidrs;
use crate::operation::Operation;
use crate::place::Place;

/// A prefix list that a rule or a route names; none if nothing names it.
///
/// # Errors
///
/// If its family is missing or not known.
pub(super) fn list(
    place: &Place,
    entries: &BTreeMap<String, Listing<PrefixListEntry>>,
    list: &ManagedPrefixList,
) -> Option<Result<PrefixList, Box<Gap>>> {
    let id = list.prefix_list_id()?;
    let entries = entries.get(id)?;
    let family = match list.address_family() {
        Some("IPv4") => Family::V4,
        Some("IPv6") => Family::V6,
        _ => {
            let operation = Operation::DescribeManagedPrefixLists;
            return Some(Err(place.broken(
                operation,
                &format!("`{id}`"),
                "AddressFamily",
            )));
        }
    };
    Some(Ok(PrefixList {
        id: id.into(),
        name: list.prefix_list_name().unwrap_or(id).to_owned(),
        provider: Provider::Aws,
        account: list
            .owner_id()
            .map_or_else(|| place.account.clone(), AccountId::from),
        region: place.region.clone(),
        family,
        version: list.version(),
        entries: ranges(place, entries),
    }))
}

fn ranges(
    place: &Place,
    entries: &Listing<PrefixListEntry>,
) -> Fact<Vec<cachewarden_netset::Cidr>> {
    if let Some(gap) = &entries.gap {
        return Fact::unknown(gap.clone());
    }
    match cidrs(entries.items.iter().map(|it| it.cidr().unwrap_or_default())) {
        Some(ranges) => Fact::Known(ranges),
        None => place.unstated(Operation::GetManagedPrefixListEntries, "Cidr"),
    }
}
