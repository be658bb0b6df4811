//! Networks.

mod controls;
mod gateway;
mod subnet;

use aws_sdk_ec2::types::Vpc;
use cachewarden_model::{Fact, Gap, Network as ModelNetwork, Provider};

use self::controls::{access_block, attribute, dns_servers, encryption_control};
use self::gateway::internet_gateways;
use super::words::{cidrs, name, tags};
use crate::collect::{Network, VpcAttribute};
use crate::operation::Operation;
use crate::place::Place;

pub(super) use subnet::{Associations, subnet};

/// A network.
///
/// # Errors
///
/// If it has no id, or a range cannot be read.
pub(super) fn network(place: &Place, data: &Network, vpc: &Vpc) -> Result<ModelNetwork, Box<Gap>> {
    let operation = Operation::DescribeVpcs;
    let id = vpc
        .vpc_id()
        .ok_or_else(|| place.broken(operation, "a network", "VpcId"))?;
    let v4 = vpc.cidr_block_association_set().iter();
    let v4 = v4.filter(|it| {
        is_in_force(
            it.cidr_block_state()
                .and_then(|it| it.state())
                .map(|it| it.as_str()),
        )
    });
    let v6 = vpc.ipv6_cidr_block_association_set().iter();
    let v6 = v6.filter(|it| {
        is_in_force(
            it.ipv6_cidr_block_state()
                .and_then(|it| it.state())
                .map(|it| it.as_str()),
        )
    });
    let ranges = vpc.cidr_block().into_iter();
    let ranges = ranges.chain(v4.filter_map(|it| it.cidr_block()));
    let ranges = cidrs(ranges.chain(v6.filter_map(|it| it.ipv6_cidr_block())));
    let ranges = ranges.ok_or_else(|| place.broken(operation, &format!("`{id}`"), "CidrBlock"))?;
    let tags = tags(vpc.tags());
    let attribute = |which| attribute(place, data, id, which);
    Ok(ModelNetwork {
        id: id.into(),
        name: name(&tags, id),
        provider: Provider::Aws,
        account: vpc
            .owner_id()
            .map_or_else(|| place.account.clone(), Into::into),
        region: place.region.clone(),
        cidrs: ranges,
        dns_resolution: attribute(VpcAttribute::DnsSupport),
        dns_host_names: attribute(VpcAttribute::DnsHostnames),
        dns_servers: dns_servers(place, data, vpc),
        public_access_block: access_block(place, data, vpc),
        encryption_control: encryption_control(place, vpc),
        filters: Fact::Default(vec![]),
        internet_gateways: internet_gateways(place, data, vpc),
        gcp: None,
        tags,
    })
}

/// Whether a range is in force, or was not said not to be.
fn is_in_force(state: Option<&str>) -> bool {
    matches!(state, None | Some("associated" | "disassociating"))
}
