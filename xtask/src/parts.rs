//! A run made of parts: each is timed, all are run, and the summary says what failed and what was left out and why.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::failure::{Context, Failure, Result};
use crate::run;
use crate::say::say;

/// How a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    LeftOut(String),
}

/// The parts of one run.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    done: Vec<(&'static str, Outcome, Duration)>,
}

impl Parts {
    /// Runs one part and gives whether it passed. A failure is printed at once.
    pub(crate) fn part(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        say!("==> {name}");
        let start = Instant::now();
        let result = work();
        if let Err(why) = &result {
            say!("{name} failed: {why}");
        }
        let outcome = if result.is_ok() { Outcome::Passed } else { Outcome::Failed };
        self.done.push((name, outcome, start.elapsed()));
        result.is_ok()
    }

    /// Notes that a part was left out, and why.
    pub(crate) fn leave_out(&mut self, name: &'static str, why: &str) {
        say!("==> {name}: left out, {why}");
        self.done.push((name, Outcome::LeftOut(why.to_owned()), Duration::ZERO));
    }

    /// Prints the summary; an error when a part failed.
    pub(crate) fn finish(self) -> Result<()> {
        say!("\n{}", self.summary());
        self.verdict()
    }

    fn verdict(&self) -> Result<()> {
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|(_, outcome, _)| *outcome == Outcome::Failed)
            .map(|(name, ..)| *name)
            .collect();
        if failed.is_empty() { Ok(()) } else { Err(Failure::new(format!("failed: {}", failed.join(", ")))) }
    }

    fn summary(&self) -> String {
        let mut text = String::new();
        for (name, outcome, time) in &self.done {
            let word = match outcome {
                Outcome::Passed => "ok",
                Outcome::Failed => "FAILED",
                Outcome::LeftOut(why) => {
                    text += &format!("{name:<12} left out    ({why})\n");
                    continue;
                }
            };
            text += &format!("{name:<12} {word:<6} {:>6.1} s\n", time.as_secs_f64());
        }
        let count = |wanted: &Outcome| self.done.iter().filter(|(_, outcome, _)| outcome == wanted).count();
        text + &format!("parts: {} passed, {} failed", count(&Outcome::Passed), count(&Outcome::Failed))
    }
}

/// A part that is one command whose output matters only when it fails.
pub(crate) fn quiet(command: &mut Command) -> Result<()> {
    let out = command.output().context(|| format!("cannot run {}", run::describe(command)))?;
    if out.status.success() {
        return Ok(());
    }
    say!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    Err(Failure::new(format!("{} ended with {}", run::describe(command), out.status)))
}

/// A part that is one command whose output is shown as it comes.
pub(crate) fn shown(command: &mut Command) -> Result<()> {
    let status = command.status().context(|| format!("cannot run {}", run::describe(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{} ended with {status}", run::describe(command))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(outcomes: &[(&'static str, Outcome)]) -> Parts {
        Parts {
            done: outcomes.iter().map(|(name, outcome)| (*name, outcome.clone(), Duration::ZERO)).collect(),
        }
    }

    #[test]
    fn one_failed_part_fails_the_run() {
        let left_out = Outcome::LeftOut("no reason".to_owned());
        let run = parts(&[("one", Outcome::Passed), ("two", Outcome::Failed), ("three", left_out)]);
        let summary = run.summary();
        assert!(summary.ends_with("parts: 1 passed, 1 failed"), "{summary}");
        assert!(summary.contains("three        left out    (no reason)"), "{summary}");
        assert_eq!(run.verdict().unwrap_err().to_string(), "failed: two");
    }

    #[test]
    fn a_part_that_was_left_out_fails_nothing() {
        let run = parts(&[("one", Outcome::Passed), ("two", Outcome::LeftOut("asked for".to_owned()))]);
        assert!(run.verdict().is_ok());
    }
}
