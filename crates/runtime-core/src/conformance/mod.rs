//! A conformance suite: what every [`Runtime`] has to do, as cases that run against any of them.
//!
//! A backend's tests take [`cases`] and [`run`] each of them, most often as one test each:
//!
//! ```no_run
//! use std::sync::Arc;
//! use runtime_core::Runtime;
//! use runtime_core::conformance::{Bench, Outcome, cases, run};
//!
//! # async fn check(runtime: Arc<dyn Runtime>) {
//! let bench = Bench::new(runtime);
//! for case in cases() {
//!     if let Outcome::Failed(why) = run(&case, &bench).await {
//!         panic!("{}: {why}", case.name);
//!     }
//! }
//! # }
//! ```
//!
//! The engine must have the image [`Bench::image`], a BusyBox. Each case uses names of its own and removes what it
//! made, also when it fails, so that cases may run at the same time and on an engine that is used by others.

#[macro_use]
mod macros;

mod cancel;
mod create;
mod engine;
mod events;
mod excuses;
mod exec;
mod files;
mod filters;
mod images;
mod lifecycle;
mod logs;
mod mounts;
mod networks;
mod resources;
mod run;
mod spec;
mod stage;
mod states;
mod streams;
mod volumes;
mod wait;

pub use run::{Bench, Case, Needs, Outcome, cases, run};

use crate::Runtime;
