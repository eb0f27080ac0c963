//! CRIU's `stats-dump`: two magic numbers, a length, and one protobuf message.

use std::fmt;

use crate::checkpoint::DumpStatistics;

/// First word of CRIU's service files, little endian.
const SERVICE_MAGIC: u32 = 0x5510_5940;
/// Word that says which service file it is.
const STATS_MAGIC: u32 = 0x5709_3306;
/// Field of the outer message that holds the statistics of a dump.
const DUMP_FIELD: u64 = 1;
/// Field of the outer message that holds the statistics of a restore.
const RESTORE_FIELD: u64 = 2;

/// Why a `stats-dump` cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatsError {
    /// The first bytes are not those of CRIU's statistics.
    NotStatistics,
    /// It ends too early.
    Cut,
    /// A number is longer than any number can be, or a field has a type that the format does not know.
    Malformed,
    /// It has no statistics of a dump.
    NoDump,
}

impl fmt::Display for StatsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotStatistics => "not a statistics file of CRIU",
            Self::Cut => "the statistics file of CRIU ends too early",
            Self::Malformed => "the statistics file of CRIU is malformed",
            Self::NoDump => "the statistics file of CRIU has no statistics of a dump",
        })
    }
}

impl std::error::Error for StatsError {}

/// What a `stats-dump` holds. CRIU writes one kind of entry to a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Of a dump.
    pub dump: Option<DumpEntry>,
    /// Of a restore.
    pub restore: Option<RestoreEntry>,
}

/// CRIU's statistics of a dump (`dump_stats_entry`); times in microseconds. What an older CRIU does not write is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DumpEntry {
    /// Freezing the processes.
    pub freezing_time: u32,
    /// How long the processes were frozen.
    pub frozen_time: u32,
    /// Collecting memory pages.
    pub memdump_time: u32,
    /// Writing memory pages.
    pub memwrite_time: u32,
    /// Pages that were looked at.
    pub pages_scanned: u64,
    /// Pages that the dump before has already.
    pub pages_skipped_parent: u64,
    /// Pages that were written.
    pub pages_written: u64,
    /// Finding the paths of watched files.
    pub irmap_resolve: u32,
    /// Pages that are left for a lazy restore.
    pub pages_lazy: u64,
    /// Pipes that were used to carry pages.
    pub page_pipes: u64,
    /// Buffers of those pipes.
    pub page_pipe_bufs: u64,
    /// Shared pages that were looked at.
    pub shpages_scanned: u64,
    /// Shared pages that the dump before has already.
    pub shpages_skipped_parent: u64,
    /// Shared pages that were written.
    pub shpages_written: u64,
}

/// CRIU's statistics of a restore (`restore_stats_entry`); times in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreEntry {
    /// Pages that were compared.
    pub pages_compared: u64,
    /// Pages shared with a parent process.
    pub pages_skipped_cow: u64,
    /// Making the processes.
    pub forking_time: u32,
    /// The whole restore.
    pub restore_time: u32,
    /// Pages that were restored.
    pub pages_restored: u64,
}

/// Reads what Podman tells of the statistics of a dump.
///
/// # Errors
/// As [`statistics`], and it may have no statistics of a dump.
pub fn dump_statistics(file: &[u8]) -> Result<DumpStatistics, StatsError> {
    let mut dump = None;
    entries(file, |field, entry| {
        if field == DUMP_FIELD {
            dump = Some(read_dump(entry)?);
        }
        Ok(())
    })?;
    let dump = dump.ok_or(StatsError::NoDump)?;
    Ok(DumpStatistics {
        freezing_time: dump.freezing_time,
        frozen_time: dump.frozen_time,
        memdump_time: dump.memdump_time,
        memwrite_time: dump.memwrite_time,
        pages_scanned: dump.pages_scanned,
        pages_written: dump.pages_written,
    })
}

/// Reads CRIU's statistics: a `stats-dump`, or a `stats-restore`.
///
/// # Errors
/// The bytes are not such a file; see [`StatsError`]. No input makes this panic or take long: each byte is
/// looked at once.
pub fn statistics(file: &[u8]) -> Result<Statistics, StatsError> {
    let mut statistics = Statistics::default();
    entries(file, |field, entry| {
        match field {
            DUMP_FIELD => statistics.dump = Some(read_dump(entry)?),
            RESTORE_FIELD => statistics.restore = Some(read_restore(entry)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(statistics)
}

/// Hands on each entry of the outer message.
fn entries<'a>(
    file: &'a [u8],
    mut take: impl FnMut(u64, Reader<'a>) -> Result<(), StatsError>,
) -> Result<(), StatsError> {
    let mut reader = Reader(file);
    let mut magic = reader.word().map_err(|_| StatsError::NotStatistics)?;
    // The oldest layout has no common first word.
    if magic == SERVICE_MAGIC {
        magic = reader.word().map_err(|_| StatsError::NotStatistics)?;
    }
    if magic != STATS_MAGIC {
        return Err(StatsError::NotStatistics);
    }
    let length = reader.word()?;
    let mut message = reader.take(u64::from(length))?;
    while let Some((field, value)) = message.field()? {
        if let Value::Bytes(bytes) = value {
            take(field, Reader(bytes))?;
        }
    }
    Ok(())
}

fn read_dump(mut message: Reader<'_>) -> Result<DumpEntry, StatsError> {
    let mut entry = DumpEntry::default();
    while let Some((field, value)) = message.field()? {
        let Value::Number(number) = value else { continue };
        match field {
            1 => entry.freezing_time = short(number),
            2 => entry.frozen_time = short(number),
            3 => entry.memdump_time = short(number),
            4 => entry.memwrite_time = short(number),
            5 => entry.pages_scanned = number,
            6 => entry.pages_skipped_parent = number,
            7 => entry.pages_written = number,
            8 => entry.irmap_resolve = short(number),
            9 => entry.pages_lazy = number,
            10 => entry.page_pipes = number,
            11 => entry.page_pipe_bufs = number,
            12 => entry.shpages_scanned = number,
            13 => entry.shpages_skipped_parent = number,
            14 => entry.shpages_written = number,
            _ => {}
        }
    }
    Ok(entry)
}

fn read_restore(mut message: Reader<'_>) -> Result<RestoreEntry, StatsError> {
    let mut entry = RestoreEntry::default();
    while let Some((field, value)) = message.field()? {
        let Value::Number(number) = value else { continue };
        match field {
            1 => entry.pages_compared = number,
            2 => entry.pages_skipped_cow = number,
            3 => entry.forking_time = short(number),
            4 => entry.restore_time = short(number),
            5 => entry.pages_restored = number,
            _ => {}
        }
    }
    Ok(entry)
}

/// A time; one that does not fit is the longest.
fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn word(&mut self) -> Result<u32, StatsError> {
        let (head, rest) = self.0.split_first_chunk::<4>().ok_or(StatsError::Cut)?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*head))
    }

    fn take(&mut self, length: u64) -> Result<Self, StatsError> {
        let length = usize::try_from(length).map_err(|_| StatsError::Cut)?;
        let (head, rest) = self.0.split_at_checked(length).ok_or(StatsError::Cut)?;
        self.0 = rest;
        Ok(Self(head))
    }

    /// A base-128 number of at most ten bytes.
    fn varint(&mut self) -> Result<u64, StatsError> {
        let mut number = 0u64;
        for shift in (0..70).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(StatsError::Cut)?;
            self.0 = rest;
            // The tenth byte may only hold the last bit.
            if shift == 63 && byte > 1 {
                return Err(StatsError::Malformed);
            }
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(StatsError::Malformed)
    }

    /// The next field's number and value; `None` at the end.
    fn field(&mut self) -> Result<Option<(u64, Value<'a>)>, StatsError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Number(self.varint()?),
            1 => {
                self.take(8)?;
                Value::Other
            }
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?.0)
            }
            5 => {
                self.take(4)?;
                Value::Other
            }
            _ => return Err(StatsError::Malformed),
        };
        Ok(Some((key >> 3, value)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(message: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        for word in [SERVICE_MAGIC, STATS_MAGIC, u32::try_from(message.len()).unwrap()] {
            file.extend(word.to_le_bytes());
        }
        file.extend(message);
        file
    }

    #[test]
    fn times_and_pages_are_read_and_unknown_fields_skipped() {
        // freezing 300, frozen 5, pages scanned 1000, field 8 (a number), field 7 = 7 pages, a text, fixed sizes.
        let dump = [
            0x08, 0xac, 0x02, 0x10, 0x05, 0x28, 0xe8, 0x07, 0x40, 0x01, 0x38, 0x07, 0x52, 0x01, b'x', 0x59,
            0, 0, 0, 0, 0, 0, 0, 0, 0x65, 0, 0, 0, 0,
        ];
        let mut message = vec![0x0a, u8::try_from(dump.len()).unwrap()];
        message.extend(dump);
        let statistics = dump_statistics(&file(&message)).unwrap();
        assert_eq!((statistics.freezing_time, statistics.frozen_time), (300, 5));
        assert_eq!((statistics.pages_scanned, statistics.pages_written), (1000, 7));
    }

    #[test]
    fn a_file_of_criu_4_2_is_read_whole() {
        let file = [
            &b"\x40\x59\x10\x55\x06\x33\x09\x57\x23\0\0\0\x0a\x21\x08\xd4\x18\x10\xa8\x86\x09\x18\xdf\x06"[..],
            b"\x20\xe6\x01\x28\x19\x30\0\x38\x11\x40\0\x48\0\x50\x04\x58\x04\x60\0\x68\0\x70\0",
        ]
        .concat();
        let read = statistics(&file).unwrap();
        let dump = read.dump.unwrap();
        assert_eq!((dump.freezing_time, dump.frozen_time), (3156, 148_264));
        assert_eq!((dump.memdump_time, dump.memwrite_time), (863, 230));
        assert_eq!((dump.pages_scanned, dump.pages_written), (25, 17));
        assert_eq!((dump.page_pipes, dump.page_pipe_bufs, dump.pages_lazy), (4, 4, 0));
        assert_eq!(read.restore, None);
        assert_eq!(dump_statistics(&file).unwrap().frozen_time, dump.frozen_time);
    }

    #[test]
    fn the_statistics_of_a_restore_are_read() {
        let restore = [0x08, 0x01, 0x10, 0x02, 0x18, 0x03, 0x20, 0xac, 0x02, 0x28, 0x05];
        let mut message = vec![0x12, u8::try_from(restore.len()).unwrap()];
        message.extend(restore);
        let entry = statistics(&file(&message)).unwrap().restore.unwrap();
        assert_eq!((entry.pages_compared, entry.pages_skipped_cow, entry.pages_restored), (1, 2, 5));
        assert_eq!((entry.forking_time, entry.restore_time), (3, 300));
    }

    #[test]
    fn what_is_no_dump_says_so() {
        assert_eq!(dump_statistics(b""), Err(StatsError::NotStatistics));
        assert_eq!(dump_statistics(b"just some text here"), Err(StatsError::NotStatistics));
        assert_eq!(dump_statistics(&file(&[0x12, 0x00])), Err(StatsError::NoDump));
        assert_eq!(dump_statistics(&file(&[0x0a, 0x7f])), Err(StatsError::Cut));
        assert_eq!(dump_statistics(&file(&[0x0a, 0x01, 0x08])), Err(StatsError::Cut));
        assert_eq!(dump_statistics(&file(&[0x0b])), Err(StatsError::Malformed));
        let endless = [&[0x08][..], &[0xff; 10]].concat();
        assert_eq!(dump_statistics(&file(&endless)), Err(StatsError::Malformed));
    }

    proptest! {
        #[test]
        fn no_input_panics(message in proptest::collection::vec(any::<u8>(), 0..200), raw in any::<bool>()) {
            let bytes = if raw { message } else { file(&message) };
            // What is read whole is read in part, too.
            if let Ok(Statistics { dump: Some(_), .. }) = statistics(&bytes) {
                prop_assert!(dump_statistics(&bytes).is_ok());
            }
        }
    }
}
