//! What operations give back.

use bytes::Bytes;
use runtime_core::{ContainerSummary, HealthStatus, OutputStream};

/// What `up` did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpReport {
    /// The containers of the selected services and of what they depend on, in order of service and number.
    pub containers: Vec<UpContainer>,
    /// How many steps were taken; 0 when everything was as it should be.
    pub steps: usize,
}

/// One container after `up`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpContainer {
    /// Its service.
    pub service: String,
    /// Its number in the service.
    pub number: u32,
    /// Full id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whether this `up` created it.
    pub created: bool,
    /// Whether this `up` started it.
    pub started: bool,
}

/// What `down` removed, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownReport {
    /// Containers.
    pub containers: Vec<String>,
    /// Networks.
    pub networks: Vec<String>,
    /// Volumes.
    pub volumes: Vec<String>,
    /// Images.
    pub images: Vec<String>,
}

/// One container of a project, as `ps` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceContainer {
    /// What the engine's list says.
    pub summary: ContainerSummary,
    /// Its service; empty for a container without one.
    pub service: String,
    /// Its number in the service; 0 for a one-off.
    pub number: u32,
    /// Made by `run`.
    pub one_off: bool,
    /// Its service is not in the project (any more).
    pub orphan: bool,
    /// Its health: the engine's verdict, or that of a probe made now. `None` without a check, and when it does not
    /// run.
    pub health: Option<HealthStatus>,
}

/// One line of output of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogLine {
    /// Its service.
    pub service: String,
    /// Its number in the service.
    pub number: u32,
    /// Its name.
    pub container: String,
    /// Where it was written.
    pub stream: OutputStream,
    /// The line without its end, as the container wrote it. A line of more than 64 KiB comes in pieces.
    pub line: Bytes,
}

/// What a stream of logs tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogEvent {
    /// A line.
    Line(LogLine),
    /// The engine cannot read what a container prints, as with the log driver `none`; there are no lines of it.
    Unreadable {
        /// Its service.
        service: String,
        /// Its number in the service.
        number: u32,
        /// Its name.
        container: String,
        /// Why, in the engine's words.
        reason: String,
    },
    /// A container that is followed ended; all its lines have come before. On Podman, which tells an end late, so may have
    /// the first lines of a run that its restart policy began at once.
    Exited {
        /// Its service.
        service: String,
        /// Its number in the service.
        number: u32,
        /// Its name.
        container: String,
        /// Its exit code.
        code: i64,
        /// Whether the engine will start it again by its restart policy, as far as the file tells.
        will_restart: bool,
    },
}

/// An image that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuiltImage {
    /// The service.
    pub service: String,
    /// The image's name.
    pub image: String,
    /// Image id, `sha256:...`.
    pub id: String,
}
