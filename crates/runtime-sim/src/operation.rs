//! What was called.

use std::time::Duration;

macro_rules! operations {
    ($($variant:ident $name:literal $changes:literal,)*) => {
        /// One method of [`Runtime`](runtime_core::Runtime).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operation {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl Operation {
            /// The words that an error names the operation by, such as `create container`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether it changes something on the engine: a call that a second `up` should not make.
            #[must_use]
            pub const fn changes(self) -> bool {
                match self { $(Self::$variant => $changes,)* }
            }
        }
    };
}

operations! {
    Ping "ping" false,
    PullImage "pull image" true,
    BuildImage "build image" true,
    InspectImage "inspect image" false,
    ListImages "list images" false,
    RemoveImage "remove image" true,
    TagImage "tag image" true,
    LoadImage "load image" true,
    SaveImage "save image" false,
    CreateContainer "create container" true,
    StartContainer "start container" true,
    StopContainer "stop container" true,
    RestartContainer "restart container" true,
    KillContainer "kill container" true,
    PauseContainer "pause container" true,
    UnpauseContainer "unpause container" true,
    RenameContainer "rename container" true,
    RemoveContainer "remove container" true,
    InspectContainer "inspect container" false,
    ListContainers "list containers" false,
    Logs "read the logs of container" false,
    WaitContainer "wait for container" false,
    Attach "attach to container" false,
    ResizeContainer "resize the terminal of container" false,
    Exec "exec in container" false,
    ExecDetached "exec detached in container" false,
    ExecExitCode "read the exit code of exec" false,
    ResizeExec "resize the terminal of exec" false,
    ArchiveGet "copy from container" false,
    ArchivePut "copy to container" true,
    Processes "list the processes of container" false,
    CreateNetwork "create network" true,
    InspectNetwork "inspect network" false,
    ListNetworks "list networks" false,
    RemoveNetwork "remove network" true,
    ConnectNetwork "connect network" true,
    DisconnectNetwork "disconnect network" true,
    CreateVolume "create volume" true,
    InspectVolume "inspect volume" false,
    ListVolumes "list volumes" false,
    RemoveVolume "remove volume" true,
    Events "listen for events" false,
}

/// One call that was made, in the order in which the engine received them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The method.
    pub operation: Operation,
    /// What it was about, as the caller named it: an id, a name or a reference; empty for a list. A container is
    /// given by its name even where the caller used its id.
    pub subject: String,
    /// When, since the engine was made.
    pub at: Duration,
}

/// One exec that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecCall {
    /// Name of the container.
    pub container: String,
    /// The command.
    pub command: Vec<String>,
    /// The user that was asked for.
    pub user: Option<String>,
    /// When, since the engine was made.
    pub at: Duration,
    /// When, since the container's last start.
    pub since_start: Duration,
}
