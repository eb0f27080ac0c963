//! What the engine is told of a service's health check.

use compose_file::model::{HealthTest, Service};
use runtime_core::{Healthcheck, HealthcheckSpec};

use crate::health;

/// Whether a service has a check. `image_check` is its image's, or `None` when the image is not known; the answer is
/// `None` when only the image could tell.
pub(crate) fn has_check(service: &Service, image_check: Option<Option<&HealthcheckSpec>>) -> Option<bool> {
    match &service.healthcheck {
        Some(check) if check.is_disabled() => Some(false),
        Some(check) if check.test != HealthTest::Inherit => Some(true),
        _ => image_check.map(|check| check.is_some()),
    }
}

/// What the engine is told of the check.
pub(crate) fn engine_check(
    service: &Service,
    image_check: Option<&HealthcheckSpec>,
    self_probed: bool,
) -> Healthcheck {
    if self_probed {
        return Healthcheck::Disable;
    }
    let Some(file) = &service.healthcheck else { return Healthcheck::Inherit };
    health::merge(Some(file), image_check).map_or(Healthcheck::Disable, Healthcheck::Set)
}
