//! Sets of addresses, ports and flows; knows no cloud.
//!
//! All sets are exact and behave as in algebra: they have union, intersection,
//! difference and complement, and two values are equal exactly when they hold the
//! same members. No operation looks at addresses or ports one by one; what a set
//! costs is the number of its ranges, so "the internet but for these two hosts" is
//! as cheap as it reads.
//!
//! | Type | Holds |
//! |---|---|
//! | [`IntervalSet`] | numbers of one [`Point`] type, as sorted [`Interval`]s: what the others are made of |
//! | [`AddressSet`] | IPv4 and IPv6 addresses; in and out as [`Cidr`] blocks |
//! | [`PortSet`] | TCP or UDP ports; in and out as [`PortRange`]s |
//! | [`HeaderSpace`] | packets, as a union of [`HeaderBox`]es: addresses × protocols × ports |
//! | [`Flow`] | one TCP connection |
//!
//! ```
//! use cachewarden_netset::{AddressSet, Cidr};
//!
//! # fn main() -> Result<(), cachewarden_netset::CidrError> {
//! let network = AddressSet::from("10.0.0.0/16".parse::<Cidr>()?);
//! let subnet = AddressSet::from("10.0.1.0/24".parse::<Cidr>()?);
//!
//! assert!(subnet.is_subset(&network));
//! assert_eq!(network.difference(&subnet).count(), 65_536 - 256);
//! assert_eq!(network.difference(&subnet).union(&subnet), network);
//! # Ok(())
//! # }
//! ```

mod address;
mod header;
mod interval;
mod port;

pub use address::{AddressSet, Cidr, CidrError, Family};
pub use header::{Flow, HeaderBox, HeaderSpace};
pub use interval::{Interval, IntervalSet, Point};
pub use port::{PortRange, PortSet, Protocol, ProtocolError};
