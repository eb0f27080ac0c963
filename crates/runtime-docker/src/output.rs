//! Output of processes: frames or raw bytes as chunks.

use futures_util::{Stream, StreamExt};
use runtime_core::{Error, ErrorKind, OutputChunk, OutputStream, Result, Session};
use sock_transport::codec::{Chunk, StreamKind};
use sock_transport::{ByteStream, Hijacked};

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
    Ok(OutputChunk { stream, begins: chunk.begins, bytes: chunk.bytes })
}

/// Chunks of a framed stream or a session.
pub(crate) fn framed(
    frames: impl Stream<Item = Result<Chunk, sock_transport::Error>> + Send + 'static,
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
        piece.map(|bytes| OutputChunk { stream: OutputStream::Stdout, begins: false, bytes }).map_err(&map)
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
    let (output, input) = hijacked.into_streams(tty);
    let (stdin, output): (Option<runtime_core::BoxWriter>, _) =
        if stdin { (Some(Box::pin(input)), output) } else { (None, output.keeping(input)) };
    Session { stdin, output: Box::pin(framed(output, operation, map)) }
}
