//! From the command line to the exit code.

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};
use crate::commands;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are "errors" that go to standard output, with code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    trace();
    let context = Context { output: Output::new(&cli.global), global: cli.global };
    match run(&context, cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            context.output.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(context: &Context, command: Command) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io("start", error))?;
    let result = runtime.block_on(commands::run(context, command));
    // A read from standard input may still be under way and cannot be cancelled: do not wait for it.
    runtime.shutdown_background();
    result
}

/// `WHARF_LOG=debug` shows what the libraries do, on standard error.
fn trace() {
    let Some(filter) = std::env::var_os("WHARF_LOG").filter(|filter| !filter.is_empty()) else { return };
    let filter = tracing_subscriber::EnvFilter::new(filter.to_string_lossy());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
