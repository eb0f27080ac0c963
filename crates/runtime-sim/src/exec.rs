//! Exec, processes and archives.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use runtime_core::{
    BoxReader, ContainerStatus, ErrorKind, ExecSession, ExecSpec, OutputChunk, OutputStream, Result, Session,
};
use tokio::time::Instant;

use crate::engine::Engine;
use crate::state::ExecRecord;
use crate::streams::sleep_until;
use crate::{ExecCall, ExecOutcome, Operation, fault};

/// Exit code of a process that was killed.
const KILLED: i64 = 137;

/// How an exec ended.
enum End {
    Itself,
    WithContainer,
}

impl Engine {
    /// Begins an exec and gives its id and what it does.
    pub(crate) fn begin_exec(
        &self,
        operation: Operation,
        wanted: &str,
        spec: &ExecSpec,
    ) -> Result<(String, ExecRecord, ExecOutcome)> {
        let mut state = self.lock();
        let id = state.next_id();
        let container = state.container(operation, wanted)?;
        let conflict = |reason: &str| Err(fault::error(operation, ErrorKind::Conflict, wanted, reason));
        match container.status {
            ContainerStatus::Running => {}
            ContainerStatus::Paused => return conflict("it is paused; unpause it first"),
            _ => return conflict("it is not running"),
        }
        if spec.command.is_empty() {
            let reason = "no command was given";
            return Err(fault::error(operation, ErrorKind::InvalidRequest, wanted, reason));
        }
        let since_start = container.started.map(|started| started.elapsed()).unwrap_or_default();
        let outcome = container.program.exec(&spec.command, spec.user.as_deref(), since_start);
        let record = ExecRecord {
            container: container.id.clone(),
            run: container.run,
            ends: outcome.takes.and_then(|takes| Instant::now().checked_add(takes)),
            code: outcome.code,
        };
        let call = ExecCall {
            container: container.name.clone(),
            command: spec.command.clone(),
            user: spec.user.clone(),
            at: self.clock.elapsed(),
            since_start,
        };
        state.exec_calls.push(call);
        state.execs.insert(id.clone(), record.clone());
        Ok((id, record, outcome))
    }

    pub(crate) fn exec(self: &Arc<Self>, wanted: &str, spec: &ExecSpec) -> Result<ExecSession> {
        let (id, record, outcome) = self.begin_exec(Operation::Exec, wanted, spec)?;
        let engine = Arc::clone(self);
        let subject = wanted.to_owned();
        let tty = spec.tty;
        let output = stream::once(async move {
            let mut chunks = Vec::new();
            match engine.exec_end(Operation::Exec, &subject, &record).await {
                Ok(End::Itself) => {
                    let err = if tty { OutputStream::Stdout } else { OutputStream::Stderr };
                    for (stream, text) in [(OutputStream::Stdout, outcome.stdout), (err, outcome.stderr)] {
                        if !text.is_empty() {
                            chunks.push(Ok(OutputChunk { stream, begins: !tty, bytes: Bytes::from(text) }));
                        }
                    }
                }
                Ok(End::WithContainer) => {}
                Err(error) => chunks.push(Err(error)),
            }
            stream::iter(chunks)
        })
        .flatten()
        .boxed();
        let stdin = spec.stdin.then(|| Box::pin(tokio::io::sink()) as _);
        Ok(ExecSession { id, session: Session { stdin, output } })
    }

    /// Waits until an exec ends.
    async fn exec_end(&self, operation: Operation, subject: &str, record: &ExecRecord) -> Result<End> {
        let over = self.until(operation, subject, |state| {
            let runs = state.containers.get(&record.container).is_some_and(|c| c.in_run(record.run));
            (!runs).then_some(())
        });
        tokio::select! {
            biased;
            () = sleep_until(record.ends) => Ok(End::Itself),
            over = over => over.map(|()| End::WithContainer),
        }
    }

    pub(crate) async fn exec_code(&self, exec: &str) -> Result<i64> {
        let operation = Operation::ExecExitCode;
        let record = self.lock().execs.get(exec).cloned();
        let record =
            record.ok_or_else(|| fault::error(operation, ErrorKind::NotFound, exec, "no such exec"))?;
        Ok(match self.exec_end(operation, exec, &record).await? {
            End::Itself => record.code,
            End::WithContainer => KILLED,
        })
    }

    pub(crate) fn processes(&self, wanted: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        let operation = Operation::Processes;
        let mut state = self.lock();
        let container = state.container(operation, wanted)?;
        if !container.is_up() {
            return Err(fault::error(operation, ErrorKind::Conflict, wanted, "it is not running"));
        }
        let since_start = container.started.map(|started| started.elapsed()).unwrap_or_default();
        let own_user = container.spec.user.clone().unwrap_or_else(|| container.image.user.clone());
        let own = [(
            if own_user.is_empty() { "root".to_owned() } else { own_user },
            container.command_line().join(" "),
        )];
        let list = container.program.processes_at(since_start).unwrap_or(&own);
        let rows = list.iter().enumerate().map(|(index, (user, command))| {
            let parent = usize::from(index > 0);
            vec![user.clone(), (index + 1).to_string(), parent.to_string(), command.clone()]
        });
        Ok((["USER", "PID", "PPID", "COMMAND"].map(str::to_owned).to_vec(), rows.collect()))
    }

    pub(crate) fn put_archive(&self, wanted: &str, path: &str, archive: Bytes) -> Result<()> {
        let mut state = self.lock();
        state.container(Operation::ArchivePut, wanted)?.archives.insert(path.to_owned(), archive);
        Ok(())
    }

    pub(crate) fn get_archive(&self, wanted: &str, path: &str) -> Result<BoxReader> {
        let operation = Operation::ArchiveGet;
        let mut state = self.lock();
        match state.container(operation, wanted)?.archives.get(path) {
            Some(archive) => Ok(Box::pin(std::io::Cursor::new(archive.clone()))),
            None => {
                let reason = format!("nothing was put at {path}");
                Err(fault::error(operation, ErrorKind::NotFound, wanted, reason))
            }
        }
    }
}
