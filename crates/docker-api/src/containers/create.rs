//! The body of a create call.

use std::collections::BTreeMap;

use crate::networks::EndpointConfig;
use crate::{EnvList, HealthConfig};
use http_endpoint::{Empty, request};

request! {
    /// What a container is created from.
    pub struct ContainerConfig {
        /// Host name.
        hostname / with_hostname: Option<String> = "Hostname",
        /// NIS domain name.
        domainname / with_domainname: Option<String> = "Domainname",
        /// `user[:group]`.
        user / with_user: Option<String> = "User",
        /// Exposed ports, `80/tcp`.
        exposed_ports / with_exposed_ports: BTreeMap<String, Empty> = "ExposedPorts",
        /// Allocate a terminal.
        tty / with_tty: bool = "Tty",
        /// Keep stdin open.
        open_stdin / with_open_stdin: bool = "OpenStdin",
        /// Close stdin when the first client that attached it leaves.
        stdin_once / with_stdin_once: bool = "StdinOnce",
        /// Environment.
        env / with_env: EnvList = "Env",
        /// Command; `None` is the image's, `Some(vec![])` is none.
        cmd / with_cmd: Option<Vec<String>> = "Cmd",
        /// Health check; `None` is the image's.
        healthcheck / with_healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Image reference or id.
        image / with_image: String = "Image",
        /// Paths of anonymous volumes.
        volumes / with_volumes: BTreeMap<String, Empty> = "Volumes",
        /// Working directory.
        working_dir / with_working_dir: Option<String> = "WorkingDir",
        /// Entry point; `None` is the image's, `Some(vec![])` is none.
        entrypoint / with_entrypoint: Option<Vec<String>> = "Entrypoint",
        /// MAC address; obsolete since API 1.44, where each endpoint has its own.
        mac_address / with_mac_address: Option<String> = "MacAddress",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// Stop signal.
        stop_signal / with_stop_signal: Option<String> = "StopSignal",
        /// Seconds until a stop call kills.
        stop_timeout / with_stop_timeout: Option<i64> = "StopTimeout",
        /// What depends on the host.
        host_config / with_host_config: Option<HostConfig> = "HostConfig",
        /// Networks.
        networking_config / with_networking_config: Option<NetworkingConfig> = "NetworkingConfig",
    }
}

request! {
    /// What depends on the host.
    pub struct HostConfig {
        /// Bind mounts and named volumes: `source:target[:options]`.
        binds / with_binds: Vec<String> = "Binds",
        /// Log driver.
        log_config / with_log_config: Option<LogConfig> = "LogConfig",
        /// `default`, `bridge`, `none`, `host`, `container:<id>`, or a network's name.
        network_mode / with_network_mode: Option<String> = "NetworkMode",
        /// Published ports by `port/protocol`.
        port_bindings / with_port_bindings: BTreeMap<String, Vec<PortBinding>> = "PortBindings",
        /// Restart policy.
        restart_policy / with_restart_policy: Option<RestartPolicy> = "RestartPolicy",
        /// Remove the container when it exits.
        auto_remove / with_auto_remove: bool = "AutoRemove",
        /// Mounts.
        mounts / with_mounts: Vec<Mount> = "Mounts",
        /// OCI annotations (API 1.43).
        annotations / with_annotations: BTreeMap<String, String> = "Annotations",
        /// Capabilities to add.
        cap_add / with_cap_add: Vec<String> = "CapAdd",
        /// Capabilities to drop.
        cap_drop / with_cap_drop: Vec<String> = "CapDrop",
        /// `host`, `private`.
        cgroupns_mode / with_cgroupns_mode: Option<String> = "CgroupnsMode",
        /// DNS servers.
        dns / with_dns: Vec<String> = "Dns",
        /// DNS options.
        dns_options / with_dns_options: Vec<String> = "DnsOptions",
        /// DNS search domains.
        dns_search / with_dns_search: Vec<String> = "DnsSearch",
        /// Entries for `/etc/hosts`, `host:ip`.
        extra_hosts / with_extra_hosts: Vec<String> = "ExtraHosts",
        /// Additional groups.
        group_add / with_group_add: Vec<String> = "GroupAdd",
        /// IPC namespace.
        ipc_mode / with_ipc_mode: Option<String> = "IpcMode",
        /// Adjustment of the out-of-memory score.
        oom_score_adj / with_oom_score_adj: Option<i64> = "OomScoreAdj",
        /// PID namespace.
        pid_mode / with_pid_mode: Option<String> = "PidMode",
        /// All privileges.
        privileged / with_privileged: bool = "Privileged",
        /// Read-only root file system.
        readonly_rootfs / with_readonly_rootfs: bool = "ReadonlyRootfs",
        /// Security options.
        security_opt / with_security_opt: Vec<String> = "SecurityOpt",
        /// File systems in memory: mount options by path.
        tmpfs / with_tmpfs: BTreeMap<String, String> = "Tmpfs",
        /// UTS namespace.
        uts_mode / with_uts_mode: Option<String> = "UTSMode",
        /// User namespace.
        userns_mode / with_userns_mode: Option<String> = "UsernsMode",
        /// Size of `/dev/shm` in bytes.
        shm_size / with_shm_size: Option<u64> = "ShmSize",
        /// Sysctls.
        sysctls / with_sysctls: BTreeMap<String, String> = "Sysctls",
        /// OCI runtime.
        runtime / with_runtime: Option<String> = "Runtime",
        /// Relative weight.
        cpu_shares / with_cpu_shares: Option<i64> = "CpuShares",
        /// Memory in bytes.
        memory / with_memory: Option<u64> = "Memory",
        /// Processors, in billionths.
        nano_cpus / with_nano_cpus: Option<i64> = "NanoCpus",
        /// Parent cgroup.
        cgroup_parent / with_cgroup_parent: Option<String> = "CgroupParent",
        /// Period in microseconds.
        cpu_period / with_cpu_period: Option<i64> = "CpuPeriod",
        /// Quota in microseconds.
        cpu_quota / with_cpu_quota: Option<i64> = "CpuQuota",
        /// Processors that may be used.
        cpuset_cpus / with_cpuset_cpus: Option<String> = "CpusetCpus",
        /// Devices.
        devices / with_devices: Vec<DeviceMapping> = "Devices",
        /// Memory that is reserved, in bytes.
        memory_reservation / with_memory_reservation: Option<u64> = "MemoryReservation",
        /// Memory and swap in bytes.
        memory_swap / with_memory_swap: Option<i64> = "MemorySwap",
        /// Do not kill it when memory runs out.
        oom_kill_disable / with_oom_kill_disable: Option<bool> = "OomKillDisable",
        /// Run an init process.
        init / with_init: Option<bool> = "Init",
        /// Processes.
        pids_limit / with_pids_limit: Option<i64> = "PidsLimit",
        /// Ulimits.
        ulimits / with_ulimits: Vec<Ulimit> = "Ulimits",
    }
}

request! {
    /// A log driver.
    pub struct LogConfig {
        /// Driver.
        kind / with_kind: String = "Type",
        /// Its options.
        config / with_config: BTreeMap<String, String> = "Config",
    }
}

request! {
    /// Where a port is published.
    pub struct PortBinding {
        /// Host address.
        host_ip / with_host_ip: Option<String> = "HostIp",
        /// Host port or range.
        host_port / with_host_port: Option<String> = "HostPort",
    }
}

request! {
    /// When the engine starts the container again.
    pub struct RestartPolicy {
        /// `no`, `always`, `unless-stopped`, `on-failure`.
        name / with_name: String = "Name",
        /// How often, for `on-failure`.
        maximum_retry_count / with_maximum_retry_count: Option<i64> = "MaximumRetryCount",
    }
}

request! {
    /// A mount in structured form.
    pub struct Mount {
        /// `bind`, `volume`, `tmpfs`, `image`.
        kind / with_kind: String = "Type",
        /// Host path, volume name or image.
        source / with_source: Option<String> = "Source",
        /// Path in the container.
        target / with_target: String = "Target",
        /// Read-only.
        read_only / with_read_only: bool = "ReadOnly",
        /// For a bind mount.
        bind_options / with_bind_options: Option<BindOptions> = "BindOptions",
        /// For a volume.
        volume_options / with_volume_options: Option<VolumeOptions> = "VolumeOptions",
        /// For a file system in memory.
        tmpfs_options / with_tmpfs_options: Option<TmpfsOptions> = "TmpfsOptions",
        /// For an image (API 1.48).
        image_options / with_image_options: Option<ImageOptions> = "ImageOptions",
    }
}

request! {
    /// Options of a bind mount.
    pub struct BindOptions {
        /// `rprivate`, `rshared`, ...
        propagation / with_propagation: Option<String> = "Propagation",
        /// Create the source as a directory where it is missing (API 1.42).
        create_mountpoint / with_create_mountpoint: bool = "CreateMountpoint",
    }
}

request! {
    /// Options of a volume.
    pub struct VolumeOptions {
        /// Do not copy what the image has at the target.
        no_copy / with_no_copy: bool = "NoCopy",
        /// Path within the volume (API 1.45).
        subpath / with_subpath: Option<String> = "Subpath",
    }
}

request! {
    /// Options of a file system in memory.
    pub struct TmpfsOptions {
        /// Bytes.
        size_bytes / with_size_bytes: Option<u64> = "SizeBytes",
        /// Mode bits.
        mode / with_mode: Option<u32> = "Mode",
    }
}

request! {
    /// Options of an image mount.
    pub struct ImageOptions {
        /// Path within the image.
        subpath / with_subpath: Option<String> = "Subpath",
    }
}

request! {
    /// A device.
    pub struct DeviceMapping {
        /// On the host.
        path_on_host / with_path_on_host: String = "PathOnHost",
        /// In the container.
        path_in_container / with_path_in_container: String = "PathInContainer",
        /// `rwm`.
        cgroup_permissions / with_cgroup_permissions: String = "CgroupPermissions",
    }
}

request! {
    /// A ulimit; both limits are always sent.
    pub struct Ulimit {
        required {
            /// `nofile`, ...
            name: String = "Name",
            /// Soft limit.
            soft: i64 = "Soft",
            /// Hard limit.
            hard: i64 = "Hard",
        }
    }
}

request! {
    /// Networks.
    pub struct NetworkingConfig {
        /// How it is attached, by network. Before API 1.44 Docker takes one at most.
        endpoints_config / with_endpoints_config: BTreeMap<String, EndpointConfig> = "EndpointsConfig",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_not_sent_but_an_empty_command_is() {
        let config = ContainerConfig::new().with_image("bb");
        assert_eq!(serde_json::to_string(&config).unwrap(), r#"{"Image":"bb"}"#);
        let config = config.with_cmd(Vec::new()).with_entrypoint(vec!["/a".to_owned()]);
        assert_eq!(serde_json::to_string(&config).unwrap(), r#"{"Cmd":[],"Image":"bb","Entrypoint":["/a"]}"#);
    }

    #[test]
    fn environment_values_are_not_in_debug_output() {
        let config = ContainerConfig::new().with_env(["A=hunter2"].into_iter().collect::<EnvList>());
        let shown = format!("{:?}", crate::containers::ContainerCreate::new(config.clone()));
        assert!(!shown.contains("hunter2"), "{shown}");
        assert_eq!(serde_json::to_string(&config).unwrap(), r#"{"Env":["A=hunter2"]}"#);
    }
}
