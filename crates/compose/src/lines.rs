//! Splits output into lines.

use bytes::{Bytes, BytesMut};

/// A line that is longer comes in pieces of this size.
pub(crate) const MAX_LINE: usize = 64 * 1024;

/// Turns pieces of output into lines, without IO. No byte is looked at twice.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter {
    buffer: BytesMut,
    /// How much of the buffer is known to hold no line end.
    seen: usize,
}

impl LineSplitter {
    /// Takes a piece and gives the lines that it completes, without `\n` or `\r\n`.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Vec<Bytes> {
        self.buffer.extend_from_slice(piece);
        let mut lines = Vec::new();
        loop {
            let end = self.buffer[self.seen..].iter().position(|byte| *byte == b'\n');
            match end.map(|at| self.seen + at) {
                Some(end) if end <= MAX_LINE => {
                    let mut line = self.buffer.split_to(end + 1);
                    line.truncate(end);
                    if line.last() == Some(&b'\r') {
                        line.truncate(end - 1);
                    }
                    lines.push(line.freeze());
                    self.seen = 0;
                }
                _ if self.buffer.len() > MAX_LINE => {
                    lines.push(self.buffer.split_to(MAX_LINE).freeze());
                    self.seen = 0;
                }
                _ => {
                    self.seen = self.buffer.len();
                    return lines;
                }
            }
        }
    }

    /// What has no line end, if there is anything.
    pub(crate) fn finish(&mut self) -> Option<Bytes> {
        self.seen = 0;
        (!self.buffer.is_empty()).then(|| self.buffer.split().freeze())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_come_whole_whatever_the_pieces() {
        let mut splitter = LineSplitter::default();
        assert!(splitter.push(b"ab").is_empty());
        assert_eq!(splitter.push(b"c\r\n\nd"), [&b"abc"[..], b""]);
        assert_eq!(splitter.finish().as_deref(), Some(&b"d"[..]));
        assert_eq!(splitter.finish(), None);
    }

    #[test]
    fn a_line_without_end_is_bounded() {
        let mut splitter = LineSplitter::default();
        let lines = splitter.push(&vec![b'x'; 3 * MAX_LINE + 1]);
        assert_eq!(lines.iter().map(Bytes::len).collect::<Vec<_>>(), [MAX_LINE; 3]);
        assert_eq!(splitter.finish().map(|rest| rest.len()), Some(1));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(pieces in proptest::collection::vec(proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..40), 0..20)) {
            let whole: Vec<u8> = pieces.concat();
            let mut splitter = LineSplitter::default();
            let mut lines: Vec<Bytes> = pieces.iter().flat_map(|piece| splitter.push(piece)).collect();
            lines.extend(splitter.finish());
            let wanted: Vec<&[u8]> = whole
                .split_inclusive(|byte| *byte == b'\n')
                .map(|line| match line.strip_suffix(b"\n") {
                    Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
                    None => line,
                })
                .collect();
            prop_assert_eq!(lines, wanted);
        }
    }
}
