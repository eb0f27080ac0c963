//! `wharf build`

use clap::Args;
use compose::BuildRequest;
use compose_file::model::Environment;

use crate::context::Context;
use crate::failure::Failure;

/// Build the images of services
#[derive(Clone, Debug, Args)]
pub(crate) struct BuildArgs {
    /// Do not use the cache
    #[arg(long)]
    no_cache: bool,
    /// Pull base images even if they are there
    #[arg(long)]
    pull: bool,
    /// Set a build argument; without a value it is taken from the environment
    #[arg(long = "build-arg", value_name = "NAME[=VALUE]")]
    build_args: Vec<String>,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
    /// Services; all by default
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

pub(crate) async fn run(context: &Context, args: BuildArgs) -> Result<u8, Failure> {
    let project = context.load(&args.services)?;
    let mut build_args = Environment::default();
    for argument in &args.build_args {
        let (name, value) = build_argument(argument)?;
        build_args.insert(name, value);
    }
    let request = BuildRequest::new()
        .with_services(args.services)
        .with_no_cache(args.no_cache)
        .with_pull(args.pull)
        .with_args(build_args);
    let engine = context.connect().await?;
    context
        .work("build", args.quiet, async |events| {
            engine.orchestrator(project).with_events(events).build(&request).await
        })
        .await?;
    Ok(0)
}

fn build_argument(text: &str) -> Result<(String, Option<String>), Failure> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, std::env::var(text).ok()),
    };
    if name.is_empty() {
        return Err(Failure::usage(format!("`{text}` is not a build argument")).with_hint("write NAME=VALUE"));
    }
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_arguments() {
        let read = |text| build_argument(text).ok();
        assert_eq!(read("A=b=c"), Some(("A".into(), Some("b=c".into()))));
        assert_eq!(read("A="), Some(("A".into(), Some(String::new()))));
        assert_eq!(read("WHARF_TEST_NO_SUCH_VARIABLE"), Some(("WHARF_TEST_NO_SUCH_VARIABLE".into(), None)));
        assert_eq!(read("=x"), None);
    }
}
