//! `wharf up`

use std::time::Duration;

use clap::{Args, ValueEnum};
use compose::{PullMode, Recreate, UpRequest};
use compose_file::Project;

use super::foreground;
use crate::args::seconds;
use crate::context::Context;
use crate::failure::Failure;
use crate::progress;

/// Create and start containers
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent switch")]
pub(crate) struct UpArgs {
    /// Leave the containers running in the background
    #[arg(short, long)]
    detach: bool,
    /// Return when all services run, are healthy or have ended well; implies --detach
    #[arg(long)]
    wait: bool,
    /// Seconds to wait for services at most
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    wait_timeout: Option<Duration>,
    /// Print what would be done and why, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Build images first
    #[arg(long)]
    build: bool,
    /// When to pull images, instead of what the Compose file says
    #[arg(long, value_name = "WHEN", value_enum)]
    pull: Option<Pull>,
    /// Make all containers anew
    #[arg(long)]
    force_recreate: bool,
    /// Leave containers that are there as they are, even if they differ from what is wanted
    #[arg(long, conflicts_with = "force_recreate")]
    no_recreate: bool,
    /// Leave out what the services depend on
    #[arg(long)]
    no_deps: bool,
    /// Create containers, and do not start them
    #[arg(long, conflicts_with_all = ["wait", "abort_on_container_exit", "exit_code_from"])]
    no_start: bool,
    /// Remove containers of services that are not in the Compose file
    #[arg(long, env = "COMPOSE_REMOVE_ORPHANS", hide_env = true, value_parser = clap::builder::FalseyValueParser::new())]
    remove_orphans: bool,
    /// Give containers that are made anew new anonymous volumes
    #[arg(short = 'V', long)]
    renew_anon_volumes: bool,
    /// Number of containers of a service; may be repeated
    #[arg(long, value_name = "SERVICE=NUMBER", value_parser = scale)]
    scale: Vec<(String, u32)>,
    /// Seconds that a container may take to stop, instead of its own grace period
    #[arg(short, long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Stop everything when one container ends, with its exit code
    #[arg(long, conflicts_with_all = ["detach", "wait"])]
    abort_on_container_exit: bool,
    /// Stop everything when one container ends, with the exit code of this service
    #[arg(long, value_name = "SERVICE", conflicts_with_all = ["detach", "wait"])]
    exit_code_from: Option<String>,
    /// Print log lines without prefixes
    #[arg(long)]
    no_log_prefix: bool,
    /// Print log prefixes without colours
    #[arg(long)]
    no_color: bool,
    /// Show when each log line was written
    #[arg(long)]
    timestamps: bool,
    /// Show no progress of pulls
    #[arg(long)]
    quiet_pull: bool,
    /// Services, with what they depend on; all by default
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Pull {
    /// Those that are there, too.
    Always,
    /// Those that are missing.
    Missing,
    /// Never.
    Never,
}

pub(crate) async fn run(context: &Context, args: UpArgs) -> Result<u8, Failure> {
    let project = context.load(&args.services)?;
    check(&project, &args)?;
    let request = request(&args);
    let engine = context.connect().await?;
    let orchestrator = engine.orchestrator(project);
    if args.dry_run {
        context.print_plan(&orchestrator.plan_up(&request).await?)?;
        return Ok(0);
    }
    if args.detach || args.wait || args.no_start {
        let quiet_pull = args.quiet_pull;
        context
            .work("up", false, async |events| {
                let events = if quiet_pull { progress::without_pulls(events) } else { events };
                orchestrator.clone().with_events(events).up(&request).await
            })
            .await?;
        return Ok(0);
    }
    let options = foreground::Options {
        services: args.services,
        timeout: args.timeout,
        abort_on_exit: args.abort_on_container_exit || args.exit_code_from.is_some(),
        exit_code_from: args.exit_code_from,
        no_log_prefix: args.no_log_prefix,
        no_color: args.no_color,
        timestamps: args.timestamps,
        quiet_pull: args.quiet_pull,
    };
    Box::pin(foreground::run(context, &orchestrator, &request, &options)).await
}

fn check(project: &Project, args: &UpArgs) -> Result<(), Failure> {
    let named = args.exit_code_from.iter().chain(args.scale.iter().map(|(service, _)| service));
    for service in named {
        if !project.services.contains_key(service) {
            return Err(Failure::usage(format!("no such service: {service}"))
                .with_hint(format!("services: {}", join(project.services.keys()))));
        }
    }
    Ok(())
}

fn join<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn request(args: &UpArgs) -> UpRequest {
    let mut request = UpRequest::new()
        .with_services(args.services.iter().cloned())
        .with_build(args.build)
        .with_pull(match args.pull {
            None => PullMode::Policy,
            Some(Pull::Always) => PullMode::Always,
            Some(Pull::Missing) => PullMode::Missing,
            Some(Pull::Never) => PullMode::Never,
        })
        .with_recreate(match (args.force_recreate, args.no_recreate) {
            (true, _) => Recreate::Force,
            (_, true) => Recreate::Never,
            _ => Recreate::Diverged,
        })
        .with_remove_orphans(args.remove_orphans)
        .with_no_deps(args.no_deps)
        .with_no_start(args.no_start)
        .with_wait(args.wait)
        .with_wait_timeout(args.wait_timeout)
        .with_timeout(args.timeout)
        .with_renew_anon_volumes(args.renew_anon_volumes);
    for (service, count) in &args.scale {
        request = request.with_scale(service, *count);
    }
    request
}

fn scale(text: &str) -> Result<(String, u32), String> {
    text.split_once('=')
        .filter(|(service, _)| !service.is_empty())
        .and_then(|(service, count)| Some((service.to_owned(), count.parse().ok()?)))
        .ok_or_else(|| "expected SERVICE=NUMBER".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    fn parse(line: &str) -> UpArgs {
        match Cli::parse_from(line.split(' ')).command {
            Command::Up(args) => args,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn options_become_the_request() {
        let args = parse("wharf up -d --pull never --no-recreate --scale web=3 -t 5 -V web db");
        let expected = UpRequest::new()
            .with_services(["web", "db"])
            .with_pull(PullMode::Never)
            .with_recreate(Recreate::Never)
            .with_scale("web", 3)
            .with_timeout(Some(Duration::from_secs(5)))
            .with_renew_anon_volumes(true);
        assert_eq!(request(&args), expected);
        assert_eq!(request(&parse("wharf up")), UpRequest::new());
    }

    #[test]
    fn services_that_are_not_there_are_named() {
        let mut project = Project::default();
        project.services.insert("web".into(), compose_file::Service::default());
        let failure = check(&project, &parse("wharf up --exit-code-from wbe")).unwrap_err();
        let Failure::Usage { message, hint } = failure else { panic!("{failure:?}") };
        assert_eq!((message.as_str(), hint.as_deref()), ("no such service: wbe", Some("services: web")));
        assert!(check(&project, &parse("wharf up --exit-code-from web --scale web=2")).is_ok());
    }
}
