//! `cargo xtask test`: everything that has to hold before a change is merged.

use clap::Args;

use crate::failure::{Failure, Result};
use crate::parts::{Parts, quiet, shown};
use crate::{api_coverage, deny, e2e, tidy, workspace};

/// What to test.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Leave out the tests that need container engines (and so root).
    #[arg(long)]
    no_engines: bool,
}

/// Runs every part, also after one failed.
pub(crate) fn run(options: &Test) -> Result<()> {
    let cargo = workspace::cargo;
    let mut parts = Parts::default();
    parts.part("format", || quiet(cargo().args(["fmt", "--all", "--check"])));
    parts.part("clippy", || {
        quiet(cargo().args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))
    });
    parts.part("tidy", tidy::run);
    parts.part("deny", deny::check);
    match deny::advisories() {
        Ok(None) => {
            parts.part("advisories", || Ok(()));
        }
        Ok(Some(why)) => parts.leave_out("advisories", &why),
        Err(why) => {
            parts.part("advisories", || Err(why));
        }
    }
    parts.part("docs", || {
        quiet(
            cargo()
                .args(["doc", "--quiet", "--workspace", "--no-deps", "--locked"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
    });
    match api_coverage::tables() {
        Some(tables) => {
            parts.part("coverage", || api_coverage::check(&tables));
        }
        None => parts.leave_out("coverage", "there are no endpoint tables in ../shared/reference"),
    }
    // All of a crate's own tests: unit, integration and doc tests.
    parts.part("unit", || {
        shown(cargo().args(["test", "--workspace", "--exclude", "wharf-tests", "--locked", "--no-fail-fast"]))
    });
    if options.no_engines {
        parts.leave_out("engines", "--no-engines");
        parts.leave_out("e2e", "--no-engines");
    } else if parts.part("engines", e2e::engines) {
        parts.part("e2e", || e2e::tests(&[]));
    } else {
        parts.part("e2e", || Err(Failure::new("the engines did not start")));
    }
    parts.finish()
}
