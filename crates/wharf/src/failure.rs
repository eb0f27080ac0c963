//! Why a command ended without doing what it was asked.

use std::io;

/// Everything that ends a command early. How it looks is decided in [`crate::output`].
#[derive(Debug)]
pub(crate) enum Failure {
    /// The Compose file, or what belongs to it, is wrong; no engine was touched.
    Load(compose_file::LoadError),
    /// No engine was found, or it did not answer.
    Connect(runtime_connect::ConnectError),
    /// The work on the engine failed.
    Compose(compose::Error),
    /// A call on the engine that a command makes itself failed.
    Runtime(runtime_core::Error),
    /// What was asked for cannot be done; nothing was tried.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// Reading or writing a file or a stream of our own failed.
    Io {
        /// What was tried, as in "cannot ...".
        doing: String,
        /// Why not.
        source: io::Error,
    },
    /// Whoever read our output has gone: there is nobody to tell.
    BrokenPipe,
    /// Ctrl-C, or SIGTERM.
    Interrupted,
}

impl Failure {
    /// Something that cannot be done as asked.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: None }
    }

    /// Adds what to do to an error of use; others keep their own.
    #[must_use]
    pub(crate) fn with_hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Usage { message, .. } => Self::Usage { message, hint: Some(text.into()) },
            other => other,
        }
    }

    /// An error of a file or stream of our own.
    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Io { doing: doing.into(), source },
        }
    }

    /// The exit code. As docker-compose: 1 for an error, 130 for an interrupt; and 141 where SIGPIPE would have
    /// ended another program.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::BrokenPipe => 141,
            _ => 1,
        }
    }
}

impl From<compose_file::LoadError> for Failure {
    fn from(error: compose_file::LoadError) -> Self {
        Self::Load(error)
    }
}

impl From<runtime_connect::ConnectError> for Failure {
    fn from(error: runtime_connect::ConnectError) -> Self {
        Self::Connect(error)
    }
}

impl From<compose::Error> for Failure {
    fn from(error: compose::Error) -> Self {
        Self::Compose(error)
    }
}

impl From<runtime_core::Error> for Failure {
    fn from(error: runtime_core::Error) -> Self {
        Self::Runtime(error)
    }
}

/// For `?` on what [`crate::output::Output`] writes.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::io("write the output", error)
    }
}
