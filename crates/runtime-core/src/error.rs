//! The one error type of a runtime.

use std::fmt;

/// `Result` with a runtime [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as far as a caller can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The container, image, network, volume or exec does not exist.
    NotFound,
    /// The name is taken, the object is in use, or it is in a state that does not allow the call.
    Conflict,
    /// The engine refused the request as wrong.
    InvalidRequest,
    /// A registry refused the credentials, or the engine the caller.
    Unauthorized,
    /// This engine cannot do it at all.
    Unsupported,
    /// This engine cannot checkpoint or restore: it is Docker, it is rootless, or its probe failed.
    CheckpointUnsupported,
    /// A checkpoint was tried and failed; the container runs on.
    CheckpointFailed,
    /// A restore was tried and failed; nothing of it is left behind.
    RestoreFailed,
    /// An image could not be pulled.
    PullFailed,
    /// An image could not be built.
    BuildFailed,
    /// No engine answers: it is not there, or it went away during the call.
    Unavailable,
    /// The engine did not answer in time.
    Timeout,
    /// Reading or writing on the caller's side failed (a build context, an archive's target).
    Io,
    /// The engine failed in a way that none of the other kinds describes.
    Engine,
}

/// Why a call on a [`Runtime`](crate::Runtime) failed: the operation, its object, and the engine's reason.
///
/// `Display` gives one sentence, such as `cannot create container web-1: name is already in use`. The
/// chain of causes is reached through [`std::error::Error::source`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Error {
    kind: ErrorKind,
    operation: &'static str,
    subject: Option<String>,
    reason: String,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of an operation, named as a person would: `"create container"`.
    pub fn new(kind: ErrorKind, operation: &'static str, reason: impl Into<String>) -> Self {
        Self { kind, operation, subject: None, reason: reason.into(), hint: None, source: None }
    }

    /// Names the container, image, network or volume it was about.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error as another kind.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The operation, such as `create container`.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// The container, image, network or volume.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The reason, in the engine's words where it gave any.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What to do next, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether the object does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }

    /// Whether a name is taken or an object is in use or in the wrong state.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind == ErrorKind::Conflict
    }

    /// Whether no engine answers.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.kind == ErrorKind::Unavailable
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}", self.operation)?;
        if let Some(subject) = &self.subject {
            write!(f, " {subject}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
