//! What a container is.

use indexmap::IndexMap;

use crate::{HealthcheckSpec, Protocol};

/// The state word of a container, as Docker names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContainerStatus {
    /// Created, never started.
    #[default]
    Created,
    /// Running.
    Running,
    /// Paused.
    Paused,
    /// Between two runs.
    Restarting,
    /// Being removed.
    Removing,
    /// Ended.
    Exited,
    /// Could not be removed.
    Dead,
    /// A word of the engine that none of these is.
    Other(String),
}

impl ContainerStatus {
    /// Docker's word. Podman's `configured`, `initialized`, `stopped` and `stopping` are read as `created`,
    /// `created`, `exited` and `running`.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "created" | "configured" | "initialized" => Self::Created,
            "running" | "stopping" => Self::Running,
            "paused" => Self::Paused,
            "restarting" => Self::Restarting,
            "removing" => Self::Removing,
            "exited" | "stopped" => Self::Exited,
            "dead" => Self::Dead,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Docker's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Removing => "removing",
            Self::Exited => "exited",
            Self::Dead => "dead",
            Self::Other(word) => word,
        }
    }
}

/// The engine's own verdict on a container's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HealthStatus {
    /// No verdict yet.
    Starting,
    /// Healthy.
    Healthy,
    /// Unhealthy.
    Unhealthy,
}

impl HealthStatus {
    /// Docker's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
        }
    }

    /// Reads Docker's word; `None` for `none`, an empty text, or another word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Starting, Self::Healthy, Self::Unhealthy].into_iter().find(|s| s.as_str() == word)
    }
}

/// The engine's health record of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthReport {
    /// The verdict.
    pub status: HealthStatus,
    /// Failures in a row.
    pub failing_streak: u32,
    /// Output of the last probe.
    pub last_output: String,
}

/// Which containers to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerFilter {
    /// Also those that do not run.
    pub all: bool,
    /// Labels that must be there: `key`, or `key=value`.
    pub labels: Vec<String>,
    /// Names: exact, one of them must match. The backend checks it, since engines match parts of names.
    pub names: Vec<String>,
}

impl ContainerFilter {
    /// All containers, in any state.
    #[must_use]
    pub fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Only with this label and value.
    #[must_use]
    pub fn with_label(mut self, key: &str, value: &str) -> Self {
        self.labels.push(format!("{key}={value}"));
        self
    }

    /// Only with this label, whatever its value.
    #[must_use]
    pub fn with_label_key(mut self, key: &str) -> Self {
        self.labels.push(key.to_owned());
        self
    }

    /// Only of this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }
}

/// One container of a list. All fields are filled on every engine, as far as the engine tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerSummary {
    /// Full id.
    pub id: String,
    /// Name, without a leading slash.
    pub name: String,
    /// Image reference it was created from.
    pub image: String,
    /// Image id, `sha256:...`.
    pub image_id: String,
    /// Command line, for people.
    pub command: String,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// State.
    pub status: ContainerStatus,
    /// State in words, such as `Up 2 minutes (healthy)` or `Exited (0) 3 seconds ago`.
    pub status_text: String,
    /// Exit code of the last run, where the list tells it.
    pub exit_code: Option<i64>,
    /// Creation time, seconds since the epoch.
    pub created: i64,
    /// Networks by name.
    pub networks: IndexMap<String, AttachedNetwork>,
    /// Mounts.
    pub mounts: Vec<MountPoint>,
    /// Ports.
    pub ports: Vec<PublishedPort>,
}

/// A container in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerInfo {
    /// Full id.
    pub id: String,
    /// Name, without a leading slash.
    pub name: String,
    /// Image reference it was created from.
    pub image: String,
    /// Image id, `sha256:...`.
    pub image_id: String,
    /// Creation time, RFC 3339, as the engine gave it.
    pub created: String,
    /// State.
    pub state: ContainerState,
    /// How often the engine restarted it.
    pub restart_count: u64,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// Whether it has a terminal: its output is then one raw stream.
    pub tty: bool,
    /// Whether stdin is open.
    pub stdin_open: bool,
    /// `user[:group]`; empty is root, or the image's.
    pub user: String,
    /// Working directory.
    pub working_dir: String,
    /// Entry point.
    pub entrypoint: Vec<String>,
    /// Command.
    pub command: Vec<String>,
    /// Environment as `NAME=value`; not in `Debug`.
    pub env: crate::Environment,
    /// Stop signal, a name such as `SIGTERM`, where one is set.
    pub stop_signal: Option<String>,
    /// Health check that the engine knows of.
    pub healthcheck: Option<HealthcheckSpec>,
    /// Networks by name.
    pub networks: IndexMap<String, AttachedNetwork>,
    /// Mounts.
    pub mounts: Vec<MountPoint>,
    /// Ports.
    pub ports: Vec<PublishedPort>,
}

/// The state of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerState {
    /// State word.
    pub status: ContainerStatus,
    /// Process id on the engine's host; 0 when it does not run.
    pub pid: u32,
    /// Exit code of the last run.
    pub exit_code: i64,
    /// Why it could not start, in the engine's words; empty otherwise.
    pub error: String,
    /// Killed because memory ran out.
    pub oom_killed: bool,
    /// RFC 3339; `None` when it never started.
    pub started_at: Option<String>,
    /// RFC 3339; `None` when it never ended.
    pub finished_at: Option<String>,
    /// The engine's own health record, where it keeps one.
    pub health: Option<HealthReport>,
    /// Ended by a checkpoint: a restore can bring it back.
    pub checkpointed: bool,
}

/// A network that a container is attached to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttachedNetwork {
    /// Network id. Podman's lists give the name instead, and old Podman gives it everywhere.
    pub network_id: String,
    /// IPv4 or IPv6 address; empty when it does not run.
    pub ip_address: String,
    /// Aliases.
    pub aliases: Vec<String>,
}

/// A mount of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MountPoint {
    /// `bind`, `volume`, `tmpfs`.
    pub kind: String,
    /// Volume name, for a volume.
    pub name: Option<String>,
    /// Path on the host.
    pub source: String,
    /// Path in the container.
    pub target: String,
    /// Read-only.
    pub read_only: bool,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublishedPort {
    /// Port in the container.
    pub container_port: u16,
    /// Protocol.
    pub protocol: Protocol,
    /// Host address.
    pub host_ip: Option<String>,
    /// Host port; `None` when it is only exposed.
    pub host_port: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn podmans_words_become_dockers() {
        for (word, status) in [
            ("configured", ContainerStatus::Created),
            ("initialized", ContainerStatus::Created),
            ("stopped", ContainerStatus::Exited),
            ("stopping", ContainerStatus::Running),
        ] {
            assert_eq!(ContainerStatus::parse(word), status, "{word}");
        }
        assert_eq!(ContainerStatus::parse("odd").as_str(), "odd");
    }
}
