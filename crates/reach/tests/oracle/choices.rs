//! Choices that are read from bytes: what shrinks the bytes shrinks what was
//! chosen, towards the plainest choice, which is the first one.

/// A source of choices; the plainest one for ever after its end.
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    /// Reads these bytes.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end
    }

    /// True in so many cases of a hundred; false if plain.
    pub(crate) fn chance(&mut self, percent: u16) -> bool {
        u16::from(self.byte()) * 100 / 256 >= 100 - percent
    }

    /// One of these.
    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let index = self.below(from.len());
        from[index].clone()
    }

    /// So many things at most.
    pub(crate) fn several<T>(
        &mut self,
        most: usize,
        mut make: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| make(self)).collect()
    }

    fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or_default()
    }
}
