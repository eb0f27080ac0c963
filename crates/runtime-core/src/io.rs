//! Streams, logs, exec and attach.

use std::pin::Pin;
use std::time::SystemTime;

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{Environment, Result};

/// A stream of results that can be sent between threads. Dropping it ends the engine call behind it.
pub type BoxStream<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send>>;
/// A reader that can be sent between threads.
pub type BoxReader = Pin<Box<dyn AsyncRead + Send>>;
/// A writer that can be sent between threads.
pub type BoxWriter = Pin<Box<dyn AsyncWrite + Send>>;

/// Which of its two output streams a process wrote to. With a terminal all output is [`Self::Stdout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutputStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A piece of output, not necessarily a whole line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputChunk {
    /// Where it was written.
    pub stream: OutputStream,
    /// Whether an entry of the log begins with it: a line, or a part of a long one. A terminal's output has no entries:
    /// there it is false.
    pub begins: bool,
    /// What was written.
    pub bytes: Bytes,
}

/// Which log lines to read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogOptions {
    /// Go on with new lines until the container ends.
    pub follow: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// Only lines from this time on.
    pub since: Option<SystemTime>,
    /// Only lines up to this time.
    pub until: Option<SystemTime>,
    /// Only the last lines, this many.
    pub tail: Option<u64>,
    /// Put an RFC 3339 timestamp and a space before each entry ([`OutputChunk::begins`]), so that a long line has several.
    /// Podman 5.4 tells whole seconds.
    pub timestamps: bool,
    /// Whether the container has a terminal, where the caller knows it; `None` costs an inspect call.
    pub tty: Option<bool>,
}

/// All lines of both streams, without following.
impl Default for LogOptions {
    fn default() -> Self {
        Self {
            follow: false,
            stdout: true,
            stderr: true,
            since: None,
            until: None,
            tail: None,
            timestamps: false,
            tty: None,
        }
    }
}

impl LogOptions {
    /// Follow from the first line on.
    #[must_use]
    pub fn following() -> Self {
        Self { follow: true, ..Self::default() }
    }
}

/// Columns and rows of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

/// What to run in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecSpec {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Environment on top of the container's.
    pub env: Environment,
    /// `user[:group]`; `None` is the container's configured user.
    pub user: Option<String>,
    /// Working directory; `None` is the container's.
    pub working_dir: Option<String>,
    /// Allocate a terminal.
    pub tty: bool,
    /// Size of the terminal.
    pub size: Option<TerminalSize>,
    /// Attach stdin.
    pub stdin: bool,
    /// All privileges.
    pub privileged: bool,
}

impl ExecSpec {
    /// Runs a command as the container's user, with its output attached.
    pub fn new<S: Into<String>>(command: impl IntoIterator<Item = S>) -> Self {
        Self { command: command.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Runs it as another user.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Attaches stdin.
    #[must_use]
    pub fn with_stdin(mut self) -> Self {
        self.stdin = true;
        self
    }

    /// Allocates a terminal.
    #[must_use]
    pub fn with_tty(mut self) -> Self {
        self.tty = true;
        self
    }
}

/// A process that was started in a container, with its streams.
///
/// Dropping it closes the connection; the process itself runs on, since no engine can end an exec.
pub struct ExecSession {
    /// Id of the exec, for [`Runtime::resize_exec`](crate::Runtime::resize_exec) and
    /// [`Runtime::exec_exit_code`](crate::Runtime::exec_exit_code).
    pub id: String,
    /// Its streams.
    pub session: Session,
}

impl std::fmt::Debug for ExecSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExecSession").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The streams of an attached process.
pub struct Session {
    /// Standard input, where it was asked for. Shutting it down gives the process an end of file.
    pub stdin: Option<BoxWriter>,
    /// Output until the process ends.
    pub output: BoxStream<OutputChunk>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("stdin", &self.stdin.is_some()).finish_non_exhaustive()
    }
}

/// What to attach to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttachOptions {
    /// Attach stdin; the container must have been created with `stdin_open`.
    pub stdin: bool,
    /// Replay the log first.
    pub logs: bool,
    /// Whether the container has a terminal, where the caller knows it; `None` costs an inspect call.
    pub tty: Option<bool>,
}

/// Output only, from now on.
impl Default for AttachOptions {
    fn default() -> Self {
        Self { stdin: false, logs: false, tty: None }
    }
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExitStatus {
    /// Exit code; 128 and the signal's number after a signal.
    pub code: i64,
    /// What kept the engine from waiting properly, in its words.
    pub error: Option<String>,
}

impl ExitStatus {
    /// An exit code.
    #[must_use]
    pub const fn new(code: i64) -> Self {
        Self { code, error: None }
    }
}
