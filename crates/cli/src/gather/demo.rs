//! The estate inside the binary.

use cachewarden_model::Snapshot;

use super::GatherError;

/// A small company, with a case of each kind.
static AWS: &[u8] = include_bytes!("../demo/aws.json");

/// The estate as a snapshot.
///
/// # Errors
///
/// If it does not parse, which the tests rule out.
pub(super) fn snapshot() -> Result<Snapshot, GatherError> {
    Snapshot::from_json(AWS).map_err(GatherError::Demo)
}
