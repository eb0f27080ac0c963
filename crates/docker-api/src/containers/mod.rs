//! Containers.

mod create;
mod inspect;
mod list;

use http_endpoint::{Filters, endpoint, response};

use crate::IdResponse;

pub use create::{
    BindOptions, ContainerConfig, DeviceMapping, HostConfig, ImageOptions, LogConfig, Mount,
    NetworkingConfig, PortBinding, RestartPolicy, TmpfsOptions, Ulimit, VolumeOptions,
};
pub use inspect::{
    Container, ContainerInspectConfig, ContainerNetwork, ContainerNetworkSettings, ContainerState, HostPort,
    MountPoint,
};
pub use list::{ContainerSummary, ContainerSummaryNetworks, ContainerSummaryPort};

endpoint! {
    /// Creates a container.
    POST "/containers/create" => json<IdResponse>, [201];
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
}

endpoint! {
    /// Containers.
    GET "/containers/json" => json<Vec<ContainerSummary>>, [200];
    pub struct ContainerList {
        query {
            /// Also those that do not run.
            all / with_all: bool = "all",
            /// At most this many, the newest.
            limit / with_limit: Option<u32> = "limit",
            /// With the sizes of their file systems, which takes long.
            size / with_size: bool = "size",
            /// `label`, `name` (a part of it), `status`, `health`, `network`, `volume`, ...
            filters / with_filters: Filters = "filters",
        }
    }
}

endpoint! {
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
}

endpoint! {
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
        }
    }
}

endpoint! {
    /// Stops a container and answers when it has ended; 304 when it does not run.
    POST "/containers/{id}/stop" => none, [204, 304];
    pub struct ContainerStop {
        path {
            /// Name or id.
            id
        }
        query {
            /// Signal (API 1.42).
            signal / with_signal: Option<String> = "signal",
            /// Seconds until it is killed.
            t / with_t: Option<i64> = "t",
        }
    }
}

endpoint! {
    /// Stops a container and starts it again.
    POST "/containers/{id}/restart" => none, [204];
    pub struct ContainerRestart {
        path {
            /// Name or id.
            id
        }
        query {
            /// Signal (API 1.42).
            signal / with_signal: Option<String> = "signal",
            /// Seconds until it is killed.
            t / with_t: Option<i64> = "t",
        }
    }
}

endpoint! {
    /// Sends a signal.
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
}

endpoint! {
    /// Freezes all processes.
    POST "/containers/{id}/pause" => none, [204];
    pub struct ContainerPause {
        path {
            /// Name or id.
            id
        }
    }
}

endpoint! {
    /// Lets the processes run on.
    POST "/containers/{id}/unpause" => none, [204];
    pub struct ContainerUnpause {
        path {
            /// Name or id.
            id
        }
    }
}

endpoint! {
    /// Gives a container another name.
    POST "/containers/{id}/rename" => none, [204];
    pub struct ContainerRename {
        path {
            /// Name or id.
            id
        }
        query {
            /// New name.
            name / with_name: String = "name",
        }
    }
}

endpoint! {
    /// Removes a container. Podman may answer 200.
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
}

endpoint! {
    /// Log output; framed unless the container has a terminal.
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
        }
    }
}

endpoint! {
    /// Waits. The headers come at once, the body when the condition holds.
    POST "/containers/{id}/wait" => json<ContainerWaitResponse>, [200];
    pub struct ContainerWait {
        path {
            /// Name or id.
            id
        }
        query {
            /// `not-running` (when absent), `next-exit`, `removed`.
            condition / with_condition: Option<String> = "condition",
        }
    }
}

endpoint! {
    /// Attaches to the main process. Set every stream: Docker's default is false, Podman's is true.
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
}

endpoint! {
    /// Sets the size of a container's terminal.
    POST "/containers/{id}/resize" => none, [200];
    pub struct ContainerResize {
        path {
            /// Name or id.
            id
        }
        query {
            /// Rows.
            h / with_h: Option<u16> = "h",
            /// Columns.
            w / with_w: Option<u16> = "w",
        }
    }
}

endpoint! {
    /// A path as a tar archive, whose first entry is the path's last part.
    GET "/containers/{id}/archive" => tar, [200];
    pub struct ContainerArchive {
        path {
            /// Name or id.
            id
        }
        query {
            /// Path in the container.
            path / with_path: String = "path",
        }
    }
}

endpoint! {
    /// Unpacks a tar archive into a directory.
    PUT "/containers/{id}/archive" => none, [200];
    pub struct PutContainerArchive {
        path {
            /// Name or id.
            id
        }
        query {
            /// Directory in the container.
            path / with_path: String = "path",
            /// Fail where a directory would replace a file or the reverse.
            no_overwrite_dir_non_dir / with_no_overwrite_dir_non_dir: bool = "noOverwriteDirNonDir",
            /// Keep the archive's owners.
            copy_uid_gid / with_copy_uid_gid: bool = "copyUIDGID",
        }
        stream "application/x-tar"
    }
}

endpoint! {
    /// The processes of a container.
    GET "/containers/{id}/top" => json<ContainerTopResponse>, [200];
    pub struct ContainerTop {
        path {
            /// Name or id.
            id
        }
        query {
            /// Arguments for `ps`.
            ps_args / with_ps_args: Option<String> = "ps_args",
        }
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
    fn a_wait_may_carry_an_error() {
        let wait = ContainerWait::decode(br#"{"StatusCode":3,"Error":null}"#).unwrap();
        assert_eq!((wait.status_code, wait.error), (3, None));
        let wait = ContainerWait::decode(br#"{"StatusCode":-1,"Error":{"Message":"gone"}}"#).unwrap();
        assert_eq!(wait.error.unwrap().message, "gone");
    }
}
