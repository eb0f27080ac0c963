//! Runs Compose projects on any Runtime: observe, plan, execute, and probe health.
//!
//! [`Orchestrator`] has the operations. Each of them lists what belongs to the project, by label; plans, which is a
//! pure function of the wanted project, what is there and the request; and carries the [`Plan`] out with as much
//! parallelism as its edges allow, telling each step as a [`ProgressEvent`]. A command that is killed leaves nothing
//! special behind: the next one observes and plans again.
//!
//! This crate knows no engine, no HTTP and no sockets.

mod context;
mod error;
mod event;
mod execute;
mod from_labels;
mod hash;
pub mod health;
mod labels;
mod lines;
mod lock;
mod logs;
mod observe;
mod orchestrator;
pub mod plan;
mod ps;
mod report;
mod request;
mod spec;

pub use error::{Error, ErrorKind, Result};
pub use event::{EventSink, ProgressEvent, State, Subject, SubjectKind, Verb};
pub use from_labels::project_from_labels;
pub use orchestrator::{EventStream, LockPolicy, Orchestrator};
pub use plan::Plan;
pub use report::{BuiltImage, DownReport, LogEvent, LogLine, ServiceContainer, UpContainer, UpReport};
pub use request::{
    BuildRequest, DownRequest, LogsRequest, PsRequest, PullMode, PullRequest, Recreate, RemoveImages,
    StopRequest, UpRequest,
};
