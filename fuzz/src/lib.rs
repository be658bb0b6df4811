//! How inputs are changed: by the fuzzer's own hands, or as the tests do it.

use cachewarden_fuzz::{Chance, TARGETS};
use libfuzzer_sys::fuzzer_mutate;

/// Changes the first `size` bytes, `most` bytes being there; how many there
/// are then.
pub fn changed(target: &str, data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let target = TARGETS.into_iter().find(|it| it.name == target);
    if let (Some(target), false) = (target, seed.is_multiple_of(4)) {
        let changed = (target.change)(&data[..size], &mut Chance::new(seed.into()));
        if changed.len() <= most {
            data[..changed.len()].copy_from_slice(&changed);
            return changed.len();
        }
    }
    fuzzer_mutate(data, size, most)
}
