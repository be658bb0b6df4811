//! Patterns in which `*` stands for any run of characters.

/// Whether the whole text fits the pattern.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let middle: Vec<&str> = parts.collect();
    let Some((last, middle)) = middle.split_last() else {
        // No star at all.
        return rest.is_empty();
    };
    // The earliest place for each part leaves the most room for the others.
    let mut rest = rest;
    for part in middle {
        match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;
    use proptest::prelude::*;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "ab"),
            ("a*c", "abbc"),
            ("a*b*c", "aXbYbc"),
            ("a", "a"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a*c", "ab"),
            ("a*a", "a"),
            ("a", "ab"),
            ("*b", "ba"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    /// Letter by letter.
    fn slow(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['*', rest @ ..] => (0..=text.len()).any(|at| slow(rest, &text[at..])),
            [letter, rest @ ..] => text.first() == Some(letter) && slow(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_letter_by_letter(pattern in "[ab*]{0,6}", text in "[ab]{0,8}") {
            let letters = |text: &str| text.chars().collect::<Vec<char>>();
            prop_assert_eq!(fits(&pattern, &text), slow(&letters(&pattern), &letters(&text)));
        }
    }
}
