//! Feeds `snapshot` of `tests/fuzz`.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| cachewarden_fuzz::snapshot(data));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    cachewarden_fuzz_targets::changed("snapshot", data, size, most, seed)
});
