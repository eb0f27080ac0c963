//! Waiting for a verdict.

use std::fmt;
use std::pin::pin;
use std::time::Duration;

use runtime_core::{ContainerStatus, HealthStatus, Result, Runtime, WaitCondition};
use tokio::time::Instant;

use super::probe::{self, Probe, ProbeEnd};
use super::settle::{self, User};
use super::{Machine, ProbeKind, ProbeSpec};

/// How the wait for a container's health ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is healthy.
    Healthy,
    /// It failed as often in a row as its check allows.
    Unhealthy {
        /// Failures in a row.
        failing_streak: u32,
        /// The last one.
        probe: Probe,
    },
    /// It ended, and the engine does not start it again.
    Exited {
        /// Its exit code.
        code: i64,
        /// The last probe before that, if there was any.
        probe: Option<Probe>,
    },
}

/// How to wait.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct WaitOptions<'a> {
    /// How long the container has been running, where the caller knows it. One that has been up for a while is probed
    /// at once, and may be past its start period.
    pub running_for: Duration,
    /// Is told each probe that was made, so that who gives up waiting can say what the last one was.
    pub on_probe: Option<&'a (dyn Fn(&Probe) + Send + Sync)>,
}

impl fmt::Debug for WaitOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitOptions").field("running_for", &self.running_for).finish_non_exhaustive()
    }
}

impl<'a> WaitOptions<'a> {
    /// Says how long the container has been running.
    #[must_use]
    pub const fn running_for(mut self, time: Duration) -> Self {
        self.running_for = time;
        self
    }

    /// Tells each probe.
    #[must_use]
    pub const fn on_probe(mut self, observer: &'a (dyn Fn(&Probe) + Send + Sync)) -> Self {
        self.on_probe = Some(observer);
        self
    }
}

/// Probes a container that was started until there is a verdict. There is no deadline: the schedule gives one where
/// the check never passes, and the caller may drop the future at any time.
///
/// An exit ends the wait at once. Where the engine starts the container again, its health begins anew, as on Docker.
///
/// # Errors
/// [`Unavailable`](runtime_core::ErrorKind::Unavailable) when the engine goes away, and
/// [`NotFound`](runtime_core::ErrorKind::NotFound) when the container is removed. Failing probes are no errors.
///
/// # Cancel safety
/// Dropping the future ends the wait and abandons the probe that is under way; its command runs on in the container.
pub async fn wait_healthy(
    runtime: &dyn Runtime,
    container: &str,
    spec: &ProbeSpec,
    options: WaitOptions<'_>,
) -> Result<Verdict> {
    let mut watch = Watch { runtime, container, spec, options, last: None };
    loop {
        let mut exit = pin!(runtime.wait_container(container, WaitCondition::NotRunning));
        let status = tokio::select! {
            biased;
            status = &mut exit => status?,
            verdict = watch.probe_until_known() => return verdict,
        };
        // The engine may be about to start it again.
        let state = runtime.inspect_container(container).await?.state;
        if !matches!(state.status, ContainerStatus::Running | ContainerStatus::Restarting) {
            return Ok(Verdict::Exited { code: status.code, probe: watch.last });
        }
        watch.options.running_for = Duration::ZERO;
    }
}

struct Watch<'a> {
    runtime: &'a dyn Runtime,
    container: &'a str,
    spec: &'a ProbeSpec,
    options: WaitOptions<'a>,
    last: Option<Probe>,
}

impl Watch<'_> {
    async fn probe_until_known(&mut self) -> Result<Verdict> {
        let begin = Instant::now();
        let ran_before = self.options.running_for;
        let now = || ran_before + begin.elapsed();
        let mut machine = Machine::new(self.spec.schedule, ran_before);
        let mut early_user = EarlyUser::Configured;
        if settle::is_root(&self.runtime.inspect_container(self.container).await?.user) {
            early_user = EarlyUser::Look;
            machine.hold_early_until(settle::SETTLED);
        }
        loop {
            let due = machine.due();
            tokio::time::sleep_until(begin + due.at.saturating_sub(ran_before)).await;
            let user = match due.kind {
                ProbeKind::Counted => None,
                ProbeKind::Early => match early_user.settle(self.runtime, self.container, now()).await? {
                    Some(User::Configured) => None,
                    Some(User::Become(user)) => Some(user),
                    Some(User::Unsettled) => {
                        machine.skip(due.kind, now());
                        continue;
                    }
                    None => {
                        machine.give_up_early();
                        continue;
                    }
                },
            };
            let began = now();
            let timeout = self.spec.schedule.timeout;
            // A counted probe comes when Docker's would, whatever an early one is doing.
            let limit = match due.kind {
                ProbeKind::Counted => timeout,
                ProbeKind::Early => timeout.min(machine.next_counted().saturating_sub(began)),
            };
            let probe = probe::run(self.runtime, self.container, self.spec, user, limit).await?;
            if probe.end == ProbeEnd::NotRunning {
                machine.skip(due.kind, now());
                continue;
            }
            // One that only gave way says nothing.
            let gave_way = limit < timeout && matches!(probe.end, ProbeEnd::TimedOut(_));
            if let Some(observer) = self.options.on_probe.filter(|_| !gave_way) {
                observer(&probe);
            }
            let status = machine.report(due.kind, began, now(), probe.passed());
            tracing::debug!(container = self.container, kind = ?due.kind, end = ?probe.end, ?status, "probed");
            match status {
                HealthStatus::Healthy => return Ok(Verdict::Healthy),
                HealthStatus::Unhealthy => {
                    return Ok(Verdict::Unhealthy { failing_streak: machine.failing_streak(), probe });
                }
                _ if gave_way => {}
                _ => self.last = Some(probe),
            }
        }
    }
}

/// What is known of the user for early probes.
enum EarlyUser {
    /// Look at the processes.
    Look,
    /// The configured user.
    Configured,
    /// The user that the main process has become; it does not change back.
    Become(String),
}

impl EarlyUser {
    /// As whom to probe now; `None` when the processes cannot be seen, so that early probes could do harm.
    async fn settle(
        &mut self,
        runtime: &dyn Runtime,
        container: &str,
        now: Duration,
    ) -> Result<Option<User>> {
        match self {
            Self::Configured => return Ok(Some(User::Configured)),
            Self::Become(user) => return Ok(Some(User::Become(user.clone()))),
            Self::Look => {}
        }
        let user = match runtime.processes(container).await {
            Ok((titles, rows)) => settle::user(&titles, &rows, now),
            Err(error) if error.is_unavailable() => return Err(error),
            // It does not run at the moment: between two runs, or at its end, which the caller sees.
            Err(error) if error.is_conflict() => Some(User::Unsettled),
            Err(error) => {
                tracing::debug!(container, %error, "the processes cannot be listed: no early probes");
                None
            }
        };
        match &user {
            Some(User::Configured) => *self = Self::Configured,
            Some(User::Become(user)) => *self = Self::Become(user.clone()),
            _ => {}
        }
        Ok(user)
    }
}
