//! See `fuzz_targets::stats_dump`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::stats_dump::check(data));
