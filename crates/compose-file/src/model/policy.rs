//! When a service starts, is restarted, and gets its image.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// When a dependency counts as ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Its containers are started.
    #[default]
    ServiceStarted,
    /// Its containers are healthy.
    ServiceHealthy,
    /// Its containers have exited with 0.
    ServiceCompletedSuccessfully,
}

impl Condition {
    /// The word of the Compose file, such as `service_healthy`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServiceStarted => "service_started",
            Self::ServiceHealthy => "service_healthy",
            Self::ServiceCompletedSuccessfully => "service_completed_successfully",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of `depends_on`, or an edge that comes from `links`, `volumes_from` or a `service:` namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dependency {
    /// What is waited for.
    pub condition: Condition,
    /// Restart this service when the dependency is recreated or restarted.
    pub restart: bool,
    /// Whether a missing or failed dependency is an error rather than a warning. Default true.
    pub required: bool,
}

impl Default for Dependency {
    fn default() -> Self {
        Self { condition: Condition::ServiceStarted, restart: false, required: true }
    }
}

/// `restart`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestartPolicy {
    /// `no`.
    #[default]
    No,
    /// `always`.
    Always,
    /// `unless-stopped`.
    UnlessStopped,
    /// `on-failure` or `on-failure:N`.
    OnFailure {
        /// How many restarts at most; `None` is without end.
        max_retries: Option<u64>,
    },
}

impl std::str::FromStr for RestartPolicy {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "" | "no" => Self::No,
            "always" => Self::Always,
            "unless-stopped" => Self::UnlessStopped,
            "on-failure" => Self::OnFailure { max_retries: None },
            _ => {
                let count = text.strip_prefix("on-failure:").ok_or(())?;
                Self::OnFailure { max_retries: Some(count.parse().map_err(|_| ())?) }
            }
        })
    }
}

impl fmt::Display for RestartPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No => f.write_str("no"),
            Self::Always => f.write_str("always"),
            Self::UnlessStopped => f.write_str("unless-stopped"),
            Self::OnFailure { max_retries: None } => f.write_str("on-failure"),
            Self::OnFailure { max_retries: Some(count) } => write!(f, "on-failure:{count}"),
        }
    }
}

impl Serialize for RestartPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RestartPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom(format_args!("`{text}` is not a restart policy")))
    }
}

/// `pull_policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullPolicy {
    /// `always`.
    Always,
    /// `never`.
    Never,
    /// `missing` (also written `if_not_present`), the default.
    Missing,
    /// `build`: never pull, build.
    Build,
    /// `refresh`, `daily`, `weekly` or `every_<duration>`: pull again when the image is older than this.
    Every(Duration),
}

impl PullPolicy {
    /// Reads the word of a Compose file; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const DAY: Duration = Duration::from_secs(24 * 3600);
        Some(match text {
            "always" => Self::Always,
            "never" => Self::Never,
            "missing" | "if_not_present" => Self::Missing,
            "build" => Self::Build,
            "refresh" => Self::Every(Duration::ZERO),
            "daily" => Self::Every(DAY),
            "weekly" => Self::Every(DAY * 7),
            _ => Self::Every(super::parse_duration(text.strip_prefix("every_")?).ok()?),
        })
    }
}

impl Serialize for PullPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let word: Cow<'_, str> = match self {
            Self::Always => "always".into(),
            Self::Never => "never".into(),
            Self::Missing => "missing".into(),
            Self::Build => "build".into(),
            Self::Every(age) => format!("every_{}", super::format_duration(*age)).into(),
        };
        serializer.serialize_str(&word)
    }
}

impl<'de> Deserialize<'de> for PullPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format_args!("`{text}` is not a pull policy")))
    }
}
