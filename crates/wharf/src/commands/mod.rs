//! The commands: what each takes, and how it asks the libraries for it.

pub(crate) mod build;
pub(crate) mod completion;
pub(crate) mod config;
pub(crate) mod down;
pub(crate) mod exec;
mod foreground;
pub(crate) mod logs;
pub(crate) mod ps;
pub(crate) mod pull;
pub(crate) mod up;
pub(crate) mod version;

use crate::args::Command;
use crate::context::Context;
use crate::failure::Failure;

/// Runs a command and gives the exit code.
pub(crate) async fn run(context: &Context, command: Command) -> Result<u8, Failure> {
    match command {
        Command::Up(args) => Box::pin(up::run(context, args)).await,
        Command::Down(args) => Box::pin(down::run(context, args)).await,
        Command::Ps(args) => Box::pin(ps::run(context, args)).await,
        Command::Logs(args) => Box::pin(logs::run(context, args)).await,
        Command::Exec(args) => Box::pin(exec::run(context, args)).await,
        Command::Build(args) => Box::pin(build::run(context, args)).await,
        Command::Pull(args) => Box::pin(pull::run(context, args)).await,
        Command::Config(args) => config::run(context, &args),
        Command::Version(args) => version::run(context, args),
        Command::Completion(args) => completion::run(context, args),
    }
}
