//! Names that Podman would take for ids.
//!
//! Podman looks a container up by its exact name, and then by the start of its id with SQL's `LIKE`, in which
//! `_` stands for any character and `%` for any text. A name such as `db` or `a_1` that does not exist is
//! thus answered with some container whose id begins like that, and a removal would remove it.

use libpod_api::containers::ContainerInspect;
use runtime_core::{Error, ErrorKind, Result};
use runtime_docker::error::map;
use sock_transport::Client;

/// Length of an id.
const ID_LENGTH: usize = 64;
/// Length to which engines shorten ids for people.
const SHORT_ID_LENGTH: usize = 12;

/// What has to be done before a container's name goes into a libpod call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    /// Nothing: no other container's id can match it.
    Safe,
    /// Look whose id or name the engine answers with.
    LookUp,
    /// No container can have it.
    Impossible,
}

/// Sorts a name or id.
fn check(container: &str) -> Check {
    let mut bytes = container.bytes();
    let named = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    if container.is_empty() || !bytes.all(named) {
        return Check::Impossible;
    }
    // An id has hex digits only, so any other character makes the pattern miss them all; a whole id is one.
    let hex = container.bytes().all(|b| matches!(b, b'_' | b'0'..=b'9' | b'a'..=b'f'));
    if hex && container.len() < ID_LENGTH { Check::LookUp } else { Check::Safe }
}

/// Whether an engine's answer is about the container that was meant: named
/// by its name, or by at least a short id.
fn is_meant(container: &str, id: &str, name: &str) -> bool {
    name.trim_start_matches('/') == container
        || (container.len() >= SHORT_ID_LENGTH && id.starts_with(container))
}

/// The error for a container that is not there.
fn no_such_container(operation: &'static str, container: &str) -> Error {
    Error::new(ErrorKind::NotFound, operation, "no such container").with_subject(container)
}

/// The name as a libpod `name` filter, which is a regular expression.
pub(crate) fn exactly(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len() + 4);
    pattern.push('^');
    for character in name.chars() {
        if !(character.is_ascii_alphanumeric() || matches!(character, '_' | '-')) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('$');
    pattern
}

/// Refuses a name that no container can have, which Podman could take for a pattern.
pub(crate) fn possible(operation: &'static str, container: &str) -> Result<()> {
    if check(container) == Check::Impossible { Err(no_such_container(operation, container)) } else { Ok(()) }
}

/// Makes sure that a libpod call about this container can only mean this container. The compatible API's calls
/// are guarded by `runtime-docker`.
pub(crate) async fn meant(libpod: &Client, operation: &'static str, container: &str) -> Result<()> {
    match check(container) {
        Check::Safe => return Ok(()),
        Check::Impossible => return Err(no_such_container(operation, container)),
        Check::LookUp => {}
    }
    let answer = libpod.send(&ContainerInspect::new(container)).await;
    let found = answer.map_err(|error| map(libpod, operation, Some(container), error))?;
    if is_meant(container, &found.id, &found.name) {
        Ok(())
    } else {
        Err(no_such_container(operation, container))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_look_like_the_start_of_an_id_are_looked_up() {
        for (name, expected) in [
            ("web-1", Check::Safe),
            ("my_web_1", Check::Safe),
            ("0a1b2c", Check::LookUp),
            ("db", Check::LookUp),
            ("DB", Check::Safe),
            (&"0".repeat(64), Check::Safe),
            ("a_1", Check::LookUp),
            ("cafe_db", Check::LookUp),
            ("_", Check::LookUp),
            ("%", Check::Impossible),
            ("a%", Check::Impossible),
            ("a/b", Check::Impossible),
            ("", Check::Impossible),
        ] {
            assert_eq!(check(name), expected, "{name}");
        }
    }

    #[test]
    fn an_answer_about_another_container_is_noticed() {
        assert!(is_meant("a_1", "ffff", "/a_1"));
        assert!(is_meant("ab12ab12ab12", "ab12ab12ab12ff", "web"));
        assert!(!is_meant("ab", "ab12", "web"), "too short to be meant as an id");
        assert!(!is_meant("a_1", "ab1f", "web"));
    }

    #[test]
    fn a_name_filter_matches_the_whole_name() {
        assert_eq!(exactly("a.b-1"), "^a\\.b-1$");
    }
}
