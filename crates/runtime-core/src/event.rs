//! What happens on an engine.

use std::time::SystemTime;

use indexmap::IndexMap;

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventSource {
    /// A container.
    Container,
    /// An image.
    Image,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// Anything else, in the engine's word.
    Other(String),
}

/// What happened. Podman's words are read as Docker's (`died` as `die`, `remove` as `destroy`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventAction {
    /// Created.
    Create,
    /// Started.
    Start,
    /// Its process ended.
    Die {
        /// Exit code, where the event tells it.
        exit_code: Option<i64>,
    },
    /// A stop call ended.
    Stop,
    /// A signal was sent.
    Kill,
    /// Memory ran out.
    Oom,
    /// Paused.
    Pause,
    /// Resumed.
    Unpause,
    /// A restart call ended.
    Restart,
    /// Renamed.
    Rename,
    /// Removed.
    Destroy,
    /// The engine's own health verdict.
    HealthStatus(String),
    /// Checkpointed.
    Checkpoint,
    /// Restored.
    Restore,
    /// Anything else, in the engine's word.
    Other(String),
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// When.
    pub time: SystemTime,
    /// About what.
    pub source: EventSource,
    /// What happened.
    pub action: EventAction,
    /// Id of the container, image or network; name of the volume.
    pub id: String,
    /// Attributes: `name`, `image`, and the labels of a container.
    pub attributes: IndexMap<String, String>,
}

impl Event {
    /// An event.
    #[must_use]
    pub fn new(time: SystemTime, source: EventSource, action: EventAction, id: String) -> Self {
        Self { time, source, action, id, attributes: IndexMap::new() }
    }

    /// Name of the container, image, network or volume, where the event tells it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.attributes.get("name").map(String::as_str)
    }
}

/// Which events to receive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventFilter {
    /// Labels that the container must have, `key=value`.
    pub labels: Vec<String>,
    /// Only events about containers.
    pub containers_only: bool,
    /// Also what happened since this time, as far as the engine remembers it.
    pub since: Option<SystemTime>,
    /// End at this time.
    pub until: Option<SystemTime>,
}

impl EventFilter {
    /// Events of containers with a label.
    #[must_use]
    pub fn containers_with_label(key: &str, value: &str) -> Self {
        Self { labels: vec![format!("{key}={value}")], containers_only: true, ..Self::default() }
    }
}
