//! Containers as they are.

use std::collections::BTreeMap;

use docker_api::containers::{
    Container, ContainerNetwork, ContainerState as ApiState, ContainerSummary as ApiSummary,
    ContainerSummaryPort, HostPort, MountPoint as ApiMount,
};
use indexmap::IndexMap;
use runtime_core::{
    AttachedNetwork, ContainerInfo, ContainerState, ContainerStatus, ContainerSummary, Environment,
    MountPoint, Protocol, PublishedPort,
};

use super::{health, signal};

fn set(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn name(names: &[String]) -> String {
    // A name with another slash is a link that another container made.
    let own = names.iter().map(|name| name.trim_start_matches('/')).find(|name| !name.contains('/'));
    own.unwrap_or_default().to_owned()
}

/// One container of a list.
pub(crate) fn summary(container: ApiSummary) -> ContainerSummary {
    let mut summary = ContainerSummary::default();
    summary.name = name(&container.names);
    summary.id = container.id;
    summary.image = container.image;
    summary.image_id = container.image_id;
    summary.command = container.command;
    summary.labels = container.labels.into_iter().collect();
    summary.status = ContainerStatus::parse(container.state.as_str());
    summary.exit_code = exit_code(&container.status);
    summary.status_text = container.status;
    summary.created = container.created;
    summary.networks = networks(container.network_settings.networks);
    summary.mounts = container.mounts.into_iter().map(mount).collect();
    summary.ports = container.ports.into_iter().map(summary_port).collect();
    summary
}

/// The code in `Exited (3) 2 seconds ago`: a list tells it nowhere else.
fn exit_code(status: &str) -> Option<i64> {
    let rest = status.strip_prefix("Exited (")?;
    rest.split_once(')')?.0.parse().ok()
}

fn summary_port(port: ContainerSummaryPort) -> PublishedPort {
    let mut out = exposed(port.private_port, &port.kind);
    out.host_ip = set(port.ip);
    out.host_port = Some(port.public_port).filter(|port| *port > 0);
    out
}

fn exposed(container_port: u16, protocol: &str) -> PublishedPort {
    let mut port = PublishedPort::default();
    port.container_port = container_port;
    port.protocol = Protocol::parse(protocol).unwrap_or_default();
    port
}

/// A container in full.
pub(crate) fn info(container: Container) -> ContainerInfo {
    let config = container.config;
    let mut info = ContainerInfo::default();
    info.id = container.id;
    info.name = container.name.trim_start_matches('/').to_owned();
    info.image = config.image;
    info.image_id = container.image;
    info.created = container.created;
    info.state = state(container.state);
    info.restart_count = u64::try_from(container.restart_count).unwrap_or(0);
    info.labels = config.labels.into_iter().collect();
    info.tty = config.tty;
    info.stdin_open = config.open_stdin;
    info.user = config.user;
    info.working_dir = config.working_dir;
    info.entrypoint = config.entrypoint.0;
    info.command = config.cmd.0;
    info.env = environment(config.env.0);
    info.stop_signal = set(signal::name(&config.stop_signal));
    info.healthcheck = config.healthcheck.as_ref().and_then(health::from_api);
    info.networks = networks(container.network_settings.networks);
    info.mounts = container.mounts.into_iter().map(mount).collect();
    info.ports = ports(container.network_settings.ports);
    info
}

fn state(state: ApiState) -> ContainerState {
    let mut out = ContainerState::default();
    out.status = ContainerStatus::parse(state.status.as_str());
    out.pid = u32::try_from(state.pid).unwrap_or(0);
    out.exit_code = state.exit_code;
    // Podman keeps the refusal of a second start as if it were a failure.
    out.error =
        Some(state.error).filter(|error| !error.ends_with("container is running")).unwrap_or_default();
    out.oom_killed = state.oom_killed;
    out.started_at = state.started_at.0;
    out.finished_at = state.finished_at.0;
    out.health = state.health.as_ref().and_then(health::report);
    out
}

fn environment(list: Vec<String>) -> Environment {
    list.into_iter()
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (pair, None),
        })
        .collect()
}

fn networks(networks: BTreeMap<String, ContainerNetwork>) -> IndexMap<String, AttachedNetwork> {
    networks
        .into_iter()
        .map(|(name, network)| {
            let mut attached = AttachedNetwork::default();
            attached.network_id = network.network_id;
            attached.ip_address = set(network.ip_address).unwrap_or(network.global_ipv6_address);
            attached.aliases = network.aliases;
            (name, attached)
        })
        .collect()
}

fn mount(mount: ApiMount) -> MountPoint {
    let mut out = MountPoint::default();
    out.kind = mount.kind.to_string();
    out.name = set(mount.name);
    out.source = mount.source;
    out.target = mount.destination;
    out.read_only = mount.rw == Some(false);
    out
}

fn ports(ports: BTreeMap<String, Option<Vec<HostPort>>>) -> Vec<PublishedPort> {
    let mut list = Vec::new();
    for (key, bindings) in ports {
        let (port, protocol) = key.split_once('/').unwrap_or((&key, "tcp"));
        let Ok(container_port) = port.parse() else {
            continue;
        };
        let exposed = exposed(container_port, protocol);
        let bindings = bindings.unwrap_or_default();
        if bindings.is_empty() {
            list.push(exposed);
            continue;
        }
        for binding in bindings {
            let mut published = exposed.clone();
            published.host_ip = set(binding.host_ip);
            published.host_port = binding.host_port.parse().ok();
            list.push(published);
        }
    }
    list.sort_by_key(|port| (port.container_port, port.protocol));
    list
}

#[cfg(test)]
mod tests {
    use docker_api::containers::{ContainerInspect, ContainerList};
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_listed_container_has_its_own_name_and_its_exit_code() {
        let list = ContainerList::decode(
            br#"[{"Id":"c1","Names":["/other/link","/web-1"],"State":"exited","Status":"Exited (137) 2 seconds ago",
                "Ports":[{"PrivatePort":80,"PublicPort":8080,"IP":"::","Type":"tcp"}]}]"#,
        )
        .unwrap();
        let summary = summary(list.into_iter().next().unwrap());
        assert_eq!((summary.name.as_str(), summary.exit_code), ("web-1", Some(137)));
        assert_eq!(summary.status, ContainerStatus::Exited);
        assert_eq!(
            (summary.ports[0].host_port, summary.ports[0].host_ip.as_deref()),
            (Some(8080), Some("::"))
        );
        assert_eq!(exit_code("Up 2 minutes"), None);
    }

    #[test]
    fn podmans_inspect_reads_as_dockers() {
        let container = ContainerInspect::decode(
            br#"{"Id":"c1","Name":"web-1","Image":"sha256:1","State":{"Status":"stopped","ExitCode":3,"Error":"container c1: container is running","StartedAt":"0001-01-01T00:00:00Z"},
                "Config":{"Image":"bb","StopSignal":"15","Env":["A=b=c","D"],"Healthcheck":{"Test":["NONE"]}},
                "NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"","HostPort":"8080"}],"53/udp":null}},
                "Mounts":[{"Type":"bind","Source":"/s","Destination":"/d","RW":true}]}"#,
        )
        .unwrap();
        let info = info(container);
        assert_eq!(info.name, "web-1");
        assert_eq!(info.state.status, ContainerStatus::Exited);
        assert_eq!((info.state.started_at, info.state.error.as_str()), (None, ""));
        assert_eq!(info.stop_signal.as_deref(), Some("SIGTERM"));
        assert_eq!((info.env.get("A"), info.env.get("D")), (Some(Some("b=c")), Some(None)));
        assert_eq!(info.healthcheck, None);
        let ports: Vec<_> = info.ports.iter().map(|p| (p.container_port, p.protocol, p.host_port)).collect();
        assert_eq!(ports, [(53, Protocol::Udp, None), (80, Protocol::Tcp, Some(8080))]);
        assert!(!info.mounts[0].read_only);
    }
}
