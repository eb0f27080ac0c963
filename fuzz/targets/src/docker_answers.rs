//! Answers of the Docker Engine API, `docker_api`.

use docker_api::{containers, exec, images, networks, system, volumes};
use http_endpoint::Endpoint;

use crate::lenient::{hides, holds};

/// Hands the input to the decoders of the largest answers. Holds the promises of lenient reading, and that
/// debug output shows no value of an environment variable.
///
/// # Panics
/// A decoder breaks one of these.
pub fn check(data: &[u8]) {
    holds(data, "container", containers::ContainerInspect::decode);
    holds(data, "containers", containers::ContainerList::decode);
    holds(data, "changes", containers::ContainerChanges::decode);
    holds(data, "stats", containers::ContainerStatsOnce::decode);
    holds(data, "wait", containers::ContainerWait::decode);
    holds(data, "top", containers::ContainerTop::decode);
    holds(data, "created", containers::ContainerCreate::decode);
    holds(data, "exec", exec::ExecInspect::decode);
    holds(data, "image", images::ImageInspect::decode);
    holds(data, "images", images::ImageList::decode);
    holds(data, "history", images::ImageHistory::decode);
    holds(data, "progress", images::ImageCreate::decode);
    holds(data, "deleted images", images::ImageDelete::decode);
    holds(data, "network", networks::NetworkInspect::decode);
    holds(data, "networks", networks::NetworkList::decode);
    holds(data, "volume", volumes::VolumeInspect::decode);
    holds(data, "volumes", volumes::VolumeList::decode);
    holds(data, "disk usage", system::SystemDataUsage::decode);
    holds(data, "info", system::Info::decode);
    holds(data, "version", system::GetVersion::decode);
    holds(data, "event", system::Events::decode);
    hides(data, "container", &["Config", "Env"], containers::ContainerInspect::decode);
    hides(data, "image", &["Config", "Env"], images::ImageInspect::decode);
}
