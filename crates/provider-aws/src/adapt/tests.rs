//! What the tests of single adapters share.

use cachewarden_model::Timestamp;

use super::Around;
use crate::collect::{Caches, Details, Values};
use crate::place::Place;

/// A region in which nothing was found yet.
pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) place: Place,
    pub(crate) caches: Caches,
    pub(crate) details: Details,
    values: Values,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            now: "2026-06-01".parse().unwrap(),
            place: Place::new("123456789012", "eu-west-1"),
            caches: Caches::none(),
            details: Details::none(),
            values: Values::default(),
        }
    }

    pub(crate) fn around(&self) -> Around<'_> {
        Around {
            now: self.now,
            place: &self.place,
            caches: &self.caches,
            details: &self.details,
            values: &self.values,
            network: None,
        }
    }
}
