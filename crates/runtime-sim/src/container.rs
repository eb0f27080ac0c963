//! The record of one container.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use indexmap::IndexMap;
use runtime_core::{
    ContainerSpec, ContainerStatus, EndpointSpec, HealthReport, ImageInfo, MountPoint, OutputStream,
    PublishedPort,
};
use tokio::time::Instant;

use crate::SimProgram;

/// One line that a container wrote.
#[derive(Clone, Debug)]
pub(crate) struct LogLine {
    pub(crate) at: Instant,
    pub(crate) stream: OutputStream,
    pub(crate) text: String,
}

/// What a container wrote. It outlives the container, so that a reader gets the last lines of one that was removed
/// as soon as it ended.
pub(crate) type Log = Arc<Mutex<Vec<LogLine>>>;

/// How a container is attached to a network.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) network_id: String,
    pub(crate) spec: EndpointSpec,
    /// Empty when the container does not run.
    pub(crate) ip: String,
}

#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) spec: ContainerSpec,
    pub(crate) image: ImageInfo,
    pub(crate) program: SimProgram,
    pub(crate) created: Instant,
    pub(crate) status: ContainerStatus,
    /// Counts starts; what belongs to one run checks that it is still that one.
    pub(crate) run: u64,
    /// Counts exits.
    pub(crate) exits: u64,
    pub(crate) started: Option<Instant>,
    pub(crate) finished: Option<Instant>,
    pub(crate) exit_code: i64,
    pub(crate) error: String,
    pub(crate) pid: u32,
    pub(crate) restarts: u64,
    pub(crate) stopped_by_hand: bool,
    /// By network name.
    pub(crate) endpoints: IndexMap<String, Endpoint>,
    pub(crate) mounts: Vec<MountPoint>,
    /// Volumes that were made for this container alone.
    pub(crate) anonymous: Vec<String>,
    pub(crate) ports: Vec<PublishedPort>,
    pub(crate) log: Log,
    pub(crate) archives: HashMap<String, Bytes>,
    pub(crate) health: Option<HealthReport>,
}

impl Container {
    /// Whether its main process exists.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.status, ContainerStatus::Running | ContainerStatus::Paused)
    }

    /// Whether this run of it goes on.
    pub(crate) fn in_run(&self, run: u64) -> bool {
        self.run == run && self.is_up()
    }

    /// Whether the engine keeps it alive: it is up, or between two runs.
    pub(crate) fn is_alive(&self) -> bool {
        self.is_up() || self.status == ContainerStatus::Restarting
    }

    /// Entry point and command, the image's where it has none of its own.
    pub(crate) fn command_line(&self) -> Vec<String> {
        command_line(&self.spec, &self.image)
    }

    pub(crate) fn write(&self, at: Instant, stream: OutputStream, text: String) {
        let stream = if self.spec.tty { OutputStream::Stdout } else { stream };
        lines(&self.log).push(LogLine { at, stream, text });
    }
}

/// Locks a log; a panic elsewhere does not make it unreadable.
pub(crate) fn lines(log: &Log) -> std::sync::MutexGuard<'_, Vec<LogLine>> {
    log.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Entry point and command of a specification, the image's where it has none. A specification's entry point makes the
/// engine forget the image's command.
pub(crate) fn command_line(spec: &ContainerSpec, image: &ImageInfo) -> Vec<String> {
    let command = match (&spec.command, &spec.entrypoint) {
        (Some(command), _) => command.clone(),
        (None, Some(_)) => Vec::new(),
        (None, None) => image.command.clone(),
    };
    let mut line = spec.entrypoint.clone().unwrap_or_else(|| image.entrypoint.clone());
    line.extend(command);
    line
}
