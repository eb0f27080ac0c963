//! Limits of a cgroup.

use std::collections::BTreeMap;

use http_endpoint::request;

request! {
    /// Limits of a cgroup. What is not set stays as it is.
    pub struct Resources {
        /// Which devices may be used.
        devices / with_devices: Vec<DeviceRule> = "devices",
        /// Memory.
        memory / with_memory: Option<Memory> = "memory",
        /// Processors.
        cpu / with_cpu: Option<Cpu> = "cpu",
        /// Processes.
        pids / with_pids: Option<Pids> = "pids",
        /// Input and output of block devices.
        block_io / with_block_io: Option<BlockIo> = "blockIO",
        /// Huge pages.
        hugepage_limits / with_hugepage_limits: Vec<HugepageLimit> = "hugepageLimits",
        /// Network classes (cgroup v1).
        network / with_network: Option<NetworkClass> = "network",
        /// Remote direct memory access, by device.
        rdma / with_rdma: BTreeMap<String, Rdma> = "rdma",
        /// Files of cgroup v2 and what is written to them.
        unified / with_unified: BTreeMap<String, String> = "unified",
    }
}

request! {
    /// A rule for devices.
    pub struct DeviceRule {
        /// Whether it allows.
        allow / with_allow: bool = "allow" always,
        /// `a` (all), `c` or `b`.
        kind / with_kind: String = "type",
        /// Major number; all when not set.
        major / with_major: Option<i64> = "major",
        /// Minor number; all when not set.
        minor / with_minor: Option<i64> = "minor",
        /// Any of `r`, `w` and `m`.
        access / with_access: String = "access",
    }
}

request! {
    /// Limits of memory, in bytes; -1 is no limit.
    pub struct Memory {
        /// Memory (Compose: `mem_limit`, `deploy.resources.limits.memory`).
        limit / with_limit: Option<i64> = "limit",
        /// What is kept when memory is short (Compose: `mem_reservation`, `deploy.resources.reservations.memory`).
        reservation / with_reservation: Option<i64> = "reservation",
        /// Memory and swap together (Compose: `memswap_limit`). Podman doubles the memory where it is not set.
        swap / with_swap: Option<i64> = "swap",
        /// The kernel's memory (cgroup v1).
        kernel / with_kernel: Option<i64> = "kernel",
        /// The kernel's memory for TCP (cgroup v1).
        kernel_tcp / with_kernel_tcp: Option<i64> = "kernelTCP",
        /// How readily it is swapped out, 0 to 100 (Compose: `mem_swappiness`; cgroup v1).
        swappiness / with_swappiness: Option<u64> = "swappiness",
        /// Nothing is killed when it is full (Compose: `oom_kill_disable`; cgroup v1).
        disable_oom_killer / with_disable_oom_killer: Option<bool> = "disableOOMKiller",
        /// Children are counted, too (cgroup v1).
        use_hierarchy / with_use_hierarchy: Option<bool> = "useHierarchy",
        /// A limit below what is in use is refused.
        check_before_update / with_check_before_update: Option<bool> = "checkBeforeUpdate",
    }
}

request! {
    /// Limits of processors.
    pub struct Cpu {
        /// Weight beside others (Compose: `cpu_shares`).
        shares / with_shares: Option<u64> = "shares",
        /// Microseconds of each period (Compose: `cpu_quota`; `cpus: 1.5` is 150000 of 100000).
        quota / with_quota: Option<i64> = "quota",
        /// Microseconds above the quota that may have been saved up.
        burst / with_burst: Option<u64> = "burst",
        /// Microseconds of a period (Compose: `cpu_period`).
        period / with_period: Option<u64> = "period",
        /// Microseconds of each real-time period (Compose: `cpu_rt_runtime`; cgroup v1).
        realtime_runtime / with_realtime_runtime: Option<i64> = "realtimeRuntime",
        /// Microseconds of a real-time period (Compose: `cpu_rt_period`; cgroup v1).
        realtime_period / with_realtime_period: Option<u64> = "realtimePeriod",
        /// Processors, such as `0-3` (Compose: `cpuset`).
        cpus / with_cpus: String = "cpus",
        /// Memory nodes, such as `0-1`.
        mems / with_mems: String = "mems",
        /// 1 makes it run only when nothing else does.
        idle / with_idle: Option<i64> = "idle",
    }
}

request! {
    /// Limit of processes.
    pub struct Pids {
        /// How many; -1 is no limit (Compose: `pids_limit`, `deploy.resources.limits.pids`).
        limit / with_limit: Option<i64> = "limit",
    }
}

request! {
    /// Limits of block devices (Compose: `blkio_config`).
    pub struct BlockIo {
        /// Weight beside others, 10 to 1000.
        weight / with_weight: Option<u16> = "weight",
        /// Weight of its own processes beside its children (cgroup v1).
        leaf_weight / with_leaf_weight: Option<u16> = "leafWeight",
        /// Weights by device.
        weight_device / with_weight_device: Vec<WeightDevice> = "weightDevice",
        /// Bytes per second that are read, by device.
        throttle_read_bps_device / with_throttle_read_bps_device: Vec<ThrottleDevice> = "throttleReadBpsDevice",
        /// Bytes per second that are written, by device.
        throttle_write_bps_device / with_throttle_write_bps_device: Vec<ThrottleDevice> = "throttleWriteBpsDevice",
        /// Reads per second, by device.
        throttle_read_iops_device / with_throttle_read_iops_device: Vec<ThrottleDevice> = "throttleReadIOPSDevice",
        /// Writes per second, by device.
        throttle_write_iops_device / with_throttle_write_iops_device: Vec<ThrottleDevice>
            = "throttleWriteIOPSDevice",
    }
}

request! {
    /// Weight of a device. Where it stands by its path, Podman finds the numbers itself.
    pub struct WeightDevice {
        /// Major number.
        major / with_major: i64 = "major" always,
        /// Minor number.
        minor / with_minor: i64 = "minor" always,
        /// Weight, 10 to 1000.
        weight / with_weight: Option<u16> = "weight",
        /// Weight of its own processes beside its children (cgroup v1).
        leaf_weight / with_leaf_weight: Option<u16> = "leafWeight",
    }
}

request! {
    /// Limit of a device. Where it stands by its path, Podman finds the numbers itself.
    pub struct ThrottleDevice {
        /// Major number.
        major / with_major: i64 = "major" always,
        /// Minor number.
        minor / with_minor: i64 = "minor" always,
        /// Bytes or operations per second.
        rate / with_rate: u64 = "rate" always,
    }
}

request! {
    /// Limit of huge pages.
    pub struct HugepageLimit {
        required {
            /// Their size, such as `2MB`.
            page_size: String = "pageSize",
            /// Bytes.
            limit: u64 = "limit",
        }
    }
}

request! {
    /// Class of packets (cgroup v1).
    pub struct NetworkClass {
        /// Class.
        class_id / with_class_id: Option<u32> = "classID",
        /// Priorities by interface.
        priorities / with_priorities: Vec<InterfacePriority> = "priorities",
    }
}

request! {
    /// Priority of packets of an interface.
    pub struct InterfacePriority {
        required {
            /// Name of the interface.
            name: String = "name",
            /// Priority.
            priority: u32 = "priority",
        }
    }
}

request! {
    /// Limits of remote direct memory access.
    pub struct Rdma {
        /// Handles.
        hca_handles / with_hca_handles: Option<u32> = "hcaHandles",
        /// Objects.
        hca_objects / with_hca_objects: Option<u32> = "hcaObjects",
    }
}
