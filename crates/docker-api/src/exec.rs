//! Processes that are started in a running container.
//!
//! ```
//! use docker_api::exec::{ExecConfig, ExecCreate, ExecStart, ExecStartConfig};
//! use http_endpoint::{Endpoint, SessionRequest};
//!
//! let command = vec!["id".to_owned(), "-u".to_owned()];
//! let create = ExecCreate::new("web", ExecConfig::new(command).with_attach_stdout(true));
//! assert_eq!(create.body().unwrap().unwrap(), br#"{"Cmd":["id","-u"],"AttachStdout":true}"#);
//! let made = ExecCreate::decode(br#"{"Id":"e1"}"#).unwrap();
//!
//! // A transport connects to it: a session with its streams, its size and its exit code.
//! let start = ExecStart::new(made.id, ExecStartConfig::attached(false));
//! assert_eq!(start.target("/v1.44"), "/v1.44/exec/e1/start");
//! assert_eq!(start.state().target("/v1.44"), "/v1.44/exec/e1/json");
//! ```

use http_endpoint::{Fixed, SessionRequest, endpoints, request, response};

use crate::{EnvList, IdResponse};

endpoints! {
    /// Prepares a process; nothing runs yet. 409 when the container does not run or is paused.
    POST "/containers/{id}/exec" => json<IdResponse>, [201];
    pub struct ExecCreate {
        path {
            /// Name or id of the container.
            id
        }
        json {
            /// What to run.
            config: ExecConfig
        }
    }

    /// Starts a prepared process with its streams on this connection. It is a [`SessionRequest`].
    POST "/exec/{id}/start" => hijacked, [101, 200];
    pub struct ExecStart {
        path {
            /// Id of the exec.
            id
        }
        json {
            /// How to start it.
            config: ExecStartConfig
        }
    }

    /// Starts a prepared process and returns.
    POST "/exec/{id}/start" => none, [200];
    pub struct ExecStartDetached {
        path {
            /// Id of the exec.
            id
        }
        json {
            /// How to start it.
            config: ExecDetachedConfig
        }
    }

    /// The state of a process.
    GET "/exec/{id}/json" => json<ExecInspectResponse>, [200];
    pub struct ExecInspect {
        path {
            /// Id of the exec.
            id
        }
    }

    /// Sets the size of a process's terminal. Podman answers 201.
    POST "/exec/{id}/resize" => none, [200, 201];
    pub struct ExecResize {
        path {
            /// Id of the exec.
            id
        }
        required {
            /// Rows.
            h: u16 = "h",
            /// Columns.
            w: u16 = "w",
        }
    }
}

request! {
    /// What to run.
    pub struct ExecConfig {
        required {
            /// Program and arguments.
            cmd: Vec<String> = "Cmd",
        }
        /// Attach stdin.
        attach_stdin / with_attach_stdin: bool = "AttachStdin",
        /// Attach stdout.
        attach_stdout / with_attach_stdout: bool = "AttachStdout",
        /// Attach stderr.
        attach_stderr / with_attach_stderr: bool = "AttachStderr",
        /// Rows and columns of the terminal (API 1.42).
        console_size / with_console_size: Option<[u16; 2]> = "ConsoleSize",
        /// Keys that detach a terminal.
        detach_keys / with_detach_keys: Option<String> = "DetachKeys",
        /// Allocate a terminal.
        tty / with_tty: bool = "Tty",
        /// Environment on top of the container's.
        env / with_env: EnvList = "Env",
        /// All privileges.
        privileged / with_privileged: bool = "Privileged",
        /// `user[:group]`.
        user / with_user: Option<String> = "User",
        /// Working directory.
        working_dir / with_working_dir: Option<String> = "WorkingDir",
    }
}

request! {
    /// How to start a prepared process. `Detach` and `Tty` are always sent: Podman wants a body, and Docker
    /// takes the framing from this `Tty`, not from the one at create.
    pub struct ExecStartConfig {
        /// Never: the streams are attached.
        detach / with_detach: Fixed<false> = "Detach" always,
        /// The same as at create.
        tty / with_tty: bool = "Tty" always,
        /// Rows and columns of the terminal (API 1.42).
        console_size / with_console_size: Option<[u16; 2]> = "ConsoleSize",
        /// Rows, as Podman reads them.
        h / with_h: Option<u16> = "h",
        /// Columns, as Podman reads them.
        w / with_w: Option<u16> = "w",
    }
}

request! {
    /// How to start a prepared process without its streams.
    pub struct ExecDetachedConfig {
        required {
            /// The same as at create.
            tty: bool = "Tty",
        }
        /// Always: it returns at once.
        detach / with_detach: Fixed<true> = "Detach" always,
    }
}

impl ExecStartConfig {
    /// Starts with the streams attached.
    #[must_use]
    pub fn attached(tty: bool) -> Self {
        Self { tty, ..Self::default() }
    }

    /// Gives the terminal a size, in both engines' words.
    #[must_use]
    pub const fn with_size(mut self, rows: u16, columns: u16) -> Self {
        self.console_size = Some([rows, columns]);
        self.h = Some(rows);
        self.w = Some(columns);
        self
    }
}

/// A process with its streams; its state is asked for until it has ended.
impl SessionRequest for ExecStart {
    type Start = Self;
    type Resize = ExecResize;
    type State = ExecInspect;

    fn start(&self) -> &Self {
        self
    }

    fn terminal(&self) -> bool {
        self.config.tty
    }

    fn resize(&self, rows: u16, columns: u16) -> ExecResize {
        ExecResize::new(&self.id, rows, columns)
    }

    fn state(&self) -> ExecInspect {
        ExecInspect::new(&self.id)
    }

    fn exit_code(state: &ExecInspectResponse) -> Option<i64> {
        state.exit_code.filter(|_| !state.running)
    }
}

response! {
    /// The state of a process.
    pub struct ExecInspectResponse {
        /// Id of the exec.
        id: String = "ID",
        /// Whether it runs.
        running: bool = "Running",
        /// Exit code; `None` on Docker until it ended, 0 on Podman while it runs.
        exit_code: Option<i64> = "ExitCode",
        /// What runs.
        process_config: ProcessConfig = "ProcessConfig",
        /// Stdin is attached.
        open_stdin: bool = "OpenStdin",
        /// Stderr is attached.
        open_stderr: bool = "OpenStderr",
        /// Stdout is attached.
        open_stdout: bool = "OpenStdout",
        /// The engine may forget it.
        can_remove: bool = "CanRemove",
        /// Container it runs in.
        container_id: String = "ContainerID",
        /// Keys that detach a terminal, as bytes in base 64 on Docker.
        detach_keys: String = "DetachKeys",
        /// Process id on the engine's host; 0 before it runs.
        pid: i64 = "Pid",
    }
}

response! {
    /// What an exec runs.
    pub struct ProcessConfig {
        /// Has a terminal.
        tty: bool = "tty",
        /// Program.
        entrypoint: String = "entrypoint",
        /// Its arguments.
        arguments: Vec<String> = "arguments",
        /// Has all privileges.
        privileged: Option<bool> = "privileged",
        /// `user[:group]`.
        user: String = "user",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_probe_sends_no_more_than_it_needs() {
        let create = ExecCreate::new(
            "web",
            ExecConfig::new(["test", "-f", "/ok"].map(str::to_owned))
                .with_attach_stdout(true)
                .with_attach_stderr(true),
        );
        assert_eq!(
            String::from_utf8(create.body().unwrap().unwrap()).unwrap(),
            r#"{"Cmd":["test","-f","/ok"],"AttachStdout":true,"AttachStderr":true}"#
        );
        let start = ExecStart::new("e1", ExecStartConfig::attached(true).with_size(24, 80));
        assert_eq!(
            String::from_utf8(start.body().unwrap().unwrap()).unwrap(),
            r#"{"Detach":false,"Tty":true,"ConsoleSize":[24,80],"h":24,"w":80}"#
        );
    }

    #[test]
    fn reads_both_engines_words_for_a_running_exec() {
        let docker = ExecInspect::decode(br#"{"ID":"e","Running":true,"ExitCode":null,"Pid":7}"#).unwrap();
        assert_eq!((docker.running, docker.exit_code), (true, None));
        let podman = ExecInspect::decode(br#"{"ID":"e","Running":true,"ExitCode":0}"#).unwrap();
        assert_eq!((podman.running, podman.exit_code), (true, Some(0)));
        assert_eq!((ExecStart::exit_code(&docker), ExecStart::exit_code(&podman)), (None, None));
        let ended = ExecInspect::decode(br#"{"ID":"e","Running":false,"ExitCode":3}"#).unwrap();
        assert_eq!(ExecStart::exit_code(&ended), Some(3));
    }

    #[test]
    fn environment_is_not_in_debug_output() {
        let config = ExecConfig::new(Vec::new()).with_env(["A=hunter2"].into_iter().collect::<EnvList>());
        assert!(!format!("{:?}", ExecCreate::new("x", config)).contains("hunter2"));
    }
}
