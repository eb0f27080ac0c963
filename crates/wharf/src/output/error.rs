//! Errors that are not about a line of a file.

use std::fmt::Write as _;

use super::style::{DIM, ERROR, HINT, WARNING, paint};
use crate::failure::Failure;

/// Renders a warning.
pub(super) fn warning(text: &str) -> String {
    format!("{} {text}\n", paint(WARNING, "warning:"))
}

/// Renders why a command failed; nothing where there is nothing to say.
pub(super) fn render(failure: &Failure) -> String {
    match failure {
        // Diagnostics are rendered with their excerpts, by the caller.
        Failure::Load(_) | Failure::BrokenPipe | Failure::Interrupted => String::new(),
        Failure::Connect(error) => {
            let attempts = error.attempts();
            if attempts.len() < 2 {
                return message(&error.to_string(), Some(error.hint()));
            }
            let mut text = headline("no container engine answers");
            for attempt in attempts {
                field(&mut text, &attempt.what, &attempt.reason);
            }
            hint(&mut text, Some(error.hint()));
            text
        }
        Failure::Runtime(error) => message(&error.to_string(), error.hint()),
        Failure::Usage { message: text, hint } => message(text, hint.as_deref()),
        Failure::Io { doing, source } => message(&format!("cannot {doing}: {source}"), None),
        Failure::Compose(error) => {
            let mut text = headline(&error.to_string());
            if let Some(container) = error.container() {
                field(&mut text, "container", container);
            }
            if let Some(code) = error.exit_code() {
                field(&mut text, "exit code", &code.to_string());
            }
            if let Some(output) = error.probe_output() {
                block(&mut text, "last probe", output.lines());
            }
            block(&mut text, "last log lines", error.log_lines().iter().map(String::as_str));
            hint(&mut text, error.hint());
            text
        }
    }
}

fn message(text: &str, advice: Option<&str>) -> String {
    let mut text = headline(text);
    hint(&mut text, advice);
    text
}

fn headline(text: &str) -> String {
    let mut lines = text.trim_end().lines();
    let mut shown = format!("{} {}\n", paint(ERROR, "error:"), lines.next().unwrap_or("it failed"));
    for line in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(shown, "  {line}");
    }
    shown
}

fn field(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "  {} {value}", paint(DIM, &format!("{name}:")));
}

/// What a container wrote, without anything that could move the cursor or change colours.
fn block<'a>(text: &mut String, name: &str, lines: impl Iterator<Item = &'a str>) {
    let mut lines = lines.map(safe).peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "  {}", paint(DIM, &format!("{name}:")));
    for line in lines {
        let _ = writeln!(text, "  {} {line}", paint(DIM, "|"));
    }
}

fn hint(text: &mut String, advice: Option<&str>) {
    let mut lines = advice.unwrap_or_default().lines();
    let Some(first) = lines.next() else { return };
    let _ = writeln!(text, "{} {first}", paint(HINT, "hint:"));
    for line in lines {
        let _ = writeln!(text, "      {line}");
    }
}

fn safe(line: &str) -> String {
    let line = anstream::adapter::strip_str(line).to_string();
    line.replace('\t', "    ").replace(char::is_control, "")
}

#[cfg(test)]
mod tests {
    use compose::{Error, ErrorKind};

    use super::*;

    fn plain(failure: &Failure) -> String {
        anstream::adapter::strip_str(&render(failure)).to_string()
    }

    #[test]
    fn a_failed_dependency_shows_all_that_is_known() {
        let error =
            Error::new(ErrorKind::ConditionFailed, "depends on db (service_healthy), which is unhealthy")
                .with_service("web")
                .with_container("shop-db-1")
                .with_exit_code(1)
                .with_probe_output("connection refused\n")
                .with_log_lines(vec!["\x1b[31mFATAL\x1b[0m: no space".into(), "shutting\tdown\x07".into()])
                .with_hint("look at `wharf logs db`");
        insta::assert_snapshot!(plain(&Failure::Compose(error)), @r"
        error: service web: depends on db (service_healthy), which is unhealthy
          container: shop-db-1
          exit code: 1
          last probe:
          | connection refused
          last log lines:
          | FATAL: no space
          | shutting    down
        hint: look at `wharf logs db`
        ");
    }

    #[test]
    fn the_engines_hint_comes_through() {
        let kind = runtime_core::ErrorKind::Unavailable;
        let error = runtime_core::Error::new(kind, "create container", "the engine went away")
            .with_subject("shop-web-1")
            .with_hint("is the engine running?");
        insta::assert_snapshot!(plain(&Failure::Compose(error.into())), @r"
        error: cannot create container shop-web-1: the engine went away
        hint: is the engine running?
        ");
    }

    #[test]
    fn more_lines_are_indented_under_the_first() {
        let failure =
            Failure::usage("no engine was found\ntried: a\ntried: b").with_hint("install one:\n  apt");
        insta::assert_snapshot!(plain(&failure), @r"
        error: no engine was found
          tried: a
          tried: b
        hint: install one:
                apt
        ");
    }

    #[test]
    fn nobody_is_told_of_an_interrupt_or_a_closed_pipe() {
        assert_eq!(render(&Failure::Interrupted), "");
        assert_eq!(render(&Failure::BrokenPipe), "");
    }
}
