//! JSON for programs: stable documents with a version each.

mod inert;
mod v1;

use std::io::{self, Write};

use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::Document;

/// A document whose JSON Schema can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// `cachewarden.report/1`.
    Report,
    /// `cachewarden.reach/1`.
    Reach,
    /// `cachewarden.policies/1`.
    Policies,
}

/// The JSON Schema (draft 2020-12) of a document, as its writer makes it.
pub fn schema(of: Schema) -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    match of {
        Schema::Report => generator.into_root_schema_for::<v1::Report<'_>>(),
        Schema::Reach => generator.into_root_schema_for::<v1::Reach<'_>>(),
        Schema::Policies => generator.into_root_schema_for::<v1::Policies<'_>>(),
    }
    .to_value()
}

/// Writes a document with two spaces of indent and a line break at its end.
///
/// # Errors
///
/// If the writer fails.
pub(crate) fn write(document: Document<'_>, version: &str, out: &mut dyn Write) -> io::Result<()> {
    match document {
        Document::Audit(audit) => pretty(&v1::Report::new(audit, version), out),
        Document::Reach(report) | Document::Why(report) => {
            pretty(&v1::Reach::new(report, version), out)
        }
        Document::Policies { entries, .. } => pretty(&v1::Policies::new(entries), out),
        Document::Policy(policy) => {
            pretty(&v1::Policies::new(std::slice::from_ref(&policy.entry)), out)
        }
    }
}

fn pretty(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_json(document, &mut *out)?;
    out.write_all(b"\n")
}

/// Writes JSON with two spaces of indent. Texts are as they are to whoever
/// parses them; to a terminal and to what reads a pipeline's log they are
/// inert: what acts is written by its number.
///
/// # Errors
///
/// If the writer fails.
pub fn write_json(value: &impl Serialize, out: impl Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, inert::Inert::new());
    Ok(value.serialize(&mut serializer)?)
}

#[cfg(test)]
mod tests;
