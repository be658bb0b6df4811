//! Numbers that look drawn and are always the same.

/// A sequence of numbers: SplitMix64.
pub(super) struct Spread(u64);

impl Spread {
    /// The sequence with this number.
    pub(super) fn new(number: usize) -> Self {
        Self(u64::try_from(number).unwrap_or(u64::MAX))
    }

    /// A number below this one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * u128::try_from(end).unwrap_or(u128::MAX);
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number below this one, small ones much more often.
    pub(super) fn skewed(&mut self, end: usize) -> usize {
        let one = self.below(end);
        let other = self.below(end.max(1));
        one * other / end.max(1)
    }

    /// One of these.
    pub(super) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        from.get(self.below(from.len()))
            .copied()
            .unwrap_or_default()
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
