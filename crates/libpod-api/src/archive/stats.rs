//! CRIU's `stats-dump`: two magic numbers, a length, and one protobuf message.

use std::fmt;

use crate::checkpoint::DumpStatistics;

/// First word of CRIU's service files, little endian.
const SERVICE_MAGIC: u32 = 0x5510_5940;
/// Word that says which service file it is.
const STATS_MAGIC: u32 = 0x5709_3306;
/// Field of the outer message that holds the statistics of a dump.
const DUMP_FIELD: u64 = 1;

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

/// Reads the statistics of a dump.
///
/// # Errors
/// The bytes are not such a file; see [`StatsError`]. No input makes this panic or take long: each byte is
/// looked at once.
pub fn dump_statistics(file: &[u8]) -> Result<DumpStatistics, StatsError> {
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
    let mut dump = None;
    while let Some((field, value)) = message.field()? {
        if let (DUMP_FIELD, Value::Bytes(bytes)) = (field, value) {
            dump = Some(read_dump(Reader(bytes))?);
        }
    }
    dump.ok_or(StatsError::NoDump)
}

fn read_dump(mut message: Reader<'_>) -> Result<DumpStatistics, StatsError> {
    let mut statistics = DumpStatistics::default();
    while let Some((field, value)) = message.field()? {
        let Value::Number(number) = value else { continue };
        let short = u32::try_from(number).unwrap_or(u32::MAX);
        match field {
            1 => statistics.freezing_time = short,
            2 => statistics.frozen_time = short,
            3 => statistics.memdump_time = short,
            4 => statistics.memwrite_time = short,
            5 => statistics.pages_scanned = number,
            7 => statistics.pages_written = number,
            _ => {}
        }
    }
    Ok(statistics)
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
            let _ = dump_statistics(&if raw { message } else { file(&message) });
        }
    }
}
