//! The Runtime trait on the Docker Engine API.
