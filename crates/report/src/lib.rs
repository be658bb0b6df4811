//! What was found, as bytes: a table for people, JSON for programs.
//!
//! Reports compute nothing: they show an [`Audit`], a [`ReachReport`] or a list
//! of policies as they are. They read no clock, no file and no environment; the
//! look of a table ([`Look`]) is an argument, and what is written goes to a
//! writer. The same input gives the same bytes.

mod escape;
mod fix;
mod json;
mod policies;
#[cfg(test)]
mod sample;
mod table;

use std::io::{self, Write};

use cachewarden_model::{Audit, ReachReport};

pub use escape::{Charset, brief, inert};
pub use fix::{Wording, words};
pub use json::{Schema, schema, write_json};
pub use policies::{PolicyDetail, PolicyEntry};
pub use table::Look;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Text for a terminal.
    Table,
    /// The stable JSON of version 1.
    Json,
    /// Markdown, for lists of policies only.
    Markdown,
}

impl Format {
    /// The name that the command line uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }
}

/// What is written.
#[derive(Debug, Clone, Copy)]
pub enum Document<'a> {
    /// An audit.
    Audit(&'a Audit),
    /// Connections, one line each.
    Reach(&'a ReachReport),
    /// The same connections, stage by stage. Its JSON is that of `Reach`.
    Why(&'a ReachReport),
    /// Policies.
    Policies {
        /// Sorted by id.
        entries: &'a [PolicyEntry],
        /// The same as Markdown, written by whoever owns the policies.
        markdown: &'a str,
    },
    /// One policy in full. Its JSON is that of a list with one entry.
    Policy(&'a PolicyDetail),
}

/// Nothing was written, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The document has no such format.
    #[error("this document is not written as `{}`", .0.as_str())]
    NotOffered(Format),
    /// The writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes a document. `version` is that of the tool, which the JSON names;
/// `look` is read by [`Format::Table`] only.
///
/// # Errors
///
/// If the writer fails, or the document has no such format: Markdown is for
/// lists of policies only.
pub fn write(
    document: Document<'_>,
    format: Format,
    look: Look,
    version: &str,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    match format {
        Format::Table => out.write_all(table::render(document, look).as_bytes())?,
        Format::Json => json::write(document, version, out)?,
        Format::Markdown => match document {
            Document::Policies { markdown, .. } => out.write_all(markdown.as_bytes())?,
            Document::Audit(_) | Document::Reach(_) | Document::Why(_) | Document::Policy(_) => {
                return Err(WriteError::NotOffered(format));
            }
        },
    }
    Ok(out.flush()?)
}
