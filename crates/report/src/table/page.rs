//! The lines of a table. All text passes through here and is made inert on
//! its way; colour is added after that, so that none can come with a name.

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::escape::{Charset, brief, inert};
use crate::fix::split_command;
use crate::table::Look;
use crate::table::ids::short;

/// A colour by what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// As the terminal has it.
    Plain,
    /// Titles.
    Strong,
    /// What is less important than its neighbours.
    Faint,
    /// Something is wrong.
    Bad,
    /// Something is wrong in part, or might become so.
    Warn,
    /// Something is as it should be.
    Good,
    /// Something is not known.
    Unsure,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Unsure => AnsiColor::Magenta.on_default(),
        }
    }
}

/// A piece of a line: its text and its ink.
pub(crate) type Piece<'a> = (&'a str, Ink);

/// Width of the labels of fields.
const LABEL: usize = 9;

/// Width of the names of rows: the longest stage.
const NAME: usize = 16;

/// Lines, as they grow.
pub(crate) struct Page {
    look: Look,
    out: String,
}

impl Page {
    pub(crate) fn new(look: Look) -> Self {
        Self {
            look: Look {
                width: look.width.max(40),
                ..look
            },
            out: String::new(),
        }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// One of two marks: what a terminal of ASCII shows, and all others.
    pub(crate) fn mark(&self, ascii: &'static str, unicode: &'static str) -> &'static str {
        match self.look.charset {
            Charset::Ascii => ascii,
            Charset::Unicode => unicode,
        }
    }

    /// An empty line; never two, and none at the top.
    pub(crate) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A paragraph; lines after the first are indented by two more.
    pub(crate) fn text(&mut self, indent: usize, pieces: &[Piece<'_>]) {
        self.wrapped(indent, "", indent + 2, pieces);
    }

    /// A label and what is to say, with all lines of it below each other.
    pub(crate) fn field(&mut self, indent: usize, label: &str, pieces: &[Piece<'_>]) {
        let label = format!("{label:LABEL$} ");
        let hanging = indent + label.len();
        self.wrapped(indent, &self.painted(&label, Ink::Faint), hanging, pieces);
    }

    /// The same for a single piece, with its ids in full.
    pub(crate) fn field_in_full(&mut self, indent: usize, label: &str, (text, ink): Piece<'_>) {
        let label = format!("{label:LABEL$} ");
        let text = self.painted(&brief(text, self.look.charset), ink);
        let hanging = indent + label.len();
        self.paragraph(indent, &self.painted(&label, Ink::Faint), hanging, &text);
    }

    /// A paragraph of a single piece, with its ids in full.
    pub(crate) fn text_in_full(&mut self, indent: usize, (text, ink): Piece<'_>) {
        let text = self.painted(&brief(text, self.look.charset), ink);
        self.paragraph(indent, "", indent + 2, &text);
    }

    /// A mark, a name in a column of its own, and what is to say.
    pub(crate) fn row(&mut self, indent: usize, mark: Piece<'_>, name: &str, pieces: &[Piece<'_>]) {
        let name = format!("{name:NAME$} ");
        let label = format!("{} {name}", self.painted(mark.0, mark.1));
        self.wrapped(indent, &label, indent + 2 + name.len(), pieces);
    }

    /// A command. Its words are never parted; where it needs several lines,
    /// all but the last end in `\`, so that it can be copied as it is.
    pub(crate) fn command(&mut self, indent: usize, command: &str) {
        for line in command.lines() {
            let mut row = format!("{:indent$}$", "");
            for word in options_with_values(line) {
                let word = inert(&word, self.look.charset);
                let width = display_width(&row);
                // Room is left for a backslash at the end.
                if width > indent + 4 && width + 3 + display_width(&word) > self.look.width {
                    self.out.push_str(&row);
                    self.out.push_str(" \\\n");
                    row = format!("{:width$}", "", width = indent + 5);
                } else {
                    row.push(' ');
                }
                row.push_str(&word);
            }
            self.out.push_str(&row);
            self.out.push('\n');
        }
    }

    /// A grid whose first column has an ink for each row.
    pub(crate) fn grid(&mut self, head: &[&str], rows: &[(Ink, Vec<String>)]) {
        let mut table = Table::new();
        table
            .load_preset(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(self.look.width).unwrap_or(u16::MAX))
            .set_header(head.iter().copied());
        for (_, row) in rows {
            table.add_row(row.iter().map(|cell| self.safe(cell)));
        }
        // Cells that wrap make several lines, of which only the first has
        // something in the first column.
        let mut inks = rows
            .iter()
            .map(|(ink, row)| (*ink, row.first().map_or("", String::as_str)));
        for (number, line) in table.lines().enumerate() {
            let line = line.trim_end();
            let line = line.strip_prefix(' ').unwrap_or(line);
            if number == 0 {
                let head = self.painted(line, Ink::Faint);
                self.out.push_str(&head);
            } else if line.starts_with(' ') {
                self.out.push_str(line);
            } else if let Some((ink, first)) = inks.next()
                && let Some(rest) = line.strip_prefix(first)
            {
                let first = self.painted(first, ink);
                self.out.push_str(&first);
                self.out.push_str(rest);
            } else {
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn wrapped(&mut self, indent: usize, label: &str, hanging: usize, pieces: &[Piece<'_>]) {
        let text: String = pieces
            .iter()
            .map(|(text, ink)| self.painted(&self.safe(text), *ink))
            .collect();
        self.paragraph(indent, label, hanging, &text);
    }

    fn paragraph(&mut self, indent: usize, label: &str, hanging: usize, text: &str) {
        let first = format!("{:indent$}{label}", "");
        let next = " ".repeat(hanging);
        let options = Options::new(self.look.width)
            .initial_indent(&first)
            .subsequent_indent(&next)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
        for line in textwrap::wrap(text, options) {
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    fn safe(&self, text: &str) -> String {
        brief(&short(text), self.look.charset)
    }

    fn painted(&self, text: &str, ink: Ink) -> String {
        if !self.look.color || ink == Ink::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{style}{text}{style:#}")
    }
}

/// The words of a command, an option and its value being one.
fn options_with_values(command: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![];
    let mut option = false;
    for word in split_command(command) {
        let is_option = word.starts_with("--");
        match parts.last_mut() {
            Some(last) if option && !is_option => {
                last.push(' ');
                last.push_str(word);
                option = false;
            }
            _ => {
                parts.push(word.to_owned());
                option = is_option;
            }
        }
    }
    parts
}
