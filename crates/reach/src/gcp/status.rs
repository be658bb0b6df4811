//! Whether an instance or cluster takes connections at all.

use cachewarden_model::{Cache, GapReason, Leg, Phase, Service, Stage};

use crate::decide::Through;
use crate::gcp::causes::Cause;
use crate::gcp::party::gap;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// What the state means for a client.
///
/// Source: googleapis, `google/cloud/redis/v1/cloud_redis.proto`,
/// `Instance.State`; `cluster/v1/cloud_redis_cluster.proto`, `Cluster.State`;
/// `google/cloud/memorystore/v1/memorystore.proto`, `Instance.State`. What a
/// client sees of a cache that is not there stands on no page.
pub(super) fn status(cache: &Cache, whole: &mut Through, record: &mut impl Recorder) {
    let step = || Judged::new(Leg::Request, Stage::Status, "cache").resource(&cache.id);
    let status = match cache.status.get() {
        Ok(status) => status,
        Err(gap) => {
            whole.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
            return;
        }
    };
    let cause = match cache.service {
        Service::MemorystoreRedis => Cause::InstanceNotRunning,
        _ => Cause::ClusterNotRunning,
    };
    match status.phase {
        Phase::Serving => record.record(|| step().allow(status.text.clone())),
        Phase::Changing => record.record(|| {
            step().allow(format!(
                "{}: short interruptions while it lasts",
                status.text
            ))
        }),
        Phase::Impaired => record
            .record(|| step().allow(format!("{}: what fails cannot be replaced", status.text))),
        Phase::Creating | Phase::Gone => {
            whole.stop();
            record.record(|| {
                let advice = match (status.phase, status.text.as_str()) {
                    (Phase::Creating, _) => "wait until the cache is ready",
                    (_, "SUSPENDED") => "give the cache its encryption key back",
                    _ => "point the client to another cache",
                };
                step()
                    .deny(cause.after(format!(
                        "the cache is {}; what a client sees of that is not documented",
                        status.text
                    )))
                    .symptom(None)
                    .remedy(Remedy::Advice(advice.to_owned()))
            });
        }
        Phase::Unclear => {
            whole.doubt();
            record.record(|| {
                step().unknown(gap(
                    "state",
                    GapReason::Unmodelled,
                    format!(
                        "what the state `{}` means for clients is not known",
                        status.text
                    ),
                ))
            });
        }
    }
}
