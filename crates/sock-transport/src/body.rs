//! Request bodies.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use crate::wire::Wire;

/// How much [`RequestBody::from_async_read`] reads at a time.
const CHUNK: usize = 64 << 10;

/// What a request carries.
pub enum RequestBody {
    /// All of it, sent with its length.
    Bytes(Bytes),
    /// Pieces that are asked for as the engine takes them, sent in chunks. An error ends the request: the
    /// connection is closed, so that the engine sees a broken upload and never a short one.
    Stream(Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>),
}

impl RequestBody {
    /// A body from a stream of pieces.
    pub fn from_stream(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self::Stream(Box::pin(stream))
    }

    /// A body from a reader, read 64 KiB at a time and no faster than the engine takes it.
    pub fn from_async_read(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::Stream(Box::pin(ReaderStream { reader: Some(Box::pin(reader)), buffer: BytesMut::new() }))
    }
}

impl Default for RequestBody {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "RequestBody({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("RequestBody(stream)"),
        }
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<u8>> for RequestBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

struct ReaderStream {
    reader: Option<Pin<Box<dyn AsyncRead + Send>>>,
    buffer: BytesMut,
}

impl Stream for ReaderStream {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some(reader) = &mut this.reader else {
            return Poll::Ready(None);
        };
        if this.buffer.len() < CHUNK / 4 {
            this.buffer = BytesMut::zeroed(CHUNK);
        }
        let mut target = ReadBuf::new(&mut this.buffer);
        let result = ready!(reader.as_mut().poll_read(cx, &mut target));
        let count = target.filled().len();
        match result {
            Ok(()) if count > 0 => Poll::Ready(Some(Ok(this.buffer.split_to(count).freeze()))),
            Ok(()) => {
                this.reader = None;
                Poll::Ready(None)
            }
            Err(error) => {
                this.reader = None;
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}

/// A request body as hyper takes it. It tells the wire for whom an upload waits, and stops when the engine
/// no longer listens.
pub(crate) struct Outgoing {
    body: Option<RequestBody>,
    wire: Arc<Wire>,
}

impl Outgoing {
    pub(crate) fn new(body: RequestBody, wire: Arc<Wire>) -> Self {
        let body = if matches!(&body, RequestBody::Bytes(b) if b.is_empty()) { None } else { Some(body) };
        Self { body, wire }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        if this.wire.is_deaf() {
            this.body = None;
        }
        match &mut this.body {
            None => Poll::Ready(None),
            Some(RequestBody::Bytes(bytes)) => {
                let bytes = std::mem::take(bytes);
                this.body = None;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Some(RequestBody::Stream(stream)) => {
                let next = stream.as_mut().poll_next(cx);
                this.wire.wait_for_caller(next.is_pending());
                let next = ready!(next);
                if !matches!(next, Some(Ok(_))) {
                    this.body = None;
                }
                Poll::Ready(next.map(|piece| match piece {
                    Ok(piece) => Ok(Frame::data(piece)),
                    Err(error) => {
                        let kind = error.kind();
                        this.wire.fail_body(error);
                        Err(kind.into())
                    }
                }))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            None => SizeHint::with_exact(0),
            Some(RequestBody::Bytes(bytes)) => SizeHint::with_exact(bytes.len() as u64),
            Some(RequestBody::Stream(_)) => SizeHint::default(),
        }
    }
}
