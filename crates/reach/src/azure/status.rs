//! Whether a cache of Azure takes connections at all.

use cachewarden_model::{Cache, GapReason, Leg, Phase, Stage, Symptom};

use crate::azure::party::gap;
use crate::decide::Through;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// Judges the cache's status. What a client sees of a cache that was disabled
/// stands in no manual.
pub(crate) fn status(cache: &Cache, whole: &mut Through, record: &mut impl Recorder) {
    let step = || Judged::new(Leg::Request, Stage::Status, "cache").resource(&cache.id);
    let status = match cache.status.get() {
        Ok(status) => status,
        Err(gap) => {
            whole.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
            return;
        }
    };
    let text = &status.text;
    match status.phase {
        Phase::Serving => record.record(|| step().allow(text.clone())),
        Phase::Changing => {
            record.record(|| step().allow(format!("{text}: short interruptions while it lasts")))
        }
        Phase::Impaired => {
            record.record(|| step().allow(format!("{text}: nodes that fail cannot be replaced")))
        }
        Phase::Creating => {
            whole.stop();
            record.record(|| {
                step()
                    .deny(format!(
                        "the cache is {text}: its name does not resolve yet"
                    ))
                    .symptom(Symptom::Dns)
                    .remedy(Remedy::Advice("wait until the cache is running".to_owned()))
            });
        }
        Phase::Gone => {
            whole.stop();
            record.record(|| {
                step()
                    .deny(format!(
                        "the cache is {text} and takes no connections; how that looks to a \
                         client is not documented"
                    ))
                    .symptom(None)
                    .remedy(Remedy::Advice(
                        "enable the cache, or point the client to another one".to_owned(),
                    ))
            });
        }
        Phase::Unclear => {
            whole.doubt();
            record.record(|| {
                step().unknown(gap(
                    "status",
                    GapReason::Unmodelled,
                    format!("what the status `{text}` means for clients is not known"),
                ))
            });
        }
    }
}
