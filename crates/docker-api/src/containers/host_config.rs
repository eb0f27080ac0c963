//! What of a container depends on the host: in requests and in answers.

use std::collections::BTreeMap;
use std::fmt;

use http_endpoint::{SecretMap, Unset, request, words};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Mount;
use super::resources::{DeviceMapping, DeviceRequest, ThrottleDevice, Ulimit, WeightDevice};

request! {
    /// What depends on the host. An inspection gives it back in full, with the engine's defaults filled in.
    ///
    /// The fields from `cpu_shares` on are those of [`Resources`](super::Resources), too.
    pub struct HostConfig {
        /// Bind mounts and named volumes: `source:target[:options]`.
        binds / with_binds: Vec<String> = "Binds",
        /// File to which a client writes the id; the engine only keeps the note.
        container_id_file / with_container_id_file: String = "ContainerIDFile",
        /// Log driver.
        log_config / with_log_config: Option<LogConfig> = "LogConfig",
        /// `default`, `bridge`, `none`, `host`, `container:<id>`, or a network's name.
        network_mode / with_network_mode: Option<String> = "NetworkMode",
        /// Published ports by `port/protocol`.
        port_bindings / with_port_bindings: PortMap = "PortBindings",
        /// Restart policy.
        restart_policy / with_restart_policy: Option<RestartPolicy> = "RestartPolicy",
        /// Remove the container when it exits.
        auto_remove / with_auto_remove: bool = "AutoRemove",
        /// Driver of the volumes in `binds`.
        volume_driver / with_volume_driver: String = "VolumeDriver",
        /// Containers whose mounts it gets, too: `name[:ro|rw]`.
        volumes_from / with_volumes_from: Vec<String> = "VolumesFrom",
        /// Mounts in structured form.
        mounts / with_mounts: Vec<Mount> = "Mounts",
        /// Rows and columns of the terminal at the start (API 1.42).
        console_size / with_console_size: Option<[u16; 2]> = "ConsoleSize",
        /// OCI annotations (API 1.43).
        annotations / with_annotations: BTreeMap<String, String> = "Annotations",
        /// Capabilities to add.
        cap_add / with_cap_add: Vec<String> = "CapAdd",
        /// Capabilities to drop.
        cap_drop / with_cap_drop: Vec<String> = "CapDrop",
        /// Cgroup namespace: `host`, `private` (API 1.41).
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
        /// IPC namespace: `none`, `private`, `shareable`, `host`, `container:<id>`.
        ipc_mode / with_ipc_mode: Option<String> = "IpcMode",
        /// Cgroup to join, `container:<id>`; no engine does it any more.
        cgroup / with_cgroup: String = "Cgroup",
        /// Links to other containers, `name:alias` (legacy).
        links / with_links: Vec<String> = "Links",
        /// Adjustment of the out-of-memory score, -1000 to 1000.
        oom_score_adj / with_oom_score_adj: Option<i64> = "OomScoreAdj",
        /// PID namespace: `host`, `container:<id>`, or its own.
        pid_mode / with_pid_mode: Option<String> = "PidMode",
        /// All privileges.
        privileged / with_privileged: bool = "Privileged",
        /// Publish every exposed port at a free port of the host.
        publish_all_ports / with_publish_all_ports: bool = "PublishAllPorts",
        /// Read-only root file system.
        readonly_rootfs / with_readonly_rootfs: bool = "ReadonlyRootfs",
        /// Security options: `seccomp=...`, `apparmor=...`, `label=...`, `no-new-privileges`.
        security_opt / with_security_opt: Vec<String> = "SecurityOpt",
        /// Options of the storage driver, such as `size`.
        storage_opt / with_storage_opt: BTreeMap<String, String> = "StorageOpt",
        /// File systems in memory: mount options by path.
        tmpfs / with_tmpfs: BTreeMap<String, String> = "Tmpfs",
        /// UTS namespace: `host`, or its own.
        uts_mode / with_uts_mode: Option<String> = "UTSMode",
        /// User namespace: `host`, or as the engine is set up.
        userns_mode / with_userns_mode: Option<String> = "UsernsMode",
        /// Size of `/dev/shm` in bytes; 64 MiB by default.
        shm_size / with_shm_size: Option<u64> = "ShmSize",
        /// Sysctls.
        sysctls / with_sysctls: BTreeMap<String, String> = "Sysctls",
        /// OCI runtime; the engine's default one when absent.
        runtime / with_runtime: Option<String> = "Runtime",
        /// How containers are kept apart: `default`, `process`, `hyperv` (Windows).
        isolation / with_isolation: String = "Isolation",
        /// Paths that are hidden; `None` is the engine's list, `Some(vec![])` none.
        masked_paths / with_masked_paths: Option<Vec<String>> = "MaskedPaths",
        /// Paths that are read-only; `None` is the engine's list, `Some(vec![])` none.
        readonly_paths / with_readonly_paths: Option<Vec<String>> = "ReadonlyPaths",
        /// File mode mask of the first process, its execs and its probes, in octal (API 1.56).
        umask / with_umask: Option<String> = "Umask",
        /// Weight of its processor time relative to others; 1024 by default.
        cpu_shares / with_cpu_shares: Option<i64> = "CpuShares",
        /// Memory in bytes; 0 is no limit.
        memory / with_memory: Option<u64> = "Memory",
        /// Processors, in billionths; 0 is no limit.
        nano_cpus / with_nano_cpus: Option<i64> = "NanoCpus",
        /// Parent cgroup.
        cgroup_parent / with_cgroup_parent: Option<String> = "CgroupParent",
        /// Weight of its disk access relative to others, 10 to 1000.
        blkio_weight / with_blkio_weight: Option<u16> = "BlkioWeight",
        /// Weight by device.
        blkio_weight_device / with_blkio_weight_device: Vec<WeightDevice> = "BlkioWeightDevice",
        /// Bytes per second that may be read, by device.
        blkio_device_read_bps / with_blkio_device_read_bps: Vec<ThrottleDevice> = "BlkioDeviceReadBps",
        /// Bytes per second that may be written, by device.
        blkio_device_write_bps / with_blkio_device_write_bps: Vec<ThrottleDevice> = "BlkioDeviceWriteBps",
        /// Reads per second, by device.
        blkio_device_read_iops / with_blkio_device_read_iops: Vec<ThrottleDevice> = "BlkioDeviceReadIOps",
        /// Writes per second, by device.
        blkio_device_write_iops / with_blkio_device_write_iops: Vec<ThrottleDevice> = "BlkioDeviceWriteIOps",
        /// Period of the processor quota in microseconds; 100 ms by default.
        cpu_period / with_cpu_period: Option<i64> = "CpuPeriod",
        /// Processor time in each period, in microseconds; 0 is no limit.
        cpu_quota / with_cpu_quota: Option<i64> = "CpuQuota",
        /// Period of real-time scheduling in microseconds.
        cpu_realtime_period / with_cpu_realtime_period: Option<i64> = "CpuRealtimePeriod",
        /// Real-time processor time in each such period, in microseconds.
        cpu_realtime_runtime / with_cpu_realtime_runtime: Option<i64> = "CpuRealtimeRuntime",
        /// Processors that may be used, `0-2,4`.
        cpuset_cpus / with_cpuset_cpus: Option<String> = "CpusetCpus",
        /// Memory nodes that may be used.
        cpuset_mems / with_cpuset_mems: Option<String> = "CpusetMems",
        /// Devices.
        devices / with_devices: Vec<DeviceMapping> = "Devices",
        /// Rules for devices, `c 1:3 mr`.
        device_cgroup_rules / with_device_cgroup_rules: Vec<String> = "DeviceCgroupRules",
        /// Devices of drivers, such as graphics processors (API 1.40).
        device_requests / with_device_requests: Vec<DeviceRequest> = "DeviceRequests",
        /// Limit of the kernel's memory in bytes; gone in API 1.42.
        kernel_memory / with_kernel_memory: Option<i64> = "KernelMemory",
        /// Limit of the kernel's memory for TCP in bytes (API 1.40); gone in API 1.52.
        kernel_memory_tcp / with_kernel_memory_tcp: Option<i64> = "KernelMemoryTCP",
        /// Memory that is reserved, in bytes.
        memory_reservation / with_memory_reservation: Option<u64> = "MemoryReservation",
        /// Memory and swap in bytes; -1 is no limit of swap.
        memory_swap / with_memory_swap: Option<i64> = "MemorySwap",
        /// How readily memory is swapped out, 0 to 100; -1 or `None` is the host's own.
        memory_swappiness / with_memory_swappiness: Option<i64> = "MemorySwappiness",
        /// Do not kill it when memory runs out (cgroup v1).
        oom_kill_disable / with_oom_kill_disable: Option<bool> = "OomKillDisable",
        /// Run an init process; `None` is the engine's default.
        init / with_init: Option<bool> = "Init",
        /// Processes; 0 or -1 is no limit.
        pids_limit / with_pids_limit: Option<i64> = "PidsLimit",
        /// Ulimits.
        ulimits / with_ulimits: Vec<Ulimit> = "Ulimits",
        /// Processors (Windows).
        cpu_count / with_cpu_count: Option<i64> = "CpuCount",
        /// Processor time in percent (Windows).
        cpu_percent / with_cpu_percent: Option<i64> = "CpuPercent",
        /// Disk operations per second (Windows).
        io_maximum_iops / with_io_maximum_iops: Option<u64> = "IOMaximumIOps",
        /// Disk bytes per second (Windows).
        io_maximum_bandwidth / with_io_maximum_bandwidth: Option<u64> = "IOMaximumBandwidth",
    }
}

request! {
    /// A log driver.
    pub struct LogConfig {
        required {
            /// Driver: `json-file`, `local`, `journald`, `none`, ...
            kind: String = "Type",
        }
        /// Its options; some drivers take a token here.
        config / with_config: SecretMap = "Config",
    }
}

request! {
    /// Where a port is published.
    pub struct PortBinding {
        /// Host address; every one by default.
        host_ip / with_host_ip: Option<String> = "HostIp",
        /// Host port or range; a free one by default.
        host_port / with_host_port: Option<String> = "HostPort",
    }
}

/// Published ports by `port/protocol`. A port without bindings may be `null` in an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PortMap(pub BTreeMap<String, Vec<PortBinding>>);

impl Unset for PortMap {
    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for PortMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PortMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = BTreeMap::<String, Option<Vec<PortBinding>>>::deserialize(deserializer)?;
        Ok(Self(map.into_iter().map(|(port, bindings)| (port, bindings.unwrap_or_default())).collect()))
    }
}

words! {
    /// When the engine starts a container again.
    pub enum RestartPolicyName {
        /// Never.
        No = "no",
        /// Whenever it ends, and when the engine starts.
        Always = "always",
        /// As `always`, unless it was stopped by a call.
        UnlessStopped = "unless-stopped",
        /// When it ends with another exit code than 0.
        OnFailure = "on-failure",
    }
}

request! {
    /// When the engine starts the container again.
    pub struct RestartPolicy {
        required {
            /// When.
            name: RestartPolicyName = "Name",
        }
        /// How often, for `on-failure`; 0 or `None` is without end.
        maximum_retry_count / with_maximum_retry_count: Option<i64> = "MaximumRetryCount",
    }
}

impl fmt::Display for PortBinding {
    /// As the engines' tools print it, `127.0.0.1:8080`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host_ip.as_deref() {
            Some(ip) if !ip.is_empty() => write!(f, "{ip}:")?,
            _ => {}
        }
        f.write_str(self.host_port.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_without_bindings_may_be_null() {
        let host: HostConfig =
            serde_json::from_str(r#"{"PortBindings":{"80/tcp":null,"81/tcp":[{"HostPort":"1"}]}}"#).unwrap();
        assert_eq!(host.port_bindings.0["80/tcp"], []);
        assert_eq!(host.port_bindings.0["81/tcp"][0].to_string(), "1");
    }

    #[test]
    fn options_of_a_log_driver_are_not_shown() {
        let log = LogConfig::new("splunk")
            .with_config([("splunk-token", "hunter2")].into_iter().collect::<SecretMap>());
        assert!(!format!("{log:?}").contains("hunter2"));
        assert!(serde_json::to_string(&log).unwrap().contains("hunter2"));
    }

    #[test]
    fn an_empty_list_of_hidden_paths_is_not_the_engines() {
        let host = HostConfig::new().with_masked_paths(Vec::new());
        assert_eq!(serde_json::to_string(&host).unwrap(), r#"{"MaskedPaths":[]}"#);
    }
}
