//! What is told about progress while an operation runs.

use std::fmt;
use std::sync::Arc;

/// Receives progress. It is called from the task that runs the operation, so it must not block.
pub type EventSink = Arc<dyn Fn(ProgressEvent) + Send + Sync>;

/// One step of progress on one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProgressEvent {
    /// What it is about.
    pub subject: Subject,
    /// What happens to it.
    pub state: State,
}

impl ProgressEvent {
    /// An event.
    #[must_use]
    pub fn new(subject: Subject, state: State) -> Self {
        Self { subject, state }
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Subject {
    /// Of what kind.
    pub kind: SubjectKind,
    /// Its name: the container's final name, the network's and volume's name on the engine, the image's reference,
    /// the service's or the project's name.
    pub name: String,
    /// The service it belongs to, where it is one.
    pub service: Option<String>,
}

impl Subject {
    /// A subject that belongs to no service.
    pub fn new(kind: SubjectKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), service: None }
    }

    /// Names the service that it belongs to.
    #[must_use]
    pub fn of_service(mut self, service: impl Into<String>) -> Self {
        self.service = Some(service.into());
        self
    }
}

/// Of what kind a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SubjectKind {
    /// The whole project.
    Project,
    /// An image.
    Image,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// A service.
    Service,
    /// A container.
    Container,
}

impl SubjectKind {
    /// The word for output, capitalised as `docker compose` does.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "Project",
            Self::Image => "Image",
            Self::Network => "Network",
            Self::Volume => "Volume",
            Self::Service => "Service",
            Self::Container => "Container",
        }
    }
}

impl fmt::Display for SubjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is done to a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// It is pulled.
    Pull,
    /// It is built.
    Build,
    /// It is created.
    Create,
    /// It is created anew in the place of another.
    Recreate,
    /// It is started.
    Start,
    /// It is stopped.
    Stop,
    /// It is resumed after a pause.
    Unpause,
    /// It gets its name.
    Rename,
    /// It is removed.
    Remove,
    /// A condition on it is waited for, and has come true.
    Wait,
}

impl Verb {
    /// While it goes on, `Creating`.
    #[must_use]
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Pull => "Pulling",
            Self::Build => "Building",
            Self::Create => "Creating",
            Self::Recreate => "Recreating",
            Self::Start => "Starting",
            Self::Stop => "Stopping",
            Self::Unpause => "Unpausing",
            Self::Rename => "Renaming",
            Self::Remove => "Removing",
            Self::Wait => "Waiting",
        }
    }

    /// When it is done, `Created`.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::Pull => "Pulled",
            Self::Build => "Built",
            Self::Create => "Created",
            Self::Recreate => "Recreated",
            Self::Start => "Started",
            Self::Stop => "Stopped",
            Self::Unpause => "Unpaused",
            Self::Rename => "Renamed",
            Self::Remove => "Removed",
            Self::Wait => "Ready",
        }
    }
}

/// What happens to a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// The plan has something to do on it, which has not begun. Sent for every subject, in the plan's order, before
    /// the first step is taken.
    Planned,
    /// Something is being done.
    Working(Verb),
    /// It is waited for: on a container of the service that others wait for, and on the project while another
    /// command works on it.
    Waiting {
        /// The condition, `service_healthy`.
        condition: &'static str,
        /// The service that is waited for.
        on: String,
    },
    /// Something is done.
    Done(Verb),
    /// The condition `service_healthy` has come true.
    Healthy,
    /// A container has ended, and that is what was waited for.
    Exited(i64),
    /// It is as it should be: nothing is done.
    Unchanged,
    /// It failed; the error that the operation returns says more.
    Failed(String),
    /// It is not done, since something that it needs failed.
    Skipped,
    /// A line of a build or a pull.
    Log(String),
    /// Bytes of a pull.
    Progress {
        /// Bytes done.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// What a person should know.
    Warning(String),
}
