//! Development commands of this workspace: `cargo xtask <command>`.

#![expect(clippy::print_stderr, reason = "a command talks to the person who ran it")]

mod api_coverage;
mod bed;
mod bench;
mod demo;
mod deny;
mod e2e;
mod engines;
mod failure;
mod fuzz;
mod parts;
mod run;
mod say;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Development commands of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
enum Command {
    /// Real engines for tests: made from Debian packages, or yours, named by environment variables.
    ///
    /// `up` makes Podman `a`, Podman `b` (as on another host), Docker and, by name, the Podman 4.3 of Debian 12 and the
    /// Podman 5.8 of Debian 14. It needs root and apt. Where WHARF_TEST_PODMAN, WHARF_TEST_PODMAN_B, WHARF_TEST_DOCKER,
    /// WHARF_TEST_PODMAN43 or WHARF_TEST_PODMAN58 holds the path of a socket, the engine there is used in place of the
    /// bed's own and nothing of it is changed but missing images added.
    #[command(subcommand)]
    Engines(engines::Engines),
    /// Check the invariants that no compiler holds: which crate may use which, file length, stray prints.
    Tidy,
    /// Run everything that has to hold: format, lints, tidy, deny, docs, unit tests, and the tests on real engines.
    Test(test::Test),
    /// Compare the endpoints that the API crates declare with tables of what the engines have.
    ApiCoverage(api_coverage::ApiCoverage),
    /// Run the tests on real engines alone.
    E2e(e2e::E2e),
    /// Run the fuzz targets of fuzz/ (needs a nightly compiler and cargo-fuzz; says how to get them).
    Fuzz(fuzz::Fuzz),
    /// Bring the guestbook of examples/ up on a real engine, show it, and remove it again.
    Demo(demo::Demo),
    /// Measure whole commands beside docker-compose on the same engines, or the transport beside bollard, in one run.
    #[command(subcommand)]
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Engines(command) => engines::run(command),
        Command::Tidy => tidy::run(),
        Command::Test(options) => test::run(&options),
        Command::ApiCoverage(options) => api_coverage::run(&options),
        Command::E2e(options) => e2e::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Bench(command) => bench::run(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
