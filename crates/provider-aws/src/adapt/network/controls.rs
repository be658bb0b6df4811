//! What holds for a network as a whole: names, and switches above all rules.

use std::net::IpAddr;

use aws_sdk_ec2::types::{DhcpOptions, Vpc};
use cachewarden_model::{DnsServers, EncryptionControl, Fact, GapReason, PublicAccessBlock};
use cachewarden_netset::Cidr;

use crate::adapt::cache::{not_listed, word};
use crate::adapt::words::address;
use crate::collect::{Network, VpcAttribute};
use crate::operation::Operation;
use crate::place::Place;

/// The resolver's fixed addresses.
///
/// Source: Amazon VPC User Guide, "Understand Amazon DNS".
pub(super) const RESOLVERS: [&str; 2] = ["169.254.169.253", "fd00:ec2::253"];

/// Its name.
const RESOLVER: &str = "AmazonProvidedDNS";

pub(super) fn attribute(
    place: &Place,
    data: &Network,
    id: &str,
    which: VpcAttribute,
) -> Fact<bool> {
    match data.extras.attributes.get(&(id.to_owned(), which)) {
        Some(Ok(value)) => Fact::Known(*value),
        Some(Err(gap)) => Fact::Unknown(gap.clone()),
        None => Fact::unknown(place.gap(
            Operation::DescribeVpcAttribute.action(),
            GapReason::NotCollected,
            "it is asked only of networks with caches, and of those with clients that are joined to them",
        )),
    }
}

/// Stands for no options at all.
const NO_OPTIONS: &str = "default";

/// Whom the machines of a network ask for names: the cloud's resolver, by
/// name or by one of its addresses, or servers of the owner's. Without any
/// options, machines built on Nitro, which is all but the oldest types, are
/// told the resolver's fixed address.
///
/// Source: Amazon VPC User Guide, "DHCP option set concepts".
pub(super) fn dns_servers(place: &Place, data: &Network, vpc: &Vpc) -> Fact<DnsServers> {
    let operation = Operation::DescribeDhcpOptions;
    let Some(id) = vpc.dhcp_options_id() else {
        return place.unstated(Operation::DescribeVpcs, "DhcpOptionsId");
    };
    if id == NO_OPTIONS {
        return Fact::Default(DnsServers::Provider);
    }
    let listing = &data.dhcp_options;
    let options = listing
        .items
        .iter()
        .find(|it: &&DhcpOptions| it.dhcp_options_id() == Some(id));
    let Some(options) = options else {
        return not_listed(place, operation, listing.gap.as_ref(), id);
    };
    let servers = options.dhcp_configurations().iter();
    let Some(servers) = servers
        .into_iter()
        .find(|it| it.key() == Some("domain-name-servers"))
    else {
        return place.not_offered(operation, "the options name no name servers");
    };
    let servers: Vec<&str> = servers
        .values()
        .iter()
        .filter_map(|it| it.value())
        .collect();
    let base_plus_two = vpc
        .cidr_block()
        .and_then(|text| second_after(text.parse().ok()?));
    let is_cloud = |text: &&str| {
        *text == RESOLVER
            || RESOLVERS.contains(text)
            || address(text).is_some_and(|it| Some(it) == base_plus_two)
    };
    if !servers.is_empty() && servers.iter().all(is_cloud) {
        return Fact::Known(DnsServers::Provider);
    }
    let own = servers.iter().filter(|it| **it != RESOLVER);
    let own: Option<Vec<IpAddr>> = own.map(|it| address(it)).collect();
    match own {
        Some(own) => Fact::Known(DnsServers::Custom(own)),
        None => place.unmodelled(operation, "domain-name-servers", &servers.join(" ")),
    }
}

/// The resolver's address within a network: the second after the first.
pub(super) fn second_after(range: Cidr) -> Option<IpAddr> {
    match range.first() {
        IpAddr::V4(first) => u32::from(first)
            .checked_add(2)
            .map(|it| IpAddr::V4(it.into())),
        IpAddr::V6(_) => None,
    }
}

/// Whether the internet is kept out of a network.
///
/// A network states what holds for itself, exclusions considered; where it
/// does not, the region's switch is all there is to go by, and exclusions,
/// which are not read, may make an exception.
/// Source: Amazon VPC User Guide, "Block public access to VPCs and subnets".
pub(super) fn access_block(place: &Place, data: &Network, vpc: &Vpc) -> Fact<PublicAccessBlock> {
    let mode = |text: &str| match text {
        "off" => Some(PublicAccessBlock::Off),
        "block-ingress" => Some(PublicAccessBlock::Ingress),
        "block-bidirectional" => Some(PublicAccessBlock::Bidirectional),
        _ => None,
    };
    let own = vpc
        .block_public_access_states()
        .and_then(|it| it.internet_gateway_block_mode());
    let own = own.map(|it| it.as_str());
    let of_region = || {
        let operation = Operation::DescribeVpcBlockPublicAccessOptions;
        let options = match &data.access_block {
            Ok(options) => options,
            Err(gap) => return Fact::Unknown(gap.clone()),
        };
        let text = options.internet_gateway_block_mode().map(|it| it.as_str());
        let absent = || place.unstated(operation, "InternetGatewayBlockMode");
        let of_region = word(
            place,
            operation,
            "InternetGatewayBlockMode",
            text,
            absent,
            mode,
        );
        let excluded = options.exclusions_allowed().map(|it| it.as_str()) != Some("not-allowed");
        match of_region.value() {
            Some(PublicAccessBlock::Ingress | PublicAccessBlock::Bidirectional) if excluded => {
                Fact::unknown(place.gap(
                    operation.action(),
                    GapReason::NotCollected,
                    "exclusions from the region's block are not read",
                ))
            }
            _ => of_region,
        }
    };
    word(
        place,
        Operation::DescribeVpcs,
        "InternetGatewayBlockMode",
        own,
        of_region,
        mode,
    )
}

/// Whether traffic that is not encrypted is dropped. A network without the
/// control has none.
///
/// Source: Amazon VPC User Guide, "Enforce VPC encryption in transit".
pub(super) fn encryption_control(place: &Place, vpc: &Vpc) -> Fact<EncryptionControl> {
    let operation = Operation::DescribeVpcs;
    let Some(control) = vpc.encryption_control() else {
        return Fact::Default(EncryptionControl::Off);
    };
    let state = control.state().map(|it| it.as_str());
    if matches!(state, Some("deleted")) {
        return Fact::Known(EncryptionControl::Off);
    }
    if !matches!(state, None | Some("available")) {
        return place.unmodelled(
            operation,
            "EncryptionControl.State",
            state.unwrap_or_default(),
        );
    }
    let mode = control.mode().map(|it| it.as_str());
    let absent = || place.unstated(operation, "EncryptionControl.Mode");
    word(
        place,
        operation,
        "EncryptionControl.Mode",
        mode,
        absent,
        |text| match text {
            "monitor" => Some(EncryptionControl::Monitor),
            "enforce" => Some(EncryptionControl::Enforce),
            _ => None,
        },
    )
}
