//! Facts of a cache about its memory.

use cachewarden_model::{Cache, GapReason};

use super::cache::fact;
use super::parameters::whole;
use super::world::gap_about;
use super::{FactDef, FactType, FactValue, World};

pub(super) static FACTS: &[FactDef] = &[fact(
    "cache.reserved_memory_percent",
    FactType::Float,
    "the part of a node's memory that its parameter `maxmemory-reserved` keeps for other things \
     than keys; null if its parameters name none",
    reserved,
)
.or_null()];

/// Source: Azure Cache for Redis, "Configure", "Memory policies": the
/// parameter counts megabytes of one instance or shard.
fn reserved<'a>(world: &World<'a>, cache: &'a Cache) -> FactValue<'a> {
    let megabytes = match whole(cache, "maxmemory-reserved") {
        FactValue::Int(megabytes) => megabytes,
        other => return other,
    };
    FactValue::of(&cache.node_type, |name| {
        match world.tables.memory(cache.service, name) {
            #[expect(clippy::cast_precision_loss, reason = "megabytes are far below 2^52")]
            Some(size) => FactValue::Float(megabytes as f64 / f64::from(size) * 100.0),
            None => {
                let message = format!("no memory is published for the size {name}");
                FactValue::unknown(gap_about(
                    cache,
                    "its memory",
                    GapReason::Unmodelled,
                    message,
                ))
            }
        }
    })
}
