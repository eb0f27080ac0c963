//! A simulated container engine in memory, under virtual time, that can be told to fail.
//!
//! [`SimRuntime`] is a [`Runtime`](runtime_core::Runtime) without an engine. Containers behave as their
//! [`SimProgram`] says, time is tokio's, so that a test with a paused clock needs no real time, and calls can be
//! made slow, hang, fail or lose their answer by a [`Fault`]. What was called is in [`SimRuntime::calls`].
//!
//! ```
//! use std::time::Duration;
//! use runtime_core::{ContainerSpec, Runtime, WaitCondition};
//! use runtime_sim::{Operation, Selector, SimProgram, SimRuntime};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> runtime_core::Result<()> {
//! let sim = SimRuntime::new();
//! sim.add_image("job:1");
//! sim.script(Selector::image("job:1"), SimProgram::new().exits_after(Duration::from_secs(60), 3));
//!
//! let id = sim.create_container(&ContainerSpec::new("job-1", "job:1")).await?;
//! sim.start_container(&id).await?;
//! let status = sim.wait_container(&id, WaitCondition::NotRunning).await?;
//! assert_eq!(status.code, 3);
//! assert_eq!(sim.calls_of(Operation::StartContainer), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What is simulated
//! Names and their conflicts, the states of a container and the errors of a wrong state (as on Docker), restart
//! policies, exit codes, logs, attach, exec by script, networks with addresses, volumes with their users, images
//! with pull, build, save and load, archives as they were put, and events. A container without a script runs what
//! its command says as far as [`SimProgram::from_command`] understands it, and otherwise until it is stopped.
//!
//! # What is not
//! Processes, files and packets: nothing is executed, names do not resolve, a port accepts no connection.

mod clock;
mod command;
mod config;
mod container;
mod control;
mod engine;
mod exec;
mod fault;
mod images;
mod lifecycle;
mod networks;
mod operation;
mod program;
mod runtime;
mod state;
mod streams;
mod view;
mod volumes;

pub use config::SimConfig;
pub use control::SimRuntime;
pub use fault::Fault;
pub use operation::{Call, ExecCall, Operation};
pub use program::{ExecOutcome, ExecRule, Selector, SimProgram};
