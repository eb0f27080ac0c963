//! What libpod is for: lists, removal, builds, checkpoint and restore, on real engines.
//!
//! The engines are named by `WHARF_TEST_PODMAN`, `WHARF_TEST_PODMAN_B` (another host), `WHARF_TEST_PODMAN43` (an
//! engine without a CRIU that works) and `WHARF_TEST_DOCKER`. Where one is not named, its tests say that they
//! were skipped. `WHARF_TEST_SERVICES_IMAGE` names an image with Redis; the default is the one of the bed.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

mod build;
mod carry;
mod libpod;
mod refuse;
mod stage;
