//! Why no engine was found.

use std::fmt;

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Where: a socket, a setting, a program.
    pub what: String,
    /// Why it did not do.
    pub reason: String,
}

/// No engine could be used.
///
/// `Display` gives one sentence with everything that was tried; [`hint`](Self::hint) says what to do.
#[derive(Debug)]
pub struct ConnectError {
    /// What an option or a variable named, where one did.
    named: bool,
    attempts: Vec<Attempt>,
    hint: String,
}

impl ConnectError {
    /// An option, a variable or a setting that cannot be followed.
    pub(crate) fn refused(what: String, reason: String) -> Self {
        let hint = "name an engine as unix:///path/to/socket, or as docker or podman".to_owned();
        Self { named: true, attempts: vec![Attempt { what, reason }], hint }
    }

    /// What was named does not answer.
    pub(crate) fn named(attempts: Vec<Attempt>) -> Self {
        let hint = "start the engine, or take the setting away so that another one is looked for".to_owned();
        Self { named: true, attempts, hint }
    }

    /// Nothing was found anywhere.
    pub(crate) fn nothing(attempts: Vec<Attempt>, install: &str) -> Self {
        let hint = format!("install one, for example with `{install}`, or start the one that is installed");
        Self { named: false, attempts, hint }
    }

    /// What was tried, in order, each with the reason why it did not do.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.named {
            "cannot use the container engine"
        } else {
            "no container engine was found"
        })?;
        for (index, attempt) in self.attempts.iter().enumerate() {
            let separator = match (index, self.named) {
                (0, true) => " named by ",
                (0, false) => ": ",
                _ => "; ",
            };
            write!(f, "{separator}{}: {}", attempt.what, attempt.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConnectError {}
