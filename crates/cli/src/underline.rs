//! A mistake in a text of the user's, with its place underlined.
//!
//! Messages and lines may hold what strangers wrote: they are made inert, and
//! of a line that is wider than the terminal the part around the place is
//! shown.

use anstyle::{AnsiColor, Style};
use cachewarden_report::{Charset, Look, brief, inert};
use miette::{Diagnostic, SourceCode, SourceSpan};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a line has at least, whatever the terminal has.
const NARROWEST: usize = 40;

/// How a frame is drawn.
struct Frame {
    top: &'static str,
    side: char,
    gap: char,
    bottom: &'static str,
    mark: char,
    cut: &'static str,
}

const ASCII: Frame = Frame {
    top: ",-[",
    side: '|',
    gap: ':',
    bottom: "`----",
    mark: '^',
    cut: "...",
};

const UNICODE: Frame = Frame {
    top: "╭─[",
    side: '│',
    gap: '·',
    bottom: "╰────",
    mark: '─',
    cut: "…",
};

/// The mistake, its place with a line before and after it, and what may help.
/// None if it has no place in this text.
pub(crate) fn underlined(
    mistake: &dyn Diagnostic,
    source: &dyn SourceCode,
    look: Look,
) -> Option<String> {
    let label = mistake.labels()?.next()?;
    let place = Place::read(source, *label.inner())?;
    let frame = match look.charset {
        Charset::Ascii => &ASCII,
        Charset::Unicode => &UNICODE,
    };
    let paint = |text: &str, style: Style| {
        if look.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    };
    let bad = AnsiColor::Red.on_default();
    let what = brief(&mistake.to_string(), look.charset);
    let mut text = format!("{} {what}\n", paint("error:", bad.bold()));
    text.push_str(&place.frame(frame, look, |it| paint(it, bad)));
    if let Some(help) = mistake.help() {
        let word = paint("help:", AnsiColor::Cyan.on_default());
        text.push_str(&format!(
            "{word} {}\n",
            brief(&help.to_string(), look.charset)
        ));
    }
    Some(text)
}

/// Where a mistake stands.
struct Place {
    /// Of the text.
    name: String,
    /// The lines around it, with their numbers, counted from 1.
    lines: Vec<(usize, String)>,
    /// The number of the line that it begins in.
    line: usize,
    /// Its bytes in that line.
    from: usize,
    to: usize,
}

impl Place {
    fn read(source: &dyn SourceCode, span: SourceSpan) -> Option<Self> {
        // What is missing at the end of a text has its place behind it.
        let contents = source
            .read_span(&span, 1, 1)
            .or_else(|_| source.read_span(&(span.offset(), 0).into(), 1, 1))
            .ok()?;
        let text = String::from_utf8_lossy(contents.data());
        let mut before = span.offset().checked_sub(contents.span().offset())?;
        let mut lines = vec![];
        let mut found = None;
        for (number, line) in (contents.line() + 1..).zip(text.split_inclusive('\n')) {
            let shown = line.trim_end_matches(['\n', '\r']);
            if found.is_none() && (before < line.len() || before == line.len() && line == shown) {
                let from = before.min(shown.len());
                let to = before.saturating_add(span.len()).min(shown.len());
                found = Some((number, from, to));
            }
            before = before.saturating_sub(line.len());
            lines.push((number, shown.to_owned()));
        }
        let (line, from, to) = found.unwrap_or_else(|| {
            // Behind the last line break, or in a text without a line.
            let number = lines.last().map_or(1, |(number, _)| number + 1);
            lines.push((number, String::new()));
            (number, 0, 0)
        });
        Some(Self {
            name: contents.name().unwrap_or_default().to_owned(),
            lines,
            line,
            from,
            to,
        })
    }

    fn frame(&self, frame: &Frame, look: Look, paint: impl Fn(&str) -> String) -> String {
        let last = self.lines.last().map_or(1, |(number, _)| *number);
        let digits = last.to_string().len();
        let room = look.width.max(NARROWEST).saturating_sub(digits + 5);
        let own = self.lines.iter().find(|(number, _)| *number == self.line);
        let own = own.map_or("", |(_, text)| text.as_str());
        let columns = |part: Option<&str>| inert(part.unwrap_or_default(), look.charset).width();
        let before = columns(own.get(..self.from));
        let marked = columns(own.get(self.from..self.to));
        // All lines are shown from the column on that this one is shown from.
        let skipped = if before + marked > room {
            let width = columns(Some(own));
            before
                .saturating_sub(room / 3)
                .min(width.saturating_sub(room))
        } else {
            0
        };
        let before = before - skipped;
        let marked = marked.clamp(1, room.saturating_sub(before).max(1));
        let mut rows = String::new();
        for (number, text) in &self.lines {
            let line = window(&inert(text, look.charset), skipped, room, frame.cut);
            let row = format!(" {number:digits$} {} {line}", frame.side);
            rows.push_str(row.trim_end());
            rows.push('\n');
            if *number == self.line {
                let marks = paint(&frame.mark.to_string().repeat(marked));
                let row = format!(" {:digits$} {} {:before$}{marks}\n", "", frame.gap, "");
                rows.push_str(&row);
            }
        }
        let column = own.get(..self.from).map_or(1, |it| it.chars().count() + 1);
        let (name, pad) = (brief(&self.name, look.charset), digits + 2);
        format!(
            "{:pad$}{}{name}:{}:{column}]\n{rows}{:pad$}{}\n",
            "", frame.top, self.line, "", frame.bottom
        )
    }
}

/// The part of a line from a column on that has room, with marks where it is
/// cut.
fn window(line: &str, from: usize, room: usize, cut: &str) -> String {
    if from == 0 && line.width() <= room {
        return line.to_owned();
    }
    let all = line.width().saturating_sub(from) <= room;
    let end_of_window = from + if all { room } else { room - cut.width() };
    let (mut part, mut column) = (String::new(), 0);
    if from > 0 {
        part.push_str(cut);
    }
    let first = from + part.width();
    for c in line.chars() {
        let end = column + c.width().unwrap_or_default();
        if end > end_of_window {
            part.push_str(cut);
            break;
        }
        if column >= first {
            part.push(c);
        }
        column = end;
    }
    part
}

#[cfg(test)]
mod tests {
    use miette::NamedSource;

    use super::*;
    use crate::config::Mistake;

    fn said(text: &str, at: std::ops::Range<usize>, look: Look) -> String {
        let source = NamedSource::new("a.yaml", text.to_owned());
        underlined(&Mistake::new("wrong", at), &source, look).unwrap()
    }

    #[test]
    fn the_place_is_underlined_between_its_neighbours() {
        let text = said("a: 1\nb: tüür\nc: 3\nd: 4\n", 8..14, Look::PLAIN);
        let expected = "\
error: wrong
   ╭─[a.yaml:2:4]
 1 │ a: 1
 2 │ b: tüür
   ·    ────
 3 │ c: 3
   ╰────
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_place_behind_the_text_is_its_end() {
        assert!(said("a: [", 4..5, Look::PLAIN).contains("[a.yaml:1:5]"));
        assert!(said("", 0..1, Look::PLAIN).contains("[a.yaml:1:1]"));
        let source = NamedSource::new("a.yaml", "a\n".to_owned());
        assert!(underlined(&Mistake::new("wrong", 9..12), &source, Look::PLAIN).is_none());
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("a: {}here{}\n", "x".repeat(500), "y".repeat(500));
        let said = said(&text, 503..507, Look::PLAIN);
        let rows: Vec<&str> = said.lines().collect();
        assert!(rows.iter().all(|it| it.chars().count() <= 80), "{said}");
        let from = |row: &str, what: char| row.chars().position(|it| it == what);
        let (line, marks) = (rows[2], rows[3]);
        assert_eq!(from(line, 'h'), from(marks, '─'), "{said}");
        assert!(line.contains("…x") && line.ends_with("y…"), "{said}");
    }

    #[test]
    fn what_acts_in_a_line_is_shown() {
        let text = said("a: \u{202e}\u{1b}[31m b\n", 3..12, Look::PLAIN);
        assert!(text.contains(r"a: \u{202e}\u{1b}[31m b"), "{text}");
        assert!(!text.contains(['\u{202e}', '\u{1b}']), "{text}");
        let ascii = Look {
            charset: Charset::Ascii,
            ..Look::PLAIN
        };
        assert!(said("a: ü\n", 3..5, ascii).is_ascii());
    }
}
