//! `config.dump`: the container as Podman recorded it.

use std::collections::BTreeMap;

use http_endpoint::{Date, response};

use super::volumes::{ArtifactVolume, DumpedSecret, ImageVolume, NamedVolume, OverlayVolume, SecretRecord};
use crate::containers::{
    HealthConfig, IdMappings, OnFailureAction, PerNetworkOptions, PortMapping, RestartPolicyName,
    StartupHealthCheck,
};
use crate::oci;

response! {
    /// `config.dump`: the container as Podman recorded it, all of it. Paths are those of the engine's host.
    pub struct ConfigDump {
        /// OCI runtime configuration before the engine filled it in; what the runtime got is the `spec.dump`.
        spec: Option<oci::Spec> = "spec",
        /// Container id.
        id: String = "id",
        /// Container name.
        name: String = "name",
        /// Pod that it is a member of.
        pod: String = "pod",
        /// Namespace of the engine's own.
        namespace: String = "namespace",
        /// Number of its lock.
        lock_id: u32 = "lockID",
        /// The command line that created it, where one did.
        create_command: Vec<String> = "CreateCommand",
        /// Image reference as a person wrote it.
        raw_image_name: String = "RawImageName",
        /// Ids of its user namespace.
        id_mappings: IdMappings = "idMappingsOptions",
        /// Containers that must run before it. An archive of a container that has any is not restored.
        dependencies: Vec<String> = "Dependencies",

        /// Image id, without `sha256:`. The image itself is not in the archive.
        rootfs_image_id: String = "rootfsImageID",
        /// Image reference, which an engine pulls where it does not have the image.
        rootfs_image_name: String = "rootfsImageName",
        /// Root file system that is no image's.
        rootfs: String = "rootfs",
        /// Changes go into a layer above that.
        rootfs_overlay: bool = "rootfs_overlay",
        /// Ids of that.
        rootfs_mapping: Option<String> = "rootfs_mapping",
        /// Its `/dev/shm`.
        shm_dir: String = "ShmDir",
        /// Its `/dev/shm` cannot be shared.
        no_shm_share: bool = "NOShmShare",
        /// It has no `/dev/shm`.
        no_shm: bool = "NoShm",
        /// Bytes of `/dev/shm`.
        shm_size: i64 = "shmSize",
        /// Bytes of the tmpfs mounts of systemd.
        shm_size_systemd: i64 = "shmSizeSystemd",
        /// Folder of what the engine keeps of it.
        static_dir: String = "staticDir",
        /// Paths on the host that get its SELinux label.
        mounts: Vec<String> = "mounts",
        /// Named volumes. Their content is in the archive, as `volumes/<name>.tar`.
        named_volumes: Vec<NamedVolume> = "namedVolumes",
        /// Folders with a layer above. Their content is not in the archive.
        overlay_volumes: Vec<OverlayVolume> = "overlayVolumes",
        /// Images as mounts.
        image_volumes: Vec<ImageVolume> = "ctrImageVolumes",
        /// Files of artifacts as mounts.
        artifact_volumes: Vec<ArtifactVolume> = "artifactVolumes",
        /// Its working directory is made where it does not exist.
        create_working_dir: bool = "createWorkingDir",
        /// Secrets as files. Their values are not here.
        secrets: Vec<DumpedSecret> = "secrets",
        /// Where the secrets are.
        secrets_path: String = "secretsPath",
        /// Options of the storage driver.
        storage_opts: BTreeMap<String, String> = "storageOpts",
        /// Its storage is not synchronised to disk.
        volatile: bool = "volatile",
        /// The engine may add to its `/etc/passwd`.
        passwd: Option<bool> = "passwd",
        /// Further folders in which the engine puts its `hosts` and `resolv.conf`.
        chroot_directories: Vec<String> = "chroot_directories",

        /// It has all privileges.
        privileged: bool = "privileged",
        /// Label of SELinux for its processes.
        process_label: String = "ProcessLabel",
        /// Label of SELinux for its mounts.
        mount_label: String = "MountLabel",
        /// Options of its labels.
        label_opts: Vec<String> = "labelopts",
        /// `user[:group]`.
        user: String = "user",
        /// Additional groups.
        groups: Vec<String> = "groups",
        /// Users of the host in its `/etc/passwd`.
        host_users: Vec<String> = "HostUsers",
        /// The engine's user is in its `/etc/passwd`.
        add_current_user_passwd_entry: bool = "addCurrentUserPasswdEntry",
        /// Containers within it may have labels of their own.
        label_nested: bool = "label_nested",

        /// Container whose IPC namespace it has.
        ipc_ns_ctr: String = "ipcNsCtr",
        /// Container whose mount namespace it has.
        mount_ns_ctr: String = "mountNsCtr",
        /// Container whose network namespace it has.
        net_ns_ctr: String = "netNsCtr",
        /// Container whose process namespace it has.
        pid_ns_ctr: String = "pidNsCtr",
        /// Container whose user namespace it has.
        user_ns_ctr: String = "userNsCtr",
        /// Container whose UTS namespace it has.
        uts_ns_ctr: String = "utsNsCtr",
        /// Container whose cgroup namespace it has.
        cgroup_ns_ctr: String = "cgroupNsCtr",

        /// It has a network namespace of its own.
        create_net_ns: bool = "createNetNS",
        /// Address it asked for (up to 3.x).
        static_ip: String = "staticIP",
        /// MAC address it asked for (up to 3.x).
        static_mac: String = "staticMAC",
        /// Published ports.
        port_mappings: Vec<PortMapping> = "newPortMappings",
        /// Published ports (up to 3.x).
        old_port_mappings: Vec<OldPortMapping> = "portMappings",
        /// Ports that are exposed and not published: number to protocols.
        exposed_ports: BTreeMap<u16, Vec<String>> = "exposedPorts",
        /// Its `resolv.conf` is the image's.
        use_image_resolv_conf: bool = "UseImageResolvConf",
        /// DNS servers.
        dns_server: Vec<String> = "dnsServer",
        /// Search domains.
        dns_search: Vec<String> = "dnsSearch",
        /// Options of the resolver.
        dns_option: Vec<String> = "dnsOption",
        /// Its `hostname` is the image's.
        use_image_hostname: bool = "useImageHostname",
        /// Its `hosts` is the image's.
        use_image_hosts: bool = "UseImageHosts",
        /// What its `hosts` begins with.
        base_hosts_file: String = "baseHostsFile",
        /// Additional hosts.
        hosts_add: Vec<String> = "hostsAdd",
        /// Networks in their order (6.0). An older engine does not know this, and restores without a network.
        ordered_networks: Vec<NamedNetwork> = "orderedNetworks",
        /// Networks by name (4 and 5).
        new_networks: BTreeMap<String, PerNetworkOptions> = "newNetworks",
        /// Networks by name alone (up to 3.x).
        old_networks: Vec<String> = "networks",
        /// Network mode.
        network_mode: String = "networkMode",
        /// Options of network modes.
        network_options: BTreeMap<String, Vec<String>> = "network_options",

        /// Paths of the volumes that were given when it was created.
        user_volumes: Vec<String> = "userVolumes",
        /// Entry point.
        entrypoint: Vec<String> = "entrypoint",
        /// Command.
        command: Vec<String> = "command",

        /// Its stdin is open.
        stdin: bool = "stdin",
        /// Labels.
        labels: BTreeMap<String, String> = "labels",
        /// Signal that stops it.
        stop_signal: u32 = "stopSignal",
        /// Seconds between that signal and a kill.
        stop_timeout: u64 = "stopTimeout",
        /// Seconds after which it is killed; 0 is never.
        timeout: u64 = "timeout",
        /// When it was created.
        created_time: Date = "createdTime",
        /// `systemd` or `cgroupfs`.
        cgroup_manager: String = "cgroupManager",
        /// It has no cgroup (up to 3.x).
        no_cgroups: bool = "noCgroups",
        /// `enabled`, `disabled`, `no-conmon` or `split`.
        cgroups_mode: String = "cgroupsMode",
        /// Parent cgroup.
        cgroup_parent: String = "cgroupParent",
        /// Line that is added to its `/etc/group`.
        group_entry: String = "group_entry",
        /// Line that is added to its `/etc/passwd`.
        passwd_entry: String = "passwd_entry",
        /// What a service container does with exit codes.
        kube_exit_code_propagation: i64 = "kubeExitCodePropagation",
        /// File of its logs.
        log_path: String = "logPath",
        /// Tag of its logs.
        log_tag: String = "logTag",
        /// Labels of its logs (6.0).
        log_labels: BTreeMap<String, String> = "logLabels",
        /// Bytes from which the file begins anew.
        log_size: i64 = "logSize",
        /// Log driver.
        log_driver: String = "logDriver",
        /// File with the process id of its monitor.
        conmon_pid_file: String = "conmonPidFile",
        /// File with the process id of its main process.
        pid_file: String = "pid_file",
        /// When it is started again.
        restart_policy: RestartPolicyName = "restart_policy",
        /// How often `on-failure` starts it again.
        restart_retries: u64 = "restart_retries",
        /// Its network is set up after it was made, for a user namespace.
        post_configure_net_ns: bool = "postConfigureNetNS",
        /// OCI runtime.
        runtime: String = "runtime",
        /// It is the infra container of a pod.
        is_infra: bool = "pause",
        /// It is the infra container that the engine itself makes (5.5).
        is_default_infra: bool = "defaultPause",
        /// It is the service container of a `kube play`.
        is_service: bool = "isService",
        /// How it tells systemd that it is ready.
        sdnotify_mode: String = "sdnotifyMode",
        /// Socket through which it does.
        sdnotify_socket: String = "sdnotifySocket",
        /// systemd runs in it.
        systemd: Option<bool> = "systemd",
        /// Health check.
        healthcheck: Option<HealthConfig> = "healthcheck",
        /// What happens when it becomes unhealthy.
        healthcheck_on_failure_action: OnFailureAction = "healthcheck_on_failure_action",
        /// Where probes are noted.
        health_log_destination: String = "healthLogDestination",
        /// How many probes are kept.
        health_max_log_count: Option<u64> = "healthMaxLogCount",
        /// How many characters of a probe are kept.
        health_max_log_size: Option<u64> = "healthMaxLogSize",
        /// Check that runs until it has succeeded, before the other one.
        startup_healthcheck: Option<StartupHealthCheck> = "startupHealthCheck",
        /// How many file descriptors it inherits.
        preserve_fds: u64 = "preserveFds",
        /// Which file descriptors it inherits.
        preserve_fd: Vec<u64> = "preserveFd",
        /// Time zone.
        timezone: String = "timezone",
        /// Mask of file modes, in octal.
        umask: String = "umask",
        /// CDI devices.
        cdi_devices: Vec<String> = "cdiDevices",
        /// Graphics processors (6.0).
        gpus: Vec<String> = "gpus",
        /// Devices as they are on the host.
        device_host_src: Vec<oci::Device> = "device_host_src",
        /// Secrets as environment variables. Their values are not here.
        secret_env: BTreeMap<String, SecretRecord> = "secret_env",
        /// In a pod: it runs before the others, `always` or `once`.
        init_container_type: String = "init_container_type",
        /// It has all devices of the host.
        mount_all_devices: bool = "mountAllDevices",
        /// With a root file system that can only be read, some folders can be written to all the same.
        read_write_tmpfs: bool = "readWriteTmpfs",
    }
}

impl ConfigDump {
    /// Reads a `config.dump`.
    ///
    /// # Errors
    /// It is not the JSON that Podman writes.
    pub fn parse(file: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(file)
    }

    /// The names of its networks, whichever version wrote them. A restore looks for them by these names.
    pub fn network_names(&self) -> impl Iterator<Item = &str> {
        let ordered = self.ordered_networks.iter().map(|network| &network.name);
        ordered.chain(self.new_networks.keys()).chain(&self.old_networks).map(String::as_str)
    }
}

response! {
    /// A network of a [`ConfigDump`].
    pub struct NamedNetwork {
        /// Its name.
        name: String = "name",
        /// Addresses it asked for.
        static_ips: Vec<String> = "static_ips",
        /// Names by which it is found in the network.
        aliases: Vec<String> = "aliases",
        /// MAC address it asked for.
        static_mac: String = "static_mac",
        /// Name of the interface.
        interface_name: String = "interface_name",
        /// Options of the driver.
        options: BTreeMap<String, String> = "options",
    }
}

response! {
    /// A published port as Podman 3 recorded it.
    pub struct OldPortMapping {
        /// Port on the host.
        host_port: i32 = "hostPort",
        /// Port in the container.
        container_port: i32 = "containerPort",
        /// Protocol.
        protocol: String = "protocol",
        /// Host address.
        host_ip: String = "hostIP",
    }
}

/// Reads a `deleted.files`: paths that a restore removes from the root file system.
///
/// # Errors
/// It is not the JSON that Podman writes.
pub fn deleted_files(file: &[u8]) -> Result<Vec<String>, serde_json::Error> {
    Ok(serde_json::from_slice::<Option<_>>(file)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_tells_who_it_was_and_what_it_needs() {
        let config = ConfigDump::parse(
            br#"{"spec":{},"id":"ab12","name":"web-1","pod":"","rootfsImageID":"cd","rootfsImageName":"localhost/web:1",
            "namedVolumes":[{"volumeName":"data","dest":"/data","options":["rw"]}],"labels":{"a":"b"},
            "newNetworks":{"net":{"aliases":["web"],"interface_name":"eth0"}},"networks":null}"#,
        )
        .unwrap();
        assert_eq!((config.id.as_str(), config.name.as_str()), ("ab12", "web-1"));
        assert_eq!(config.named_volumes[0].name, "data");
        assert_eq!(config.new_networks["net"].aliases, ["web"]);
        assert!(ConfigDump::parse(b"[").is_err());
    }

    #[test]
    fn the_networks_of_every_version_have_names() {
        for json in [
            r#"{"orderedNetworks":[{"name":"net","aliases":["web"]}]}"#,
            r#"{"newNetworks":{"net":{"aliases":["web"]}}}"#,
            r#"{"networks":["net"]}"#,
        ] {
            let config = ConfigDump::parse(json.as_bytes()).unwrap();
            assert_eq!(config.network_names().collect::<Vec<_>>(), ["net"], "{json}");
        }
    }

    #[test]
    fn no_value_of_an_environment_is_in_debug_output() {
        let config = ConfigDump::parse(br#"{"spec":{"process":{"env":["TOKEN=hunter2"]}}}"#).unwrap();
        let shown = format!("{config:?}");
        assert!(shown.contains("TOKEN") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn deleted_files_are_a_list_or_null() {
        assert_eq!(deleted_files(br#"["a","b/c"]"#).unwrap(), ["a", "b/c"]);
        assert!(deleted_files(b"null").unwrap().is_empty());
    }
}
