//! The groups of `docker-api`.

mod build;
mod checkpoint;
mod compat;
mod containers;
mod distribution;
mod exec;
mod helper;
mod images;
mod networks;
mod session;
mod system;
mod volumes;

/// The groups that read Podman's compatible API with the types of `docker-api`.
pub(crate) const COMPATIBLE: &[(&str, crate::Group)] = &[("compat", |tour| Box::pin(compat::run(tour)))];

crate::groups![build, checkpoint, containers, distribution, exec, images, networks, session, system, volumes];
