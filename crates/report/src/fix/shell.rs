//! Words for a POSIX shell. Values come from clouds: each is quoted unless it
//! is plain, so that no value can become a command.
//!
//! Source: POSIX.1-2017, Shell Command Language, section 2.2, "Quoting".

/// The words as one command line.
pub(super) fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(quote).collect();
    quoted.join(" ")
}

fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The words of a command line, still quoted, so that they can be set on
/// several lines. What stands in quotes is never parted.
pub(crate) fn split(command: &str) -> Vec<&str> {
    let mut words = vec![];
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, c) in command.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (None | Some('"'), '\\') => escaped = true,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => {
                words.extend(command.get(start..at).filter(|word| !word.is_empty()));
                start = at + 1;
            }
            _ => {}
        }
    }
    words.extend(command.get(start..).filter(|word| !word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_words_stay_plain() {
        assert_eq!(
            join(["aws", "--cidr", "10.0.0.0/16"]),
            "aws --cidr 10.0.0.0/16"
        );
        assert_eq!(
            join(["a b", "", "$(x)", "it's"]),
            r"'a b' '' '$(x)' 'it'\''s'"
        );
        assert_eq!(split(r"a 'b c'\''d' e\ f"), ["a", r"'b c'\''d'", r"e\ f"]);
    }

    proptest! {
        #[test]
        fn words_survive(words in proptest::collection::vec("[ -~]{0,12}", 1..6)) {
            let line = join(words.iter().map(String::as_str));
            let split: Vec<String> = split(&line).into_iter().map(str::to_owned).collect();
            prop_assert_eq!(split.iter().map(|it| unquote(it)).collect::<Vec<_>>(), words);
        }
    }

    /// What a shell makes of one word of `quote`'s making.
    fn unquote(word: &str) -> String {
        let mut text = String::new();
        let mut quoted = false;
        let mut rest = word.chars();
        while let Some(c) = rest.next() {
            match c {
                '\'' => quoted = !quoted,
                '\\' if !quoted => text.extend(rest.next()),
                c => text.push(c),
            }
        }
        text
    }
}
