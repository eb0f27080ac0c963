//! All that `wharf` writes goes through here: to standard output what was asked for, to standard error everything
//! about how it goes.
//!
//! While live rows are on the screen nothing may be written in between: what comes meanwhile is kept and written
//! above the rows at the next drawing.

mod diagnostic;
mod error;
mod screen;
pub(crate) mod style;
mod table;

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice};

use crate::args::{Ansi, Global, ProgressMode};
use crate::failure::Failure;
use crate::terminal;

use screen::Screen;
pub(crate) use screen::visible_width;
pub(crate) use table::Table;

/// How much is kept back while rows are live before it is written at once.
const KEPT_BYTES: usize = 64 * 1024;

/// Where output goes and how. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Output(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stdout: ColorChoice,
    stderr: ColorChoice,
    stdout_is_terminal: bool,
    progress: ProgressKind,
    live: Mutex<Option<Live>>,
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProgressKind {
    /// Rows that change in place.
    Live,
    /// One line for each event.
    Plain,
    /// Warnings only.
    Quiet,
}

#[derive(Debug, Default)]
struct Live {
    screen: Screen,
    rows: Vec<String>,
    kept: Vec<(Target, Vec<u8>)>,
    kept_bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Stdout,
    Stderr,
}

impl Output {
    /// Decides on colours and on how progress is shown, from the options, the environment and the streams.
    pub(crate) fn new(global: &Global) -> Self {
        let choice = |auto: ColorChoice| match global.ansi {
            Ansi::Auto => auto,
            Ansi::Always => ColorChoice::Always,
            Ansi::Never => ColorChoice::Never,
        };
        let moves_cursor = global.ansi != Ansi::Never
            && io::stderr().is_terminal()
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let progress = match global.progress {
            ProgressMode::Tty => ProgressKind::Live,
            ProgressMode::Plain => ProgressKind::Plain,
            ProgressMode::Quiet => ProgressKind::Quiet,
            ProgressMode::Auto if moves_cursor => ProgressKind::Live,
            ProgressMode::Auto => ProgressKind::Plain,
        };
        Self(Arc::new(Inner {
            stdout: choice(AutoStream::choice(&io::stdout())),
            stderr: choice(AutoStream::choice(&io::stderr())),
            stdout_is_terminal: io::stdout().is_terminal(),
            progress,
            live: Mutex::new(None),
        }))
    }

    /// How progress is shown.
    pub(crate) fn progress(&self) -> ProgressKind {
        self.0.progress
    }

    /// The same output without progress.
    pub(crate) fn quiet(&self) -> Self {
        Self(Arc::new(Inner {
            stdout: self.0.stdout,
            stderr: self.0.stderr,
            stdout_is_terminal: self.0.stdout_is_terminal,
            progress: ProgressKind::Quiet,
            live: Mutex::new(None),
        }))
    }

    /// Whether what goes to standard output may have colours.
    pub(crate) fn stdout_has_colour(&self) -> bool {
        self.0.stdout != ColorChoice::Never
    }

    /// Writes text of our own to standard output; styles in it are taken out where they are not wanted.
    pub(crate) fn out(&self, text: &str) -> io::Result<()> {
        self.write(Target::Stdout, styled(text, self.0.stdout))
    }

    /// Writes bytes to standard output as they are: what a container printed.
    pub(crate) fn out_raw(&self, bytes: Vec<u8>) -> io::Result<()> {
        self.write(Target::Stdout, bytes)
    }

    /// Writes text of our own to standard error. If that fails there is nobody to tell.
    pub(crate) fn err(&self, text: &str) {
        let _ = self.write(Target::Stderr, styled(text, self.0.stderr));
    }

    /// Writes a line about what happens next. On a terminal it covers the `^C` of an interrupt.
    pub(crate) fn notice(&self, text: &str) {
        let start = if io::stderr().is_terminal() { "\r" } else { "" };
        self.err(&format!("{start}{text}"));
    }

    /// Writes bytes to standard error as they are.
    pub(crate) fn err_raw(&self, bytes: Vec<u8>) -> io::Result<()> {
        self.write(Target::Stderr, bytes)
    }

    /// Writes a warning of one sentence.
    pub(crate) fn warning(&self, text: &str) {
        self.err(&error::warning(text));
    }

    /// Writes warnings of the Compose files, with excerpts.
    pub(crate) fn file_warnings(
        &self,
        warnings: &[compose_file::Diagnostic],
        sources: &compose_file::Sources,
    ) {
        for warning in warnings {
            self.err(&self.diagnostic(warning, sources));
        }
    }

    /// Writes why a command failed; nothing for an interrupt or a reader that has gone.
    pub(crate) fn failure(&self, failure: &Failure) {
        let text = match failure {
            Failure::Load(load) => {
                load.diagnostics().iter().map(|one| self.diagnostic(one, load.sources())).collect()
            }
            other => error::render(other),
        };
        if !text.is_empty() {
            self.err(&text);
        }
    }

    fn diagnostic(&self, one: &compose_file::Diagnostic, sources: &compose_file::Sources) -> String {
        let width = if io::stderr().is_terminal() { terminal::size().columns.into() } else { 140 };
        diagnostic::render(one, sources, width)
    }

    /// Draws live rows, in place of those drawn before, under what was kept.
    pub(crate) fn draw(&self, rows: Vec<String>) {
        let mut live = self.lock();
        let live = live.get_or_insert_with(Live::default);
        live.rows = rows;
        // Rows are a comfort: the work goes on if they cannot be written.
        let _ = live.paint(self.0.stderr);
    }

    /// Leaves these rows on the screen for good; what is written next comes below them.
    pub(crate) fn end_live(&self, rows: Vec<String>) {
        let Some(mut live) = self.lock().take() else {
            for row in rows {
                self.err(&format!("{row}\n"));
            }
            return;
        };
        live.rows = rows;
        live.screen.unbounded();
        let _ = live.paint(self.0.stderr);
    }

    fn write(&self, target: Target, bytes: Vec<u8>) -> io::Result<()> {
        if target == Target::Stdout && !self.0.stdout_is_terminal {
            return write_now(target, &bytes);
        }
        match self.lock().as_mut() {
            None => write_now(target, &bytes),
            Some(live) => {
                live.kept_bytes += bytes.len();
                live.kept.push((target, bytes));
                if live.kept_bytes > KEPT_BYTES { live.paint(self.0.stderr) } else { Ok(()) }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Live>> {
        // A panic while drawing leaves at worst a wrong row behind.
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    /// Takes the old rows away, writes what was kept, and draws the rows.
    fn paint(&mut self, colour: ColorChoice) -> io::Result<()> {
        let size = terminal::size();
        if !self.kept.is_empty() {
            write_now(Target::Stderr, self.screen.erase(size).as_bytes())?;
            for (target, bytes) in self.kept.drain(..) {
                write_now(target, &bytes)?;
            }
            self.kept_bytes = 0;
        }
        let rows: Vec<String> = self.rows.iter().map(|row| plain_unless(row, colour)).collect();
        write_now(Target::Stderr, self.screen.draw(&rows, size).as_bytes())
    }
}

fn styled(text: &str, colour: ColorChoice) -> Vec<u8> {
    plain_unless(text, colour).into_bytes()
}

fn plain_unless(text: &str, colour: ColorChoice) -> String {
    match colour {
        ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

fn write_now(target: Target, bytes: &[u8]) -> io::Result<()> {
    match target {
        Target::Stdout => {
            let mut stream = io::stdout().lock();
            stream.write_all(bytes)?;
            stream.flush()
        }
        Target::Stderr => io::stderr().lock().write_all(bytes),
    }
}
