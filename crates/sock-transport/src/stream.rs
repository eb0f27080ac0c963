//! Answers as they come.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use hyper::body::Incoming;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use crate::codec::{Chunk, FrameDecoder, JsonSplitError, JsonSplitter};
use crate::connection::Connection;
use crate::error::{Error, Origin, Phase, Reason};
use crate::hijack::HijackedReader;
use crate::response::Head;

/// The body of an answer, piece by piece, no faster than it is read.
///
/// After an error or the end there is nothing more. Dropping the stream closes its connection.
pub struct ByteStream {
    origin: Arc<Origin>,
    head: Head,
    /// `None` after the end.
    open: Option<(Incoming, Connection)>,
}

impl ByteStream {
    pub(crate) fn new(origin: Arc<Origin>, head: Head, body: Incoming, connection: Connection) -> Self {
        Self { origin, head, open: Some((body, connection)) }
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.head.status
    }

    /// A header's value, if it is there and plain text. Names are compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.header(name)
    }

    /// The same body as a reader. Its errors hold the [`Error`] as their inner error.
    #[must_use]
    pub const fn into_async_read(self) -> ByteReader {
        ByteReader { stream: self, piece: Bytes::new() }
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some((body, connection)) = &mut this.open else {
            return Poll::Ready(None);
        };
        let next = ready!(connection.poll_data(body, cx));
        if !matches!(next, Some(Ok(_))) {
            this.open = None;
        }
        Poll::Ready(
            next.map(|piece| {
                piece.map_err(|reason| Error::new(&this.origin, reason.phase_in_body(), reason))
            }),
        )
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("path", &self.origin.path)
            .field("status", &self.head.status)
            .finish_non_exhaustive()
    }
}

/// A [`ByteStream`] as a reader.
#[derive(Debug)]
pub struct ByteReader {
    stream: ByteStream,
    piece: Bytes,
}

impl AsyncBufRead for ByteReader {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        while this.piece.is_empty() {
            match ready!(Pin::new(&mut this.stream).poll_next(cx)) {
                Some(Ok(piece)) => this.piece = piece,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => break,
            }
        }
        Poll::Ready(Ok(&this.piece))
    }

    fn consume(self: Pin<&mut Self>, count: usize) {
        self.get_mut().piece.advance(count);
    }
}

impl AsyncRead for ByteReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let piece = ready!(self.as_mut().poll_fill_buf(cx))?;
        let count = piece.len().min(buf.remaining());
        buf.put_slice(&piece[..count]);
        self.consume(count);
        Poll::Ready(Ok(()))
    }
}

/// The JSON values of an answer, one by one.
///
/// A value that does not fit `T` is an error item, and the stream goes on with the next value. Any other
/// error ends it. Dropping the stream closes its connection.
pub struct JsonStream<T> {
    source: ByteStream,
    input: Bytes,
    splitter: JsonSplitter,
    decode: fn(&[u8]) -> Result<T, serde_json::Error>,
    /// Whether each value may stand on a line of its own.
    by_line: bool,
    ended: bool,
}

impl<T> JsonStream<T> {
    pub(crate) fn new(
        source: ByteStream,
        decode: fn(&[u8]) -> Result<T, serde_json::Error>,
        limit: usize,
    ) -> Self {
        let splitter = JsonSplitter::with_limit(limit);
        Self { source, input: Bytes::new(), splitter, decode, by_line: true, ended: false }
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.source.status()
    }

    /// A header's value, if it is there and plain text. Names are compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.source.header(name)
    }

    fn split_failed(&self, error: JsonSplitError) -> Error {
        let phase = if error == JsonSplitError::Truncated { Phase::Body } else { Phase::Decode };
        Error::new(&self.source.origin, phase, Reason::JsonSplit(error))
    }

    fn value(&mut self, value: &[u8]) -> Result<T, Error> {
        (self.decode)(value).map_err(|error| {
            // Past a value that is no JSON at all, nothing that follows can be trusted.
            self.ended |= !error.is_data();
            Error::json(&self.source.origin, &error)
        })
    }

    /// The next value, if it is exactly what stands on the next line: engines write values that way, and then
    /// none has to be looked at twice. In any other case nothing has happened.
    fn line(&mut self) -> Option<T> {
        if !self.by_line {
            return None;
        }
        let end = self.splitter.line(&mut self.input)?;
        match (self.decode)(&self.input[..end]) {
            Ok(value) => {
                self.input.advance(end);
                Some(value)
            }
            Err(error) => {
                // A value of another shape says nothing about how values are divided.
                self.by_line = error.is_data();
                None
            }
        }
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(value) = self.line() {
                return Poll::Ready(Some(Ok(value)));
            }
            match self.splitter.decode(&mut self.input) {
                Ok(Some(value)) => return Poll::Ready(Some(self.value(&value))),
                Ok(None) => {}
                Err(error) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(self.split_failed(error))));
                }
            }
            match ready!(Pin::new(&mut self.source).poll_next(cx)) {
                Some(Ok(piece)) => self.input = piece,
                Some(Err(error)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.ended = true;
                    return Poll::Ready(match self.splitter.finish() {
                        Ok(last) => last.map(|value| self.value(&value)),
                        Err(error) => Some(Err(self.split_failed(error))),
                    });
                }
            }
        }
    }
}

impl<T> Stream for JsonStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        this.poll_item(cx)
    }
}

impl<T> fmt::Debug for JsonStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonStream").field(&self.source).finish()
    }
}

/// The output of a container, taken apart into stdout and stderr. A long frame arrives in several pieces.
///
/// After an error or the end there is nothing more. Dropping the stream closes its connection.
#[derive(Debug)]
pub struct FrameStream {
    source: Source,
    input: Bytes,
    decoder: FrameDecoder,
    ended: bool,
}

#[derive(Debug)]
enum Source {
    Body(ByteStream),
    Hijacked(HijackedReader),
}

impl FrameStream {
    pub(crate) fn from_body(stream: ByteStream) -> Self {
        Self::new(Source::Body(stream))
    }

    pub(crate) fn from_hijacked(reader: HijackedReader) -> Self {
        Self::new(Source::Hijacked(reader))
    }

    fn new(source: Source) -> Self {
        Self { source, input: Bytes::new(), decoder: FrameDecoder::new(), ended: false }
    }

    fn origin(&self) -> &Arc<Origin> {
        match &self.source {
            Source::Body(stream) => &stream.origin,
            Source::Hijacked(reader) => reader.origin(),
        }
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, Error>>> {
        loop {
            match self.decoder.decode(&mut self.input) {
                Ok(Some(chunk)) => return Poll::Ready(Some(Ok(chunk))),
                Ok(None) => {}
                Err(error) => {
                    let error = Error::new(self.origin(), Phase::Decode, Reason::Frame(error));
                    return Poll::Ready(Some(Err(error)));
                }
            }
            let next = match &mut self.source {
                Source::Body(stream) => ready!(Pin::new(stream).poll_next(cx)),
                Source::Hijacked(reader) => ready!(reader.poll_piece(cx)).map(|piece| {
                    piece.map_err(|error| Error::new(reader.origin(), Phase::Body, Reason::Io(error)))
                }),
            };
            match next {
                Some(Ok(piece)) => self.input = piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    let end = self.decoder.finish();
                    return Poll::Ready(
                        end.err()
                            .map(|error| Err(Error::new(self.origin(), Phase::Body, Reason::Frame(error)))),
                    );
                }
            }
        }
    }
}

impl Stream for FrameStream {
    type Item = Result<Chunk, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let item = ready!(this.poll_item(cx));
        this.ended = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}
