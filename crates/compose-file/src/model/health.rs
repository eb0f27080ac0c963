//! The health check of a service.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a health check runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HealthTest {
    /// The file gives no test: that of the image counts, with the timings of the file over it.
    #[default]
    Inherit,
    /// `NONE`, or `disable: true`: no check, not even that of the image.
    Disabled,
    /// `CMD`: a program and its arguments, run without a shell.
    Cmd(Vec<String>),
    /// `CMD-SHELL`: a line for the container's shell.
    Shell(String),
}

impl Serialize for HealthTest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Inherit => serializer.serialize_none(),
            Self::Disabled => serializer.collect_seq(["NONE"]),
            Self::Cmd(words) => {
                serializer.collect_seq(std::iter::once("CMD").chain(words.iter().map(String::as_str)))
            }
            Self::Shell(line) => serializer.collect_seq(["CMD-SHELL", line]),
        }
    }
}

impl<'de> Deserialize<'de> for HealthTest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(words) = Option::<Vec<String>>::deserialize(deserializer)? else { return Ok(Self::Inherit) };
        let mut words = words.into_iter();
        Ok(match words.next().as_deref() {
            None => Self::Inherit,
            Some("NONE") => Self::Disabled,
            Some("CMD") => Self::Cmd(words.collect()),
            // The engine takes only the first word after CMD-SHELL.
            Some("CMD-SHELL") => Self::Shell(words.next().unwrap_or_default()),
            Some(other) => {
                return Err(serde::de::Error::custom(format_args!(
                    "a test begins CMD, CMD-SHELL or NONE, not `{other}`"
                )));
            }
        })
    }
}

model! {
    /// `healthcheck`. A timing that is `None` is the image's, or else the engine's default (interval 30 s, timeout 30 s,
    /// retries 3, start period 0, start interval 5 s).
    pub struct HealthCheck {
        /// What is run.
        pub test: HealthTest,
        /// From the end of one probe to the start of the next.
        #[serde(with = "super::duration::option")]
        pub interval: Option<Duration>,
        /// How long one probe may take.
        #[serde(with = "super::duration::option")]
        pub timeout: Option<Duration>,
        /// How many failures in a row make it unhealthy.
        pub retries: Option<u64>,
        /// For how long after the start a failure does not count.
        #[serde(with = "super::duration::option")]
        pub start_period: Option<Duration>,
        /// The interval within the start period.
        #[serde(with = "super::duration::option")]
        pub start_interval: Option<Duration>,
        /// `disable: true`.
        pub disable: bool,
    }
}

impl HealthCheck {
    /// Whether the file switches health checking off, that of the image included.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.disable || self.test == HealthTest::Disabled
    }
}
