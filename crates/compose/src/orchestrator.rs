//! The operations on a project.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use compose_file::model::Project;
use runtime_core::{ContainerSummary, Runtime};

use crate::error::{Error, ErrorKind, Result};
use crate::event::EventSink;
use crate::plan::Plan;
use crate::report::{BuiltImage, DownReport, LogEvent, ServiceContainer, UpReport};
use crate::request::{
    BuildRequest, DownRequest, LogsRequest, PsRequest, PullRequest, StopRequest, UpRequest,
};

/// A stream of this crate's results. Dropping it ends the engine calls behind it.
pub type EventStream<T> = std::pin::Pin<Box<dyn futures_core::Stream<Item = Result<T>> + Send>>;

/// Brings a project up on an engine, takes it down, and tells what is there.
///
/// Cloning is cheap. Every operation observes what is there, plans, and carries the plan out; nothing is kept between
/// two operations, here or on disk.
///
/// # Cancel safety
/// Dropping the future of an operation stops it where it is. What the engine has done stays done, a call that was
/// under way may still be carried out, and the next `up` or `down` observes and goes on from there.
#[derive(Clone)]
pub struct Orchestrator {
    runtime: Arc<dyn Runtime>,
    project: Arc<Project>,
    events: EventSink,
    lock: LockPolicy,
}

/// Whether and where an operation that changes a project keeps others of the same user away from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockPolicy {
    /// A file lock in `$XDG_RUNTIME_DIR/wharf`, or in `/tmp/wharf-<uid>`.
    #[default]
    Default,
    /// A file lock in this directory.
    Directory(PathBuf),
    /// None.
    Off,
}

impl fmt::Debug for Orchestrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orchestrator")
            .field("project", &self.project.name)
            .field("engine", self.runtime.info())
            .finish_non_exhaustive()
    }
}

impl Orchestrator {
    /// Works on a project through a runtime.
    #[must_use]
    pub fn new(runtime: Arc<dyn Runtime>, project: Arc<Project>) -> Self {
        Self { runtime, project, events: Arc::new(|_| {}), lock: LockPolicy::Default }
    }

    /// Tells progress to `events`.
    #[must_use]
    pub fn with_events(mut self, events: EventSink) -> Self {
        self.events = events;
        self
    }

    /// Sets how others are kept away while the project is changed.
    #[must_use]
    pub fn with_lock(mut self, lock: LockPolicy) -> Self {
        self.lock = lock;
        self
    }

    /// The project.
    #[must_use]
    pub fn project(&self) -> &Arc<Project> {
        &self.project
    }

    /// The runtime.
    #[must_use]
    pub fn runtime(&self) -> &Arc<dyn Runtime> {
        &self.runtime
    }

    /// What [`Self::up`] would do. Only reads from the engine.
    ///
    /// # Errors
    /// What is wrong with the project or the request; the engine's errors.
    pub async fn plan_up(&self, _request: &UpRequest) -> Result<Plan> {
        Err(unfinished())
    }

    /// Brings services up.
    ///
    /// # Errors
    /// The first failure. What does not depend on it has been done, and what was up stays up.
    pub async fn up(&self, _request: &UpRequest) -> Result<UpReport> {
        Err(unfinished())
    }

    /// What [`Self::down`] would do. Only reads from the engine.
    ///
    /// # Errors
    /// As [`Self::plan_up`].
    pub async fn plan_down(&self, _request: &DownRequest) -> Result<Plan> {
        Err(unfinished())
    }

    /// Stops and removes containers, dependents before what they depend on, then networks, and volumes if asked.
    ///
    /// # Errors
    /// The first failure; all else has been removed.
    pub async fn down(&self, _request: &DownRequest) -> Result<DownReport> {
        Err(unfinished())
    }

    /// Stops containers, dependents before what they depend on, or kills them all at once.
    ///
    /// # Errors
    /// The first failure; all others have been stopped.
    pub async fn stop(&self, _request: &StopRequest) -> Result<()> {
        Err(unfinished())
    }

    /// The project's containers, in order of service and number.
    ///
    /// # Errors
    /// A service that the project does not have; the engine's errors.
    pub async fn ps(&self, _request: &PsRequest) -> Result<Vec<ServiceContainer>> {
        Err(unfinished())
    }

    /// The output of containers. When this returns, the engine is listening for containers that start later.
    ///
    /// # Errors
    /// As [`Self::ps`], also within the stream.
    pub async fn logs(&self, _request: &LogsRequest) -> Result<EventStream<LogEvent>> {
        Err(unfinished())
    }

    /// A running container of a service: the one of this number, or else the first.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`] when there is none.
    pub async fn container(&self, _service: &str, _index: Option<u32>) -> Result<ContainerSummary> {
        Err(unfinished())
    }

    /// Builds images, those of different services at the same time.
    ///
    /// # Errors
    /// The first failure.
    pub async fn build(&self, _request: &BuildRequest) -> Result<Vec<BuiltImage>> {
        Err(unfinished())
    }

    /// Pulls images, each once; gives their references.
    ///
    /// # Errors
    /// The first failure.
    pub async fn pull(&self, _request: &PullRequest) -> Result<Vec<String>> {
        Err(unfinished())
    }
}

fn unfinished() -> Error {
    Error::new(ErrorKind::Invalid, "this operation is still being built")
}

/// What is known of a project from the labels of its containers, networks and volumes, for commands without a file:
/// services with their dependencies, image and count, networks, and volumes.
///
/// # Errors
/// [`ErrorKind::Missing`] when there is nothing of that project; the engine's errors.
pub async fn project_from_labels(_runtime: &dyn Runtime, _name: &str) -> Result<Project> {
    Err(unfinished())
}
