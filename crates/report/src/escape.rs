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

/// The text with every character that acts escaped, and with every command to
/// the program that reads a pipeline's log taken apart; borrowed if there is
/// neither.
pub fn inert(text: &str, charset: Charset) -> Cow<'_, str> {
    let hidden = |c: char| acts(c) || (charset == Charset::Ascii && !c.is_ascii());
    let mut orders = orders(text);
    if orders.is_empty() && !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        let order = orders.last() == Some(&at);
        if order {
            orders.pop();
        }
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if order || hidden(c) => {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// The same, shortened with a mark if it is longer than any id of a cloud.
pub fn brief(text: &str, charset: Charset) -> String {
    inert(&shorten(text, LONGEST, charset), charset).into_owned()
}

/// Commands that the runner of GitHub Actions obeys where a line begins with
/// `::` and their name. What wraps lines may put any word at the beginning.
///
/// Source: GitHub Docs, "Workflow commands for GitHub Actions".
const ORDERS: [&str; 16] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "internal-set-repo-path",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// Places of the characters without which a pipeline's log holds no command,
/// the last one first: the second `#` of `##[`, `##vso[` (Azure Pipelines) and
/// the like, which are obeyed wherever they stand, and the second `:` before
/// one of [`ORDERS`].
///
/// Source: Azure DevOps, "Logging commands"; TeamCity, "Service Messages".
fn orders(text: &str) -> Vec<usize> {
    let mut places = vec![];
    for (at, _) in text.match_indices("##") {
        let rest = text.get(at + 2..).unwrap_or_default();
        if rest
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#')
            .starts_with('[')
        {
            places.push(at + 1);
        }
    }
    for (at, _) in text.match_indices(':') {
        let Some(rest) = text.get(at + 1..).and_then(|it| it.strip_prefix(':')) else {
            continue;
        };
        let name = |c: char| c.is_ascii_alphabetic() || c == '-';
        let end = rest.find(|c| !name(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let known = ORDERS.iter().any(|it| it.eq_ignore_ascii_case(word));
        if known && (after.starts_with("::") || after.starts_with(' ')) {
            places.push(at + 1);
        }
    }
    places.sort_unstable_by(|one, other| other.cmp(one));
    places
}

/// Whether a character does something to a terminal or to its neighbours
/// instead of showing itself, or shows nothing at all.
///
/// Source: Unicode Standard, general categories Cc, Cf, Zl and Zp;
/// DerivedCoreProperties.txt, "Default_Ignorable_Code_Point"; Unicode
/// Technical Report 36, "Bidirectional text spoofing".
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Characters after which a name or a message is shortened. Ids of all clouds
/// are shorter.
const LONGEST: usize = 1_000;

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

    #[test]
    fn nothing_in_a_log_is_obeyed() {
        for (text, shown) in [
            ("::error::x", r":\u{3a}error::x"),
            (":::error::", r"::\u{3a}error::"),
            ("a ::Set-Output name=x::y", r"a :\u{3a}Set-Output name=x::y"),
            ("##[add-mask]x", r"#\u{23}[add-mask]x"),
            ("##vso[task.setvariable]x", r"#\u{23}vso[task.setvariable]x"),
            (
                "###teamcity[x ::group::",
                r"#\u{23}#teamcity[x :\u{3a}group::",
            ),
        ] {
            assert_eq!(inert(text, Charset::Unicode), shown);
        }
        for text in [
            "::/0",
            "::ffff:10.0.0.1",
            "::dead beef",
            "AWS::ElastiCache::User",
            "arn:aws:iam::aws:policy/x",
            "## a",
            "#[x]",
            "C::errors ::echoes",
        ] {
            assert_eq!(inert(text, Charset::Unicode), text);
        }
    }

    proptest! {
        #[test]
        fn orders_are_found_and_gone(text in "(::|##|error|group|vso|\\[| |x){0,8}") {
            let shown = inert(&text, Charset::Unicode);
            prop_assert_eq!(inert(&shown, Charset::Unicode), shown.as_ref());
            prop_assert!(!shown.contains("::error::") && !shown.contains("##["));
        }

        #[test]
        fn nothing_that_acts_is_left(text in any::<String>()) {
            let shown = inert(&text, Charset::Unicode);
            prop_assert!(!shown.chars().any(acts), "{shown:?}");
            prop_assert!(inert(&text, Charset::Ascii).is_ascii());
            prop_assert_eq!(&inert(&shown, Charset::Unicode), &shown);
        }
    }
}
