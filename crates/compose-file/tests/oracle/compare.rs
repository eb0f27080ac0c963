//! What Docker Compose and this library make of the same files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use compose_file::{LoadOptions, load};
use serde_json::Value;

use super::known::KNOWN;
use super::project::Case;

/// The variables of the environment, the same on both sides.
const ENVIRONMENT: [(&str, &str); 4] =
    [("PATH", "/usr/bin:/bin"), ("HOME", "/nonexistent"), ("A", "a val"), ("EMPTY", "")];

/// Compares cases in a folder of its own.
pub(crate) struct Oracle {
    program: PathBuf,
    folder: PathBuf,
}

/// What came of a case.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Whether Docker Compose took the files.
    pub(crate) accepted: bool,
    /// Differences that are listed, as indexes of [`KNOWN`].
    pub(crate) known: Vec<usize>,
    /// The others.
    pub(crate) differences: Vec<String>,
}

impl Oracle {
    pub(crate) fn new(program: &Path, folder: &Path) -> Self {
        Self { program: program.to_owned(), folder: folder.join("p") }
    }

    pub(crate) fn version(&self) -> String {
        let out = Command::new(&self.program).arg("version").arg("--short").env_clear().output();
        out.map_or_else(
            |error| error.to_string(),
            |out| String::from_utf8_lossy(&out.stdout).trim().to_owned(),
        )
    }

    /// Loads the case on both sides.
    pub(crate) fn compare(&self, case: &Case) -> Outcome {
        let _ = std::fs::remove_dir_all(&self.folder);
        let mut options = LoadOptions::new(&self.folder).with_environment(ENVIRONMENT);
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).env_clear().envs(ENVIRONMENT).stdin(Stdio::null());
        for (path, text) in case.texts() {
            let file = self.folder.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, text).unwrap();
            if path.starts_with('f') && path.ends_with(".yaml") {
                options = options.with_file(path);
                command.arg("-f").arg(path);
            }
        }
        let theirs = command.args(["config", "--format", "json"]).output().unwrap();
        let ours = load(&options).map(|loaded| loaded.to_canonical_json());
        let mut found = Vec::new();
        let accepted = theirs.status.success();
        match (accepted, ours) {
            (true, Ok(ours)) => {
                let mut expected: Value = serde_json::from_slice(&theirs.stdout).unwrap();
                each_host_line_once(&mut expected);
                differences("", &expected, &serde_json::from_str(&ours).unwrap(), &mut found);
            }
            (true, Err(error)) => found.push(format!("refused only here: {error}")),
            (false, Ok(_)) => {
                let text = String::from_utf8_lossy(&theirs.stderr);
                let last = text
                    .lines()
                    .filter(|line| !line.contains("level=warning"))
                    .collect::<Vec<_>>()
                    .join("\n");
                found.push(format!("accepted only here: {last}"));
            }
            (false, Err(_)) => {}
        }
        let mut outcome = Outcome { accepted, ..Outcome::default() };
        let texts = case.texts();
        for difference in found {
            match KNOWN.iter().position(|known| known.is(&difference, &texts)) {
                Some(index) => outcome.known.push(index),
                None => outcome.differences.push(difference),
            }
        }
        outcome
    }
}

/// Every place where two values differ.
fn differences(path: &str, expected: &Value, found: &Value, out: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let path = format!("{path}.{key}");
                match b.get(key) {
                    Some(other) => differences(&path, value, other, out),
                    None => out.push(format!("{path} is missing, expected {value}")),
                }
            }
            for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                out.push(format!("{path}.{key} is too much: {value}"));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{i}]"), a, b, out);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        _ if expected == found => {}
        _ => out.push(format!("{path} is {found}, expected {expected}")),
    }
}

/// Docker Compose prints an address that a host gets twice two times, and refuses that when it reads it again.
fn each_host_line_once(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if let ("extra_hosts", Value::Array(lines)) = (key.as_str(), &mut *value) {
                    lines.dedup();
                }
                each_host_line_once(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(each_host_line_once),
        _ => {}
    }
}
