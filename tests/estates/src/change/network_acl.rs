//! Changes of network ACLs.

use cachewarden_model::{Fact, Rule};

use crate::Estate;
use crate::noun::acl;

/// A network ACL with these entries takes the place of that of these subnets.
pub fn network_acl<const S: usize>(
    id: &str,
    subnets: [&str; S],
    inbound: &[Rule],
    outbound: &[Rule],
) -> impl FnOnce(&mut Estate) {
    move |estate| {
        for subnet in subnets {
            estate.subnet_mut(subnet).filter = Fact::Known(Some(id.into()));
        }
        let network = subnets.first().map(|id| estate.subnet(id).network.clone());
        let network = network.expect("at least one subnet");
        let filter = acl(estate.network(network.as_str()), id, inbound, outbound);
        estate.snapshot.filters.push(filter);
    }
}
