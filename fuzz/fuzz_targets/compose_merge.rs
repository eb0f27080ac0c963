//! See `fuzz_targets::compose_merge`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::compose_merge::check(data));
