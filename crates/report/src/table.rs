//! Text for a terminal: what is worst first, what was not seen last, where
//! the eye rests.

mod audit;
mod finding;
mod gaps;
mod ids;
mod page;
mod phrase;
mod policies;
mod reach;

mod why;

use crate::Document;
use crate::escape::Charset;

/// How a table looks. The environment is the caller's to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns that lines have to fit in; at least 40 are used. Words of a
    /// command are never parted, whatever their length.
    pub width: usize,
    /// Whether ANSI colours are written.
    pub color: bool,
    /// What the terminal can show.
    pub charset: Charset,
}

impl Look {
    /// What suits a file: 80 columns, no colour, all characters.
    pub const PLAIN: Self = Self {
        width: 80,
        color: false,
        charset: Charset::Unicode,
    };
}

pub(crate) fn render(document: Document<'_>, look: Look) -> String {
    let mut page = page::Page::new(look);
    match document {
        Document::Audit(audit) => audit::render(audit, &mut page),
        Document::Reach(report) => reach::render(report, &mut page),
        Document::Why(report) => why::render(report, &mut page),
        Document::Policies { entries, .. } => policies::list(entries, &mut page),
        Document::Policy(policy) => policies::one(policy, &mut page),
    }
    page.finish()
}

#[cfg(test)]
mod tests;
