//! Knowing less never opens anything.

use std::collections::BTreeMap;

use cachewarden_model::Outcome;
use proptest::prelude::*;

use crate::agreement::{any_estate, ask, bytes, key, show};
use crate::choices::Choices;
use crate::hide::{Hidden, hide_any};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn hiding_a_fact_opens_nothing(bytes in bytes(), which in any::<[u8; 4]>()) {
        let before = any_estate(&mut Choices::new(&bytes));
        let mut after = before.clone();
        let Some(hidden) = hide_any(&mut Choices::new(&which), &mut after) else {
            return Ok(());
        };
        after.sort();
        let was: BTreeMap<_, _> =
            ask(&before).connections.iter().map(|it| (key(it), it.outcome)).collect();
        for connection in &ask(&after).connections {
            let Some(was) = was.get(&key(connection)) else { continue };
            let is = connection.outcome;
            let allowed = match hidden {
                Hidden::Knowledge => is == *was || is == Outcome::Unknown,
                Hidden::Packets => is != Outcome::Open || *was == Outcome::Open,
            };
            prop_assert!(allowed, "{was:?} became {is:?}: {}", show(connection));
        }
    }
}
