//! [`Runtime`](runtime_core::Runtime) on Podman, with checkpoint and restore.
//!
//! [`PodmanRuntime`] is `runtime-docker` pointed at Podman's compatible socket, and libpod on the same socket
//! for what the compatible API gets wrong, does slowly, or does not have: lists of containers and networks,
//! removal, image inspection, builds through buildah, checkpoint and restore. No `podman` command is run.
//!
//! ```no_run
//! use runtime_core::{CheckpointSpec, Runtime, require_checkpoint};
//! use runtime_podman::{PodmanOptions, PodmanRuntime};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let podman = PodmanRuntime::connect(PodmanOptions::new("/run/podman/podman.sock")).await?;
//! let file = tokio::fs::File::create("web.tar").await?;
//! let report = require_checkpoint(&podman)?.checkpoint("web-1", &CheckpointSpec::new(), Box::pin(file)).await?;
//! println!("{} bytes, {:?} frozen", report.size, report.frozen_time);
//! # Ok(())
//! # }
//! ```
//!
//! Podman 4.3 and newer work; what each version lacks is listed in the project's `design/runtimes.md`.

mod build;
mod checkpoint;
mod delegate;
mod image;
mod list;
mod names;
mod network;
mod options;
mod privilege;
mod processes;
mod quirks;
mod remove;
mod restore;
mod runtime;
mod upload;

pub use options::{CheckpointProbe, PodmanOptions};
pub use runtime::PodmanRuntime;

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
