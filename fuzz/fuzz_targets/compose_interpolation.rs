//! See `fuzz_targets::compose_interpolation`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::compose_interpolation::check(data));
