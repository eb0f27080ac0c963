//! Images.

use indexmap::IndexMap;

use crate::{Environment, HealthcheckSpec, Secret};

/// What to pull.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullSpec {
    /// Reference; without a tag or digest `latest` is pulled.
    pub reference: String,
    /// Platform `os/arch[/variant]`.
    pub platform: Option<String>,
    /// `X-Registry-Auth`: base64url of the JSON that the engines take.
    pub auth: Option<Secret>,
}

impl PullSpec {
    /// Pulls a reference without credentials.
    pub fn new(reference: impl Into<String>) -> Self {
        Self { reference: reference.into(), ..Self::default() }
    }
}

/// Progress of a pull, load or push.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageProgress {
    /// Layer or other part; empty for the whole.
    pub id: String,
    /// What is being done, in the engine's words.
    pub status: String,
    /// Bytes done and bytes in all, where the engine counts.
    pub bytes: Option<(u64, u64)>,
}

impl ImageProgress {
    /// Progress in words.
    pub fn new(id: impl Into<String>, status: impl Into<String>) -> Self {
        Self { id: id.into(), status: status.into(), bytes: None }
    }
}

/// What to build, without its context, which is streamed beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildSpec {
    /// Tags for the image.
    pub tags: Vec<String>,
    /// Path of the Dockerfile within the context; empty is `Dockerfile`.
    pub dockerfile: String,
    /// Build arguments; values are not in `Debug`.
    pub args: Environment,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// Stage to stop at.
    pub target: Option<String>,
    /// Network mode of `RUN`.
    pub network: Option<String>,
    /// Do not use the cache.
    pub no_cache: bool,
    /// Pull base images even if they are present.
    pub pull: bool,
    /// Platform `os/arch[/variant]`.
    pub platform: Option<String>,
    /// Images whose layers may serve as cache.
    pub cache_from: Vec<String>,
    /// Extra hosts, `host:ip`.
    pub extra_hosts: Vec<String>,
    /// Size of `/dev/shm` in bytes.
    pub shm_size: Option<u64>,
}

impl BuildSpec {
    /// Builds `Dockerfile` and tags the image.
    pub fn new(tag: impl Into<String>) -> Self {
        Self { tags: vec![tag.into()], ..Self::default() }
    }
}

/// What a build says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildEvent {
    /// A line of output, without its line end.
    Log(String),
    /// The last event of a good build: the image.
    Built {
        /// Image id, `sha256:...`.
        id: String,
    },
}

/// Which images to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageFilter {
    /// References that must match.
    pub references: Vec<String>,
    /// Labels, `key` or `key=value`.
    pub labels: Vec<String>,
}

/// One image of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageSummary {
    /// Image id, `sha256:...`.
    pub id: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// Size in bytes.
    pub size: u64,
    /// Creation time, seconds since the epoch.
    pub created: i64,
}

/// An image in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageInfo {
    /// Image id, `sha256:...`.
    pub id: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Digests, `name@sha256:...`.
    pub digests: Vec<String>,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// `user[:group]`.
    pub user: String,
    /// Entry point.
    pub entrypoint: Vec<String>,
    /// Command.
    pub command: Vec<String>,
    /// Working directory.
    pub working_dir: String,
    /// Declared volumes: paths.
    pub volumes: Vec<String>,
    /// Exposed ports, `80/tcp`.
    pub exposed_ports: Vec<String>,
    /// The image's `HEALTHCHECK`.
    pub healthcheck: Option<HealthcheckSpec>,
    /// `amd64`, `arm64`.
    pub architecture: String,
    /// `linux`.
    pub os: String,
    /// Size in bytes.
    pub size: u64,
}
