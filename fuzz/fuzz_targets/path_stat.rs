//! See `fuzz_targets::path_stat`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::path_stat::check(data));
