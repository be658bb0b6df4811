//! Accounts, regions and zones.

use cachewarden_model::{AccountId, Gap, GapReason, Noun, Provider, Region, ZoneName};

/// An account and a region of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Twelve digits.
    pub account: &'static str,
    /// `eu-west-1`.
    pub region: &'static str,
}

impl Place {
    /// Where the base lies.
    pub const HOME: Self = Self {
        account: "111122223333",
        region: "eu-west-1",
    };

    /// The same account in another region.
    pub const ABROAD: Self = Self {
        account: "111122223333",
        region: "eu-central-1",
    };

    /// Another account in the same region.
    pub const STRANGER: Self = Self {
        account: "444455556666",
        region: "eu-west-1",
    };

    /// The account as the model writes it.
    pub fn account(self) -> AccountId {
        self.account.into()
    }

    /// The region as the model writes it.
    pub fn region(self) -> Region {
        self.region.into()
    }

    /// A refused call that may hide some of these nouns.
    pub fn refused(self, what: &str, hides: &[Noun]) -> Gap {
        let mut hides = hides.to_vec();
        hides.sort();
        Gap {
            provider: Provider::Aws,
            account: Some(self.account()),
            region: Some(self.region()),
            what: what.to_owned(),
            why: GapReason::AccessDenied,
            message: format!("the credentials may not call {what}"),
            hides,
        }
    }
}

/// The zone of a region with this number, counted from 1: `eu-west-1b` with
/// the id `euw1-az2`.
pub fn zone(region: &Region, number: u8) -> ZoneName {
    let letter = char::from(b'a' + number.saturating_sub(1) % 26);
    let mut parts = region.as_str().split('-');
    let mut part = || parts.next().unwrap_or_default();
    let (continent, side, count) = (part(), part(), part());
    let side: String = side.chars().take(1).collect();
    ZoneName {
        name: format!("{region}{letter}"),
        id: Some(format!("{continent}{side}{count}-az{number}")),
    }
}
