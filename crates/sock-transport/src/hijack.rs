//! Taking over a connection, for attach and exec.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http::StatusCode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use crate::error::{Error, Origin, Phase, Reason, status_reason};
use crate::raw::{BodyDecoder, HeadParser};
use crate::request::Prepared;
use crate::response::Head;
use crate::stream::FrameStream;

/// How much one read asks for at first, and at most once reads come back full.
const READ_SIZES: (usize, usize) = (16 << 10, 64 << 10);

/// A connection that the engine handed over. Dropping it closes the connection.
#[derive(Debug)]
pub struct Hijacked {
    head: Head,
    reader: HijackedReader,
    writer: HijackedWriter,
}

impl Hijacked {
    /// The status code: 101, or 200 from an engine or a proxy that did not switch protocols.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.head.status
    }

    /// A header's value, if it is there and plain text. Names are compared without regard to case.
    ///
    /// `Content-Type` is only a hint at the format: older engines say `raw-stream` for frames, too. Only
    /// whether there is a terminal decides.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.header(name)
    }

    /// The two directions. Each may be used on its own; the connection is closed when both are dropped.
    #[must_use]
    pub fn into_split(self) -> (HijackedReader, HijackedWriter) {
        (self.reader, self.writer)
    }
}

/// What the engine sends on a hijacked connection.
///
/// It ends when the container or the process ends, or when a person detaches: ask the engine which.
pub struct HijackedReader {
    origin: Arc<Origin>,
    half: OwnedReadHalf,
    /// What came from the socket and is not decoded yet; at first, what came together with the head.
    input: Bytes,
    /// What is decoded and not handed out yet.
    piece: Bytes,
    /// Where the next read goes. What was read is cut off, and its memory comes back once it is dropped.
    buffer: BytesMut,
    /// How much the next read asks for.
    want: usize,
    body: BodyDecoder,
}

impl HijackedReader {
    /// The output taken apart into stdout and stderr, for a process without a terminal.
    #[must_use]
    pub fn into_frames(self) -> FrameStream {
        FrameStream::from_hijacked(self)
    }

    pub(crate) const fn origin(&self) -> &Arc<Origin> {
        &self.origin
    }

    /// The next piece; `None` at the end.
    pub(crate) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if !self.piece.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.piece))));
        }
        loop {
            match self.body.decode(&mut self.input) {
                Ok(Some(piece)) => return Poll::Ready(Some(Ok(piece))),
                Ok(None) => {}
                Err(what) => {
                    return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::InvalidData, what))));
                }
            }
            if self.body.is_done() {
                return Poll::Ready(None);
            }
            if self.buffer.capacity() < self.want / 4 {
                self.buffer.reserve(self.want);
            }
            let room = self.buffer.capacity();
            let reading = pin!(self.half.read_buf(&mut self.buffer));
            match ready!(reading.poll(cx)) {
                Ok(count) if count > 0 => {
                    if count == room {
                        self.want = READ_SIZES.1.min(self.want * 2);
                    }
                    self.input = self.buffer.split().freeze();
                }
                Ok(_) if self.body.may_close() => return Poll::Ready(None),
                Ok(_) => return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into()))),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl AsyncRead for HijackedReader {
    /// Cancel safe: no byte is lost when a read is dropped.
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let plain = this.body == BodyDecoder::UntilClose;
        if plain && this.piece.is_empty() && this.input.is_empty() {
            return Pin::new(&mut this.half).poll_read(cx, buf);
        }
        if let Some(piece) = ready!(this.poll_piece(cx)) {
            this.piece = piece?;
            let count = this.piece.len().min(buf.remaining());
            buf.put_slice(&this.piece[..count]);
            this.piece.advance(count);
        }
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for HijackedReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HijackedReader").field("path", &self.origin.path).finish_non_exhaustive()
    }
}

/// What the engine receives on a hijacked connection: raw bytes for standard input, never framed.
///
/// [`shutdown`](AsyncWriteExt::shutdown) tells the process that its input is at an end, while its output
/// goes on; dropping the writer does the same.
#[derive(Debug)]
pub struct HijackedWriter {
    half: OwnedWriteHalf,
}

impl AsyncWrite for HijackedWriter {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.half).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.half).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.half).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.half).poll_write_vectored(cx, bufs)
    }
}

/// Asks for the connection and waits until it is handed over.
pub(crate) async fn handshake(
    stream: UnixStream,
    prepared: &Prepared,
    head_limit: Option<Duration>,
    idle_limit: Option<Duration>,
    refusal_limit: usize,
) -> Result<Hijacked, Error> {
    // Podman wants exactly this value, and Docker looks only for the second header.
    let request = prepared.to_bytes(&[("Connection", "Upgrade"), ("Upgrade", "tcp")]);
    let (mut read, mut write) = stream.into_split();
    let exchange = within(head_limit, exchange(&mut read, &mut write, &request)).await;
    let (head, input) = match exchange {
        Ok(Ok(answer)) => answer,
        Ok(Err((phase, reason))) => return Err(prepared.error(phase, reason)),
        Err(limit) => return Err(prepared.error(Phase::Headers, Reason::Timeout(limit))),
    };
    let mut reader = HijackedReader {
        origin: Arc::clone(&prepared.origin),
        half: read,
        input,
        piece: Bytes::new(),
        buffer: BytesMut::new(),
        want: READ_SIZES.0,
        body: BodyDecoder::of(&head),
    };
    if prepared.is_success(head.status) {
        return Ok(Hijacked { head, reader, writer: HijackedWriter { half: write } });
    }
    let body = refusal(&mut reader, idle_limit, refusal_limit).await;
    let status = StatusCode::from_u16(head.status).unwrap_or_default();
    Err(prepared.error(Phase::Status, status_reason(status, &body)))
}

/// Writes the request and reads the head of the answer, which may come before all is written.
async fn exchange(
    read: &mut OwnedReadHalf,
    write: &mut OwnedWriteHalf,
    request: &[u8],
) -> Result<(Head, Bytes), (Phase, Reason)> {
    let mut writing = pin!(write.write_all(request));
    let mut reading = pin!(read_head(read));
    let mut write_error = None;
    let mut written = false;
    let answer = std::future::poll_fn(|cx| {
        if !written && let Poll::Ready(result) = writing.as_mut().poll(cx) {
            written = true;
            write_error = result.err();
        }
        reading.as_mut().poll(cx)
    })
    .await;
    match (answer, write_error) {
        // An engine that refuses may stop listening before it has everything; one that agrees may not.
        (Ok((head, rest)), write_error) if head.status < 300 => {
            let result = match write_error {
                Some(error) => Err(error),
                None if written => Ok(()),
                None => writing.await,
            };
            result.map_err(|error| (Phase::Send, Reason::Io(error)))?;
            Ok((head, rest))
        }
        (Ok(answer), _) => Ok(answer),
        (Err(_), Some(error)) => Err((Phase::Send, Reason::Io(error))),
        (Err(reason @ Reason::Io(_)), None) => Err((Phase::Headers, reason)),
        (Err(reason), None) => Err((Phase::Upgrade, reason)),
    }
}

async fn read_head(read: &mut OwnedReadHalf) -> Result<(Head, Bytes), Reason> {
    let mut parser = HeadParser::default();
    let mut buffer = vec![0; READ_SIZES.0];
    loop {
        let count = read.read(&mut buffer).await.map_err(Reason::Io)?;
        if count == 0 {
            let text = "the connection was closed before an answer came";
            return Err(Reason::Io(io::Error::new(io::ErrorKind::UnexpectedEof, text)));
        }
        if let Some(answer) = parser.push(&buffer[..count]).map_err(Reason::Protocol)? {
            return Ok(answer);
        }
    }
}

/// As much of a refusal's body as can be had.
async fn refusal(reader: &mut HijackedReader, idle: Option<Duration>, limit: usize) -> Bytes {
    let mut body = BytesMut::new();
    while body.len() < limit {
        let next = within(idle, std::future::poll_fn(|cx| reader.poll_piece(cx))).await;
        let Ok(Some(Ok(piece))) = next else { break };
        body.extend_from_slice(&piece[..piece.len().min(limit - body.len())]);
    }
    body.freeze()
}

/// Runs `future` within `limit`, if there is one; the error is the limit.
async fn within<F: Future>(limit: Option<Duration>, future: F) -> Result<F::Output, Duration> {
    match limit {
        Some(limit) => timeout(limit, future).await.map_err(|_| limit),
        None => Ok(future.await),
    }
}
