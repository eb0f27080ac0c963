//! The body of a create call.

use std::collections::BTreeMap;

use http_endpoint::{Empty, request, response};

use super::HostConfig;
use crate::networks::EndpointConfig;
use crate::{EnvList, HealthConfig};

request! {
    /// What a container is created from.
    ///
    /// ```
    /// use docker_api::containers::{ContainerConfig, HostConfig};
    ///
    /// let config = ContainerConfig::new("busybox")
    ///     .with_cmd(vec!["sleep".to_owned(), "9".to_owned()])
    ///     .with_host_config(HostConfig::new().with_network_mode("none"));
    /// assert_eq!(
    ///     serde_json::to_string(&config).unwrap(),
    ///     r#"{"Image":"busybox","Cmd":["sleep","9"],"HostConfig":{"NetworkMode":"none"}}"#
    /// );
    /// ```
    pub struct ContainerConfig {
        required {
            /// Image reference or id.
            image: String = "Image",
        }
        /// Host name; the short id by default.
        hostname / with_hostname: Option<String> = "Hostname",
        /// NIS domain name.
        domainname / with_domainname: Option<String> = "Domainname",
        /// `user[:group]`, by name or number; the image's by default.
        user / with_user: Option<String> = "User",
        /// The engine's client attaches stdin. The engine itself only keeps the note.
        attach_stdin / with_attach_stdin: bool = "AttachStdin",
        /// The engine's client attaches stdout.
        attach_stdout / with_attach_stdout: bool = "AttachStdout",
        /// The engine's client attaches stderr.
        attach_stderr / with_attach_stderr: bool = "AttachStderr",
        /// Exposed ports, `80/tcp`.
        exposed_ports / with_exposed_ports: BTreeMap<String, Empty> = "ExposedPorts",
        /// Allocate a terminal.
        tty / with_tty: bool = "Tty",
        /// Keep stdin open.
        open_stdin / with_open_stdin: bool = "OpenStdin",
        /// Close stdin when the first client that attached it leaves.
        stdin_once / with_stdin_once: bool = "StdinOnce",
        /// Environment, on top of the image's; `NAME` alone removes one.
        env / with_env: EnvList = "Env",
        /// Command; `None` is the image's, `Some(vec![])` is none.
        cmd / with_cmd: Option<Vec<String>> = "Cmd",
        /// Health check; `None` is the image's.
        healthcheck / with_healthcheck: Option<HealthConfig> = "Healthcheck",
        /// The command is one escaped line (Windows).
        args_escaped / with_args_escaped: bool = "ArgsEscaped",
        /// Paths of anonymous volumes.
        volumes / with_volumes: BTreeMap<String, Empty> = "Volumes",
        /// Working directory; the image's by default.
        working_dir / with_working_dir: Option<String> = "WorkingDir",
        /// Entry point; `None` is the image's, `Some(vec![])` is none.
        entrypoint / with_entrypoint: Option<Vec<String>> = "Entrypoint",
        /// No network at all.
        network_disabled / with_network_disabled: bool = "NetworkDisabled",
        /// MAC address; obsolete since API 1.44, where each endpoint has its own, and gone in 1.52.
        mac_address / with_mac_address: Option<String> = "MacAddress",
        /// Instructions for builds that start from an image of this container.
        on_build / with_on_build: Vec<String> = "OnBuild",
        /// Labels, on top of the image's.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// Stop signal; the image's, or `SIGTERM`, by default.
        stop_signal / with_stop_signal: Option<String> = "StopSignal",
        /// Seconds until a stop call kills; 10 by default.
        stop_timeout / with_stop_timeout: Option<i64> = "StopTimeout",
        /// Shell of the shell forms of `RUN`, `CMD` and `ENTRYPOINT`.
        shell / with_shell: Vec<String> = "Shell",
        /// What depends on the host.
        host_config / with_host_config: Option<HostConfig> = "HostConfig",
        /// Networks.
        networking_config / with_networking_config: Option<NetworkingConfig> = "NetworkingConfig",
    }
}

request! {
    /// Networks.
    pub struct NetworkingConfig {
        /// How it is attached, by network. Before API 1.44 Docker takes one at most.
        endpoints_config / with_endpoints_config: BTreeMap<String, EndpointConfig> = "EndpointsConfig",
    }
}

response! {
    /// A new container.
    pub struct ContainerCreateResponse {
        /// Its id.
        id: String = "Id",
        /// What the engine did not like.
        warnings: Vec<String> = "Warnings",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_not_sent_but_an_empty_command_is() {
        let config = ContainerConfig::new("bb");
        assert_eq!(serde_json::to_string(&config).unwrap(), r#"{"Image":"bb"}"#);
        let config = config.with_cmd(Vec::new()).with_entrypoint(vec!["/a".to_owned()]);
        assert_eq!(serde_json::to_string(&config).unwrap(), r#"{"Image":"bb","Cmd":[],"Entrypoint":["/a"]}"#);
    }

    #[test]
    fn environment_values_are_not_in_debug_output() {
        let config = ContainerConfig::new("bb").with_env(["A=hunter2"].into_iter().collect::<EnvList>());
        let shown = format!("{:?}", crate::containers::ContainerCreate::new(config.clone()));
        assert!(!shown.contains("hunter2"), "{shown}");
        assert_eq!(serde_json::to_string(&config).unwrap(), r#"{"Image":"bb","Env":["A=hunter2"]}"#);
    }
}
