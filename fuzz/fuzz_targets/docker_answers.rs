//! See `fuzz_targets::docker_answers`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::docker_answers::check(data));
