//! How a container behaves.

use std::time::Duration;

use runtime_core::{ContainerSpec, ErrorKind, OutputStream};

/// Which containers a script is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selector {
    /// Containers created under this name.
    Name(String),
    /// Containers of this image reference.
    Image(String),
    /// Containers with this label and value.
    Label(String, String),
}

impl Selector {
    /// Containers created under this name.
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }

    /// Containers of this image reference.
    pub fn image(reference: impl Into<String>) -> Self {
        Self::Image(reference.into())
    }

    /// Containers with this label and value.
    pub fn label(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Label(key.into(), value.into())
    }

    pub(crate) fn matches(&self, spec: &ContainerSpec) -> bool {
        match self {
            Self::Name(name) => spec.name == *name,
            Self::Image(image) => spec.image == *image,
            Self::Label(key, value) => spec.labels.get(key) == Some(value),
        }
    }
}

/// What one exec does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecOutcome {
    pub(crate) code: i64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) takes: Option<Duration>,
}

impl ExecOutcome {
    /// Ends at once with this code and no output.
    #[must_use]
    pub const fn exit(code: i64) -> Self {
        Self { code, stdout: String::new(), stderr: String::new(), takes: Some(Duration::ZERO) }
    }

    /// Never ends by itself: only the container's end or a dropped session ends it.
    #[must_use]
    pub const fn hang() -> Self {
        Self { code: 137, stdout: String::new(), stderr: String::new(), takes: None }
    }

    /// Writes to standard output before it ends.
    #[must_use]
    pub fn with_stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = text.into();
        self
    }

    /// Writes to standard error before it ends.
    #[must_use]
    pub fn with_stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = text.into();
        self
    }

    /// Takes this long.
    #[must_use]
    pub const fn taking(mut self, time: Duration) -> Self {
        self.takes = Some(time);
        self
    }
}

/// When an outcome applies: to which command, as which user, and at what time since the container's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecRule {
    command: Option<Vec<String>>,
    user: Option<String>,
    from: Duration,
    until: Option<Duration>,
    pub(crate) outcome: ExecOutcome,
}

impl ExecRule {
    /// An outcome for every command at any time.
    #[must_use]
    pub const fn new(outcome: ExecOutcome) -> Self {
        Self { command: None, user: None, from: Duration::ZERO, until: None, outcome }
    }

    /// Only for a command that begins with these words.
    #[must_use]
    pub fn command<S: Into<String>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        self.command = Some(words.into_iter().map(Into::into).collect());
        self
    }

    /// Only for an exec that asks for this user.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Only from this time on.
    #[must_use]
    pub const fn from(mut self, from: Duration) -> Self {
        self.from = from;
        self
    }

    /// Only before this time.
    #[must_use]
    pub const fn until(mut self, until: Duration) -> Self {
        self.until = Some(until);
        self
    }

    fn matches(&self, command: &[String], user: Option<&str>, since_start: Duration) -> bool {
        self.command.as_ref().is_none_or(|words| command.starts_with(words))
            && self.user.as_deref().is_none_or(|wanted| user == Some(wanted))
            && since_start >= self.from
            && self.until.is_none_or(|until| since_start < until)
    }
}

/// How a container behaves, each time it is started. All times are since its start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimProgram {
    pub(crate) start_delay: Duration,
    pub(crate) start_error: Option<(ErrorKind, String)>,
    pub(crate) exit: Option<(Duration, i64)>,
    pub(crate) ready: Option<Duration>,
    pub(crate) stop: Option<(Duration, i64)>,
    pub(crate) execs: Vec<ExecRule>,
    pub(crate) output: Vec<(Duration, OutputStream, String)>,
    pub(crate) processes: Vec<(Duration, Vec<(String, String)>)>,
    pub(crate) from_command: bool,
}

impl Default for SimProgram {
    fn default() -> Self {
        Self {
            start_delay: Duration::ZERO,
            start_error: None,
            exit: None,
            ready: Some(Duration::ZERO),
            stop: Some((Duration::ZERO, 143)),
            execs: Vec::new(),
            output: Vec::new(),
            processes: Vec::new(),
            from_command: false,
        }
    }
}

impl SimProgram {
    /// Starts at once, is ready at once, runs until it is stopped, ends at once with 143 when asked to.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The start call takes this long.
    #[must_use]
    pub const fn starts_in(mut self, delay: Duration) -> Self {
        self.start_delay = delay;
        self
    }

    /// The start call fails, and the container stays as it is, with the reason in its state.
    #[must_use]
    pub fn fails_to_start(mut self, kind: ErrorKind, reason: impl Into<String>) -> Self {
        self.start_error = Some((kind, reason.into()));
        self
    }

    /// Ends by itself.
    #[must_use]
    pub const fn exits_after(mut self, time: Duration, code: i64) -> Self {
        self.exit = Some((time, code));
        self
    }

    /// An exec that no rule is for fails with 1 before this time and succeeds from then on.
    #[must_use]
    pub const fn ready_after(mut self, time: Duration) -> Self {
        self.ready = Some(time);
        self
    }

    /// An exec that no rule is for always fails with 1.
    #[must_use]
    pub const fn never_ready(mut self) -> Self {
        self.ready = None;
        self
    }

    /// Ends this long after a stop signal, with this code.
    #[must_use]
    pub const fn stops_in(mut self, time: Duration, code: i64) -> Self {
        self.stop = Some((time, code));
        self
    }

    /// Ignores every signal but `SIGKILL`.
    #[must_use]
    pub const fn ignores_stop(mut self) -> Self {
        self.stop = None;
        self
    }

    /// Adds a rule for execs; the first one that matches counts.
    #[must_use]
    pub fn on_exec(mut self, rule: ExecRule) -> Self {
        self.execs.push(rule);
        self
    }

    /// Writes a line to standard output.
    #[must_use]
    pub fn prints(mut self, at: Duration, line: impl Into<String>) -> Self {
        self.output.push((at, OutputStream::Stdout, line.into()));
        self
    }

    /// Writes a line to standard error.
    #[must_use]
    pub fn prints_error(mut self, at: Duration, line: impl Into<String>) -> Self {
        self.output.push((at, OutputStream::Stderr, line.into()));
        self
    }

    /// From this time on the container's processes are these, the main process first: pairs of user and command
    /// line. Without any, there is one of the container's user that runs its command.
    #[must_use]
    pub fn processes<U: Into<String>, C: Into<String>>(
        mut self,
        from: Duration,
        list: impl IntoIterator<Item = (U, C)>,
    ) -> Self {
        self.processes.push((from, list.into_iter().map(|(u, c)| (u.into(), c.into())).collect()));
        self.processes.sort_by_key(|(from, _)| *from);
        self
    }

    /// What an exec does.
    pub(crate) fn exec(&self, command: &[String], user: Option<&str>, since_start: Duration) -> ExecOutcome {
        if let Some(rule) = self.execs.iter().find(|rule| rule.matches(command, user, since_start)) {
            return rule.outcome.clone();
        }
        if self.from_command
            && let Some(outcome) = crate::command::exec(command)
        {
            return outcome;
        }
        ExecOutcome::exit(i64::from(self.ready.is_none_or(|ready| since_start < ready)))
    }

    /// The processes at a time, if they are scripted.
    pub(crate) fn processes_at(&self, since_start: Duration) -> Option<&[(String, String)]> {
        self.processes.iter().rev().find(|(from, _)| *from <= since_start).map(|(_, list)| list.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_first_rule_that_matches_counts() {
        let program = SimProgram::new()
            .ready_after(S)
            .on_exec(ExecRule::new(ExecOutcome::exit(7)).command(["pg_isready"]).from(S * 2))
            .on_exec(ExecRule::new(ExecOutcome::exit(8)).user("root"));
        for (command, user, at, code) in [
            ("pg_isready -q", None, S * 2, 7),
            ("pg_isready -q", None, S, 0),
            ("pg_isready -q", Some("root"), S, 8),
            ("other", None, S / 2, 1),
            ("other", None, S, 0),
        ] {
            assert_eq!(program.exec(&words(command), user, at).code, code, "{command} {user:?} {at:?}");
        }
        assert_eq!(SimProgram::new().never_ready().exec(&words("x"), None, S * 999).code, 1);
    }
}
