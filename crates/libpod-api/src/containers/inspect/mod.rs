//! A container in full.

mod config;
mod host_config;
mod network;
mod state;

use http_endpoint::{Date, response};

use super::words::{MountKind, Propagation};

pub use crate::images::GraphDriver;
pub use config::{InspectedConfig, InspectedSecret};
pub use host_config::{
    BlkioDeviceRate, BlkioDeviceWeight, InspectedDevice, InspectedHostConfig, InspectedIdMappings,
    InspectedLogConfig, InspectedRestartPolicy, InspectedUlimit,
};
pub use network::{HostPort, InspectedNetwork, InspectedNetworkSettings, SecondaryAddress};
pub use state::{Health, HealthLogEntry, InspectedState};

response! {
    /// Answer of a [`ContainerInspect`](super::ContainerInspect).
    ///
    /// Podman 4, and a later one when it is asked under a path of version 4, writes the entry point as one string
    /// and the stop signal as a number; both shapes are read.
    pub struct Inspected {
        /// Full id.
        id: String = "Id",
        /// When it was created.
        created: Date = "Created",
        /// Program of the main process.
        path: String = "Path",
        /// Its arguments.
        args: Vec<String> = "Args",
        /// State.
        state: InspectedState = "State",
        /// Id of the image, without `sha256:`.
        image: String = "Image",
        /// Digest of the image's manifest.
        image_digest: String = "ImageDigest",
        /// Reference of the image that it was created from.
        image_name: String = "ImageName",
        /// Path on the engine's host of a root file system that is no image's.
        rootfs: String = "Rootfs",
        /// Id of the pod that it is a member of.
        pod: String = "Pod",
        /// Its `resolv.conf`, on the engine's host.
        resolv_conf_path: String = "ResolvConfPath",
        /// Its `hostname`, on the engine's host.
        hostname_path: String = "HostnamePath",
        /// Its `hosts`, on the engine's host.
        hosts_path: String = "HostsPath",
        /// Folder of what the engine keeps of it.
        static_dir: String = "StaticDir",
        /// Its OCI configuration, on the engine's host; empty before it was initialised.
        oci_config_path: String = "OCIConfigPath",
        /// The OCI runtime.
        oci_runtime: String = "OCIRuntime",
        /// File with the process id of its monitor.
        conmon_pid_file: String = "ConmonPidFile",
        /// File with the process id of its main process.
        pid_file: String = "PidFile",
        /// Name, without a leading slash.
        name: String = "Name",
        /// How often its restart policy has started it again.
        restart_count: i64 = "RestartCount",
        /// Storage driver.
        driver: String = "Driver",
        /// Label of SELinux for its mounts.
        mount_label: String = "MountLabel",
        /// Label of SELinux for its processes.
        process_label: String = "ProcessLabel",
        /// Profile of AppArmor.
        app_armor_profile: String = "AppArmorProfile",
        /// Capabilities of its main process.
        effective_caps: Vec<String> = "EffectiveCaps",
        /// Capabilities that it can have at most.
        bounding_caps: Vec<String> = "BoundingCaps",
        /// Exec sessions that are known.
        exec_ids: Vec<String> = "ExecIDs",
        /// Its storage.
        graph_driver: GraphDriver = "GraphDriver",
        /// Bytes of its own layer, where sizes were asked for.
        size_rw: Option<i64> = "SizeRw",
        /// Bytes of the whole root file system, where sizes were asked for.
        size_root_fs: i64 = "SizeRootFs",
        /// Mounts.
        mounts: Vec<MountInfo> = "Mounts",
        /// Containers that must run before it.
        dependencies: Vec<String> = "Dependencies",
        /// Networks.
        network_settings: InspectedNetworkSettings = "NetworkSettings",
        /// Namespace of the engine's own, hardly ever used.
        namespace: String = "Namespace",
        /// It is the infra container of a pod.
        is_infra: bool = "IsInfra",
        /// It is the service container of a `kube play`.
        is_service: bool = "IsService",
        /// What a service container does with exit codes.
        kube_exit_code_propagation: String = "KubeExitCodePropagation",
        /// Number of its lock.
        lock_number: u32 = "lockNumber",
        /// What it was created with, independent of the host.
        config: InspectedConfig = "Config",
        /// What it was created with, of the host.
        host_config: InspectedHostConfig = "HostConfig",
        /// Its `hosts` is the image's (5.4).
        use_image_hosts: bool = "UseImageHosts",
        /// Its `hostname` is the image's (5.4).
        use_image_hostname: bool = "UseImageHostname",
    }
}

response! {
    /// A mount in full.
    pub struct MountInfo {
        /// What is mounted.
        kind: MountKind = "Type",
        /// Volume name.
        name: String = "Name",
        /// Path on the host.
        source: String = "Source",
        /// Path in the container.
        destination: String = "Destination",
        /// Volume driver.
        driver: String = "Driver",
        /// `z` or `Z` where it is relabelled.
        mode: String = "Mode",
        /// Mount options.
        options: Vec<String> = "Options",
        /// Writable.
        rw: bool = "RW",
        /// How mounts spread into it and out of it.
        propagation: Propagation = "Propagation",
        /// Folder of the volume or image that is mounted (5.3).
        sub_path: String = "SubPath",
    }
}
