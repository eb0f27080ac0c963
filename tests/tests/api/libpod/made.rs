//! Containers that the groups of containers share.

use std::collections::BTreeMap;

use http_endpoint::endpoint;
use libpod_api::containers::{ContainerCreate, ContainerRemove, ContainerStart, SpecGenerator};
use serde_json::Value;
use wharf_tests::harness::TestResult;

use crate::tour::Tour;

endpoint! {
    /// Makes a pod.
    POST "/pods/create" => json<Value>, [201];
    pub struct Pod {
        json {
            /// What to make.
            spec: Value
        }
    }
}

endpoint! {
    /// Removes a pod.
    DELETE "/pods/{name}" => json<Value>, [200];
    pub struct PodRemove {
        path {
            /// Name.
            name
        }
        query {
            /// Also if it runs.
            force / with_force: bool = "force",
            /// Seconds until its containers are killed.
            timeout / with_timeout: Option<u32> = "timeout",
        }
    }
}

/// A container of this run that goes on until it is killed.
pub(crate) fn spec(t: &Tour, name: &str) -> SpecGenerator {
    let (key, value) = t.label();
    SpecGenerator::of_image(t.image())
        .with_name(name)
        .with_command(vec!["sleep".to_owned(), "600".to_owned()])
        .with_stop_signal(9_i64)
        .with_labels(BTreeMap::from([(key, value)]))
}

/// As [`spec`], with a shell script as its command.
pub(crate) fn script(t: &Tour, name: &str, script: &str) -> SpecGenerator {
    spec(t, name).with_command(["sh", "-c", script].map(str::to_owned).to_vec())
}

/// Makes a container, which is removed at the end; its id.
pub(crate) async fn create(t: &mut Tour, spec: SpecGenerator) -> TestResult<String> {
    t.finally(remove(&spec.name));
    Ok(t.client().send(&ContainerCreate::new(spec)).await?.id)
}

/// As [`create`], and starts it.
pub(crate) async fn run(t: &mut Tour, spec: SpecGenerator) -> TestResult<String> {
    let id = create(t, spec).await?;
    t.client().send(&ContainerStart::new(&id)).await?;
    Ok(id)
}

/// The removal of a container, whatever its state.
pub(crate) fn remove(name: &str) -> ContainerRemove {
    ContainerRemove::new(name).with_force(true).with_volumes(true).with_timeout(0_u32)
}
