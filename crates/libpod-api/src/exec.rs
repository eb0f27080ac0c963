//! Processes started in containers.

use http_endpoint::endpoint;
use serde::{Deserialize, Serialize};

use crate::nullable;

endpoint! {
    /// An exec session.
    GET "/exec/{id}/json" => json<ExecState>, [200];
    pub struct ExecInspect {
        path {
            /// Id of the session.
            id
        }
    }
}

endpoint! {
    /// Forgets an exec session that has ended; without it the engine does so some five minutes later.
    /// Since Podman 5; an older one answers 404 for the path.
    POST "/exec/{id}/remove" => none, [200];
    pub struct ExecRemove {
        path {
            /// Id of the session.
            id
        }
        json {
            /// Options; a body is required before Podman 6.
            options: ExecRemoveOptions
        }
    }
}

/// Body of an [`ExecRemove`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "PascalCase")]
pub struct ExecRemoveOptions {
    /// End the process first if it runs.
    pub force: bool,
}

impl ExecRemoveOptions {
    /// Ends the process first if it runs.
    #[must_use]
    pub const fn with_force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }
}

/// Answer of an [`ExecInspect`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ExecState {
    /// Whether the process runs.
    #[serde(deserialize_with = "nullable")]
    pub running: bool,
    /// Exit code; 0 while it runs.
    #[serde(deserialize_with = "nullable")]
    pub exit_code: i64,
    /// Id of the container.
    #[serde(rename = "ContainerID", deserialize_with = "nullable")]
    pub container_id: String,
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn the_body_of_a_removal_is_never_empty() {
        let remove = ExecRemove::new("e1", ExecRemoveOptions::default().with_force(true));
        assert_eq!(remove.target("/v5.0.0/libpod"), "/v5.0.0/libpod/exec/e1/remove");
        assert_eq!(remove.body().unwrap().unwrap(), br#"{"Force":true}"#);
    }
}
