//! Finds a container engine and gives it as a [`Runtime`](runtime_core::Runtime).
//!
//! [`connect`] looks in this order, and takes the first engine that answers:
//!
//! 1. [`ConnectOptions::host`], then `WHARF_HOST`: `unix:///path`, a path, or the word `docker` or `podman`
//!    for the places of that engine only;
//! 2. `DOCKER_HOST`, `DOCKER_CONTEXT`, `CONTAINER_HOST`, `CONTAINER_CONNECTION`;
//! 3. the Docker context in use, the default connection of Podman;
//! 4. the usual sockets of a user's and of the system's Podman, then of Docker;
//! 5. a Podman service of our own, where `podman` is installed and no service runs.
//!
//! What is named by an option or a variable is taken at its word: when it does not answer, that is an error
//! and nothing else is tried. From 3 on, the next is tried. Only Unix sockets are spoken to.
//!
//! Podman is told from Docker by what answers, not by where: an engine that says `Libpod-Api-Version` becomes
//! a [`PodmanRuntime`](runtime_podman::PodmanRuntime).
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use runtime_connect::{ConnectOptions, Environment, connect};
//!
//! let connected = connect(&ConnectOptions::default(), &Environment::from_process()).await?;
//! println!("{}, found through {}", connected.runtime.info().name, connected.source);
//! # Ok(())
//! # }
//! ```

mod candidates;
mod connect;
mod containers_conf;
mod contexts;
mod environment;
mod error;
mod host;
mod service;

pub use candidates::Source;
pub use connect::{ConnectOptions, Connected, Engine, connect};
pub use environment::Environment;
pub use error::{Attempt, ConnectError};
