//! Images.

use std::time::Duration;

use http_endpoint::EngineErrorKind;
use libpod_api::images::{HealthConfig, ImageData, ImageInspect};
use runtime_core::{HealthcheckSpec, HealthcheckTest, ImageInfo, Result};
use runtime_docker::error::map;
use sock_transport::Client;

/// An id as Docker writes it; libpod leaves the algorithm out.
pub(crate) fn with_algorithm(id: &str) -> String {
    if id.is_empty() || id.contains(':') { id.to_owned() } else { format!("sha256:{id}") }
}

/// Inspects an image.
pub(crate) async fn inspect(libpod: &Client, reference: &str) -> Result<ImageInfo> {
    let request = ImageInspect::new(reference);
    let mut answer = libpod.send(&request).await;
    if answer.as_ref().is_err_and(panicked) {
        answer = libpod.send(&request).await;
    }
    answer.map(info).map_err(|error| map(libpod, "inspect image", Some(reference), error))
}

/// Podman 4.3 falls over an image that is removed while it looks through them all. It catches itself, and the next
/// call is good.
fn panicked(error: &sock_transport::Error) -> bool {
    error.engine().is_some_and(|said| said.kind() == EngineErrorKind::Crashed)
}

/// An image in full.
fn info(image: ImageData) -> ImageInfo {
    let config = image.config;
    let labels = if config.labels.is_empty() { image.labels } else { config.labels };
    let mut info = ImageInfo::default();
    info.id = with_algorithm(&image.id);
    info.tags = image.repo_tags;
    info.digests = image.repo_digests;
    info.labels = labels.into_iter().collect();
    info.user = config.user;
    info.entrypoint = config.entrypoint;
    info.command = config.cmd;
    info.working_dir = config.working_dir;
    info.volumes = config.volumes.0;
    info.exposed_ports = config.exposed_ports.0;
    info.healthcheck = image.healthcheck.and_then(healthcheck);
    info.architecture = image.architecture;
    info.os = image.os;
    info.size = u64::try_from(image.size).unwrap_or_default();
    info
}

/// A health check; `None` for `NONE` and for one without a command.
fn healthcheck(config: HealthConfig) -> Option<HealthcheckSpec> {
    let mut words = config.test.into_iter();
    let test = match words.next()?.as_str() {
        "CMD" => HealthcheckTest::Cmd(words.collect()),
        "CMD-SHELL" => HealthcheckTest::Shell(words.next()?),
        _ => return None,
    };
    // Zero is not set.
    let time = |nanoseconds| u64::try_from(nanoseconds).ok().filter(|n| *n > 0).map(Duration::from_nanos);
    let mut spec = HealthcheckSpec::new(test);
    spec.interval = time(config.interval);
    spec.timeout = time(config.timeout);
    spec.start_period = time(config.start_period);
    spec.start_interval = time(config.start_interval);
    spec.retries = u32::try_from(config.retries).ok().filter(|n| *n > 0);
    Some(spec)
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    fn decode(json: &[u8]) -> ImageInfo {
        info(ImageInspect::decode(json).unwrap())
    }

    #[test]
    fn an_image_is_converted_with_its_health_check() {
        let info = decode(
            br#"{"Id":"ab","RepoTags":["localhost/web:1"],"Config":{"User":"app","Cmd":["sh"],"Volumes":{"/d":{}},
            "ExposedPorts":{"80/tcp":{}},"Labels":{"k":"v"}},"Architecture":"amd64","Os":"linux","Size":5,
            "Healthcheck":{"Test":["CMD-SHELL","test -f /ok"],"Interval":1500000000,"Retries":3}}"#,
        );
        let check = info.healthcheck.unwrap();
        assert_eq!(check.test, HealthcheckTest::Shell("test -f /ok".into()));
        assert_eq!(
            (check.interval, check.timeout, check.retries),
            (Some(Duration::from_millis(1500)), None, Some(3))
        );
        assert_eq!((info.id.as_str(), info.volumes[0].as_str()), ("sha256:ab", "/d"));
        assert_eq!((info.exposed_ports[0].as_str(), info.labels["k"].as_str()), ("80/tcp", "v"));
    }

    #[test]
    fn a_check_that_is_switched_off_is_none() {
        for test in [r#"["NONE"]"#, "[]", r#"["CMD-SHELL"]"#, "null"] {
            let json = format!(r#"{{"Id":"ab","Healthcheck":{{"Test":{test},"Interval":-1}}}}"#);
            assert_eq!(decode(json.as_bytes()).healthcheck, None, "{test}");
        }
    }
}
