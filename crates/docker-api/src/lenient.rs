//! Types that several resources share, and how lenient answers are read.

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::macros::response;

/// Reads `null` as the type's default.
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A list that some engines write as one string: an entry point, a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StringOrList(pub Vec<String>);

impl<'de> Deserialize<'de> for StringOrList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = StringOrList;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(StringOrList(if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(StringOrList::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = seq.next_element()? {
                    list.push(item);
                }
                Ok(StringOrList(list))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A time in RFC 3339, or `None` for an empty text and for Go's zero time (`0001-01-01T00:00:00Z`), which
/// the engines write for "never".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Date(pub Option<String>);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(Self(text.filter(|text| !text.is_empty() && !text.starts_with("0001-01-01T"))))
    }
}

/// The keys of a map whose values say nothing (`{"/data": {}}`), in their order by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(pub Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = std::collections::BTreeMap::<String, serde::de::IgnoredAny>::deserialize(deserializer)?;
        Ok(Self(map.into_keys().collect()))
    }
}

/// Environment variables as `NAME=value`; `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EnvList(pub Vec<String>);

impl std::fmt::Debug for EnvList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|pair| pair.split('=').next().unwrap_or_default())).finish()
    }
}

impl crate::macros::Unset for EnvList {
    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: Into<String>> FromIterator<S> for EnvList {
    fn from_iter<I: IntoIterator<Item = S>>(iter: I) -> Self {
        Self(iter.into_iter().map(Into::into).collect())
    }
}

response! {
    /// What a create call answers.
    pub struct IdResponse {
        /// Id of what was made.
        id: String = "Id",
        /// Things that the engine did not like.
        warnings: Vec<String> = "Warnings",
    }
}

/// A health check, in requests and in answers. Times are nanoseconds; 0 is the engine's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct HealthConfig {
    /// `[]` inherits, `["NONE"]` disables, else `CMD` or `CMD-SHELL` and what to run.
    #[serde(rename = "Test", deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<String>,
    /// Time between two probes.
    #[serde(rename = "Interval", deserialize_with = "null_default", skip_serializing_if = "is_zero")]
    pub interval: i64,
    /// After which a probe has failed.
    #[serde(rename = "Timeout", deserialize_with = "null_default", skip_serializing_if = "is_zero")]
    pub timeout: i64,
    /// Failures in a row that make it unhealthy.
    #[serde(rename = "Retries", deserialize_with = "null_default", skip_serializing_if = "is_zero")]
    pub retries: i64,
    /// Time at the start in which failures do not count.
    #[serde(rename = "StartPeriod", deserialize_with = "null_default", skip_serializing_if = "is_zero")]
    pub start_period: i64,
    /// Time between two probes within the start period (API 1.44).
    #[serde(rename = "StartInterval", deserialize_with = "null_default", skip_serializing_if = "is_zero")]
    pub start_interval: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(value: &i64) -> bool {
    *value == 0
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
    fn a_list_may_be_a_string_or_null() {
        let read = |json| serde_json::from_str::<StringOrList>(json).unwrap().0;
        assert_eq!(read(r#"["/a","b c"]"#), ["/a", "b c"]);
        assert_eq!(read(r#""/a b""#), ["/a b"]);
        assert_eq!(read("null"), Vec::<String>::new());
        assert_eq!(read(r#""""#), Vec::<String>::new());
        assert!(serde_json::from_str::<StringOrList>("7").is_err());
    }

    #[test]
    fn the_zero_time_is_never() {
        let read = |json| serde_json::from_str::<Date>(json).unwrap().0;
        assert_eq!(read(r#""0001-01-01T00:00:00Z""#), None);
        assert_eq!(read(r#""""#), None);
        assert_eq!(read("null"), None);
        assert_eq!(read(r#""2026-11-24T10:00:00.5Z""#).as_deref(), Some("2026-11-24T10:00:00.5Z"));
    }

    #[test]
    fn environment_values_are_not_in_debug_output() {
        let env: EnvList = ["TOKEN=hunter2", "EMPTY"].into_iter().collect();
        assert_eq!(format!("{env:?}"), r#"["TOKEN", "EMPTY"]"#);
    }

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
