//! Creating, listing and inspecting containers.

use indexmap::IndexMap;
use runtime_core::{
    AttachedNetwork, ContainerFilter, ContainerInfo, ContainerSpec, ContainerState, ContainerStatus,
    ContainerSummary, ErrorKind, EventAction, Healthcheck, Mount, MountKind, MountPoint, NetworkMode,
    PublishedPort, RemoveContainer, Result,
};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::container::{Container, Endpoint, command_line};
use crate::engine::Engine;
use crate::networks::DEFAULT_NETWORK;
use crate::state::{State, labels_match};
use crate::{Operation, SimProgram, fault};

/// First host port that is given where none is asked for, as Linux does.
const FIRST_EPHEMERAL_PORT: u16 = 32_768;

impl Engine {
    pub(crate) fn create(&self, spec: &ContainerSpec) -> Result<String> {
        self.update(|state| {
            let id = state.add_container(spec)?;
            self.emit_container(state, &id, EventAction::Create);
            Ok(id)
        })
    }

    pub(crate) fn remove(&self, wanted: &str, options: RemoveContainer) -> Result<()> {
        let operation = Operation::RemoveContainer;
        self.update(|state| {
            let container = state.container(operation, wanted)?;
            let id = container.id.clone();
            if container.is_alive() {
                if !options.force {
                    let reason = "it is running; stop it first or remove it with force";
                    return Err(fault::error(operation, ErrorKind::Conflict, wanted, reason));
                }
                container.status = ContainerStatus::Exited;
                container.exits += 1;
                container.exit_code = 137;
                self.emit_container(state, &id, EventAction::Kill);
                self.emit_container(state, &id, EventAction::Die { exit_code: Some(137) });
            }
            self.destroy(state, &id, options.volumes);
            Ok(())
        })
    }

    pub(crate) fn rename(&self, wanted: &str, name: &str) -> Result<()> {
        let operation = Operation::RenameContainer;
        self.update(|state| {
            let id = state.container(operation, wanted)?.id.clone();
            state.check_name_is_free(operation, name)?;
            if let Some(container) = state.containers.get_mut(&id) {
                name.clone_into(&mut container.name);
            }
            self.emit_container(state, &id, EventAction::Rename);
            Ok(())
        })
    }

    pub(crate) fn inspect(&self, wanted: &str) -> Result<ContainerInfo> {
        let mut state = self.lock();
        Ok(info(state.container(Operation::InspectContainer, wanted)?, self.clock))
    }

    pub(crate) fn list(&self, filter: &ContainerFilter) -> Vec<ContainerSummary> {
        let state = self.lock();
        state
            .containers
            .values()
            .filter(|c| filter.all || c.is_alive())
            .filter(|c| filter.names.is_empty() || filter.names.contains(&c.name))
            .filter(|c| labels_match(&c.spec.labels, &filter.labels))
            .rev()
            .map(|c| summary(c, self.clock))
            .collect()
    }
}

impl State {
    fn check_name_is_free(&self, operation: Operation, name: &str) -> Result<()> {
        match self.containers.values().find(|c| c.name == name) {
            Some(other) => {
                let reason = format!("the name is already in use by container {}", &other.id[..12]);
                Err(fault::error(operation, ErrorKind::Conflict, name, reason))
            }
            None => Ok(()),
        }
    }

    fn add_container(&mut self, spec: &ContainerSpec) -> Result<String> {
        let operation = Operation::CreateContainer;
        let mut spec = spec.clone();
        self.check_name_is_free(operation, &spec.name)?;
        let image = match self.image_index(&spec.image) {
            Some(index) => self.images[index].info.clone(),
            None => {
                let reason = format!("no such image: {}", spec.image);
                return Err(fault::error(operation, ErrorKind::NotFound, &spec.name, reason));
            }
        };
        let endpoints = self.endpoints(&spec)?;
        let id = self.next_id();
        if spec.name.is_empty() {
            spec.name = format!("sim-{}", &id[..8]);
        }
        let mut anonymous = Vec::new();
        let mut mounts: Vec<MountPoint> = Vec::new();
        for mount in &spec.mounts {
            mounts.push(self.mount(mount, &mut anonymous));
        }
        for path in &image.volumes {
            if !mounts.iter().any(|mount| mount.target == *path) {
                let kind = MountKind::Volume { name: None, no_copy: false, subpath: None };
                mounts.push(self.mount(&Mount::new(kind, path), &mut anonymous));
            }
        }
        let mut labels = image.labels.clone();
        labels.extend(std::mem::take(&mut spec.labels));
        spec.labels = labels;
        let program = self.program(&spec, &image);
        let ports = self.ports(&spec);
        let container = Container {
            id: id.clone(),
            name: spec.name.clone(),
            image,
            program,
            created: Instant::now(),
            status: ContainerStatus::Created,
            run: 0,
            exits: 0,
            started: None,
            finished: None,
            exit_code: 0,
            error: String::new(),
            pid: 0,
            restarts: 0,
            stopped_by_hand: false,
            endpoints,
            mounts,
            anonymous,
            ports,
            log: crate::container::Log::default(),
            archives: std::collections::HashMap::new(),
            health: None,
            spec,
        };
        self.containers.insert(id.clone(), container);
        Ok(id)
    }

    /// How a container behaves: as the newest script for it says, or as its command does.
    fn program(&self, spec: &ContainerSpec, image: &runtime_core::ImageInfo) -> SimProgram {
        let script = self.scripts.iter().rev().find(|(selector, _)| selector.matches(spec));
        script.map_or_else(
            || SimProgram::from_command(&command_line(spec, image)),
            |(_, program)| program.clone(),
        )
    }

    fn endpoints(&self, spec: &ContainerSpec) -> Result<IndexMap<String, Endpoint>> {
        let wanted = match &spec.network_mode {
            NetworkMode::Default => IndexMap::from([(DEFAULT_NETWORK.to_owned(), Default::default())]),
            NetworkMode::Networks => spec.networks.clone(),
            _ => IndexMap::new(),
        };
        let mut endpoints = IndexMap::new();
        for (name, spec) in wanted {
            let network_id = self.network_id(Operation::CreateContainer, &name)?;
            let name = self.networks[&network_id].info.name.clone();
            endpoints.insert(name, Endpoint { network_id, spec, ip: String::new() });
        }
        Ok(endpoints)
    }

    fn mount(&mut self, mount: &Mount, anonymous: &mut Vec<String>) -> MountPoint {
        let mut point = MountPoint::default();
        point.target.clone_from(&mount.target);
        point.read_only = mount.read_only;
        match &mount.kind {
            MountKind::Bind { source, .. } => {
                "bind".clone_into(&mut point.kind);
                point.source.clone_from(source);
            }
            MountKind::Volume { name, .. } => {
                "volume".clone_into(&mut point.kind);
                let name = name.clone().unwrap_or_else(|| {
                    let id = self.next_id();
                    anonymous.push(id.clone());
                    id
                });
                point.source = self.ensure_volume(&name).mountpoint.clone();
                point.name = Some(name);
            }
            MountKind::Tmpfs { .. } => "tmpfs".clone_into(&mut point.kind),
            MountKind::Image { source, .. } => {
                "image".clone_into(&mut point.kind);
                point.source.clone_from(source);
            }
            _ => {}
        }
        point
    }

    fn ports(&mut self, spec: &ContainerSpec) -> Vec<PublishedPort> {
        let mut ports = Vec::new();
        for binding in &spec.ports {
            let asked = binding.host_port.as_deref().and_then(|port| port.split('-').next()?.parse().ok());
            let given = asked.unwrap_or_else(|| {
                FIRST_EPHEMERAL_PORT.saturating_add(u16::try_from(self.next_number() % 20_000).unwrap_or(0))
            });
            let mut port = PublishedPort::default();
            port.container_port = binding.container_port;
            port.protocol = binding.protocol;
            port.host_ip = Some(binding.host_ip.clone().unwrap_or_else(|| "0.0.0.0".into()));
            port.host_port = Some(given);
            ports.push(port);
        }
        ports
    }
}

fn networks(container: &Container) -> IndexMap<String, AttachedNetwork> {
    let attach = |(name, endpoint): (&String, &Endpoint)| {
        let mut network = AttachedNetwork::default();
        network.network_id.clone_from(&endpoint.network_id);
        network.ip_address.clone_from(&endpoint.ip);
        network.aliases.clone_from(&endpoint.spec.aliases);
        (name.clone(), network)
    };
    container.endpoints.iter().map(attach).collect()
}

fn info(container: &Container, clock: Clock) -> ContainerInfo {
    let spec = &container.spec;
    let mut state = ContainerState::default();
    state.status = container.status.clone();
    state.pid = container.pid;
    state.exit_code = container.exit_code;
    state.error.clone_from(&container.error);
    state.started_at = container.started.map(|at| clock.rfc3339(at));
    state.finished_at = container.finished.map(|at| clock.rfc3339(at));
    state.health.clone_from(&container.health);

    let mut info = ContainerInfo::default();
    info.id.clone_from(&container.id);
    info.name.clone_from(&container.name);
    info.image.clone_from(&spec.image);
    info.image_id.clone_from(&container.image.id);
    info.created = clock.rfc3339(container.created);
    info.state = state;
    info.restart_count = container.restarts;
    info.labels.clone_from(&spec.labels);
    info.tty = spec.tty;
    info.stdin_open = spec.stdin_open;
    info.user = spec.user.clone().unwrap_or_else(|| container.image.user.clone());
    info.working_dir = spec.working_dir.clone().unwrap_or_else(|| container.image.working_dir.clone());
    info.entrypoint = spec.entrypoint.clone().unwrap_or_else(|| container.image.entrypoint.clone());
    info.command = match (&spec.command, &spec.entrypoint) {
        (Some(command), _) => command.clone(),
        (None, Some(_)) => Vec::new(),
        (None, None) => container.image.command.clone(),
    };
    info.env = spec.env.clone();
    info.stop_signal.clone_from(&spec.stop_signal);
    info.healthcheck = match &spec.healthcheck {
        Healthcheck::Inherit => container.image.healthcheck.clone(),
        Healthcheck::Disable => None,
        Healthcheck::Set(check) => Some(check.clone()),
    };
    info.networks = networks(container);
    info.mounts.clone_from(&container.mounts);
    info.ports.clone_from(&container.ports);
    info
}

fn summary(container: &Container, clock: Clock) -> ContainerSummary {
    let ago = |at: Option<Instant>| at.map_or(0, |at| at.elapsed().as_secs());
    let mut summary = ContainerSummary::default();
    summary.status_text = match &container.status {
        ContainerStatus::Created => "Created".into(),
        ContainerStatus::Running => format!("Up {} seconds", ago(container.started)),
        ContainerStatus::Paused => format!("Up {} seconds (Paused)", ago(container.started)),
        ContainerStatus::Restarting => {
            format!("Restarting ({}) {} seconds ago", container.exit_code, ago(container.finished))
        }
        _ => format!("Exited ({}) {} seconds ago", container.exit_code, ago(container.finished)),
    };
    summary.id.clone_from(&container.id);
    summary.name.clone_from(&container.name);
    summary.image.clone_from(&container.spec.image);
    summary.image_id.clone_from(&container.image.id);
    summary.command = container.command_line().join(" ");
    summary.labels.clone_from(&container.spec.labels);
    summary.status = container.status.clone();
    summary.exit_code = (container.exits > 0 && !container.is_up()).then_some(container.exit_code);
    summary.created = clock.unix(container.created);
    summary.networks = networks(container);
    summary.mounts.clone_from(&container.mounts);
    summary.ports.clone_from(&container.ports);
    summary
}
