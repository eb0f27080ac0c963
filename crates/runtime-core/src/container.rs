//! What a container should be.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use indexmap::IndexMap;

use crate::Environment;

/// Everything that a container is created from.
///
/// `Default` leaves each setting to the engine and the image; only `image` is required.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ContainerSpec {
    /// Name of the container. Empty: the engine makes one up.
    pub name: String,
    /// Image reference or id; it must be present on the engine.
    pub image: String,
    /// Platform `os/arch[/variant]`; `None` is the engine's own.
    pub platform: Option<String>,
    /// Command; `None` is the image's, `Some(vec![])` is none.
    pub command: Option<Vec<String>>,
    /// Entry point; `None` is the image's, `Some(vec![])` is none.
    pub entrypoint: Option<Vec<String>>,
    /// Environment, on top of the image's.
    pub env: Environment,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// OCI annotations.
    pub annotations: IndexMap<String, String>,
    /// `user[:group]`, names or numbers.
    pub user: Option<String>,
    /// Working directory.
    pub working_dir: Option<String>,
    /// Host name; `None` is the short container id.
    pub hostname: Option<String>,
    /// NIS domain name.
    pub domainname: Option<String>,
    /// Run an init process as PID 1 that forwards signals and reaps children.
    pub init: Option<bool>,
    /// Allocate a terminal.
    pub tty: bool,
    /// Keep stdin open.
    pub stdin_open: bool,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// Published ports.
    pub ports: Vec<PortBinding>,
    /// Exposed ports, `80/tcp`.
    pub expose: Vec<String>,
    /// Network namespace.
    pub network_mode: NetworkMode,
    /// Networks by name, in order of preference, where `network_mode` is [`NetworkMode::Networks`].
    pub networks: IndexMap<String, EndpointSpec>,
    /// Health check.
    pub healthcheck: Healthcheck,
    /// Restart policy.
    pub restart: RestartPolicy,
    /// Capabilities to add, with or without `CAP_`.
    pub cap_add: Vec<String>,
    /// Capabilities to drop.
    pub cap_drop: Vec<String>,
    /// All privileges.
    pub privileged: bool,
    /// Read-only root file system.
    pub read_only: bool,
    /// Extra entries for `/etc/hosts`, `host:ip`.
    pub extra_hosts: Vec<String>,
    /// DNS servers.
    pub dns: Vec<String>,
    /// DNS search domains.
    pub dns_search: Vec<String>,
    /// DNS options.
    pub dns_options: Vec<String>,
    /// Signal that stops it, `SIGTERM`.
    pub stop_signal: Option<String>,
    /// How long it may take to stop; whole seconds, rounded up.
    pub stop_timeout: Option<Duration>,
    /// Limits on memory, processors and processes.
    pub resources: Resources,
    /// Ulimits by name, `nofile`.
    pub ulimits: IndexMap<String, Ulimit>,
    /// Sysctls.
    pub sysctls: IndexMap<String, String>,
    /// Security options, `label=disable`, `no-new-privileges`.
    pub security_opt: Vec<String>,
    /// Additional groups.
    pub group_add: Vec<String>,
    /// Devices.
    pub devices: Vec<DeviceMapping>,
    /// IPC namespace: `private`, `shareable`, `host`, `container:<id>`.
    pub ipc: Option<String>,
    /// PID namespace: `host`, `container:<id>`.
    pub pid: Option<String>,
    /// UTS namespace: `host`.
    pub uts: Option<String>,
    /// User namespace: `host`, and on Podman `keep-id` and others.
    pub userns: Option<String>,
    /// Cgroup namespace: `host`, `private`.
    pub cgroupns: Option<String>,
    /// Parent cgroup.
    pub cgroup_parent: Option<String>,
    /// Size of `/dev/shm` in bytes.
    pub shm_size: Option<u64>,
    /// OCI runtime, `runc`.
    pub runtime: Option<String>,
    /// Log driver and its options.
    pub log_config: Option<LogConfig>,
    /// Remove the container when it exits.
    pub auto_remove: bool,
}

impl ContainerSpec {
    /// A container of an image under a name; everything else is the engine's and the image's.
    pub fn new(name: impl Into<String>, image: impl Into<String>) -> Self {
        Self { name: name.into(), image: image.into(), ..Self::default() }
    }

    /// Sets the command.
    #[must_use]
    pub fn with_command<S: Into<String>>(mut self, command: impl IntoIterator<Item = S>) -> Self {
        self.command = Some(command.into_iter().map(Into::into).collect());
        self
    }

    /// Sets a label.
    #[must_use]
    pub fn with_label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Adds a mount.
    #[must_use]
    pub fn with_mount(mut self, mount: Mount) -> Self {
        self.mounts.push(mount);
        self
    }

    /// Attaches to a network.
    #[must_use]
    pub fn with_network(mut self, name: impl Into<String>, endpoint: EndpointSpec) -> Self {
        self.network_mode = NetworkMode::Networks;
        self.networks.insert(name.into(), endpoint);
        self
    }
}

/// Which network namespace a container has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkMode {
    /// The engine's default network.
    #[default]
    Default,
    /// The networks of [`ContainerSpec::networks`].
    Networks,
    /// No network but loopback.
    None,
    /// The host's.
    Host,
    /// Another container's, by id or name.
    Container(String),
}

/// How a container is attached to one network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointSpec {
    /// Names under which the others on the network find it.
    pub aliases: Vec<String>,
    /// Fixed IPv4 address.
    pub ipv4_address: Option<Ipv4Addr>,
    /// Fixed IPv6 address.
    pub ipv6_address: Option<Ipv6Addr>,
    /// Link-local addresses.
    pub link_local_ips: Vec<IpAddr>,
    /// Fixed MAC address.
    pub mac_address: Option<String>,
    /// Options for the network driver.
    pub driver_opts: IndexMap<String, String>,
    /// The highest becomes the default gateway (Docker API 1.48).
    pub gw_priority: Option<i64>,
}

impl EndpointSpec {
    /// An endpoint with aliases.
    pub fn with_aliases<S: Into<String>>(aliases: impl IntoIterator<Item = S>) -> Self {
        Self { aliases: aliases.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

/// The health check that the engine is told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Healthcheck {
    /// The image's.
    #[default]
    Inherit,
    /// None, whatever the image says.
    Disable,
    /// This one.
    Set(HealthcheckSpec),
}

/// A health check. A time that is `None` is the engine's default: interval 30 s, timeout 30 s, start period
/// 0 s, start interval 5 s, 3 retries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthcheckSpec {
    /// The command.
    pub test: HealthcheckTest,
    /// Time between two probes.
    pub interval: Option<Duration>,
    /// After which a probe has failed.
    pub timeout: Option<Duration>,
    /// Failures in a row that make it unhealthy.
    pub retries: Option<u32>,
    /// Time at the start in which failures do not count.
    pub start_period: Option<Duration>,
    /// Time between two probes within the start period.
    pub start_interval: Option<Duration>,
}

impl HealthcheckSpec {
    /// A check with the engine's default times.
    #[must_use]
    pub const fn new(test: HealthcheckTest) -> Self {
        Self { test, interval: None, timeout: None, retries: None, start_period: None, start_interval: None }
    }
}

/// How a health check's command is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthcheckTest {
    /// `CMD`: run as it is.
    Cmd(Vec<String>),
    /// `CMD-SHELL`: run by the container's shell.
    Shell(String),
}

impl HealthcheckTest {
    /// The command line to exec in the container.
    #[must_use]
    pub fn command(&self) -> Vec<String> {
        match self {
            Self::Cmd(command) => command.clone(),
            Self::Shell(script) => vec!["/bin/sh".into(), "-c".into(), script.clone()],
        }
    }
}

/// When the engine starts a container again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestartPolicy {
    /// Never.
    #[default]
    No,
    /// Always.
    Always,
    /// Always, unless it was stopped by hand.
    UnlessStopped,
    /// When it failed, at most this often (`None`: without limit).
    OnFailure(Option<u32>),
}

/// One mount.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mount {
    /// What is mounted.
    pub kind: MountKind,
    /// Absolute path in the container.
    pub target: String,
    /// Read-only.
    pub read_only: bool,
}

impl Mount {
    /// A mount of this kind.
    pub fn new(kind: MountKind, target: impl Into<String>) -> Self {
        Self { kind, target: target.into(), read_only: false }
    }

    /// A bind mount of an absolute host path, which is created as a directory where it is missing.
    pub fn bind(source: impl Into<String>, target: impl Into<String>) -> Self {
        let kind =
            MountKind::Bind { source: source.into(), create_source: true, propagation: None, selinux: None };
        Self::new(kind, target)
    }

    /// A mount of a named volume.
    pub fn volume(name: impl Into<String>, target: impl Into<String>) -> Self {
        Self::new(MountKind::Volume { name: Some(name.into()), no_copy: false, subpath: None }, target)
    }

    /// Makes it read-only.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MountKind {
    /// A path of the engine's host.
    Bind {
        /// Absolute path.
        source: String,
        /// Create the path as a directory where it is missing.
        create_source: bool,
        /// `rprivate`, `rshared`, ...
        propagation: Option<String>,
        /// SELinux relabelling: `z` (shared) or `Z` (private).
        selinux: Option<String>,
    },
    /// A volume.
    Volume {
        /// Name; `None` is an anonymous volume.
        name: Option<String>,
        /// Do not copy what the image has at the target.
        no_copy: bool,
        /// Path within the volume.
        subpath: Option<String>,
    },
    /// A file system in memory.
    Tmpfs {
        /// Size in bytes.
        size: Option<u64>,
        /// Mode bits, such as `0o1777`.
        mode: Option<u32>,
        /// Further mount options, as written.
        options: Vec<String>,
    },
    /// An image's content, read-only.
    Image {
        /// Image reference.
        source: String,
        /// Path within the image.
        subpath: Option<String>,
    },
}

/// One published port.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PortBinding {
    /// Port in the container.
    pub container_port: u16,
    /// Protocol.
    pub protocol: Protocol,
    /// Host address; `None` is all.
    pub host_ip: Option<String>,
    /// Host port or range, `8080` or `8000-8010`; `None` lets the engine choose.
    pub host_port: Option<String>,
}

impl PortBinding {
    /// Publishes a TCP port on a host port.
    #[must_use]
    pub fn tcp(container_port: u16, host_port: u16) -> Self {
        Self {
            container_port,
            protocol: Protocol::Tcp,
            host_ip: None,
            host_port: Some(host_port.to_string()),
        }
    }

    /// A port of any protocol.
    #[must_use]
    pub fn new(container_port: u16, protocol: Protocol) -> Self {
        Self { container_port, protocol, host_ip: None, host_port: None }
    }
}

/// A transport protocol of a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Protocol {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// `tcp`, `udp` or `sctp`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }

    /// Reads `tcp`, `udp` or `sctp`, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Tcp, Self::Udp, Self::Sctp].into_iter().find(|p| text.eq_ignore_ascii_case(p.as_str()))
    }
}

/// Limits.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Resources {
    /// Processors, 1.5.
    pub cpus: Option<f64>,
    /// Relative weight.
    pub cpu_shares: Option<i64>,
    /// Period in microseconds.
    pub cpu_period: Option<i64>,
    /// Quota in microseconds.
    pub cpu_quota: Option<i64>,
    /// Processors that may be used, `0-2,4`.
    pub cpuset: Option<String>,
    /// Memory in bytes.
    pub memory: Option<u64>,
    /// Memory that is reserved, in bytes.
    pub memory_reservation: Option<u64>,
    /// Memory and swap in bytes; -1 is no limit.
    pub memory_swap: Option<i64>,
    /// Processes; -1 is no limit.
    pub pids: Option<i64>,
    /// Adjustment of the out-of-memory score, -1000 to 1000.
    pub oom_score_adj: Option<i64>,
    /// Do not kill it when memory runs out.
    pub oom_kill_disable: Option<bool>,
}

/// One ulimit; -1 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ulimit {
    /// Soft limit.
    pub soft: i64,
    /// Hard limit.
    pub hard: i64,
}

/// A device of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceMapping {
    /// Path on the host.
    pub source: String,
    /// Path in the container.
    pub target: String,
    /// `rwm`.
    pub permissions: String,
}

/// A log driver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogConfig {
    /// Driver, `json-file`.
    pub driver: String,
    /// Its options.
    pub options: IndexMap<String, String>,
}
