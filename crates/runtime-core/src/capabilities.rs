//! What an engine is, and what it can do.

/// What an engine can do, known when the runtime is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Checkpoint and restore through [`Runtime::checkpoint`](crate::Runtime::checkpoint).
    pub checkpoint: bool,
    /// The engine runs health checks by itself, so that its own tools can show them. Podman needs systemd
    /// for that and is reported as `false`.
    pub native_health: bool,
    /// A container can be created with several networks in one call (Docker API 1.44, any Podman).
    pub networks_at_create: bool,
    /// Build features of BuildKit, such as secret and cache mounts.
    pub buildkit: bool,
    /// The engine runs without root.
    pub rootless: bool,
}

impl Capabilities {
    /// Nothing at all; set the fields that hold.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }
}

/// What an engine says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineInfo {
    /// `Docker` or `Podman`, or what another engine calls itself.
    pub name: String,
    /// The engine's version, `5.4.2`.
    pub version: String,
    /// The API version in use, `1.45` or `5.4.2`.
    pub api_version: String,
    /// `linux`.
    pub os: String,
    /// Go's name of the architecture: `amd64`, `arm64`.
    pub arch: String,
    /// Kernel release, where the engine tells it.
    pub kernel: String,
    /// The socket or address through which the engine is reached.
    pub endpoint: String,
}

impl EngineInfo {
    /// An engine's name and version; set the other fields as they are known.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), version: version.into(), ..Self::default() }
    }
}
