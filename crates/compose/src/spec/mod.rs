//! What the engine is asked to create, from what the project says.

mod build;
mod container;
mod files;
mod health;
mod mounts;
mod network;

pub(crate) use build::build_spec;
pub(crate) use container::{container_name, container_spec};
pub(crate) use files::FileUpload;
pub(crate) use health::{engine_check, has_check};
pub(crate) use network::{network_spec, volume_spec};

#[cfg(test)]
mod tests;
