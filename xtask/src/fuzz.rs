//! `cargo xtask fuzz`: libFuzzer on the decoders of what others send.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::failure::{Context, Failure, Result};
use crate::parts::shown;
use crate::say::say;
use crate::{run, workspace};

/// What libFuzzer may use of an input's length and of memory, and how long one input may take.
const LIMITS: &[&str] = &["-max_len=16384", "-rss_limit_mb=2048", "-timeout=20", "-print_final_stats=1"];

/// Which targets, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// Targets, by the names of the files in fuzz/fuzz_targets. All of them where none is named.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Seconds for each target.
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u32,
}

/// Runs one target after the other, also after one found something.
pub(crate) fn run(options: &Fuzz) -> Result<()> {
    let home = workspace::root().join("fuzz");
    let targets = chosen(&options.targets, &known(&home)?)?;
    provided()?;
    let output = workspace::target_dir()?.join("fuzz");
    let mut failed = Vec::new();
    for target in targets {
        say!("==> {target}");
        let corpus = home.join("corpus").join(&target);
        fs::create_dir_all(&corpus).context(|| format!("cannot make {}", corpus.display()))?;
        if let Err(why) = shown(&mut fuzzer(&home, &output, &target, options.seconds)) {
            say!("{target} failed: {why}");
            failed.push(target);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "failed: {}; an input that was found is in {}, and fuzz/README.md says what to do with it",
        failed.join(", "),
        home.join("artifacts").display()
    )))
}

/// The names of all targets.
fn known(home: &Path) -> Result<Vec<String>> {
    let folder = home.join("fuzz_targets");
    let list = fs::read_dir(&folder).context(|| format!("cannot list {}", folder.display()))?;
    let mut names: Vec<String> = list
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension() == Some(OsStr::new("rs")))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn chosen(wanted: &[String], known: &[String]) -> Result<Vec<String>> {
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(name)) {
        return Err(Failure::new(format!("no target {unknown:?}; there are {}", known.join(", "))));
    }
    Ok(if wanted.is_empty() { known.to_vec() } else { wanted.to_vec() })
}

/// Says what to install where something is missing. Nothing else here needs any of it, so nothing is installed unasked.
fn provided() -> Result<()> {
    let missing = |what: &str, how: &str| Err(Failure::new(format!("fuzzing needs {what}: {how}")));
    if run::output(nightly().arg("rustc").arg("--version")).is_err() {
        return missing("a nightly compiler", "rustup toolchain install nightly --profile minimal");
    }
    if run::output(nightly().args(["cargo", "fuzz", "--version"])).is_err() {
        return missing("cargo-fuzz", "cargo install --locked cargo-fuzz");
    }
    if !["c++", "g++", "clang++"].into_iter().any(run::installed) {
        return missing("a C++ compiler to build libFuzzer with", "apt-get install g++");
    }
    Ok(())
}

fn nightly() -> Command {
    let mut command = run::command("rustup");
    command.args(["run", "nightly"]);
    command
}

fn fuzzer(home: &Path, output: &Path, target: &str, seconds: u32) -> Command {
    let mut command = nightly();
    // All crates here forbid unsafe code: a sanitizer of memory would find little and take three quarters of the time.
    command.current_dir(home).args(["cargo", "fuzz", "run", "--sanitizer", "none", "--fuzz-dir", "."]);
    command.arg("--target-dir").arg(output).arg(target);
    // New inputs go into the first folder.
    command.args(["corpus", "seeds"].map(|folder| home.join(folder).join(target)));
    command.arg("--").arg(format!("-max_total_time={seconds}")).args(LIMITS);
    command.args(dictionary(home, target).map(|file| format!("-dict={}", file.display())));
    command
}

fn dictionary(home: &Path, target: &str) -> Option<PathBuf> {
    Some(home.join("dictionaries").join(format!("{target}.dict"))).filter(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_targets_are_run_unless_some_are_named() {
        let known = ["archive".to_owned(), "frames".to_owned()];
        assert_eq!(chosen(&[], &known).unwrap(), known);
        assert_eq!(chosen(&known[1..], &known).unwrap(), ["frames"]);
        let error = chosen(&["frame".to_owned()], &known).unwrap_err().to_string();
        assert_eq!(error, r#"no target "frame"; there are archive, frames"#);
    }

    #[test]
    fn the_targets_of_this_repository_are_known() {
        let home = workspace::root().join("fuzz");
        let known = known(&home).unwrap();
        assert!(known.contains(&"frames".to_owned()), "{known:?}");
        let command = fuzzer(&home, Path::new("/out"), "archive", 7);
        let arguments: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        assert!(arguments.contains(&"-max_total_time=7".to_owned()), "{arguments:?}");
        assert!(arguments.iter().any(|arg| arg.ends_with("archive.dict")), "{arguments:?}");
        assert_eq!(dictionary(&home, "frames"), None);
    }
}
