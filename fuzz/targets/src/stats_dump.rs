//! CRIU's `stats-dump`, `libpod_api::archive::dump_statistics`.

use libpod_api::archive::{StatsError, dump_statistics};
use libpod_api::checkpoint::DumpStatistics;

/// The two words with which CRIU begins such a file.
const MAGIC: [u32; 2] = [0x5510_5940, 0x5709_3306];

/// Takes the input as a file and as the message within one. Holds that what was read, written again, reads
/// the same; that unknown fields and bytes after the message make no difference, nor does the oldest layout
/// without the first word; and that a file that was cut is never read.
///
/// # Panics
/// The decoder breaks one of these.
pub fn check(data: &[u8]) {
    for statistics in [dump_statistics(data), of_message(data)].into_iter().flatten() {
        assert_eq!(dump_statistics(&file(&message(&statistics))), Ok(statistics), "written and read again");
    }
    let expected = of_message(data);
    let file = file(data);
    assert_eq!(dump_statistics(&file[4..]), expected, "the oldest layout");
    assert_eq!(dump_statistics(&[&file[..], b"\x0a\x00more"].concat()), expected, "with bytes after it");
    assert_eq!(dump_statistics(&file[..file.len() - 1]), Err(StatsError::Cut), "a cut file");
    if expected.is_ok() || expected == Err(StatsError::NoDump) {
        // A number, eight bytes, a text and four bytes that no version has named yet.
        let unknown = [data, b"\x98\x06\x07\xa1\x06\0\0\0\0\0\0\0\0\xaa\x06\x01x\xb5\x06\0\0\0\0"].concat();
        assert_eq!(of_message(&unknown), expected, "with unknown fields");
    }
    // The message of a restore alone is no dump.
    let mut restore = Vec::from([0x12]);
    varint(&mut restore, data.len() as u64);
    restore.extend(data);
    assert_eq!(of_message(&restore), Err(StatsError::NoDump), "statistics of a restore");
}

fn of_message(message: &[u8]) -> Result<DumpStatistics, StatsError> {
    dump_statistics(&file(message))
}

fn file(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut file: Vec<u8> = MAGIC.into_iter().chain([length]).flat_map(u32::to_le_bytes).collect();
    file.extend(message);
    file
}

fn message(statistics: &DumpStatistics) -> Vec<u8> {
    let mut dump = Vec::new();
    for (key, value) in [
        (1, u64::from(statistics.freezing_time)),
        (2, u64::from(statistics.frozen_time)),
        (3, u64::from(statistics.memdump_time)),
        (4, u64::from(statistics.memwrite_time)),
        (5, statistics.pages_scanned),
        (7, statistics.pages_written),
    ] {
        varint(&mut dump, key << 3);
        varint(&mut dump, value);
    }
    let mut message = Vec::from([0x0a]);
    varint(&mut message, dump.len() as u64);
    message.extend(dump);
    message
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(u8::try_from(value & 0x7f).unwrap_or_default() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or_default());
}
