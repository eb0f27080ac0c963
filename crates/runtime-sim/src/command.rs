//! What a few plain commands do, so that a container without a script behaves as one expects.

use std::time::Duration;

use runtime_core::OutputStream;

use crate::{ExecOutcome, SimProgram};

/// How a command line runs: its output, and when it ends with which code (`None`: it runs on).
#[derive(Debug, Default)]
struct Run {
    time: Duration,
    status: i64,
    output: Vec<(Duration, OutputStream, String)>,
    ended: bool,
}

impl Run {
    /// Runs one statement; `false` when it is not known.
    fn statement(&mut self, words: &[String]) -> bool {
        let text: Vec<&str> = words.iter().map(String::as_str).collect();
        self.status = match text.as_slice() {
            [] => return true,
            ["true" | "touch" | "trap" | "set" | ":", ..] => 0,
            ["false"] => 1,
            ["exit", code] | ["exec", "exit", code] => {
                self.ended = true;
                code.parse().unwrap_or(2)
            }
            ["exit"] => {
                self.ended = true;
                self.status
            }
            ["sleep", time] | ["exec", "sleep", time] => {
                let Ok(seconds) = time.trim_end_matches('s').parse::<f64>() else { return false };
                self.time += Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX / 4);
                0
            }
            ["echo", rest @ .., target] if *target == ">&2" || *target == "1>&2" => {
                self.output.push((self.time, OutputStream::Stderr, rest.join(" ")));
                0
            }
            ["echo", rest @ ..] => {
                self.output.push((self.time, OutputStream::Stdout, rest.join(" ")));
                0
            }
            _ => return false,
        };
        true
    }
}

/// Runs a command line; `None` when some part of it is not known.
fn run(command: &[String]) -> Option<Run> {
    let mut run = Run::default();
    match command {
        [shell, flag, script, ..] if is_shell(shell) && flag == "-c" => {
            for statement in script.split([';', '\n']) {
                for part in statement.split("&&") {
                    let words: Vec<String> = part
                        .split_whitespace()
                        .map(|word| word.trim_matches(['\'', '"']).to_owned())
                        .collect();
                    if !run.statement(&words) {
                        return None;
                    }
                    if run.ended {
                        return Some(run);
                    }
                    if run.status != 0 {
                        break;
                    }
                }
            }
        }
        words if words.first().is_some_and(|word| word != "exit") => {
            if !run.statement(words) {
                return None;
            }
        }
        _ => return None,
    }
    Some(run)
}

fn is_shell(program: &str) -> bool {
    matches!(program.rsplit('/').next(), Some("sh" | "ash" | "bash"))
}

/// What an exec of a plain command does; `None` when it is not known.
pub(crate) fn exec(command: &[String]) -> Option<ExecOutcome> {
    let run = run(command)?;
    let text = |wanted: OutputStream| {
        run.output
            .iter()
            .filter(|(_, stream, _)| *stream == wanted)
            .map(|(_, _, line)| format!("{line}\n"))
            .collect::<String>()
    };
    Some(
        ExecOutcome::exit(run.status)
            .with_stdout(text(OutputStream::Stdout))
            .with_stderr(text(OutputStream::Stderr))
            .taking(run.time),
    )
}

impl SimProgram {
    /// What a command line does, as far as it is made of `sleep`, `echo`, `true`, `false`, `exit` and `touch`, by
    /// itself or in a `sh -c` script with `;` and `&&`. Anything else runs until it is stopped.
    #[must_use]
    pub fn from_command(command: &[String]) -> Self {
        let mut program = Self { from_command: true, ..Self::new() };
        if let Some(run) = run(command) {
            program.exit = Some((run.time, run.status));
            program.output = run.output;
        }
        program
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Vec<String> {
        vec!["sh".into(), "-c".into(), script.into()]
    }

    #[test]
    fn plain_commands_end_as_they_would() {
        let s = Duration::from_secs;
        for (script, exit) in [
            ("exit 3", Some((s(0), 3))),
            ("sleep 2; exit 4", Some((s(2), 4))),
            ("true && false && exit 9; echo x", Some((s(0), 0))),
            ("sleep 1 && false", Some((s(1), 1))),
            ("nginx -g 'daemon off;'", None),
        ] {
            assert_eq!(SimProgram::from_command(&sh(script)).exit, exit, "{script}");
        }
        assert_eq!(SimProgram::from_command(&["sleep".into(), "5".into()]).exit, Some((s(5), 0)));
        assert_eq!(SimProgram::from_command(&[]).exit, None);
    }

    #[test]
    fn echo_writes_to_both_streams() {
        let outcome = exec(&sh("echo out; echo err >&2; exit 5")).unwrap();
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), ("out\n", "err\n", 5));
    }
}
