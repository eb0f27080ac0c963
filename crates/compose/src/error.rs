//! The one error type of this crate.

use std::fmt;

/// `Result` with a compose [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as far as a caller can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The project or the request is wrong; nothing was changed on the engine.
    Invalid,
    /// Something that is wanted does not exist: a service, a container, an external network or volume, an image.
    Missing,
    /// A name is taken by something that is not the project's.
    Conflict,
    /// A condition that a service or the caller waited for cannot come true any more.
    ConditionFailed,
    /// A condition did not come true in the time that the caller gave.
    Timeout,
    /// An image could not be pulled or built.
    Image,
    /// Reading on this machine failed: a build context, a secret's file.
    Io,
    /// The engine refused or failed, or went away; see [`Error::engine`].
    Engine,
}

/// Why an operation on a project failed: which service and container, what happened, and what to do next.
///
/// `Display` is one sentence without hint, logs and probe output, which have accessors of their own. No value of an
/// environment variable is in any of them; log lines and probe output are the container's own words.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    service: Option<String>,
    container: Option<String>,
    hint: Option<String>,
    exit_code: Option<i64>,
    probe_output: Option<String>,
    log_lines: Vec<String>,
    source: Option<runtime_core::Error>,
}

impl Error {
    /// An error in words.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            service: None,
            container: None,
            hint: None,
            exit_code: None,
            probe_output: None,
            log_lines: Vec::new(),
            source: None,
        }))
    }

    /// Names the service.
    #[must_use]
    pub fn with_service(mut self, service: impl Into<String>) -> Self {
        self.0.service = Some(service.into());
        self
    }

    /// Names the container.
    #[must_use]
    pub fn with_container(mut self, container: impl Into<String>) -> Self {
        self.0.container = Some(container.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the code with which the container ended.
    #[must_use]
    pub fn with_exit_code(mut self, code: i64) -> Self {
        self.0.exit_code = Some(code);
        self
    }

    /// Adds what the last health probe printed.
    #[must_use]
    pub fn with_probe_output(mut self, output: impl Into<String>) -> Self {
        self.0.probe_output = Some(output.into()).filter(|text: &String| !text.trim().is_empty());
        self
    }

    /// Adds the last lines of the container's log.
    #[must_use]
    pub fn with_log_lines(mut self, lines: Vec<String>) -> Self {
        self.0.log_lines = lines;
        self
    }

    /// The same error, because time ran out.
    pub(crate) fn into_timeout(mut self) -> Self {
        self.0.kind = ErrorKind::Timeout;
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The service that it is about.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        self.0.service.as_deref()
    }

    /// The container that it is about, by name.
    #[must_use]
    pub fn container(&self) -> Option<&str> {
        self.0.container.as_deref()
    }

    /// What to do next, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref().or_else(|| self.engine().and_then(runtime_core::Error::hint))
    }

    /// The code with which the container ended.
    #[must_use]
    pub fn exit_code(&self) -> Option<i64> {
        self.0.exit_code
    }

    /// What the last health probe printed.
    #[must_use]
    pub fn probe_output(&self) -> Option<&str> {
        self.0.probe_output.as_deref()
    }

    /// The last lines of the container's log, at most ten.
    #[must_use]
    pub fn log_lines(&self) -> &[String] {
        &self.0.log_lines
    }

    /// The engine's error behind it.
    #[must_use]
    pub fn engine(&self) -> Option<&runtime_core::Error> {
        self.0.source.as_ref()
    }

    /// Whether no engine answers, or it went away.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.engine().is_some_and(runtime_core::Error::is_unavailable)
    }

    /// Whether the project or the request is wrong, so that trying again cannot help.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.0.kind == ErrorKind::Invalid
    }

    /// Whether a condition that was waited for failed: unhealthy, ended, or ended with a code that is not 0.
    #[must_use]
    pub fn is_condition_failed(&self) -> bool {
        self.0.kind == ErrorKind::ConditionFailed
    }

    /// Whether a condition did not come true in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(service) = &self.0.service {
            write!(f, "service {service}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.engine().and_then(std::error::Error::source)
    }
}

impl From<runtime_core::Error> for Error {
    fn from(error: runtime_core::Error) -> Self {
        use runtime_core::ErrorKind as Kind;
        let kind = match error.kind() {
            Kind::PullFailed | Kind::BuildFailed => ErrorKind::Image,
            Kind::Io => ErrorKind::Io,
            _ => ErrorKind::Engine,
        };
        let mut this = Self::new(kind, error.to_string());
        this.0.source = Some(error);
        this
    }
}
