//! Images.

use docker_api::images::{Image, ImageSummary as ApiSummary};
use runtime_core::{ImageInfo, ImageSummary};

use super::health;

fn tags(tags: Vec<String>) -> Vec<String> {
    tags.into_iter().filter(|tag| !tag.starts_with("<none>")).collect()
}

/// An image of a list.
pub(crate) fn summary(image: ApiSummary) -> ImageSummary {
    let mut summary = ImageSummary::default();
    summary.id = image.id;
    summary.tags = tags(image.repo_tags);
    summary.labels = image.labels.into_iter().collect();
    summary.size = u64::try_from(image.size).unwrap_or(0);
    summary.created = image.created;
    summary
}

/// An image in full.
pub(crate) fn info(image: Image) -> ImageInfo {
    let mut info = ImageInfo::default();
    info.id = image.id;
    info.tags = tags(image.repo_tags);
    info.digests = image.repo_digests.into_iter().filter(|digest| !digest.starts_with("<none>")).collect();
    info.labels = image.config.labels.into_iter().collect();
    info.user = image.config.user;
    info.entrypoint = image.config.entrypoint.0;
    info.command = image.config.cmd.0;
    info.working_dir = image.config.working_dir;
    info.volumes = image.config.volumes.0;
    info.exposed_ports = image.config.exposed_ports.0;
    info.healthcheck = image.config.healthcheck.as_ref().and_then(health::from_api);
    info.architecture = image.architecture;
    info.os = image.os;
    info.size = u64::try_from(image.size).unwrap_or(0);
    info
}
