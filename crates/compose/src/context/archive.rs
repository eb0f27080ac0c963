//! A directory as a tar stream: packed on a thread of its own, handed over in pieces of bounded number.
//!
//! Times, owners and the order of the file system are not in it, so that the same content gives the same stream and
//! a build cache is hit.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use runtime_core::BoxReader;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;
use walkdir::WalkDir;

use super::ignore::Patterns;

/// Size of the pieces, and how many may be under way.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 8;

/// What is packed.
#[derive(Clone, Debug, Default)]
pub(super) struct Job {
    pub(super) folder: PathBuf,
    pub(super) ignore: Patterns,
    /// Paths that are packed whatever the patterns say.
    pub(super) always: Vec<String>,
    /// A Dockerfile that is not in the folder: its name in the archive, and its text.
    pub(super) dockerfile: Option<(String, Vec<u8>)>,
}

/// Starts to pack. Dropping the reader ends the thread at its next piece.
pub(super) fn read(job: Job) -> BoxReader {
    let (sender, pieces) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let writer = PieceWriter { pieces: sender.clone(), buffer: Vec::with_capacity(PIECE) };
        if let Err(error) = pack(&job, writer) {
            // Without a reader nobody wants to know.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Box::pin(PieceReader { pieces, current: Bytes::new() })
}

/// Packs the folder.
pub(super) fn pack(job: &Job, writer: impl Write) -> io::Result<()> {
    let mut archive = tar::Builder::new(writer);
    archive.follow_symlinks(false);
    let mut walk = WalkDir::new(&job.folder).min_depth(1).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(io::Error::from)?;
        let relative = entry.path().strip_prefix(&job.folder).unwrap_or(entry.path());
        let Some(name) = relative.to_str() else {
            let message = format!("{} has a name that is not text", entry.path().display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        };
        let wanted = job.always.iter().any(|path| path == name || is_parent(name, path));
        if !wanted && job.ignore.leaves_out(name) {
            if entry.file_type().is_dir() && !job.ignore.may_keep_below(name) {
                walk.skip_current_dir();
            }
            continue;
        }
        append(&mut archive, entry.path(), name).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot pack {}: {error}", entry.path().display()))
        })?;
    }
    if let Some((name, text)) = &job.dockerfile {
        let mut header = header(0o644, text.len() as u64);
        archive.append_data(&mut header, name, text.as_slice())?;
    }
    archive.into_inner()?.flush()
}

fn is_parent(directory: &str, path: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

fn append(archive: &mut tar::Builder<impl Write>, path: &Path, name: &str) -> io::Result<()> {
    let meta = fs::symlink_metadata(path)?;
    let kind = meta.file_type();
    let mode = meta.permissions().mode() & 0o7777;
    if kind.is_dir() {
        let mut header = header(mode, 0);
        header.set_entry_type(tar::EntryType::Directory);
        archive.append_data(&mut header, format!("{name}/"), io::empty())
    } else if kind.is_symlink() {
        let mut header = header(0o777, 0);
        header.set_entry_type(tar::EntryType::Symlink);
        archive.append_link(&mut header, name, fs::read_link(path)?)
    } else if kind.is_file() {
        append_file(archive, path, name, &meta, mode)
    } else {
        // Sockets, pipes and devices are no part of a context.
        Ok(())
    }
}

fn append_file(
    archive: &mut tar::Builder<impl Write>,
    path: &Path,
    name: &str,
    meta: &Metadata,
    mode: u32,
) -> io::Result<()> {
    use io::Read as _;
    let size = meta.len();
    let mut header = header(mode, size);
    // A file that grows or shrinks meanwhile must not spoil the archive.
    let mut content = File::open(path)?.take(size).chain(io::repeat(0)).take(size);
    archive.append_data(&mut header, name, &mut content)
}

fn header(mode: u32, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_mode(mode);
    header.set_size(size);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header
}

struct PieceWriter {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for PieceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE));
        self.pieces.blocking_send(Ok(piece.into())).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

struct PieceReader {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    current: Bytes,
}

impl AsyncRead for PieceReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.current.is_empty() {
            match self.pieces.poll_recv(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(Some(Ok(piece))) => self.current = piece,
            }
        }
        let count = self.current.len().min(buf.remaining());
        buf.put_slice(&self.current.split_to(count));
        Poll::Ready(Ok(()))
    }
}
