//! Any set of packets, as a union of boxes.

use std::mem;

use super::HeaderBox;

/// A set of packets, exact whatever was added to it and taken away.
///
/// The boxes it is made of may overlap and depend on the order of operations, but two
/// spaces are equal exactly when they hold the same packets. Boxes that together are a
/// box are kept as one, so a long list of rules for the same port stays a single box.
///
/// With n boxes, [`add`](Self::add) compares n times and
/// [`intersects`](Self::intersects) too; [`subtract`](Self::subtract) leaves at most 3 n
/// boxes.
///
/// ```
/// use cachewarden_netset::{AddressSet, Cidr, HeaderBox, HeaderSpace, PortRange, Protocol};
///
/// # fn main() -> Result<(), cachewarden_netset::CidrError> {
/// let redis = |from: &str| -> Result<_, cachewarden_netset::CidrError> {
///     Ok(HeaderBox {
///         addresses: AddressSet::from(from.parse::<Cidr>()?),
///         protocols: Protocol::TCP.numbers(),
///         ports: PortRange::single(6379).into(),
///     })
/// };
///
/// // Allow 10.0.0.0/8, but first deny 10.1.0.0/16.
/// let mut admitted = HeaderSpace::from(redis("10.0.0.0/8")?);
/// admitted.subtract(&redis("10.1.0.0/16")?);
///
/// assert!(admitted.covers(&redis("10.2.0.0/16")?));
/// assert!(!admitted.intersects(&redis("10.1.2.0/24")?));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeaderSpace {
    /// None of them is empty, no two together are a box.
    boxes: Vec<HeaderBox>,
}

impl HeaderSpace {
    /// The set without packets.
    pub const fn empty() -> Self {
        Self { boxes: Vec::new() }
    }

    /// Adds all packets of the box.
    pub fn add(&mut self, mut added: HeaderBox) {
        if added.is_empty() {
            return;
        }
        // What it was joined to may now be joined to yet another box.
        while let Some((index, joined)) = self.joined(&added) {
            self.boxes.swap_remove(index);
            added = joined;
        }
        self.boxes.push(added);
    }

    /// Takes all packets of the box away.
    pub fn subtract(&mut self, removed: &HeaderBox) {
        for held in mem::take(&mut self.boxes) {
            self.extend(held.difference(removed));
        }
    }

    /// Whether there are no packets.
    pub const fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// Whether some packet of the box is in the space.
    pub fn intersects(&self, wanted: &HeaderBox) -> bool {
        self.boxes.iter().any(|held| !held.is_disjoint(wanted))
    }

    /// Whether all packets of the box are in the space; so those of an empty one always
    /// are.
    pub fn covers(&self, wanted: &HeaderBox) -> bool {
        let mut missing = Self::from(wanted.clone());
        for held in &self.boxes {
            missing.subtract(held);
        }
        missing.is_empty()
    }

    /// Whether all packets are in the other space too; so the empty space always is.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.boxes.iter().all(|held| other.covers(held))
    }

    /// Boxes that make up the space. They may overlap; none is empty.
    pub fn boxes(&self) -> impl ExactSizeIterator<Item = &HeaderBox> + Clone {
        self.boxes.iter()
    }

    /// The first box that makes one box with this one, by its place, and what they make.
    fn joined(&self, added: &HeaderBox) -> Option<(usize, HeaderBox)> {
        let mut held = self.boxes.iter().enumerate();
        held.find_map(|(index, held)| Some((index, held.join(added)?)))
    }
}

impl From<HeaderBox> for HeaderSpace {
    fn from(only: HeaderBox) -> Self {
        Self::from_iter([only])
    }
}

impl Extend<HeaderBox> for HeaderSpace {
    fn extend<I: IntoIterator<Item = HeaderBox>>(&mut self, boxes: I) {
        boxes.into_iter().for_each(|next| self.add(next));
    }
}

impl FromIterator<HeaderBox> for HeaderSpace {
    fn from_iter<I: IntoIterator<Item = HeaderBox>>(boxes: I) -> Self {
        let mut space = Self::empty();
        space.extend(boxes);
        space
    }
}

/// Equal if they hold the same packets, whichever boxes these are in.
impl PartialEq for HeaderSpace {
    fn eq(&self, other: &Self) -> bool {
        self.is_subset(other) && other.is_subset(self)
    }
}

impl Eq for HeaderSpace {}
