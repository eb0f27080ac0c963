//! Changes of a container that exists.

use std::collections::BTreeMap;

use http_endpoint::{EnvList, request};

use crate::oci;

request! {
    /// Changes of a container: the body of a [`ContainerUpdate`](super::ContainerUpdate). What is not set stays as
    /// it is.
    ///
    /// The limits are those of [`oci::Resources`]. Health checks and devices by path since 5.4, the environment since
    /// 5.5, resource limits of processes since 5.8; an older engine ignores them.
    pub struct UpdateEntities {
        /// Rules for devices.
        devices / with_devices: Vec<oci::DeviceRule> = "devices",
        /// Memory.
        memory / with_memory: Option<oci::Memory> = "memory",
        /// Processors.
        cpu / with_cpu: Option<oci::Cpu> = "cpu",
        /// Processes.
        pids / with_pids: Option<oci::Pids> = "pids",
        /// Block devices.
        block_io / with_block_io: Option<oci::BlockIo> = "blockIO",
        /// Huge pages.
        hugepage_limits / with_hugepage_limits: Vec<oci::HugepageLimit> = "hugepageLimits",
        /// Network classes.
        network / with_network: Option<oci::NetworkClass> = "network",
        /// Remote direct memory access.
        rdma / with_rdma: BTreeMap<String, oci::Rdma> = "rdma",
        /// Files of cgroup v2.
        unified / with_unified: BTreeMap<String, String> = "unified",
        /// Where probes are noted: `local`, `events_logger` or a folder. Earlier notes may be lost.
        health_log_destination / with_health_log_destination: Option<String> = "health_log_destination",
        /// How many characters of a probe are kept; 0 is all.
        health_max_log_size / with_health_max_log_size: Option<u64> = "health_max_log_size",
        /// How many probes are kept; 0 is all.
        health_max_log_count / with_health_max_log_count: Option<u64> = "health_max_log_count",
        /// What happens when it becomes unhealthy: `none`, `kill`, `restart`, `stop`.
        health_on_failure / with_health_on_failure: Option<String> = "health_on_failure",
        /// It has no health check any more.
        no_healthcheck / with_no_healthcheck: Option<bool> = "no_healthcheck",
        /// Command of the health check: a shell's, or a JSON list; `none` disables it.
        health_cmd / with_health_cmd: Option<String> = "health_cmd",
        /// Time between two probes, such as `30s`; `disable` makes no timer.
        health_interval / with_health_interval: Option<String> = "health_interval",
        /// Failures in a row that make it unhealthy.
        health_retries / with_health_retries: Option<u64> = "health_retries",
        /// After which a probe has failed, such as `30s`.
        health_timeout / with_health_timeout: Option<String> = "health_timeout",
        /// Time at the start in which failures do not count, such as `0s`.
        health_start_period / with_health_start_period: Option<String> = "health_start_period",
        /// Command of the check that runs until it has succeeded.
        health_startup_cmd / with_health_startup_cmd: Option<String> = "health_startup_cmd",
        /// Time between two of its probes.
        health_startup_interval / with_health_startup_interval: Option<String> = "health_startup_interval",
        /// Its failures after which the container is started anew.
        health_startup_retries / with_health_startup_retries: Option<u64> = "health_startup_retries",
        /// After which one of its probes has failed.
        health_startup_timeout / with_health_startup_timeout: Option<String> = "health_startup_timeout",
        /// Its successes in a row that end it; 0 is one.
        health_startup_success / with_health_startup_success: Option<u64> = "health_startup_success",
        /// Weights of block devices.
        blk_io_weight_device / with_blk_io_weight_device: Vec<DeviceWeight> = "BlkIOWeightDevice",
        /// Bytes read per second of block devices.
        device_read_bps / with_device_read_bps: Vec<DeviceRate> = "DeviceReadBPs",
        /// Bytes written per second of block devices.
        device_write_bps / with_device_write_bps: Vec<DeviceRate> = "DeviceWriteBPs",
        /// Reads per second of block devices.
        device_read_iops / with_device_read_iops: Vec<DeviceRate> = "DeviceReadIOPs",
        /// Writes per second of block devices.
        device_write_iops / with_device_write_iops: Vec<DeviceRate> = "DeviceWriteIOPs",
        /// Variables to set, `NAME=value`; in force with the next start (5.5).
        env / with_env: EnvList = "Env",
        /// Variables to take away (5.5).
        unset_env / with_unset_env: Vec<String> = "UnsetEnv",
        /// Resource limits of its processes, with a type such as `nofile` (5.8).
        r_limits / with_r_limits: Vec<oci::Rlimit> = "r_limits",
    }
}

request! {
    /// Weight of a block device.
    pub struct DeviceWeight {
        required {
            /// Path on the host.
            path: String = "Path",
            /// Weight, 10 to 1000.
            weight: u16 = "Weight",
        }
    }
}

request! {
    /// Limit of a block device.
    pub struct DeviceRate {
        required {
            /// Path on the host.
            path: String = "Path",
            /// Bytes or operations per second.
            rate: u64 = "Rate",
        }
    }
}
