//! The Runtime trait on Podman, with checkpoint and restore.
