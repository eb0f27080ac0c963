//! Following containers: output, processes, use of resources, and their end.
//!
//! Of the module `containers`, where the types are found:
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::containers::{ContainerLogs, ContainerWait, WaitCondition};
//!
//! let logs = ContainerLogs::new("web-1").with_stdout(true).with_tail("10");
//! assert_eq!(logs.target(""), "/containers/web-1/logs?stdout=true&tail=10");
//!
//! let wait = ContainerWait::new("web-1").with_condition(vec![WaitCondition::Exited, WaitCondition::Removing]);
//! assert_eq!(wait.target(""), "/containers/web-1/wait?condition=exited&condition=removing");
//! let answer = ContainerWait::decode(b"137\n").unwrap();
//! assert_eq!(ContainerWait::exit_code(&answer), Some(137));
//! ```

use http_endpoint::{
    Fixed, GoError, IntoQuery, ParameterKind, QueryValue, QueryWriter, SessionRequest, endpoints, response,
};

use super::inspect::HealthLogEntry;
use super::lifecycle::ContainerResize;
use super::stats::{DockerStats, StatsReport};
use super::words::{HealthState, WaitCondition};

endpoints! {
    /// Connects a client to a container's streams: see [`AttachSession`].
    ///
    /// A container that does not run is initialised first, also one that has ended. What is not given is attached.
    POST "/containers/{name}/attach" => hijacked, [101, 200];
    pub struct ContainerAttach {
        path {
            /// Name or id.
            name
        }
        query {
            /// Keys that detach a terminal; the engine's default is `ctrl-p,ctrl-q`, an empty text is none.
            detach_keys / with_detach_keys: Option<String> = "detachKeys",
            /// The log so far comes first.
            logs / with_logs: bool = "logs",
            /// What comes from now on; the engine's default is `true`.
            stream / with_stream: Option<bool> = "stream",
            /// The engine's default is `true`.
            stdout / with_stdout: Option<bool> = "stdout",
            /// The engine's default is `true`.
            stderr / with_stderr: Option<bool> = "stderr",
            /// The engine's default is `true`.
            stdin / with_stdin: Option<bool> = "stdin",
        }
    }

    /// The output of a container. Always in frames, also with a terminal; 400 without any stream.
    GET "/containers/{name}/logs" => multiplexed, [200];
    pub struct ContainerLogs {
        path {
            /// Name or id.
            name
        }
        query {
            /// Go on with what comes.
            follow / with_follow: bool = "follow",
            /// What it wrote to stdout.
            stdout / with_stdout: bool = "stdout",
            /// What it wrote to stderr.
            stderr / with_stderr: bool = "stderr",
            /// From then on: seconds since the epoch, RFC 3339, or a duration such as `10m` before now.
            since / with_since: String = "since",
            /// Up to then.
            until / with_until: String = "until",
            /// Each line begins with its time, RFC 3339 and a space.
            timestamps / with_timestamps: bool = "timestamps",
            /// The last lines, this many; the engine's default is `all`.
            tail / with_tail: String = "tail",
        }
    }

    /// Waits until a container is in one of these states. The answer is [`ContainerWait::exit_code`]'s text.
    ///
    /// The engine looks again and again, so that it can miss a state that is shorter than the interval.
    POST "/containers/{name}/wait" => text, [200];
    pub struct ContainerWait {
        path {
            /// Name or id; with a whole id and no condition, also of a container that was removed some minutes ago.
            name
        }
        query {
            /// Any of these; the engine's default is that it has ended.
            condition / with_condition: WaitConditions = "condition",
            /// Time between two looks, such as `100ms`; the engine's default is `250ms`.
            interval / with_interval: String = "interval",
        }
    }

    /// Runs the container's own health check once, now; 409 without a check, and when it does not run. Only
    /// [`HealthcheckRun::status`] means anything.
    GET "/containers/{name}/healthcheck" => json<HealthcheckRun>, [200];
    pub struct ContainerHealthcheck {
        path {
            /// Name or id.
            name
        }
    }

    /// The processes of a running container. Without descriptors the engine's own choice of columns.
    ///
    /// For a container that does not run, 4.3 answers 200 and nothing.
    GET "/containers/{name}/top" => json<Top>, [200];
    pub struct ContainerTop {
        path {
            /// Name or id.
            name
        }
        query {
            /// Columns, such as `user,pid,ppid,args`: every version takes one text with commas. Other words
            /// are arguments for a `ps` in the container.
            ps_args / with_ps_args: Vec<String> = "ps_args",
        }
    }

    /// The processes of a running container, again and again.
    GET "/containers/{name}/top" => json_stream<Top>, [200];
    pub struct ContainerTopStream {
        path {
            /// Name or id.
            name
        }
        query {
            /// Always sent.
            stream / with_stream: Fixed<true> = "stream",
            /// Seconds between two tables; the engine's default is 5.
            delay / with_delay: Option<u32> = "delay",
            /// As in a [`ContainerTop`].
            ps_args / with_ps_args: Vec<String> = "ps_args",
        }
    }

    /// What containers use: one line each interval.
    GET "/containers/stats" => json_stream<StatsReport>, [200];
    pub struct ContainersStats {
        query {
            /// Names or ids; all that run when none is given. 404 when the first is not there; before
            /// Podman 5 the report has an error instead.
            containers / with_containers: Vec<String> = "containers",
            /// Lines again and again; the engine's default is `true`. `false` is one line.
            stream / with_stream: Option<bool> = "stream",
            /// Seconds between two lines; the engine's default is 5.
            interval / with_interval: Option<u32> = "interval",
            /// Also containers that do not run (4.7).
            all / with_all: bool = "all",
        }
    }

    /// What a container uses, in Docker's shape; deprecated by the engine for [`ContainersStats`]. 409 when it does
    /// not run.
    GET "/containers/{name}/stats" => json_stream<DockerStats>, [200];
    pub struct ContainerStats {
        path {
            /// Name or id.
            name
        }
        query {
            /// Lines again and again; the engine's default is `true`. `false` is one line.
            stream / with_stream: Option<bool> = "stream",
            /// One line, whatever `stream` says.
            one_shot / with_one_shot: bool = "one-shot",
        }
    }
}

impl ContainerWait {
    /// The exit code in an answer; -1 where the state that was waited for was not an end.
    #[must_use]
    pub fn exit_code(answer: &str) -> Option<i64> {
        answer.trim().parse().ok()
    }
}

/// What a [`ContainerWait`] waits for: the first of these states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitConditions(pub Vec<WaitCondition>);

impl QueryValue for WaitConditions {
    const KIND: ParameterKind = ParameterKind::List;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        for condition in &self.0 {
            condition.write(key, query);
        }
    }
}

impl IntoQuery<WaitConditions> for Vec<WaitCondition> {
    fn into_query(self) -> WaitConditions {
        WaitConditions(self)
    }
}

impl IntoQuery<WaitConditions> for WaitCondition {
    fn into_query(self) -> WaitConditions {
        WaitConditions(vec![self])
    }
}

/// An attach as a session: its streams, the size of its terminal, and its end.
#[derive(Clone, Debug)]
pub struct AttachSession {
    /// The attach.
    pub attach: ContainerAttach,
    /// Whether the container has a terminal: [`InspectedConfig::tty`](super::InspectedConfig::tty).
    pub terminal: bool,
}

impl SessionRequest for AttachSession {
    type Start = ContainerAttach;
    type Resize = ContainerResize;
    type State = ContainerWait;

    const STATE_WAITS: bool = true;

    fn start(&self) -> &ContainerAttach {
        &self.attach
    }

    fn terminal(&self) -> bool {
        self.terminal
    }

    fn resize(&self, rows: u16, columns: u16) -> ContainerResize {
        ContainerResize::new(&self.attach.name).with_h(rows).with_w(columns)
    }

    fn state(&self) -> ContainerWait {
        ContainerWait::new(&self.attach.name)
    }

    fn exit_code(answer: &String) -> Option<i64> {
        ContainerWait::exit_code(answer)
    }
}

response! {
    /// Answer of a [`ContainerTop`].
    pub struct Top {
        /// Column titles.
        titles: Vec<String> = "Titles",
        /// Rows.
        processes: Vec<Vec<String>> = "Processes",
    }
}

response! {
    /// Answer of a [`ContainerHealthcheck`].
    pub struct HealthcheckRun {
        /// Result of this one run.
        status: HealthState = "Status",
        /// Always 0.
        failing_streak: i64 = "FailingStreak",
        /// Always empty.
        log: Vec<HealthLogEntry> = "Log",
        /// Never sent by a version that is known.
        error: GoError = "Error",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_table_of_processes_decodes() {
        let top = ContainerTop::decode(br#"{"Processes":[["root","1"]],"Titles":["USER","PID"]}"#).unwrap();
        assert_eq!((top.titles.len(), top.processes[0][0].as_str()), (2, "root"));
    }

    #[test]
    fn a_stream_of_tables_asks_for_it_by_itself() {
        assert_eq!(
            ContainerTopStream::new("a").with_delay(1).target(""),
            "/containers/a/top?stream=true&delay=1"
        );
    }

    #[test]
    fn both_shapes_of_stats_decode() {
        let own = ContainersStats::decode(
            br#"{"Error":null,"Stats":[{"Name":"a","CPU":1.5,"PerCPU":null,"Network":{"eth0":{"RxBytes":3}}}]}"#,
        )
        .unwrap();
        assert_eq!(own.error, GoError(None));
        assert_eq!(own.stats[0].network["eth0"].rx_bytes, 3);
        let docker = ContainerStats::decode(
            br#"{"Id":"ab","read":"2026-11-24T19:17:13Z","preread":"0001-01-01T00:00:00Z",
            "cpu_stats":{"cpu_usage":{"usage_in_usermode":18446744073701775208},"cpu":0},
            "blkio_stats":{"io_serviced_recursive":null},"networks":{"eth0":{"rx_bytes":4}}}"#,
        )
        .unwrap();
        assert_eq!((docker.preread.as_str(), docker.networks["eth0"].rx_bytes), (None, 4));
    }

    #[test]
    fn an_attach_ends_with_the_text_of_a_wait() {
        let session = AttachSession { attach: ContainerAttach::new("a"), terminal: true };
        assert_eq!(session.resize(24, 80).target(""), "/containers/a/resize?h=24&w=80");
        assert_eq!(session.state().target(""), "/containers/a/wait");
        assert_eq!(AttachSession::exit_code(&"3\n".to_owned()), Some(3));
        assert_eq!(AttachSession::exit_code(&String::new()), None);
    }
}
