//! The estate inside the binary.

use cachewarden_model::Snapshot;

use super::GatherError;

/// A small company, with a case of each kind: what it has on each cloud.
static CLOUDS: [&[u8]; 3] = [
    include_bytes!("../demo/aws.json"),
    include_bytes!("../demo/azure.json"),
    include_bytes!("../demo/gcp.json"),
];

/// The estate as a snapshot.
///
/// # Errors
///
/// If it does not parse, which the tests rule out.
pub(super) fn snapshot() -> Result<Snapshot, GatherError> {
    let [first, others @ ..] = &CLOUDS;
    let mut whole = Snapshot::from_json(first).map_err(GatherError::Demo)?;
    for other in others {
        whole = whole.merge(Snapshot::from_json(other).map_err(GatherError::Demo)?);
    }
    Ok(whole)
}
