//! Commands round the life of a service's containers.

use super::{Environment, Service};

model! {
    /// An entry of `post_start` or `pre_stop`, and what `develop.watch[].exec` runs: a command in a running container.
    pub struct Hook {
        /// What is run.
        pub command: Option<Vec<String>>,
        /// As whom; `None` is the container's user.
        pub user: Option<String>,
        /// With all privileges.
        pub privileged: bool,
        /// Where; `None` is the container's working directory.
        pub working_dir: Option<String>,
        /// With what beside the container's own environment.
        pub environment: Environment,
    }

    /// An entry of `pre_start`: a container that runs to its end before those of the service start.
    pub struct PreStart {
        /// Once before each container of the service, rather than once for all.
        pub per_replica: bool,
        /// The container. Its `image` is that of the service where the entry gives none; a service that is only built
        /// leaves it `None`, see [`Service::image_name`]. What it does not say is as in the service.
        #[serde(flatten)]
        pub container: Service,
    }
}
