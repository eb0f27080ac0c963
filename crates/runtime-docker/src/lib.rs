//! The [`Runtime`](runtime_core::Runtime) trait on the Docker Engine API.
//!
//! ```no_run
//! use runtime_core::{ContainerSpec, Runtime};
//! use runtime_docker::{DockerOptions, DockerRuntime};
//!
//! # async fn run() -> runtime_core::Result<()> {
//! let docker = DockerRuntime::connect(DockerOptions::new("/var/run/docker.sock")).await?;
//! let id = docker.create_container(&ContainerSpec::new("web-1", "nginx")).await?;
//! docker.start_container(&id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The same code speaks to Podman's compatible API: [`Dialect`] names the few things that differ there and
//! cannot be told from an answer. `runtime-podman` embeds this runtime and takes libpod for the rest.

mod containers;
mod convert;
mod events;
mod exec;
mod images;
mod networks;
mod options;
mod output;
mod probe;
mod runtime;
mod volumes;

pub mod error;

pub use docker_api::ApiVersion;
pub use options::{Dialect, DockerOptions};
pub use probe::{EngineProbe, MAX_API_VERSION, MIN_API_VERSION};
pub use runtime::DockerRuntime;

/// The examples of docker-api's README compile.
#[cfg(doctest)]
#[doc = include_str!("../../docker-api/README.md")]
struct DockerApiReadme;
