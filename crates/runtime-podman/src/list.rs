//! Lists of containers.

use std::collections::HashMap;

use http_endpoint::Filters;
use indexmap::IndexMap;
use libpod_api::containers::{ContainerList, ListedContainer, ListedMount, PortMapping};
use runtime_core::{
    AttachedNetwork, ContainerFilter, ContainerStatus, ContainerSummary, HealthStatus, MountPoint, Protocol,
    PublishedPort,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::image::with_algorithm;
use crate::names;

/// The libpod call for a filter.
pub(crate) fn request(filter: &ContainerFilter) -> ContainerList {
    let mut filters = Filters::new();
    for label in &filter.labels {
        filters.add("label", label.as_str());
    }
    for name in &filter.names {
        filters.add("name", names::exactly(name));
    }
    if !filter.all {
        // Without `all` Podman lists what runs, and not what is paused.
        filters.add("status", "running");
        filters.add("status", "paused");
    }
    ContainerList::new().with_all(true).with_filters(filters)
}

/// Whether a container of the answer is what the filter asks for. Pods' infra containers are not: nobody
/// made them by name, and the compatible list does not have them either.
pub(crate) fn matches(container: &ListedContainer, filter: &ContainerFilter) -> bool {
    let status = ContainerStatus::parse(container.state.as_str());
    let runs =
        matches!(status, ContainerStatus::Running | ContainerStatus::Paused | ContainerStatus::Restarting);
    !container.is_infra
        && (filter.all || runs)
        && (filter.names.is_empty()
            || filter.names.iter().any(|name| container.names.iter().any(|own| own == name)))
}

/// One container; `networks` has ids by name, and `now` is in seconds since the epoch.
pub(crate) fn summary(
    container: ListedContainer,
    networks: &HashMap<String, String>,
    now: i64,
) -> ContainerSummary {
    let status = ContainerStatus::parse(container.state.as_str());
    let status_text = status_text(&container, &status, now);
    let mut ports: Vec<PublishedPort> = container.ports.iter().flat_map(published).collect();
    ports.extend(exposed(&container, &ports));

    let mut summary = ContainerSummary::default();
    summary.status_text = status_text;
    summary.exit_code = (status == ContainerStatus::Exited).then_some(container.exit_code);
    summary.status = status;
    summary.id = container.id;
    summary.name = container.names.into_iter().next().unwrap_or_default();
    summary.image = container.image;
    summary.image_id = with_algorithm(&container.image_id);
    summary.command = container.command.0.join(" ");
    summary.labels = container.labels.into_iter().collect();
    summary.created = seconds(container.created.as_str().unwrap_or_default());
    summary.networks =
        container.networks.into_iter().map(|name| network(name, networks)).collect::<IndexMap<_, _>>();
    summary.mounts = container.mounts.into_iter().map(mount).collect();
    summary.ports = ports;
    summary
}

fn network(name: String, networks: &HashMap<String, String>) -> (String, AttachedNetwork) {
    let mut attached = AttachedNetwork::default();
    // One that was removed in between has no id any more.
    attached.network_id = networks.get(&name).cloned().unwrap_or_default();
    (name, attached)
}

fn mount(mount: ListedMount) -> MountPoint {
    let mut point = MountPoint::default();
    match mount {
        ListedMount::Old(target) => point.target = target,
        ListedMount::New(full) => {
            point.kind = full.kind.to_string();
            point.name = Some(full.name).filter(|name| !name.is_empty());
            point.source = full.source;
            point.target = full.destination;
            point.read_only = !full.rw;
        }
        _ => {}
    }
    point
}

/// A mapping's ports one by one: it may be a range, and may be of several protocols.
fn published(mapping: &PortMapping) -> Vec<PublishedPort> {
    let protocols: Vec<Protocol> = mapping.protocol.split(',').filter_map(Protocol::parse).collect();
    let protocols = if protocols.is_empty() { vec![Protocol::Tcp] } else { protocols };
    let mut ports = Vec::new();
    for protocol in protocols {
        for offset in 0..mapping.range.max(1) {
            let Some(container_port) = mapping.container_port.checked_add(offset) else { break };
            let mut port = PublishedPort::default();
            port.container_port = container_port;
            port.protocol = protocol;
            port.host_ip = Some(mapping.host_ip.clone()).filter(|ip| !ip.is_empty());
            port.host_port = mapping.host_port.checked_add(offset).filter(|port| *port != 0);
            ports.push(port);
        }
    }
    ports
}

fn exposed(container: &ListedContainer, published: &[PublishedPort]) -> Vec<PublishedPort> {
    let mut ports = Vec::new();
    for (&container_port, protocols) in &container.exposed_ports {
        for protocol in protocols.iter().filter_map(|word| Protocol::parse(word)) {
            if !published.iter().any(|p| p.container_port == container_port && p.protocol == protocol) {
                let mut port = PublishedPort::default();
                port.container_port = container_port;
                port.protocol = protocol;
                ports.push(port);
            }
        }
    }
    ports
}

fn seconds(rfc3339: &str) -> i64 {
    OffsetDateTime::parse(rfc3339, &Rfc3339).map_or(0, OffsetDateTime::unix_timestamp)
}

/// The state in Docker's words; libpod's list has none.
fn status_text(container: &ListedContainer, status: &ContainerStatus, now: i64) -> String {
    let since = |time: i64| duration(u64::try_from(now - time).unwrap_or(0));
    match status {
        ContainerStatus::Running | ContainerStatus::Paused => {
            let mut text = format!("Up {}", since(container.started_at));
            if *status == ContainerStatus::Paused {
                text.push_str(" (Paused)");
            } else if let Some(health) = HealthStatus::parse(container.status.as_str()) {
                text.push_str(match health {
                    HealthStatus::Starting => " (health: starting)",
                    HealthStatus::Healthy => " (healthy)",
                    _ => " (unhealthy)",
                });
            }
            text
        }
        ContainerStatus::Exited => {
            format!("Exited ({}) {} ago", container.exit_code, since(container.exited_at))
        }
        ContainerStatus::Created => "Created".to_owned(),
        ContainerStatus::Removing => "Removal In Progress".to_owned(),
        ContainerStatus::Dead => "Dead".to_owned(),
        other => other.as_str().to_owned(),
    }
}

/// A span of time as Docker's lists word it.
fn duration(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let many = |unit: u64, word: &str| format!("{} {word}", seconds / unit);
    match seconds {
        0 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..MINUTE => many(1, "seconds"),
        s if s < 2 * MINUTE => "About a minute".to_owned(),
        s if s < HOUR => many(MINUTE, "minutes"),
        // An hour counts from its half on.
        s if s < HOUR + HOUR / 2 => "About an hour".to_owned(),
        s if s < 2 * DAY => format!("{} hours", (s + HOUR / 2) / HOUR),
        s if s < 14 * DAY => many(DAY, "days"),
        s if s < 60 * DAY => many(7 * DAY, "weeks"),
        s if s < 730 * DAY => many(30 * DAY, "months"),
        _ => many(365 * DAY, "years"),
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    fn decode(json: &str) -> ListedContainer {
        ContainerList::decode(format!("[{json}]").as_bytes()).unwrap().remove(0)
    }

    #[test]
    fn a_running_container_has_all_that_the_list_tells() {
        let container = decode(
            r#"{"Id":"ab","Names":["web-1"],"Image":"docker.io/library/bb:1","ImageID":"cd","Command":["sleep","9"],
            "Labels":{"k":"v"},"State":"running","Created":"1970-01-01T00:01:40.5Z","StartedAt":100,"Networks":["net"],
            "Mounts":["/data"],"Ports":[{"container_port":80,"host_port":8080,"range":2,"protocol":"tcp,udp"}],
            "ExposedPorts":{"80":["tcp"],"9":["udp"]},"Status":"healthy"}"#,
        );
        let summary = summary(container, &HashMap::from([("net".to_owned(), "n1".to_owned())]), 165);
        assert_eq!(summary.status_text, "Up About a minute (healthy)");
        assert_eq!((summary.name.as_str(), summary.image_id.as_str()), ("web-1", "sha256:cd"));
        assert_eq!((summary.created, summary.command.as_str(), summary.exit_code), (100, "sleep 9", None));
        assert_eq!(summary.mounts[0].target, "/data");
        assert_eq!(summary.networks["net"].network_id, "n1");
        let ports: Vec<_> =
            summary.ports.iter().map(|p| (p.container_port, p.protocol, p.host_port)).collect();
        assert_eq!(
            ports,
            [
                (80, Protocol::Tcp, Some(8080)),
                (81, Protocol::Tcp, Some(8081)),
                (80, Protocol::Udp, Some(8080)),
                (81, Protocol::Udp, Some(8081)),
                (9, Protocol::Udp, None),
            ]
        );
    }

    #[test]
    fn an_ended_container_has_its_exit_code() {
        let container = decode(r#"{"Id":"ab","Names":["x"],"State":"exited","ExitCode":137,"ExitedAt":90}"#);
        let summary = summary(container, &HashMap::new(), 100);
        assert_eq!(
            (summary.exit_code, summary.status_text.as_str()),
            (Some(137), "Exited (137) 10 seconds ago")
        );
        assert_eq!(summary.image_id, "", "an image that is not known stays empty");
    }

    #[test]
    fn a_port_range_at_the_end_of_all_ports_does_not_wrap() {
        let container =
            decode(r#"{"Ports":[{"container_port":65535,"host_port":65535,"range":9}],"State":"odd"}"#);
        let summary = summary(container, &HashMap::new(), 0);
        assert_eq!(summary.ports.len(), 1);
        assert_eq!(summary.status_text, "odd");
    }

    #[test]
    fn names_are_compared_whole_and_infra_containers_left_out() {
        let filter = ContainerFilter::all().with_name("web");
        assert!(matches(&decode(r#"{"Names":["web"]}"#), &filter));
        assert!(!matches(&decode(r#"{"Names":["web-1"]}"#), &filter));
        assert!(!matches(&decode(r#"{"Names":["web"],"IsInfra":true}"#), &filter));
        let running = ContainerFilter::default();
        assert!(matches(&decode(r#"{"State":"running"}"#), &running));
        assert!(matches(&decode(r#"{"State":"paused"}"#), &running));
        assert!(!matches(&decode(r#"{"State":"exited"}"#), &running));
    }

    #[test]
    fn times_are_worded_as_docker_does() {
        for (seconds, text) in [
            (0, "Less than a second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (119, "About a minute"),
            (3599, "59 minutes"),
            (5000, "About an hour"),
            (5400, "2 hours"),
            (100_000, "28 hours"),
            (200_000, "2 days"),
            (2_000_000, "3 weeks"),
            (10_000_000, "3 months"),
            (100_000_000, "3 years"),
        ] {
            assert_eq!(duration(seconds), text, "{seconds}");
        }
    }
}
