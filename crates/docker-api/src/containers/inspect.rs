//! A container in full.

use std::collections::BTreeMap;

use crate::{Date, EnvList, Health, HealthConfig, Keys, StringOrList};
use http_endpoint::response;

response! {
    /// A container in full.
    pub struct Container {
        /// Full id.
        id: String = "Id",
        /// Name, with a leading slash.
        name: String = "Name",
        /// RFC 3339.
        created: String = "Created",
        /// State.
        state: ContainerState = "State",
        /// Image id.
        image: String = "Image",
        /// How often the engine restarted it.
        restart_count: i64 = "RestartCount",
        /// What the image and the create call say.
        config: ContainerInspectConfig = "Config",
        /// Networks.
        network_settings: ContainerNetworkSettings = "NetworkSettings",
        /// Mounts, resolved.
        mounts: Vec<MountPoint> = "Mounts",
    }
}

response! {
    /// The state of a container.
    pub struct ContainerState {
        /// State word.
        status: String = "Status",
        /// Runs, or is paused.
        running: bool = "Running",
        /// Killed because memory ran out.
        oom_killed: bool = "OOMKilled",
        /// Process id on the engine's host.
        pid: i64 = "Pid",
        /// Exit code of the last run.
        exit_code: i64 = "ExitCode",
        /// Why it could not start.
        error: String = "Error",
        /// Start of the last run.
        started_at: Date = "StartedAt",
        /// End of the last run.
        finished_at: Date = "FinishedAt",
        /// Health record.
        health: Option<Health> = "Health",
    }
}

response! {
    /// What the image and the create call say.
    pub struct ContainerInspectConfig {
        /// Host name.
        hostname: String = "Hostname",
        /// `user[:group]`.
        user: String = "User",
        /// Exposed ports.
        exposed_ports: Keys = "ExposedPorts",
        /// Has a terminal.
        tty: bool = "Tty",
        /// Stdin is open.
        open_stdin: bool = "OpenStdin",
        /// Environment.
        env: EnvList = "Env",
        /// Command.
        cmd: StringOrList = "Cmd",
        /// Health check.
        healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Image reference it was created from.
        image: String = "Image",
        /// Working directory.
        working_dir: String = "WorkingDir",
        /// Entry point.
        entrypoint: StringOrList = "Entrypoint",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Stop signal; a number as text on Podman.
        stop_signal: String = "StopSignal",
        /// Seconds until a stop call kills.
        stop_timeout: Option<i64> = "StopTimeout",
    }
}

response! {
    /// Networks of a container.
    pub struct ContainerNetworkSettings {
        /// Host ports by `port/protocol`; none where it is only exposed.
        ports: BTreeMap<String, Option<Vec<HostPort>>> = "Ports",
        /// By name.
        networks: BTreeMap<String, ContainerNetwork> = "Networks",
    }
}

response! {
    /// A published port.
    pub struct HostPort {
        /// Host address.
        host_ip: String = "HostIp",
        /// Host port.
        host_port: String = "HostPort",
    }
}

response! {
    /// A network that a container is attached to.
    pub struct ContainerNetwork {
        /// Id; the name, on Podman before 5.4.
        network_id: String = "NetworkID",
        /// IPv4 address; empty when it does not run.
        ip_address: String = "IPAddress",
        /// IPv6 address.
        global_ipv6_address: String = "GlobalIPv6Address",
        /// Aliases.
        aliases: Vec<String> = "Aliases",
        /// Names under which it is found (API 1.44).
        dns_names: Vec<String> = "DNSNames",
    }
}

response! {
    /// A mount, resolved.
    pub struct MountPoint {
        /// `bind`, `volume`, `tmpfs`.
        kind: String = "Type",
        /// Volume name.
        name: String = "Name",
        /// Path on the host.
        source: String = "Source",
        /// Path in the container.
        destination: String = "Destination",
        /// Writable; absent in Podman's list.
        rw: Option<bool> = "RW",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;
    use crate::containers::ContainerInspect;

    #[test]
    fn reads_a_running_container_of_docker() {
        let c = ContainerInspect::decode(
            br#"{"Id":"c1","Created":"2026-11-24T10:00:00.1Z","Path":"sleep","Args":["9"],"Name":"/web-1","RestartCount":2,
              "State":{"Status":"running","Running":true,"Paused":false,"OOMKilled":false,"Pid":42,"ExitCode":0,"Error":"",
                "StartedAt":"2026-11-24T10:00:01Z","FinishedAt":"0001-01-01T00:00:00Z",
                "Health":{"Status":"starting","FailingStreak":1,"Log":[{"Start":"2026-11-24T10:00:02Z","End":"x","ExitCode":1,"Output":"no"}]}},
              "Image":"sha256:1","Config":{"Hostname":"h","User":"","ExposedPorts":{"80/tcp":{}},"Tty":false,"OpenStdin":false,
                "Env":["A=1"],"Cmd":["sleep","9"],"Image":"bb","WorkingDir":"","Entrypoint":null,"Labels":{"k":"v"},"StopTimeout":3},
              "NetworkSettings":{"Bridge":"","Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}],"81/tcp":null},
                "Networks":{"n":{"IPAMConfig":null,"Aliases":["web"],"NetworkID":"n1","IPAddress":"172.18.0.2"}}},
              "Mounts":[{"Type":"volume","Name":"v","Source":"/var/v","Destination":"/data","Driver":"local","Mode":"z","RW":false,"Propagation":""}]}"#,
        )
        .unwrap();
        assert_eq!(c.name, "/web-1");
        assert_eq!(c.state.finished_at, Date(None));
        assert_eq!(c.state.health.unwrap().log[0].output, "no");
        assert_eq!(c.config.stop_timeout, Some(3));
        assert_eq!(c.network_settings.ports["80/tcp"].as_ref().unwrap()[0].host_port, "8080");
        assert_eq!(c.network_settings.ports["81/tcp"], None);
        assert_eq!(c.mounts[0].rw, Some(false));
        assert!(c.config.entrypoint.0.is_empty());
    }

    #[test]
    fn reads_podmans_nulls_and_variants() {
        let c = ContainerInspect::decode(
            br#"{"Id":"c1","Name":"/web-1","State":{"Status":"configured","Health":null},
              "Config":{"Entrypoint":"/init","Cmd":null,"Env":null,"Labels":null,"ExposedPorts":null,"StopSignal":"15"},
              "NetworkSettings":{"Ports":null,"Networks":null},"Mounts":null}"#,
        )
        .unwrap();
        assert_eq!(c.config.entrypoint.0, ["/init"]);
        assert_eq!(c.config.stop_signal, "15");
        assert!(c.network_settings.networks.is_empty() && c.mounts.is_empty());
    }
}
