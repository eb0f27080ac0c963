//! Containers.

use std::time::Duration;

use docker_api::ApiVersion;
use docker_api::containers::{
    self, AttachSession, ContainerArchive, ContainerAttach, ContainerCreate, ContainerDelete,
    ContainerInspect, ContainerKill, ContainerList, ContainerLogs, ContainerRename, ContainerRestart,
    ContainerStop, ContainerTop, ContainerWait, PutContainerArchive,
};
use docker_api::networks::{NetworkConnect, NetworkConnectConfig};
use futures_util::{StreamExt, TryStreamExt, stream};
use http_endpoint::{Endpoint, EngineError, Filters};
use runtime_core::{
    AttachOptions, BoxReader, BoxStream, ContainerFilter, ContainerInfo, ContainerSpec, ContainerSummary,
    Error, ErrorKind, ExitStatus, LogOptions, OutputChunk, RemoveContainer, Result, Session, StopOptions,
    TerminalSize, WaitCondition,
};
use sock_transport::{RequestBody, SessionControl};
use tokio::time::{Instant, sleep};

use crate::DockerRuntime;
use crate::convert::create::Create;
use crate::convert::{inspect, seconds, timestamp};
use crate::error::{engine, not_found};
use crate::output;
use crate::runtime::{SLOW, is_asked, may_be_id};

/// How long an engine takes to stop a container that says nothing else.
pub(crate) const STOP_TIMEOUT: i64 = 10;
/// How long a removal that someone else began may take.
const REMOVAL_DEADLINE: Duration = Duration::from_secs(30);

impl DockerRuntime {
    pub(crate) async fn make_container(&self, spec: &ContainerSpec) -> Result<String> {
        const OPERATION: &str = "create container";
        let Create { config, connect } = Create::new(spec, self.api_version(), self.dialect())?;
        let mut create = ContainerCreate::new(config);
        if !spec.name.is_empty() {
            create = create.with_name(spec.name.as_str());
        }
        if self.newer(ApiVersion::new(1, 41)) {
            create = create.with_platform(spec.platform.clone());
        }
        let made = self.slow().send(&create).await.map_err(self.failed(OPERATION, &spec.name))?;
        for warning in &made.warnings {
            tracing::debug!(container = spec.name, warning, "the engine warns");
        }
        for (network, endpoint) in connect {
            let config = NetworkConnectConfig::new(made.id.as_str()).with_endpoint(endpoint);
            if let Err(error) = self.slow().send(&NetworkConnect::new(network, config)).await {
                // Half a container is none: the caller would not know of it.
                let _ = self.slow().send(&ContainerDelete::new(&made.id).with_force(true).with_v(true)).await;
                return Err(self.failed(OPERATION, &spec.name)(error));
            }
        }
        Ok(made.id)
    }

    /// Makes sure that what the engine takes for an id is not meant as a name.
    pub(crate) async fn check_name(&self, operation: &'static str, container: &str) -> Result<()> {
        if !may_be_id(container, self.dialect()) {
            return Ok(());
        }
        let inspect = ContainerInspect::new(container);
        let found = self.api().send(&inspect).await.map_err(self.failed(operation, container))?;
        if is_asked(container, &found.id, &found.name) {
            Ok(())
        } else {
            Err(not_found(operation, container))
        }
    }

    /// Sends a call that changes a container.
    pub(crate) async fn change<E>(&self, operation: &'static str, container: &str, endpoint: &E) -> Result<()>
    where
        E: Endpoint<Response = ()>,
    {
        self.check_name(operation, container).await?;
        self.slow().send(endpoint).await.map_err(self.failed(operation, container))
    }

    /// Sends a stop or restart, which answers only when it is done, on a connection of its own: many at
    /// once must not hold up other calls.
    async fn stop_like<E: Endpoint>(
        &self,
        operation: &'static str,
        container: &str,
        options: &StopOptions,
        call: impl FnOnce(Option<i64>, Option<String>) -> E,
    ) -> Result<()> {
        self.check_name(operation, container).await?;
        let given = options.timeout.map(seconds);
        let timeout = match given {
            Some(timeout) => timeout,
            None => {
                let inspect = ContainerInspect::new(container);
                let found = self.api().send(&inspect).await.map_err(self.failed(operation, container))?;
                found.config.stop_timeout.unwrap_or(STOP_TIMEOUT)
            }
        };
        // A negative timeout waits for ever.
        let deadline = u64::try_from(timeout).ok().map(|timeout| Duration::from_secs(timeout) + SLOW);
        let signal = options.signal.clone().filter(|_| self.newer(ApiVersion::new(1, 42)));
        let client = self.api().with_header_timeout(deadline);
        client.stream(&call(given, signal)).await.map_err(self.failed(operation, container))?;
        Ok(())
    }

    pub(crate) async fn stop(&self, container: &str, options: &StopOptions) -> Result<()> {
        let call = |t, signal| ContainerStop::new(container).with_t(t).with_signal(signal);
        self.stop_like("stop container", container, options, call).await
    }

    pub(crate) async fn restart(&self, container: &str, options: &StopOptions) -> Result<()> {
        let call = |t, signal| ContainerRestart::new(container).with_t(t).with_signal(signal);
        self.stop_like("restart container", container, options, call).await
    }

    pub(crate) async fn kill(&self, container: &str, signal: Option<&str>) -> Result<()> {
        let kill = ContainerKill::new(container).with_signal(signal.map(str::to_owned));
        self.change("kill container", container, &kill).await
    }

    pub(crate) async fn rename(&self, container: &str, name: &str) -> Result<()> {
        self.change("rename container", container, &ContainerRename::new(container, name)).await
    }

    pub(crate) async fn remove(&self, container: &str, options: RemoveContainer) -> Result<()> {
        const OPERATION: &str = "remove container";
        let delete = ContainerDelete::new(container).with_v(options.volumes).with_force(options.force);
        match self.change(OPERATION, container, &delete).await {
            Err(error) if engine(&error).is_some_and(EngineError::is_removal_in_progress) => {
                self.until_gone(OPERATION, container).await
            }
            result => result,
        }
    }

    /// Waits for a removal that someone else began.
    async fn until_gone(&self, operation: &'static str, container: &str) -> Result<()> {
        let deadline = Instant::now() + REMOVAL_DEADLINE;
        let mut pause = Duration::from_millis(5);
        loop {
            match self.api().send(&ContainerInspect::new(container)).await {
                Err(error) if error.is_not_found() => return Ok(()),
                Err(error) => return Err(self.failed(operation, container)(error)),
                Ok(_) if Instant::now() + pause > deadline => {
                    let reason = format!("another removal of it did not end within {REMOVAL_DEADLINE:?}");
                    return Err(Error::new(ErrorKind::Timeout, operation, reason).with_subject(container));
                }
                Ok(_) => {}
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(250));
        }
    }

    pub(crate) async fn look_at(&self, container: &str) -> Result<ContainerInfo> {
        const OPERATION: &str = "inspect container";
        let inspect = ContainerInspect::new(container);
        let found = self.api().send(&inspect).await.map_err(self.failed(OPERATION, container))?;
        if is_asked(container, &found.id, &found.name) {
            Ok(inspect::info(found))
        } else {
            Err(not_found(OPERATION, container))
        }
    }

    pub(crate) async fn all_containers(&self, filter: &ContainerFilter) -> Result<Vec<ContainerSummary>> {
        let mut filters = Filters::new();
        for label in &filter.labels {
            filters.add("label", label);
        }
        for name in &filter.names {
            filters.add("name", name);
        }
        let list = ContainerList::new().with_all(filter.all).with_filters(filters);
        let list = self.api().send(&list).await.map_err(self.unnamed_mapper("list containers"))?;
        // The engine takes a name for a pattern, or for a part of one.
        let exact = |name: &String| filter.names.is_empty() || filter.names.contains(name);
        Ok(list.into_iter().map(inspect::summary).filter(|summary| exact(&summary.name)).collect())
    }

    async fn has_terminal(
        &self,
        operation: &'static str,
        container: &str,
        known: Option<bool>,
    ) -> Result<bool> {
        if let Some(tty) = known {
            return Ok(tty);
        }
        let inspect = ContainerInspect::new(container);
        Ok(self.api().send(&inspect).await.map_err(self.failed(operation, container))?.config.tty)
    }

    pub(crate) async fn read_logs(
        &self,
        container: &str,
        options: &LogOptions,
    ) -> Result<BoxStream<OutputChunk>> {
        const OPERATION: &str = "read the logs of container";
        let tty = self.has_terminal(OPERATION, container, options.tty).await?;
        let logs = ContainerLogs::new(container)
            .with_follow(options.follow)
            .with_stdout(options.stdout)
            .with_stderr(options.stderr)
            .with_since(options.since.map(timestamp))
            .with_until(options.until.map(timestamp))
            .with_timestamps(options.timestamps)
            .with_tail(options.tail.map(|lines| lines.to_string()));
        if !(options.follow && self.dialect().late_stream_headers) {
            return self.open_logs(logs, tty).await;
        }
        let runtime = self.clone();
        Ok(Box::pin(stream::once(async move { runtime.open_logs(logs, tty).await }).try_flatten()))
    }

    async fn open_logs(&self, logs: ContainerLogs, tty: bool) -> Result<BoxStream<OutputChunk>> {
        const OPERATION: &str = "read the logs of container";
        let client = if logs.follow && self.dialect().late_stream_headers {
            self.api().with_header_timeout(None)
        } else {
            self.api().clone()
        };
        let map = self.mapper(OPERATION, &logs.id);
        if tty {
            let bytes = client.stream(&logs).await.map_err(&map)?;
            return Ok(Box::pin(output::raw(bytes, map)));
        }
        let frames = client.frames(&logs).await.map_err(&map)?;
        Ok(Box::pin(output::framed(frames, OPERATION, map)))
    }

    pub(crate) async fn wait(&self, container: &str, condition: WaitCondition) -> Result<ExitStatus> {
        const OPERATION: &str = "wait for container";
        let word = match condition {
            WaitCondition::NextExit => containers::WaitCondition::NextExit,
            WaitCondition::Removed => containers::WaitCondition::Removed,
            _ => containers::WaitCondition::NotRunning,
        };
        let wait = ContainerWait::new(container).with_condition(word);
        // The body may come days after the headers, so neither has a deadline.
        let client = self.api().with_header_timeout(None);
        let mut answers = client.json_stream(&wait).await.map_err(self.failed(OPERATION, container))?;
        let Some(answer) = answers.next().await else {
            let reason = "the engine ended the wait without an answer";
            return Err(Error::new(ErrorKind::Unavailable, OPERATION, reason).with_subject(container));
        };
        let answer = answer.map_err(self.failed(OPERATION, container))?;
        let mut status = ExitStatus::new(answer.status_code);
        status.error = answer.error.map(|error| error.message).filter(|message| !message.is_empty());
        if status.code < 0 && condition == WaitCondition::NotRunning {
            // Podman's word for a container that has never run.
            status.code = self.look_at(container).await?.state.exit_code;
        }
        Ok(status)
    }

    pub(crate) async fn attach_to(&self, container: &str, options: &AttachOptions) -> Result<Session> {
        const OPERATION: &str = "attach to container";
        let tty = self.has_terminal(OPERATION, container, options.tty).await?;
        let attach = ContainerAttach::new(container)
            .with_logs(options.logs)
            .with_stream(true)
            .with_stdin(options.stdin)
            .with_stdout(true)
            .with_stderr(true);
        let hijacked = self.api().hijack(&attach).await.map_err(self.failed(OPERATION, container))?;
        Ok(output::session(hijacked, options.stdin, tty, OPERATION, self.mapper(OPERATION, container)))
    }

    pub(crate) async fn size_container(&self, container: &str, size: TerminalSize) -> Result<()> {
        // Only one that has a terminal is resized.
        let session = AttachSession::new(ContainerAttach::new(container), true);
        let resized = SessionControl::new(self.api(), session).resize(size.rows, size.columns).await;
        resized.map_err(self.failed("resize the terminal of container", container))
    }

    /// Docker's host runs `ps`, whose names of users are those of the host: numbers are what both sides
    /// agree on. Podman reads the list of columns in its own way.
    pub(crate) async fn list_processes(&self, container: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        let columns =
            if self.dialect().top_descriptors { "user,pid,ppid,args" } else { "-eo uid,pid,ppid,args" };
        let top = ContainerTop::new(container).with_ps_args(columns);
        let answer =
            self.api().send(&top).await.map_err(self.failed("list the processes of container", container))?;
        let titles = answer.titles.into_iter().map(|title| match title.as_str() {
            "CMD" | "ARGS" => "COMMAND".to_owned(),
            _ => title,
        });
        Ok((titles.collect(), answer.processes))
    }

    pub(crate) async fn read_archive(&self, container: &str, path: &str) -> Result<BoxReader> {
        let subject = format!("{container}:{path}");
        let archive = ContainerArchive::new(container, path);
        let bytes = self.slow().stream(&archive).await.map_err(self.failed("copy from", &subject))?;
        Ok(Box::pin(bytes.into_async_read()))
    }

    pub(crate) async fn write_archive(&self, container: &str, path: &str, archive: BoxReader) -> Result<()> {
        let subject = format!("{container}:{path}");
        let put = PutContainerArchive::new(container, path);
        self.check_name("copy to", container).await?;
        self.slow()
            .send_with_body(&put, RequestBody::from_async_read(archive))
            .await
            .map_err(self.failed("copy to", &subject))
    }
}
