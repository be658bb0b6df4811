//! What of a region's networks has no list form: attributes of networks,
//! routes of transit gateways, entries of prefix lists. Each costs a call of
//! its own and is asked for only where it matters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_ec2::types::{
    Filter, NetworkInterfaceType, PrefixListEntry, TransitGatewayRoute, VpcAttributeName,
};
use cachewarden_model::{Gap, GapReason};
use cachewarden_provider::{Failure, FailureKind, Listing, Session};
use futures_util::future::join_all;

use super::{Network, SMALL_PAGE};
use crate::client::failure;
use crate::collect::links::Relevant;
use crate::collect::scope::{Scope, page};
use crate::operation::Operation;

/// Rows that one answer of `SearchTransitGatewayRoutes` may hold.
const ROUTES: i32 = 1000;

/// What has no list form.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    /// Attributes of the networks that matter.
    pub(crate) attributes: BTreeMap<(String, VpcAttribute), Result<bool, Box<Gap>>>,
    /// Routes of the transit gateways that matter, by table.
    pub(crate) routes: BTreeMap<String, Result<Vec<TransitGatewayRoute>, Box<Gap>>>,
    /// Entries of the prefix lists that rules and routes name, by list.
    pub(crate) entries: BTreeMap<String, Listing<PrefixListEntry>>,
}

/// An attribute of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum VpcAttribute {
    /// Whether the resolver answers.
    DnsSupport,
    /// Whether machines are given host names.
    DnsHostnames,
}

impl Extras {
    /// Asks for what matters of a region's networks.
    pub(in crate::collect) async fn read(
        scope: &Scope,
        session: &Session,
        network: &Network,
        relevant: &Relevant,
    ) -> Self {
        let (attributes, routes) = tokio::join!(
            attributes(scope, session, network, relevant),
            routes(scope, session, network, relevant),
        );
        // Routes may name prefix lists, so these come last.
        let entries = entries(scope, session, network, &routes).await;
        Self {
            attributes,
            routes,
            entries,
        }
    }
}

/// Both attributes of every network that holds a cache, or a client and is
/// joined to one that does.
async fn attributes(
    scope: &Scope,
    session: &Session,
    network: &Network,
    relevant: &Relevant,
) -> BTreeMap<(String, VpcAttribute), Result<bool, Box<Gap>>> {
    let inhabited: BTreeSet<&str> = network
        .clients
        .interfaces
        .items
        .iter()
        .filter(|interface| {
            interface.interface_type() != Some(&NetworkInterfaceType::TransitGateway)
        })
        .filter_map(|interface| interface.vpc_id())
        .collect();
    let known = network.vpcs.items.iter().filter_map(|vpc| vpc.vpc_id());
    let asked = known
        .filter(|id| {
            relevant.with_caches.contains(*id)
                || relevant.networks.contains(*id) && inhabited.contains(id)
        })
        .flat_map(|id| {
            [
                (id, VpcAttribute::DnsSupport),
                (id, VpcAttribute::DnsHostnames),
            ]
        })
        .map(|(id, which)| async move {
            (
                (id.to_owned(), which),
                attribute(scope, session, id, which).await,
            )
        });
    join_all(asked).await.into_iter().collect()
}

async fn attribute(
    scope: &Scope,
    session: &Session,
    id: &str,
    which: VpcAttribute,
) -> Result<bool, Box<Gap>> {
    let ask = || {
        let name = match which {
            VpcAttribute::DnsSupport => VpcAttributeName::EnableDnsSupport,
            VpcAttribute::DnsHostnames => VpcAttributeName::EnableDnsHostnames,
        };
        let request = scope
            .clients
            .ec2
            .describe_vpc_attribute()
            .vpc_id(id)
            .attribute(name);
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let value = match which {
                VpcAttribute::DnsSupport => answer.enable_dns_support,
                VpcAttribute::DnsHostnames => answer.enable_dns_hostnames,
            };
            value
                .and_then(|it| it.value)
                .ok_or_else(|| Failure::new(FailureKind::Damaged))
        }
    };
    scope
        .one(session, Operation::DescribeVpcAttribute, ask)
        .await
}

/// The routes of every table of a transit gateway that a cache's network is
/// attached to.
async fn routes(
    scope: &Scope,
    session: &Session,
    network: &Network,
    relevant: &Relevant,
) -> BTreeMap<String, Result<Vec<TransitGatewayRoute>, Box<Gap>>> {
    let tables = network.links.tables.items.iter();
    let asked = tables
        .filter(|table| {
            table
                .transit_gateway_id()
                .is_some_and(|id| relevant.routers.contains(id))
        })
        .filter_map(|table| table.transit_gateway_route_table_id())
        .map(|id| async move { (id.to_owned(), routes_of(scope, session, id).await) });
    join_all(asked).await.into_iter().collect()
}

/// All routes of one table. The call wants a filter: both types together are
/// all routes. Where the answer says that there are more than it may hold,
/// none is known: which one decides may be among those that are missing.
async fn routes_of(
    scope: &Scope,
    session: &Session,
    table: &str,
) -> Result<Vec<TransitGatewayRoute>, Box<Gap>> {
    let operation = Operation::SearchTransitGatewayRoutes;
    let more = AtomicBool::new(false);
    let ask = |token: Option<String>| {
        let types = Filter::builder()
            .name("type")
            .values("static")
            .values("propagated")
            .build();
        let request = scope.clients.ec2.search_transit_gateway_routes();
        let request = request.transit_gateway_route_table_id(table).filters(types);
        let request = request.max_results(ROUTES).set_next_token(token);
        let more = &more;
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let cut_off = answer.additional_routes_available == Some(true);
            more.store(cut_off && answer.next_token.is_none(), Ordering::Relaxed);
            page(answer.routes, answer.next_token)
        }
    };
    let listing = scope.list(session, operation, ask).await;
    if let Some(gap) = listing.gap {
        return Err(Box::new(gap));
    }
    if more.load(Ordering::Relaxed) {
        let message = format!("`{table}` has more routes than the {ROUTES} that can be listed");
        return Err(Box::new(scope.place.gap(
            operation.action(),
            GapReason::Damaged,
            message,
        )));
    }
    Ok(listing.items)
}

/// The entries of every listed prefix list that a rule or a route names.
async fn entries(
    scope: &Scope,
    session: &Session,
    network: &Network,
    router_routes: &BTreeMap<String, Result<Vec<TransitGatewayRoute>, Box<Gap>>>,
) -> BTreeMap<String, Listing<PrefixListEntry>> {
    let of_rules = network
        .filters
        .rules
        .items
        .iter()
        .filter_map(|rule| rule.prefix_list_id());
    let routes = network
        .route_tables
        .items
        .iter()
        .flat_map(|table| table.routes());
    let of_routes = routes.filter_map(|route| route.destination_prefix_list_id());
    let router_routes = router_routes.values().flatten().flatten();
    let of_routers = router_routes.filter_map(|route| route.prefix_list_id());
    let named: BTreeSet<&str> = of_rules.chain(of_routes).chain(of_routers).collect();
    let listed = network
        .filters
        .prefix_lists
        .items
        .iter()
        .filter_map(|list| list.prefix_list_id());
    let listed: BTreeSet<&str> = listed.filter(|id| named.contains(id)).collect();
    let client = &scope.clients.ec2;
    let asked = listed.into_iter().map(|id| async move {
        let ask = |token| {
            let request = client.get_managed_prefix_list_entries().prefix_list_id(id);
            let request = request.max_results(SMALL_PAGE).set_next_token(token);
            async move {
                let answer = request.send().await.map_err(|error| failure(&error))?;
                page(answer.entries, answer.next_token)
            }
        };
        let listing = scope
            .list(session, Operation::GetManagedPrefixListEntries, ask)
            .await;
        (id.to_owned(), listing)
    });
    join_all(asked).await.into_iter().collect()
}
