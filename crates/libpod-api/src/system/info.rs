//! The parts of an [`Info`].

use std::collections::BTreeMap;
use std::fmt;

use http_endpoint::{response, words};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

response! {
    /// Answer of [`SystemInfo`](super::SystemInfo).
    pub struct Info {
        /// The host.
        host: HostInfo = "host",
        /// The storage of images, containers and volumes.
        store: StoreInfo = "store",
        /// The registries that the engine is configured for.
        registries: Registries = "registries",
        /// What the engine can do, by kind.
        plugins: Plugins = "plugins",
        /// Versions.
        version: VersionInfo = "version",
    }
}

response! {
    /// The host of an [`Info`].
    pub struct HostInfo {
        /// Go's name of the architecture: `amd64`, `arm64`.
        arch: String = "arch",
        /// Version of the builder.
        buildah_version: String = "buildahVersion",
        /// `systemd` or `cgroupfs`.
        cgroup_manager: String = "cgroupManager",
        /// Version of the control groups. Some limits exist with one of them only.
        cgroup_version: CgroupVersion = "cgroupVersion",
        /// The controllers that the service may use.
        cgroup_controllers: Vec<String> = "cgroupControllers",
        /// The program that watches each container.
        conmon: ConmonInfo = "conmon",
        /// Number of processors.
        cpus: i64 = "cpus",
        /// How busy they were since the host started.
        cpu_utilization: CpuUsage = "cpuUtilization",
        /// `sqlite` or `boltdb`. Since Podman 4.6.
        database_backend: String = "databaseBackend",
        /// The Linux distribution.
        distribution: DistributionInfo = "distribution",
        /// Where events are recorded: `journald`, `file` or `none`.
        event_logger: String = "eventLogger",
        /// Locks that are free: no container, pod or volume can be made without one. Since Podman 4.6.
        free_locks: Option<u32> = "freeLocks",
        /// Host name.
        hostname: String = "hostname",
        /// How ids in a rootless service's user namespace map to the host's.
        id_mappings: IdMappings = "idMappings",
        /// Kernel release.
        kernel: String = "kernel",
        /// The log driver of containers that name none: `journald`, `k8s-file`, ...
        log_driver: String = "logDriver",
        /// Free memory, bytes.
        mem_free: i64 = "memFree",
        /// Memory, bytes.
        mem_total: i64 = "memTotal",
        /// `netavark` or `cni`.
        network_backend: String = "networkBackend",
        /// The network backend's programs. Since Podman 4.5.
        network_backend_info: NetworkInfo = "networkBackendInfo",
        /// The OCI runtime that containers get.
        oci_runtime: OciRuntimeInfo = "ociRuntime",
        /// `linux` or `freebsd`.
        os: String = "os",
        /// The socket that the service listens on.
        remote_socket: RemoteSocket = "remoteSocket",
        /// What gives rootless containers a network: `pasta` or `slirp4netns`. Since Podman 5.0.
        rootless_network_cmd: String = "rootlessNetworkCmd",
        /// More that the runtime says of itself; seldom sent.
        runtime_info: BTreeMap<String, Value> = "runtimeInfo",
        /// Whether the client talks to another machine. The service itself always says `false`.
        service_is_remote: bool = "serviceIsRemote",
        /// Security settings.
        security: SecurityInfo = "security",
        /// The program slirp4netns; empty fields where it is not installed. Not sent since Podman 6.0.
        slirp4netns: Program = "slirp4netns",
        /// The program pasta. Since Podman 4.6.
        pasta: Program = "pasta",
        /// Free swap, bytes.
        swap_free: i64 = "swapFree",
        /// Swap, bytes.
        swap_total: i64 = "swapTotal",
        /// How long the host has been up, in words.
        uptime: String = "uptime",
        /// The architecture's variant (`v8`), often empty. Since Podman 4.6.
        variant: String = "variant",
        /// How the engine is linked: `dynamic` or `static`.
        linkmode: String = "linkmode",
        /// Architectures that the host can emulate (`linux/arm64`). Since Podman 5.1, only where there are some.
        emulated_architectures: Vec<String> = "emulatedArchitectures",
    }
}

words! {
    /// Version of the control groups.
    pub enum CgroupVersion {
        /// One hierarchy for each controller.
        V1 = "v1",
        /// One hierarchy.
        V2 = "v2",
    }
}

response! {
    /// The container monitor of a [`HostInfo`].
    pub struct ConmonInfo {
        /// The distribution's package.
        package: String = "package",
        /// Path of the program.
        path: String = "path",
        /// What the program says of its version.
        version: String = "version",
    }
}

response! {
    /// How busy the processors of a [`HostInfo`] were, percent.
    pub struct CpuUsage {
        /// In programs.
        user_percent: f64 = "userPercent",
        /// In the kernel.
        system_percent: f64 = "systemPercent",
        /// Idle.
        idle_percent: f64 = "idlePercent",
    }
}

response! {
    /// The distribution of a [`HostInfo`].
    pub struct DistributionInfo {
        /// `debian`, `fedora`, ...
        distribution: String = "distribution",
        /// Its variant (`coreos`), where there is one.
        variant: String = "variant",
        /// Its version, or `unknown`.
        version: String = "version",
        /// Its version's name, where there is one.
        codename: String = "codename",
    }
}

response! {
    /// The id mappings of a [`HostInfo`]; empty where the service runs as root.
    pub struct IdMappings {
        /// Groups.
        gid_map: Vec<IdMap> = "gidmap",
        /// Users.
        uid_map: Vec<IdMap> = "uidmap",
    }
}

response! {
    /// A range of an [`IdMappings`].
    pub struct IdMap {
        /// First id inside.
        container_id: u32 = "container_id",
        /// First id outside.
        host_id: u32 = "host_id",
        /// How many.
        size: u32 = "size",
    }
}

response! {
    /// The network backend of a [`HostInfo`].
    pub struct NetworkInfo {
        /// `netavark` or `cni`.
        backend: String = "backend",
        /// What the program says of its version.
        version: String = "version",
        /// The distribution's package.
        package: String = "package",
        /// Path of the program.
        path: String = "path",
        /// The name server of the networks.
        dns: DnsNetworkInfo = "dns",
        /// Name of the network that containers get when they ask for none. Since Podman 5.5.
        default_network: String = "defaultNetwork",
    }
}

response! {
    /// The name server of a [`NetworkInfo`].
    pub struct DnsNetworkInfo {
        /// What the program says of its version.
        version: String = "version",
        /// The distribution's package.
        package: String = "package",
        /// Path of the program.
        path: String = "path",
    }
}

response! {
    /// The OCI runtime of a [`HostInfo`].
    pub struct OciRuntimeInfo {
        /// `crun` or `runc`.
        name: String = "name",
        /// The distribution's package.
        package: String = "package",
        /// Path of the program.
        path: String = "path",
        /// What the program says of its version and features; `+CRIU` says that it can checkpoint.
        version: String = "version",
    }
}

response! {
    /// The service's socket in a [`HostInfo`].
    pub struct RemoteSocket {
        /// Its address, `unix:///run/podman/podman.sock`.
        path: String = "path",
        /// Whether it is there.
        exists: bool = "exists",
    }
}

response! {
    /// Security settings of a [`HostInfo`].
    pub struct SecurityInfo {
        /// AppArmor is on.
        apparmor_enabled: bool = "apparmorEnabled",
        /// The capabilities that containers get, separated by commas.
        capabilities: String = "capabilities",
        /// The service runs without root.
        rootless: bool = "rootless",
        /// The runtime can filter system calls.
        seccomp_enabled: bool = "seccompEnabled",
        /// Path of the default filter on the engine's host.
        seccomp_profile_path: String = "seccompProfilePath",
        /// SELinux is on.
        selinux_enabled: bool = "selinuxEnabled",
    }
}

response! {
    /// A helper program of a [`HostInfo`].
    pub struct Program {
        /// Path of the program; empty where it is not installed.
        executable: String = "executable",
        /// The distribution's package.
        package: String = "package",
        /// What the program says of its version.
        version: String = "version",
    }
}

response! {
    /// The storage of an [`Info`].
    pub struct StoreInfo {
        /// Path of the configuration on the engine's host. Not sent since Podman 5.8.
        config_file: String = "configFile",
        /// How many containers there are.
        container_store: ContainerStore = "containerStore",
        /// `overlay`, `vfs`, `btrfs`, ...
        graph_driver_name: String = "graphDriverName",
        /// The driver's options; a helper program is an object of its path and versions.
        graph_options: BTreeMap<String, Value> = "graphOptions",
        /// Where layers and volumes are.
        graph_root: String = "graphRoot",
        /// Size of the file system below it, bytes. Since Podman 4.0.
        graph_root_allocated: u64 = "graphRootAllocated",
        /// What of it is used, bytes. Since Podman 4.0.
        graph_root_used: u64 = "graphRootUsed",
        /// What the driver says of itself.
        graph_status: BTreeMap<String, String> = "graphStatus",
        /// Where images are put while they are copied.
        image_copy_tmp_dir: String = "imageCopyTmpDir",
        /// How many images there are.
        image_store: ImageStore = "imageStore",
        /// Where the state of running containers is. A checkpoint archive records paths below it.
        run_root: String = "runRoot",
        /// Where volumes are.
        volume_path: String = "volumePath",
        /// The store forgets containers when the host starts anew. Since Podman 4.4.
        transient_store: bool = "transientStore",
    }
}

response! {
    /// Numbers of containers in a [`StoreInfo`].
    pub struct ContainerStore {
        /// All.
        number: i64 = "number",
        /// Paused.
        paused: i64 = "paused",
        /// Running.
        running: i64 = "running",
        /// All others.
        stopped: i64 = "stopped",
    }
}

response! {
    /// The number of images in a [`StoreInfo`].
    pub struct ImageStore {
        /// All.
        number: i64 = "number",
    }
}

/// The registries of an [`Info`]: one object whose key `search` is a list, and whose other keys are
/// registries.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Registries {
    /// Where names without a registry are looked up, in this order.
    pub search: Vec<String>,
    /// Registries with settings of their own, by prefix.
    pub configured: BTreeMap<String, Registry>,
}

impl<'de> Deserialize<'de> for Registries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Registries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("registries by prefix")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Registries, A::Error> {
                let mut registries = Registries::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "search" {
                        registries.search = map.next_value::<Option<_>>()?.unwrap_or_default();
                    } else {
                        let registry = map.next_value::<Option<_>>()?.unwrap_or_default();
                        registries.configured.insert(key, registry);
                    }
                }
                Ok(registries)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

response! {
    /// A registry of a [`Registries`].
    pub struct Registry {
        /// The names of images that it is used for begin so.
        prefix: String = "Prefix",
        /// Its address.
        location: String = "Location",
        /// Without TLS, or without checking its certificate.
        insecure: bool = "Insecure",
        /// For which pulls mirrors are asked: `all`, `digest-only`, `tag-only`, or empty.
        pull_from_mirror: String = "PullFromMirror",
        /// What is asked before it.
        mirrors: Vec<Mirror> = "Mirrors",
        /// Nothing is pulled from it.
        blocked: bool = "Blocked",
        /// Mirrors are asked for digests only.
        mirror_by_digest_only: bool = "MirrorByDigestOnly",
    }
}

response! {
    /// A mirror of a [`Registry`].
    pub struct Mirror {
        /// Its address.
        location: String = "Location",
        /// Without TLS, or without checking its certificate.
        insecure: bool = "Insecure",
        /// For which pulls it is asked: `all`, `digest-only`, `tag-only`, or empty.
        pull_from_mirror: String = "PullFromMirror",
    }
}

response! {
    /// What an engine can do, in an [`Info`].
    pub struct Plugins {
        /// Drivers of volumes.
        volume: Vec<String> = "volume",
        /// Drivers of networks.
        network: Vec<String> = "network",
        /// Log drivers.
        log: Vec<String> = "log",
        /// Empty: Podman has none.
        authorization: Vec<String> = "authorization",
    }
}

response! {
    /// Versions of an [`Info`].
    pub struct VersionInfo {
        /// Version of the API, equal to the engine's.
        api_version: String = "APIVersion",
        /// Version of the engine.
        version: String = "Version",
        /// Version of Go that it was built with.
        go_version: String = "GoVersion",
        /// The commit it was built from; often empty.
        git_commit: String = "GitCommit",
        /// When it was built, in words.
        built_time: String = "BuiltTime",
        /// When it was built, seconds since the epoch; zero where nothing is known.
        built: i64 = "Built",
        /// Who built it. Since Podman 5.2.
        build_origin: String = "BuildOrigin",
        /// `linux/amd64`.
        os_arch: String = "OsArch",
        /// `linux`.
        os: String = "Os",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::super::SystemInfo;
    use super::*;

    #[test]
    fn the_info_of_4_3_and_5_4_decode() {
        let old = br#"{"host":{"arch":"amd64","buildahVersion":"1.28.0","cgroupVersion":"v1","kernel":"6.1",
            "ociRuntime":{"name":"crun","package":"crun_1.8.1","path":"/usr/bin/crun","version":"crun 1.8.1"},
            "security":{"apparmorEnabled":false,"capabilities":"CAP_CHOWN","rootless":true},"networkBackend":"netavark",
            "idMappings":{"gidmap":null,"uidmap":null}},"store":{"graphRoot":"/g","runRoot":"/r"},
            "registries":{},"plugins":{},"version":{"APIVersion":"4.3.1","Version":"4.3.1"}}"#;
        let info = SystemInfo::decode(old).unwrap();
        assert!(info.host.security.rootless);
        assert_eq!((info.host.oci_runtime.name.as_str(), info.version.version.as_str()), ("crun", "4.3.1"));
        assert_eq!(info.store.run_root, "/r");
        assert_eq!(info.host.cgroup_version, CgroupVersion::V1);

        let new = br#"{"host":{"security":null,"ociRuntime":null},"store":null,"version":null}"#;
        assert_eq!(SystemInfo::decode(new).unwrap(), Info::default());
    }

    #[test]
    fn registries_are_told_from_the_search_list() {
        let info = SystemInfo::decode(
            br#"{"registries":{"search":["docker.io"],"127.0.0.1:5000":{"Prefix":"127.0.0.1:5000","Insecure":true,
            "Mirrors":[{"Location":"mirror.example","Insecure":false}]},"blocked.example":null},
            "store":{"graphOptions":{"overlay.mount_program":{"Executable":"/usr/bin/fuse-overlayfs"},"x":"y"}},
            "host":{"idMappings":{"uidmap":[{"container_id":0,"host_id":1000,"size":1}]},"freeLocks":0}}"#,
        )
        .unwrap();
        assert_eq!(info.registries.search, ["docker.io"]);
        assert_eq!(info.registries.configured["127.0.0.1:5000"].mirrors[0].location, "mirror.example");
        assert_eq!(info.registries.configured.len(), 2);
        assert_eq!(info.store.graph_options["x"], "y");
        assert_eq!((info.host.id_mappings.uid_map[0].host_id, info.host.free_locks), (1000, Some(0)));
    }
}
