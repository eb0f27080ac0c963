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
    /// Run the clients and the server on this processor only: what else the machine does then moves them less.
    #[arg(long)]
    pin: Option<usize>,
    /// Only the cases whose name holds this.
    #[arg(long, default_value = "")]
    case: String,
}

/// Runs it; the table goes to standard output.
pub(super) fn run(options: &Transport) -> Result<()> {
    let (rounds, workers) = (options.rounds.to_string(), options.workers.to_string());
    let mut command = workspace::cargo();
    command.args(["run", "--quiet", "--release", "--locked", "--package", "wharf-benches", "--"]);
    command.args(["--rounds", &rounds, "--workers", &workers, "--case", &options.case]);
    if let Some(processor) = options.pin {
        command.args(["--pin", &processor.to_string()]);
    }
    parts::shown(&mut command)
}
