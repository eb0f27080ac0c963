//! See `fuzz_targets::libpod_answers`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::libpod_answers::check(data));
