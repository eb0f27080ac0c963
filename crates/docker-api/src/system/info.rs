//! What the engine is and has.

use std::collections::BTreeMap;

use http_endpoint::{Date, response, words};

use crate::volumes::ObjectVersion;

response! {
    /// What the engine is and has.
    pub struct SystemInfo {
        /// Id of the engine, which it made up at its first start.
        id: String = "ID",
        /// Containers.
        containers: i64 = "Containers",
        /// Containers that run.
        containers_running: i64 = "ContainersRunning",
        /// Containers that are paused.
        containers_paused: i64 = "ContainersPaused",
        /// Containers that do not run.
        containers_stopped: i64 = "ContainersStopped",
        /// Images.
        images: i64 = "Images",
        /// Storage driver.
        driver: String = "Driver",
        /// What the storage driver says of itself: names and values.
        driver_status: Vec<Vec<String>> = "DriverStatus",
        /// What older storage drivers say of the system.
        system_status: Vec<Vec<String>> = "SystemStatus",
        /// Where the engine keeps its data.
        docker_root_dir: String = "DockerRootDir",
        /// Plugins by kind.
        plugins: Plugins = "Plugins",
        /// Whether memory can be limited.
        memory_limit: bool = "MemoryLimit",
        /// Whether swap can be limited.
        swap_limit: bool = "SwapLimit",
        /// Whether the kernel's memory can be limited (before API 1.42).
        kernel_memory: bool = "KernelMemory",
        /// Whether the kernel's memory for TCP can be limited (before API 1.52).
        kernel_memory_tcp: bool = "KernelMemoryTCP",
        /// Whether the period of processor quotas can be set.
        cpu_cfs_period: bool = "CpuCfsPeriod",
        /// Whether processor quotas can be set.
        cpu_cfs_quota: bool = "CpuCfsQuota",
        /// Whether processor weights can be set.
        cpu_shares: bool = "CPUShares",
        /// Whether processors can be chosen.
        cpu_set: bool = "CPUSet",
        /// Whether processes can be limited.
        pids_limit: bool = "PidsLimit",
        /// Whether the out-of-memory killer can be turned off.
        oom_kill_disable: bool = "OomKillDisable",
        /// Whether the host forwards IPv4.
        ipv4_forwarding: bool = "IPv4Forwarding",
        /// Whether bridges pass through `iptables` (before API 1.50).
        bridge_nf_iptables: bool = "BridgeNfIptables",
        /// Whether bridges pass through `ip6tables` (before API 1.50).
        bridge_nf_ip6tables: bool = "BridgeNfIp6tables",
        /// Whether it runs in debug mode.
        debug: bool = "Debug",
        /// Open files of the engine.
        fds: i64 = "NFd",
        /// Goroutines of the engine.
        goroutines: i64 = "NGoroutines",
        /// The engine's clock.
        system_time: Date = "SystemTime",
        /// Default log driver.
        logging_driver: String = "LoggingDriver",
        /// `cgroupfs`, `systemd`, `none`.
        cgroup_driver: String = "CgroupDriver",
        /// `1`, `2` (API 1.40).
        cgroup_version: String = "CgroupVersion",
        /// Clients that listen to events.
        events_listeners: i64 = "NEventsListener",
        /// Kernel release.
        kernel_version: String = "KernelVersion",
        /// The host's system, in words.
        operating_system: String = "OperatingSystem",
        /// Its version.
        os_version: String = "OSVersion",
        /// `linux`, `windows`.
        os_type: String = "OSType",
        /// The kernel's name of the architecture, `x86_64`.
        architecture: String = "Architecture",
        /// Processors.
        cpus: i64 = "NCPU",
        /// Memory in bytes.
        memory: i64 = "MemTotal",
        /// Address of the default registry's index.
        index_server_address: String = "IndexServerAddress",
        /// How registries are reached.
        registry_config: Option<RegistryServiceConfig> = "RegistryConfig",
        /// What a node of a Swarm has to give.
        generic_resources: Vec<GenericResource> = "GenericResources",
        /// Proxy for HTTP, without its password.
        http_proxy: String = "HttpProxy" | "HTTPProxy",
        /// Proxy for HTTPS, without its password.
        https_proxy: String = "HttpsProxy" | "HTTPSProxy",
        /// Hosts that are reached without a proxy.
        no_proxy: String = "NoProxy",
        /// Name of the host.
        name: String = "Name",
        /// Labels of the engine, `name=value`.
        labels: Vec<String> = "Labels",
        /// Whether experimental features are on.
        experimental_build: bool = "ExperimentalBuild",
        /// Engine version.
        server_version: String = "ServerVersion",
        /// Address of a cluster's store; long gone.
        cluster_store: String = "ClusterStore",
        /// Address for a cluster's store; long gone.
        cluster_advertise: String = "ClusterAdvertise",
        /// OCI runtimes by name.
        runtimes: BTreeMap<String, Runtime> = "Runtimes",
        /// The one that is used by default.
        default_runtime: String = "DefaultRuntime",
        /// Its place in a Swarm.
        swarm: SwarmInfo = "Swarm",
        /// Whether containers live on while the engine restarts.
        live_restore_enabled: bool = "LiveRestoreEnabled",
        /// How containers are kept apart (Windows).
        isolation: String = "Isolation",
        /// Name of the init program for containers.
        init_binary: String = "InitBinary",
        /// The build of containerd.
        containerd_commit: Commit = "ContainerdCommit",
        /// The build of runc.
        runc_commit: Commit = "RuncCommit",
        /// The build of the init program.
        init_commit: Commit = "InitCommit",
        /// Security features, `name=seccomp,profile=builtin`; `name=rootless` where it is.
        security_options: Vec<String> = "SecurityOptions",
        /// Licence of a commercial engine.
        product_license: String = "ProductLicense",
        /// Pools that networks get their subnets from (API 1.40).
        default_address_pools: Vec<AddressPool> = "DefaultAddressPools",
        /// How the host's firewall is driven (API 1.49).
        firewall_backend: Option<FirewallBackend> = "FirewallBackend",
        /// Directories with descriptions of CDI devices (API 1.44).
        cdi_spec_dirs: Vec<String> = "CDISpecDirs",
        /// Devices that drivers found (API 1.50).
        discovered_devices: Vec<DeviceInfo> = "DiscoveredDevices",
        /// How containerd is used (API 1.46).
        containerd: Option<ContainerdInfo> = "Containerd",
        /// The Node Resource Interface, where it is on (API 1.53).
        nri: Option<NriInfo> = "NRI",
        /// What the engine does not like about its host.
        warnings: Vec<String> = "Warnings",
        /// Podman: version of Buildah, which builds for it.
        buildah_version: String = "BuildahVersion",
        /// Podman: whether the period of real-time scheduling can be set.
        cpu_realtime_period: bool = "CPURealtimePeriod",
        /// Podman: whether real-time processor time can be set.
        cpu_realtime_runtime: bool = "CPURealtimeRuntime",
        /// Podman: free memory in bytes.
        memory_free: i64 = "MemFree",
        /// Podman: free swap in bytes.
        swap_free: i64 = "SwapFree",
        /// Podman: swap in bytes.
        swap: i64 = "SwapTotal",
        /// Podman: whether it runs without root.
        rootless: bool = "Rootless",
        /// Podman: since when the host runs, in words.
        up_time: String = "Uptime",
    }
}

response! {
    /// Plugins by kind.
    pub struct Plugins {
        /// Drivers of volumes.
        volume: Vec<String> = "Volume",
        /// Drivers of networks.
        network: Vec<String> = "Network",
        /// Plugins that allow and refuse calls.
        authorization: Vec<String> = "Authorization",
        /// Log drivers.
        log: Vec<String> = "Log",
    }
}

response! {
    /// How registries are reached.
    pub struct RegistryServiceConfig {
        /// Networks of registries that get foreign layers, too (before API 1.49).
        allow_nondistributable_artifacts_cidrs: Vec<String> = "AllowNondistributableArtifactsCIDRs",
        /// Registries that get foreign layers, too (before API 1.49).
        allow_nondistributable_artifacts_hostnames: Vec<String> = "AllowNondistributableArtifactsHostnames",
        /// Networks of registries that may be reached without TLS.
        insecure_registry_cidrs: Vec<String> = "InsecureRegistryCIDRs",
        /// Registries by name.
        index_configs: BTreeMap<String, Index> = "IndexConfigs",
        /// Mirrors of Docker Hub.
        mirrors: Vec<String> = "Mirrors",
    }
}

response! {
    /// How one registry is reached.
    pub struct Index {
        /// Its name.
        name: String = "Name",
        /// Its mirrors.
        mirrors: Vec<String> = "Mirrors",
        /// Whether it must be reached with TLS.
        secure: bool = "Secure",
        /// Whether it is Docker Hub.
        official: bool = "Official",
    }
}

response! {
    /// Something that a node of a Swarm has to give: one of the two.
    pub struct GenericResource {
        /// A thing with a name.
        named: Option<NamedResource> = "NamedResourceSpec",
        /// A number of things.
        discrete: Option<DiscreteResource> = "DiscreteResourceSpec",
    }
}

response! {
    /// A thing with a name.
    pub struct NamedResource {
        /// What it is.
        kind: String = "Kind",
        /// Which one.
        value: String = "Value",
    }
}

response! {
    /// A number of things.
    pub struct DiscreteResource {
        /// What they are.
        kind: String = "Kind",
        /// How many.
        value: i64 = "Value",
    }
}

response! {
    /// An OCI runtime.
    pub struct Runtime {
        /// Its program.
        path: String = "path",
        /// Its arguments.
        args: Vec<String> = "runtimeArgs",
        /// Its shim for containerd, in place of a program.
        kind: String = "runtimeType",
        /// Options for the shim.
        options: BTreeMap<String, serde_json::Value> = "options",
        /// What it says of itself: JSON by name of the specification (API 1.44).
        status: BTreeMap<String, String> = "status",
    }
}

words! {
    /// The place of an engine in a Swarm.
    pub enum LocalNodeState {
        /// None.
        Inactive = "inactive",
        /// It is about to join.
        Pending = "pending",
        /// It is a node.
        Active = "active",
        /// Something is wrong.
        Error = "error",
        /// It needs its key to go on.
        Locked = "locked",
    }
}

response! {
    /// The place of an engine in a Swarm.
    pub struct SwarmInfo {
        /// Its id as a node.
        node_id: String = "NodeID",
        /// Its address.
        node_addr: String = "NodeAddr",
        /// Its state.
        local_node_state: LocalNodeState = "LocalNodeState",
        /// Whether it is a manager.
        control_available: bool = "ControlAvailable",
        /// What is wrong.
        error: String = "Error",
        /// Managers that it knows.
        remote_managers: Vec<Peer> = "RemoteManagers",
        /// Nodes.
        nodes: i64 = "Nodes",
        /// Managers.
        managers: i64 = "Managers",
        /// The Swarm, on a manager.
        cluster: Option<SwarmCluster> = "Cluster",
        /// What the engine does not like about it.
        warnings: Vec<String> = "Warnings",
    }
}

response! {
    /// A manager of a Swarm.
    pub struct Peer {
        /// Its id as a node.
        node_id: String = "NodeID",
        /// Its address.
        addr: String = "Addr",
    }
}

response! {
    /// A Swarm.
    pub struct SwarmCluster {
        /// Its id.
        id: String = "ID",
        /// Counts the changes.
        version: ObjectVersion = "Version",
        /// When it was made.
        created_at: Date = "CreatedAt",
        /// When it was last changed.
        updated_at: Date = "UpdatedAt",
        /// How it is set up, as the engine writes it: this crate leaves Swarm out.
        spec: Option<serde_json::Value> = "Spec",
        /// Its certificates.
        tls_info: Option<TlsInfo> = "TLSInfo",
        /// Whether its root certificate is being replaced.
        root_rotation_in_progress: bool = "RootRotationInProgress",
        /// Port of its overlay networks.
        data_path_port: u32 = "DataPathPort",
        /// Pools that its networks get their subnets from.
        default_addr_pool: Vec<String> = "DefaultAddrPool",
        /// Length of the prefix of those subnets.
        subnet_size: u32 = "SubnetSize",
    }
}

response! {
    /// Certificates of a Swarm.
    pub struct TlsInfo {
        /// Root certificate in PEM.
        trust_root: String = "TrustRoot",
        /// Subject of the issuer, in base 64.
        cert_issuer_subject: String = "CertIssuerSubject",
        /// Key of the issuer, in base 64.
        cert_issuer_public_key: String = "CertIssuerPublicKey",
    }
}

response! {
    /// The build of a part of the engine.
    pub struct Commit {
        /// The one that is there.
        id: String = "ID",
        /// The one that the engine was made for (before API 1.49).
        expected: String = "Expected",
    }
}

response! {
    /// A pool that networks get their subnets from.
    pub struct AddressPool {
        /// In CIDR form.
        base: String = "Base",
        /// Length of the prefix of each subnet.
        size: i64 = "Size",
    }
}

response! {
    /// How the host's firewall is driven.
    pub struct FirewallBackend {
        /// `iptables`, `nftables`, `iptables+firewalld`, ...
        driver: String = "Driver",
        /// What else it says of itself: names and values.
        info: Vec<Vec<String>> = "Info",
    }
}

response! {
    /// A device that a driver found.
    pub struct DeviceInfo {
        /// Which driver: `cdi`.
        source: String = "Source",
        /// Its id, such as `vendor.com/gpu=0`.
        id: String = "ID",
    }
}

response! {
    /// How containerd is used.
    pub struct ContainerdInfo {
        /// Its socket.
        address: String = "Address",
        /// Its namespaces.
        namespaces: ContainerdNamespaces = "Namespaces",
    }
}

response! {
    /// The namespaces of containerd that the engine uses.
    pub struct ContainerdNamespaces {
        /// For containers.
        containers: String = "Containers",
        /// For plugins.
        plugins: String = "Plugins",
    }
}

response! {
    /// The Node Resource Interface.
    pub struct NriInfo {
        /// What it says of itself: names and values.
        info: Vec<Vec<String>> = "Info",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;
    use crate::system::Info;

    #[test]
    fn reads_what_an_engine_says_of_itself() {
        let info = Info::decode(
            br#"{"ID":"x","Containers":1,"DriverStatus":[["Backing Filesystem","extfs"]],"NCPU":2,"MemTotal":25276514304,
                "RegistryConfig":{"InsecureRegistryCIDRs":["127.0.0.0/8"],"Mirrors":null,
                  "IndexConfigs":{"docker.io":{"Name":"docker.io","Mirrors":[],"Secure":true,"Official":true}}},
                "Runtimes":{"runc":{"path":"runc","status":{"org.opencontainers.runtime-spec.features":"{}"}}},
                "GenericResources":[{"DiscreteResourceSpec":{"Kind":"SSD","Value":3}}],
                "Swarm":{"LocalNodeState":"inactive","RemoteManagers":null},"Warnings":null}"#,
        )
        .unwrap();
        assert_eq!((info.cpus, info.memory), (2, 25_276_514_304));
        assert_eq!(info.driver_status[0], ["Backing Filesystem", "extfs"]);
        assert!(info.registry_config.unwrap().index_configs["docker.io"].official);
        assert_eq!(info.runtimes["runc"].path, "runc");
        assert_eq!(info.swarm.local_node_state, LocalNodeState::Inactive);
        assert_eq!(info.generic_resources[0].discrete.as_ref().unwrap().value, 3);
    }
}
