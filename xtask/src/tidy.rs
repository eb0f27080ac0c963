//! `cargo xtask tidy`: the invariants of this workspace that no compiler holds.

mod floors;
mod sources;
mod text;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Context, Failure, Result};
use crate::say::say;
use crate::{run, workspace};

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    file: PathBuf,
    line: usize,
    what: String,
    why: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n    why: {}", self.file.display(), self.line, self.what, self.why)
    }
}

/// Checks every rule, and prints each place that breaks one.
pub(crate) fn run() -> Result<()> {
    let root = workspace::root();
    let mut problems = Vec::new();
    let metadata = run::output(workspace::cargo().args(["metadata", "--format-version", "1"]))?;
    let metadata =
        serde_json::from_str(&metadata).context(|| "cannot read what cargo metadata printed".to_owned())?;
    problems.extend(floors::check(&metadata, &|manifest| fs::read_to_string(manifest).unwrap_or_default()));
    let files = rust_files(&root)?;
    for file in &files {
        let text =
            fs::read_to_string(root.join(file)).context(|| format!("cannot read {}", file.display()))?;
        problems.extend(sources::check(file, &text));
    }
    for problem in &mut problems {
        if let Ok(short) = problem.file.strip_prefix(&root) {
            problem.file = short.to_path_buf();
        }
    }
    problems.sort();
    for problem in &problems {
        say!("{problem}");
    }
    if problems.is_empty() {
        say!("tidy: {} source files and the floors of the workspace are in order", files.len());
        return Ok(());
    }
    Err(Failure::new(format!("tidy: {} places break a rule", problems.len())))
}

/// The Rust files of the repository, as paths from its root.
fn rust_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || (name != "target" && !name.starts_with('.'))
    }) {
        let entry = entry.context(|| format!("cannot list {}", root.display()))?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|end| end == "rs") {
            files.push(entry.path().strip_prefix(root).unwrap_or(entry.path()).to_path_buf());
        }
    }
    Ok(files)
}
