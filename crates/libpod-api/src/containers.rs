//! Containers.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint};
use serde::Deserialize;

use crate::lenient::{go_error, string_or_list};
use crate::nullable;

endpoint! {
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
            /// `label`, `name`, `status`, `network`, `volume`, ...
            filters / with_filters: Filters = "filters",
        }
    }
}

endpoint! {
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
}

endpoint! {
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
}

endpoint! {
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
}

endpoint! {
    /// Runs the container's own health check once, now. Only [`HealthcheckRun::status`] means anything.
    GET "/containers/{name}/healthcheck" => json<HealthcheckRun>, [200];
    pub struct ContainerHealthcheck {
        path {
            /// Name or id.
            name
        }
    }
}

endpoint! {
    /// The processes of a running container. Without descriptors the engine's own choice of columns.
    GET "/containers/{name}/top" => json<Top>, [200];
    pub struct ContainerTop {
        path {
            /// Name or id.
            name
        }
        query {
            /// Go on with a new table every `delay` seconds.
            stream / with_stream: bool = "stream",
            /// Seconds between two tables; the engine's default is 5.
            delay / with_delay: Option<u32> = "delay",
            /// Columns, such as `user,pid,ppid,args`: every version takes one text with commas. Other words
            /// are arguments for a `ps` in the container.
            ps_args / with_ps_args: Vec<String> = "ps_args",
        }
    }
}

endpoint! {
    /// Asks whether a path of a container exists; 404 when it does not.
    HEAD "/containers/{name}/archive" => none, [200];
    pub struct ContainerArchiveStat {
        path {
            /// Name or id.
            name
        }
        query {
            /// The path.
            path / with_path: String = "path"
        }
    }
}

/// One container of a [`ContainerList`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListedContainer {
    /// Full id.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Names, without a leading slash.
    #[serde(deserialize_with = "nullable")]
    pub names: Vec<String>,
    /// Image reference it was created from.
    #[serde(deserialize_with = "nullable")]
    pub image: String,
    /// Image id, without `sha256:`.
    #[serde(rename = "ImageID", deserialize_with = "nullable")]
    pub image_id: String,
    /// Command, without the entry point.
    #[serde(deserialize_with = "string_or_list")]
    pub command: Vec<String>,
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// State word of libpod.
    #[serde(deserialize_with = "nullable")]
    pub state: String,
    /// The health verdict, empty without a check.
    #[serde(deserialize_with = "nullable")]
    pub status: String,
    /// Creation time, RFC 3339.
    #[serde(deserialize_with = "nullable")]
    pub created: String,
    /// Start of the last run, seconds since the epoch; far below zero when there was none.
    #[serde(deserialize_with = "nullable")]
    pub started_at: i64,
    /// End of the last run, seconds since the epoch.
    #[serde(deserialize_with = "nullable")]
    pub exited_at: i64,
    /// Whether it has ended.
    #[serde(deserialize_with = "nullable")]
    pub exited: bool,
    /// Exit code of the last run.
    #[serde(deserialize_with = "nullable")]
    pub exit_code: i64,
    /// Network names.
    #[serde(deserialize_with = "nullable")]
    pub networks: Vec<String>,
    /// Mounts; up to Podman 5 only their targets.
    #[serde(deserialize_with = "nullable")]
    pub mounts: Vec<ListedMount>,
    /// Published ports.
    #[serde(deserialize_with = "nullable")]
    pub ports: Vec<PortMapping>,
    /// Ports that are exposed and not published: number to protocols.
    #[serde(deserialize_with = "nullable")]
    pub exposed_ports: BTreeMap<u16, Vec<String>>,
    /// It is the infra container of a pod.
    #[serde(deserialize_with = "nullable")]
    pub is_infra: bool,
    /// Process id; 0 when it does not run.
    #[serde(deserialize_with = "nullable")]
    pub pid: i64,
}

/// A mount of a [`ListedContainer`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ListedMount {
    /// Path in the container (up to Podman 5).
    Target(String),
    /// In full.
    Full(MountInfo),
}

/// A mount in full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MountInfo {
    /// `bind`, `volume`, `tmpfs`, `image`.
    #[serde(rename = "Type", deserialize_with = "nullable")]
    pub kind: String,
    /// Volume name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Path on the host.
    #[serde(deserialize_with = "nullable")]
    pub source: String,
    /// Path in the container.
    #[serde(deserialize_with = "nullable")]
    pub destination: String,
    /// Writable.
    #[serde(rename = "RW", deserialize_with = "nullable")]
    pub rw: bool,
}

/// A published port, or a range of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PortMapping {
    /// Host address; empty is all.
    #[serde(deserialize_with = "nullable")]
    pub host_ip: String,
    /// First port in the container.
    #[serde(deserialize_with = "nullable")]
    pub container_port: u16,
    /// First port on the host.
    #[serde(deserialize_with = "nullable")]
    pub host_port: u16,
    /// How many ports; 0 is one.
    #[serde(deserialize_with = "nullable")]
    pub range: u16,
    /// Protocols, comma separated; empty is `tcp`.
    #[serde(deserialize_with = "nullable")]
    pub protocol: String,
}

/// Answer of [`ContainerInspect`], the parts that the compatible API does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Inspected {
    /// Full id.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Name, without a leading slash.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// State.
    #[serde(deserialize_with = "nullable")]
    pub state: InspectedState,
    /// Mounts.
    #[serde(deserialize_with = "nullable")]
    pub mounts: Vec<MountInfo>,
    /// Containers that must run before it.
    #[serde(deserialize_with = "nullable")]
    pub dependencies: Vec<String>,
}

/// State of an [`Inspected`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct InspectedState {
    /// State word of libpod.
    #[serde(deserialize_with = "nullable")]
    pub status: String,
    /// It runs.
    #[serde(deserialize_with = "nullable")]
    pub running: bool,
    /// It is paused.
    #[serde(deserialize_with = "nullable")]
    pub paused: bool,
    /// Exit code of the last run.
    #[serde(deserialize_with = "nullable")]
    pub exit_code: i64,
    /// Ended by a checkpoint.
    #[serde(deserialize_with = "nullable")]
    pub checkpointed: bool,
    /// Running since a restore.
    #[serde(deserialize_with = "nullable")]
    pub restored: bool,
    /// Path of CRIU's log of the last checkpoint, on the engine's host.
    #[serde(deserialize_with = "nullable")]
    pub checkpoint_log: String,
    /// Path of CRIU's log of the last restore, on the engine's host.
    #[serde(deserialize_with = "nullable")]
    pub restore_log: String,
}

/// One element of a [`ContainerRemove`]'s answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RemoveReport {
    /// Container id.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Why it was not removed.
    #[serde(deserialize_with = "go_error")]
    pub err: Option<String>,
}

/// Answer of a [`ContainerTop`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Top {
    /// Column titles.
    #[serde(deserialize_with = "nullable")]
    pub titles: Vec<String>,
    /// Rows.
    #[serde(deserialize_with = "nullable")]
    pub processes: Vec<Vec<String>>,
}

/// Answer of a [`ContainerHealthcheck`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct HealthcheckRun {
    /// Result of this one run: `healthy`, `unhealthy`, `starting`, `stopped`.
    #[serde(deserialize_with = "nullable")]
    pub status: String,
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_list_of_5_4_decodes_with_mount_targets_only() {
        let body = br#"[{"AutoRemove":false,"Command":["sleep","3600"],"Created":"2026-11-24T15:00:00.5Z","CreatedAt":"",
            "CIDFile":"","Exited":false,"ExitedAt":-62135596800,"ExitCode":0,"ExposedPorts":{"80":["tcp"]},
            "Id":"ab12","Image":"docker.io/library/busybox:latest","ImageID":"cd34","IsInfra":false,
            "Labels":{"a":"b"},"Mounts":["/data"],"Names":["web-1"],"Namespaces":{},"Networks":["net"],"Pid":7,
            "Pod":"","PodName":"","Ports":[{"host_ip":"","container_port":80,"host_port":8080,"range":1,
            "protocol":"tcp"}],"Restarts":0,"Size":null,"StartedAt":1795532400,"State":"running","Status":""}]"#;
        let list = ContainerList::decode(body).unwrap();
        let one = &list[0];
        assert_eq!(
            (one.id.as_str(), one.names[0].as_str(), one.state.as_str()),
            ("ab12", "web-1", "running")
        );
        assert_eq!(one.mounts, [ListedMount::Target("/data".into())]);
        assert_eq!(one.ports[0].host_port, 8080);
        assert_eq!(one.exposed_ports[&80], ["tcp"]);
        assert_eq!(one.exited_at, -62_135_596_800);
    }

    #[test]
    fn lists_of_4_3_with_nulls_and_of_6_0_with_full_mounts_decode() {
        let old = br#"[{"Command":null,"Id":"a","Labels":null,"Mounts":[],"Names":["n"],"Networks":null,"Ports":null,
            "ExposedPorts":null,"State":"configured","Created":"2026-11-24T15:00:00Z"}]"#;
        assert_eq!(ContainerList::decode(old).unwrap()[0].networks, Vec::<String>::new());
        let new = br#"[{"Id":"a","Mounts":[{"Type":"volume","Name":"v","Source":"/s","Destination":"/d","RW":true}]}]"#;
        let list = ContainerList::decode(new).unwrap();
        let ListedMount::Full(mount) = &list[0].mounts[0] else { panic!("{list:?}") };
        assert_eq!((mount.name.as_str(), mount.destination.as_str()), ("v", "/d"));
    }

    #[test]
    fn an_inspect_tells_the_checkpoint_state_in_every_version() {
        let body = br#"{"Id":"ab","Name":"web-1","State":{"Status":"exited","Running":false,"Paused":false,
            "Checkpointed":true,"CheckpointLog":"/run/dump.log","ExitCode":137},
            "Mounts":[{"Type":"volume","Name":"v","Destination":"/d","RW":true}],"Dependencies":[]}"#;
        let got = ContainerInspect::decode(body).unwrap();
        assert!(got.state.checkpointed);
        assert_eq!(got.state.checkpoint_log, "/run/dump.log");
    }

    #[test]
    fn a_table_of_processes_decodes() {
        let top = ContainerTop::decode(br#"{"Processes":[["root","1"]],"Titles":["USER","PID"]}"#).unwrap();
        assert_eq!((top.titles.len(), top.processes[0][0].as_str()), (2, "root"));
    }

    #[test]
    fn a_removal_reports_errors_as_text_or_not_at_all() {
        let body = br#"[{"Id":"a","Err":null},{"Id":"b","Err":"container is running"},{"Id":"c","Err":{}}]"#;
        let errs: Vec<_> = ContainerRemove::decode(body).unwrap().into_iter().map(|r| r.err).collect();
        assert_eq!(errs, [None, Some("container is running".to_owned()), Some("{}".to_owned())]);
    }
}
