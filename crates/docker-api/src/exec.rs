//! Processes that are started in a running container.

use http_endpoint::{endpoint, request, response};

use crate::{EnvList, IdResponse};

endpoint! {
    /// Prepares a process; nothing runs yet.
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
}

endpoint! {
    /// Starts a prepared process with its streams on this connection.
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
}

endpoint! {
    /// Starts a prepared process and returns; the body must say `Detach`.
    POST "/exec/{id}/start" => none, [200];
    pub struct ExecStartDetached {
        path {
            /// Id of the exec.
            id
        }
        json {
            /// How to start it.
            config: ExecStartConfig
        }
    }
}

endpoint! {
    /// The state of a process.
    GET "/exec/{id}/json" => json<ExecInspectResponse>, [200];
    pub struct ExecInspect {
        path {
            /// Id of the exec.
            id
        }
    }
}

endpoint! {
    /// Sets the size of a process's terminal. Podman answers 201.
    POST "/exec/{id}/resize" => none, [200, 201];
    pub struct ExecResize {
        path {
            /// Id of the exec.
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

request! {
    /// What to run.
    pub struct ExecConfig {
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
        /// Program and arguments.
        cmd / with_cmd: Vec<String> = "Cmd",
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
        /// Return at once.
        detach / with_detach: bool = "Detach" always,
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

impl ExecStartConfig {
    /// Starts with the streams attached.
    #[must_use]
    pub fn attached(tty: bool) -> Self {
        Self { tty, ..Self::default() }
    }

    /// Starts and returns.
    #[must_use]
    pub fn detached(tty: bool) -> Self {
        Self { detach: true, tty, ..Self::default() }
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

response! {
    /// The state of a process.
    pub struct ExecInspectResponse {
        /// Id of the exec.
        id: String = "ID",
        /// Whether it runs.
        running: bool = "Running",
        /// Exit code; `None` on Docker until it ended, 0 on Podman while it runs.
        exit_code: Option<i64> = "ExitCode",
        /// Process id on the engine's host.
        pid: i64 = "Pid",
        /// Container it runs in.
        container_id: String = "ContainerID",
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
            ExecConfig::new().with_attach_stdout(true).with_attach_stderr(true).with_cmd(vec![
                "test".to_owned(),
                "-f".to_owned(),
                "/ok".to_owned(),
            ]),
        );
        assert_eq!(
            String::from_utf8(create.body().unwrap().unwrap()).unwrap(),
            r#"{"AttachStdout":true,"AttachStderr":true,"Cmd":["test","-f","/ok"]}"#
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
    }

    #[test]
    fn environment_is_not_in_debug_output() {
        let config = ExecConfig::new().with_env(["A=hunter2"].into_iter().collect::<EnvList>());
        assert!(!format!("{:?}", ExecCreate::new("x", config)).contains("hunter2"));
    }
}
