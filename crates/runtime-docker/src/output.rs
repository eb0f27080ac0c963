//! Output of processes: frames or raw bytes as chunks.

use bytes::BytesMut;
use futures_util::{Stream, StreamExt, stream};
use runtime_core::{BoxStream, Error, ErrorKind, OutputChunk, OutputStream, Result, Session};
use sock_transport::codec::{Chunk, StreamKind};
use sock_transport::{ByteStream, FrameStream, Hijacked, HijackedWriter};
use tokio::io::AsyncReadExt;

/// How much is read from a terminal at a time.
const PIECE: usize = 16 << 10;

/// What turns a failure of the transport into one of the runtime.
pub(crate) trait Mapper: Fn(sock_transport::Error) -> Error + Send + 'static {}
impl<F: Fn(sock_transport::Error) -> Error + Send + 'static> Mapper for F {}

fn chunk(chunk: Chunk, operation: &'static str) -> Result<OutputChunk> {
    let stream = match chunk.stream {
        StreamKind::Stdout | StreamKind::Stdin => OutputStream::Stdout,
        StreamKind::Stderr => OutputStream::Stderr,
        StreamKind::SystemError => {
            let reason = String::from_utf8_lossy(&chunk.bytes).trim().to_owned();
            return Err(Error::new(ErrorKind::Engine, operation, reason));
        }
    };
    Ok(OutputChunk { stream, bytes: chunk.bytes })
}

/// Chunks of a framed stream.
pub(crate) fn framed(
    frames: FrameStream,
    operation: &'static str,
    map: impl Mapper,
) -> impl Stream<Item = Result<OutputChunk>> + Send + 'static {
    frames.map(move |frame| match frame {
        Ok(frame) => chunk(frame, operation),
        Err(error) => Err(map(error)),
    })
}

/// Chunks of a raw stream: all of a terminal's output is stdout.
pub(crate) fn raw(
    bytes: ByteStream,
    map: impl Mapper,
) -> impl Stream<Item = Result<OutputChunk>> + Send + 'static {
    bytes.map(move |piece| {
        piece.map(|bytes| OutputChunk { stream: OutputStream::Stdout, bytes }).map_err(&map)
    })
}

/// The streams of a hijacked connection.
///
/// Without stdin its writing half is kept until the output ends: closing it would tell the engine that
/// the client is leaving.
pub(crate) fn session(
    hijacked: Hijacked,
    stdin: bool,
    tty: bool,
    operation: &'static str,
    map: impl Mapper,
) -> Session {
    let (reader, writer) = hijacked.into_split();
    let (stdin, kept): (Option<runtime_core::BoxWriter>, Option<HijackedWriter>) =
        if stdin { (Some(Box::pin(writer)), None) } else { (None, Some(writer)) };
    let output: BoxStream<OutputChunk> = if tty {
        Box::pin(stream::unfold((reader, kept, false), move |(mut reader, kept, ended)| async move {
            if ended {
                return None;
            }
            let mut buffer = BytesMut::with_capacity(PIECE);
            match reader.read_buf(&mut buffer).await {
                Ok(0) => None,
                Ok(_) => {
                    let chunk = OutputChunk { stream: OutputStream::Stdout, bytes: buffer.freeze() };
                    Some((Ok(chunk), (reader, kept, false)))
                }
                Err(error) => {
                    let broken = Error::new(ErrorKind::Unavailable, operation, error.to_string());
                    Some((Err(broken.with_source(error)), (reader, kept, true)))
                }
            }
        }))
    } else {
        let frames = framed(reader.into_frames(), operation, map);
        Box::pin(frames.inspect(move |_| {
            let _held_with_the_stream = &kept;
        }))
    };
    Session { stdin, output }
}
