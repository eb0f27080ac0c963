//! All that the engine knows.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use indexmap::IndexMap;
use runtime_core::{Error, ErrorKind, Event, ImageInfo, NetworkInfo, VolumeInfo};
use tokio::time::Instant;

use crate::container::Container;
use crate::fault::{self, Fault};
use crate::{Call, ExecCall, Operation, Selector, SimProgram};

/// How many past events the engine remembers, as Docker.
const HISTORY: usize = 256;

#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) info: ImageInfo,
    pub(crate) created: Instant,
}

#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) info: NetworkInfo,
    /// Base address of its subnet, and how many addresses were given.
    pub(crate) base: u32,
    pub(crate) given: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct ExecRecord {
    pub(crate) container: String,
    pub(crate) run: u64,
    /// When it ends by itself.
    pub(crate) ends: Option<Instant>,
    pub(crate) code: i64,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) containers: IndexMap<String, Container>,
    pub(crate) images: Vec<Image>,
    /// What can be pulled, by normalised reference, and how long it takes.
    pub(crate) registry: HashMap<String, (ImageInfo, Duration)>,
    pub(crate) build_output: Vec<String>,
    pub(crate) networks: IndexMap<String, Network>,
    pub(crate) volumes: IndexMap<String, VolumeInfo>,
    pub(crate) execs: HashMap<String, ExecRecord>,
    pub(crate) scripts: Vec<(Selector, SimProgram)>,
    pub(crate) calls: Vec<Call>,
    pub(crate) exec_calls: Vec<ExecCall>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) latencies: HashMap<Operation, Duration>,
    pub(crate) history: VecDeque<Event>,
    /// Whether streams of events stay open and tell nothing.
    pub(crate) muted: bool,
    ids: u64,
}

impl State {
    /// A number that no other object has.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    /// A new id of 64 hex digits, the same in each run of a test.
    pub(crate) fn next_id(&mut self) -> String {
        let mut seed = self.next_number().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut id = String::with_capacity(64);
        for _ in 0..4 {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = seed;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            id.push_str(&format!("{:016x}", word ^ (word >> 31)));
        }
        id
    }

    /// The id of a container that is named by id, by a part of at least four digits at its start, or by name.
    pub(crate) fn container_id(&self, wanted: &str) -> Option<String> {
        let wanted = wanted.strip_prefix('/').unwrap_or(wanted);
        if self.containers.contains_key(wanted) {
            return Some(wanted.to_owned());
        }
        self.containers
            .values()
            .find(|c| c.name == wanted)
            .or_else(|| self.containers.values().find(|c| wanted.len() >= 4 && c.id.starts_with(wanted)))
            .map(|c| c.id.clone())
    }

    pub(crate) fn container(&mut self, operation: Operation, wanted: &str) -> Result<&mut Container, Error> {
        self.container_id(wanted)
            .and_then(|id| self.containers.get_mut(&id))
            .ok_or_else(|| fault::error(operation, ErrorKind::NotFound, wanted, "no such container"))
    }

    /// The key of a network that is named by id, a part of it, or name.
    pub(crate) fn network_id(&self, operation: Operation, wanted: &str) -> Result<String, Error> {
        self.networks
            .iter()
            .find(|(id, n)| {
                *id == wanted || n.info.name == wanted || (wanted.len() >= 4 && id.starts_with(wanted))
            })
            .map(|(id, _)| id.clone())
            .ok_or_else(|| {
                fault::error(operation, ErrorKind::NotFound, wanted, format!("network {wanted} not found"))
            })
    }

    /// Position of an image that is named by reference or id.
    pub(crate) fn image_index(&self, wanted: &str) -> Option<usize> {
        let reference = normalise(wanted);
        let digits = wanted.strip_prefix("sha256:").unwrap_or(wanted);
        self.images.iter().position(|image| {
            image.info.tags.iter().any(|tag| normalise(tag) == reference)
                || image.info.digests.iter().any(|digest| digest == wanted)
                || (digits.len() >= 4 && image.info.id["sha256:".len()..].starts_with(digits))
        })
    }

    pub(crate) fn remember(&mut self, event: Event) {
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(event);
    }
}

/// The full form of an image reference: `busybox` is `docker.io/library/busybox:latest`.
pub(crate) fn normalise(reference: &str) -> String {
    let (domain, rest) = match reference.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (first, rest.to_owned()),
        Some(_) => ("docker.io", reference.to_owned()),
        None => ("docker.io", format!("library/{reference}")),
    };
    let tagged = rest.contains('@') || rest.rsplit('/').next().is_some_and(|last| last.contains(':'));
    if tagged { format!("{domain}/{rest}") } else { format!("{domain}/{rest}:latest") }
}

/// Whether labels have all that a filter asks for: `key`, or `key=value`.
pub(crate) fn labels_match(labels: &IndexMap<String, String>, wanted: &[String]) -> bool {
    wanted.iter().all(|filter| match filter.split_once('=') {
        Some((key, value)) => labels.get(key).is_some_and(|has| has == value),
        None => labels.contains_key(filter),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_one_full_form() {
        for (short, full) in [
            ("busybox", "docker.io/library/busybox:latest"),
            ("me/app:1", "docker.io/me/app:1"),
            ("localhost/app", "localhost/app:latest"),
            ("r.example:5000/a/b", "r.example:5000/a/b:latest"),
            ("a@sha256:00", "docker.io/library/a@sha256:00"),
        ] {
            assert_eq!(normalise(short), full);
            assert_eq!(normalise(full), full);
        }
    }

    #[test]
    fn ids_are_unique_and_repeatable() {
        let (mut a, mut b) = (State::default(), State::default());
        let (first, second) = (a.next_id(), a.next_id());
        assert_ne!(first, second);
        assert_eq!(first, b.next_id());
        assert_eq!(first.len(), 64);
    }
}
