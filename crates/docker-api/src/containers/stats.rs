//! What a container uses.

use std::collections::BTreeMap;

use crate::Date;
use http_endpoint::response;

response! {
    /// One sample of what a container uses. All numbers are 0 where it does not run. Which are there depends on
    /// the version of the host's cgroups.
    pub struct Stats {
        /// Full id; empty in one-shot samples.
        id: String = "id" | "Id",
        /// Name, with a leading slash; empty in one-shot samples.
        name: String = "name",
        /// `linux`, `windows` (API 1.52).
        os_type: String = "os_type",
        /// When the sample was taken.
        read: Date = "read",
        /// When the sample before it was taken.
        preread: Date = "preread",
        /// Processor time.
        cpu_stats: CpuStats = "cpu_stats",
        /// Processor time at the sample before; zero in the first one and in one-shot samples.
        precpu_stats: CpuStats = "precpu_stats",
        /// Memory.
        memory_stats: MemoryStats = "memory_stats",
        /// Processes.
        pids_stats: PidsStats = "pids_stats",
        /// Disk access.
        blkio_stats: BlkioStats = "blkio_stats",
        /// Traffic by interface in the container.
        networks: BTreeMap<String, NetworkStats> = "networks",
        /// Processes (Windows).
        num_procs: u32 = "num_procs",
        /// Disk access (Windows).
        storage_stats: StorageStats = "storage_stats",
    }
}

impl Stats {
    /// Processor use since the sample before, where 1.0 is one processor; `None` without a sample before.
    ///
    /// ```
    /// let stats: docker_api::containers::Stats = serde_json::from_str(
    ///     r#"{"cpu_stats":{"cpu_usage":{"total_usage":300},"system_cpu_usage":2000,"online_cpus":2},
    ///         "precpu_stats":{"cpu_usage":{"total_usage":100},"system_cpu_usage":1000}}"#,
    /// )
    /// .unwrap();
    /// assert_eq!(stats.cpus(), Some(0.4));
    /// ```
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than a float holds")]
    pub fn cpus(&self) -> Option<f64> {
        let before = &self.precpu_stats;
        let system = self.cpu_stats.system_cpu_usage.checked_sub(before.system_cpu_usage)?;
        let used = self.cpu_stats.cpu_usage.total_usage.checked_sub(before.cpu_usage.total_usage)?;
        if before.system_cpu_usage == 0 || system == 0 {
            return None;
        }
        Some(used as f64 / system as f64 * f64::from(self.cpu_stats.online_cpus))
    }
}

response! {
    /// Processor time of a container.
    pub struct CpuStats {
        /// Of the container.
        cpu_usage: CpuUsage = "cpu_usage",
        /// Of the whole host, in nanoseconds.
        system_cpu_usage: u64 = "system_cpu_usage",
        /// Processors of the host.
        online_cpus: u32 = "online_cpus",
        /// How often it hit its quota.
        throttling_data: ThrottlingData = "throttling_data",
        /// Processor use in percent, where Podman tells it.
        cpu: f64 = "cpu",
    }
}

response! {
    /// Processor time in nanoseconds.
    pub struct CpuUsage {
        /// In all.
        total_usage: u64 = "total_usage",
        /// By processor (cgroup v1).
        percpu_usage: Vec<u64> = "percpu_usage",
        /// In the kernel.
        usage_in_kernelmode: u64 = "usage_in_kernelmode",
        /// In programs.
        usage_in_usermode: u64 = "usage_in_usermode",
    }
}

response! {
    /// How often a container hit its processor quota.
    pub struct ThrottlingData {
        /// Periods that were looked at.
        periods: u64 = "periods",
        /// Periods in which it hit the quota.
        throttled_periods: u64 = "throttled_periods",
        /// Nanoseconds for which it had to wait.
        throttled_time: u64 = "throttled_time",
    }
}

response! {
    /// Memory of a container, in bytes.
    pub struct MemoryStats {
        /// Used, caches of files included.
        usage: u64 = "usage",
        /// The most that was ever used (cgroup v1).
        max_usage: u64 = "max_usage",
        /// The kernel's own numbers by name, which differ between cgroup v1 and v2.
        stats: BTreeMap<String, u64> = "stats",
        /// How often the limit was hit (cgroup v1).
        failcnt: u64 = "failcnt",
        /// The limit; the host's memory without one.
        limit: u64 = "limit",
        /// Committed (Windows).
        commit: u64 = "commitbytes",
        /// The most that was ever committed (Windows).
        commit_peak: u64 = "commitpeakbytes",
        /// Private working set (Windows).
        private_working_set: u64 = "privateworkingset",
    }
}

response! {
    /// Processes of a container.
    pub struct PidsStats {
        /// How many there are.
        current: u64 = "current",
        /// How many there may be; the largest number without a limit.
        limit: u64 = "limit",
    }
}

response! {
    /// Disk access of a container; most lists are empty on cgroup v2.
    pub struct BlkioStats {
        /// Bytes.
        io_service_bytes_recursive: Vec<BlkioEntry> = "io_service_bytes_recursive",
        /// Operations.
        io_serviced_recursive: Vec<BlkioEntry> = "io_serviced_recursive",
        /// Operations that wait.
        io_queue_recursive: Vec<BlkioEntry> = "io_queue_recursive",
        /// Nanoseconds from begin to end.
        io_service_time_recursive: Vec<BlkioEntry> = "io_service_time_recursive",
        /// Nanoseconds of waiting.
        io_wait_time_recursive: Vec<BlkioEntry> = "io_wait_time_recursive",
        /// Operations that were merged.
        io_merged_recursive: Vec<BlkioEntry> = "io_merged_recursive",
        /// Milliseconds of disk time.
        io_time_recursive: Vec<BlkioEntry> = "io_time_recursive",
        /// Sectors.
        sectors_recursive: Vec<BlkioEntry> = "sectors_recursive",
    }
}

response! {
    /// A number by device and operation.
    pub struct BlkioEntry {
        /// Major number of the device.
        major: u64 = "major",
        /// Minor number of the device.
        minor: u64 = "minor",
        /// `read`, `write`, `sync`, `total`, ...
        op: String = "op",
        /// The number.
        value: u64 = "value",
    }
}

response! {
    /// Traffic of an interface since it is there.
    pub struct NetworkStats {
        /// Bytes received.
        rx_bytes: u64 = "rx_bytes",
        /// Packets received.
        rx_packets: u64 = "rx_packets",
        /// Receive errors.
        rx_errors: u64 = "rx_errors",
        /// Received packets that were dropped.
        rx_dropped: u64 = "rx_dropped",
        /// Bytes sent.
        tx_bytes: u64 = "tx_bytes",
        /// Packets sent.
        tx_packets: u64 = "tx_packets",
        /// Send errors.
        tx_errors: u64 = "tx_errors",
        /// Packets that were dropped instead of sent.
        tx_dropped: u64 = "tx_dropped",
        /// Id of the endpoint (Windows).
        endpoint_id: String = "endpoint_id",
        /// Id of the instance (Windows).
        instance_id: String = "instance_id",
    }
}

response! {
    /// Disk access on Windows.
    pub struct StorageStats {
        /// Read operations.
        read_count_normalized: u64 = "read_count_normalized",
        /// Bytes read.
        read_size_bytes: u64 = "read_size_bytes",
        /// Write operations.
        write_count_normalized: u64 = "write_count_normalized",
        /// Bytes written.
        write_size_bytes: u64 = "write_size_bytes",
    }
}
