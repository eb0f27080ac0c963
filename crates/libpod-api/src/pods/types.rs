//! What is known about pods.

use std::collections::BTreeMap;

use http_endpoint::{Date, GoError, response, words};

use crate::containers::{BlkioDeviceRate, BlkioDeviceWeight, HostPort, InspectedDevice, MountInfo};

words! {
    /// The state of a pod, from those of its containers.
    pub enum PodState {
        /// It was made, and nothing was started.
        Created = "Created",
        /// All run.
        Running = "Running",
        /// Some run.
        Degraded = "Degraded",
        /// All are paused.
        Paused = "Paused",
        /// All ended well.
        Exited = "Exited",
        /// Some ended, and others were not started.
        Stopped = "Stopped",
        /// Some ended with a failure.
        Error = "Error",
    }
}

response! {
    /// One pod of a [`PodList`](super::PodList).
    pub struct ListPodsReport {
        /// Its cgroup.
        cgroup: String = "Cgroup",
        /// Its containers.
        containers: Vec<ListPodContainer> = "Containers",
        /// When it was made.
        created: Date = "Created",
        /// Its id.
        id: String = "Id",
        /// Id of its infra container.
        infra_id: String = "InfraId",
        /// Its name.
        name: String = "Name",
        /// Not used by the engines.
        namespace: String = "Namespace",
        /// Networks that it is in.
        networks: Vec<String> = "Networks",
        /// Its state.
        status: PodState = "Status",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
    }
}

response! {
    /// One container of a [`ListPodsReport`].
    pub struct ListPodContainer {
        /// Its id.
        id: String = "Id",
        /// Its name.
        names: String = "Names",
        /// Its state.
        status: String = "Status",
        /// How often its restart policy has started it again; since 5.1.
        restart_count: u64 = "RestartCount",
    }
}

response! {
    /// A pod in full.
    pub struct InspectPodData {
        /// Its id.
        id: String = "Id",
        /// Its name.
        name: String = "Name",
        /// Not used by the engines.
        namespace: String = "Namespace",
        /// When it was made.
        created: Date = "Created",
        /// The command by which it was made.
        create_command: Vec<String> = "CreateCommand",
        /// What happens when its last container ends: `continue` or `stop`.
        exit_policy: String = "ExitPolicy",
        /// Its state.
        state: PodState = "State",
        /// Its host name.
        hostname: String = "Hostname",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Whether it has a cgroup.
        create_cgroup: bool = "CreateCgroup",
        /// Parent of its cgroup.
        cgroup_parent: String = "CgroupParent",
        /// Its cgroup.
        cgroup_path: String = "CgroupPath",
        /// Whether it has an infra container.
        create_infra: bool = "CreateInfra",
        /// Id of its infra container.
        infra_container_id: String = "InfraContainerID",
        /// What its infra container is made with.
        infra_config: Option<InspectPodInfraConfig> = "InfraConfig",
        /// Namespaces that its containers share: `ipc`, `net`, `uts`, ...
        shared_namespaces: Vec<String> = "SharedNamespaces",
        /// How many containers it has, with the infra container.
        num_containers: u64 = "NumContainers",
        /// Its containers.
        containers: Vec<InspectPodContainerInfo> = "Containers",
        /// Processor period in microseconds.
        cpu_period: u64 = "cpu_period",
        /// Processor quota in microseconds.
        cpu_quota: i64 = "cpu_quota",
        /// Relative weight for processors.
        cpu_shares: u64 = "cpu_shares",
        /// Processors.
        cpuset_cpus: String = "cpuset_cpus",
        /// Memory nodes.
        cpuset_mems: String = "cpuset_mems",
        /// Mounts of its infra container, which the others have, too.
        mounts: Vec<MountInfo> = "mounts",
        /// Devices.
        devices: Vec<InspectedDevice> = "devices",
        /// Limits of reading, bytes per second.
        device_read_bps: Vec<BlkioDeviceRate> = "device_read_bps",
        /// Limits of writing, bytes per second.
        device_write_bps: Vec<BlkioDeviceRate> = "device_write_bps",
        /// Containers whose volumes it has.
        volumes_from: Vec<String> = "volumes_from",
        /// Security options.
        security_opt: Vec<String> = "security_opt",
        /// Memory in bytes.
        memory_limit: u64 = "memory_limit",
        /// Memory and swap in bytes.
        memory_swap: u64 = "memory_swap",
        /// Relative weight for devices.
        blkio_weight: u64 = "blkio_weight",
        /// Relative weight for each device.
        blkio_weight_device: Vec<BlkioDeviceWeight> = "blkio_weight_device",
        /// Restart policy of its containers; since 4.5.
        restart_policy: String = "RestartPolicy",
        /// Number of its lock; since 5.0.
        lock_number: u32 = "LockNumber",
    }
}

response! {
    /// What the infra container of a pod is made with.
    pub struct InspectPodInfraConfig {
        /// Published ports, by the port of the pod (`80/tcp`).
        port_bindings: BTreeMap<String, Vec<HostPort>> = "PortBindings",
        /// Whether it uses the host's network.
        host_network: bool = "HostNetwork",
        /// Its address, where one was asked for.
        static_ip: String = "StaticIP",
        /// Its MAC address, where one was asked for.
        static_mac: String = "StaticMAC",
        /// Leave `/etc/resolv.conf` as the images have it.
        no_manage_resolv_conf: bool = "NoManageResolvConf",
        /// DNS servers.
        dns_server: Vec<String> = "DNSServer",
        /// DNS search domains.
        dns_search: Vec<String> = "DNSSearch",
        /// DNS options.
        dns_option: Vec<String> = "DNSOption",
        /// Leave `/etc/hostname` as the images have it; since 5.4.
        no_manage_hostname: bool = "NoManageHostname",
        /// Leave `/etc/hosts` as the images have it.
        no_manage_hosts: bool = "NoManageHosts",
        /// Further hosts, `name:address`.
        host_add: Vec<String> = "HostAdd",
        /// What `/etc/hosts` begins with; since 5.4.
        hosts_file: String = "HostsFile",
        /// Networks that it is in.
        networks: Vec<String> = "Networks",
        /// Options by network mode.
        network_options: BTreeMap<String, Vec<String>> = "NetworkOptions",
        /// Processor period in microseconds.
        cpu_period: u64 = "cpu_period",
        /// Processor quota in microseconds.
        cpu_quota: i64 = "cpu_quota",
        /// Processors.
        cpuset_cpus: String = "cpuset_cpus",
        /// Process namespace.
        pid_ns: String = "pid_ns",
        /// User namespace.
        userns: String = "userns",
        /// Host name namespace.
        uts_ns: String = "uts_ns",
    }
}

response! {
    /// One container of an [`InspectPodData`].
    pub struct InspectPodContainerInfo {
        /// Its id.
        id: String = "Id",
        /// Its name.
        name: String = "Name",
        /// Its state.
        state: String = "State",
    }
}

response! {
    /// What became of the containers of a pod.
    pub struct PodReport {
        /// What failed, one for each container.
        errors: Vec<GoError> = "Errs",
        /// Id of the pod.
        id: String = "Id",
        /// Its name, of a start or a stop; since 5.0.
        raw_input: String = "RawInput",
    }
}

response! {
    /// What a [`PodRemove`](super::PodRemove) did.
    pub struct PodRmReport {
        /// The containers that are gone, by id, with what went wrong in removing them; since 5.0.
        removed_containers: BTreeMap<String, GoError> = "RemovedCtrs",
        /// What went wrong in removing the pod.
        error: GoError = "Err",
        /// Id of the pod.
        id: String = "Id",
    }
}

response! {
    /// One pod that a [`PodPrune`](super::PodPrune) removed, or failed to.
    pub struct PodPruneReport {
        /// Why it could not be removed.
        error: GoError = "Err",
        /// Its id.
        id: String = "Id",
    }
}

response! {
    /// What one container of a pod uses, as text for a person.
    pub struct PodStatsReport {
        /// Share of the processors, `5.39%`.
        cpu: String = "CPU",
        /// Memory and its limit, `49.15kB / 25.28GB`.
        mem_usage: String = "MemUsage",
        /// The same in powers of 1024.
        mem_usage_bytes: String = "MemUsageBytes",
        /// Share of the memory's limit.
        mem: String = "Mem",
        /// Received and sent.
        net_io: String = "NetIO",
        /// Read and written.
        block_io: String = "BlockIO",
        /// How many processes.
        pids: String = "PIDS",
        /// Short id of the pod.
        pod: String = "Pod",
        /// Short id of the container.
        cid: String = "CID",
        /// Name of the container.
        name: String = "Name",
    }
}

impl PodReport {
    /// Reads the report in the text of a refusal, such as `EngineError::message` gives it; `None` when the text is a
    /// plain error.
    #[must_use]
    pub fn from_refusal(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|report: &Self| !report.errors.is_empty())
    }
}
