//! JSON in which no character acts.

use std::io::{self, Write};

use serde_json::ser::{Formatter, PrettyFormatter};

use crate::escape::acts;

/// Two spaces of indent; characters that act are written by their number, and
/// so is the second of two `#`, with which commands begin in pipelines' logs.
///
/// Source: RFC 8259, section 7.
pub(super) struct Inert(PrettyFormatter<'static>);

impl Inert {
    pub(super) fn new() -> Self {
        Self(PrettyFormatter::new())
    }
}

impl Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let bytes = text.as_bytes();
        let plain = |it: &u8| (b' '..0x7f).contains(it) && *it != b'#';
        if bytes.iter().all(plain) {
            return out.write_all(bytes);
        }
        let (mut written, mut before) = (0, ' ');
        for (at, c) in text.char_indices() {
            if acts(c) || (c == '#' && before == '#') {
                out.write_all(bytes.get(written..at).unwrap_or_default())?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                written = at + c.len_utf8();
            }
            before = c;
        }
        out.write_all(bytes.get(written..).unwrap_or_default())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::write_json;

    fn written(text: &str) -> String {
        let mut out = vec![];
        write_json(&[text], &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_acts_is_written_by_its_number() {
        let text = "\u{1b}a\u{9b}\u{202e}\u{e0041}ü ##[b]";
        let expected = "[\n  \"\\u001ba\\u009b\\u202e\\udb40\\udc41ü #\\u0023[b]\"\n]";
        assert_eq!(written(text), expected);
    }

    proptest! {
        #[test]
        fn texts_are_as_they_are_to_who_parses_them(text in any::<String>()) {
            let json = written(&text);
            prop_assert!(!json.chars().any(|it| acts(it) && it != '\n'), "{json:?}");
            prop_assert!(!json.contains("##"));
            let parsed: Vec<String> = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(parsed, vec![text]);
        }
    }
}
