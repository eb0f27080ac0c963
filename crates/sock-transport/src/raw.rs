//! The head and the body of an HTTP/1.1 answer on a connection that may stop being HTTP's. Sans-IO: what
//! follows the head stays in the caller's buffer, so that no byte of a hijacked connection is lost.

use bytes::{Buf, Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};
use memchr::memmem;

use crate::response::Head;

/// The largest head, all interim answers included.
pub(crate) const HEAD_LIMIT: usize = 64 << 10;
/// The most header fields of one head.
const FIELDS: usize = 128;
/// The longest line between two chunks.
const LINE_LIMIT: usize = 4 << 10;

/// Finds the head of the final answer.
#[derive(Debug, Default)]
pub(crate) struct HeadParser {
    buffer: BytesMut,
    /// No head ends before this.
    searched: usize,
    skipped: usize,
}

impl HeadParser {
    /// Takes more input. Once the head is complete, gives it with the bytes that follow it.
    pub(crate) fn push(&mut self, input: &[u8]) -> Result<Option<(Head, Bytes)>, &'static str> {
        self.buffer.extend_from_slice(input);
        loop {
            let Some(found) = memmem::find(&self.buffer[self.searched..], b"\r\n\r\n") else {
                self.searched = self.buffer.len().saturating_sub(3);
                if self.buffer.len() + self.skipped > HEAD_LIMIT {
                    return Err("the head of its answer is too long");
                }
                return Ok(None);
            };
            let end = self.searched + found + 4;
            self.skipped += end;
            if self.skipped > HEAD_LIMIT {
                return Err("the head of its answer is too long");
            }
            let head = parse_head(&self.buffer.split_to(end))?;
            self.searched = 0;
            // Interim answers, such as 100 Continue, come before the real one.
            if head.status == 101 || head.status >= 200 {
                return Ok(Some((head, self.buffer.split().freeze())));
            }
        }
    }
}

fn parse_head(bytes: &[u8]) -> Result<Head, &'static str> {
    const NOT_HTTP: &str = "its answer is not HTTP/1.1";
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut parsed = httparse::Response::new(&mut fields);
    match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) | Err(_) => return Err(NOT_HTTP),
    }
    let mut headers = HeaderMap::with_capacity(parsed.headers.len());
    for field in parsed.headers.iter() {
        let name = HeaderName::try_from(field.name).map_err(|_| NOT_HTTP)?;
        let value = HeaderValue::from_bytes(field.value).map_err(|_| NOT_HTTP)?;
        headers.append(name, value);
    }
    Ok(Head { status: parsed.code.ok_or(NOT_HTTP)?, headers })
}

/// Takes a body out of the bytes on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BodyDecoder {
    /// Everything until the connection closes.
    UntilClose,
    /// This many bytes more.
    Length(u64),
    /// Chunks.
    Chunked(Chunked),
}

/// Where in a chunked body the decoder stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chunked {
    /// In the line that gives a chunk's size.
    Size(Vec<u8>),
    /// In a chunk, of which this much is left.
    Data(u64),
    /// In the line end behind a chunk.
    DataEnd,
    /// In the fields after the last chunk; the length of the current line so far.
    Trailer(usize),
    /// After the body.
    Done,
}

impl BodyDecoder {
    /// How the body behind `head` is delimited.
    pub(crate) fn of(head: &Head) -> Self {
        // A switched connection has no body at all, and these never have one either.
        if head.status == 101 {
            return Self::UntilClose;
        }
        if matches!(head.status, 204 | 304) {
            return Self::Length(0);
        }
        let text = |name| head.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if text(TRANSFER_ENCODING).is_some_and(|value| value.to_ascii_lowercase().contains("chunked")) {
            return Self::Chunked(Chunked::Size(Vec::new()));
        }
        match text(CONTENT_LENGTH).and_then(|value| value.trim().parse().ok()) {
            Some(length) => Self::Length(length),
            None => Self::UntilClose,
        }
    }

    /// Whether the body is at its end without the connection having to close.
    pub(crate) const fn is_done(&self) -> bool {
        matches!(self, Self::Length(0) | Self::Chunked(Chunked::Done))
    }

    /// Whether the body may end by the connection's end.
    pub(crate) const fn may_close(&self) -> bool {
        matches!(self, Self::UntilClose) || self.is_done()
    }

    /// Takes the next piece of the body from `input`. `None` means that `input` is used up or the body is
    /// at its end; bytes after the end are dropped.
    pub(crate) fn decode(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, &'static str> {
        while !input.is_empty() {
            match self {
                Self::UntilClose => return Ok(Some(std::mem::take(input))),
                Self::Length(0) | Self::Chunked(Chunked::Done) => input.clear(),
                Self::Length(left) => return Ok(Some(take(input, left))),
                Self::Chunked(Chunked::Data(left)) => {
                    let piece = take(input, left);
                    if *left == 0 {
                        *self = Self::Chunked(Chunked::DataEnd);
                    }
                    return Ok(Some(piece));
                }
                Self::Chunked(state) => state.step(input.get_u8())?,
            }
        }
        Ok(None)
    }
}

fn take(input: &mut Bytes, left: &mut u64) -> Bytes {
    let count = input.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
    *left -= count as u64;
    input.split_to(count)
}

impl Chunked {
    /// One byte between chunks.
    fn step(&mut self, byte: u8) -> Result<(), &'static str> {
        const BAD: &str = "its answer is not divided into chunks as it says";
        match self {
            Self::Size(line) if byte == b'\n' => {
                let text = std::str::from_utf8(line).map_err(|_| BAD)?;
                // An extension may follow the size.
                let size = text.split(';').next().unwrap_or_default().trim();
                if size.is_empty() || !size.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(BAD);
                }
                *self = match u64::from_str_radix(size, 16).map_err(|_| BAD)? {
                    0 => Self::Trailer(0),
                    size => Self::Data(size),
                };
            }
            Self::Size(line) if line.len() < LINE_LIMIT => line.push(byte),
            Self::DataEnd if byte == b'\r' => {}
            Self::DataEnd if byte == b'\n' => *self = Self::Size(Vec::new()),
            Self::Trailer(0) if byte == b'\n' => *self = Self::Done,
            Self::Trailer(length) if byte == b'\n' => *length = 0,
            Self::Trailer(_) if byte == b'\r' => {}
            Self::Trailer(length) if *length < LINE_LIMIT => *length += 1,
            Self::Size(_) | Self::DataEnd | Self::Trailer(_) => return Err(BAD),
            // Not between chunks.
            Self::Data(_) | Self::Done => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Head {
        HeadParser::default().push(text.as_bytes()).unwrap().unwrap().0
    }

    fn body(head: &Head, pieces: &[&[u8]]) -> Result<(Vec<u8>, bool), &'static str> {
        let mut decoder = BodyDecoder::of(head);
        let mut out = Vec::new();
        for piece in pieces {
            let mut input = Bytes::copy_from_slice(piece);
            while let Some(data) = decoder.decode(&mut input)? {
                out.extend_from_slice(&data);
            }
        }
        Ok((out, decoder.is_done()))
    }

    #[test]
    fn the_head_ends_where_it_ends_however_it_is_cut() {
        let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nhi\r\n\r\n";
        for cut in 0..text.len() - 6 {
            let mut parser = HeadParser::default();
            let mut found = parser.push(&text[..cut]).unwrap();
            let mut rest = &text[cut..];
            if let Some((_, leftover)) = &found {
                assert_eq!(&text[cut - leftover.len()..cut], &leftover[..]);
            } else {
                found = parser.push(rest).unwrap();
                rest = &[];
            }
            let (head, leftover) = found.unwrap();
            assert_eq!((head.status, head.header("upgrade")), (101, Some("tcp")));
            assert_eq!([&leftover[..], rest].concat(), b"hi\r\n\r\n");
        }
    }

    #[test]
    fn a_head_without_end_and_other_protocols_are_refused() {
        let mut parser = HeadParser::default();
        let mut fed = 0;
        let result = loop {
            match parser.push(&[b'x'; 1000]) {
                Ok(None) => fed += 1000,
                other => break other.map(|_| ()),
            }
            assert!(fed <= HEAD_LIMIT, "the head is not bounded");
        };
        assert!(result.is_err());
        assert!(HeadParser::default().push(b"SSH-2.0-x\r\n\r\n").is_err());
        let interim = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(HEAD_LIMIT / 25 + 1);
        assert!(HeadParser::default().push(&interim).is_err());
    }

    #[test]
    fn bodies_of_a_known_length() {
        let head = head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        assert_eq!(body(&head, &[b"he", b"llo!!"]), Ok((b"hello".to_vec(), true)));
        assert_eq!(body(&head, &[b"he"]), Ok((b"he".to_vec(), false)));
    }

    #[test]
    fn bodies_until_the_end_of_the_connection() {
        let head = head("HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(body(&head, &[b"a", b"b"]), Ok((b"ab".to_vec(), false)));
        assert!(BodyDecoder::of(&head).may_close());
    }

    #[test]
    fn chunked_bodies_however_they_are_cut() {
        let head = head("HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n");
        let text = b"4;x=y\r\nwiki\r\nA\r\npedia in c\r\n0\r\nSum: 1\r\n\r\ntoo much";
        for cut in 0..text.len() {
            let got = body(&head, &[&text[..cut], &text[cut..]]);
            assert_eq!(got, Ok((b"wikipedia in c".to_vec(), true)), "cut at {cut}");
        }
        assert_eq!(body(&head, &[&text[..12]]), Ok((b"wiki".to_vec(), false)));
    }

    #[test]
    fn bad_chunks_are_refused() {
        let head = head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let long = [b'1'; LINE_LIMIT + 1];
        for bad in [&b"+4\r\nwiki"[..], b"\r\n", b"xyz\r\n", b"1\r\nab", b"fffffffffffffffff\r\n", &long] {
            assert!(body(&head, &[bad]).is_err());
        }
    }
}
