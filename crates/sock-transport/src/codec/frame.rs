//! Demultiplexing stdout and stderr.

use std::fmt;

use bytes::{Buf, Bytes};

/// Which stream of a container a piece of output belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamKind {
    /// An echo of standard input.
    Stdin,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// The engine itself reports an error in the middle of the stream; nothing useful follows.
    SystemError,
}

/// A piece of output. A long frame arrives in several pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The stream it belongs to.
    pub stream: StreamKind,
    /// Whether a frame begins with it. In a container's log a frame is one entry: a line, or a part of a long one. A
    /// terminal's output has no frames: there it is false.
    pub begins: bool,
    /// The bytes; never empty.
    pub bytes: Bytes,
}

/// Splits a multiplexed stream (`application/vnd.docker.multiplexed-stream`) into its pieces.
///
/// A frame is one byte of stream kind, three zero bytes, the length as a big-endian `u32`, and that many
/// bytes. The decoder keeps at most the eight bytes of a header: payload is passed on as it comes, as a
/// reference-counted slice of the input, so a frame's announced length costs no memory.
///
/// ```
/// use bytes::Bytes;
/// use sock_transport::codec::{FrameDecoder, StreamKind};
///
/// let mut decoder = FrameDecoder::new();
/// let mut input = Bytes::from_static(b"\x01\0\0\0\0\0\0\x05he");
/// let piece = decoder.decode(&mut input)?.unwrap();
/// assert_eq!((piece.stream, &piece.bytes[..]), (StreamKind::Stdout, &b"he"[..]));
/// assert!(decoder.decode(&mut input)?.is_none());
/// assert!(decoder.finish().is_err(), "three bytes are missing");
/// # Ok::<(), sock_transport::codec::FrameError>(())
/// ```
#[derive(Debug, Default)]
pub struct FrameDecoder {
    header: [u8; 8],
    have: usize,
    /// The current frame's kind, and how much of its payload is still to come.
    payload: Option<(StreamKind, u32)>,
    /// Whether nothing of that payload has come yet.
    begins: bool,
}

impl FrameDecoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece from `input`. `None` means that all of `input` is used up.
    ///
    /// # Errors
    /// The input is not a multiplexed stream. The decoder must not be used after that.
    pub fn decode(&mut self, input: &mut Bytes) -> Result<Option<Chunk>, FrameError> {
        while input.has_remaining() {
            if let Some((stream, left)) = self.payload {
                let take = input.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                let bytes = input.split_to(take);
                let left = left.saturating_sub(u32::try_from(take).unwrap_or(u32::MAX));
                self.payload = (left > 0).then_some((stream, left));
                return Ok(Some(Chunk { stream, begins: std::mem::take(&mut self.begins), bytes }));
            }
            if self.have == 0
                && let Some(header) = input.first_chunk().copied()
            {
                input.advance(self.header.len());
                self.payload = parse_header(header)?;
                self.begins = true;
                continue;
            }
            let take = input.len().min(self.header.len() - self.have);
            input.copy_to_slice(&mut self.header[self.have..self.have + take]);
            self.have += take;
            if self.have == self.header.len() {
                self.have = 0;
                self.payload = parse_header(self.header)?;
                self.begins = true;
            }
        }
        Ok(None)
    }

    /// Tells whether the stream may end here.
    ///
    /// # Errors
    /// It ended in the middle of a frame.
    pub const fn finish(&self) -> Result<(), FrameError> {
        if self.have > 0 || self.payload.is_some() { Err(FrameError::Truncated) } else { Ok(()) }
    }
}

fn parse_header(header: [u8; 8]) -> Result<Option<(StreamKind, u32)>, FrameError> {
    let [kind, 0, 0, 0, length @ ..] = header else {
        return Err(FrameError::NotMultiplexed);
    };
    let stream = match kind {
        0 => StreamKind::Stdin,
        1 => StreamKind::Stdout,
        2 => StreamKind::Stderr,
        3 => StreamKind::SystemError,
        _ => return Err(FrameError::NotMultiplexed),
    };
    let length = u32::from_be_bytes(length);
    Ok((length > 0).then_some((stream, length)))
}

/// Why a multiplexed stream could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// The bytes are no frame header: a terminal's output, for one, is not multiplexed.
    NotMultiplexed,
    /// The stream ended in the middle of a frame.
    Truncated,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMultiplexed => {
                "the stream is not divided into stdout and stderr frames (a terminal's output is not)"
            }
            Self::Truncated => "the stream ended in the middle of a frame",
        })
    }
}

impl std::error::Error for FrameError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(chunks: &[&[u8]]) -> Result<Vec<(StreamKind, Vec<u8>)>, FrameError> {
        let mut decoder = FrameDecoder::new();
        let mut out = Vec::new();
        for chunk in chunks {
            let mut input = Bytes::copy_from_slice(chunk);
            while let Some(piece) = decoder.decode(&mut input)? {
                assert!(!piece.bytes.is_empty());
                out.push((piece.stream, piece.bytes.to_vec()));
            }
        }
        decoder.finish()?;
        Ok(out)
    }

    #[test]
    fn a_frame_begins_once_wherever_it_is_cut() {
        let input = b"\x01\0\0\0\0\0\0\x02hi\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\x03you";
        for cut in 0..=input.len() {
            let mut decoder = FrameDecoder::new();
            let mut frames: Vec<Vec<u8>> = Vec::new();
            for part in [&input[..cut], &input[cut..]] {
                let mut part = Bytes::copy_from_slice(part);
                while let Some(piece) = decoder.decode(&mut part).unwrap() {
                    if piece.begins {
                        frames.push(Vec::new());
                    }
                    frames.last_mut().unwrap().extend_from_slice(&piece.bytes);
                }
            }
            assert_eq!(frames, [&b"hi"[..], b"you"], "cut at {cut}");
        }
    }

    #[test]
    fn frames_of_all_kinds() {
        let got =
            all(&[b"\x01\0\0\0\0\0\0\x02hi\x02\0\0\0\0\0\0\x01!\x03\0\0\0\0\0\0\x01x\0\0\0\0\0\0\0\x01e"]);
        let want = vec![
            (StreamKind::Stdout, b"hi".to_vec()),
            (StreamKind::Stderr, b"!".to_vec()),
            (StreamKind::SystemError, b"x".to_vec()),
            (StreamKind::Stdin, b"e".to_vec()),
        ];
        assert_eq!(got, Ok(want));
    }

    #[test]
    fn an_empty_frame_gives_nothing() {
        assert_eq!(
            all(&[b"\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\x01a"]),
            Ok(vec![(StreamKind::Stderr, b"a".to_vec())])
        );
    }

    #[test]
    fn a_terminal_is_told_apart() {
        assert_eq!(all(&[b"/ # echo hello"]), Err(FrameError::NotMultiplexed));
        assert_eq!(all(&[b"\x01\x1b\0\0\0\0\0\x01a"]), Err(FrameError::NotMultiplexed));
    }

    #[test]
    fn the_end_inside_a_frame_is_an_error() {
        assert_eq!(all(&[b"\x01\0\0"]), Err(FrameError::Truncated));
        assert_eq!(all(&[b"\x01\0\0\0\0\0\0\x02h"]), Err(FrameError::Truncated));
    }

    #[test]
    fn a_frame_of_four_gigabytes_costs_nothing() {
        let mut decoder = FrameDecoder::new();
        let mut input = Bytes::from_static(b"\x01\0\0\0\xff\xff\xff\xff0123");
        let at = input.as_ptr().wrapping_add(8);
        let piece = decoder.decode(&mut input).unwrap().unwrap();
        assert_eq!(piece.bytes.as_ptr(), at, "payload is not copied");
        assert_eq!(piece.bytes, &b"0123"[..]);
    }
}
