//! `schema`: the shape of a document.

use cachewarden_model::Snapshot;
use cachewarden_report::Schema as ReportSchema;

use crate::args::{Schema, SchemaName};
use crate::config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// # Errors
///
/// If the standard output cannot be written.
pub(super) fn run(args: &Schema) -> Result<Exit, Failure> {
    let schema = match args.document {
        SchemaName::Snapshot => {
            output::text(Snapshot::JSON_SCHEMA)?;
            return Ok(Exit::Clean);
        }
        SchemaName::Report => cachewarden_report::schema(ReportSchema::Report),
        SchemaName::Reach => cachewarden_report::schema(ReportSchema::Reach),
        SchemaName::Policies => cachewarden_report::schema(ReportSchema::Policies),
        SchemaName::Policy => cachewarden_policy::policy_schema(),
        SchemaName::Config => config::schema(),
    };
    // `#` asks for indentation, two spaces each.
    output::text(&format!("{schema:#}\n"))?;
    Ok(Exit::Clean)
}
