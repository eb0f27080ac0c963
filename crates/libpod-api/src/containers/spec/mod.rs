//! What a container is made from.

mod parts;

use std::collections::BTreeMap;

use http_endpoint::{SecretMap, request};

use super::health::{HealthConfig, OnFailureAction, StartupHealthCheck};
use super::network::{Namespace, PerNetworkOptions, PortMapping};
use super::words::{Propagation, RestartPolicyName};
use crate::oci;

pub use parts::{
    ArtifactVolume, AutoUserNsOptions, IdMap, IdMappings, ImageVolume, LogConfig, NamedVolume, OverlayVolume,
    Secret,
};

request! {
    /// What a container is made from: the body of a [`ContainerCreate`](super::ContainerCreate).
    ///
    /// It needs an image or a root file system; everything else may be left out. The engine fills in little: what
    /// its command line adds to a container by itself must be said here. An image must be there already, under a
    /// full reference or by its id. `(Compose: ...)` names the attribute of a Compose service that feeds a field.
    ///
    /// A flag that is not set is the engine's default; Podman 4 knows no difference between that and `false`.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use libpod_api::containers::{Namespace, NamespaceMode, PerNetworkOptions, PortMapping, SpecGenerator};
    ///
    /// let front = PerNetworkOptions::new().with_aliases(vec!["web".to_owned()]);
    /// let spec = SpecGenerator::of_image("docker.io/library/nginx:1")
    ///     .with_name("web-1")
    ///     .with_netns(Namespace::of(NamespaceMode::Bridge))
    ///     .with_networks(BTreeMap::from([("front".to_owned(), front)]))
    ///     .with_portmappings(vec![PortMapping::of(80, 8080)]);
    /// let json = serde_json::to_value(&spec).unwrap();
    /// assert_eq!(json["Networks"]["front"]["aliases"][0], "web");
    /// assert_eq!(json["portmappings"][0]["host_port"], 8080);
    /// ```
    pub struct SpecGenerator {
        // The container itself.
        /// Name; a random one when empty (Compose: `container_name`).
        name / with_name: String = "name",
        /// Pod that it becomes a member of, by name or id.
        pod / with_pod: String = "pod",
        /// Entry point: `None` is the image's, an empty list none (Compose: `entrypoint`).
        entrypoint / with_entrypoint: Option<Vec<String>> = "entrypoint",
        /// Command; the image's when empty and there is no entry point here (Compose: `command`).
        command / with_command: Vec<String> = "command",
        /// It gets the engine's own environment.
        env_host / with_env_host: Option<bool> = "env_host",
        /// It gets the engine's proxy variables.
        httpproxy / with_httpproxy: Option<bool> = "httpproxy",
        /// Environment beside the image's (Compose: `environment`, `env_file`).
        env / with_env: SecretMap = "env",
        /// It has a terminal (Compose: `tty`).
        terminal / with_terminal: Option<bool> = "terminal",
        /// Its stdin is open (Compose: `stdin_open`).
        stdin / with_stdin: Option<bool> = "stdin",
        /// Labels beside the image's (Compose: `labels`).
        labels / with_labels: BTreeMap<String, String> = "labels",
        /// Annotations (Compose: `annotations`).
        annotations / with_annotations: BTreeMap<String, String> = "annotations",
        /// Signal that stops it, as a number; the image's, else 15 (Compose: `stop_signal`).
        stop_signal / with_stop_signal: Option<i64> = "stop_signal",
        /// Seconds between that signal and a kill; the engine's default is 10 (Compose: `stop_grace_period`). Before
        /// Podman 5 it is 0 where it is not set.
        stop_timeout / with_stop_timeout: Option<u64> = "stop_timeout",
        /// Seconds after which it is killed; 0 is never.
        timeout / with_timeout: u64 = "timeout",
        /// Logs (Compose: `logging`).
        log_configuration / with_log_configuration: Option<LogConfig> = "log_configuration",
        /// File for the process id of its monitor, on the engine's host.
        conmon_pid_file / with_conmon_pid_file: String = "conmon_pid_file",
        /// When it is started again (Compose: `restart`, `deploy.restart_policy`).
        restart_policy / with_restart_policy: RestartPolicyName = "restart_policy",
        /// How often `on-failure` starts it again; 0 is without end (Compose: the number after `on-failure:`).
        restart_tries / with_restart_tries: Option<u64> = "restart_tries",
        /// OCI runtime (Compose: `runtime`).
        oci_runtime / with_oci_runtime: String = "oci_runtime",
        /// Whether systemd runs in it: `true` (where its command looks like it), `false`, `always`.
        systemd / with_systemd: String = "systemd",
        /// How it tells systemd that it is ready: `container`, `conmon`, `healthy`, `ignore`.
        sdnotify_mode / with_sdnotify_mode: String = "sdnotifyMode",
        /// Process namespace (Compose: `pid`).
        pidns / with_pidns: Option<Namespace> = "pidns",
        /// UTS namespace (Compose: `uts`).
        utsns / with_utsns: Option<Namespace> = "utsns",
        /// Host name; the short id when empty (Compose: `hostname`).
        hostname / with_hostname: String = "hostname",
        /// Users of the host that are added to its `/etc/passwd`.
        hostusers / with_hostusers: Vec<String> = "hostusers",
        /// Kernel parameters (Compose: `sysctls`).
        sysctl / with_sysctl: BTreeMap<String, String> = "sysctl",
        /// It is removed when it ends.
        remove / with_remove: Option<bool> = "remove",
        /// Its image is removed with it, unless another container uses it (5.3).
        remove_image / with_remove_image: Option<bool> = "removeImage",
        /// The command line that creates it, to be shown by an inspection.
        container_create_command / with_container_create_command: Vec<String> = "containerCreateCommand",
        /// Time zone: a name, or `local` for the engine's.
        timezone / with_timezone: String = "timezone",
        /// Containers that are started before it, and that it cannot be without. A checkpoint of a container that
        /// has any cannot be exported, so Compose's `depends_on` does not belong here.
        dependency_containers / with_dependency_containers: Vec<String> = "dependencyContainers",
        /// Secrets as environment variables: the variable, and the secret's name.
        secret_env / with_secret_env: BTreeMap<String, String> = "secret_env",
        /// In a pod: it runs before the others, `always` at each start or `once`.
        init_container_type / with_init_container_type: String = "init_container_type",
        /// Execution domain.
        personality / with_personality: Option<oci::Personality> = "personality",
        /// Variables that may name others of the image, `PATH=${PATH}:/opt`.
        envmerge / with_envmerge: Vec<String> = "envmerge",
        /// Variables of the image that it does not get.
        unsetenv / with_unsetenv: Vec<String> = "unsetenv",
        /// It gets no variables but those given here.
        unsetenvall / with_unsetenvall: Option<bool> = "unsetenvall",
        /// The engine may add to its `/etc/passwd`.
        manage_password / with_manage_password: Option<bool> = "manage_password",
        /// Line that is added to its `/etc/passwd`.
        passwd_entry / with_passwd_entry: String = "passwd_entry",
        /// Line that is added to its `/etc/group` (4.5).
        group_entry / with_group_entry: String = "group_entry",
        /// Namespace of the engine's own (4.3).
        namespace / with_namespace: String = "namespace",

        // Storage.
        /// Image, by reference or id (Compose: `image`, or what `build` made).
        image / with_image: String = "image",
        /// The reference as a person wrote it; needed to update it by itself.
        raw_image_name / with_raw_image_name: String = "raw_image_name",
        /// Operating system of the image (Compose: `platform`).
        image_os / with_image_os: String = "image_os",
        /// Architecture of the image (Compose: `platform`).
        image_arch / with_image_arch: String = "image_arch",
        /// Variant of the architecture (Compose: `platform`).
        image_variant / with_image_variant: String = "image_variant",
        /// Path of a root file system on the engine's host, instead of an image.
        rootfs / with_rootfs: String = "rootfs",
        /// Changes go into a layer above that root file system.
        rootfs_overlay / with_rootfs_overlay: Option<bool> = "rootfs_overlay",
        /// Ids of that root file system.
        rootfs_mapping / with_rootfs_mapping: Option<String> = "rootfs_mapping",
        /// What the volumes of the image become: `anonymous` volumes, `tmpfs`, or nothing with `ignore`. Where it is
        /// empty the engine's configuration says.
        image_volume_mode / with_image_volume_mode: String = "image_volume_mode",
        /// Containers whose volumes it gets, `name[:options]` (Compose: `volumes_from`).
        volumes_from / with_volumes_from: Vec<String> = "volumes_from",
        /// A small init is its first process (Compose: `init`).
        init / with_init: Option<bool> = "init",
        /// Path of that init on the engine's host.
        init_path / with_init_path: String = "init_path",
        /// Bind and tmpfs mounts (Compose: `volumes` of type `bind` and `tmpfs`, `tmpfs`, `configs`).
        mounts / with_mounts: Vec<oci::Mount> = "mounts",
        /// Named and anonymous volumes (Compose: `volumes` of type `volume`).
        volumes / with_volumes: Vec<NamedVolume> = "volumes",
        /// Folders of the host with a layer above for changes.
        overlay_volumes / with_overlay_volumes: Vec<OverlayVolume> = "overlay_volumes",
        /// Images as mounts (Compose: `volumes` of type `image`).
        image_volumes / with_image_volumes: Vec<ImageVolume> = "image_volumes",
        /// Files of artifacts as mounts (5.5).
        artifact_volumes / with_artifact_volumes: Vec<ArtifactVolume> = "artifact_volumes",
        /// Devices; a path may be `host:container:permissions`, and a CDI name (Compose: `devices`).
        devices / with_devices: Vec<oci::Device> = "devices",
        /// Rules for devices (Compose: `device_cgroup_rules`).
        device_cgroup_rule / with_device_cgroup_rule: Vec<oci::DeviceRule> = "device_cgroup_rule",
        /// Containers whose devices it gets.
        devices_from / with_devices_from: Vec<String> = "devices_from",
        /// Devices as they are on the host, for an inspection.
        host_device_list / with_host_device_list: Vec<oci::Device> = "host_device_list",
        /// Graphics processors, by number or `all` (6.0; Compose: `gpus`).
        gpus / with_gpus: Vec<String> = "gpus",
        /// IPC namespace (Compose: `ipc`).
        ipcns / with_ipcns: Option<Namespace> = "ipcns",
        /// Bytes of `/dev/shm`; the engine's default is 64 MiB (Compose: `shm_size`).
        shm_size / with_shm_size: Option<i64> = "shm_size",
        /// Bytes of the tmpfs mounts of systemd (4.5).
        shm_size_systemd / with_shm_size_systemd: Option<i64> = "shm_size_systemd",
        /// Working directory (Compose: `working_dir`).
        work_dir / with_work_dir: String = "work_dir",
        /// It is made where it does not exist.
        create_working_dir / with_create_working_dir: Option<bool> = "create_working_dir",
        /// Options of the storage driver, such as `size` (Compose: `storage_opt`).
        storage_opts / with_storage_opts: BTreeMap<String, String> = "storage_opts",
        /// Propagation of mounts of the root file system.
        rootfs_propagation / with_rootfs_propagation: Propagation = "rootfs_propagation",
        /// Secrets as files (Compose: `secrets`).
        secrets / with_secrets: Vec<Secret> = "secrets",
        /// Its storage is not synchronised to disk, and is lost when the host goes down.
        volatile / with_volatile: Option<bool> = "volatile",
        /// Further folders in which the engine puts its `hosts` and `resolv.conf`.
        chroot_directories / with_chroot_directories: Vec<String> = "chroot_directories",

        // Security.
        /// It has all privileges (Compose: `privileged`).
        privileged / with_privileged: Option<bool> = "privileged",
        /// `user[:group]` (Compose: `user`).
        user / with_user: String = "user",
        /// Additional groups (Compose: `group_add`).
        groups / with_groups: Vec<String> = "groups",
        /// Capabilities beyond the engine's default (Compose: `cap_add`).
        cap_add / with_cap_add: Vec<String> = "cap_add",
        /// Capabilities of the engine's default that it does not get (Compose: `cap_drop`).
        cap_drop / with_cap_drop: Vec<String> = "cap_drop",
        /// Labels of SELinux (Compose: `security_opt` with `label=`).
        selinux_opts / with_selinux_opts: Vec<String> = "selinux_opts",
        /// Profile of AppArmor (Compose: `security_opt` with `apparmor=`).
        apparmor_profile / with_apparmor_profile: String = "apparmor_profile",
        /// Whose filter of system calls: `default`, or the `image`'s.
        seccomp_policy / with_seccomp_policy: String = "seccomp_policy",
        /// Filter of system calls: a path on the engine's host, or `unconfined` (Compose: `security_opt` with
        /// `seccomp=`).
        seccomp_profile_path / with_seccomp_profile_path: String = "seccomp_profile_path",
        /// It cannot gain privileges (Compose: `security_opt` with `no-new-privileges`).
        no_new_privileges / with_no_new_privileges: Option<bool> = "no_new_privileges",
        /// User namespace (Compose: `userns_mode`).
        userns / with_userns: Option<Namespace> = "userns",
        /// Ids of the user namespace.
        idmappings / with_idmappings: Option<IdMappings> = "idmappings",
        /// Its root file system can only be read (Compose: `read_only`).
        read_only_filesystem / with_read_only_filesystem: Option<bool> = "read_only_filesystem",
        /// With that, `/dev/shm`, `/tmp`, `/run` and `/var/tmp` can be written to all the same.
        read_write_tmpfs / with_read_write_tmpfs: Option<bool> = "read_write_tmpfs",
        /// Containers within it may have labels of their own (4.5).
        label_nested / with_label_nested: Option<bool> = "label_nested",
        /// Mask of file modes, in octal.
        umask / with_umask: String = "umask",
        /// Options of its `/proc`.
        procfs_opts / with_procfs_opts: Vec<String> = "procfs_opts",
        /// Paths that are hidden.
        mask / with_mask: Vec<String> = "mask",
        /// Paths that are not hidden, or `ALL` (Compose: `security_opt` with `systempaths=unconfined`).
        unmask / with_unmask: Vec<String> = "unmask",

        // Cgroup.
        /// Cgroup namespace (Compose: `cgroup`).
        cgroupns / with_cgroupns: Option<Namespace> = "cgroupns",
        /// `enabled`, `disabled`, `no-conmon` or `split`.
        cgroups_mode / with_cgroups_mode: String = "cgroups_mode",
        /// Parent cgroup (Compose: `cgroup_parent`).
        cgroup_parent / with_cgroup_parent: String = "cgroup_parent",

        // Network.
        /// Network namespace; `bridge` for [`Self::networks`] (Compose: `network_mode`).
        netns / with_netns: Option<Namespace> = "netns",
        /// Published ports; not for a member of a pod, which has its pod's (Compose: `ports`).
        portmappings / with_portmappings: Vec<PortMapping> = "portmappings",
        /// All exposed ports are published, at ports that are free.
        publish_image_ports / with_publish_image_ports: Option<bool> = "publish_image_ports",
        /// Ports that are exposed, and their protocols separated by commas (Compose: `expose`).
        expose / with_expose: BTreeMap<u16, String> = "expose",
        /// Networks by name (Compose: `networks`).
        networks / with_networks: BTreeMap<String, PerNetworkOptions> = "Networks",
        /// The order in which they are connected: all of [`Self::networks`] (6.0; Compose: `priority`).
        network_order / with_network_order: Vec<String> = "networkOrder",
        /// Networks by name alone (up to 5.8).
        cni_networks / with_cni_networks: Vec<String> = "cni_networks",
        /// Its `resolv.conf` is the image's.
        use_image_resolve_conf / with_use_image_resolve_conf: Option<bool> = "use_image_resolve_conf",
        /// DNS servers (Compose: `dns`).
        dns_server / with_dns_server: Vec<String> = "dns_server",
        /// Search domains (Compose: `dns_search`).
        dns_search / with_dns_search: Vec<String> = "dns_search",
        /// Options of the resolver (Compose: `dns_opt`).
        dns_option / with_dns_option: Vec<String> = "dns_option",
        /// Its `hostname` is the image's (5.4).
        use_image_hostname / with_use_image_hostname: Option<bool> = "use_image_hostname",
        /// Its `hosts` is the image's.
        use_image_hosts / with_use_image_hosts: Option<bool> = "use_image_hosts",
        /// What its `hosts` begins with: a path, `image` or `none` (5.0).
        base_hosts_file / with_base_hosts_file: String = "base_hosts_file",
        /// Additional hosts, `name:address`; `host-gateway` is the host (Compose: `extra_hosts`).
        hostadd / with_hostadd: Vec<String> = "hostadd",
        /// Options of network modes, such as `pasta`.
        network_options / with_network_options: BTreeMap<String, Vec<String>> = "network_options",

        // Resources.
        /// Cache and memory bandwidth.
        intel_rdt / with_intel_rdt: Option<oci::IntelRdt> = "intelRdt",
        /// Limits of its cgroup (Compose: `mem_limit`, `cpus`, `pids_limit`, `deploy.resources`, ...).
        resource_limits / with_resource_limits: Option<oci::Resources> = "resource_limits",
        /// Resource limits of its processes, with a type such as `nofile` (Compose: `ulimits`). A negative limit of
        /// Compose, which is none, is [`u64::MAX`].
        r_limits / with_r_limits: Vec<oci::Rlimit> = "r_limits",
        /// How readily the kernel kills it when memory is short, -1000 to 1000 (Compose: `oom_score_adj`).
        oom_score_adj / with_oom_score_adj: Option<i64> = "oom_score_adj",
        /// Weights by path of a block device (Compose: `blkio_config.weight_device`).
        weight_device / with_weight_device: BTreeMap<String, oci::WeightDevice> = "weightDevice",
        /// Bytes read per second, by path of a block device (Compose: `blkio_config.device_read_bps`).
        throttle_read_bps_device / with_throttle_read_bps_device: BTreeMap<String, oci::ThrottleDevice>
            = "throttleReadBpsDevice",
        /// Bytes written per second (Compose: `blkio_config.device_write_bps`).
        throttle_write_bps_device / with_throttle_write_bps_device: BTreeMap<String, oci::ThrottleDevice>
            = "throttleWriteBpsDevice",
        /// Reads per second (Compose: `blkio_config.device_read_iops`).
        throttle_read_iops_device / with_throttle_read_iops_device: BTreeMap<String, oci::ThrottleDevice>
            = "throttleReadIOPSDevice",
        /// Writes per second (Compose: `blkio_config.device_write_iops`).
        throttle_write_iops_device / with_throttle_write_iops_device: BTreeMap<String, oci::ThrottleDevice>
            = "throttleWriteIOPSDevice",
        /// Files of cgroup v2 and what is written to them.
        unified / with_unified: BTreeMap<String, String> = "unified",
        /// Microseconds of a period (4.3; newer ones have it in [`Self::resource_limits`]).
        cpu_period / with_cpu_period: u64 = "cpu_period",
        /// Microseconds of each period (4.3; newer ones have it in [`Self::resource_limits`]).
        cpu_quota / with_cpu_quota: i64 = "cpu_quota",

        // Health.
        /// Health check; the image's when not set (Compose: `healthcheck`).
        healthconfig / with_healthconfig: Option<HealthConfig> = "healthconfig",
        /// What happens when it becomes unhealthy (4.3).
        health_check_on_failure_action / with_health_check_on_failure_action: OnFailureAction
            = "health_check_on_failure_action",
        /// Check that runs until it has succeeded, before the other one (4.4).
        startup_health_config / with_startup_health_config: Option<StartupHealthCheck> = "startupHealthConfig",
        /// Where probes are noted: `local`, `events_logger` or a folder (5.3).
        health_log_destination / with_health_log_destination: String = "healthLogDestination",
        /// How many probes are kept; 0 is all, which is what 5.3 to 5.4.1 do when it is not set; else 5 (5.3).
        health_max_log_count / with_health_max_log_count: Option<u64> = "healthMaxLogCount",
        /// How many characters of a probe are kept; 0 is all, as above; else 500 (5.3).
        health_max_log_size / with_health_max_log_size: Option<u64> = "healthMaxLogSize",
    }
}

impl SpecGenerator {
    /// A container of this image; everything else is not set.
    #[must_use]
    pub fn of_image(image: impl Into<String>) -> Self {
        Self::new().with_image(image.into())
    }
}
