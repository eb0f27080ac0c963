//! Types that several resources share.

use std::collections::BTreeMap;

use http_endpoint::{Date, request, response, words};

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
        /// Time between two probes; 30 s by default.
        interval / with_interval: i64 = "Interval",
        /// After which a probe has failed; 30 s by default.
        timeout / with_timeout: i64 = "Timeout",
        /// Failures in a row that make it unhealthy; 3 by default.
        retries / with_retries: i64 = "Retries",
        /// Time at the start in which failures do not count; none by default.
        start_period / with_start_period: i64 = "StartPeriod",
        /// Time between two probes within the start period; 5 s by default (API 1.44).
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

words! {
    /// An engine's verdict on a container's health.
    pub enum HealthStatus {
        /// There is no check.
        None = "none",
        /// No verdict yet.
        Starting = "starting",
        /// The last probe succeeded.
        Healthy = "healthy",
        /// As many probes in a row as allowed have failed.
        Unhealthy = "unhealthy",
    }
}

response! {
    /// The engine's health record of a container.
    pub struct Health {
        /// The verdict; `none` or empty without a check.
        status: HealthStatus = "Status",
        /// Failures in a row.
        failing_streak: i64 = "FailingStreak",
        /// The last probes, oldest first; Docker keeps five.
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
        /// Output, cut by the engine (4096 bytes on Docker).
        output: String = "Output",
    }
}

request! {
    /// A platform as OCI writes it: in requests a query parameter in JSON (`platform`), and a part of answers.
    pub struct Platform {
        /// Go's name of the architecture, `amd64`.
        architecture / with_architecture: String = "architecture" | "Architecture",
        /// Go's name of the system, `linux`.
        os / with_os: String = "os" | "OS",
        /// Version of the system, for Windows.
        os_version / with_os_version: String = "os.version" | "OSVersion",
        /// Features of the system that are needed, for Windows.
        os_features / with_os_features: Vec<String> = "os.features" | "OSFeatures",
        /// Variant of the architecture, `v7`.
        variant / with_variant: String = "variant" | "Variant",
    }
}

impl Platform {
    /// A platform by its parts; an empty variant is none.
    ///
    /// ```
    /// use docker_api::Platform;
    /// assert_eq!(Platform::of("linux", "arm", "v7").to_json(), r#"{"architecture":"arm","os":"linux","variant":"v7"}"#);
    /// ```
    #[must_use]
    pub fn of(os: &str, architecture: &str, variant: &str) -> Self {
        Self::new().with_os(os).with_architecture(architecture).with_variant(variant)
    }

    /// As the `platform` parameters that take a list want each element.
    #[must_use]
    pub fn to_json(&self) -> String {
        // An object of texts and lists of text always serialises.
        serde_json::to_string(self).unwrap_or_default()
    }
}

response! {
    /// What a blob is, as OCI writes it.
    pub struct Descriptor {
        /// Media type.
        media_type: String = "mediaType" | "MediaType",
        /// Digest, `sha256:...`.
        digest: String = "digest" | "Digest",
        /// Bytes.
        size: i64 = "size" | "Size",
        /// Where else the blob can be had.
        urls: Vec<String> = "urls" | "URLs",
        /// Annotations.
        annotations: BTreeMap<String, String> = "annotations",
        /// The blob itself in base 64, where it is small.
        data: String = "data",
        /// The platform that it is for.
        platform: Option<Platform> = "platform",
        /// Type of an artifact that is no image.
        artifact_type: String = "artifactType",
    }
}

response! {
    /// How a storage driver keeps a container or an image.
    pub struct DriverData {
        /// Name of the driver, `overlay2`.
        name: String = "Name",
        /// Directories and the like, by name.
        data: BTreeMap<String, String> = "Data",
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

    #[test]
    fn a_platform_is_read_in_both_spellings() {
        let platform: Platform = serde_json::from_str(r#"{"architecture":"arm64","os":"linux"}"#).unwrap();
        assert_eq!(platform, Platform::of("linux", "arm64", ""));
    }
}
