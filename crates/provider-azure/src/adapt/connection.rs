//! Private endpoint connections, from either side.

use cachewarden_model::{
    AccountId, Fact, GapReason, PrivateConnection, PrivateEndpointState, PublicAccess,
};

use super::{View, gap};
use crate::operation::Operation;
use crate::wire::redis::PrivateEndpointConnection;

/// Whether a connection carries traffic, by the cloud's word; none without
/// one.
///
/// Source: Azure Private Link, "What is a private endpoint?", connection
/// states: only `Approved` does.
pub(super) fn state(word: Option<&str>) -> Option<PrivateEndpointState> {
    let word = word.filter(|it| !it.is_empty())?;
    Some(if word.eq_ignore_ascii_case("Approved") {
        PrivateEndpointState::Approved
    } else if word.eq_ignore_ascii_case("Pending") {
        PrivateEndpointState::Pending
    } else {
        PrivateEndpointState::Down(word.to_owned())
    })
}

/// The cloud's word for an enumeration of the SDK's, known or not.
pub(super) fn word<T: serde::Serialize>(value: &T) -> Option<String> {
    let value = serde_json::to_value(value).ok()?;
    value.as_str().map(str::to_owned)
}

/// Connections as a cache lists them, sorted by id. `parts` are those of the
/// service, which has one each. Unknown where one does not tell its state:
/// nothing else settles whether it carries traffic.
pub(super) fn connections(
    view: View<'_>,
    account: &AccountId,
    operation: Operation,
    listed: &[PrivateEndpointConnection],
    part: &str,
) -> Fact<Vec<PrivateConnection>> {
    let one = |it: &PrivateEndpointConnection| {
        let properties = it.properties.as_ref();
        let endpoint = properties
            .and_then(|it| it.private_endpoint.as_ref())
            .and_then(|it| it.id.as_deref());
        let status = properties
            .and_then(|it| it.private_link_service_connection_state.status.as_ref())
            .and_then(word);
        Some(PrivateConnection {
            id: it.resource.id.as_deref().unwrap_or_default().into(),
            endpoint: endpoint.map(|it| view.ids.id(it)),
            state: state(status.as_deref())?,
            provisioning: properties.and_then(|it| it.provisioning_state.as_ref().and_then(word)),
            parts: vec![part.to_owned()],
        })
    };
    let Some(mut connections) = listed.iter().map(one).collect::<Option<Vec<_>>>() else {
        let message = "a private endpoint connection does not tell its state".to_owned();
        return Fact::unknown(gap(account, operation, GapReason::Damaged, message));
    };
    connections.sort_by(|one, other| one.id.cmp(&other.id));
    Fact::Known(connections)
}

/// `publicNetworkAccess`; none if the word is not known.
pub(super) fn public(word: &str) -> Option<PublicAccess> {
    if word.eq_ignore_ascii_case("Enabled") {
        Some(PublicAccess::Enabled)
    } else if word.eq_ignore_ascii_case("Disabled") {
        Some(PublicAccess::Disabled)
    } else {
        None
    }
}
