//! NAT gateways, and the public addresses that things leave by.

use std::collections::BTreeSet;
use std::net::IpAddr;

use cachewarden_model::{AccountId, Fact, Gap, GapReason, NatGateway, Provider};
use serde_json::Value;

use super::addresses::cidr;
use super::{View, gap, name, normalised, row};
use crate::operation::Operation;
use crate::wire::network as wire;
use crate::wire::{Properties, Reference};

/// A NAT gateway and its addresses.
///
/// # Errors
///
/// The gap, where it cannot be read.
pub(super) fn gateway(view: View<'_>, value: &Value) -> Result<NatGateway, Box<Gap>> {
    let (account, gateway) = row::<Properties<wire::NatGateway>>(Operation::NatGateways, value)?;
    let wire = &gateway.own.properties;
    let all = |one: &[Reference], other: &[Reference], operation: Operation, field: &str| {
        let references: Vec<Reference> = one.iter().chain(other).cloned().collect();
        let texts = references
            .iter()
            .map(|it| property(view, &it.id, field))
            .collect::<Option<BTreeSet<String>>>();
        texts.ok_or_else(|| Box::new(unread(&account, operation, &gateway.id)))
    };
    let addresses = all(
        &wire.public_ip_addresses,
        &wire.addresses_v6,
        Operation::PublicAddresses,
        "ipAddress",
    );
    let ranges = all(
        &wire.public_ip_prefixes,
        &wire.prefixes_v6,
        Operation::PublicPrefixes,
        "ipPrefix",
    );
    Ok(NatGateway {
        id: view.ids.id(&gateway.id),
        name: name(&gateway),
        provider: Provider::Azure,
        region: normalised(gateway.location.as_deref()),
        addresses: fact(
            addresses,
            |it| it.parse().ok(),
            || unread(&account, Operation::PublicAddresses, &gateway.id),
        ),
        ranges: fact(ranges, cidr, || {
            unread(&account, Operation::PublicPrefixes, &gateway.id)
        }),
        account,
    })
}

fn fact<T: Ord>(
    texts: Result<BTreeSet<String>, Box<Gap>>,
    parse: impl Fn(&str) -> Option<T>,
    otherwise: impl FnOnce() -> Gap,
) -> Fact<Vec<T>> {
    let texts = match texts {
        Ok(texts) => texts,
        Err(gap) => return Fact::Unknown(gap),
    };
    let parsed = texts.iter().map(|it| parse(it)).collect::<Option<Vec<T>>>();
    match parsed {
        Some(mut values) => {
            values.sort_unstable();
            Fact::Known(values)
        }
        None => Fact::unknown(otherwise()),
    }
}

/// The public addresses behind references, without those that have none at
/// the time. If one of them was not read, none are told: whoever takes the
/// rest for all of them would be wrong.
pub(super) fn public_addresses<'a>(
    view: View<'_>,
    references: impl IntoIterator<Item = &'a Reference>,
) -> Vec<IpAddr> {
    let read = references.into_iter().map(|it| {
        view.rows.row(&it.id)?;
        Some(property(view, &it.id, "ipAddress").and_then(|it| it.parse().ok()))
    });
    let read: Option<Vec<Option<IpAddr>>> = read.collect();
    read.unwrap_or_default().into_iter().flatten().collect()
}

fn property(view: View<'_>, id: &str, field: &str) -> Option<String> {
    let value = view.rows.row(id)?.get("properties")?.get(field)?.as_str()?;
    Some(value.to_owned())
}

fn unread(account: &AccountId, operation: Operation, id: &str) -> Gap {
    let message = format!("a public address of {id} was not read");
    gap(account, operation, GapReason::NotCollected, message)
}
