//! Changes of clients.

use cachewarden_model::{Fact, Interface, Platform};

use crate::Estate;
use crate::noun::address;

/// The interface is changed by hand.
pub fn client(id: &str, edit: impl FnOnce(&mut Interface)) -> impl FnOnce(&mut Estate) {
    move |estate| edit(estate.interface_mut(id))
}

/// The client carries these groups and no other.
pub fn wears<const N: usize>(id: &str, groups: [&str; N]) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let mut groups = groups.map(Into::into).to_vec();
        groups.sort();
        estate.interface_mut(id).filters = Fact::Known(groups);
    }
}

/// The client runs this operating system.
pub fn platform(id: &str, platform: Platform) -> impl FnOnce(&mut Estate) {
    client(id, move |interface| {
        let machine = interface.attached_to.as_mut().expect("a machine");
        machine.platform = Fact::Known(platform);
    })
}

/// The client moves to another subnet of its network, under another address.
pub fn moved(id: &str, subnet: &str, to: &str) -> impl FnOnce(&mut Estate) {
    client(id, move |interface| {
        interface.subnet = subnet.into();
        interface.addresses = vec![address(to)];
    })
}
