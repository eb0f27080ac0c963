//! Virtual time as the times that an engine tells.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

/// What the simulated engine takes as the time at which it was made: 2026-01-01T00:00:00Z.
const EPOCH: Duration = Duration::from_secs(1_767_225_600);

/// Turns tokio's clock into wall time that starts at a fixed date, so that a test sees the same times each run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now() }
    }

    /// Time since the engine was made.
    pub(crate) fn elapsed(self) -> Duration {
        self.start.elapsed()
    }

    pub(crate) fn system_time(self, at: Instant) -> SystemTime {
        SystemTime::UNIX_EPOCH + EPOCH + at.saturating_duration_since(self.start)
    }

    /// The instant of a wall time; the engine's start for what lies before it.
    pub(crate) fn instant(self, time: SystemTime) -> Instant {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.start + since.saturating_sub(EPOCH)
    }

    pub(crate) fn rfc3339(self, at: Instant) -> String {
        OffsetDateTime::from(self.system_time(at)).format(&Rfc3339).unwrap_or_default()
    }

    /// Seconds since the epoch.
    pub(crate) fn unix(self, at: Instant) -> i64 {
        OffsetDateTime::from(self.system_time(at)).unix_timestamp()
    }
}
