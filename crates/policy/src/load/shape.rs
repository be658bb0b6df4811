//! The keys and values of one file, before anything is made of them.

use crate::file::{KEYS, Keys, PolicyFile};
use crate::mistake::{Mistake, Problem, Text};
use crate::near;
use crate::place;

/// The shape of the file. Unknown and missing keys are all noted; of values
/// with the wrong shape only the first, for the parser stops there.
pub(super) fn read(text: &Text, mistakes: &mut Vec<Mistake>) -> Option<PolicyFile> {
    let keys = match serde_saphyr::from_str::<Keys>(&text.text) {
        Ok(keys) => keys.0.into_iter().map(|(key, _)| key).collect::<Vec<_>>(),
        Err(error) => {
            mistakes.push(Mistake::yaml(text, &error));
            return None;
        }
    };
    for key in &keys {
        if !KEYS.iter().any(|(known, _)| *known == key.value) {
            let help = near::hint(&key.value, KEYS.iter().map(|(known, _)| *known));
            let span = place::of(&text.text, key);
            let problem = Problem::UnknownKey {
                key: key.value.clone(),
            };
            mistakes.push(Mistake::at(text, span, problem).with_help(help));
        }
    }
    let has = |key: &str| keys.iter().any(|it| it.value == key);
    let missing: Vec<&'static str> = KEYS
        .iter()
        .filter(|(key, needed)| *needed && !has(key))
        .map(|(key, _)| *key)
        .collect();
    let start = keys.first().map_or(0..0, |key| place::of(&text.text, key));
    for key in &missing {
        mistakes.push(Mistake::at(
            text,
            start.clone(),
            Problem::MissingKey { key },
        ));
    }
    match serde_saphyr::from_str::<PolicyFile>(&text.text) {
        Ok(file) => Some(file),
        Err(error) => {
            // The first missing key is this error, and is noted already.
            if missing.is_empty() {
                mistakes.push(Mistake::yaml(text, &error));
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_policies_have_no_unknown_keys() {
        for (path, text) in crate::builtin::POLICIES {
            let mut mistakes = vec![];
            assert!(
                read(&Text::new(*path, *text), &mut mistakes).is_some(),
                "{path}"
            );
            assert!(mistakes.is_empty(), "{path}: {mistakes:?}");
        }
    }
}
