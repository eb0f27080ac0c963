//! Waiting for conditions. All waits are for something that the engine or the health prober tells: nothing is polled.

use std::future::pending;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use compose_file::model::{RestartPolicy, Service};
use futures_util::StreamExt as _;
use futures_util::future::try_join_all;
use runtime_core::{ContainerStatus, LogOptions, Runtime, WaitCondition};
use tokio::time::Instant;

use super::{Executor, of};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{State, Subject};
use crate::health::{self, Probe, ProbeSpec, Verdict, WaitOptions};
use crate::lines::LineSplitter;
use crate::observe;
use crate::plan::{ContainerRef, GateCondition, is_job, no_check};

/// A container without a check that was just started counts as running when it has run this long: many mistakes end
/// it at once.
const SETTLING: Duration = Duration::from_millis(250);
/// A container that the engine starts again and again is given up after this many ends within one wait.
const ENDS: usize = 5;
/// How many lines of a log an error shows, and how long reading them may take.
const LOG_LINES: u64 = 10;
const LOG_PATIENCE: Duration = Duration::from_secs(2);

/// What one wait is about.
struct Gate<'a> {
    service: &'a Service,
    condition: GateCondition,
    /// `, and service web waits for it`, or nothing when the caller waits.
    waiting: String,
    /// The name of a service that waits, for errors.
    waiter: String,
    last_probe: Mutex<Option<Probe>>,
}

impl Executor {
    pub(super) async fn wait_for(
        &self,
        service: &str,
        containers: &[ContainerRef],
        condition: GateCondition,
        waiting: &[String],
    ) -> Result<()> {
        let service = self.service(service)?;
        let waits = containers.iter().map(|container| {
            let gate = Gate {
                service,
                condition,
                waiting: match waiting {
                    [] => String::new(),
                    [one] => format!(", and service {one} waits for it"),
                    several => format!(", and services {} wait for it", several.join(", ")),
                },
                waiter: waiting.first().cloned().unwrap_or_else(|| "--wait".to_owned()),
                last_probe: Mutex::new(None),
            };
            async move { Box::pin(self.wait_for_container(&gate, container)).await }
        });
        try_join_all(waits).await.map(|_| ())
    }

    async fn wait_for_container(&self, gate: &Gate<'_>, container: &ContainerRef) -> Result<()> {
        let subject = container.subject();
        let on = gate.service.name.clone();
        self.emit(subject.clone(), State::Waiting { condition: gate.condition.as_str(), on });
        let deadline = self.wait_deadline();
        let expired = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => pending().await,
            }
        };
        let wait = async {
            match gate.condition {
                GateCondition::Healthy => self.healthy(gate, container, &subject).await,
                GateCondition::CompletedSuccessfully => self.completed(gate, container, &subject).await,
                GateCondition::RunningOrHealthy => self.running_or_healthy(gate, container, &subject).await,
            }
        };
        let result = tokio::select! {
            biased;
            result = wait => result,
            () = expired => Err(self.too_late(gate, container).await),
        };
        if let Err(error) = &result {
            self.emit(subject, State::Failed(error.to_string()));
        }
        result
    }

    /// One deadline for all waiting, from the first wait on.
    fn wait_deadline(&self) -> Option<Instant> {
        let timeout = self.wait_timeout?;
        let mut shared = self.shared();
        Some(*shared.wait_until.get_or_insert_with(|| Instant::now() + timeout))
    }

    async fn healthy(&self, gate: &Gate<'_>, container: &ContainerRef, subject: &Subject) -> Result<()> {
        let image = self.image(&gate.service.image_name(&self.project.name)).await?;
        let check = ProbeSpec::resolve(gate.service.healthcheck.as_ref(), image.healthcheck.as_ref());
        let Some(check) = check else { return Err(no_check(&gate.service.name, &gate.waiter)) };
        self.probe(gate, container, &check).await?;
        self.emit(subject.clone(), State::Healthy);
        Ok(())
    }

    async fn probe(&self, gate: &Gate<'_>, container: &ContainerRef, check: &ProbeSpec) -> Result<()> {
        let id = self.id_of(container)?;
        let remember = |probe: &Probe| {
            *gate.last_probe.lock().unwrap_or_else(PoisonError::into_inner) = Some(probe.clone());
        };
        let running_for = self.running_for(container, &id).await?;
        let options = WaitOptions::default().running_for(running_for).on_probe(&remember);
        let verdict = tokio::select! {
            biased;
            verdict = health::wait_healthy(&*self.runtime, &id, check, options) => {
                verdict.map_err(|error| of(error, container))?
            }
            code = self.ends_again_and_again(gate.service, &id) => {
                let code = code.map_err(|error| of(error, container))?;
                let message = format!("container {} ended {ENDS} times before it was healthy", container.name);
                return Err(self.failure(gate, container, &id, message).await.with_exit_code(code));
            }
        };
        match verdict {
            Verdict::Healthy => Ok(()),
            Verdict::Unhealthy { failing_streak, probe } => {
                remember(&probe);
                let message = format!(
                    "container {} is unhealthy: {failing_streak} probes in a row failed",
                    container.name
                );
                Err(self.failure(gate, container, &id, message).await)
            }
            Verdict::Exited { code, probe } => {
                if let Some(probe) = &probe {
                    remember(probe);
                }
                let message =
                    format!("container {} ended with code {code} before it was healthy", container.name);
                Err(self.failure(gate, container, &id, message).await.with_exit_code(code))
            }
        }
    }

    /// How long a container has been running: since this plan started it, or as the engine says.
    async fn running_for(&self, container: &ContainerRef, id: &str) -> Result<Duration> {
        if let Some(started) = self.live(container).and_then(|live| live.started) {
            return Ok(started.elapsed());
        }
        let info = self.runtime.inspect_container(id).await.map_err(|error| of(error, container))?;
        Ok(observe::running_for(&info.state))
    }

    /// Counts the ends of a container that the engine starts again; gives the code of the last one that is borne.
    async fn ends_again_and_again(&self, service: &Service, id: &str) -> runtime_core::Result<i64> {
        if service.restart_policy() == RestartPolicy::No {
            return pending().await;
        }
        for _ in 1..ENDS {
            self.runtime.wait_container(id, WaitCondition::NextExit).await?;
        }
        Ok(self.runtime.wait_container(id, WaitCondition::NextExit).await?.code)
    }

    async fn completed(&self, gate: &Gate<'_>, container: &ContainerRef, subject: &Subject) -> Result<()> {
        let id = self.id_of(container)?;
        let code = self.end_of(gate.service, container, &id).await?;
        if code == 0 {
            self.emit(subject.clone(), State::Exited(code));
            return Ok(());
        }
        let message = format!("container {} ended with code {code}, which is not success", container.name);
        Err(self.failure(gate, container, &id, message).await.with_exit_code(code))
    }

    /// The code with which a container ends for good.
    async fn end_of(&self, service: &Service, container: &ContainerRef, id: &str) -> Result<i64> {
        for _ in 0..ENDS {
            let end = self.runtime.wait_container(id, WaitCondition::NotRunning).await;
            let code = end.map_err(|error| of(error, container))?.code;
            let restarts = match service.restart_policy() {
                RestartPolicy::No => false,
                RestartPolicy::OnFailure { .. } => code != 0,
                RestartPolicy::Always | RestartPolicy::UnlessStopped => true,
            };
            if !restarts {
                return Ok(code);
            }
            let info = self.runtime.inspect_container(id).await.map_err(|error| of(error, container))?;
            match info.state.status {
                ContainerStatus::Running => {}
                ContainerStatus::Restarting => {
                    let next = self.runtime.wait_container(id, WaitCondition::NextExit).await;
                    let code = next.map_err(|error| of(error, container))?.code;
                    if code == 0 && is_job(service) {
                        return Ok(code);
                    }
                }
                _ => return Ok(info.state.exit_code),
            }
        }
        let info = self.runtime.inspect_container(id).await.map_err(|error| of(error, container))?;
        Ok(if info.state.exit_code == 0 { 1 } else { info.state.exit_code })
    }

    async fn running_or_healthy(
        &self,
        gate: &Gate<'_>,
        container: &ContainerRef,
        subject: &Subject,
    ) -> Result<()> {
        let id = self.id_of(container)?;
        let image = self.image(&gate.service.image_name(&self.project.name)).await?;
        let check = ProbeSpec::resolve(gate.service.healthcheck.as_ref(), image.healthcheck.as_ref());
        let info = self.runtime.inspect_container(&id).await.map_err(|error| of(error, container))?;
        if info.state.status == ContainerStatus::Running
            && let Some(check) = check
        {
            self.probe(gate, container, &check).await?;
            self.emit(subject.clone(), State::Healthy);
            return Ok(());
        }
        let mut state = info.state;
        if let Some(started) = self.live(container).and_then(|live| live.started)
            && state.status == ContainerStatus::Running
        {
            let settled = tokio::time::sleep_until(started + SETTLING);
            let ended = self.runtime.wait_container(&id, WaitCondition::NotRunning);
            let ended = tokio::select! {
                biased;
                end = ended => end.map(Some),
                () = settled => Ok(None),
            };
            if ended.map_err(|error| of(error, container))?.is_some() {
                state =
                    self.runtime.inspect_container(&id).await.map_err(|error| of(error, container))?.state;
            }
        }
        match state.status {
            ContainerStatus::Running | ContainerStatus::Paused => Ok(()),
            ContainerStatus::Exited if state.exit_code == 0 && is_job(gate.service) => {
                self.emit(subject.clone(), State::Exited(0));
                Ok(())
            }
            ContainerStatus::Exited | ContainerStatus::Restarting => {
                let code = state.exit_code;
                let message = format!("container {} ended with code {code}", container.name);
                Err(self.failure(gate, container, &id, message).await.with_exit_code(code))
            }
            other => {
                let message = format!("container {} does not run: it is {}", container.name, other.as_str());
                Err(self.failure(gate, container, &id, message).await)
            }
        }
    }

    async fn too_late(&self, gate: &Gate<'_>, container: &ContainerRef) -> Error {
        let message = format!(
            "container {} did not meet {} in the time that was given",
            container.name,
            gate.condition.as_str()
        );
        let error = match self.id_of(container) {
            Ok(id) => self.failure(gate, container, &id, message).await,
            Err(error) => error,
        };
        error.into_timeout()
    }

    /// The error of a condition that failed, with the container's last words.
    async fn failure(&self, gate: &Gate<'_>, container: &ContainerRef, id: &str, message: String) -> Error {
        let probe = gate.last_probe.lock().unwrap_or_else(PoisonError::into_inner).take();
        let lines = last_lines(&*self.runtime, id, gate.service.tty).await;
        Error::new(ErrorKind::ConditionFailed, message + &gate.waiting)
            .with_service(&gate.service.name)
            .with_container(&container.name)
            .with_probe_output(probe.map(|probe| probe.output).unwrap_or_default())
            .with_log_lines(lines)
    }
}

/// The last lines of a container's log, as far as they can be read in short time.
async fn last_lines(runtime: &dyn Runtime, id: &str, tty: bool) -> Vec<String> {
    let mut options = LogOptions::default();
    options.tail = Some(LOG_LINES);
    options.tty = Some(tty);
    let mut lines = Vec::new();
    let read = async {
        let mut output = runtime.logs(id, &options).await?;
        let mut splitter = LineSplitter::default();
        while let Some(chunk) = output.next().await {
            lines.extend(splitter.push(&chunk?.bytes));
        }
        lines.extend(splitter.finish());
        Ok::<(), runtime_core::Error>(())
    };
    // What was read before a failure is better than nothing, and the failure that led here matters more.
    let _ = tokio::time::timeout(LOG_PATIENCE, read).await;
    let first = lines.len().saturating_sub(LOG_LINES as usize);
    lines[first..].iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}
