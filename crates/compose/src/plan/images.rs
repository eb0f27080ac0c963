//! Which images are pulled or built.

use compose_file::model::{PullPolicy, Service};

use super::ImageSource;
use crate::error::{Error, ErrorKind, Result};
use crate::request::{PullMode, UpRequest};

/// How the image of a service is brought up to date, and why; `None` when it stays as it is.
///
/// # Errors
/// The image is missing, and it may be neither pulled nor built.
pub(super) fn source(
    service: &Service,
    image: &str,
    present: bool,
    request: &UpRequest,
) -> Result<Option<(ImageSource, String)>> {
    let can_build = service.build.is_some();
    if request.build && can_build {
        return Ok(Some((ImageSource::Build, "a build was asked for".to_owned())));
    }
    let missing = || "it is not on the engine".to_owned();
    // What is only built has no registry to come from.
    let only_built = can_build && service.image.is_none();
    let policy = match request.pull {
        PullMode::Always => PullPolicy::Always,
        PullMode::Missing => PullPolicy::Missing,
        PullMode::Never => PullPolicy::Never,
        PullMode::Policy => service.pull_policy.unwrap_or(PullPolicy::Missing),
    };
    let asked = service.pull_policy.is_some() || request.pull != PullMode::Policy;
    let pull = if can_build { ImageSource::PullOrBuild } else { ImageSource::Pull };
    Ok(match policy {
        PullPolicy::Always | PullPolicy::Every(_) if !only_built => {
            Some((pull, if present { "it may be newer in its registry".to_owned() } else { missing() }))
        }
        _ if present => None,
        PullPolicy::Missing if !can_build => Some((ImageSource::Pull, missing())),
        PullPolicy::Missing if asked && !only_built => Some((ImageSource::PullOrBuild, missing())),
        _ if can_build => Some((ImageSource::Build, missing())),
        _ => {
            let message = format!("image {image} is not on the engine, and it may not be pulled");
            return Err(Error::new(ErrorKind::Missing, message)
                .with_service(&service.name)
                .with_hint("pull it by hand, or change pull_policy or --pull"));
        }
    })
}
