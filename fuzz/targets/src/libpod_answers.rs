//! Answers of Podman's own API, `libpod_api`.

use http_endpoint::Endpoint;
use libpod_api::{
    build, checkpoint, containers, events, exec, images, networks, quadlets, secrets, system, volumes,
};

use crate::lenient::{hides, holds};

/// Hands the input to the decoders of the largest answers. Holds the promises of lenient reading, and that
/// debug output shows no value of an environment variable.
///
/// # Panics
/// A decoder breaks one of these.
pub fn check(data: &[u8]) {
    holds(data, "container", containers::ContainerInspect::decode);
    holds(data, "containers", containers::ContainerList::decode);
    holds(data, "removed containers", containers::ContainerRemove::decode);
    holds(data, "health check", containers::ContainerHealthcheck::decode);
    holds(data, "top", containers::ContainerTop::decode);
    holds(data, "checkpoint", checkpoint::ContainerCheckpoint::decode);
    holds(data, "restore", checkpoint::ContainerRestore::decode);
    holds(data, "build", build::ImageBuild::decode);
    holds(data, "exec", exec::ExecInspect::decode);
    holds(data, "event", events::Events::decode);
    holds(data, "image", images::ImageInspect::decode);
    holds(data, "images", images::ImageList::decode);
    holds(data, "history", images::ImageHistory::decode);
    holds(data, "removed images", images::ImageRemove::decode);
    holds(data, "network", networks::NetworkInspect::decode);
    holds(data, "networks", networks::NetworkList::decode);
    holds(data, "volume", volumes::VolumeInspect::decode);
    holds(data, "volumes", volumes::VolumeList::decode);
    holds(data, "secret", secrets::SecretInspect::decode);
    holds(data, "quadlets", quadlets::QuadletList::decode);
    holds(data, "info", system::SystemInfo::decode);
    holds(data, "disk usage", system::SystemDf::decode);
    holds(data, "version", system::SystemVersion::decode);
    hides(data, "container", &["Config", "Env"], containers::ContainerInspect::decode);
    hides(data, "image", &["Config", "Env"], images::ImageInspect::decode);
}
