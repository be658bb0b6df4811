//! A small company on AWS with a case of each kind: a book shop with a
//! production account in two regions, a data team in an account of its own,
//! and a partner whose account is not read.
//!
//! | Cache | Case |
//! |---|---|
//! | sessions | nothing is wrong with it |
//! | catalogue | replies return to some ports only; a password-less default user |
//! | recommendations | one shard is behind another network ACL; connections are refused by the host |
//! | carts | serverless, reader port closed |
//! | payments | its clients may send to another port; change to required TLS pending |
//! | suggestions | its rule names a group that is gone |
//! | ratings | the way back is missing |
//! | campaigns | nobody accepted the peering |
//! | reporting | its rule names a group of an account that is not read |
//! | sessions-central | network ACLs of its region may not be listed |
//! | legacy | old, open, alone, near its limit, late with an update |
//! | ledger | MemoryDB that admits everybody |
//!
//! What it has on Azure stands in [`on_azure`], what on Google Cloud in
//! [`on_google_cloud`].
//!
//! A Memcached cluster is left out, and one machine has a name that means
//! harm.

mod abroad;
mod admission;
mod apart;
mod azure;
mod gcp;
mod legacy;
mod shop;

use cachewarden_model::{Attachment, Provider, Skipped, Snapshot};

pub use azure::on_azure;
pub use gcp::on_google_cloud;

use crate::ids::hashed;
use crate::{Estate, Place};

/// The company; see [the module](self).
pub fn demo() -> Snapshot {
    let mut estate = Estate::new(&[Place::HOME, Place::ABROAD, Place::STRANGER]);
    shop::add(&mut estate);
    apart::add(&mut estate);
    abroad::add(&mut estate);
    legacy::add(&mut estate);
    admission::add(&mut estate);
    estate.snapshot.skipped.push(Skipped {
        provider: Provider::Aws,
        account: Place::HOME.account(),
        region: Place::HOME.region(),
        id: "arn:aws:elasticache:eu-west-1:111122223333:cluster:page-fragments".into(),
        why: "memcached is not redis".to_owned(),
    });
    estate.build()
}

/// The id of something of the company: the kind's prefix and digits that
/// follow from its name.
fn id(prefix: &str, name: &str) -> String {
    hashed(prefix, name).to_string()
}

/// A subnet by its name, and an address in it.
type Seat<'a> = (&'a str, &'a str);

/// Several machines of one sort: `checkout-1`, `checkout-2` with consecutive
/// addresses, one per subnet in turn.
fn add_fleet(
    estate: &mut Estate,
    name: &str,
    group: &str,
    places: &[Seat<'_>],
    machine_type: &str,
) {
    for ((subnet, address), number) in places.iter().zip(1..) {
        let name = format!("{name}-{number}");
        let interface = id("eni-", &name);
        estate.add_machine(
            &id("subnet-", subnet),
            &interface,
            &name,
            &[address],
            &[&id("sg-", group)],
        );
        if let Some(Attachment {
            machine_type: of, ..
        }) = &mut estate.interface_mut(&interface).attached_to
        {
            *of = Some(machine_type.to_owned());
        }
    }
}
