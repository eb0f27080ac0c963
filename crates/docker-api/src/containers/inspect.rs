//! A container in full.

use std::collections::BTreeMap;

use http_endpoint::{Empty, response, words};

use super::{HostConfig, MountPoint};
use crate::networks::EndpointIpam;
use crate::{Date, Descriptor, DriverData, EnvList, Health, HealthConfig, Keys, StringOrList};

response! {
    /// A container in full.
    pub struct Container {
        /// Full id.
        id: String = "Id",
        /// When it was created, RFC 3339.
        created: String = "Created",
        /// The program that runs: the first part of entry point and command.
        path: String = "Path",
        /// Its arguments.
        args: Vec<String> = "Args",
        /// State.
        state: ContainerState = "State",
        /// Image id.
        image: String = "Image",
        /// Host path of its `/etc/resolv.conf`.
        resolv_conf_path: String = "ResolvConfPath",
        /// Host path of its `/etc/hostname`.
        hostname_path: String = "HostnamePath",
        /// Host path of its `/etc/hosts`.
        hosts_path: String = "HostsPath",
        /// Host path of its log; empty where the log driver has no file.
        log_path: String = "LogPath",
        /// Name, with a leading slash.
        name: String = "Name",
        /// How often the engine restarted it.
        restart_count: i64 = "RestartCount",
        /// Storage driver.
        driver: String = "Driver",
        /// `linux`.
        platform: String = "Platform",
        /// The manifest of the image for this platform, where the engine keeps images in containerd (API 1.48).
        image_manifest_descriptor: Option<Descriptor> = "ImageManifestDescriptor",
        /// SELinux label of its mounts.
        mount_label: String = "MountLabel",
        /// SELinux label of its processes.
        process_label: String = "ProcessLabel",
        /// AppArmor profile.
        app_armor_profile: String = "AppArmorProfile",
        /// Ids of its execs.
        exec_ids: Vec<String> = "ExecIDs",
        /// What depends on the host.
        host_config: HostConfig = "HostConfig",
        /// How its file system is stored; absent where the engine keeps images in containerd (API 1.52).
        graph_driver: DriverData = "GraphDriver",
        /// How its file system is stored by containerd (API 1.52).
        storage: Option<Storage> = "Storage",
        /// Bytes that were written on top of the image, where they were asked for.
        size_rw: Option<i64> = "SizeRw",
        /// Bytes in all, where they were asked for.
        size_root_fs: Option<i64> = "SizeRootFs",
        /// Mounts, resolved.
        mounts: Vec<MountPoint> = "Mounts",
        /// What the image and the create call say.
        config: ContainerInspectConfig = "Config",
        /// Networks.
        network_settings: ContainerNetworkSettings = "NetworkSettings",
    }
}

words! {
    /// The state of a container, in the words of both engines.
    pub enum ContainerStatus {
        /// Made, and never started.
        Created = "created",
        /// It runs.
        Running = "running",
        /// It runs, and is frozen.
        Paused = "paused",
        /// It ended, and the engine is about to start it again.
        Restarting = "restarting",
        /// It is being removed.
        Removing = "removing",
        /// It ended.
        Exited = "exited",
        /// It could not be removed in full.
        Dead = "dead",
        /// Podman: made, and never started.
        Configured = "configured",
        /// Podman: its processes are made and not started.
        Initialized = "initialized",
        /// Podman: it is being stopped.
        Stopping = "stopping",
        /// Podman: it ended, and what it used is not cleaned up yet.
        Stopped = "stopped",
    }
}

response! {
    /// The state of a container.
    pub struct ContainerState {
        /// State word.
        status: ContainerStatus = "Status",
        /// Runs, or is paused or restarting.
        running: bool = "Running",
        /// Is frozen.
        paused: bool = "Paused",
        /// Waits to be started again.
        restarting: bool = "Restarting",
        /// Killed because memory ran out.
        oom_killed: bool = "OOMKilled",
        /// Could not be removed in full.
        dead: bool = "Dead",
        /// Process id on the engine's host; 0 when it does not run.
        pid: i64 = "Pid",
        /// Exit code of the last run.
        exit_code: i64 = "ExitCode",
        /// Why it could not start.
        error: String = "Error",
        /// Start of the last run.
        started_at: Date = "StartedAt",
        /// End of the last run.
        finished_at: Date = "FinishedAt",
        /// Health record; `None` without a check.
        health: Option<Health> = "Health",
    }
}

response! {
    /// What the image and the create call say.
    pub struct ContainerInspectConfig {
        /// Host name.
        hostname: String = "Hostname",
        /// NIS domain name.
        domainname: String = "Domainname",
        /// `user[:group]`.
        user: String = "User",
        /// A client attached stdin at create.
        attach_stdin: bool = "AttachStdin",
        /// A client attached stdout at create.
        attach_stdout: bool = "AttachStdout",
        /// A client attached stderr at create.
        attach_stderr: bool = "AttachStderr",
        /// Exposed ports.
        exposed_ports: Keys = "ExposedPorts",
        /// Has a terminal.
        tty: bool = "Tty",
        /// Stdin is open.
        open_stdin: bool = "OpenStdin",
        /// Stdin closes when the first client leaves.
        stdin_once: bool = "StdinOnce",
        /// Environment.
        env: EnvList = "Env",
        /// Command.
        cmd: StringOrList = "Cmd",
        /// Health check.
        healthcheck: Option<HealthConfig> = "Healthcheck",
        /// The command is one escaped line (Windows).
        args_escaped: bool = "ArgsEscaped",
        /// Image reference it was created from.
        image: String = "Image",
        /// Declared volumes.
        volumes: Keys = "Volumes",
        /// Working directory.
        working_dir: String = "WorkingDir",
        /// Entry point.
        entrypoint: StringOrList = "Entrypoint",
        /// No network at all.
        network_disabled: bool = "NetworkDisabled",
        /// MAC address of the container (before API 1.52).
        mac_address: String = "MacAddress",
        /// Instructions for builds from its image.
        on_build: Vec<String> = "OnBuild",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Stop signal; a number as text on Podman.
        stop_signal: String = "StopSignal",
        /// Seconds until a stop call kills.
        stop_timeout: Option<i64> = "StopTimeout",
        /// Shell of the shell forms of instructions.
        shell: Vec<String> = "Shell",
    }
}

response! {
    /// Networks of a container. Those fields that are for the default network alone are gone in API 1.52.
    pub struct ContainerNetworkSettings {
        /// Bridge of the default network.
        bridge: String = "Bridge",
        /// Id of its network namespace.
        sandbox_id: String = "SandboxID",
        /// Path of its network namespace.
        sandbox_key: String = "SandboxKey",
        /// Whether a bridge sends packets back where they came from.
        hairpin_mode: bool = "HairpinMode",
        /// Link-local IPv6 address.
        link_local_ipv6_address: String = "LinkLocalIPv6Address",
        /// Its prefix length.
        link_local_ipv6_prefix_len: i64 = "LinkLocalIPv6PrefixLen",
        /// Host ports by `port/protocol`; none where it is only exposed.
        ports: BTreeMap<String, Option<Vec<HostPort>>> = "Ports",
        /// More IPv4 addresses.
        secondary_ip_addresses: Vec<PrefixedAddress> = "SecondaryIPAddresses",
        /// More IPv6 addresses.
        secondary_ipv6_addresses: Vec<PrefixedAddress> = "SecondaryIPv6Addresses",
        /// Endpoint of the default network.
        endpoint_id: String = "EndpointID",
        /// IPv4 gateway of the default network.
        gateway: String = "Gateway",
        /// IPv6 address in the default network.
        global_ipv6_address: String = "GlobalIPv6Address",
        /// Its prefix length.
        global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// IPv4 address in the default network.
        ip_address: String = "IPAddress",
        /// Its prefix length.
        ip_prefix_len: i64 = "IPPrefixLen",
        /// IPv6 gateway of the default network.
        ipv6_gateway: String = "IPv6Gateway",
        /// MAC address in the default network.
        mac_address: String = "MacAddress",
        /// By name.
        networks: BTreeMap<String, ContainerNetwork> = "Networks",
    }
}

response! {
    /// An address with the length of its network's prefix.
    pub struct PrefixedAddress {
        /// The address.
        address: String = "Addr",
        /// Length of the prefix.
        prefix_len: i64 = "PrefixLen",
    }
}

response! {
    /// A published port.
    pub struct HostPort {
        /// Host address.
        host_ip: String = "HostIp",
        /// Host port.
        host_port: String = "HostPort",
    }
}

response! {
    /// A network that a container is attached to.
    pub struct ContainerNetwork {
        /// The addresses that were asked for.
        ipam_config: Option<EndpointIpam> = "IPAMConfig",
        /// Links to other containers (legacy).
        links: Vec<String> = "Links",
        /// Aliases.
        aliases: Vec<String> = "Aliases",
        /// MAC address; empty when it does not run, unless it was asked for.
        mac_address: String = "MacAddress",
        /// Options for the driver.
        driver_opts: BTreeMap<String, String> = "DriverOpts",
        /// The highest is the default gateway (API 1.48).
        gw_priority: i64 = "GwPriority",
        /// Id; the name, on Podman before 5.4.
        network_id: String = "NetworkID",
        /// Id of the endpoint; empty when it does not run.
        endpoint_id: String = "EndpointID",
        /// IPv4 gateway.
        gateway: String = "Gateway",
        /// IPv4 address; empty when it does not run.
        ip_address: String = "IPAddress",
        /// Its prefix length.
        ip_prefix_len: i64 = "IPPrefixLen",
        /// IPv6 gateway.
        ipv6_gateway: String = "IPv6Gateway",
        /// IPv6 address.
        global_ipv6_address: String = "GlobalIPv6Address",
        /// Its prefix length.
        global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// Names under which it is found (API 1.44).
        dns_names: Vec<String> = "DNSNames",
    }
}

response! {
    /// How containerd stores a file system.
    pub struct Storage {
        /// The root file system.
        root_fs: Option<RootFsStorage> = "RootFS",
    }
}

response! {
    /// How containerd stores a root file system.
    pub struct RootFsStorage {
        /// By a snapshot.
        snapshot: Option<SnapshotStorage> = "Snapshot",
    }
}

response! {
    /// A snapshot of containerd.
    pub struct SnapshotStorage {
        /// Name of the snapshotter, `overlayfs`.
        name: String = "Name",
    }
}

/// A file system's change since the image, in numbers on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Changed; 0.
    #[default]
    Modified,
    /// New; 1.
    Added,
    /// Gone; 2.
    Deleted,
    /// Another number.
    Other(i64),
}

impl<'de> serde::Deserialize<'de> for ChangeKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match i64::deserialize(deserializer)? {
            0 => Self::Modified,
            1 => Self::Added,
            2 => Self::Deleted,
            other => Self::Other(other),
        })
    }
}

response! {
    /// One change of a container's file system.
    pub struct FilesystemChange {
        /// Path in the container.
        path: String = "Path",
        /// What happened to it.
        kind: ChangeKind = "Kind",
    }
}

/// Declared volumes or exposed ports, as a request writes them.
///
/// ```
/// let ports = docker_api::containers::keys(["80/tcp"]);
/// assert_eq!(serde_json::to_string(&ports).unwrap(), r#"{"80/tcp":{}}"#);
/// ```
#[must_use]
pub fn keys<S: Into<String>>(names: impl IntoIterator<Item = S>) -> BTreeMap<String, Empty> {
    names.into_iter().map(|name| (name.into(), Empty {})).collect()
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;
    use crate::containers::{ContainerInspect, MountType};

    #[test]
    fn reads_a_running_container_of_docker() {
        let c = ContainerInspect::decode(
            br#"{"Id":"c1","Created":"2026-11-24T10:00:00.1Z","Path":"sleep","Args":["9"],"Name":"/web-1","RestartCount":2,
              "State":{"Status":"running","Running":true,"Paused":false,"OOMKilled":false,"Pid":42,"ExitCode":0,"Error":"",
                "StartedAt":"2026-11-24T10:00:01Z","FinishedAt":"0001-01-01T00:00:00Z",
                "Health":{"Status":"starting","FailingStreak":1,"Log":[{"Start":"2026-11-24T10:00:02Z","End":"x","ExitCode":1,"Output":"no"}]}},
              "Image":"sha256:1","Config":{"Hostname":"h","User":"","ExposedPorts":{"80/tcp":{}},"Tty":false,"OpenStdin":false,
                "Env":["A=1"],"Cmd":["sleep","9"],"Image":"bb","WorkingDir":"","Entrypoint":null,"Labels":{"k":"v"},"StopTimeout":3},
              "HostConfig":{"Memory":0,"MemorySwappiness":null,"Ulimits":null,"MaskedPaths":["/proc/kcore"],
                "RestartPolicy":{"Name":"no","MaximumRetryCount":0},"ConsoleSize":[0,0]},
              "NetworkSettings":{"Bridge":"","Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}],"81/tcp":null},
                "Networks":{"n":{"IPAMConfig":null,"Aliases":["web"],"NetworkID":"n1","IPAddress":"172.18.0.2"}}},
              "Mounts":[{"Type":"volume","Name":"v","Source":"/var/v","Destination":"/data","Driver":"local","Mode":"z","RW":false,"Propagation":""}]}"#,
        )
        .unwrap();
        assert_eq!(c.name, "/web-1");
        assert_eq!((c.state.status, c.state.finished_at), (ContainerStatus::Running, Date(None)));
        assert_eq!(c.state.health.unwrap().log[0].output, "no");
        assert_eq!(c.config.stop_timeout, Some(3));
        assert_eq!(c.host_config.memory, Some(0));
        assert_eq!(c.host_config.masked_paths.unwrap(), ["/proc/kcore"]);
        assert_eq!(c.network_settings.ports["80/tcp"].as_ref().unwrap()[0].host_port, "8080");
        assert_eq!(c.network_settings.ports["81/tcp"], None);
        assert_eq!((c.mounts[0].rw, &c.mounts[0].kind), (Some(false), &MountType::Volume));
        assert!(c.config.entrypoint.0.is_empty());
    }

    #[test]
    fn reads_podmans_nulls_and_variants() {
        let c = ContainerInspect::decode(
            br#"{"Id":"c1","Name":"/web-1","State":{"Status":"configured","Health":null},
              "Config":{"Entrypoint":"/init","Cmd":null,"Env":null,"Labels":null,"ExposedPorts":null,"StopSignal":"15"},
              "HostConfig":null,"NetworkSettings":{"Ports":null,"Networks":null},"Mounts":null}"#,
        )
        .unwrap();
        assert_eq!(c.state.status, ContainerStatus::Configured);
        assert_eq!(c.config.entrypoint.0, ["/init"]);
        assert_eq!(c.config.stop_signal, "15");
        assert!(c.network_settings.networks.is_empty() && c.mounts.is_empty());
    }
}
