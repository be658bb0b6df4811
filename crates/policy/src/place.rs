//! Places in a file: of a YAML value, and of a part of an expression inside
//! one.

use std::ops::Range;

use serde_saphyr::{Location, Spanned};

/// The bytes at a location that the YAML parser names.
pub(crate) fn bytes(text: &str, at: Location) -> Range<usize> {
    let span = at.span();
    let exact = span
        .byte_offset()
        .zip(span.byte_len())
        .and_then(|(offset, len)| {
            let start = usize::try_from(offset).ok()?;
            let end = start.checked_add(usize::try_from(len).ok()?)?;
            text.get(start..end).map(|_| start..end)
        });
    exact.unwrap_or_else(|| from_line(text, at))
}

/// Without byte offsets: from line and column, one character long.
fn from_line(text: &str, at: Location) -> Range<usize> {
    let line = usize::try_from(at.line().saturating_sub(1)).unwrap_or(usize::MAX);
    let column = usize::try_from(at.column().saturating_sub(1)).unwrap_or(usize::MAX);
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let rest = rest.split('\n').next().unwrap_or_default();
    let mut characters = rest.char_indices().skip(column);
    match characters.next() {
        Some((offset, character)) => before + offset..before + offset + character.len_utf8(),
        None => before + rest.len()..before + rest.len(),
    }
}

/// The bytes of a whole value.
pub(crate) fn of<T>(text: &str, value: &Spanned<T>) -> Range<usize> {
    let span = bytes(text, value.referenced);
    let raw = text.get(span.clone()).unwrap_or_default();
    span.start..span.start + raw.trim_end().len()
}

/// The bytes in the file of a part of a value that is text.
///
/// YAML folds lines and writes quotes twice, so the two are walked side by
/// side: whatever is no blank stands in the file in the same order.
pub(crate) fn within(text: &str, value: &Spanned<String>, part: Range<usize>) -> Range<usize> {
    let whole = of(text, value);
    let raw = text.get(whole.clone()).unwrap_or_default();
    let skipped = if raw.starts_with(['|', '>']) {
        raw.find('\n').unwrap_or(raw.len())
    } else {
        0
    };
    let mut written = raw.char_indices().filter(|(at, _)| *at >= skipped);
    let (mut start, mut end) = (None, None);
    for (at, character) in value.value.char_indices() {
        if character.is_whitespace() {
            continue;
        }
        let Some((found, _)) = written.find(|(_, raw)| *raw == character) else {
            break;
        };
        if at >= part.start && start.is_none() {
            start = Some(found);
        }
        if at < part.end {
            end = Some(found + character.len_utf8());
        }
    }
    match (start, end) {
        (Some(start), Some(end)) if start < end => whole.start + start..whole.start + end,
        (Some(start), _) => whole.start + start..whole.start + start,
        // Past the end of the value: an expression that breaks off.
        (None, Some(end)) => whole.start + end..whole.start + end,
        (None, None) => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct File {
        require: Spanned<String>,
    }

    fn underlined<'t>(yaml: &'t str, part: &str) -> &'t str {
        let file: File = serde_saphyr::from_str(yaml).unwrap();
        let start = file.require.value.find(part).unwrap();
        yaml.get(within(yaml, &file.require, start..start + part.len()))
            .unwrap()
    }

    #[test]
    fn parts_are_found_in_every_kind_of_scalar() {
        for yaml in [
            "require: cache.a && cache.bb\n",
            "require: \"cache.a && cache.bb\"\n",
            "require: 'cache.a == ''x'' && cache.bb'\n",
            "id: x\nrequire: |\n  cache.a &&\n    cache.bb\n",
            "id: ä\nrequire: >-\n  cache.a &&\n  cache.bb\n",
            "require:\n  cache.a &&\n  cache.bb\n",
        ] {
            assert_eq!(underlined(yaml, "cache.bb"), "cache.bb", "{yaml}");
        }
    }

    #[test]
    fn what_breaks_off_is_shown_at_its_end() {
        let yaml = "require: >-\n  cache.a &&\nid: x\n";
        let file: File = serde_saphyr::from_str(yaml).unwrap();
        let end = file.require.value.len();
        let at = within(yaml, &file.require, end..end + 1);
        assert_eq!(yaml.get(..at.start).unwrap(), "require: >-\n  cache.a &&");
    }

    #[test]
    fn errors_without_offsets_have_a_line() {
        let yaml = "id: a\nä: - b\n";
        let error = serde_saphyr::from_str::<File>(yaml).err().unwrap();
        let at = bytes(yaml, error.location().unwrap());
        assert!(at.start > 5, "{at:?}");
    }
}
