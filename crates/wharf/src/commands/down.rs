//! `wharf down`

use std::time::Duration;

use clap::{Args, ValueEnum};
use compose::{DownReport, DownRequest, RemoveImages};

use crate::args::seconds;
use crate::context::{Absent, Context};
use crate::failure::Failure;

/// Stop and remove containers and networks
#[derive(Clone, Debug, Args)]
pub(crate) struct DownArgs {
    /// Also remove the project's volumes and the anonymous ones of its containers
    #[arg(short, long)]
    volumes: bool,
    /// Seconds that a container may take to stop, instead of its own grace period
    #[arg(short, long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Also remove containers of services that are not in the Compose file
    #[arg(long, env = "COMPOSE_REMOVE_ORPHANS", hide_env = true, value_parser = clap::builder::FalseyValueParser::new())]
    remove_orphans: bool,
    /// Also remove images: those without a name of their own, or all
    #[arg(long, value_name = "WHICH", value_enum)]
    rmi: Option<Rmi>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Services; all by default, with the networks
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rmi {
    /// Those that were built without a name of their own.
    Local,
    /// All that the services use.
    All,
}

pub(crate) async fn run(context: &Context, args: DownArgs) -> Result<u8, Failure> {
    let (engine, project) = context.project_or_labels(&args.services, Absent::Empty).await?;
    let name = project.name.clone();
    let request = DownRequest::new()
        .with_services(args.services)
        .with_volumes(args.volumes)
        .with_timeout(args.timeout)
        .with_remove_orphans(args.remove_orphans)
        .with_images(match args.rmi {
            None => RemoveImages::None,
            Some(Rmi::Local) => RemoveImages::Local,
            Some(Rmi::All) => RemoveImages::All,
        });
    let orchestrator = engine.orchestrator(project);
    if args.dry_run {
        let plan = orchestrator.plan_down(&request).await?;
        context.print_plan(&plan)?;
        return Ok(0);
    }
    let report = context
        .work("down", false, async |events| orchestrator.clone().with_events(events).down(&request).await)
        .await?;
    if report == DownReport::default() {
        context.output.warning(&format!("there is nothing of project {name} to remove"));
    }
    Ok(0)
}
