//! The networks of a region: the listings, side by side.

mod extras;
#[cfg(test)]
mod tests;

use std::future::Future;

use aws_sdk_ec2::error::SdkError;
use aws_sdk_ec2::types::{
    DhcpOptions, Instance, InternetGateway, ManagedPrefixList, NatGateway, NetworkAcl,
    NetworkInterface, RouteTable, SecurityGroup, SecurityGroupRule, Subnet, TransitGateway,
    TransitGatewayAttachment, TransitGatewayRouteTable, TransitGatewayVpcAttachment, Vpc,
    VpcBlockPublicAccessOptions, VpcEndpoint, VpcPeeringConnection,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use cachewarden_model::Gap;
use cachewarden_provider::{Failure, FailureKind, Listing, Page, Session};

use super::scope::{Scope, listing, page};
use crate::client::failure;
use crate::operation::Operation;

pub(crate) use extras::{Extras, VpcAttribute};

/// Largest page of most EC2 listings.
const PAGE: i32 = 1000;

/// Largest page of the listings of route tables and prefix lists.
const SMALL_PAGE: i32 = 100;

/// What was read of a region's networks.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) vpcs: Listing<Vpc>,
    pub(crate) dhcp_options: Listing<DhcpOptions>,
    pub(crate) subnets: Listing<Subnet>,
    pub(crate) route_tables: Listing<RouteTable>,
    pub(crate) internet_gateways: Listing<InternetGateway>,
    /// The region's switch that keeps the internet out.
    pub(crate) access_block: Result<VpcBlockPublicAccessOptions, Box<Gap>>,
    pub(crate) filters: Filters,
    pub(crate) clients: Clients,
    pub(crate) links: Links,
    /// What has no list form; filled in once it is known what matters.
    pub(crate) extras: Extras,
}

/// Filters, and what their rules name.
#[derive(Debug)]
pub(crate) struct Filters {
    pub(crate) groups: Listing<SecurityGroup>,
    pub(crate) rules: Listing<SecurityGroupRule>,
    pub(crate) acls: Listing<NetworkAcl>,
    pub(crate) prefix_lists: Listing<ManagedPrefixList>,
}

/// Interfaces, and what is behind them.
#[derive(Debug)]
pub(crate) struct Clients {
    pub(crate) interfaces: Listing<NetworkInterface>,
    pub(crate) instances: Listing<Instance>,
    pub(crate) nat_gateways: Listing<NatGateway>,
    pub(crate) endpoints: Listing<VpcEndpoint>,
}

/// What joins networks.
#[derive(Debug)]
pub(crate) struct Links {
    pub(crate) peerings: Listing<VpcPeeringConnection>,
    pub(crate) routers: Listing<TransitGateway>,
    pub(crate) attachments: Listing<TransitGatewayAttachment>,
    pub(crate) vpc_attachments: Listing<TransitGatewayVpcAttachment>,
    pub(crate) tables: Listing<TransitGatewayRouteTable>,
}

impl Network {
    /// Reads everything that has a list form.
    pub(super) async fn read(scope: &Scope, session: &Session) -> Self {
        let ec2 = &scope.clients.ec2;
        let vpcs = listing!(scope, session, DescribeVpcs,
            ec2.describe_vpcs().max_results(PAGE) => vpcs by next_token);
        let dhcp_options = listing!(scope, session, DescribeDhcpOptions,
            ec2.describe_dhcp_options().max_results(PAGE) => dhcp_options by next_token);
        let subnets = listing!(scope, session, DescribeSubnets,
            ec2.describe_subnets().max_results(PAGE) => subnets by next_token);
        let route_tables = listing!(scope, session, DescribeRouteTables,
            ec2.describe_route_tables().max_results(SMALL_PAGE) => route_tables by next_token);
        let internet_gateways = listing!(scope, session, DescribeInternetGateways,
            ec2.describe_internet_gateways().max_results(PAGE) => internet_gateways by next_token);
        let (
            vpcs,
            dhcp_options,
            subnets,
            route_tables,
            internet_gateways,
            access_block,
            filters,
            clients,
            links,
        ) = tokio::join!(
            vpcs,
            dhcp_options,
            subnets,
            route_tables,
            internet_gateways,
            access_block(scope, session),
            Filters::read(scope, session),
            Clients::read(scope, session),
            Links::read(scope, session),
        );
        let extras = Extras::default();
        Self {
            vpcs,
            dhcp_options,
            subnets,
            route_tables,
            internet_gateways,
            access_block,
            filters,
            clients,
            links,
            extras,
        }
    }
}

impl Filters {
    async fn read(scope: &Scope, session: &Session) -> Self {
        let ec2 = &scope.clients.ec2;
        let (groups, rules, acls, prefix_lists) = tokio::join!(
            listing!(scope, session, DescribeSecurityGroups,
                ec2.describe_security_groups().max_results(PAGE) => security_groups by next_token),
            listing!(scope, session, DescribeSecurityGroupRules,
                ec2.describe_security_group_rules().max_results(PAGE)
                => security_group_rules by next_token),
            listing!(scope, session, DescribeNetworkAcls,
                ec2.describe_network_acls().max_results(PAGE) => network_acls by next_token),
            listing!(scope, session, DescribeManagedPrefixLists,
                ec2.describe_managed_prefix_lists().max_results(SMALL_PAGE)
                => prefix_lists by next_token),
        );
        Self {
            groups,
            rules,
            acls,
            prefix_lists,
        }
    }
}

impl Clients {
    async fn read(scope: &Scope, session: &Session) -> Self {
        let ec2 = &scope.clients.ec2;
        let (interfaces, instances, nat_gateways, endpoints) = tokio::join!(
            interfaces(scope, session),
            instances(scope, session),
            listing!(scope, session, DescribeNatGateways,
                ec2.describe_nat_gateways().max_results(PAGE) => nat_gateways by next_token),
            listing!(scope, session, DescribeVpcEndpoints,
                ec2.describe_vpc_endpoints().max_results(PAGE) => vpc_endpoints by next_token),
        );
        Self {
            interfaces,
            instances,
            nat_gateways,
            endpoints,
        }
    }
}

impl Links {
    async fn read(scope: &Scope, session: &Session) -> Self {
        let ec2 = &scope.clients.ec2;
        let (peerings, routers, attachments, vpc_attachments, tables) = tokio::join!(
            listing!(scope, session, DescribeVpcPeeringConnections,
                ec2.describe_vpc_peering_connections().max_results(PAGE)
                => vpc_peering_connections by next_token),
            listing!(scope, session, DescribeTransitGateways,
                ec2.describe_transit_gateways().max_results(PAGE)
                => transit_gateways by next_token),
            listing!(scope, session, DescribeTransitGatewayAttachments,
                ec2.describe_transit_gateway_attachments().max_results(PAGE)
                => transit_gateway_attachments by next_token),
            listing!(scope, session, DescribeTransitGatewayVpcAttachments,
                ec2.describe_transit_gateway_vpc_attachments().max_results(PAGE)
                => transit_gateway_vpc_attachments by next_token),
            listing!(scope, session, DescribeTransitGatewayRouteTables,
                ec2.describe_transit_gateway_route_tables().max_results(PAGE)
                => transit_gateway_route_tables by next_token),
        );
        Self {
            peerings,
            routers,
            attachments,
            vpc_attachments,
            tables,
        }
    }
}

/// The switch that keeps the internet out of a region's networks.
async fn access_block(
    scope: &Scope,
    session: &Session,
) -> Result<VpcBlockPublicAccessOptions, Box<Gap>> {
    let ask = || {
        let request = scope.clients.ec2.describe_vpc_block_public_access_options();
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let options = answer.vpc_block_public_access_options;
            options.ok_or_else(|| Failure::new(FailureKind::Damaged))
        }
    };
    scope
        .one(session, Operation::DescribeVpcBlockPublicAccessOptions, ask)
        .await
}

/// Interfaces, those included that a service hides.
async fn interfaces(scope: &Scope, session: &Session) -> Listing<NetworkInterface> {
    let client = &scope.clients.ec2;
    let ask = |token: Option<String>| async move {
        let request = || {
            let request = client.describe_network_interfaces().max_results(PAGE);
            request.set_next_token(token.clone())
        };
        let hidden = request().include_managed_resources(true).send();
        let answer = with_hidden(hidden, || request().send()).await?;
        page(answer.network_interfaces, answer.next_token)
    };
    scope
        .list(session, Operation::DescribeNetworkInterfaces, ask)
        .await
}

/// Machines, those included that a service hides.
async fn instances(scope: &Scope, session: &Session) -> Listing<Instance> {
    let client = &scope.clients.ec2;
    let ask = |token: Option<String>| async move {
        let request = || {
            let request = client.describe_instances().max_results(PAGE);
            request.set_next_token(token.clone())
        };
        let hidden = request().include_managed_resources(true).send();
        let answer = with_hidden(hidden, || request().send()).await?;
        let Page { items, next } = page(answer.reservations, answer.next_token)?;
        let items = items
            .into_iter()
            .flat_map(|each| each.instances.unwrap_or_default())
            .collect();
        Ok(Page { items, next })
    };
    scope.list(session, Operation::DescribeInstances, ask).await
}

/// What is answered with the things that a service hides; where an endpoint
/// does not know that parameter, what it answers without it.
///
/// # Errors
///
/// If neither is answered.
async fn with_hidden<T, E, F>(
    hidden: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    plain: impl FnOnce() -> F,
) -> Result<T, Failure>
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
{
    let answer = match hidden.await {
        Err(error) if is_unknown_parameter(&error) => plain().await,
        other => other,
    };
    answer.map_err(|error| failure(&error))
}

/// Whether an endpoint does not know a parameter.
///
/// Source: Amazon EC2 API Reference, "Error codes".
fn is_unknown_parameter<E, R>(error: &SdkError<E, R>) -> bool
where
    E: ProvideErrorMetadata,
{
    let code = error.as_service_error().and_then(|error| error.code());
    matches!(
        code,
        Some("UnknownParameter" | "InvalidParameter" | "InvalidParameterCombination")
    )
}
