//! Subnets, and which ACL and route table each of them has.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Subnet as Ec2Subnet;
use cachewarden_model::{Fact, Gap, Provider, ResourceId, Subnet, TableAssociation, ZoneName};

use super::is_in_force;
use crate::adapt::cache::missing;
use crate::adapt::words::{cidrs, name, tags};
use crate::collect::Network;
use crate::operation::Operation;
use crate::place::Place;

/// Which network ACL and which route table each subnet has.
#[derive(Debug, Default)]
pub(in crate::adapt) struct Associations<'a> {
    acls: BTreeMap<&'a str, &'a str>,
    acl_gap: Option<&'a Gap>,
    tables: BTreeMap<&'a str, &'a str>,
    /// By network.
    main_tables: BTreeMap<&'a str, &'a str>,
    table_gap: Option<&'a Gap>,
}

impl<'a> Associations<'a> {
    pub(in crate::adapt) fn find(data: &'a Network) -> Self {
        let mut found = Self {
            acl_gap: data.filters.acls.gap.as_ref(),
            table_gap: data.route_tables.gap.as_ref(),
            ..Self::default()
        };
        for acl in &data.filters.acls.items {
            let subnets = acl.associations().iter().filter_map(|it| it.subnet_id());
            let id = acl.network_acl_id();
            found
                .acls
                .extend(subnets.filter_map(|subnet| Some((subnet, id?))));
        }
        for table in &data.route_tables.items {
            let Some(id) = table.route_table_id() else {
                continue;
            };
            let in_force = table.associations().iter().filter(|it| {
                let state = it
                    .association_state()
                    .and_then(|it| it.state())
                    .map(|it| it.as_str());
                is_in_force(state)
            });
            for association in in_force {
                if let Some(subnet) = association.subnet_id() {
                    found.tables.insert(subnet, id);
                } else if let (Some(true), Some(vpc)) = (association.main(), table.vpc_id()) {
                    found.main_tables.insert(vpc, id);
                }
            }
        }
        found
    }

    /// Every subnet has exactly one.
    fn acl(&self, place: &Place, subnet: &str) -> Fact<Option<ResourceId>> {
        match self.acls.get(subnet) {
            Some(acl) => Fact::Known(Some((*acl).into())),
            None => {
                let what = format!("the network acl of `{subnet}`");
                missing(place, Operation::DescribeNetworkAcls, self.acl_gap, &what)
            }
        }
    }

    /// The one that the subnet is associated with, else the network's main
    /// one; which of both is known only if all tables were seen.
    ///
    /// Source: Amazon VPC User Guide, "Subnet route tables".
    fn table(&self, place: &Place, subnet: &str, vpc: &str) -> Fact<Option<TableAssociation>> {
        let association = |table: &&str, explicit| {
            Fact::Known(Some(TableAssociation {
                table: (*table).into(),
                explicit,
            }))
        };
        if let Some(table) = self.tables.get(subnet) {
            return association(table, true);
        }
        match (self.table_gap, self.main_tables.get(vpc)) {
            (None, Some(table)) => association(table, false),
            (gap, _) => {
                let what = format!("the route table of `{subnet}`");
                missing(place, Operation::DescribeRouteTables, gap, &what)
            }
        }
    }
}

/// A subnet.
///
/// # Errors
///
/// If it has no id or network, or a range cannot be read.
pub(in crate::adapt) fn subnet(
    place: &Place,
    associations: &Associations<'_>,
    subnet: &Ec2Subnet,
) -> Result<Subnet, Box<Gap>> {
    let operation = Operation::DescribeSubnets;
    let id = subnet
        .subnet_id()
        .ok_or_else(|| place.broken(operation, "a subnet", "SubnetId"))?;
    let broken = |field| place.broken(operation, &format!("`{id}`"), field);
    let vpc = subnet.vpc_id().ok_or_else(|| broken("VpcId"))?;
    let v6 = subnet.ipv6_cidr_block_association_set().iter();
    let v6 = v6.filter(|it| {
        is_in_force(
            it.ipv6_cidr_block_state()
                .and_then(|it| it.state())
                .map(|it| it.as_str()),
        )
    });
    // Subnets of IPv6 alone have no such block, or an empty one.
    let v4 = subnet.cidr_block().filter(|text| !text.is_empty());
    let ranges = cidrs(
        v4.into_iter()
            .chain(v6.filter_map(|it| it.ipv6_cidr_block())),
    );
    let tags = tags(subnet.tags());
    let zone = subnet.availability_zone().map(|zone| ZoneName {
        name: zone.to_owned(),
        id: subnet.availability_zone_id().map(str::to_owned),
    });
    Ok(Subnet {
        gcp: None,
        id: id.into(),
        name: name(&tags, id),
        provider: Provider::Aws,
        account: subnet
            .owner_id()
            .map_or_else(|| place.account.clone(), Into::into),
        region: place.region.clone(),
        network: vpc.into(),
        zone,
        cidrs: ranges.ok_or_else(|| broken("CidrBlock"))?,
        filter: associations.acl(place, id),
        route_table: associations.table(place, id, vpc),
        azure: None,
        tags,
    })
}
