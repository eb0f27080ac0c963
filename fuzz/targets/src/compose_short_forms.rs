//! Short forms, by way of `compose_file::load`: ports, mounts, durations, sizes and the like.

use compose_file::Service;
use compose_file::model::{format_duration, parse_duration};

use crate::compose::{has_wide_range, is_canonical, is_repeatable, loaded, options, quoted};

/// What stands around the text in the file, and whether it is an entry of a list.
const PLACES: [&str; 32] = [
    "ports: [@]",
    "volumes: [@]",
    "stop_grace_period: @",
    "mem_limit: @",
    "command: @",
    "devices: [@]",
    "extra_hosts: [@]",
    "expose: [@]",
    "ports: [@, '8080:80']",
    "volumes: [@, './d:/e:ro']",
    "healthcheck: {test: @, interval: @}",
    "shm_size: @",
    "entrypoint: @",
    "tmpfs: [@]",
    "environment: [@]",
    "labels: [@]",
    "ulimits: {nofile: @}",
    "restart: @",
    "pull_policy: @",
    "network_mode: @",
    "deploy: {resources: {limits: {memory: @, cpus: @}}}",
    "deploy: {restart_policy: {delay: @, window: @}}",
    "build: @",
    "volumes_from: [@]",
    "secrets: [@]",
    "env_file: [@]",
    "image: @",
    "cpus: @",
    "blkio_config: {device_read_bps: [{path: /dev/a, rate: @}]}",
    "sysctls: [@]",
    "links: [@]",
    "depends_on: [@]",
];

/// The first byte says where in a service the rest stands. Holds that the same comes out twice; that what is
/// accepted is written as a text that is accepted and means the same; and what the types promise: ports have a known
/// protocol and there are as many as the range has, a duration is the one that `parse_duration` reads and is written
/// so that it is read again, no size but `-1` is below nothing.
///
/// # Panics
/// A short form breaks one of these.
pub fn check(data: &[u8]) {
    let Some((place, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    if has_wide_range(text.as_bytes()) {
        return;
    }
    let place = PLACES[usize::from(*place) % PLACES.len()];
    // Interpolation has a target of its own.
    let entry = place.replace('@', &quoted(&text.replace('$', "$$")));
    let image = if place.starts_with("image") { "" } else { "image: x, " };
    let file = format!("services: {{b: {{image: x}}, a: {{{image}{entry}}}}}");
    let options = options(&[("f.yaml", file.as_bytes())]);
    let result = loaded(&options);
    if file.len().is_multiple_of(8) {
        is_repeatable(&options, &result);
    }
    let duration = parse_duration(text);
    if place.starts_with("stop_grace_period") {
        assert_eq!(result.is_ok(), duration.is_ok(), "{text:?} as a duration");
    }
    let Ok(loaded) = result else { return };
    is_canonical(&loaded, file.len().is_multiple_of(4), !text.is_empty());
    let Some(service) = loaded.project.service("a") else { return };
    ports(service, text);
    sizes(service);
    if let Some(period) = service.stop_grace_period {
        assert_eq!(duration.ok(), Some(period), "{text:?}");
        assert_eq!(parse_duration(&format_duration(period)).ok(), Some(period), "{period:?} written");
    }
}

fn ports(service: &Service, text: &str) {
    for port in &service.ports {
        let protocol = port.protocol.as_deref();
        assert!(matches!(protocol, Some("tcp" | "udp" | "sctp")), "{text:?}: {protocol:?}");
        let published = port.published.as_deref().unwrap_or_default();
        let mut ends = published.split('-').filter(|end| !end.is_empty());
        assert!(ends.all(|end| end.parse::<u16>().is_ok()), "{text:?}: {published}");
        assert!(text.contains(char::is_numeric) || port.target == 80, "{text:?}: {}", port.target);
    }
}

fn sizes(service: &Service) {
    let whole = [service.mem_limit, service.shm_size].into_iter().flatten();
    for size in whole {
        assert!(i64::try_from(u64::try_from(size).unwrap_or_default()).is_ok(), "{size}");
    }
}
