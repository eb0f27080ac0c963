//! `cargo xtask bench transport`: builds the crate in benches/ for release, and runs it.

use clap::Args;

use crate::failure::Result;
use crate::{parts, workspace};

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct Transport {
    /// Rounds of each case, of which the median is printed.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Threads of the clients' runtime; 0 runs everything on one thread, and leaves the other processor to the server.
    #[arg(long, default_value_t = 0)]
    workers: usize,
    /// Only the cases whose name holds this.
    #[arg(long, default_value = "")]
    case: String,
}

/// Runs it; the table goes to standard output.
pub(super) fn run(options: &Transport) -> Result<()> {
    let (rounds, workers) = (options.rounds.to_string(), options.workers.to_string());
    parts::shown(workspace::cargo().args([
        "run",
        "--quiet",
        "--release",
        "--locked",
        "--package",
        "wharf-benches",
        "--",
        "--rounds",
        &rounds,
        "--workers",
        &workers,
        "--case",
        &options.case,
    ]))
}
