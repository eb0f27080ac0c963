//! `wharf pull`

use clap::{Args, ValueEnum};
use compose::PullRequest;

use crate::context::Context;
use crate::failure::Failure;

/// Pull the images of services
#[derive(Clone, Debug, Args)]
pub(crate) struct PullArgs {
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
    /// Which images to pull
    #[arg(long, value_name = "POLICY", value_enum, default_value_t)]
    policy: Policy,
    /// Leave out services that can be built
    #[arg(long)]
    ignore_buildable: bool,
    /// Go on when an image cannot be pulled
    #[arg(long)]
    ignore_pull_failures: bool,
    /// Also what the services depend on
    #[arg(long)]
    include_deps: bool,
    /// Services; all by default
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// All of them.
    #[default]
    Always,
    /// Those that are not there.
    Missing,
}

pub(crate) async fn run(context: &Context, args: PullArgs) -> Result<u8, Failure> {
    let project = context.load(&args.services)?;
    let request = PullRequest::new()
        .with_services(args.services)
        .with_missing_only(args.policy == Policy::Missing)
        .with_ignore_buildable(args.ignore_buildable)
        .with_ignore_failures(args.ignore_pull_failures)
        .with_include_deps(args.include_deps);
    let engine = context.connect().await?;
    context
        .work("pull", args.quiet, async |events| {
            engine.orchestrator(project).with_events(events).pull(&request).await
        })
        .await?;
    Ok(0)
}
