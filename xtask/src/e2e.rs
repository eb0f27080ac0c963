//! `cargo xtask e2e`: the conformance and end-to-end tests on real engines.

use clap::Args;

use crate::bed::{self, Engine, Paths};
use crate::failure::{Context, Result};
use crate::parts::shown;
use crate::say::say;
use crate::{engines, run, workspace};

/// Which tests.
#[derive(Debug, Args)]
pub(crate) struct E2e {
    /// Run only the tests whose name contains this.
    filter: Option<String>,
    /// Options for the test programs, after `--`.
    #[arg(last = true)]
    options: Vec<String>,
}

/// Starts the engines and runs the tests on them; the engines stay for the next run.
pub(crate) fn run(options: &E2e) -> Result<()> {
    engines()?;
    let arguments: Vec<&str> = options.filter.iter().chain(&options.options).map(String::as_str).collect();
    tests(&arguments)
}

/// Makes all engines answer, with all images on them and a registry beside each.
pub(crate) fn engines() -> Result<()> {
    bed::up(&Engine::ALL, true)?;
    bed::up_registries(&Engine::ALL)
}

/// Builds the binary and runs the tests on the running engines; the end of the engines' logs is printed when one fails.
pub(crate) fn tests(arguments: &[&str]) -> Result<()> {
    shown(workspace::cargo().args(["build", "--locked", "--package", "wharf"]))?;
    let binary = workspace::target_dir()?.join("debug").join("wharf");
    binary.metadata().context(|| format!("no binary at {}", binary.display()))?;
    let mut command = workspace::cargo();
    command.args(["test", "--locked", "--package", "wharf-tests", "--no-fail-fast", "--"]).args(arguments);
    command.env("WHARF_BIN", binary).envs(engines::environment());
    let result = shown(&mut command);
    if result.is_err() {
        for engine in Engine::ALL {
            let end = run::tail_of(&Paths::log(engine), 25);
            if !end.is_empty() {
                say!("--- the end of what engine {engine} printed:\n{end}");
            }
        }
    }
    result
}
