//! Subnets.

use std::collections::BTreeMap;

use cachewarden_model::{
    AccountId, Fact, Gap, GcpSubnet, Provider, Region, Subnet, TableAssociation,
};
use cachewarden_netset::Cidr;
use serde_json::Value;

use super::addresses::range;
use super::{last, odd, read, table_of};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::compute;

pub(super) fn subnets(estate: &Estate) -> Vec<Result<Subnet, Box<Gap>>> {
    let rows = estate.rows(Operation::Subnets);
    rows.map(|(account, value)| subnet(estate, account, value))
        .collect()
}

fn subnet(estate: &Estate, account: &AccountId, value: &Value) -> Result<Subnet, Box<Gap>> {
    let operation = Operation::Subnets;
    let it: compute::Subnet = read(account, operation, value)?;
    let wrong = || {
        let message = format!("a range of the subnet {} cannot be read", it.name);
        let mut gap = odd(account, operation, &message);
        gap.hides = operation.hides().to_vec();
        Box::new(gap)
    };
    let mut secondary: BTreeMap<String, Cidr> = BTreeMap::new();
    for one in &it.secondary_ip_ranges {
        let cidr = range(&one.ip_cidr_range).ok_or_else(wrong)?;
        secondary.insert(one.range_name.clone(), cidr);
    }
    let primary = [
        &it.ip_cidr_range,
        &it.internal_ipv6_prefix,
        &it.external_ipv6_prefix,
    ];
    let mut cidrs: Vec<Cidr> = primary
        .into_iter()
        .flatten()
        .map(|text| range(text).ok_or_else(wrong))
        .collect::<Result<_, _>>()?;
    cidrs.extend(secondary.values().copied());
    cidrs.sort();
    cidrs.dedup();
    let network = estate.ids.resource(&it.network, account);
    Ok(Subnet {
        id: estate.ids.resource(&it.self_link, account),
        name: it.name.clone(),
        provider: Provider::Gcp,
        account: account.clone(),
        region: Region::from(last(&it.region)),
        zone: None,
        cidrs,
        filter: Fact::Default(None),
        route_table: Fact::Known(Some(TableAssociation {
            table: table_of(&network),
            explicit: false,
        })),
        network,
        azure: None,
        gcp: Some(Box::new(GcpSubnet {
            purpose: it.purpose.clone(),
            secondary,
            routes_may_overlap: it.allow_subnet_cidr_routes_overlap,
        })),
        tags: BTreeMap::new(),
    })
}
