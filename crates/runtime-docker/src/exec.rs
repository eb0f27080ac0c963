//! Processes in containers.

use std::time::Duration;

use docker_api::ApiVersion;
use docker_api::exec::{
    ExecConfig, ExecCreate, ExecDetachedConfig, ExecInspect, ExecResize, ExecStart, ExecStartConfig,
    ExecStartDetached,
};
use runtime_core::{Error, ErrorKind, ExecSession, ExecSpec, Result, TerminalSize};
use tokio::time::{Instant, sleep};

use crate::DockerRuntime;
use crate::output;

/// How long after the end of its output a process may take to have an exit code.
const EXIT_CODE_DEADLINE: Duration = Duration::from_secs(10);
/// How long a terminal may take to be there after a start.
pub(crate) const RESIZE_DEADLINE: Duration = Duration::from_secs(1);

impl DockerRuntime {
    pub(crate) async fn start_exec(&self, container: &str, spec: &ExecSpec) -> Result<ExecSession> {
        const OPERATION: &str = "run a command in container";
        let id = self.create_exec(container, spec, true).await?;
        let mut start = ExecStartConfig::attached(spec.tty);
        if let Some(size) = spec.size.filter(|_| spec.tty) {
            start = start.with_size(size.rows, size.columns);
        }
        let hijacked = self
            .slow()
            .hijack(&ExecStart::new(&id, start))
            .await
            .map_err(self.failed(OPERATION, container))?;
        let session =
            output::session(hijacked, spec.stdin, spec.tty, OPERATION, self.mapper(OPERATION, container));
        if let Some(size) = spec.size.filter(|_| spec.tty && !self.newer(ApiVersion::new(1, 42))) {
            // This engine takes no size at the start. A process that has ended already needs none.
            if let Err(error) = self.size_exec(&id, size).await {
                tracing::debug!(exec = id, %error, "the terminal keeps its first size");
            }
        }
        Ok(ExecSession { id, session })
    }

    pub(crate) async fn start_exec_detached(&self, container: &str, spec: &ExecSpec) -> Result<String> {
        const OPERATION: &str = "run a command in container";
        let id = self.create_exec(container, spec, false).await?;
        let start = ExecStartDetached::new(&id, ExecDetachedConfig::new(spec.tty));
        self.slow().send(&start).await.map_err(self.failed(OPERATION, container))?;
        Ok(id)
    }

    async fn create_exec(&self, container: &str, spec: &ExecSpec, attached: bool) -> Result<String> {
        const OPERATION: &str = "run a command in container";
        self.check_name(OPERATION, container).await?;
        let size = spec.size.filter(|_| spec.tty && self.newer(ApiVersion::new(1, 42)));
        let config = ExecConfig::new(spec.command.clone())
            .with_attach_stdin(attached && spec.stdin)
            .with_attach_stdout(attached)
            .with_attach_stderr(attached)
            .with_console_size(size.map(|size| [size.rows, size.columns]))
            .with_tty(spec.tty)
            .with_env(spec.env.to_list().into_iter().collect::<docker_api::EnvList>())
            .with_privileged(spec.privileged)
            .with_user(spec.user.clone())
            .with_working_dir(spec.working_dir.clone());
        let create = ExecCreate::new(container, config);
        Ok(self.api().send(&create).await.map_err(self.failed(OPERATION, container))?.id)
    }

    pub(crate) async fn exit_code_of_exec(&self, exec: &str) -> Result<i64> {
        const OPERATION: &str = "read the exit code of exec";
        let deadline = Instant::now() + EXIT_CODE_DEADLINE;
        let mut pause = Duration::from_millis(1);
        loop {
            let state =
                self.api().send(&ExecInspect::new(exec)).await.map_err(self.failed(OPERATION, exec))?;
            if let (false, Some(code)) = (state.running, state.exit_code) {
                return Ok(code);
            }
            if Instant::now() + pause > deadline {
                let reason = format!("it still runs {EXIT_CODE_DEADLINE:?} after its output ended");
                return Err(Error::new(ErrorKind::Timeout, OPERATION, reason).with_subject(exec));
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }

    pub(crate) async fn size_exec(&self, exec: &str, size: TerminalSize) -> Result<()> {
        let resize = ExecResize::new(exec, size.rows, size.columns);
        let client = self.api();
        until_there(|| client.send(&resize)).await.map_err(self.failed("resize the terminal of exec", exec))
    }
}

/// Repeats a resize while the engine refuses it, since a terminal is there only a moment after its start.
pub(crate) async fn until_there<F, Fut>(resize: F) -> Result<(), sock_transport::Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), sock_transport::Error>>,
{
    let deadline = Instant::now() + RESIZE_DEADLINE;
    let mut pause = Duration::from_millis(5);
    loop {
        match resize().await {
            Err(error) if matches!(error.status(), Some(409 | 500)) && Instant::now() + pause < deadline => {
                sleep(pause).await;
                pause *= 2;
            }
            result => return result,
        }
    }
}
