//! What all commands share: the options, the output, the way to a project and to an engine.

use std::io::Read as _;
use std::sync::Arc;

use compose::{EventSink, Orchestrator};
use compose_file::{LoadOptions, Project};
use runtime_core::Runtime;

use crate::args::Global;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Reporter;
use crate::signal::Interrupts;

/// How much of standard input is read for `-f -`: more than the loader takes, so that it can say that it is too much.
const MAX_STDIN: u64 = 64 * 1024 * 1024;

/// What all commands share.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) output: Output,
}

/// An engine that answers. It is kept for as long as the command works with it.
#[derive(Debug)]
pub(crate) struct Engine {
    connected: runtime_connect::Connected,
}

/// What a command makes of a project without a file of which the engine has nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It is a mistake.
    Refused,
    /// It is a project without anything, as for docker-compose: what looks or takes down has nothing to do.
    Empty,
}

impl Engine {
    /// The runtime.
    pub(crate) fn runtime(&self) -> Arc<dyn Runtime> {
        Arc::clone(&self.connected.runtime)
    }

    /// Works on a project through this engine.
    pub(crate) fn orchestrator(&self, project: Arc<Project>) -> Orchestrator {
        Orchestrator::new(self.runtime(), project)
    }
}

impl Context {
    /// Loads the project and prints its warnings. No engine is touched.
    pub(crate) fn load(&self, services: &[String]) -> Result<Arc<Project>, Failure> {
        let loaded = compose_file::load(&self.options(services)?)?;
        self.output.file_warnings(&loaded.warnings, &loaded.sources);
        Ok(Arc::new(loaded.project))
    }

    /// Loads the project; where there is no Compose file and the project is named, it is made from what the engine
    /// has of it. Warnings are not printed: they were, when it was brought up.
    pub(crate) async fn project_or_labels(
        &self,
        services: &[String],
        absent: Absent,
    ) -> Result<(Engine, Arc<Project>), Failure> {
        match compose_file::load(&self.options(services)?) {
            Ok(loaded) => Ok((self.connect().await?, Arc::new(loaded.project))),
            Err(error) => {
                let Some(name) = self.project_name().filter(|_| error.is_no_file()) else {
                    return Err(error.into());
                };
                let name = valid_name(&name)?;
                let engine = self.connect().await?;
                let project = match compose::project_from_labels(&*engine.runtime(), &name).await {
                    Err(error) if absent == Absent::Empty && error.kind() == compose::ErrorKind::Missing => {
                        Project { name, ..Project::default() }
                    }
                    project => project?,
                };
                Ok((engine, Arc::new(project)))
            }
        }
    }

    /// What the options and the environment say about the project.
    pub(crate) fn options(&self, services: &[String]) -> Result<LoadOptions, Failure> {
        let global = &self.global;
        let folder =
            std::env::current_dir().map_err(|error| Failure::io("find the working directory", error))?;
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let mut options =
            LoadOptions::new(folder).with_environment(variables).with_services(services.iter().cloned());
        options.files.clone_from(&global.files);
        options.project_name.clone_from(&global.project_name);
        options.project_directory.clone_from(&global.project_directory);
        options.profiles =
            global.profiles.iter().flat_map(|list| list.split(',')).map(str::to_owned).collect();
        options.env_files.clone_from(&global.env_files);
        if self.reads_stdin() {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(MAX_STDIN)
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::io("read the Compose file from standard input", error))?;
            options = options.with_stdin(bytes);
        }
        Ok(options)
    }

    /// Finds an engine and asks whether it is there.
    pub(crate) async fn connect(&self) -> Result<Engine, Failure> {
        let mut options = runtime_connect::ConnectOptions::default();
        if let Some(host) = &self.global.host {
            options = options.with_host(host);
        }
        let environment = runtime_connect::Environment::from_process();
        let connected = runtime_connect::connect(&options, &environment).await?;
        tracing::debug!(engine = ?connected.runtime.info(), "an engine answers");
        Ok(Engine { connected })
    }

    /// Does something with progress shown, until it is done or interrupted.
    pub(crate) async fn work<T, F>(
        &self,
        title: &'static str,
        quiet: bool,
        work: impl FnOnce(EventSink) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = compose::Result<T>>,
    {
        let mut interrupts = Interrupts::catch().map_err(|error| Failure::io("catch signals", error))?;
        let output = if quiet { self.output.quiet() } else { self.output.clone() };
        let reporter = Reporter::start(&output, title);
        tokio::select! {
            done = work(reporter.sink()) => Ok(done?),
            () = interrupts.next() => Err(Failure::Interrupted),
        }
    }

    /// Prints what `--dry-run` shows.
    pub(crate) fn print_plan(&self, plan: &compose::Plan) -> Result<(), Failure> {
        for (_, warning) in plan.warnings() {
            self.output.warning(warning);
        }
        let text = if plan.is_empty() { "Nothing to do.\n".to_owned() } else { format!("{plan}") };
        self.output.out(&text)?;
        if !text.ends_with('\n') {
            self.output.out("\n")?;
        }
        Ok(())
    }

    fn project_name(&self) -> Option<String> {
        self.global
            .project_name
            .clone()
            .or_else(|| std::env::var("COMPOSE_PROJECT_NAME").ok())
            .filter(|name| !name.is_empty())
    }

    fn reads_stdin(&self) -> bool {
        let is_dash = |path: &std::path::Path| path.as_os_str() == "-";
        if !self.global.files.is_empty() {
            return self.global.files.iter().any(|file| is_dash(file));
        }
        let separator = std::env::var("COMPOSE_PATH_SEPARATOR").unwrap_or_else(|_| ":".to_owned());
        std::env::var("COMPOSE_FILE")
            .is_ok_and(|files| !separator.is_empty() && files.split(&separator).any(|file| file == "-"))
    }
}

/// A name by which a project is looked up: lower-cased as docker-compose does, and refused where no project can have
/// it, instead of finding nothing.
fn valid_name(name: &str) -> Result<String, Failure> {
    let lower = name.to_lowercase();
    let allowed = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    if lower.starts_with(allowed) && lower.chars().all(|char| allowed(char) || char == '-' || char == '_') {
        return Ok(lower);
    }
    Err(Failure::usage(format!("`{name}` cannot be the name of a project"))
        .with_hint("names have lower-case letters, digits, `-` and `_`, and start with a letter or a digit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_project_can_have_are_refused() {
        assert_eq!(valid_name("Shop-1").ok().as_deref(), Some("shop-1"));
        for name in ["Bad Name", "-shop", "_shop", "", "a/b", "größe"] {
            assert!(valid_name(name).is_err(), "{name}");
        }
    }
}
