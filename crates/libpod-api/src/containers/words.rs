//! Words that callers branch on.

use http_endpoint::words;

words! {
    /// The state of a container.
    pub enum ContainerState {
        /// Made, and the OCI runtime does not know of it.
        Created = "created" | "configured",
        /// The OCI runtime has made it, and its process waits to be started.
        Initialized = "initialized",
        /// It runs.
        Running = "running",
        /// Its processes are frozen.
        Paused = "paused",
        /// It has ended, and is not cleaned up.
        Stopped = "stopped",
        /// It has ended.
        Exited = "exited",
        /// It is being stopped.
        Stopping = "stopping",
        /// It is being removed.
        Removing = "removing",
        /// The engine cannot tell.
        Unknown = "unknown",
    }
}

words! {
    /// The verdict of a health check.
    pub enum HealthState {
        /// No verdict yet.
        Starting = "starting",
        /// The last probe has succeeded.
        Healthy = "healthy",
        /// Too many probes in a row have failed.
        Unhealthy = "unhealthy",
        /// The container had ended when a probe was due (5.5).
        Stopped = "stopped",
        /// Between its initialisation and its start.
        Reset = "reset",
    }
}

words! {
    /// What is mounted.
    pub enum MountKind {
        /// A path of the host.
        Bind = "bind",
        /// A volume.
        Volume = "volume",
        /// Memory.
        Tmpfs = "tmpfs",
        /// An image.
        Image = "image",
        /// A file of an artifact (5.5).
        Artifact = "artifact",
        /// A path of the host below a layer of its own.
        Overlay = "overlay",
    }
}

words! {
    /// How mounts spread between a container and the host.
    pub enum Propagation {
        /// Not at all, nor those within it.
        RecursivePrivate = "rprivate",
        /// Not at all.
        Private = "private",
        /// Both ways, those within it, too.
        RecursiveShared = "rshared",
        /// Both ways.
        Shared = "shared",
        /// Into the container, those within it, too.
        RecursiveSlave = "rslave",
        /// Into the container.
        Slave = "slave",
    }
}

words! {
    /// When a container that has ended is started again (Compose: `restart`, `deploy.restart_policy`).
    pub enum RestartPolicyName {
        /// Never.
        No = "no",
        /// Always.
        Always = "always",
        /// When its exit code is not 0.
        OnFailure = "on-failure",
        /// Always, unless a client has stopped it.
        UnlessStopped = "unless-stopped",
    }
}

words! {
    /// What a wait waits for.
    pub enum WaitCondition {
        /// It was created.
        Created = "created" | "configured",
        /// It was initialised.
        Initialized = "initialized",
        /// It runs.
        Running = "running",
        /// It is paused.
        Paused = "paused",
        /// It has ended, and is not cleaned up.
        Stopped = "stopped",
        /// It has ended.
        Exited = "exited",
        /// It is being stopped.
        Stopping = "stopping",
        /// It is being removed, or gone.
        Removing = "removing",
        /// Its health check is healthy (4.6).
        Healthy = "healthy",
        /// Its health check is unhealthy (4.6).
        Unhealthy = "unhealthy",
    }
}

words! {
    /// Changes of which layers.
    pub enum DiffType {
        /// From the image to the container.
        All = "all",
        /// Of the container alone.
        Container = "container",
        /// Of the image alone.
        Image = "image",
    }
}
