//! Running other programs, and saying clearly which one failed and what it printed.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Context, Failure, Result};

/// A command that reads nothing from our standard input.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// Runs `command` to its end and gives its standard output; what it printed is in the error when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let out = command.output().context(|| format!("cannot run {}", describe(command)))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    Err(Failure::new(format!("{} ended with {}:\n{}", describe(command), out.status, tail(&text, 40))))
}

/// Whether `program` is found on the PATH.
pub(crate) fn installed(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// The last `lines` lines of `text`.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.trim_end().lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// The last `lines` lines of the file at `path`, or nothing when it cannot be read.
pub(crate) fn tail_of(path: &Path, lines: usize) -> String {
    std::fs::read(path).map(|bytes| tail(&String::from_utf8_lossy(&bytes), lines)).unwrap_or_default()
}

/// The program and its first arguments, for messages.
pub(crate) fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().take(6).map(|arg| {
        let arg = arg.to_string_lossy();
        if arg.len() > 60 { "...".to_owned() } else { arg.into_owned() }
    }));
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_with_what_it_printed() {
        let error =
            output(command("sh").args(["-c", "echo seen; echo why >&2; exit 3"])).unwrap_err().to_string();
        assert!(error.contains("`sh -c"), "{error}");
        assert!(error.contains("seen") && error.contains("why") && error.contains('3'), "{error}");
    }

    #[test]
    fn tail_keeps_the_end() {
        assert_eq!(tail("a\nb\nc\n", 2), "b\nc");
        assert_eq!(tail("a\n", 5), "a");
        assert_eq!(tail("", 5), "");
    }
}
