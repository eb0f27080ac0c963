//! The runner.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::stage::{Check, Stage};
use super::{
    Runtime, cancel, create, engine, events, excuses, exec, files, filters, images, lifecycle, logs, mounts,
    networks, resources, spec, states, streams, volumes, wait,
};

/// How long one case may take.
const DEADLINE: Duration = Duration::from_secs(90);

/// What a case needs of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// Nothing: a simulated engine can do it.
    Nothing,
    /// Commands that are really run.
    Processes,
}

/// A case that is being run.
pub(super) type Running = Pin<Box<dyn Future<Output = Check> + Send>>;

/// One case.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Case {
    /// Its name, such as `exec_exit_code`.
    pub name: &'static str,
    /// What it needs.
    pub needs: Needs,
    pub(super) run: fn(Arc<Stage>) -> Running,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("name", &self.name).field("needs", &self.needs).finish_non_exhaustive()
    }
}

/// What the cases are run against.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Bench {
    /// The engine.
    pub runtime: Arc<dyn Runtime>,
    /// Reference of a BusyBox image that is on the engine; `docker.io/library/busybox:latest`.
    pub image: String,
    /// Whether the engine really runs commands.
    pub runs_processes: bool,
}

impl Bench {
    /// A real engine.
    pub fn new(runtime: Arc<dyn Runtime>) -> Self {
        Self { runtime, image: "docker.io/library/busybox:latest".into(), runs_processes: true }
    }

    /// An engine that only keeps the books.
    pub fn simulated(runtime: Arc<dyn Runtime>) -> Self {
        Self { runs_processes: false, ..Self::new(runtime) }
    }
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It was not run: the engine has not what it needs.
    Skipped(&'static str),
    /// It was not run: this version of the engine is known to differ, for this reason.
    Excused(&'static str),
    /// It does not hold, or took too long.
    Failed(String),
}

/// All cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    [
        engine::cases(),
        images::cases(),
        create::cases(),
        spec::cases(),
        mounts::cases(),
        resources::cases(),
        lifecycle::cases(),
        states::cases(),
        wait::cases(),
        exec::cases(),
        logs::cases(),
        streams::cases(),
        files::cases(),
        networks::cases(),
        volumes::cases(),
        events::cases(),
        filters::cases(),
        cancel::cases(),
    ]
    .concat()
}

/// Runs one case, and removes whatever it made on the engine.
///
/// # Cancel safety
/// Dropping the future leaves what the case has made so far.
pub async fn run(case: &Case, bench: &Bench) -> Outcome {
    if case.needs == Needs::Processes && !bench.runs_processes {
        return Outcome::Skipped("this engine runs no processes");
    }
    if let Some(reason) = excuses::reason(case.name, bench.runtime.info()) {
        return Outcome::Excused(reason);
    }
    let stage = Arc::new(Stage::new(bench));
    // A task of its own, so that a panic in a case does not keep it from being cleaned up.
    let task = tokio::spawn(tokio::time::timeout(DEADLINE, (case.run)(Arc::clone(&stage))));
    let outcome = match task.await {
        Ok(Ok(Ok(()))) => Outcome::Passed,
        Ok(Ok(Err(failure))) => Outcome::Failed(failure.0),
        Ok(Err(_)) => Outcome::Failed(format!("it did not end within {DEADLINE:?}")),
        Err(error) => Outcome::Failed(format!("it panicked: {error}")),
    };
    match (stage.clean_up().await, outcome) {
        (Err(failure), Outcome::Passed) => Outcome::Failed(format!("cleaning up: {}", failure.0)),
        (_, outcome) => outcome,
    }
}
