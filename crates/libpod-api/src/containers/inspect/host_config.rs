//! What a container was created with, of the host.

use std::collections::BTreeMap;

use http_endpoint::{SecretMap, response};

use super::HostPort;
use crate::containers::words::RestartPolicyName;

response! {
    /// Settings of an [`Inspected`](super::Inspected) that concern the host.
    pub struct InspectedHostConfig {
        /// Named volumes and bind mounts, `source:destination:options`.
        binds: Vec<String> = "Binds",
        /// `systemd` or `cgroupfs`.
        cgroup_manager: String = "CgroupManager",
        /// Cgroup namespace: `private`, `host`, ...
        cgroup_mode: String = "CgroupMode",
        /// File into which its id was written.
        container_id_file: String = "ContainerIDFile",
        /// Logs.
        log_config: InspectedLogConfig = "LogConfig",
        /// Network namespace: `bridge`, `host`, `none`, `container:<id>`, ...
        network_mode: String = "NetworkMode",
        /// Published ports by port and protocol, `80/tcp`; none for a port that is only exposed (up to 4.x).
        port_bindings: BTreeMap<String, Option<Vec<HostPort>>> = "PortBindings",
        /// Restart policy.
        restart_policy: InspectedRestartPolicy = "RestartPolicy",
        /// It is removed when it ends.
        auto_remove: bool = "AutoRemove",
        /// Its image is removed with it (5.3).
        auto_remove_image: bool = "AutoRemoveImage",
        /// Annotations.
        annotations: BTreeMap<String, String> = "Annotations",
        /// Always empty.
        volume_driver: String = "VolumeDriver",
        /// Containers whose volumes it has.
        volumes_from: Vec<String> = "VolumesFrom",
        /// Capabilities beyond the engine's default.
        cap_add: Vec<String> = "CapAdd",
        /// Capabilities of the engine's default that it does not have.
        cap_drop: Vec<String> = "CapDrop",
        /// DNS servers.
        dns: Vec<String> = "Dns",
        /// Options of the resolver.
        dns_options: Vec<String> = "DnsOptions",
        /// Search domains.
        dns_search: Vec<String> = "DnsSearch",
        /// Additional hosts, `name:address`.
        extra_hosts: Vec<String> = "ExtraHosts",
        /// File that its `hosts` begins with (5.4).
        hosts_file: String = "HostsFile",
        /// Additional groups.
        group_add: Vec<String> = "GroupAdd",
        /// IPC namespace.
        ipc_mode: String = "IpcMode",
        /// Always empty.
        cgroup: String = "Cgroup",
        /// `default`, or `disabled`, `split`, `no-conmon`.
        cgroups: String = "Cgroups",
        /// Always empty.
        links: Vec<String> = "Links",
        /// How readily the kernel kills it when memory is short.
        oom_score_adj: i64 = "OomScoreAdj",
        /// Process namespace.
        pid_mode: String = "PidMode",
        /// It has all privileges.
        privileged: bool = "Privileged",
        /// All exposed ports are published.
        publish_all_ports: bool = "PublishAllPorts",
        /// Its root file system can only be read.
        readonly_rootfs: bool = "ReadonlyRootfs",
        /// Security options.
        security_opt: Vec<String> = "SecurityOpt",
        /// Options of tmpfs mounts, by path.
        tmpfs: BTreeMap<String, String> = "Tmpfs",
        /// UTS namespace.
        uts_mode: String = "UTSMode",
        /// User namespace.
        userns_mode: String = "UsernsMode",
        /// Ids of the user namespace.
        id_mappings: Option<InspectedIdMappings> = "IDMappings",
        /// Bytes of `/dev/shm`.
        shm_size: i64 = "ShmSize",
        /// Always `oci`.
        runtime: String = "Runtime",
        /// Always 0 and 0.
        console_size: Vec<u32> = "ConsoleSize",
        /// Always empty.
        isolation: String = "Isolation",
        /// Weight of its processors' time.
        cpu_shares: u64 = "CpuShares",
        /// Bytes of memory.
        memory: i64 = "Memory",
        /// Processors, in billionths.
        nano_cpus: i64 = "NanoCpus",
        /// Parent cgroup.
        cgroup_parent: String = "CgroupParent",
        /// Weight of block devices.
        blkio_weight: u16 = "BlkioWeight",
        /// Weight by device.
        blkio_weight_device: Vec<BlkioDeviceWeight> = "BlkioWeightDevice",
        /// Bytes per second that are read.
        blkio_device_read_bps: Vec<BlkioDeviceRate> = "BlkioDeviceReadBps",
        /// Bytes per second that are written.
        blkio_device_write_bps: Vec<BlkioDeviceRate> = "BlkioDeviceWriteBps",
        /// Reads per second.
        blkio_device_read_iops: Vec<BlkioDeviceRate> = "BlkioDeviceReadIOps",
        /// Writes per second.
        blkio_device_write_iops: Vec<BlkioDeviceRate> = "BlkioDeviceWriteIOps",
        /// Microseconds of a period.
        cpu_period: u64 = "CpuPeriod",
        /// Microseconds of each period.
        cpu_quota: i64 = "CpuQuota",
        /// Microseconds of a real-time period.
        cpu_realtime_period: u64 = "CpuRealtimePeriod",
        /// Microseconds of each real-time period.
        cpu_realtime_runtime: i64 = "CpuRealtimeRuntime",
        /// Processors, such as `0-3`.
        cpuset_cpus: String = "CpusetCpus",
        /// Memory nodes.
        cpuset_mems: String = "CpusetMems",
        /// Devices.
        devices: Vec<InspectedDevice> = "Devices",
        /// Always 0.
        disk_quota: u64 = "DiskQuota",
        /// Bytes of the kernel's memory.
        kernel_memory: i64 = "KernelMemory",
        /// Bytes that are kept when memory is short.
        memory_reservation: i64 = "MemoryReservation",
        /// Bytes of memory and swap together.
        memory_swap: i64 = "MemorySwap",
        /// How readily it is swapped out; absent when not set since Podman 6, 0 before.
        memory_swappiness: Option<i64> = "MemorySwappiness",
        /// Nothing is killed when memory is full.
        oom_kill_disable: bool = "OomKillDisable",
        /// A small init is its first process.
        init: bool = "Init",
        /// Processes; 0 is no limit.
        pids_limit: i64 = "PidsLimit",
        /// Resource limits of processes.
        ulimits: Vec<InspectedUlimit> = "Ulimits",
        /// Always 0.
        cpu_count: u64 = "CpuCount",
        /// Always 0.
        cpu_percent: u64 = "CpuPercent",
        /// Always 0.
        io_maximum_iops: u64 = "IOMaximumIOps",
        /// Always 0.
        io_maximum_bandwidth: u64 = "IOMaximumBandwidth",
        /// Files of cgroup v2 and what was written to them.
        cgroup_conf: BTreeMap<String, String> = "CgroupConf",
        /// Class of service of Intel RDT (4.8).
        intel_rdt_clos_id: String = "IntelRdtClosID",
    }
}

response! {
    /// Logs of a container.
    pub struct InspectedLogConfig {
        /// Driver: `journald`, `k8s-file`, `none`, ...
        kind: String = "Type",
        /// Options of the driver.
        config: SecretMap = "Config",
        /// File, where the driver has one.
        path: String = "Path",
        /// Tag.
        tag: String = "Tag",
        /// Size from which the file begins anew, such as `10MB`; `0B` is never.
        size: String = "Size",
    }
}

response! {
    /// Restart policy of a container.
    pub struct InspectedRestartPolicy {
        /// Policy.
        name: RestartPolicyName = "Name",
        /// How often `on-failure` starts it again; 0 is without end.
        maximum_retry_count: u64 = "MaximumRetryCount",
    }
}

response! {
    /// Ids of a user namespace, as `container:host:size`.
    pub struct InspectedIdMappings {
        /// Users.
        uid_map: Vec<String> = "UidMap",
        /// Groups.
        gid_map: Vec<String> = "GidMap",
    }
}

response! {
    /// Weight of a block device.
    pub struct BlkioDeviceWeight {
        /// Path on the host.
        path: String = "Path",
        /// Weight.
        weight: u16 = "Weight",
    }
}

response! {
    /// Limit of a block device.
    pub struct BlkioDeviceRate {
        /// Path on the host.
        path: String = "Path",
        /// Bytes or operations per second.
        rate: u64 = "Rate",
    }
}

response! {
    /// A device of a container.
    pub struct InspectedDevice {
        /// Path on the host.
        path_on_host: String = "PathOnHost",
        /// Path in the container.
        path_in_container: String = "PathInContainer",
        /// Any of `r`, `w` and `m`.
        cgroup_permissions: String = "CgroupPermissions",
    }
}

response! {
    /// A resource limit of processes.
    pub struct InspectedUlimit {
        /// `RLIMIT_NOFILE`, ...
        name: String = "Name",
        /// The limit that is in force; -1 is none.
        soft: i64 = "Soft",
        /// The limit up to which it may be raised; -1 is none.
        hard: i64 = "Hard",
    }
}
