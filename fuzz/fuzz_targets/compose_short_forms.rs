//! See `fuzz_targets::compose_short_forms`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::compose_short_forms::check(data));
