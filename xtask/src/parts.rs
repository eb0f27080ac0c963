//! A run made of parts: each is timed, all are run, and the summary says what failed and what was left out and why.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::failure::{Context, Failure, Result};
use crate::run;
use crate::say::say;

/// How a part ended.
#[derive(Debug, PartialEq, Eq)]
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
        let outcome = match &result {
            Ok(()) => Outcome::Passed,
            Err(why) => {
                say!("{name} failed: {why}");
                Outcome::Failed
            }
        };
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

    #[test]
    fn a_failed_part_fails_the_run_and_the_others_still_run() {
        let mut parts = Parts::default();
        assert!(parts.part("one", || Ok(())));
        assert!(!parts.part("two", || Err(Failure::new("broken"))));
        assert!(parts.part("three", || Ok(())));
        parts.leave_out("four", "no reason");
        let summary = parts.summary();
        assert!(summary.ends_with("parts: 2 passed, 1 failed"), "{summary}");
        assert!(summary.contains("four         left out    (no reason)"), "{summary}");
        assert_eq!(parts.finish().unwrap_err().to_string(), "failed: two");
    }

    #[test]
    fn a_run_without_a_failure_passes() {
        let mut parts = Parts::default();
        parts.part("one", || Ok(()));
        parts.leave_out("two", "asked for");
        assert!(parts.finish().is_ok());
    }
}
