//! Numbers for values of facts: equal for equal values of one fact, and for
//! no others.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::facts::FactValue;

/// The numbers given out so far.
pub(super) struct Codes<'a> {
    /// For each fact: values that have no number of their own.
    others: Vec<HashMap<FactValue<'a>, u64, Fast>>,
}

/// The lowest bits say what a number stands for.
const WORD: u64 = 0;
const INT: u64 = 1;
const OTHER: u64 = 2;
const TEXT: u64 = 3;
const BITS: u32 = 2;

impl<'a> Codes<'a> {
    /// For so many facts.
    pub(super) fn new(facts: usize) -> Self {
        Self {
            others: (0..facts).map(|_| HashMap::default()).collect(),
        }
    }

    /// Adds the numbers of values, one for each fact in their order.
    pub(super) fn add(&mut self, values: &[FactValue<'a>], numbers: &mut Vec<u64>) {
        let each = self.others.iter_mut().zip(values);
        numbers.extend(each.map(|(others, value)| code(others, value)));
    }
}

fn code<'a>(others: &mut HashMap<FactValue<'a>, u64, Fast>, value: &FactValue<'a>) -> u64 {
    let word = |number: u64| (number << BITS) | WORD;
    match value {
        FactValue::Null => word(0),
        FactValue::Unknown(_) => word(1),
        FactValue::Bool(false) => word(2),
        FactValue::Bool(true) => word(3),
        FactValue::Int(int) if int.unsigned_abs() < 1 << 60 => (int.cast_unsigned() << BITS) | INT,
        FactValue::Text(text) if text.len() < 8 => {
            // Bytes and their number fill 59 bits.
            let bytes = text
                .bytes()
                .fold(0, |all, byte| (all << 8) | u64::from(byte));
            (((bytes << 3) | text.len() as u64) << BITS) | TEXT
        }
        FactValue::Int(_) | FactValue::Float(_) | FactValue::Text(_) | FactValue::List(_) => {
            if let Some(code) = others.get(value) {
                return *code;
            }
            let code = (u64::try_from(others.len()).unwrap_or(u64::MAX) << BITS) | OTHER;
            others.insert(value.clone(), code);
            code
        }
    }
}

/// A hasher for keys that nobody chooses in order to slow the program down:
/// the numbers above, and values of facts that are few.
pub(super) type Fast = BuildHasherDefault<FastHasher>;

/// Multiplies and rotates, as the hasher of Firefox does.
#[derive(Debug, Default, Clone)]
pub(super) struct FastHasher(u64);

impl FastHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        // The upper bits are the well mixed ones, and tables look at the lower.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.add(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(u64::try_from(value).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = FactValue<'static>> {
        prop_oneof![
            Just(FactValue::Null),
            Just(FactValue::Unknown(vec![])),
            any::<bool>().prop_map(FactValue::Bool),
            prop_oneof![-3..3_i64, any::<i64>()].prop_map(FactValue::Int),
            (-3..3_i32).prop_map(|it| FactValue::Float(it.into())),
            "[ab\\x00ä]{0,9}".prop_map(FactValue::text),
            prop::collection::vec("[ab]{0,1}", 0..3).prop_map(FactValue::list),
        ]
    }

    proptest! {
        #[test]
        fn numbers_are_equal_for_equal_values_alone(values in prop::collection::vec(value(), 2..20)) {
            let mut codes = Codes::new(1);
            let mut numbers = vec![];
            for value in &values {
                codes.add(std::slice::from_ref(value), &mut numbers);
            }
            for (one, number) in values.iter().zip(&numbers) {
                for (other, other_number) in values.iter().zip(&numbers) {
                    prop_assert_eq!(one == other, number == other_number);
                }
            }
        }
    }

    #[test]
    fn long_texts_are_hashed_to_their_end() {
        let hash = |text: &str| {
            let mut hasher = FastHasher::default();
            hasher.write(text.as_bytes());
            hasher.finish()
        };
        assert_ne!(hash("0123456789a"), hash("0123456789b"));
        assert_ne!(hash("01234567a"), hash("11234567a"));
    }
}
