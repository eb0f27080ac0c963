//! `cargo xtask api-coverage`: which rows of an endpoint table the API crates cover.

use std::path::PathBuf;

use clap::Args;

use crate::failure::{Context, Result};
use crate::parts::shown;
use crate::workspace;

/// Which tables.
#[derive(Debug, Args)]
pub(crate) struct ApiCoverage {
    /// CSV files with the columns method, path, group and query_params.
    #[arg(required = true)]
    tables: Vec<PathBuf>,
}

/// Prints each row as covered, left out or wrong; an error when one is wrong.
pub(crate) fn run(options: &ApiCoverage) -> Result<()> {
    // The comparison runs in the root of the workspace.
    let tables = options
        .tables
        .iter()
        .map(|table| std::path::absolute(table).context(|| format!("cannot find {}", table.display())));
    check(&tables.collect::<Result<Vec<_>>>()?)
}

/// The tables that lie beside the checkout, if they are there.
pub(crate) fn tables() -> Option<Vec<PathBuf>> {
    let folder = workspace::root().parent()?.join("shared").join("reference");
    let tables: Vec<PathBuf> =
        ["libpod-endpoints.csv", "docker-endpoints.csv"].into_iter().map(|name| folder.join(name)).collect();
    tables.iter().all(|table| table.is_file()).then_some(tables)
}

/// As [`run`], for the tables that these paths name. The comparison is a program of its own, so that these commands
/// need not compile the API crates.
pub(crate) fn check(tables: &[PathBuf]) -> Result<()> {
    shown(
        workspace::cargo()
            .args(["run", "--quiet", "--locked", "--package", "wharf-tests", "--bin", "api-coverage", "--"])
            .args(tables),
    )
}
