//! The one error of these commands: a sentence for the person who ran them.

use std::fmt;

/// What failed and, where there is something to do about it, what to do.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// The result of every step here.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A failure that says `message`.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Puts what was being done in front of why it failed.
pub(crate) trait Context<T> {
    /// Gives `what: <the error>` for an error, and leaves a value alone.
    fn context(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for Result<T, E> {
    fn context(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Failure(format!("{}: {error}", what())))
    }
}
