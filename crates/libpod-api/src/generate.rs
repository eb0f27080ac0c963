//! Units of systemd made from containers and pods.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::generate::GenerateSystemd;
//!
//! let generate = GenerateSystemd::new("web-1").with_use_name(true).with_stop_timeout(10_u32);
//! assert_eq!(
//!     generate.target("/v5.0.0/libpod"),
//!     "/v5.0.0/libpod/generate/web-1/systemd?useName=true&stopTimeout=10"
//! );
//! let units = GenerateSystemd::decode(br#"{"container-web-1":"[Unit]\nDescription=..."}"#).unwrap();
//! assert!(units["container-web-1"].starts_with("[Unit]"));
//! ```

use std::collections::BTreeMap;

use http_endpoint::endpoints;

endpoints! {
    /// Units of systemd that run a container, or a pod with its containers, by unit name without suffix. Podman
    /// calls it deprecated in favour of [quadlets](crate::quadlets). What is not there is status 500.
    GET "/generate/{name}/systemd" => json<BTreeMap<String, String>>, [200];
    pub struct GenerateSystemd {
        path {
            /// Name or id of a container or pod.
            name
        }
        query {
            /// Call things by name in the units, not by id.
            use_name / with_use_name: bool = "useName",
            /// The units make and remove the container, rather than start and stop the one that is there.
            new / with_new: bool = "new",
            /// Without the comment that says by what and when it was made.
            no_header / with_no_header: bool = "noHeader",
            /// Seconds until systemd gives up the start; its own default when not set.
            start_timeout / with_start_timeout: Option<u32> = "startTimeout",
            /// Seconds until a container is killed; the engine's default, 10, when not set.
            stop_timeout / with_stop_timeout: Option<u32> = "stopTimeout",
            /// `no`, `on-success`, `on-failure` (the default), `on-abnormal`, `on-watchdog`, `on-abort`, `always`.
            restart_policy / with_restart_policy: Option<String> = "restartPolicy",
            /// What the names of containers' units begin with; `container` by default.
            container_prefix / with_container_prefix: Option<String> = "containerPrefix",
            /// What the names of pods' units begin with; `pod` by default.
            pod_prefix / with_pod_prefix: Option<String> = "podPrefix",
            /// What stands between that and the name; `-` by default.
            separator / with_separator: Option<String> = "separator",
            /// Seconds that systemd waits before it starts again. Podman 4.3 takes no notice of it.
            restart_sec / with_restart_sec: Option<u32> = "restartSec",
            /// Units that are started with it.
            wants / with_wants: Vec<String> = "wants",
            /// Units that are started before it.
            after / with_after: Vec<String> = "after",
            /// Units without which it does not run.
            requires / with_requires: Vec<String> = "requires",
            /// Environment of the units, `NAME=value` each. `Debug` shows it.
            additional_env_variables / with_additional_env_variables: Vec<String> = "additionalEnvVariables",
            /// Make a template, a unit of which there can be many; needs `new`. Since Podman 4.1.
            template_unit_file / with_template_unit_file: bool = "templateUnitFile",
        }
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn lists_are_repeated_keys() {
        let generate = GenerateSystemd::new("web")
            .with_wants(vec!["a.service".to_owned(), "b.service".to_owned()])
            .with_restart_policy("always");
        assert_eq!(
            generate.target(""),
            "/generate/web/systemd?restartPolicy=always&wants=a.service&wants=b.service"
        );
    }
}
