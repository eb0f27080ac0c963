//! When to probe, and what the results mean: no IO, the clock passed in.

use std::time::Duration;

use runtime_core::HealthStatus;

/// Wait before the first early probe, and between those that follow it.
const EARLY_FIRST: Duration = Duration::from_millis(40);
/// The wait between early probes doubles whenever the container is this many waits old, so that a service is known to
/// be ready within about an eighth to a quarter of the time that it took.
const EARLY_SHARE: u32 = 8;

/// Times and numbers of a health check, as Docker means them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// From the end of one probe to the start of the next, and from the start of the container to the first.
    pub interval: Duration,
    /// After which a probe has failed.
    pub timeout: Duration,
    /// Failures in a row that make the container unhealthy.
    pub retries: u32,
    /// Time since the start of the container in which failures do not count, until the first success.
    pub start_period: Duration,
    /// The interval within the start period, until the first success.
    pub start_interval: Duration,
}

/// Docker's: every 30 s, for 30 s, 3 times, no start period, every 5 s within it.
impl Default for Schedule {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(30),
            timeout: Duration::from_secs(30),
            retries: 3,
            start_period: Duration::ZERO,
            start_interval: Duration::from_secs(5),
        }
    }
}

/// Why a probe is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeKind {
    /// It fills the time before the first success, and can only make the container healthy.
    Early,
    /// Docker would make it, too; its failures count.
    Counted,
}

/// The next probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When to begin it, since the start of the container.
    pub at: Duration,
    /// What it is.
    pub kind: ProbeKind,
}

/// Docker's health rules for one run of a container. All times are since the start of the container.
///
/// Ask [`due`](Self::due) when to begin which probe, make it, and report it with [`report`](Self::report).
#[derive(Clone, Debug)]
pub struct Machine {
    schedule: Schedule,
    status: HealthStatus,
    streak: u32,
    next_early: Option<Duration>,
    next_counted: Duration,
    /// How long the last probe took.
    last_took: Duration,
}

impl Machine {
    /// Begins to watch a container that has been running for a time, most often none.
    #[must_use]
    pub fn new(schedule: Schedule, running_for: Duration) -> Self {
        let mut machine = Self {
            schedule,
            status: HealthStatus::Starting,
            streak: 0,
            next_early: None,
            next_counted: Duration::ZERO,
            last_took: Duration::ZERO,
        };
        // Who has been up for long may be ready already, and there is nothing to spoil.
        let first = EARLY_FIRST.min(schedule.interval).saturating_sub(running_for);
        machine.next_early = Some(running_for + first);
        machine.next_counted = running_for + machine.interval(running_for);
        machine
    }

    /// Makes no early probe before this time.
    pub fn hold_early_until(&mut self, time: Duration) {
        self.next_early = self.next_early.map(|early| early.max(time));
    }

    /// Makes no early probe any more.
    pub fn give_up_early(&mut self) {
        self.next_early = None;
    }

    /// The verdict so far.
    #[must_use]
    pub const fn status(&self) -> HealthStatus {
        self.status
    }

    /// Counted failures in a row.
    #[must_use]
    pub const fn failing_streak(&self) -> u32 {
        self.streak
    }

    /// When the next counted probe begins: an early one that still runs then has to give way.
    #[must_use]
    pub const fn next_counted(&self) -> Duration {
        self.next_counted
    }

    /// The next probe.
    #[must_use]
    pub fn due(&self) -> Due {
        match self.next_early {
            // One that would not end in time is not begun.
            Some(at) if at + self.last_took < self.next_counted => Due { at, kind: ProbeKind::Early },
            _ => Due { at: self.next_counted, kind: ProbeKind::Counted },
        }
    }

    /// Takes the result of a probe, and gives the verdict.
    pub fn report(
        &mut self,
        kind: ProbeKind,
        began: Duration,
        ended: Duration,
        passed: bool,
    ) -> HealthStatus {
        self.last_took = ended.saturating_sub(began);
        if passed {
            self.status = HealthStatus::Healthy;
            self.streak = 0;
            self.next_early = None;
        } else if kind == ProbeKind::Counted {
            let excused = self.status == HealthStatus::Starting && began < self.schedule.start_period;
            if !excused {
                self.streak = self.streak.saturating_add(1);
                if self.streak >= self.schedule.retries {
                    self.status = HealthStatus::Unhealthy;
                    self.next_early = None;
                }
            }
        }
        self.plan(kind, ended);
        self.status
    }

    /// A probe could not be made (the container is paused, or it is too early to tell as whom): as if it had not been
    /// due.
    pub fn skip(&mut self, kind: ProbeKind, now: Duration) {
        self.plan(kind, now);
    }

    fn plan(&mut self, kind: ProbeKind, now: Duration) {
        self.next_early = self.next_early.map(|_| now + self.early_wait(now));
        if kind == ProbeKind::Counted {
            self.next_counted = now + self.interval(now);
        }
    }

    /// Docker's choice between the two intervals.
    fn interval(&self, now: Duration) -> Duration {
        if self.status == HealthStatus::Starting && now < self.schedule.start_period {
            self.schedule.start_interval
        } else {
            self.schedule.interval
        }
    }

    fn early_wait(&self, now: Duration) -> Duration {
        let mut wait = EARLY_FIRST;
        while wait < self.schedule.interval && now >= wait * EARLY_SHARE {
            wait *= 2;
        }
        wait.min(self.schedule.interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProbeKind::{Counted, Early};

    const MS: Duration = Duration::from_millis(1);
    const S: Duration = Duration::from_secs(1);

    fn schedule(interval: u32, retries: u32) -> Schedule {
        Schedule { interval: S * interval, retries, ..Schedule::default() }
    }

    /// Runs the machine with probes that take a time and pass from a time on, until it has a verdict or the end is
    /// reached. Gives all probes and the time of the verdict.
    fn run(
        schedule: Schedule,
        takes: Duration,
        ready: Duration,
        end: Duration,
    ) -> (Vec<Due>, Option<(HealthStatus, Duration)>) {
        let mut machine = Machine::new(schedule, Duration::ZERO);
        let mut probes = Vec::new();
        loop {
            let due = machine.due();
            if due.at > end {
                return (probes, None);
            }
            probes.push(due);
            let ended = due.at + takes;
            let status = machine.report(due.kind, due.at, ended, due.at >= ready);
            if status != HealthStatus::Starting {
                return (probes, Some((status, ended)));
            }
        }
    }

    fn counted(probes: &[Due]) -> Vec<Duration> {
        probes.iter().filter(|due| due.kind == Counted).map(|due| due.at).collect()
    }

    #[test]
    fn readiness_is_seen_soon_after_it_is_there() {
        for ready in [10, 100, 300, 1000, 5000, 29_000] {
            let ready = MS * ready;
            let (_, verdict) = run(Schedule::default(), MS, ready, S * 60);
            let (status, at) = verdict.unwrap();
            assert_eq!(status, HealthStatus::Healthy);
            let late = at - ready;
            assert!(late <= (ready / 4).max(42 * MS), "ready at {ready:?} was seen {late:?} late");
        }
        let (_, verdict) = run(schedule(1, 10), MS, MS * 300, S);
        assert!(verdict.unwrap().1 <= MS * 350);
    }

    #[test]
    fn early_probes_are_few() {
        let (probes, _) = run(Schedule::default(), MS, S * 999, S * 29);
        assert!(probes.len() < 40, "{}", probes.len());
        assert!(probes.iter().all(|due| due.kind == Early));
    }

    #[test]
    fn unhealthy_comes_when_dockers_would() {
        /// Interval, retries, start period, start interval, time of a probe; counted probes; all times in seconds.
        type Row<'a> = (u32, u32, u32, u32, u32, &'a [u32]);
        #[rustfmt::skip]
        let table: &[Row<'_>] = &[
            (10, 3, 0, 5, 0, &[10, 20, 30]),
            (10, 1, 0, 5, 0, &[10]),
            // The interval runs from the end of a probe.
            (10, 3, 0, 5, 2, &[10, 22, 34]),
            // Failures that began within the start period do not count; it has an interval of its own.
            (10, 2, 12, 5, 0, &[5, 10, 15, 25]),
            (10, 2, 10, 5, 0, &[5, 10, 20]),
            // A start interval that is longer than the start period puts the first probe after it.
            (10, 2, 3, 5, 0, &[5, 15]),
        ];
        for &(interval, retries, period, start_interval, takes, expected) in table {
            let schedule = Schedule {
                interval: S * interval,
                retries,
                start_period: S * period,
                start_interval: S * start_interval,
                ..Schedule::default()
            };
            let (probes, verdict) = run(schedule, S * takes, Duration::MAX, S * 999);
            let seen: Vec<u32> =
                counted(&probes).iter().map(|at| u32::try_from(at.as_secs()).unwrap()).collect();
            assert_eq!(seen, expected, "{schedule:?}");
            let (status, at) = verdict.unwrap();
            assert_eq!(status, HealthStatus::Unhealthy);
            assert_eq!(at, S * (expected.last().unwrap() + takes));
        }
    }

    #[test]
    fn an_early_failure_never_counts_and_a_success_ends_the_early_ones() {
        let mut machine = Machine::new(schedule(10, 1), Duration::ZERO);
        for _ in 0..5 {
            let due = machine.due();
            assert_eq!(due.kind, Early);
            assert_eq!(machine.report(Early, due.at, due.at, false), HealthStatus::Starting);
        }
        let due = machine.due();
        assert_eq!(machine.report(Early, due.at, due.at, true), HealthStatus::Healthy);
        assert_eq!(machine.due(), Due { at: S * 10, kind: Counted });
    }

    #[test]
    fn health_is_lost_after_the_retries_and_comes_back_with_one_success() {
        let mut machine = Machine::new(schedule(1, 2), Duration::ZERO);
        machine.give_up_early();
        let mut at = S;
        for (passed, status, streak) in [
            (true, HealthStatus::Healthy, 0),
            (false, HealthStatus::Healthy, 1),
            (true, HealthStatus::Healthy, 0),
            (false, HealthStatus::Healthy, 1),
            (false, HealthStatus::Unhealthy, 2),
            (true, HealthStatus::Healthy, 0),
        ] {
            assert_eq!(machine.due(), Due { at, kind: Counted });
            assert_eq!(machine.report(Counted, at, at, passed), status);
            assert_eq!(machine.failing_streak(), streak);
            at += S;
        }
    }

    #[test]
    fn a_slow_probe_is_not_begun_early_when_it_would_delay_a_counted_one() {
        let mut machine = Machine::new(schedule(2, 3), Duration::ZERO);
        let due = machine.due();
        assert_eq!(due.kind, Early);
        machine.report(Early, due.at, due.at + MS * 1500, false);
        assert_eq!(machine.due(), Due { at: S * 2, kind: Counted });
    }

    #[test]
    fn a_short_interval_bounds_the_early_wait() {
        let mut machine = Machine::new(Schedule { interval: MS * 10, ..Schedule::default() }, Duration::ZERO);
        assert_eq!(machine.due(), Due { at: MS * 10, kind: Counted });
        machine.report(Counted, MS * 10, MS * 10, false);
        assert_eq!(machine.due().at, MS * 20);
    }

    #[test]
    fn a_container_that_has_been_up_is_probed_at_once() {
        let machine = Machine::new(schedule(10, 3), S * 60);
        assert_eq!(machine.due(), Due { at: S * 60, kind: Early });
        assert_eq!(machine.next_counted(), S * 70);
    }

    #[test]
    fn a_held_early_probe_waits_and_a_skipped_one_is_tried_again() {
        let mut machine = Machine::new(schedule(10, 3), Duration::ZERO);
        machine.hold_early_until(MS * 100);
        assert_eq!(machine.due(), Due { at: MS * 100, kind: Early });
        machine.skip(Early, MS * 100);
        assert_eq!(machine.due(), Due { at: MS * 140, kind: Early });
        assert_eq!(machine.status(), HealthStatus::Starting);
    }
}
