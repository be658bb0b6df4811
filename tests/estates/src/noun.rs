//! One thing at a time, as AWS makes it where nothing is chosen.

mod cache;
mod filter;
mod interface;
mod link;
mod metric;
mod network;

pub use cache::{endpoint, memorydb, node, replicated, replication_group, serverless, stand_alone};
pub use filter::{
    Line, Ports, acl, all, allow, any, cidr, default_acl, deny, group, group_over, prefix_list,
    prefixes, protocol, security_group, tcp, udp,
};
pub use interface::{cache_node, function, interface, machine};
pub use link::{attachment, peering, transit_route, transit_router};
pub use metric::metric;
pub use network::{local, network, propagated, route, route_table, subnet};

pub(crate) use filter::range;
pub(crate) use interface::address;
