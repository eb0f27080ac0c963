//! `wharf ps`

use std::collections::BTreeSet;
use std::time::SystemTime;

use clap::{Args, ValueEnum};
use compose::{PsRequest, ServiceContainer};

use crate::context::{Absent, Context};
use crate::failure::Failure;
use crate::output::Table;

mod view;

/// List containers
#[derive(Clone, Debug, Args)]
pub(crate) struct PsArgs {
    /// Also those that do not run
    #[arg(short, long)]
    all: bool,
    /// Print ids alone
    #[arg(short, long, conflicts_with = "services_only")]
    quiet: bool,
    /// Print the names of services alone
    #[arg(long = "services")]
    services_only: bool,
    /// Leave out containers of services that are not in the Compose file
    #[arg(long)]
    no_orphans: bool,
    /// Print commands in full
    #[arg(long)]
    no_trunc: bool,
    /// Format of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Services; all by default
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON object a line.
    Json,
}

pub(crate) async fn run(context: &Context, args: PsArgs) -> Result<u8, Failure> {
    let (engine, project) = context.project_or_labels(&args.services, Absent::Empty).await?;
    let request = PsRequest::new()
        .with_services(args.services)
        .with_all(args.all)
        .with_orphans(!args.no_orphans)
        .with_probe(!args.quiet && !args.services_only);
    let name = project.name.clone();
    let containers = engine.orchestrator(project).ps(&request).await?;
    let text = if args.quiet {
        containers.iter().map(|one| format!("{}\n", one.summary.id)).collect()
    } else if args.services_only {
        let names: BTreeSet<&str> = containers.iter().map(|one| one.service.as_str()).collect();
        names.iter().map(|name| format!("{name}\n")).collect()
    } else {
        let now = view::epoch(SystemTime::now());
        match args.format {
            Format::Json => {
                containers.iter().map(|one| format!("{}\n", view::json(one, &name, now))).collect()
            }
            Format::Table => table(&containers, now, args.no_trunc),
        }
    };
    context.output.out(&text)?;
    Ok(0)
}

fn table(containers: &[ServiceContainer], now: i64, no_trunc: bool) -> String {
    let mut table = Table::new(["NAME", "IMAGE", "COMMAND", "SERVICE", "CREATED", "STATUS", "PORTS"]);
    for one in containers {
        let summary = &one.summary;
        table.row([
            summary.name.clone(),
            summary.image.clone(),
            view::command(&summary.command, no_trunc),
            one.service.clone(),
            view::running_for(summary.created, now),
            view::status(one),
            view::ports(&summary.ports),
        ]);
    }
    table.render()
}
