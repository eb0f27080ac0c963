//! Progress as lines, for files and pipes.

use std::time::Duration;

use super::board::{State, seconds};
use crate::output::style::{BAD, BUSY, DIM, GOOD, WAIT, paint};

/// One line for what happens to a thing; empty for what is not worth one.
pub(super) fn line(kind: &str, name: &str, state: &State, elapsed: Option<Duration>) -> String {
    let style = match state {
        State::Planned => return String::new(),
        State::Busy(_) => BUSY,
        State::Waiting(_) => WAIT,
        State::Between(_) | State::Done(_) => GOOD,
        State::Failed(_) => BAD,
        State::Unchanged(_) | State::Dropped(_) => DIM,
    };
    let text = paint(style, state.text());
    match (state, elapsed) {
        (State::Between(_) | State::Done(_) | State::Failed(_), Some(elapsed)) => {
            format!("{kind} {name}  {text} {}\n", paint(DIM, &seconds(elapsed)))
        }
        _ => format!("{kind} {name}  {text}\n"),
    }
}

/// A line of a build or a pull.
pub(super) fn log(name: &str, line: &str) -> String {
    format!("{} {line}\n", paint(DIM, &format!("{name} |")))
}

/// A line as it can stand in a row: without escape sequences and control characters, and of a line that overwrites
/// itself the last state. `None` if nothing is left.
pub(super) fn clean(line: &str) -> Option<String> {
    let line = anstream::adapter::strip_str(line).to_string();
    let last = line.trim_end().rsplit('\r').next().unwrap_or_default();
    let text: String = last
        .chars()
        .map(|char| if char == '\t' { ' ' } else { char })
        .filter(|char| !char.is_control())
        .collect();
    (!text.trim().is_empty()).then_some(text)
}

/// `12.3 MB of 40.0 MB`; without a total the first part alone.
pub(super) fn bytes(done: u64, total: u64) -> String {
    match total {
        0 => megabytes(done),
        total => format!("{} of {}", megabytes(done.min(total)), megabytes(total)),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_event() {
        let done = line("Container", "a-1", &State::Done("Started".into()), Some(Duration::from_millis(340)));
        assert_eq!(anstream::adapter::strip_str(&done).to_string(), "Container a-1  Started 0.3s\n");
        let waiting = line("Container", "a-1", &State::Waiting("Waiting for db (healthy)".into()), None);
        let waiting = anstream::adapter::strip_str(&waiting).to_string();
        assert_eq!(waiting, "Container a-1  Waiting for db (healthy)\n");
        assert_eq!(line("Container", "a-1", &State::Planned, None), "");
    }

    #[test]
    fn lines_of_builds_become_harmless() {
        assert_eq!(clean("\x1b[1mStep 1\x1b[0m : RUN\tx\n").as_deref(), Some("Step 1 : RUN x"));
        assert_eq!(clean("10%\r50%\r100%\r\n").as_deref(), Some("100%"));
        assert_eq!(clean("\x1b[2K\r\n"), None);
    }

    #[test]
    fn amounts() {
        assert_eq!(bytes(12_345_678, 40_000_000), "12.3 MB of 40.0 MB");
        assert_eq!(bytes(50, 40), "0.0 MB of 0.0 MB");
        assert_eq!(bytes(1_500_000, 0), "1.5 MB");
    }
}
