//! Health: is a container ready for those that depend on it?
//!
//! The engine's own checks come too late (Docker waits a whole interval before the first one) or not at all (Podman
//! needs systemd for them), so that this crate probes by itself, through `exec`. Two kinds of probes are made, one at
//! a time ([`ProbeKind`]): *counted* ones, when Docker's own would come, alone can make a container unhealthy;
//! *early* ones fill the time before the first success and can only make it healthy. So the verdict is never harsher
//! than Docker's, and comes as soon as the service is ready.
//!
//! [`Machine`] is the rule without any IO; [`wait_healthy`] and [`probe_once`] are the thin shell around it.
//! `design/health.md` has the reasons.

mod driver;
mod machine;
mod probe;
mod settle;
mod spec;

pub use driver::{Verdict, WaitOptions, wait_healthy};
pub use machine::{Due, Machine, ProbeKind, Schedule};
pub use probe::{OUTPUT_LIMIT, Probe, ProbeEnd, probe_once};
pub use spec::{ProbeSpec, merge};
