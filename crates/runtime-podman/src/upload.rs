//! Request bodies that remember what became of them.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use runtime_core::BoxReader;
use sha2::{Digest, Sha256};
use sock_transport::RequestBody;
use tokio::io::AsyncReadExt;

/// How much is read at a time.
const PIECE: usize = 64 << 10;

/// Looks at an upload as it goes out.
pub(crate) trait Inspect: Send + 'static {
    /// Looks at the next piece, before it is sent; an error ends the upload, broken.
    fn piece(&mut self, piece: &[u8]) -> io::Result<()>;
    /// Looks at the end, before the engine is told of it; an error ends the upload, broken.
    fn end(&mut self) -> io::Result<()>;
}

/// Looks at nothing.
struct Unseen;

impl Inspect for Unseen {
    fn piece(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What became of a request body: the transport owns the body itself, and drops it when it likes.
#[derive(Clone, Debug)]
pub(crate) struct Upload(Arc<Mutex<Sent>>);

#[derive(Debug, Default)]
struct Sent {
    bytes: u64,
    digest: Option<String>,
    read_error: Option<io::Error>,
}

impl Upload {
    /// A body that is passed on as it is read.
    pub(crate) fn plain(reader: BoxReader) -> (RequestBody, Self) {
        Self::inspected(reader, Unseen)
    }

    /// A body that is looked at on its way.
    pub(crate) fn inspected(reader: BoxReader, inspect: impl Inspect) -> (RequestBody, Self) {
        let upload = Self(Arc::default());
        let state =
            State { reader, inspect, hash: Sha256::new(), buffer: BytesMut::new(), upload: upload.clone() };
        let body = stream::unfold(Some(state), |state| async move {
            let mut state = state?;
            match state.next().await {
                Ok(Some(piece)) => Some((Ok(piece), Some(state))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        (RequestBody::from_stream(body), upload)
    }

    /// Why the reader failed, if it did.
    pub(crate) fn take_read_error(&self) -> Option<io::Error> {
        self.lock().read_error.take()
    }

    /// Bytes and digest, once all was sent.
    pub(crate) fn finished(&self) -> Option<(u64, String)> {
        let sent = self.lock();
        sent.digest.clone().map(|digest| (sent.bytes, digest))
    }

    fn lock(&self) -> MutexGuard<'_, Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct State<I> {
    reader: BoxReader,
    inspect: I,
    hash: Sha256,
    buffer: BytesMut,
    upload: Upload,
}

impl<I: Inspect> State<I> {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        self.buffer.reserve(PIECE);
        let count = match self.reader.read_buf(&mut self.buffer).await {
            Ok(count) => count,
            Err(error) => {
                let shown = io::Error::new(error.kind(), error.to_string());
                self.upload.lock().read_error = Some(error);
                return Err(shown);
            }
        };
        let piece = self.buffer.split().freeze();
        if count == 0 {
            self.inspect.end()?;
            self.upload.lock().digest = Some(digest(self.hash.clone()));
            return Ok(None);
        }
        self.inspect.piece(&piece)?;
        self.hash.update(&piece);
        self.upload.lock().bytes += piece.len() as u64;
        Ok(Some(piece))
    }
}

/// A hash as a digest, `sha256:...`.
pub(crate) fn digest(hash: Sha256) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(71);
    text.push_str("sha256:");
    for byte in hash.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    async fn drain(body: RequestBody) -> io::Result<u64> {
        let RequestBody::Stream(mut stream) = body else { panic!("not a stream") };
        let mut total = 0;
        while let Some(piece) = stream.next().await {
            total += piece?.len() as u64;
        }
        Ok(total)
    }

    #[tokio::test]
    async fn what_was_sent_is_counted_and_hashed() {
        let (body, upload) = Upload::plain(Box::pin(&b"abc"[..]));
        assert_eq!(upload.finished(), None);
        assert_eq!(drain(body).await.unwrap(), 3);
        let (bytes, digest) = upload.finished().unwrap();
        assert_eq!(bytes, 3);
        assert_eq!(digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[tokio::test]
    async fn a_reader_that_fails_breaks_the_upload_and_is_remembered() {
        let reader = tokio_test_reader();
        let (body, upload) = Upload::plain(reader);
        assert!(drain(body).await.is_err());
        assert_eq!(upload.take_read_error().unwrap().to_string(), "disk on fire");
        assert_eq!(upload.finished(), None);
    }

    fn tokio_test_reader() -> BoxReader {
        struct Failing;
        impl tokio::io::AsyncRead for Failing {
            fn poll_read(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
                _: &mut tokio::io::ReadBuf<'_>,
            ) -> std::task::Poll<io::Result<()>> {
                std::task::Poll::Ready(Err(io::Error::other("disk on fire")))
            }
        }
        Box::pin(AsyncReadExt::chain(&b"some"[..], Failing))
    }

    #[tokio::test]
    async fn the_end_is_held_back_when_it_is_not_good() {
        struct NoEnd;
        impl Inspect for NoEnd {
            fn piece(&mut self, _: &[u8]) -> io::Result<()> {
                Ok(())
            }
            fn end(&mut self) -> io::Result<()> {
                Err(io::Error::other("too short"))
            }
        }
        let (body, upload) = Upload::inspected(Box::pin(&b"abc"[..]), NoEnd);
        assert_eq!(drain(body).await.unwrap_err().to_string(), "too short");
        assert_eq!(upload.finished(), None);
    }
}
