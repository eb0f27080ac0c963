//! What a pod is made with.

use std::collections::BTreeMap;

use http_endpoint::request;

use crate::containers::{
    IdMappings, ImageVolume, NamedVolume, Namespace, OverlayVolume, PerNetworkOptions, PortMapping,
};
use crate::oci::{Mount, Resources, ThrottleDevice};

request! {
    /// What a pod is made with. Compose has no pods; what its services share would stand here.
    pub struct PodSpecGenerator {
        /// Its name; one is made up when there is none.
        name / with_name: String = "name",
        /// Its host name; its name when there is none.
        hostname / with_hostname: String = "hostname",
        /// What happens when its last container ends: `continue` (the default) or `stop`.
        exit_policy / with_exit_policy: String = "exit_policy",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "labels",
        /// Make no infra container. Then nothing can be shared, and there are no networks, ports and mounts.
        no_infra / with_no_infra: bool = "no_infra",
        /// File for the process number of the infra container's `conmon`.
        infra_conmon_pid_file / with_infra_conmon_pid_file: String = "infra_conmon_pid_file",
        /// Command of the infra container; the image's or the engine's own when there is none.
        infra_command / with_infra_command: Vec<String> = "infra_command",
        /// Image of the infra container; the engine's own when there is none.
        infra_image / with_infra_image: String = "infra_image",
        /// Name of the infra container.
        infra_name / with_infra_name: String = "infra_name",
        /// IPC namespace; since 5.0.
        ipcns / with_ipcns: Option<Namespace> = "ipcns",
        /// Namespaces that its containers share: `ipc`, `net`, `uts` (the default), `pid`, `cgroup`, `user`, `mnt`,
        /// `none`.
        shared_namespaces / with_shared_namespaces: Vec<String> = "shared_namespaces",
        /// Restart policy of its containers: `no`, `always`, `on-failure`, `unless-stopped`; since 4.5.
        restart_policy / with_restart_policy: String = "restart_policy",
        /// How often `on-failure` starts a container again; since 4.5.
        restart_tries / with_restart_tries: Option<u32> = "restart_tries",
        /// Whether its containers are in a cgroup below its own; the default is true.
        share_parent / with_share_parent: Option<bool> = "share_parent",
        /// The command by which it is made, to be shown again.
        pod_create_command / with_pod_create_command: Vec<String> = "pod_create_command",
        /// Process namespace.
        pidns / with_pidns: Option<Namespace> = "pidns",
        /// User namespace.
        userns / with_userns: Option<Namespace> = "userns",
        /// Host name namespace.
        utsns / with_utsns: Option<Namespace> = "utsns",
        /// Devices, `host:container:rwm`.
        pod_devices / with_pod_devices: Vec<String> = "pod_devices",
        /// Kernel parameters of its namespaces.
        sysctl / with_sysctl: BTreeMap<String, String> = "sysctl",

        /// Network namespace; `bridge` is needed for `networks`.
        netns / with_netns: Option<Namespace> = "netns",
        /// Published ports. Its containers cannot publish any.
        port_mappings / with_port_mappings: Vec<PortMapping> = "portmappings",
        /// Networks by name. Its containers cannot join any.
        networks / with_networks: BTreeMap<String, PerNetworkOptions> = "Networks",
        /// Networks by name, without options; up to 5.x.
        cni_networks / with_cni_networks: Vec<String> = "cni_networks",
        /// Leave `/etc/resolv.conf` as the images have it.
        no_manage_resolv_conf / with_no_manage_resolv_conf: bool = "no_manage_resolv_conf",
        /// DNS servers.
        dns_server / with_dns_server: Vec<String> = "dns_server",
        /// DNS search domains.
        dns_search / with_dns_search: Vec<String> = "dns_search",
        /// DNS options.
        dns_option / with_dns_option: Vec<String> = "dns_option",
        /// Leave `/etc/hostname` as the images have it; since 5.4.
        no_manage_hostname / with_no_manage_hostname: bool = "no_manage_hostname",
        /// Leave `/etc/hosts` as the images have it.
        no_manage_hosts / with_no_manage_hosts: bool = "no_manage_hosts",
        /// Further hosts, `name:address`.
        host_add / with_host_add: Vec<String> = "hostadd",
        /// What `/etc/hosts` begins with: a path, `image` or `none`; since 5.4.
        hosts_file / with_hosts_file: String = "hostsFile",
        /// Options by network mode.
        network_options / with_network_options: BTreeMap<String, Vec<String>> = "network_options",

        /// Parent of its cgroup.
        cgroup_parent / with_cgroup_parent: String = "cgroup_parent",
        /// Limits of all containers together.
        resource_limits / with_resource_limits: Option<Resources> = "resource_limits",
        /// Processor period in microseconds; up to 5.x, in favour of `resource_limits`.
        cpu_period / with_cpu_period: u64 = "cpu_period",
        /// Processor quota in microseconds; up to 5.x, in favour of `resource_limits`.
        cpu_quota / with_cpu_quota: i64 = "cpu_quota",
        /// Limits of reading by device; up to 5.x, in favour of `resource_limits`.
        throttle_read_bps_device / with_throttle_read_bps_device: BTreeMap<String, ThrottleDevice> =
            "throttleReadBpsDevice",

        /// Mounts that its containers have, too.
        mounts / with_mounts: Vec<Mount> = "mounts",
        /// Named volumes that its containers have, too.
        volumes / with_volumes: Vec<NamedVolume> = "volumes",
        /// Folders with a layer of changes over them.
        overlay_volumes / with_overlay_volumes: Vec<OverlayVolume> = "overlay_volumes",
        /// File systems of images.
        image_volumes / with_image_volumes: Vec<ImageVolume> = "image_volumes",
        /// Containers whose volumes it has, `name[:ro]`.
        volumes_from / with_volumes_from: Vec<String> = "volumes_from",
        /// Size of `/dev/shm` in bytes.
        shm_size / with_shm_size: Option<i64> = "shm_size",
        /// Size of what systemd writes to in memory, in bytes; since 4.5.
        shm_size_systemd / with_shm_size_systemd: Option<i64> = "shm_size_systemd",

        /// Security options, `label=...`, `seccomp=...`, `apparmor=...`, `no-new-privileges`.
        security_opt / with_security_opt: Vec<String> = "security_opt",
        /// User and group ids.
        idmappings / with_idmappings: Option<IdMappings> = "idmappings",
        /// Id of the container that stands for it to a service manager; set by what plays Kubernetes files.
        service_container_id / with_service_container_id: String = "serviceContainerID",
    }
}
