//! `jobs`: containers that run when asked or by the clock. New in Docker Compose 5.6.

use serde::{Deserialize, Serialize};

use super::Service;

model! {
    /// One job.
    pub struct Job {
        /// What starts it.
        pub triggers: Triggers,
        /// What is run. It has the attributes of a service except those about long-running ones, such as `restart`,
        /// `deploy`, `scale` and `container_name`.
        #[serde(flatten)]
        pub service: Service,
    }

    /// `triggers` of a job.
    pub struct Triggers {
        /// Whether it can be started by hand; `None` counts as true, see [`Triggers::is_manual`].
        pub manual: Option<bool>,
        /// When it starts by itself.
        pub schedule: Vec<Schedule>,
    }

    /// An entry of `triggers.schedule`.
    pub struct Schedule {
        /// Minute, hour, day of the month, month and day of the week, as cron has them.
        pub cron: String,
        /// The time zone of `cron`, such as `Europe/Zurich`.
        pub timezone: Option<String>,
        /// What happens while an earlier run goes on.
        pub concurrency: Option<Concurrency>,
        /// What happens with runs whose time has passed.
        pub missed_fires: Option<MissedFires>,
    }
}

impl Triggers {
    /// Whether the job can be started by hand: yes, unless the file says no.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.manual.unwrap_or(true)
    }
}

/// `concurrency` of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Concurrency {
    /// The new run is left out.
    Forbid,
    /// The new run waits.
    Queue,
}

/// `missed_fires` of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MissedFires {
    /// One run makes up for all.
    One,
    /// They are left out.
    Skip,
}
