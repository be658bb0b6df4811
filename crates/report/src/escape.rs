//! Text of strangers, made inert.
//!
//! Names, tags and descriptions come from whoever may create a resource. In a
//! terminal they must not move the cursor, change colours, turn the direction
//! of writing or start a line of their own. Characters that act are shown as
//! `\u{202e}` instead; text without end is shortened, with a mark.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// ASCII alone: all other characters are escaped.
    Ascii,
    /// All characters that do nothing but show themselves.
    Unicode,
}

/// The text with every character that acts escaped; borrowed if there is none.
pub fn inert(text: &str, charset: Charset) -> Cow<'_, str> {
    let hidden = |c: char| acts(c) || (charset == Charset::Ascii && !c.is_ascii());
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if hidden(c) => {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character does something to a terminal or to its neighbours
/// instead of showing itself.
///
/// Source: Unicode Standard, general categories Cc, Cf, Zl and Zp; Unicode
/// Technical Report 36, "Bidirectional text spoofing".
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e007f}')
}

/// At most `most` characters, and then a mark that says how many are missing.
pub(crate) fn shorten(text: &str, most: usize, charset: Charset) -> Cow<'_, str> {
    let Some((cut, _)) = text.char_indices().nth(most) else {
        return Cow::Borrowed(text);
    };
    let (shown, rest) = text.split_at(cut);
    let mark = match charset {
        Charset::Ascii => "...",
        Charset::Unicode => "…",
    };
    Cow::Owned(format!(
        "{shown}{mark}(+{} characters)",
        rest.chars().count()
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_acts_is_shown_as_its_number() {
        let hostile = "a\u{1b}[31mb\u{202e}c\u{9b}d\ne\u{7f}";
        assert_eq!(
            inert(hostile, Charset::Unicode),
            r"a\u{1b}[31mb\u{202e}c\u{9b}d\ne\u{7f}"
        );
        assert_eq!(inert("Zürich → 東京", Charset::Unicode), "Zürich → 東京");
        assert_eq!(inert("Zürich", Charset::Ascii), r"Z\u{fc}rich");
    }

    #[test]
    fn what_is_cut_is_counted() {
        assert_eq!(shorten("abc", 3, Charset::Unicode), "abc");
        assert_eq!(shorten("äbcd", 2, Charset::Unicode), "äb…(+2 characters)");
        assert_eq!(shorten("abcd", 1, Charset::Ascii), "a...(+3 characters)");
    }

    proptest! {
        #[test]
        fn nothing_that_acts_is_left(text in any::<String>()) {
            let shown = inert(&text, Charset::Unicode);
            prop_assert!(!shown.chars().any(acts), "{shown:?}");
            prop_assert!(inert(&text, Charset::Ascii).is_ascii());
            prop_assert_eq!(&inert(&shown, Charset::Unicode), &shown);
        }
    }
}
