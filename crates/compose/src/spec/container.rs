//! Containers.

use compose_file::model::{ExtraHost, Namespace, Project, RestartPolicy as FileRestart, Service};
use indexmap::IndexMap;
use runtime_core::{
    ContainerSpec, DeviceMapping, LogConfig, NetworkMode, PortBinding, Protocol, RestartPolicy, Ulimit,
};

use super::files::FileUpload;
use crate::error::{Error, ErrorKind, Result};
use crate::hash::ConfigHash;
use crate::plan::SharedNamespace;

/// A container specification, and what is still to be put into it or done after it was used.
pub(crate) struct Made {
    pub(crate) spec: ContainerSpec,
    /// The services whose first containers share a namespace with it.
    pub(crate) parents: Vec<(String, SharedNamespace)>,
    pub(crate) uploads: Vec<FileUpload>,
}

/// The final name of a container.
pub(crate) fn container_name(project: &str, service: &Service, number: u32) -> String {
    service.container_name.clone().unwrap_or_else(|| format!("{project}-{}-{number}", service.name))
}

/// One container of a service, under its final name.
pub(crate) fn container_spec(
    project: &Project,
    service: &Service,
    number: u32,
    hash: &ConfigHash,
) -> Result<Made> {
    let invalid = |message: String| Error::new(ErrorKind::Invalid, message).with_service(&service.name);
    let name = container_name(&project.name, service, number);
    let mut spec = ContainerSpec::new(&name, service.image_name(&project.name));
    let mut parents = Vec::new();

    spec.platform.clone_from(&service.platform);
    spec.command.clone_from(&service.command);
    spec.entrypoint.clone_from(&service.entrypoint);
    spec.env = service.environment.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    spec.labels = crate::labels::container_labels(project, service, number, hash);
    spec.annotations.clone_from(&service.annotations);
    spec.user.clone_from(&service.user);
    spec.working_dir.clone_from(&service.working_dir);
    spec.hostname.clone_from(&service.hostname);
    spec.domainname.clone_from(&service.domainname);
    spec.init = service.init;
    spec.tty = service.tty;
    spec.stdin_open = service.stdin_open;
    spec.restart = restart(service.restart_policy());
    spec.cap_add.clone_from(&service.cap_add);
    spec.cap_drop.clone_from(&service.cap_drop);
    spec.privileged = service.privileged;
    spec.read_only = service.read_only;
    spec.extra_hosts = service.extra_hosts.iter().map(extra_host).collect();
    spec.dns.clone_from(&service.dns);
    spec.dns_search.clone_from(&service.dns_search);
    spec.dns_options.clone_from(&service.dns_opt);
    spec.stop_signal.clone_from(&service.stop_signal);
    spec.stop_timeout = service.stop_grace_period;
    spec.sysctls.clone_from(&service.sysctls);
    spec.security_opt.clone_from(&service.security_opt);
    spec.group_add.clone_from(&service.group_add);
    spec.cgroup_parent.clone_from(&service.cgroup_parent);
    spec.shm_size = bytes(service.shm_size);
    spec.runtime.clone_from(&service.runtime);
    spec.ulimits = service
        .ulimits
        .iter()
        .map(|(key, limit)| (key.clone(), Ulimit { soft: limit.soft, hard: limit.hard }))
        .collect();
    spec.devices = service
        .devices
        .iter()
        .map(|device| DeviceMapping {
            source: device.source.clone(),
            target: device.target.clone(),
            permissions: device.permissions.clone(),
        })
        .collect();
    spec.log_config = service.logging.as_ref().map(|logging| LogConfig {
        driver: logging.driver.clone().unwrap_or_default(),
        options: logging
            .options
            .iter()
            .map(|(key, value)| (key.clone(), value.clone().unwrap_or_default()))
            .collect::<IndexMap<_, _>>(),
    });
    resources(service, &mut spec);
    ports(service, &mut spec)?;

    let (mounts, uploads) = super::mounts::mounts(project, service)?;
    spec.mounts = mounts;

    match &service.network_mode {
        None => {
            spec.networks = super::network::endpoints(project, service, &name)?;
            if !spec.networks.is_empty() {
                spec.network_mode = NetworkMode::Networks;
            }
        }
        Some(Namespace::Service(parent)) => {
            parents.push((parent.clone(), SharedNamespace::Network));
        }
        Some(Namespace::Container(other)) => spec.network_mode = NetworkMode::Container(other.clone()),
        Some(Namespace::Engine(mode)) => match mode.as_str() {
            "host" => spec.network_mode = NetworkMode::Host,
            "none" => spec.network_mode = NetworkMode::None,
            "bridge" | "default" | "" => spec.network_mode = NetworkMode::Default,
            other => {
                spec.network_mode = NetworkMode::Networks;
                spec.networks.insert(other.to_owned(), runtime_core::EndpointSpec::default());
            }
        },
    }
    spec.ipc = namespace(service.ipc.as_ref(), SharedNamespace::Ipc, &mut parents);
    spec.pid = namespace(service.pid.as_ref(), SharedNamespace::Pid, &mut parents);
    for (field, value, target) in [
        ("uts", &service.uts, &mut spec.uts),
        ("userns_mode", &service.userns_mode, &mut spec.userns),
        ("cgroup", &service.cgroup, &mut spec.cgroupns),
    ] {
        match value {
            Some(Namespace::Service(_)) => {
                return Err(invalid(format!("{field} cannot be that of another service on any engine")));
            }
            Some(other) => *target = Some(other.to_string()),
            None => {}
        }
    }
    for (parent, _) in &parents {
        if parent == &service.name || !project.services.contains_key(parent) {
            return Err(invalid(format!("shares a namespace with service {parent}, which cannot be")));
        }
    }
    Ok(Made { spec, parents, uploads })
}

fn namespace(
    value: Option<&Namespace>,
    which: SharedNamespace,
    parents: &mut Vec<(String, SharedNamespace)>,
) -> Option<String> {
    match value? {
        Namespace::Service(parent) => {
            parents.push((parent.clone(), which));
            None
        }
        other => Some(other.to_string()),
    }
}

fn restart(policy: FileRestart) -> RestartPolicy {
    match policy {
        FileRestart::No => RestartPolicy::No,
        FileRestart::Always => RestartPolicy::Always,
        FileRestart::UnlessStopped => RestartPolicy::UnlessStopped,
        FileRestart::OnFailure { max_retries } => {
            RestartPolicy::OnFailure(max_retries.map(|count| u32::try_from(count).unwrap_or(u32::MAX)))
        }
    }
}

fn resources(service: &Service, spec: &mut ContainerSpec) {
    let resources = &mut spec.resources;
    resources.cpus = service.cpu_limit();
    resources.cpu_shares = service.cpu_shares;
    resources.cpu_period = service.cpu_period;
    resources.cpu_quota = service.cpu_quota;
    resources.cpuset.clone_from(&service.cpuset);
    resources.memory = bytes(service.memory_limit());
    resources.memory_reservation = bytes(service.memory_reservation());
    resources.memory_swap = service.memswap_limit.filter(|bytes| *bytes != 0);
    resources.pids = service.pids();
    resources.oom_score_adj = service.oom_score_adj;
    resources.oom_kill_disable = service.oom_kill_disable.then_some(true);
}

fn ports(service: &Service, spec: &mut ContainerSpec) -> Result<()> {
    let invalid = |text: &str, why: &str| {
        Error::new(ErrorKind::Invalid, format!("port `{text}` {why}")).with_service(&service.name)
    };
    for port in &service.ports {
        let protocol = Protocol::parse(port.protocol())
            .ok_or_else(|| invalid(port.protocol(), "is of a protocol that no engine publishes"))?;
        if let Some(published) = port.published.as_deref().filter(|text| !text.is_empty())
            && port.published_range().is_none_or(|(first, last)| first > last)
        {
            return Err(invalid(published, "is not a port or a range of ports"));
        }
        let mut binding = PortBinding::new(port.target, protocol);
        binding.host_ip.clone_from(&port.host_ip);
        binding.host_port = port.published.clone().filter(|text| !text.is_empty());
        spec.ports.push(binding);
    }
    for entry in &service.expose {
        let (range, protocol) = entry.split_once('/').unwrap_or((entry, "tcp"));
        let protocol = Protocol::parse(protocol).ok_or_else(|| invalid(entry, "has an unknown protocol"))?;
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else {
            return Err(invalid(entry, "is not a port or a range of ports"));
        };
        spec.expose.extend((first..=last).map(|port| format!("{port}/{}", protocol.as_str())));
    }
    Ok(())
}

/// `host:address`
pub(super) fn extra_host(host: &ExtraHost) -> String {
    format!("{}:{}", host.host, host.address)
}

fn bytes(value: Option<i64>) -> Option<u64> {
    value.and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0)
}
