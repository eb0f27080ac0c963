//! Starting and ending containers.

use std::sync::Arc;
use std::time::Duration;

use runtime_core::{ContainerStatus, ErrorKind, EventAction, RestartPolicy, Result, StopOptions};
use tokio::time::Instant;

use crate::Operation;
use crate::engine::{Engine, attributes};
use crate::fault;
use crate::state::State;

/// Docker's time before it kills what does not stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// Docker's first pause before a restart; it doubles up to [`RESTART_PAUSE_MAX`].
const RESTART_PAUSE: Duration = Duration::from_millis(100);
const RESTART_PAUSE_MAX: Duration = Duration::from_secs(60);

impl Engine {
    pub(crate) async fn start(self: &Arc<Self>, wanted: &str) -> Result<()> {
        let operation = Operation::StartContainer;
        let (id, delay) = {
            let mut state = self.lock();
            let container = state.container(operation, wanted)?;
            if container.status == ContainerStatus::Running {
                return Ok(());
            }
            if container.status == ContainerStatus::Paused {
                let reason = "it is paused; unpause it instead";
                return Err(fault::error(operation, ErrorKind::Conflict, wanted, reason));
            }
            if let Some((kind, reason)) = container.program.start_error.clone() {
                container.error.clone_from(&reason);
                container.exit_code = 127;
                return Err(fault::error(operation, kind, wanted, reason));
            }
            (container.id.clone(), container.program.start_delay)
        };
        if delay > Duration::ZERO {
            tokio::time::sleep(delay).await;
        }
        self.update(|state| {
            let container = state.container(operation, &id)?;
            container.stopped_by_hand = false;
            if !container.is_up() {
                self.begin(state, &id);
            }
            Ok(())
        })
    }

    /// Begins a run of a container.
    fn begin(self: &Arc<Self>, state: &mut State, id: &str) {
        let pid = u32::try_from(1000 + state.next_number()).unwrap_or(u32::MAX);
        state.give_addresses(id);
        let Some(container) = state.containers.get_mut(id) else { return };
        container.status = ContainerStatus::Running;
        container.run += 1;
        container.started = Some(Instant::now());
        container.finished = None;
        container.exit_code = 0;
        container.error.clear();
        container.pid = pid;
        let run = container.run;
        let mut output = container.program.output.clone();
        output.sort_by_key(|(at, ..)| *at);
        let exit = container.program.exit;
        self.emit_container(state, id, EventAction::Start);

        // The engine must not live on because a container of it sleeps.
        let engine = Arc::downgrade(self);
        let id = id.to_owned();
        let start = Instant::now();
        tokio::spawn(async move {
            for (at, stream, text) in output {
                sleep_until(start, at).await;
                let Some(engine) = engine.upgrade() else { return };
                let runs = engine.update(|state| match state.containers.get(&id) {
                    Some(container) if container.in_run(run) => {
                        container.write(Instant::now(), stream, text);
                        true
                    }
                    _ => false,
                });
                if !runs {
                    return;
                }
            }
            if let Some((at, code)) = exit {
                sleep_until(start, at).await;
                if let Some(engine) = engine.upgrade() {
                    engine.finish(&id, run, code);
                }
            }
        });
    }

    /// Ends a run of a container, if it is still that run.
    pub(crate) fn finish(self: &Arc<Self>, id: &str, run: u64, code: i64) {
        self.update(|state| {
            let Some(container) = state.containers.get_mut(id).filter(|c| c.in_run(run)) else { return };
            container.status = ContainerStatus::Exited;
            container.exits += 1;
            container.exit_code = code;
            container.finished = Some(Instant::now());
            container.pid = 0;
            for endpoint in container.endpoints.values_mut() {
                endpoint.ip.clear();
            }
            let again = !container.stopped_by_hand
                && match container.spec.restart {
                    RestartPolicy::Always | RestartPolicy::UnlessStopped => true,
                    RestartPolicy::OnFailure(limit) => {
                        code != 0 && limit.is_none_or(|limit| container.restarts < u64::from(limit))
                    }
                    _ => false,
                };
            let auto_remove = container.spec.auto_remove;
            let restarts = container.restarts;
            self.emit_container(state, id, EventAction::Die { exit_code: Some(code) });
            if again {
                self.restart_later(state, id, restarts);
            } else if auto_remove {
                self.destroy(state, id, true);
            }
        });
    }

    fn restart_later(self: &Arc<Self>, state: &mut State, id: &str, restarts: u64) {
        let Some(container) = state.containers.get_mut(id) else { return };
        container.status = ContainerStatus::Restarting;
        container.restarts += 1;
        let run = container.run;
        let doubled = RESTART_PAUSE.saturating_mul(1 << restarts.min(16));
        let engine = Arc::downgrade(self);
        let id = id.to_owned();
        tokio::spawn(async move {
            tokio::time::sleep(doubled.min(RESTART_PAUSE_MAX)).await;
            let Some(engine) = engine.upgrade() else { return };
            engine.update(|state| {
                let waits = state
                    .containers
                    .get(&id)
                    .is_some_and(|c| c.run == run && c.status == ContainerStatus::Restarting);
                if waits {
                    engine.begin(state, &id);
                }
            });
        });
    }

    pub(crate) async fn stop(
        self: &Arc<Self>,
        operation: Operation,
        wanted: &str,
        options: &StopOptions,
    ) -> Result<()> {
        let plan = self.update(|state| {
            let container = state.container(operation, wanted)?;
            let id = container.id.clone();
            if container.status == ContainerStatus::Restarting {
                container.status = ContainerStatus::Exited;
                container.stopped_by_hand = true;
                return Ok(None);
            }
            if !container.is_up() {
                return Ok(None);
            }
            container.stopped_by_hand = true;
            let timeout = options.timeout.or(container.spec.stop_timeout).unwrap_or(STOP_TIMEOUT);
            let (after, code) = match container.program.stop {
                Some((after, code)) if after <= timeout => (after, code),
                _ => (timeout, 137),
            };
            let run = container.run;
            self.emit_container(state, &id, EventAction::Kill);
            Ok(Some((id, run, after, code)))
        })?;
        let Some((id, run, after, code)) = plan else { return Ok(()) };
        self.finish_after(&id, run, after, code);
        self.until(operation, wanted, |state| {
            let over = state.containers.get(&id).is_none_or(|container| !container.in_run(run));
            over.then_some(())
        })
        .await?;
        self.update(|state| self.emit_container(state, &id, EventAction::Stop));
        Ok(())
    }

    pub(crate) fn kill(self: &Arc<Self>, wanted: &str, signal: Option<&str>) -> Result<()> {
        let operation = Operation::KillContainer;
        let (id, run, end) = self.update(|state| {
            let container = state.container(operation, wanted)?;
            if !container.is_up() {
                return Err(fault::error(operation, ErrorKind::Conflict, wanted, "it is not running"));
            }
            container.stopped_by_hand = true;
            let signal = signal.unwrap_or("SIGKILL").trim_start_matches("SIG");
            let end = match signal {
                "KILL" | "9" => Some((Duration::ZERO, 137)),
                "TERM" | "15" | "INT" | "2" | "QUIT" | "3" => container.program.stop,
                _ => None,
            };
            let (id, run) = (container.id.clone(), container.run);
            self.emit_container(state, &id, EventAction::Kill);
            Ok((id, run, end))
        })?;
        if let Some((after, code)) = end {
            self.finish_after(&id, run, after, code);
        }
        Ok(())
    }

    /// Ends a run after a time, whether or not the caller waits for it.
    fn finish_after(self: &Arc<Self>, id: &str, run: u64, after: Duration, code: i64) {
        if after == Duration::ZERO {
            self.finish(id, run, code);
            return;
        }
        let engine = Arc::downgrade(self);
        let id = id.to_owned();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            if let Some(engine) = engine.upgrade() {
                engine.finish(&id, run, code);
            }
        });
    }

    pub(crate) async fn restart(self: &Arc<Self>, wanted: &str, options: &StopOptions) -> Result<()> {
        let operation = Operation::RestartContainer;
        let id = self.lock().container(operation, wanted)?.id.clone();
        self.stop(operation, &id, options).await?;
        self.start(&id).await?;
        self.update(|state| self.emit_container(state, &id, EventAction::Restart));
        Ok(())
    }

    pub(crate) fn set_paused(&self, wanted: &str, pause: bool) -> Result<()> {
        let operation = if pause { Operation::PauseContainer } else { Operation::UnpauseContainer };
        let (from, to, action, reason) = if pause {
            (ContainerStatus::Running, ContainerStatus::Paused, EventAction::Pause, "it is not running")
        } else {
            (ContainerStatus::Paused, ContainerStatus::Running, EventAction::Unpause, "it is not paused")
        };
        self.update(|state| {
            let container = state.container(operation, wanted)?;
            if container.status != from {
                return Err(fault::error(operation, ErrorKind::Conflict, wanted, reason));
            }
            container.status = to;
            let id = container.id.clone();
            self.emit_container(state, &id, action);
            Ok(())
        })
    }

    /// Removes the record of a container.
    pub(crate) fn destroy(&self, state: &mut State, id: &str, volumes: bool) {
        let Some(container) = state.containers.shift_remove(id) else { return };
        if volumes {
            for name in &container.anonymous {
                state.volumes.shift_remove(name);
            }
        }
        let attributes = attributes(&container);
        self.emit(state, runtime_core::EventSource::Container, EventAction::Destroy, id, attributes);
    }
}

/// Sleeps until a time after a start; for ever when the clock does not reach it.
async fn sleep_until(start: Instant, after: Duration) {
    match start.checked_add(after) {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
