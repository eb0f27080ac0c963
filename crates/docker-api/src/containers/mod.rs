//! Containers.
//!
//! ```
//! use docker_api::containers::{ContainerConfig, ContainerCreate, ContainerList, ContainerStatus};
//! use http_endpoint::{Endpoint, Filters};
//!
//! let create = ContainerCreate::new(ContainerConfig::new("busybox")).with_name("web 1");
//! assert_eq!(create.target("/v1.44"), "/v1.44/containers/create?name=web%201");
//! assert_eq!(create.body().unwrap().unwrap(), br#"{"Image":"busybox"}"#);
//! let made = ContainerCreate::decode(br#"{"Id":"c0ffee","Warnings":null}"#).unwrap();
//! assert_eq!(made.id, "c0ffee");
//!
//! let list = ContainerList::new().with_all(true).with_filters(Filters::new().with("label", "app=web"));
//! assert!(list.target("").starts_with("/containers/json?all=true&filters=%7B%22label%22"));
//! let found = ContainerList::decode(br#"[{"Id":"c0ffee","State":"running"}]"#).unwrap();
//! assert_eq!(found[0].state, ContainerStatus::Running);
//! ```

mod archive;
mod attach;
pub mod checkpoint;
mod create;
mod host_config;
mod inspect;
mod list;
mod mount;
mod resources;
mod stats;

use http_endpoint::{Filters, Fixed, endpoints, response, words};

pub use archive::{PATH_STAT_HEADER, PathStat, PathStatError};
pub use attach::AttachSession;
pub use create::{ContainerConfig, ContainerCreateResponse, NetworkingConfig};
pub use host_config::{HostConfig, LogConfig, PortBinding, PortMap, RestartPolicy, RestartPolicyName};
pub use inspect::{
    ChangeKind, Container, ContainerInspectConfig, ContainerNetwork, ContainerNetworkSettings,
    ContainerState, ContainerStatus, FilesystemChange, HostPort, PrefixedAddress, RootFsStorage,
    SnapshotStorage, Storage, keys,
};
pub use list::{
    ContainerSummary, ContainerSummaryHealth, ContainerSummaryHostConfig, ContainerSummaryNetworks,
    ContainerSummaryPort,
};
pub use mount::{
    BindOptions, ImageOptions, Mount, MountPoint, MountType, Propagation, TmpfsOptions, VolumeDriver,
    VolumeOptions,
};
pub use resources::{
    ContainerUpdateResponse, DeviceMapping, DeviceRequest, Resources, ThrottleDevice, Ulimit, WeightDevice,
};
pub use stats::{
    BlkioEntry, BlkioStats, CpuStats, CpuUsage, MemoryStats, NetworkStats, PidsStats, Stats, StorageStats,
    ThrottlingData,
};

endpoints! {
    /// Creates a container. A missing image is 404, a name that is taken 409.
    POST "/containers/create" => json<ContainerCreateResponse>, [201];
    pub struct ContainerCreate {
        query {
            /// Name; without it the engine makes one up.
            name / with_name: Option<String> = "name",
            /// `os/arch[/variant]` of the image (API 1.41).
            platform / with_platform: Option<String> = "platform",
        }
        json {
            /// What to create.
            config: ContainerConfig
        }
    }

    /// Containers.
    GET "/containers/json" => json<Vec<ContainerSummary>>, [200];
    pub struct ContainerList {
        query {
            /// Also those that do not run.
            all / with_all: bool = "all",
            /// At most this many, the newest, whether they run or not.
            limit / with_limit: Option<u32> = "limit",
            /// With the sizes of their file systems, which takes long.
            size / with_size: bool = "size",
            /// `label`, `name` (a part of it), `id`, `status`, `health`, `network`, `volume`, `ancestor`, `before`,
            /// `since`, `exited`, `expose`, `publish`, `is-task`.
            filters / with_filters: Filters = "filters",
        }
    }

    /// A container in full.
    GET "/containers/{id}/json" => json<Container>, [200];
    pub struct ContainerInspect {
        path {
            /// Name or id.
            id
        }
        query {
            /// With the sizes of its file systems.
            size / with_size: bool = "size",
        }
    }

    /// Starts a container; 304 when it runs.
    POST "/containers/{id}/start" => none, [204, 304];
    pub struct ContainerStart {
        path {
            /// Name or id.
            id
        }
        query {
            /// Keys that detach a terminal.
            detach_keys / with_detach_keys: Option<String> = "detachKeys",
            /// Name of the checkpoint to go on from (experimental).
            checkpoint / with_checkpoint: Option<String> = "checkpoint",
            /// Directory of the checkpoint (experimental); Docker refuses every one.
            checkpoint_dir / with_checkpoint_dir: Option<String> = "checkpoint-dir",
        }
    }

    /// Stops a container and answers when it has ended; 304 when it does not run.
    POST "/containers/{id}/stop" => none, [204, 304];
    pub struct ContainerStop {
        path {
            /// Name or id.
            id
        }
        query {
            /// Signal (API 1.42); the container's own by default.
            signal / with_signal: Option<String> = "signal",
            /// Seconds until it is killed; the container's own by default, -1 is never.
            t / with_t: Option<i64> = "t",
        }
    }

    /// Stops a container and starts it again.
    POST "/containers/{id}/restart" => none, [204];
    pub struct ContainerRestart {
        path {
            /// Name or id.
            id
        }
        query {
            /// Signal (API 1.42); the container's own by default.
            signal / with_signal: Option<String> = "signal",
            /// Seconds until it is killed; the container's own by default, -1 is never.
            t / with_t: Option<i64> = "t",
        }
    }

    /// Sends a signal; 409 when the container does not run.
    POST "/containers/{id}/kill" => none, [204];
    pub struct ContainerKill {
        path {
            /// Name or id.
            id
        }
        query {
            /// Signal; `SIGKILL` when absent.
            signal / with_signal: Option<String> = "signal",
        }
    }

    /// Freezes all processes.
    POST "/containers/{id}/pause" => none, [204];
    pub struct ContainerPause {
        path {
            /// Name or id.
            id
        }
    }

    /// Lets the processes run on.
    POST "/containers/{id}/unpause" => none, [204];
    pub struct ContainerUnpause {
        path {
            /// Name or id.
            id
        }
    }

    /// Gives a container another name.
    POST "/containers/{id}/rename" => none, [204];
    pub struct ContainerRename {
        path {
            /// Name or id.
            id
        }
        required {
            /// New name.
            name: String = "name",
        }
    }

    /// Changes a container's limits and restart policy, while it runs or not.
    POST "/containers/{id}/update" => json<ContainerUpdateResponse>, [200];
    pub struct ContainerUpdate {
        path {
            /// Name or id.
            id
        }
        json {
            /// What to change.
            resources: Resources
        }
    }

    /// Removes a container; 409 when it runs. Podman may answer 200.
    DELETE "/containers/{id}" => none, [204, 200];
    pub struct ContainerDelete {
        path {
            /// Name or id.
            id
        }
        query {
            /// Its anonymous volumes, too.
            v / with_v: bool = "v",
            /// Kill it first if it runs.
            force / with_force: bool = "force",
            /// Remove a link instead (legacy).
            link / with_link: bool = "link",
        }
    }

    /// Removes all containers that do not run.
    POST "/containers/prune" => json<ContainerPruneResponse>, [200];
    pub struct ContainerPrune {
        query {
            /// `until`, `label`, `label!`.
            filters / with_filters: Filters = "filters",
        }
    }

    /// Log output; frames unless the container has a terminal, raw bytes otherwise. One of `stdout` and `stderr`
    /// must be set.
    GET "/containers/{id}/logs" => multiplexed, [200];
    pub struct ContainerLogs {
        path {
            /// Name or id.
            id
        }
        query {
            /// Go on with new lines until the container ends.
            follow / with_follow: bool = "follow",
            /// Standard output.
            stdout / with_stdout: bool = "stdout",
            /// Standard error.
            stderr / with_stderr: bool = "stderr",
            /// From: seconds since the epoch, with a fraction.
            since / with_since: Option<String> = "since",
            /// Up to: seconds since the epoch, with a fraction.
            until / with_until: Option<String> = "until",
            /// Put a timestamp before each line.
            timestamps / with_timestamps: bool = "timestamps",
            /// The last lines only: a number, or `all`.
            tail / with_tail: Option<String> = "tail",
            /// Put the log driver's extra attributes before each line.
            details / with_details: bool = "details",
        }
    }

    /// Waits. The headers come at once, the body when the condition holds.
    POST "/containers/{id}/wait" => json<ContainerWaitResponse>, [200];
    pub struct ContainerWait {
        path {
            /// Name or id.
            id
        }
        query {
            /// For what; `not-running` when absent.
            condition / with_condition: WaitCondition = "condition",
        }
    }

    /// Attaches to the main process. Set every stream: Docker's default is false, Podman's is true.
    ///
    /// [`AttachSession`] makes a session of it.
    POST "/containers/{id}/attach" => hijacked, [101, 200];
    pub struct ContainerAttach {
        path {
            /// Name or id.
            id
        }
        query {
            /// Keys that detach a terminal.
            detach_keys / with_detach_keys: Option<String> = "detachKeys",
            /// Replay the log first.
            logs / with_logs: Option<bool> = "logs",
            /// Go on with new output.
            stream / with_stream: Option<bool> = "stream",
            /// Attach stdin.
            stdin / with_stdin: Option<bool> = "stdin",
            /// Attach stdout.
            stdout / with_stdout: Option<bool> = "stdout",
            /// Attach stderr.
            stderr / with_stderr: Option<bool> = "stderr",
        }
    }

    /// Attaches through a WebSocket, for browsers. The connection must begin with the handshake of a WebSocket
    /// (`Upgrade: websocket` and a key), which `sock-transport` does not make: its upgrade is refused here. A
    /// client that is no browser wants [`ContainerAttach`].
    GET "/containers/{id}/attach/ws" => hijacked, [101, 200];
    pub struct ContainerAttachWebsocket {
        path {
            /// Name or id.
            id
        }
        query {
            /// Keys that detach a terminal.
            detach_keys / with_detach_keys: Option<String> = "detachKeys",
            /// Replay the log first.
            logs / with_logs: Option<bool> = "logs",
            /// Go on with new output.
            stream / with_stream: Option<bool> = "stream",
            /// Attach stdin (API 1.42).
            stdin / with_stdin: Option<bool> = "stdin",
            /// Attach stdout (API 1.42).
            stdout / with_stdout: Option<bool> = "stdout",
            /// Attach stderr (API 1.42).
            stderr / with_stderr: Option<bool> = "stderr",
        }
    }

    /// Sets the size of a container's terminal.
    POST "/containers/{id}/resize" => none, [200];
    pub struct ContainerResize {
        path {
            /// Name or id.
            id
        }
        required {
            /// Rows.
            h: u16 = "h",
            /// Columns.
            w: u16 = "w",
        }
    }

    /// A path as a tar archive, whose first entry is the path's last part. Its header [`PATH_STAT_HEADER`] holds a
    /// [`PathStat`].
    GET "/containers/{id}/archive" => tar, [200];
    pub struct ContainerArchive {
        path {
            /// Name or id.
            id
        }
        required {
            /// Path in the container; with `/.` at its end what a directory holds, without the directory.
            path: String = "path",
        }
    }

    /// What a path is: a [`PathStat`] in the header [`PATH_STAT_HEADER`].
    HEAD "/containers/{id}/archive" => none, [200];
    pub struct ContainerArchiveInfo {
        path {
            /// Name or id.
            id
        }
        required {
            /// Path in the container.
            path: String = "path",
        }
    }

    /// Unpacks a tar archive, plain or compressed, into a directory.
    PUT "/containers/{id}/archive" => none, [200];
    pub struct PutContainerArchive {
        path {
            /// Name or id.
            id
        }
        required {
            /// Directory in the container; it must be there.
            path: String = "path",
        }
        query {
            /// Fail where a directory would replace a file or the reverse.
            no_overwrite_dir_non_dir / with_no_overwrite_dir_non_dir: bool = "noOverwriteDirNonDir",
            /// Keep the archive's owners.
            copy_uid_gid / with_copy_uid_gid: bool = "copyUIDGID",
        }
        stream "application/x-tar"
    }

    /// The processes of a container, as the host's `ps` shows them.
    GET "/containers/{id}/top" => json<ContainerTopResponse>, [200];
    pub struct ContainerTop {
        path {
            /// Name or id.
            id
        }
        query {
            /// Arguments for `ps`; `-ef` by default.
            ps_args / with_ps_args: Option<String> = "ps_args",
        }
    }

    /// What differs in a container's file system from its image.
    GET "/containers/{id}/changes" => json<Vec<FilesystemChange>>, [200];
    pub struct ContainerChanges {
        path {
            /// Name or id.
            id
        }
    }

    /// A container's file system as a tar archive, without its mounts.
    GET "/containers/{id}/export" => tar, [200];
    pub struct ContainerExport {
        path {
            /// Name or id.
            id
        }
    }

    /// What a container uses, one sample each second. It goes on after the container has ended, with zeros.
    GET "/containers/{id}/stats" => json_stream<Stats>, [200];
    pub struct ContainerStats {
        path {
            /// Name or id.
            id
        }
    }

    /// What a container uses: one sample.
    GET "/containers/{id}/stats" => json<Stats>, [200];
    pub struct ContainerStatsOnce {
        path {
            /// Name or id.
            id
        }
        query {
            /// One sample only.
            stream / with_stream: Fixed<false> = "stream",
            /// Answer at once, without the second that a sample before takes (API 1.41).
            one_shot / with_one_shot: bool = "one-shot",
        }
    }
}

words! {
    /// What a wait waits for.
    pub enum WaitCondition {
        /// That it does not run, which is so at once for one that was never started.
        NotRunning = "not-running",
        /// That it ends once more.
        NextExit = "next-exit",
        /// That it is removed.
        Removed = "removed",
    }
}

response! {
    /// How a container ended.
    pub struct ContainerWaitResponse {
        /// Exit code.
        status_code: i64 = "StatusCode",
        /// What kept the engine from waiting properly.
        error: Option<WaitError> = "Error",
    }
}

response! {
    /// What kept the engine from waiting properly.
    pub struct WaitError {
        /// In words.
        message: String = "Message",
    }
}

response! {
    /// The processes of a container.
    pub struct ContainerTopResponse {
        /// Column titles.
        titles: Vec<String> = "Titles",
        /// Rows.
        processes: Vec<Vec<String>> = "Processes",
    }
}

response! {
    /// Which containers were removed.
    pub struct ContainerPruneResponse {
        /// Their ids.
        containers_deleted: Vec<String> = "ContainersDeleted",
        /// Bytes that are free now.
        space_reclaimed: u64 = "SpaceReclaimed",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn an_attach_names_every_stream() {
        let attach = ContainerAttach::new("web")
            .with_logs(false)
            .with_stream(true)
            .with_stdin(false)
            .with_stdout(true)
            .with_stderr(true);
        assert_eq!(
            attach.target("/v1.44"),
            "/v1.44/containers/web/attach?logs=false&stream=true&stdin=false&stdout=true&stderr=true"
        );
    }

    #[test]
    fn one_sample_asks_for_no_stream() {
        assert_eq!(ContainerStats::new("web").target(""), "/containers/web/stats");
        assert_eq!(
            ContainerStatsOnce::new("web").with_one_shot(true).target(""),
            "/containers/web/stats?stream=false&one-shot=true"
        );
    }

    #[test]
    fn a_wait_may_carry_an_error() {
        let wait = ContainerWait::decode(br#"{"StatusCode":3,"Error":null}"#).unwrap();
        assert_eq!((wait.status_code, wait.error), (3, None));
        let wait = ContainerWait::decode(br#"{"StatusCode":-1,"Error":{"Message":"gone"}}"#).unwrap();
        assert_eq!(wait.error.unwrap().message, "gone");
        let wait = ContainerWait::new("web").with_condition(WaitCondition::NextExit);
        assert_eq!(wait.target(""), "/containers/web/wait?condition=next-exit");
    }
}
