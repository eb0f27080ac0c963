//! How far a container's log has been read.

use std::time::SystemTime;

use bytes::Bytes;
use runtime_core::OutputChunk;

use crate::observe::parse_time;

/// A time with nanoseconds and a zone's offset, and the space after it, are shorter.
const LONGEST: usize = 40;

/// A place in a log that reading can go on from, however the reading before ended.
///
/// The engine gives entries with their times, and again from a time on. Times alone do not tell entries apart: Podman 5.4
/// has whole seconds, and two lines can have the same nanosecond. So the entries of the last time are counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// The latest time of an entry.
    time: Option<SystemTime>,
    /// How many entries of that time have been seen.
    entries: u64,
    /// How much of the last of them.
    bytes: usize,
}

impl Place {
    /// From when on the engine is to be asked.
    pub(super) fn since(&self) -> Option<SystemTime> {
        self.time
    }
}

/// One reading of a log, from a place on.
#[derive(Debug)]
pub(super) struct Reading {
    /// What was seen before this reading.
    from: Place,
    /// Entries of that time in this reading.
    again: u64,
    current: Current,
    /// The beginning of an entry whose time has not come to its end yet.
    cut: Bytes,
}

/// The entry that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Current {
    /// It is the last one that was counted.
    Counted,
    /// Another one: its time is before the latest.
    Uncounted,
    /// It was seen before, as far as so many bytes that are still to come.
    Seen(usize),
}

/// What is new of a chunk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct New {
    /// The entry's time, as the engine wrote it, if an entry begins with it.
    pub(super) stamp: Option<Bytes>,
    /// Without the time.
    pub(super) bytes: Bytes,
}

impl Reading {
    /// Begins to read again from a place on.
    pub(super) fn from(place: &Place) -> Self {
        Self { from: place.clone(), again: 0, current: Current::Counted, cut: Bytes::new() }
    }

    /// Takes a chunk of a log with times, and gives what had not been seen of it.
    pub(super) fn take(&mut self, place: &mut Place, chunk: &OutputChunk) -> Option<New> {
        let mut bytes = chunk.bytes.clone();
        let mut stamp = None;
        let cut = std::mem::take(&mut self.cut);
        if chunk.begins || !cut.is_empty() {
            if !chunk.begins {
                bytes = [cut, bytes].concat().into();
            }
            match split(&bytes) {
                Some((time, text, rest)) => {
                    self.current = self.enter(place, time);
                    stamp = Some(text);
                    bytes = rest;
                }
                None if bytes.len() < LONGEST && !bytes.contains(&b' ') => {
                    self.cut = bytes;
                    return None;
                }
                None => self.current = Current::Uncounted,
            }
        }
        match &mut self.current {
            Current::Uncounted => {}
            Current::Counted => place.bytes += bytes.len(),
            Current::Seen(left) => {
                let seen = bytes.split_to(bytes.len().min(*left));
                *left -= seen.len();
                if *left > 0 || bytes.is_empty() {
                    return None;
                }
                // The rest of an entry that was seen in part.
                self.current = Current::Counted;
                place.bytes += bytes.len();
                return Some(New { stamp: None, bytes });
            }
        }
        Some(New { stamp, bytes })
    }

    fn enter(&mut self, place: &mut Place, time: SystemTime) -> Current {
        if self.from.time == Some(time) {
            self.again += 1;
            if self.again < self.from.entries {
                return Current::Seen(usize::MAX);
            }
            if self.again == self.from.entries {
                return Current::Seen(self.from.bytes);
            }
        }
        if place.time == Some(time) {
            place.entries += 1;
        } else if place.time.is_none_or(|latest| latest < time) {
            *place = Place { time: Some(time), entries: 1, bytes: 0 };
        } else {
            return Current::Uncounted;
        }
        place.bytes = 0;
        Current::Counted
    }
}

/// The time at the beginning of an entry, as a value and as it is written, and the rest.
fn split(entry: &Bytes) -> Option<(SystemTime, Bytes, Bytes)> {
    let space = entry.iter().take(LONGEST).position(|byte| *byte == b' ')?;
    let time = parse_time(std::str::from_utf8(&entry[..space]).ok()?)?;
    Some((time, entry.slice(..space), entry.slice(space + 1..)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use runtime_core::OutputStream;

    use super::*;

    /// The entries of a log as an engine gives them: from a time on, in pieces of a size.
    fn chunks(log: &[(u8, String)], since: Option<SystemTime>, size: usize) -> Vec<OutputChunk> {
        let mut out = Vec::new();
        for (second, text) in log {
            let entry = format!("2026-01-01T00:00:{second:02}Z {text}");
            if since.is_some_and(|since| parse_time(&entry[..20]).unwrap() < since) {
                continue;
            }
            for (index, piece) in entry.as_bytes().chunks(size).enumerate() {
                let bytes = Bytes::copy_from_slice(piece);
                out.push(OutputChunk { stream: OutputStream::Stdout, begins: index == 0, bytes });
            }
        }
        out
    }

    proptest! {
        /// However often the reading is broken off, each byte is seen once.
        #[test]
        fn nothing_is_lost_and_nothing_comes_twice(
            entries in proptest::collection::vec((0_u8..3, "[ab]{0,9}\n"), 0..12),
            breaks in proptest::collection::vec((0_usize..60, 1_usize..40), 0..6),
        ) {
            let mut log = entries;
            log.sort_by_key(|entry| entry.0);
            let mut place = Place::default();
            let mut seen = String::new();
            for (count, size) in breaks.into_iter().chain([(usize::MAX, 3)]) {
                let mut reading = Reading::from(&place);
                for chunk in chunks(&log, place.since(), size).into_iter().take(count) {
                    if let Some(new) = reading.take(&mut place, &chunk) {
                        seen.push_str(std::str::from_utf8(&new.bytes).unwrap());
                    }
                }
            }
            let whole: String = log.into_iter().map(|(_, text)| text).collect();
            prop_assert_eq!(seen, whole);
        }
    }

    #[test]
    fn a_line_of_an_earlier_time_is_shown_when_it_comes_later() {
        let mut place = Place::default();
        let mut reading = Reading::from(&place);
        let log = [(5, "five\n".to_owned()), (4, "four\n".to_owned()), (5, "again\n".to_owned())];
        let mut take = |reading: &mut Reading| {
            let new = chunks(&log, None, 99).into_iter().filter_map(|chunk| reading.take(&mut place, &chunk));
            new.map(|new| String::from_utf8_lossy(&new.bytes).into_owned()).collect::<String>()
        };
        assert_eq!(take(&mut reading), "five\nfour\nagain\n");
    }

    #[test]
    fn what_begins_with_no_time_is_shown_as_it_is() {
        let mut place = Place::default();
        let mut reading = Reading::from(&place);
        let bytes = Bytes::from_static(b"no time here\n");
        let chunk = OutputChunk { stream: OutputStream::Stdout, begins: true, bytes: bytes.clone() };
        assert_eq!(reading.take(&mut place, &chunk), Some(New { stamp: None, bytes }));
    }
}
