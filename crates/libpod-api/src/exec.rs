//! Processes started in containers.
//!
//! A session is made, started once, and known for some five minutes after its end.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::exec::{ContainerExec, ExecCreateRequest, ExecStart, ExecStartOptions};
//!
//! let request = ExecCreateRequest::new(vec!["ls".to_owned()]).with_attach_stdout(true).with_tty(true);
//! let create = ContainerExec::new("web-1", request);
//! assert_eq!(create.target("/v5.0.0/libpod"), "/v5.0.0/libpod/containers/web-1/exec");
//!
//! let start = ExecStart::new("e1", ExecStartOptions::new().with_tty(true).with_h(24).with_w(80));
//! assert_eq!(start.body().unwrap().unwrap(), br#"{"Tty":true,"h":24,"w":80}"#);
//! ```

use http_endpoint::{EnvList, Fixed, SessionRequest, endpoints, request, response};

use crate::IdResponse;

endpoints! {
    /// Makes an exec session, without starting it. A paused container is status 409, one that does not run 500 here.
    POST "/containers/{name}/exec" => json<IdResponse>, [201];
    pub struct ContainerExec {
        path {
            /// Name or id of the container.
            name
        }
        json {
            /// What is run.
            request: ExecCreateRequest
        }
    }

    /// Starts an exec session with its streams on this connection. A second start is an error; 409 when the
    /// container does not run.
    ///
    /// A program that does not exist shows only on stderr, and in the exit code: 127 or 126.
    POST "/exec/{id}/start" => hijacked, [101, 200];
    pub struct ExecStart {
        path {
            /// Id of the session.
            id
        }
        json {
            /// Options; a body is required before Podman 6.
            options: ExecStartOptions
        }
    }

    /// Starts an exec session and leaves it alone.
    POST "/exec/{id}/start" => none, [200];
    pub struct ExecStartDetached {
        path {
            /// Id of the session.
            id
        }
        json {
            /// Options.
            options: ExecDetachOptions
        }
    }

    /// Sets the size of an exec session's terminal; 500 when it does not run, and 409 when its container does not.
    POST "/exec/{id}/resize" => none, [201];
    pub struct ExecResize {
        path {
            /// Id of the session.
            id
        }
        query {
            /// Rows.
            h / with_h: Option<u16> = "h",
            /// Columns.
            w / with_w: Option<u16> = "w",
            /// A session that does not run is no error.
            running / with_running: bool = "running",
        }
    }

    /// An exec session.
    GET "/exec/{id}/json" => json<ExecState>, [200];
    pub struct ExecInspect {
        path {
            /// Id of the session.
            id
        }
    }

    /// Forgets an exec session that has ended; without it the engine does so some five minutes later.
    POST "/exec/{id}/remove" => none, [200], since "5.0";
    pub struct ExecRemove {
        path {
            /// Id of the session.
            id
        }
        json {
            /// Options; a body is required before Podman 6.
            options: ExecRemoveOptions
        }
    }
}

request! {
    /// What an exec session runs: the body of a [`ContainerExec`].
    pub struct ExecCreateRequest {
        required {
            /// The program and its arguments.
            cmd: Vec<String> = "Cmd",
        }
        /// `user[:group]`; the container's when empty.
        user / with_user: String = "User",
        /// It has all privileges.
        privileged / with_privileged: bool = "Privileged",
        /// It has a terminal.
        tty / with_tty: bool = "Tty",
        /// A client may write to its stdin.
        attach_stdin / with_attach_stdin: bool = "AttachStdin",
        /// A client gets its stderr.
        attach_stderr / with_attach_stderr: bool = "AttachStderr",
        /// A client gets its stdout. Before Podman 6 a start that is not detached needs one of the three.
        attach_stdout / with_attach_stdout: bool = "AttachStdout",
        /// Keys that detach a terminal; the engine's default is `ctrl-p,ctrl-q`.
        detach_keys / with_detach_keys: String = "DetachKeys",
        /// Environment beside the container's; 400 for an entry without `=`.
        env / with_env: EnvList = "Env",
        /// Working directory; the container's when empty.
        working_dir / with_working_dir: String = "WorkingDir",
    }
}

request! {
    /// Body of an [`ExecStart`].
    pub struct ExecStartOptions {
        /// The size that follows is meant; whether there is a terminal was said when the session was made.
        tty / with_tty: bool = "Tty",
        /// Rows.
        h / with_h: Option<u16> = "h",
        /// Columns.
        w / with_w: Option<u16> = "w",
    }
}

request! {
    /// Body of an [`ExecStartDetached`].
    pub struct ExecDetachOptions {
        /// Always sent.
        detach / with_detach: Fixed<true> = "Detach",
        /// The session has a terminal.
        tty / with_tty: bool = "Tty",
    }
}

request! {
    /// Body of an [`ExecRemove`].
    pub struct ExecRemoveOptions {
        /// End the process first if it runs.
        force / with_force: bool = "Force" always,
    }
}

response! {
    /// Answer of an [`ExecInspect`].
    pub struct ExecState {
        /// Whether it is removed by itself; always `false`.
        can_remove: bool = "CanRemove",
        /// Id of the container.
        container_id: String = "ContainerID",
        /// Keys that detach a terminal.
        detach_keys: String = "DetachKeys",
        /// Exit code; 0 while it runs, and before.
        exit_code: i64 = "ExitCode",
        /// Id of the session.
        id: String = "ID",
        /// A client gets its stderr.
        open_stderr: bool = "OpenStderr",
        /// A client may write to its stdin.
        open_stdin: bool = "OpenStdin",
        /// A client gets its stdout.
        open_stdout: bool = "OpenStdout",
        /// Whether the process runs.
        running: bool = "Running",
        /// The process, on the engine's host.
        pid: i64 = "Pid",
        /// What it runs.
        process_config: ExecProcess = "ProcessConfig",
    }
}

response! {
    /// What an exec session runs.
    pub struct ExecProcess {
        /// Arguments.
        arguments: Vec<String> = "arguments",
        /// Program.
        entrypoint: String = "entrypoint",
        /// It has all privileges.
        privileged: bool = "privileged",
        /// It has a terminal.
        tty: bool = "tty",
        /// As whom it runs.
        user: String = "user",
    }
}

/// The state is asked for until the process has ended. The terminal is what the options say, so they have to say
/// what the session was made with.
impl SessionRequest for ExecStart {
    type Start = Self;
    type Resize = ExecResize;
    type State = ExecInspect;

    fn start(&self) -> &Self {
        self
    }

    fn terminal(&self) -> bool {
        self.options.tty
    }

    fn resize(&self, rows: u16, columns: u16) -> ExecResize {
        ExecResize::new(&self.id).with_h(rows).with_w(columns)
    }

    fn state(&self) -> ExecInspect {
        ExecInspect::new(&self.id)
    }

    fn exit_code(state: &ExecState) -> Option<i64> {
        (!state.running).then_some(state.exit_code)
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn the_body_of_a_removal_is_never_empty() {
        let remove = ExecRemove::new("e1", ExecRemoveOptions::default().with_force(true));
        assert_eq!(remove.target("/v5.0.0/libpod"), "/v5.0.0/libpod/exec/e1/remove");
        assert_eq!(remove.body().unwrap().unwrap(), br#"{"Force":true}"#);
        let remove = ExecRemove::new("e1", ExecRemoveOptions::default());
        assert_eq!(remove.body().unwrap().unwrap(), br#"{"Force":false}"#);
    }

    #[test]
    fn a_detached_start_says_so_by_itself() {
        let start = ExecStartDetached::new("e1", ExecDetachOptions::new());
        assert_eq!(start.body().unwrap().unwrap(), br#"{"Detach":true}"#);
        assert_eq!(ExecStart::new("e1", ExecStartOptions::new()).body().unwrap().unwrap(), b"{}");
    }

    #[test]
    fn a_session_ends_when_it_no_longer_runs() {
        let start = ExecStart::new("e1", ExecStartOptions::new());
        assert_eq!(start.state().target(""), "/exec/e1/json");
        assert_eq!(start.resize(24, 80).target(""), "/exec/e1/resize?h=24&w=80");
        let state = |json: &str| ExecStart::exit_code(&ExecInspect::decode(json.as_bytes()).unwrap());
        assert_eq!(state(r#"{"Running":true,"ExitCode":0}"#), None);
        assert_eq!(state(r#"{"Running":false,"ExitCode":3}"#), Some(3));
    }

    #[test]
    fn the_environment_of_an_exec_is_not_in_debug_output() {
        let request = ExecCreateRequest::new(vec!["env".to_owned()])
            .with_env(["TOKEN=hunter2"].into_iter().collect::<EnvList>());
        let shown = format!("{:?}", ContainerExec::new("a", request));
        assert!(shown.contains("TOKEN") && !shown.contains("hunter2"), "{shown}");
    }
}
