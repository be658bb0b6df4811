//! Whether public DNS bends a cache's name to a private one.

use cachewarden_model::{Gap, GapReason, PrivateEndpointState};

use super::Name;
use crate::azure::names::is_inside;
use crate::azure::party::gap;
use crate::peer::Tri;

/// Whether a cache has private endpoints that count for its public name.
pub(super) enum Endpoints {
    None,
    Some,
    Maybe(Box<Gap>),
}

impl Name<'_, '_> {
    /// Whether public DNS bends the host name.
    ///
    /// Source: Azure Private Link, "Azure Private Endpoint private DNS zone
    /// values": the alias is there once a private endpoint is.
    pub(super) fn has_endpoint(&self) -> Endpoints {
        let azure = self.cache.azure.as_ref();
        let connections = match azure.map(|it| it.connections.get()) {
            Some(Ok(connections)) => connections,
            Some(Err(gap)) => return Endpoints::Maybe(Box::new(gap.clone())),
            None => {
                return Endpoints::Maybe(gap(
                    format!("private endpoint connections of {}", self.cache.name),
                    GapReason::NotCollected,
                    "whether the cache has a private endpoint was not read",
                ));
            }
        };
        let carries = |state: &PrivateEndpointState| *state == PrivateEndpointState::Approved;
        if connections.iter().any(|it| carries(&it.state)) {
            return Endpoints::Some;
        }
        if connections.is_empty() && self.endpoints.is_empty() {
            match self.leftover() {
                Tri::Yes => {}
                Tri::No => return Endpoints::None,
                Tri::Unknown(gap) => return Endpoints::Maybe(gap),
            }
        }
        Endpoints::Maybe(gap(
            self.host.clone().unwrap_or_default(),
            GapReason::NotOffered,
            "no private endpoint of the cache is approved, and whether its public name leads to \
             the private one then is not told",
        ))
    }

    /// Whether a private endpoint that is gone has left a record of the
    /// cache's name in some zone.
    fn leftover(&self) -> Tri {
        let names = || self.bent.iter().flat_map(|it| &it.names);
        let mut doubt = None;
        for zone in self.estate.all_zones() {
            match zone.records.get() {
                Ok(records) => {
                    let is_it = |name: &String| {
                        let mut records = records.iter();
                        records.any(|it| it.name.eq_ignore_ascii_case(name))
                    };
                    if names().any(is_it) {
                        return Tri::Yes;
                    }
                }
                Err(gap) => {
                    let holds = |name: &String| is_inside(name, &zone.name.to_ascii_lowercase());
                    if names().any(holds) {
                        doubt.get_or_insert(gap);
                    }
                }
            }
        }
        doubt.map_or(Tri::No, |gap| Tri::Unknown(Box::new(gap.clone())))
    }
}
