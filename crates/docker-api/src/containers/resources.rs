//! Limits and devices of a container.

use std::collections::BTreeMap;

use http_endpoint::{request, response};

use super::RestartPolicy;

request! {
    /// New limits for a container: only what is set changes. Lists of devices may be set since API 1.55;
    /// `Some(vec![])` clears one.
    pub struct Resources {
        /// Weight of its processor time relative to others.
        cpu_shares / with_cpu_shares: Option<i64> = "CpuShares",
        /// Memory in bytes.
        memory / with_memory: Option<u64> = "Memory",
        /// Processors, in billionths.
        nano_cpus / with_nano_cpus: Option<i64> = "NanoCpus",
        /// Parent cgroup.
        cgroup_parent / with_cgroup_parent: Option<String> = "CgroupParent",
        /// Weight of its disk access relative to others, 10 to 1000.
        blkio_weight / with_blkio_weight: Option<u16> = "BlkioWeight",
        /// Weight by device.
        blkio_weight_device / with_blkio_weight_device: Option<Vec<WeightDevice>> = "BlkioWeightDevice",
        /// Bytes per second that may be read, by device.
        blkio_device_read_bps / with_blkio_device_read_bps: Option<Vec<ThrottleDevice>> = "BlkioDeviceReadBps",
        /// Bytes per second that may be written, by device.
        blkio_device_write_bps / with_blkio_device_write_bps: Option<Vec<ThrottleDevice>> = "BlkioDeviceWriteBps",
        /// Reads per second, by device.
        blkio_device_read_iops / with_blkio_device_read_iops: Option<Vec<ThrottleDevice>> = "BlkioDeviceReadIOps",
        /// Writes per second, by device.
        blkio_device_write_iops / with_blkio_device_write_iops: Option<Vec<ThrottleDevice>> = "BlkioDeviceWriteIOps",
        /// Period of the processor quota in microseconds.
        cpu_period / with_cpu_period: Option<i64> = "CpuPeriod",
        /// Processor time in each period, in microseconds.
        cpu_quota / with_cpu_quota: Option<i64> = "CpuQuota",
        /// Period of real-time scheduling in microseconds.
        cpu_realtime_period / with_cpu_realtime_period: Option<i64> = "CpuRealtimePeriod",
        /// Real-time processor time in each such period, in microseconds.
        cpu_realtime_runtime / with_cpu_realtime_runtime: Option<i64> = "CpuRealtimeRuntime",
        /// Processors that may be used, `0-2,4`.
        cpuset_cpus / with_cpuset_cpus: Option<String> = "CpusetCpus",
        /// Memory nodes that may be used.
        cpuset_mems / with_cpuset_mems: Option<String> = "CpusetMems",
        /// Devices; no engine changes them.
        devices / with_devices: Vec<DeviceMapping> = "Devices",
        /// Rules for devices; no engine changes them.
        device_cgroup_rules / with_device_cgroup_rules: Vec<String> = "DeviceCgroupRules",
        /// Devices of drivers; no engine changes them.
        device_requests / with_device_requests: Vec<DeviceRequest> = "DeviceRequests",
        /// Limit of the kernel's memory in bytes; gone in API 1.42.
        kernel_memory / with_kernel_memory: Option<i64> = "KernelMemory",
        /// Limit of the kernel's memory for TCP in bytes (API 1.40); gone in API 1.52.
        kernel_memory_tcp / with_kernel_memory_tcp: Option<i64> = "KernelMemoryTCP",
        /// Memory that is reserved, in bytes.
        memory_reservation / with_memory_reservation: Option<u64> = "MemoryReservation",
        /// Memory and swap in bytes; -1 is no limit of swap.
        memory_swap / with_memory_swap: Option<i64> = "MemorySwap",
        /// How readily memory is swapped out, 0 to 100.
        memory_swappiness / with_memory_swappiness: Option<i64> = "MemorySwappiness",
        /// Do not kill it when memory runs out (cgroup v1).
        oom_kill_disable / with_oom_kill_disable: Option<bool> = "OomKillDisable",
        /// Run an init process; no engine changes it.
        init / with_init: Option<bool> = "Init",
        /// Processes; 0 or -1 is no limit.
        pids_limit / with_pids_limit: Option<i64> = "PidsLimit",
        /// Ulimits; no engine changes them.
        ulimits / with_ulimits: Vec<Ulimit> = "Ulimits",
        /// Processors (Windows).
        cpu_count / with_cpu_count: Option<i64> = "CpuCount",
        /// Processor time in percent (Windows).
        cpu_percent / with_cpu_percent: Option<i64> = "CpuPercent",
        /// Disk operations per second (Windows).
        io_maximum_iops / with_io_maximum_iops: Option<u64> = "IOMaximumIOps",
        /// Disk bytes per second (Windows).
        io_maximum_bandwidth / with_io_maximum_bandwidth: Option<u64> = "IOMaximumBandwidth",
        /// When the engine starts the container again.
        restart_policy / with_restart_policy: Option<RestartPolicy> = "RestartPolicy",
    }
}

response! {
    /// What the engine says to new limits.
    pub struct ContainerUpdateResponse {
        /// What it did not like.
        warnings: Vec<String> = "Warnings",
    }
}

request! {
    /// The weight of a device.
    pub struct WeightDevice {
        required {
            /// Path of the device on the host.
            path: String = "Path",
            /// 10 to 1000.
            weight: u16 = "Weight",
        }
    }
}

request! {
    /// A limit for a device.
    pub struct ThrottleDevice {
        required {
            /// Path of the device on the host.
            path: String = "Path",
            /// Bytes or operations per second.
            rate: u64 = "Rate",
        }
    }
}

request! {
    /// A device.
    pub struct DeviceMapping {
        /// On the host.
        path_on_host / with_path_on_host: String = "PathOnHost",
        /// In the container.
        path_in_container / with_path_in_container: String = "PathInContainer",
        /// Some of `rwm`: reading, writing, making nodes.
        cgroup_permissions / with_cgroup_permissions: String = "CgroupPermissions",
    }
}

request! {
    /// Devices of a driver.
    pub struct DeviceRequest {
        /// Name of the driver, `nvidia`, `cdi`.
        driver / with_driver: String = "Driver",
        /// How many; -1 is all.
        count / with_count: i64 = "Count",
        /// Which, by the driver's own ids.
        device_ids / with_device_ids: Vec<String> = "DeviceIDs",
        /// What they must be able to do: each list is an alternative, of which everything must hold.
        capabilities / with_capabilities: Vec<Vec<String>> = "Capabilities",
        /// Options for the driver.
        options / with_options: BTreeMap<String, String> = "Options",
    }
}

request! {
    /// A ulimit; both limits are always sent.
    pub struct Ulimit {
        required {
            /// `nofile`, ...
            name: String = "Name",
            /// Soft limit; -1 is none.
            soft: i64 = "Soft",
            /// Hard limit; -1 is none.
            hard: i64 = "Hard",
        }
    }
}
