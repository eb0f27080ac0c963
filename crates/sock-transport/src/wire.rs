//! The socket under an HTTP connection, watched: what was written and read, and whether it still lives.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use rustix::io::Errno;
use rustix::net::RecvFlags;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::Instant;

/// How much one read asks for at first, and at most once reads come back full.
const READ_SIZES: (usize, usize) = (8 << 10, 64 << 10);

/// A socket that counts. Shared by the HTTP connection that uses it and by whoever judges that connection.
#[derive(Debug)]
pub(crate) struct Wire {
    half: OwnedWriteHalf,
    written: AtomicU64,
    read: AtomicU64,
    deaf: AtomicBool,
    upload: Mutex<Upload>,
    body_error: Mutex<Option<io::Error>>,
}

#[derive(Clone, Copy, Debug)]
struct Upload {
    /// When bytes last went out.
    moved: Instant,
    /// Whether the request's body waits for the caller rather than for the engine.
    waits_for_caller: bool,
}

/// How far the connection was at some moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    written: u64,
    read: u64,
}

impl Wire {
    /// The socket, and the half of it that hyper holds.
    pub(crate) fn new(stream: UnixStream) -> (Arc<Self>, Io) {
        let (read, write) = stream.into_split();
        let wire = Arc::new(Self {
            half: write,
            written: AtomicU64::new(0),
            read: AtomicU64::new(0),
            deaf: AtomicBool::new(false),
            upload: Mutex::new(Upload { moved: Instant::now(), waits_for_caller: false }),
            body_error: Mutex::new(None),
        });
        let io = Io { wire: Arc::clone(&wire), half: read, scratch: vec![0; READ_SIZES.0] };
        (wire, io)
    }

    fn stream(&self) -> &UnixStream {
        self.half.as_ref()
    }

    /// Remembers this moment, at which a request begins.
    pub(crate) fn mark(&self) -> Mark {
        *self.upload() = Upload { moved: Instant::now(), waits_for_caller: false };
        Mark { written: self.written.load(Ordering::Relaxed), read: self.read.load(Ordering::Relaxed) }
    }

    /// Whether nothing was written since: the engine cannot have seen the request.
    pub(crate) fn unsent(&self, since: Mark) -> bool {
        self.written.load(Ordering::Relaxed) == since.written
    }

    /// Whether nothing was read since: no byte of an answer came.
    pub(crate) fn unanswered(&self, since: Mark) -> bool {
        self.read.load(Ordering::Relaxed) == since.read
    }

    /// Whether the engine has stopped listening. Its answer may still be readable.
    pub(crate) fn is_deaf(&self) -> bool {
        self.deaf.load(Ordering::Relaxed)
    }

    /// Whether an idle connection is still usable: open, and with nothing to read. Asks the system, since
    /// the runtime may not have been told of the end yet.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut byte = [0_u8; 1];
        let peek = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        loop {
            match rustix::net::recv(self.stream(), &mut byte[..], peek) {
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return !self.is_deaf(),
                // The end of the stream, bytes that nobody asked for, or an error.
                Ok(_) | Err(_) => return false,
            }
        }
    }

    /// Says whether the request's body waits for the caller.
    pub(crate) fn wait_for_caller(&self, waits: bool) {
        let mut upload = self.upload();
        if upload.waits_for_caller && !waits {
            // The engine's turn begins now.
            upload.moved = Instant::now();
        }
        upload.waits_for_caller = waits;
    }

    /// Since when the engine has had nothing new to read; `None` while the caller's body is the cause.
    pub(crate) fn engine_waits_since(&self) -> Option<Instant> {
        let upload = *self.upload();
        (!upload.waits_for_caller).then_some(upload.moved)
    }

    /// Keeps the error with which the caller's body ended; hyper would only say that there was one.
    pub(crate) fn fail_body(&self, error: io::Error) {
        *self.body_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// The error with which the caller's body ended, once.
    pub(crate) fn take_body_error(&self) -> Option<io::Error> {
        self.body_error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn upload(&self) -> MutexGuard<'_, Upload> {
        self.upload.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns a write error into silence. What the engine said before it stopped listening (a refusal in
    /// the middle of an upload, say) can then still be read; if it said nothing, the read fails.
    fn note_written(&self, result: io::Result<usize>, offered: usize) -> io::Result<usize> {
        match result {
            Ok(count) => {
                self.written.fetch_add(count as u64, Ordering::Relaxed);
                self.upload().moved = Instant::now();
                Ok(count)
            }
            Err(error)
                if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) =>
            {
                self.deaf.store(true, Ordering::Relaxed);
                Ok(offered)
            }
            Err(error) => Err(error),
        }
    }

    fn poll_write_with(
        &self,
        cx: &mut Context<'_>,
        offered: usize,
        mut write: impl FnMut(&UnixStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            if self.is_deaf() {
                return Poll::Ready(Ok(offered));
            }
            ready!(self.stream().poll_write_ready(cx))?;
            match write(self.stream()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(self.note_written(result, offered)),
            }
        }
    }
}

/// The half of a [`Wire`] that hyper holds.
#[derive(Debug)]
pub(crate) struct Io {
    wire: Arc<Wire>,
    half: OwnedReadHalf,
    /// Reads go through here, since hyper's cursor can only be filled safely by copying.
    scratch: Vec<u8>,
}

impl Read for Io {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let want = buf.remaining().min(this.scratch.len());
        let mut target = ReadBuf::new(&mut this.scratch[..want]);
        ready!(Pin::new(&mut this.half).poll_read(cx, &mut target))?;
        let count = target.filled().len();
        buf.put_slice(target.filled());
        this.wire.read.fetch_add(count as u64, Ordering::Relaxed);
        if count == this.scratch.len() && count < READ_SIZES.1 {
            this.scratch.resize(count * 2, 0);
        }
        Poll::Ready(Ok(()))
    }
}

impl Write for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.wire.poll_write_with(cx, buf.len(), |stream| stream.try_write(buf))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Dropping the socket closes it; nobody waits for its two halves one by one.
        Poll::Ready(Ok(()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let offered = bufs.iter().map(|b| b.len()).sum();
        self.wire.poll_write_with(cx, offered, |stream| stream.try_write_vectored(bufs))
    }
}
