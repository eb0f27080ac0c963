//! Health checks of containers.

use http_endpoint::{Unset, request};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::images::HealthConfig;

request! {
    /// A check that runs instead of the other one until it has succeeded (4.4). Times in nanoseconds.
    pub struct StartupHealthCheck {
        /// As in a [`HealthConfig`].
        test / with_test: Vec<String> = "Test",
        /// As in a [`HealthConfig`].
        start_period / with_start_period: i64 = "StartPeriod",
        /// As in a [`HealthConfig`].
        start_interval / with_start_interval: i64 = "StartInterval",
        /// Time between two probes.
        interval / with_interval: i64 = "Interval",
        /// After which a probe has failed.
        timeout / with_timeout: i64 = "Timeout",
        /// Failures in a row after which the container is started anew; 0 is never.
        retries / with_retries: i64 = "Retries",
        /// Successes in a row that end it; 0 is one.
        successes / with_successes: i64 = "Successes",
    }
}

/// What happens to a container that becomes unhealthy (4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnFailureAction(pub i64);

impl OnFailureAction {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// It is killed.
    pub const KILL: Self = Self(2);
    /// It is stopped, and its restart policy may start it again.
    pub const RESTART: Self = Self(3);
    /// It is stopped.
    pub const STOP: Self = Self(4);
}

impl Unset for OnFailureAction {
    fn is_unset(&self) -> bool {
        *self == Self::NONE
    }
}

impl Serialize for OnFailureAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for OnFailureAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self)
    }
}
