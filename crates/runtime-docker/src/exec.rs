//! Processes in containers.

use docker_api::ApiVersion;
use docker_api::exec::{
    ExecConfig, ExecCreate, ExecDetachedConfig, ExecStart, ExecStartConfig, ExecStartDetached,
};
use runtime_core::{ExecSession, ExecSpec, Result, TerminalSize};
use sock_transport::SessionControl;

use crate::DockerRuntime;
use crate::output;

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
        self.control_of_exec(exec).wait().await.map_err(self.failed(OPERATION, exec))
    }

    pub(crate) async fn size_exec(&self, exec: &str, size: TerminalSize) -> Result<()> {
        let resized = self.control_of_exec(exec).resize(size.rows, size.columns).await;
        resized.map_err(self.failed("resize the terminal of exec", exec))
    }

    /// The calls for an exec that runs. Only one that has a terminal is resized.
    fn control_of_exec(&self, exec: &str) -> SessionControl<ExecStart> {
        SessionControl::new(self.api(), ExecStart::new(exec, ExecStartConfig::attached(true)))
    }
}
