//! What a container engine does, in types that know no engine.
//!
//! [`Runtime`] is an object-safe async trait: a program that holds an `Arc<dyn Runtime>` runs on Docker,
//! on Podman, or on a simulated engine in a test, and sees the same types, the same errors and the same
//! meaning. What only some engines can do is an optional trait reached by a method that returns an
//! `Option`, such as [`Runtime::checkpoint`], so that a caller learns what is missing before it acts.
//!
//! ```
//! use runtime_core::{ContainerFilter, Result, Runtime};
//!
//! async fn names(runtime: &dyn Runtime, project: &str) -> Result<Vec<String>> {
//!     let filter = ContainerFilter::all().with_label("com.docker.compose.project", project);
//!     let list = runtime.list_containers(&filter).await?;
//!     Ok(list.into_iter().map(|c| c.name).collect())
//! }
//! ```
//!
//! Every method says which engine call it stands on, what it does when its future is dropped, and which
//! [`ErrorKind`] a caller can expect.

mod capabilities;
mod checkpoint;
#[cfg(feature = "conformance")]
pub mod conformance;
mod container;
mod error;
mod event;
mod image;
mod inspect;
mod io;
mod network;
mod runtime;
mod secret;
mod volume;

pub use capabilities::{Capabilities, EngineInfo};
pub use checkpoint::{
    CheckpointReport, CheckpointRuntime, CheckpointSpec, RestoreReport, RestoreSpec, require_checkpoint,
};
pub use container::{
    ContainerSpec, DeviceMapping, EndpointSpec, Healthcheck, HealthcheckSpec, HealthcheckTest, LogConfig,
    Mount, MountKind, NetworkMode, PortBinding, Protocol, Resources, RestartPolicy, Ulimit,
};
pub use error::{Error, ErrorKind, Result};
pub use event::{Event, EventAction, EventFilter, EventSource};
pub use image::{BuildEvent, BuildSpec, ImageFilter, ImageInfo, ImageProgress, ImageSummary, PullSpec};
pub use inspect::{
    AttachedNetwork, ContainerFilter, ContainerInfo, ContainerState, ContainerStatus, ContainerSummary,
    HealthReport, HealthStatus, MountPoint, PublishedPort,
};
pub use io::{
    AttachOptions, BoxReader, BoxStream, BoxWriter, ExecSession, ExecSpec, ExitStatus, LogOptions,
    OutputChunk, OutputStream, Session, TerminalSize,
};
pub use network::{IpamPool, NetworkFilter, NetworkInfo, NetworkSpec};
pub use runtime::{RemoveContainer, Runtime, StopOptions, WaitCondition};
pub use secret::{Environment, Secret};
pub use volume::{VolumeFilter, VolumeInfo, VolumeSpec};
