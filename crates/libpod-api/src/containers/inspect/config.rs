//! What a container was created with, independent of the host.

use std::collections::BTreeMap;

use http_endpoint::{EnvList, Keys, StringOrList, StringOrNumber, response};

use crate::containers::{HealthConfig, StartupHealthCheck};

response! {
    /// Settings of an [`Inspected`](super::Inspected) that are independent of the host.
    pub struct InspectedConfig {
        /// Host name.
        hostname: String = "Hostname",
        /// Domain name; always empty.
        domainname: String = "Domainname",
        /// `user[:group]`.
        user: String = "User",
        /// Whether a client may attach to stdin.
        attach_stdin: bool = "AttachStdin",
        /// Whether a client may attach to stdout.
        attach_stdout: bool = "AttachStdout",
        /// Whether a client may attach to stderr.
        attach_stderr: bool = "AttachStderr",
        /// It has a terminal.
        tty: bool = "Tty",
        /// Its stdin is open.
        open_stdin: bool = "OpenStdin",
        /// Always `false`.
        stdin_once: bool = "StdinOnce",
        /// Environment, that of the image and the engine included.
        env: EnvList = "Env",
        /// Command.
        cmd: StringOrList = "Cmd",
        /// Reference of the image.
        image: String = "Image",
        /// Volumes that the image declares.
        volumes: Keys = "Volumes",
        /// Working directory.
        working_dir: String = "WorkingDir",
        /// Entry point; up to Podman 4 one string with its words joined by spaces.
        entrypoint: StringOrList = "Entrypoint",
        /// Always absent.
        on_build: Option<String> = "OnBuild",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Annotations.
        annotations: BTreeMap<String, String> = "Annotations",
        /// Signal that stops it: `SIGTERM`, and a number up to Podman 4.
        stop_signal: StringOrNumber = "StopSignal",
        /// Check that runs until it has succeeded, before the other one.
        startup_health_check: Option<StartupHealthCheck> = "StartupHealthCheck",
        /// Health check.
        healthcheck: Option<HealthConfig> = "Healthcheck",
        /// What happens when it becomes unhealthy: `none`, `kill`, `restart`, `stop`.
        healthcheck_on_failure_action: String = "HealthcheckOnFailureAction",
        /// Where probes are noted: `local`, `events_logger` or a folder (5.3).
        health_log_destination: String = "HealthLogDestination",
        /// How many probes are kept; 0 is all (5.3).
        healthcheck_max_log_count: u64 = "HealthcheckMaxLogCount",
        /// How many characters of a probe are kept; 0 is all (5.3).
        healthcheck_max_log_size: u64 = "HealthcheckMaxLogSize",
        /// The command line that created it, where one did.
        create_command: Vec<String> = "CreateCommand",
        /// Time zone.
        timezone: String = "Timezone",
        /// systemd runs in it.
        systemd_mode: bool = "SystemdMode",
        /// Mask of file modes, in octal.
        umask: String = "Umask",
        /// Secrets.
        secrets: Vec<InspectedSecret> = "Secrets",
        /// Seconds after which it is killed; 0 is never.
        timeout: u64 = "Timeout",
        /// Seconds between its stop signal and a kill.
        stop_timeout: u64 = "StopTimeout",
        /// Whether the engine may change its `/etc/passwd`.
        passwd: Option<bool> = "Passwd",
        /// Further folders in which the engine puts its `hosts` and `resolv.conf`.
        chroot_dirs: Vec<String> = "ChrootDirs",
        /// How it tells systemd that it is ready.
        sd_notify_mode: String = "sdNotifyMode",
        /// Socket through which it does.
        sd_notify_socket: String = "sdNotifySocket",
        /// Exposed ports, `80/tcp` (5.3).
        exposed_ports: Keys = "ExposedPorts",
    }
}

response! {
    /// A secret of a container.
    pub struct InspectedSecret {
        /// Its name.
        name: String = "Name",
        /// Its id.
        id: String = "ID",
        /// User id of the file's owner.
        uid: u32 = "UID",
        /// Group id of the file's owner.
        gid: u32 = "GID",
        /// Mode of the file.
        mode: u32 = "Mode",
    }
}
