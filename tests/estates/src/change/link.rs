//! Changes of peerings and transit gateways.

use cachewarden_model::{Fact, LinkState, TransitAttachment, TransitRoute, TransitRouter};

use crate::Estate;
use crate::ids::TGW;

/// The peering is in this state.
pub fn peering_state(id: &str, state: LinkState) -> impl FnOnce(&mut Estate) {
    move |estate| estate.peering_mut(id).state = state
}

/// Group references hold, or do not hold, across the transit gateway.
///
/// Source: AWS Transit Gateway, "Security group referencing".
pub fn referencing(on: bool) -> impl FnOnce(&mut Estate) {
    move |estate| estate.router_mut(TGW).group_references = Fact::Known(on)
}

/// The transit gateway is changed by hand: its attachments and the routes of
/// its table.
pub fn router(
    edit: impl FnOnce(&mut Vec<TransitAttachment>, &mut Vec<TransitRoute>),
) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let TransitRouter {
            attachments: Fact::Known(attachments),
            tables: Fact::Known(tables),
            ..
        } = estate.router_mut(TGW)
        else {
            panic!("the transit gateway is not known");
        };
        let table = tables.first_mut().expect("one table");
        let Fact::Known(routes) = &mut table.routes else {
            panic!("the routes of the transit gateway are not known");
        };
        edit(attachments, routes);
    }
}
