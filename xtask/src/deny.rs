//! cargo-deny: banned crates, licences, sources and, where it can be had, the advisory database.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bed::Paths;
use crate::failure::{Context, Failure, Result};
use crate::parts::{quiet, shown};
use crate::say::say;
use crate::{run, workspace};

/// The version that is installed where there is none.
const VERSION: &str = "0.20.2";

/// Checks what deny.toml says of the dependency tree.
pub(crate) fn check() -> Result<()> {
    let program = provide()?;
    quiet(deny(&program).args(["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
}

/// Checks the tree against the RustSec database. Gives why it was not checked when the database cannot be had.
pub(crate) fn advisories() -> Result<Option<String>> {
    let program = provide()?;
    if let Err(why) = run::output(deny(&program).args(["fetch", "db"])) {
        let text = why.to_string();
        let find =
            |word: &str| text.lines().find_map(|line| line.split_once(word).map(|(_, rest)| rest.trim()));
        let reason = find("fatal: ").or_else(|| find("[ERROR] ")).unwrap_or("cargo deny fetch failed");
        return Ok(Some(format!("the RustSec database cannot be fetched here: {reason}")));
    }
    quiet(deny(&program).args(["--locked", "check", "--disable-fetch", "advisories"]))?;
    Ok(None)
}

fn deny(program: &Path) -> Command {
    let mut command = run::command(program);
    command.current_dir(workspace::root());
    command
}

/// cargo-deny from the PATH, or built once into the cache. Unoptimised, for it runs for a second and builds for minutes.
fn provide() -> Result<PathBuf> {
    if run::installed("cargo-deny") {
        return Ok(PathBuf::from("cargo-deny"));
    }
    let home = Paths::new()?.cache().join("tools").join(format!("cargo-deny-{VERSION}"));
    let program = home.join("bin").join("cargo-deny");
    if program.is_file() {
        return Ok(program);
    }
    say!("building cargo-deny {VERSION} (once; a few minutes)");
    let mut install = workspace::cargo();
    install.args([
        "install",
        "--quiet",
        "--locked",
        "--debug",
        "--no-default-features",
        "--version",
        VERSION,
    ]);
    install.arg("--root").arg(&home).arg("cargo-deny");
    // Not among the workspace's own output, and not found there again anyway.
    install.env_remove("CARGO_TARGET_DIR").env("CARGO_PROFILE_DEV_DEBUG", "0").current_dir("/");
    shown(&mut install).context(|| format!("cannot install cargo-deny {VERSION} from crates.io"))?;
    if program.is_file() {
        Ok(program)
    } else {
        Err(Failure::new(format!("no program at {}", program.display())))
    }
}
