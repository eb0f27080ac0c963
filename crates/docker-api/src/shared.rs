//! Types that several resources share.

use http_endpoint::{Date, request, response};

response! {
    /// What a create call answers.
    pub struct IdResponse {
        /// Id of what was made.
        id: String = "Id",
        /// Things that the engine did not like.
        warnings: Vec<String> = "Warnings",
    }
}

request! {
    /// A health check, in requests and in answers. Times are nanoseconds; 0 is the engine's default.
    pub struct HealthConfig {
        /// `[]` inherits, `["NONE"]` disables, else `CMD` or `CMD-SHELL` and what to run.
        test / with_test: Vec<String> = "Test",
        /// Time between two probes.
        interval / with_interval: i64 = "Interval",
        /// After which a probe has failed.
        timeout / with_timeout: i64 = "Timeout",
        /// Failures in a row that make it unhealthy.
        retries / with_retries: i64 = "Retries",
        /// Time at the start in which failures do not count.
        start_period / with_start_period: i64 = "StartPeriod",
        /// Time between two probes within the start period (API 1.44).
        start_interval / with_start_interval: i64 = "StartInterval",
    }
}

impl HealthConfig {
    /// No check, whatever the image says.
    #[must_use]
    pub fn none() -> Self {
        Self::test(["NONE"])
    }

    /// A check with the engine's default times.
    #[must_use]
    pub fn test<S: Into<String>>(test: impl IntoIterator<Item = S>) -> Self {
        Self { test: test.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

response! {
    /// The engine's health record of a container.
    pub struct Health {
        /// `starting`, `healthy`, `unhealthy`; `none` or empty without a check.
        status: String = "Status",
        /// Failures in a row.
        failing_streak: i64 = "FailingStreak",
        /// The last probes, oldest first.
        log: Vec<HealthLog> = "Log",
    }
}

response! {
    /// One probe.
    pub struct HealthLog {
        /// Start time.
        start: Date = "Start",
        /// End time.
        end: Date = "End",
        /// Exit code; -1 after a timeout.
        exit_code: i64 = "ExitCode",
        /// Output, cut by the engine.
        output: String = "Output",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_health_check_writes_only_what_is_set() {
        let check = HealthConfig { interval: 1_000_000_000, ..HealthConfig::test(["CMD", "true"]) };
        assert_eq!(
            serde_json::to_string(&check).unwrap(),
            r#"{"Test":["CMD","true"],"Interval":1000000000}"#
        );
        assert_eq!(serde_json::to_string(&HealthConfig::none()).unwrap(), r#"{"Test":["NONE"]}"#);
    }
}
