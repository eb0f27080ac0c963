//! Containers: making, listing, inspecting, changing and removing them.
//!
//! ```
//! use http_endpoint::{Endpoint, Filters};
//! use libpod_api::containers::{ContainerCreate, ContainerInspect, ContainerList, SpecGenerator};
//!
//! let spec = SpecGenerator::of_image("docker.io/library/busybox:latest").with_command(vec!["top".to_owned()]);
//! let create = ContainerCreate::new(spec);
//! assert_eq!(create.target("/v5.0.0/libpod"), "/v5.0.0/libpod/containers/create");
//!
//! let list = ContainerList::new().with_all(true).with_filters(Filters::new().with("label", "app"));
//! assert_eq!(list.target(""), "/containers/json?all=true&filters=%7B%22label%22%3A%5B%22app%22%5D%7D");
//!
//! let one = ContainerInspect::decode(br#"{"Id":"ab","State":{"Status":"running","Pid":7}}"#).unwrap();
//! assert_eq!((one.state.status.as_str(), one.state.pid), ("running", 7));
//! ```

pub(crate) mod files;
mod health;
mod inspect;
pub(crate) mod lifecycle;
mod list;
mod network;
mod spec;
mod stats;
mod update;
pub(crate) mod watch;
mod words;

use http_endpoint::{Filters, GoError, endpoints, response};

pub use files::{
    Change, ContainerArchiveGet, ContainerArchivePut, ContainerArchiveStat, ContainerChanges,
    ContainerExport, ContainerMount, ContainerUnmount, ContainersMounted,
};
pub use health::{HealthConfig, OnFailureAction, StartupHealthCheck};
pub use inspect::{
    BlkioDeviceRate, BlkioDeviceWeight, GraphDriver, Health, HealthLogEntry, HostPort, Inspected,
    InspectedConfig, InspectedDevice, InspectedHostConfig, InspectedIdMappings, InspectedLogConfig,
    InspectedNetwork, InspectedNetworkSettings, InspectedRestartPolicy, InspectedSecret, InspectedState,
    InspectedUlimit, MountInfo, SecondaryAddress,
};
pub use lifecycle::{
    ContainerInit, ContainerKill, ContainerPause, ContainerResize, ContainerRestart, ContainerStart,
    ContainerStop, ContainerUnpause,
};
pub use list::{ListedContainer, ListedMount, ListedNamespaces, ListedSize};
pub use network::{Namespace, NamespaceMode, PerNetworkOptions, PortMapping};
pub use spec::{
    ArtifactVolume, AutoUserNsOptions, IdMap, IdMappings, ImageVolume, LogConfig, NamedVolume, OverlayVolume,
    Secret, SpecGenerator,
};
pub use stats::{
    BlkioEntry, BlkioStats, ContainerUsage, CpuStats, CpuUsage, DockerStats, InterfaceUsage, MemoryStats,
    PidsStats, StatsReport, StorageStats, ThrottlingData,
};
pub use update::{DeviceRate, DeviceWeight, UpdateEntities};
pub use watch::{
    AttachSession, ContainerAttach, ContainerHealthcheck, ContainerLogs, ContainerStats, ContainerTop,
    ContainerTopStream, ContainerWait, ContainersStats, HealthcheckRun, Top, WaitConditions,
};
pub use words::{
    ContainerState, DiffType, HealthState, MountKind, Propagation, RestartPolicyName, WaitCondition,
};

endpoints! {
    /// Makes a container, without starting it. The image must be there already.
    ///
    /// A name that is taken is status 500 here (409 in the compatible API); a missing image is 404, and 500 before
    /// 4.8.
    POST "/containers/create" => json<ContainerCreated>, [201];
    pub struct ContainerCreate {
        json {
            /// What it is made from.
            spec: SpecGenerator
        }
    }

    /// Lists containers. Without `all` only those that run.
    GET "/containers/json" => json<Vec<ListedContainer>>, [200];
    pub struct ContainerList {
        query {
            /// Also those that do not run.
            all / with_all: bool = "all",
            /// The newest, this many, in any state.
            limit / with_limit: Option<u32> = "limit",
            /// As `limit`.
            last / with_last: Option<u32> = "last",
            /// Also containers in storage that Podman does not manage.
            external / with_external: bool = "external",
            /// Namespace ids.
            namespace / with_namespace: bool = "namespace",
            /// Pod names.
            pod / with_pod: bool = "pod",
            /// Sizes on disk.
            size / with_size: bool = "size",
            /// Ask the runtime for each state instead of trusting the database.
            sync / with_sync: bool = "sync",
            /// `label`, `name` (a regular expression), `status`, `network`, `volume`, `pod`, `health`, ...
            filters / with_filters: Filters = "filters",
        }
    }

    /// A container in full.
    GET "/containers/{name}/json" => json<Inspected>, [200];
    pub struct ContainerInspect {
        path {
            /// Name or id.
            name
        }
        query {
            /// Sizes on disk.
            size / with_size: bool = "size"
        }
    }

    /// Asks whether a container exists; 404 when it does not.
    GET "/containers/{name}/exists" => none, [204];
    pub struct ContainerExists {
        path {
            /// Name or id.
            name
        }
        query {
            /// Also containers in storage that Podman does not manage.
            external / with_external: bool = "external"
        }
    }

    /// Gives a container another name; 409 when that is taken.
    POST "/containers/{name}/rename" => none, [204];
    pub struct ContainerRename {
        path {
            /// Name or id.
            name
        }
        required {
            /// New name.
            new_name: String = "name"
        }
    }

    /// Changes a container that exists. The answer is its id.
    POST "/containers/{name}/update" => text, [201];
    pub struct ContainerUpdate {
        path {
            /// Name or id.
            name
        }
        query {
            /// When it is started again (5.1).
            restart_policy / with_restart_policy: RestartPolicyName = "restartPolicy",
            /// How often `on-failure` starts it again (5.1); 400 with another policy.
            restart_retries / with_restart_retries: Option<u32> = "restartRetries",
        }
        json {
            /// What changes.
            changes: UpdateEntities
        }
    }

    /// Removes a container. A running one without `force` is status 500 here.
    DELETE "/containers/{name}" => json<Vec<RemoveReport>>, [200];
    pub struct ContainerRemove {
        path {
            /// Name or id.
            name
        }
        query {
            /// Remove what depends on it, too.
            depend / with_depend: bool = "depend",
            /// Stop it first if it runs.
            force / with_force: bool = "force",
            /// A missing container is no error.
            ignore / with_ignore: bool = "ignore",
            /// Seconds before a running one is killed; the engine's default is 10.
            timeout / with_timeout: Option<u32> = "timeout",
            /// Remove its anonymous volumes, too.
            volumes / with_volumes: bool = "volumes",
        }
    }

    /// Removes containers that have ended.
    POST "/containers/prune" => json<Vec<PruneReport>>, [200];
    pub struct ContainersPrune {
        query {
            /// `label`, `label!`, `until`, ...
            filters / with_filters: Filters = "filters"
        }
    }
}

response! {
    /// Answer of a [`ContainerCreate`].
    pub struct ContainerCreated {
        /// Full id.
        id: String = "Id",
        /// What the engine did otherwise than it was told.
        warnings: Vec<String> = "Warnings",
    }
}

response! {
    /// One element of a [`ContainerRemove`]'s answer.
    pub struct RemoveReport {
        /// Container id.
        id: String = "Id",
        /// Why it was not removed.
        err: GoError = "Err",
        /// The name or id that was asked for (4.x).
        raw_input: String = "RawInput",
    }
}

response! {
    /// One element of a [`ContainersPrune`]'s answer.
    pub struct PruneReport {
        /// Container id.
        id: String = "Id",
        /// Why it was not removed.
        err: GoError = "Err",
        /// Bytes of disk that are free again.
        size: i64 = "Size",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn an_inspect_tells_the_checkpoint_state_in_every_version() {
        let body = br#"{"Id":"ab","Name":"web-1","State":{"Status":"exited","Running":false,"Paused":false,
            "Checkpointed":true,"CheckpointLog":"/run/dump.log","ExitCode":137,"StartedAt":"0001-01-01T00:00:00Z"},
            "Mounts":[{"Type":"volume","Name":"v","Destination":"/d","RW":true}],"Dependencies":[]}"#;
        let got = ContainerInspect::decode(body).unwrap();
        assert!(got.state.checkpointed);
        assert_eq!(got.state.checkpoint_log, "/run/dump.log");
        assert_eq!((&got.state.status, got.state.started_at.as_str()), (&ContainerState::Exited, None));
        assert_eq!(got.mounts[0].kind, MountKind::Volume);
    }

    #[test]
    fn the_shapes_of_podman_4_decode() {
        let old =
            ContainerInspect::decode(br#"{"Config":{"Entrypoint":"/bin/sh -c","StopSignal":15}}"#).unwrap();
        assert_eq!(old.config.entrypoint.0, ["/bin/sh -c"]);
        assert_eq!(old.config.stop_signal.0, "15");
        let new = br#"{"Config":{"Entrypoint":["/bin/sh","-c"],"StopSignal":"SIGTERM"}}"#;
        let new = ContainerInspect::decode(new).unwrap();
        assert_eq!(new.config.entrypoint.0, ["/bin/sh", "-c"]);
        assert_eq!(new.config.stop_signal.0, "SIGTERM");
    }

    #[test]
    fn a_port_that_is_only_exposed_has_no_host_port() {
        let body =
            br#"{"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"","HostPort":"8080"}],"81/tcp":null}}}"#;
        let ports = ContainerInspect::decode(body).unwrap().network_settings.ports;
        assert_eq!(ports["80/tcp"].as_ref().unwrap()[0].host_port, "8080");
        assert_eq!(ports["81/tcp"], None);
    }

    #[test]
    fn a_removal_reports_errors_as_text_or_not_at_all() {
        let body = br#"[{"Id":"a","Err":null},{"Id":"b","Err":"container is running"},{"Id":"c","Err":{}}]"#;
        let errs: Vec<_> = ContainerRemove::decode(body).unwrap().into_iter().map(|r| r.err.0).collect();
        assert_eq!(errs, [None, Some("container is running".to_owned()), Some("{}".to_owned())]);
    }

    #[test]
    fn no_value_of_an_environment_is_in_debug_output() {
        let spec =
            SpecGenerator::of_image("a").with_env([("TOKEN", "hunter2")].into_iter().collect::<SecretMap>());
        let update = UpdateEntities::new().with_env(["TOKEN=hunter2"].into_iter().collect::<EnvList>());
        let shown = format!("{:?} {:?}", ContainerCreate::new(spec), ContainerUpdate::new("x", update));
        assert!(shown.contains("TOKEN") && !shown.contains("hunter2"), "{shown}");
    }

    use http_endpoint::{EnvList, SecretMap};
}
