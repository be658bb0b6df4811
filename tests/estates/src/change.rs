//! What somebody may do to an estate, one function each. Each returns a
//! change for [`Estate::with`].

mod cache;
mod client;
mod knowledge;
mod link;
mod network_acl;
mod routes;
mod security_group;

use crate::Estate;

pub use cache::{cache, cache_port, on_cache, status};
pub use client::{client, moved, platform, wears};
pub use knowledge::{acls_unread, filter_unread, own_resolver, peerings_unread, resolver_off};
pub use link::{peering_state, referencing, router};
pub use network_acl::network_acl;
pub use routes::{
    add_route, attach_gateway, blackhole, drop_route, own_table, to_peering, to_router,
};
pub use security_group::{admit, delete_group, inbound, let_out, new_group, outbound};

/// Several changes as one.
pub fn both(
    first: impl FnOnce(&mut Estate),
    second: impl FnOnce(&mut Estate),
) -> impl FnOnce(&mut Estate) {
    |estate| {
        first(estate);
        second(estate);
    }
}
