//! What stands at an address that a name leads to.

use std::net::IpAddr;

use cachewarden_model::{Gap, GapReason, Noun, PrivateEndpoint, Provider, ResourceId};

use super::Name;
use crate::azure::party::gap;
use crate::azure::unseen::unseen;

/// What an address is.
pub(super) enum Owner<'a> {
    Endpoint(&'a PrivateEndpoint),
    Injected,
    Nobody,
    Unknown(Box<Gap>),
}

impl<'a> Name<'_, 'a> {
    pub(super) fn owner(&self, network: &ResourceId, address: IpAddr) -> Owner<'a> {
        let azure = self.cache.azure.as_ref();
        if azure.and_then(|it| it.injected_address) == Some(address) {
            return Owner::Injected;
        }
        let own = self.endpoints.iter().filter(|it| {
            it.addresses
                .value()
                .is_some_and(|all| all.contains(&address))
        });
        // Ranges overlap: of several the one that the client's network holds
        // or is joined to.
        let mut own: Vec<&PrivateEndpoint> = own.copied().collect();
        own.sort_by_key(|it| {
            (
                it.network != *network,
                !crate::intent::joined(self.estate, network, &it.network),
                it.id.clone(),
            )
        });
        if let Some(first) = own.first() {
            return Owner::Endpoint(first);
        }
        let hidden = self
            .estate
            .hidden(Noun::PrivateEndpoints, Provider::Azure, None, None);
        if let Some(gap) = hidden
            .map(Box::new)
            .or_else(|| unseen(self.estate, self.cache))
        {
            return Owner::Unknown(gap);
        }
        let mut holders = self.estate.holders(address).iter();
        let machine = holders.find_map(|index| {
            let interface = self.estate.interface(*index)?;
            crate::selector::is_client(interface).then_some(interface)
        });
        match machine {
            Some(interface) => Owner::Unknown(gap(
                &interface.id,
                GapReason::Unmodelled,
                format!("the name leads to {address}, a machine that may pass connections on"),
            )),
            None => Owner::Nobody,
        }
    }
}
