//! Between the types of `runtime-core` and those of the API.

pub(crate) mod create;
pub(crate) mod event;
pub(crate) mod health;
pub(crate) mod image;
pub(crate) mod inspect;
pub(crate) mod mount;
pub(crate) mod network;
pub(crate) mod signal;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use indexmap::IndexMap;

/// A map with its keys in order, as the API types have it.
pub(crate) fn sorted(map: &IndexMap<String, String>) -> BTreeMap<String, String> {
    map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Seconds since the epoch with nanoseconds, as the API takes times.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{}.{:09}", since.as_secs(), since.subsec_nanos())
}

/// Whole seconds, rounded up: a stop that is given 0.5 s is not a kill at once.
pub(crate) fn seconds(duration: Duration) -> i64 {
    let whole = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i64::try_from(whole).unwrap_or(i64::MAX)
}

/// A reference with `:latest` where it has neither tag nor digest. Without it an engine pulls all tags.
pub(crate) fn with_tag(reference: &str) -> String {
    if reference.contains('@') || split_tag(reference).1.is_some() {
        reference.to_owned()
    } else {
        format!("{reference}:latest")
    }
}

/// Repository and tag; a colon before the last slash belongs to a registry's port.
pub(crate) fn split_tag(reference: &str) -> (&str, Option<&str>) {
    match reference.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (reference, None),
    }
}

/// The name by which Docker knows an image of its own registry, where that is another.
pub(crate) fn familiar(reference: &str) -> Option<&str> {
    let short = reference.strip_prefix("docker.io/")?;
    Some(short.strip_prefix("library/").unwrap_or(short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pull_always_names_a_tag_or_digest() {
        for (given, sent) in [
            ("bb", "bb:latest"),
            ("bb:1", "bb:1"),
            ("host:5000/bb", "host:5000/bb:latest"),
            ("host:5000/bb:1", "host:5000/bb:1"),
            ("bb@sha256:00", "bb@sha256:00"),
        ] {
            assert_eq!(with_tag(given), sent);
        }
    }

    #[test]
    fn familiar_names() {
        assert_eq!(familiar("docker.io/library/bb:1"), Some("bb:1"));
        assert_eq!(familiar("docker.io/me/bb"), Some("me/bb"));
        assert_eq!([familiar("bb"), familiar("host:5000/library/bb")], [None, None]);
    }

    #[test]
    fn times() {
        let time = SystemTime::UNIX_EPOCH + Duration::new(5, 7);
        assert_eq!(timestamp(time), "5.000000007");
        assert_eq!(
            [seconds(Duration::from_millis(1)), seconds(Duration::from_secs(2)), seconds(Duration::ZERO)],
            [1, 2, 0]
        );
    }
}
