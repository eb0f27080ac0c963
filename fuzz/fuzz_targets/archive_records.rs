//! See `fuzz_targets::archive_records`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::archive_records::check(data));
