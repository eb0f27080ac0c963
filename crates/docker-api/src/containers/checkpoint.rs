//! Docker's own checkpoints. They are experimental, and only the same container can be started from one: see
//! [`ContainerStart::checkpoint`].
//!
//! ```
//! use docker_api::containers::checkpoint::{CheckpointCreate, CheckpointCreateOptions};
//! use http_endpoint::Endpoint;
//!
//! let create = CheckpointCreate::new("web", CheckpointCreateOptions::new("c1").with_exit(true));
//! assert_eq!(create.target("/v1.45"), "/v1.45/containers/web/checkpoints");
//! assert_eq!(create.body().unwrap().unwrap(), br#"{"CheckpointID":"c1","Exit":true}"#);
//! ```
//!
//! [`ContainerStart::checkpoint`]: super::ContainerStart::checkpoint

use http_endpoint::{endpoints, request, response};

endpoints! {
    /// The checkpoints of a container. 501 where the engine's experimental features are off.
    GET "/containers/{id}/checkpoints" => json<Vec<Checkpoint>>, [200];
    pub struct CheckpointList {
        path {
            /// Name or id of the container.
            id
        }
        query {
            /// Directory on the engine's host; the engine's own by default.
            dir / with_dir: Option<String> = "dir",
        }
    }

    /// Writes a checkpoint of a running container. 501 where the engine's experimental features are off.
    POST "/containers/{id}/checkpoints" => none, [201];
    pub struct CheckpointCreate {
        path {
            /// Name or id of the container.
            id
        }
        json {
            /// Under which name, and how.
            options: CheckpointCreateOptions
        }
    }

    /// Removes a checkpoint. 501 where the engine's experimental features are off.
    DELETE "/containers/{id}/checkpoints/{checkpoint}" => none, [204];
    pub struct CheckpointDelete {
        path {
            /// Name or id of the container.
            id,
            /// Name of the checkpoint.
            checkpoint
        }
        query {
            /// Directory on the engine's host; the engine's own by default.
            dir / with_dir: Option<String> = "dir",
        }
    }
}

request! {
    /// What to write.
    pub struct CheckpointCreateOptions {
        required {
            /// Name of the checkpoint.
            id: String = "CheckpointID",
        }
        /// Directory on the engine's host. No start reads one from elsewhere than the engine's own.
        dir / with_dir: String = "CheckpointDir",
        /// Stop the container.
        exit / with_exit: bool = "Exit",
    }
}

response! {
    /// A checkpoint.
    pub struct Checkpoint {
        /// Its name.
        name: String = "Name",
    }
}
