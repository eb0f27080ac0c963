//! Drives real engines and the built `wharf` binary.
//!
//! The engines are named by environment variables ([`engine`]); `cargo xtask e2e` sets them. A test whose
//! engine is not named says that it was skipped, and why.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test says why it was skipped, and what it left"
)]

pub mod coverage;
pub mod engine;
pub mod harness;
pub mod proxy;

/// Compiles what the README of `libpod-api` shows.
#[cfg(doctest)]
#[doc = include_str!("../../crates/libpod-api/README.md")]
struct LibpodReadme;
