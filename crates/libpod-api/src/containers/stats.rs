//! What containers use.

use std::collections::BTreeMap;

use http_endpoint::{Date, GoError, response};

response! {
    /// One line of a [`ContainersStats`](super::ContainersStats).
    pub struct StatsReport {
        /// Why there is nothing.
        error: GoError = "Error",
        /// Containers. One that ends just drops out.
        stats: Vec<ContainerUsage> = "Stats",
    }
}

response! {
    /// What a container uses.
    pub struct ContainerUsage {
        /// Percent of one processor since its start.
        avg_cpu: f64 = "AvgCPU",
        /// Full id.
        container_id: String = "ContainerID",
        /// Name.
        name: String = "Name",
        /// Nanoseconds by processor (up to 5.8; cgroup v1 only).
        per_cpu: Vec<u64> = "PerCPU",
        /// Percent of one processor since the line before.
        cpu: f64 = "CPU",
        /// Nanoseconds of processors' time in all.
        cpu_nano: u64 = "CPUNano",
        /// Nanoseconds of them in the kernel.
        cpu_system_nano: u64 = "CPUSystemNano",
        /// The time of this line, nanoseconds since the epoch.
        system_nano: u64 = "SystemNano",
        /// Bytes of memory.
        mem_usage: u64 = "MemUsage",
        /// The limit of memory, or what the host has.
        mem_limit: u64 = "MemLimit",
        /// Percent of the limit.
        mem_perc: f64 = "MemPerc",
        /// Interfaces by name (5.0).
        network: BTreeMap<String, InterfaceUsage> = "Network",
        /// Bytes received (4.x).
        net_input: u64 = "NetInput",
        /// Bytes sent (4.x).
        net_output: u64 = "NetOutput",
        /// Bytes read from block devices.
        block_input: u64 = "BlockInput",
        /// Bytes written to block devices.
        block_output: u64 = "BlockOutput",
        /// Processes.
        pids: u64 = "PIDs",
        /// Nanoseconds of processors' time, again.
        up_time: i64 = "UpTime",
        /// Nanoseconds of processors' time, again.
        duration: u64 = "Duration",
    }
}

response! {
    /// What went through an interface.
    pub struct InterfaceUsage {
        /// Bytes received.
        rx_bytes: u64 = "RxBytes" | "rx_bytes",
        /// Packets dropped that came.
        rx_dropped: u64 = "RxDropped" | "rx_dropped",
        /// Errors of receiving.
        rx_errors: u64 = "RxErrors" | "rx_errors",
        /// Packets received.
        rx_packets: u64 = "RxPackets" | "rx_packets",
        /// Bytes sent.
        tx_bytes: u64 = "TxBytes" | "tx_bytes",
        /// Packets dropped that were to go.
        tx_dropped: u64 = "TxDropped" | "tx_dropped",
        /// Errors of sending.
        tx_errors: u64 = "TxErrors" | "tx_errors",
        /// Packets sent.
        tx_packets: u64 = "TxPackets" | "tx_packets",
    }
}

response! {
    /// One line of a [`ContainerStats`](super::ContainerStats): Docker's shape.
    pub struct DockerStats {
        /// When it was read.
        read: Date = "read",
        /// When the line before was read.
        preread: Date = "preread",
        /// Processes.
        pids_stats: PidsStats = "pids_stats",
        /// Block devices.
        blkio_stats: BlkioStats = "blkio_stats",
        /// Always 0.
        num_procs: u32 = "num_procs",
        /// Always empty.
        storage_stats: StorageStats = "storage_stats",
        /// Processors.
        cpu_stats: CpuStats = "cpu_stats",
        /// Processors at the line before.
        precpu_stats: CpuStats = "precpu_stats",
        /// Memory.
        memory_stats: MemoryStats = "memory_stats",
        /// Name.
        name: String = "name",
        /// Full id.
        id: String = "Id" | "id",
        /// Interfaces by name.
        networks: BTreeMap<String, InterfaceUsage> = "networks",
    }
}

response! {
    /// Processes.
    pub struct PidsStats {
        /// How many there are.
        current: u64 = "current",
        /// How many there may be.
        limit: u64 = "limit",
    }
}

response! {
    /// Block devices; only the first is filled.
    pub struct BlkioStats {
        /// Bytes.
        io_service_bytes_recursive: Vec<BlkioEntry> = "io_service_bytes_recursive",
        /// Operations.
        io_serviced_recursive: Vec<BlkioEntry> = "io_serviced_recursive",
        /// Operations that wait.
        io_queue_recursive: Vec<BlkioEntry> = "io_queue_recursive",
        /// Time that operations took.
        io_service_time_recursive: Vec<BlkioEntry> = "io_service_time_recursive",
        /// Time that operations waited.
        io_wait_time_recursive: Vec<BlkioEntry> = "io_wait_time_recursive",
        /// Operations that were merged.
        io_merged_recursive: Vec<BlkioEntry> = "io_merged_recursive",
        /// Time of the devices.
        io_time_recursive: Vec<BlkioEntry> = "io_time_recursive",
        /// Sectors.
        sectors_recursive: Vec<BlkioEntry> = "sectors_recursive",
    }
}

response! {
    /// A number of a block device.
    pub struct BlkioEntry {
        /// Major number.
        major: u64 = "major",
        /// Minor number.
        minor: u64 = "minor",
        /// `Read`, `Write`, ...
        op: String = "op",
        /// The number.
        value: u64 = "value",
    }
}

response! {
    /// Storage, on Windows.
    pub struct StorageStats {
        /// Reads.
        read_count_normalized: u64 = "read_count_normalized",
        /// Bytes read.
        read_size_bytes: u64 = "read_size_bytes",
        /// Writes.
        write_count_normalized: u64 = "write_count_normalized",
        /// Bytes written.
        write_size_bytes: u64 = "write_size_bytes",
    }
}

response! {
    /// Processors.
    pub struct CpuStats {
        /// The container's time.
        cpu_usage: CpuUsage = "cpu_usage",
        /// Nanoseconds of the container's cgroup in the kernel.
        system_cpu_usage: u64 = "system_cpu_usage",
        /// Processors of the host.
        online_cpus: u32 = "online_cpus",
        /// Percent of one processor.
        cpu: f64 = "cpu",
        /// How often it had to wait.
        throttling_data: ThrottlingData = "throttling_data",
    }
}

response! {
    /// Nanoseconds of processors' time.
    pub struct CpuUsage {
        /// In all.
        total_usage: u64 = "total_usage",
        /// By processor.
        percpu_usage: Vec<u64> = "percpu_usage",
        /// In the kernel.
        usage_in_kernelmode: u64 = "usage_in_kernelmode",
        /// In programs; wraps below zero, since the engine computes it from two readings.
        usage_in_usermode: u64 = "usage_in_usermode",
    }
}

response! {
    /// How often a container had to wait for processors; always 0.
    pub struct ThrottlingData {
        /// Periods.
        periods: u64 = "periods",
        /// Periods in which it had to wait.
        throttled_periods: u64 = "throttled_periods",
        /// Nanoseconds.
        throttled_time: u64 = "throttled_time",
    }
}

response! {
    /// Memory, in bytes.
    pub struct MemoryStats {
        /// In use.
        usage: u64 = "usage",
        /// At most so far.
        max_usage: u64 = "max_usage",
        /// Further numbers, by name.
        stats: BTreeMap<String, u64> = "stats",
        /// How often the limit was reached.
        failcnt: u64 = "failcnt",
        /// The limit, or what the host has.
        limit: u64 = "limit",
        /// Committed, on Windows.
        commitbytes: u64 = "commitbytes",
        /// Committed at most, on Windows.
        commitpeakbytes: u64 = "commitpeakbytes",
        /// Private working set, on Windows.
        privateworkingset: u64 = "privateworkingset",
    }
}
