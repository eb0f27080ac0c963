//! CRIU's `stats-dump`, `libpod_api::archive::statistics`.

use libpod_api::archive::{DumpEntry, RestoreEntry, Statistics, StatsError, dump_statistics, statistics};

/// The two words with which CRIU begins such a file.
const MAGIC: [u32; 2] = [0x5510_5940, 0x5709_3306];

/// Takes the input as a file and as the message within one. Holds that what was read, written again, reads
/// the same; that unknown fields and bytes after the message make no difference, nor does the oldest layout
/// without the first word; that a file that was cut is never read; and that what Podman tells of a dump is
/// taken from the whole.
///
/// # Panics
/// The decoder breaks one of these.
pub fn check(data: &[u8]) {
    let expected = of_message(data);
    for read in [statistics(data), expected].into_iter().flatten() {
        assert_eq!(of_message(&message(&read)), Ok(read), "written and read again");
    }
    let file = file(data);
    assert_eq!(statistics(&file[4..]), expected, "the oldest layout");
    assert_eq!(statistics(&[&file[..], b"\x0a\x00more"].concat()), expected, "with bytes after it");
    assert_eq!(statistics(&file[..file.len() - 1]), Err(StatsError::Cut), "a cut file");
    if let Ok(read) = expected {
        part_agrees(&file, &read);
        // A number, eight bytes, a text and four bytes that no version has named yet.
        let unknown = [data, b"\x98\x06\x07\xa1\x06\0\0\0\0\0\0\0\0\xaa\x06\x01x\xb5\x06\0\0\0\0"].concat();
        assert_eq!(of_message(&unknown), expected, "with unknown fields");
    }
    // The message of a restore alone is no dump.
    let mut restore = Vec::new();
    nested(&mut restore, 2, data);
    assert_eq!(dump_statistics(&self::file(&restore)), Err(StatsError::NoDump), "statistics of a restore");
    if let Ok(read) = of_message(&restore) {
        assert!(read.dump.is_none() && read.restore.is_some(), "{read:?}");
    }
}

fn part_agrees(file: &[u8], read: &Statistics) {
    match (dump_statistics(file), read.dump) {
        (Ok(part), Some(whole)) => {
            let part_times = [part.freezing_time, part.frozen_time, part.memdump_time, part.memwrite_time];
            let times = [whole.freezing_time, whole.frozen_time, whole.memdump_time, whole.memwrite_time];
            assert_eq!(part_times, times);
            assert_eq!([part.pages_scanned, part.pages_written], [whole.pages_scanned, whole.pages_written]);
        }
        (part, whole) => assert!(part == Err(StatsError::NoDump) && whole.is_none(), "{part:?}, {whole:?}"),
    }
}

fn of_message(message: &[u8]) -> Result<Statistics, StatsError> {
    statistics(&file(message))
}

fn file(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut file: Vec<u8> = MAGIC.into_iter().chain([length]).flat_map(u32::to_le_bytes).collect();
    file.extend(message);
    file
}

fn message(statistics: &Statistics) -> Vec<u8> {
    let mut message = Vec::new();
    if let Some(entry) = &statistics.dump {
        nested(&mut message, 1, &dump(entry));
    }
    if let Some(entry) = &statistics.restore {
        nested(&mut message, 2, &restore(entry));
    }
    message
}

fn dump(entry: &DumpEntry) -> Vec<u8> {
    numbers(&[
        entry.freezing_time.into(),
        entry.frozen_time.into(),
        entry.memdump_time.into(),
        entry.memwrite_time.into(),
        entry.pages_scanned,
        entry.pages_skipped_parent,
        entry.pages_written,
        entry.irmap_resolve.into(),
        entry.pages_lazy,
        entry.page_pipes,
        entry.page_pipe_bufs,
        entry.shpages_scanned,
        entry.shpages_skipped_parent,
        entry.shpages_written,
    ])
}

fn restore(entry: &RestoreEntry) -> Vec<u8> {
    numbers(&[
        entry.pages_compared,
        entry.pages_skipped_cow,
        entry.forking_time.into(),
        entry.restore_time.into(),
        entry.pages_restored,
    ])
}

/// Fields 1, 2, 3 ... with these numbers.
fn numbers(values: &[u64]) -> Vec<u8> {
    let mut out = Vec::new();
    for (field, value) in (1..).zip(values) {
        varint(&mut out, field << 3);
        varint(&mut out, *value);
    }
    out
}

/// A field that is a message.
fn nested(out: &mut Vec<u8>, field: u64, message: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, message.len() as u64);
    out.extend(message);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(u8::try_from(value & 0x7f).unwrap_or_default() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or_default());
}
