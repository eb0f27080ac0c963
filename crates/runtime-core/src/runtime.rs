//! The trait.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use crate::{
    AttachOptions, BoxReader, BoxStream, BuildEvent, BuildSpec, Capabilities, CheckpointRuntime,
    ContainerFilter, ContainerInfo, ContainerSpec, ContainerSummary, EndpointSpec, EngineInfo, Event,
    EventFilter, ExecSession, ExecSpec, ExitStatus, ImageFilter, ImageInfo, ImageProgress, ImageSummary,
    LogOptions, NetworkFilter, NetworkInfo, NetworkSpec, OutputChunk, PullSpec, Result, Session,
    TerminalSize, VolumeFilter, VolumeInfo, VolumeSpec,
};

/// How to stop a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StopOptions {
    /// How long to wait before it is killed, rounded up to whole seconds; `None` is the container's own stop
    /// timeout, or 10 s.
    pub timeout: Option<Duration>,
    /// Signal; `None` is the container's.
    pub signal: Option<String>,
}

impl StopOptions {
    /// Stops within this time.
    #[must_use]
    pub fn within(timeout: Duration) -> Self {
        Self { timeout: Some(timeout), signal: None }
    }
}

/// How to remove a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoveContainer {
    /// Kill it first if it runs.
    pub force: bool,
    /// Remove its anonymous volumes, too.
    pub volumes: bool,
}

impl RemoveContainer {
    /// Kills a running container first.
    #[must_use]
    pub const fn forced() -> Self {
        Self { force: true, volumes: false }
    }

    /// Removes anonymous volumes, too.
    #[must_use]
    pub const fn with_volumes(mut self) -> Self {
        self.volumes = true;
        self
    }
}

/// What to wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitCondition {
    /// It does not run; true at once for a container that was never started.
    #[default]
    NotRunning,
    /// The next exit, from the moment of the call.
    NextExit,
    /// It was removed.
    Removed,
}

/// A container engine.
///
/// Containers, networks and volumes are named by id or by name; images by reference or id.
///
/// # Errors
/// All methods fail with [`Unavailable`](crate::ErrorKind::Unavailable) when the engine cannot be reached or
/// goes away, [`Timeout`](crate::ErrorKind::Timeout) when it does not answer in time, and
/// [`NotFound`](crate::ErrorKind::NotFound) when what they are about does not exist. What else a method fails
/// with is said there.
///
/// # Cancel safety
/// Dropping a future closes its connection or gives it back. A call that changes something may have been
/// carried out by the engine or not: look before you repeat it. Dropping a stream ends it.
#[async_trait]
pub trait Runtime: Debug + Send + Sync {
    /// What the engine says of itself, as of when the runtime was made.
    fn info(&self) -> &EngineInfo;

    /// What the engine can do, as of when the runtime was made.
    fn capabilities(&self) -> &Capabilities;

    /// Whether a container's health should be probed by the caller through [`exec`](Self::exec) alone, and
    /// the engine be told of no health check: true on Podman, whose own checks need systemd and run at once
    /// as soon as the container starts.
    fn prefer_self_probed_health(&self) -> bool;

    /// Checkpoint and restore, where the engine can.
    fn checkpoint(&self) -> Option<&dyn CheckpointRuntime> {
        None
    }

    /// Why [`checkpoint`](Self::checkpoint) is `None`, in words that go on after "cannot checkpoint: ", where
    /// the engine has a reason of its own. See [`require_checkpoint`](crate::require_checkpoint).
    fn checkpoint_unsupported_reason(&self) -> Option<&str> {
        None
    }

    /// Asks whether the engine is there (`/_ping`).
    async fn ping(&self) -> Result<()>;

    // Images.

    /// Pulls an image (`POST /images/create`). The stream ends without an error when the image is there.
    ///
    /// # Errors
    /// [`PullFailed`](crate::ErrorKind::PullFailed), at once or within the stream.
    async fn pull_image(&self, spec: &PullSpec) -> Result<BoxStream<ImageProgress>>;

    /// Builds an image from a context that is read as a tar stream (`POST /build`). The last event of a good
    /// build is [`BuildEvent::Built`].
    ///
    /// # Errors
    /// [`BuildFailed`](crate::ErrorKind::BuildFailed), at once or within the stream.
    async fn build_image(&self, spec: &BuildSpec, context: BoxReader) -> Result<BoxStream<BuildEvent>>;

    /// An image in full (`GET /images/{name}/json`).
    async fn inspect_image(&self, reference: &str) -> Result<ImageInfo>;

    /// Images (`GET /images/json`).
    async fn list_images(&self, filter: &ImageFilter) -> Result<Vec<ImageSummary>>;

    /// Removes an image (`DELETE /images/{name}`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when it is in use and `force` is not set.
    async fn remove_image(&self, reference: &str, force: bool) -> Result<()>;

    /// Gives an image another tag (`POST /images/{name}/tag`).
    async fn tag_image(&self, reference: &str, tag: &str) -> Result<()>;

    /// Loads images from an archive (`POST /images/load`); gives the names of what was loaded.
    async fn load_image(&self, archive: BoxReader) -> Result<Vec<String>>;

    /// Writes images as an archive that [`load_image`](Self::load_image) reads (`GET /images/get`).
    async fn save_image(&self, references: &[String]) -> Result<BoxReader>;

    // Containers.

    /// Creates a container and gives its id (`POST /containers/create`). The image must be there.
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when the name is taken;
    /// [`NotFound`](crate::ErrorKind::NotFound) when the image or a network is missing;
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
    async fn create_container(&self, spec: &ContainerSpec) -> Result<String>;

    /// Starts a container; one that runs is left alone (`POST /containers/{id}/start`).
    async fn start_container(&self, container: &str) -> Result<()>;

    /// Stops a container and returns when it does not run; one that does not run is left alone
    /// (`POST /containers/{id}/stop`). The deadline of the call follows the stop timeout.
    async fn stop_container(&self, container: &str, options: &StopOptions) -> Result<()>;

    /// Stops a container and starts it again (`POST /containers/{id}/restart`).
    async fn restart_container(&self, container: &str, options: &StopOptions) -> Result<()>;

    /// Sends a signal, `SIGKILL` for `None` (`POST /containers/{id}/kill`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when it does not run.
    async fn kill_container(&self, container: &str, signal: Option<&str>) -> Result<()>;

    /// Freezes all processes (`POST /containers/{id}/pause`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when it does not run.
    async fn pause_container(&self, container: &str) -> Result<()>;

    /// Lets the processes run on (`POST /containers/{id}/unpause`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when it is not paused.
    async fn unpause_container(&self, container: &str) -> Result<()>;

    /// Gives a container another name (`POST /containers/{id}/rename`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when the name is taken.
    async fn rename_container(&self, container: &str, name: &str) -> Result<()>;

    /// Removes a container (`DELETE /containers/{id}`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when it runs and `force` is not set.
    async fn remove_container(&self, container: &str, options: RemoveContainer) -> Result<()>;

    /// A container in full (`GET /containers/{id}/json`).
    async fn inspect_container(&self, container: &str) -> Result<ContainerInfo>;

    /// Containers (`GET /containers/json`).
    async fn list_containers(&self, filter: &ContainerFilter) -> Result<Vec<ContainerSummary>>;

    /// Log output (`GET /containers/{id}/logs`). With `follow` the stream ends when the container does.
    async fn logs(&self, container: &str, options: &LogOptions) -> Result<BoxStream<OutputChunk>>;

    /// Waits, without a deadline (`POST /containers/{id}/wait`).
    async fn wait_container(&self, container: &str, condition: WaitCondition) -> Result<ExitStatus>;

    /// Attaches to the main process (`POST /containers/{id}/attach`). Attach before you start a container to
    /// miss nothing.
    async fn attach(&self, container: &str, options: &AttachOptions) -> Result<Session>;

    /// Sets the size of a container's terminal (`POST /containers/{id}/resize`).
    async fn resize_container(&self, container: &str, size: TerminalSize) -> Result<()>;

    /// Starts a process in a running container with its streams attached (`POST /containers/{id}/exec`,
    /// `POST /exec/{id}/start`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when the container does not run or is paused.
    async fn exec(&self, container: &str, spec: &ExecSpec) -> Result<ExecSession>;

    /// Starts a process in a running container and does not wait; gives the exec's id.
    ///
    /// # Errors
    /// As [`exec`](Self::exec).
    async fn exec_detached(&self, container: &str, spec: &ExecSpec) -> Result<String>;

    /// The exit code of an exec whose output has ended (`GET /exec/{id}/json`); waits for it, since an engine
    /// may know it a moment later. 126 or 127 when the program could not be run.
    async fn exec_exit_code(&self, exec: &str) -> Result<i64>;

    /// Sets the size of an exec's terminal (`POST /exec/{id}/resize`).
    async fn resize_exec(&self, exec: &str, size: TerminalSize) -> Result<()>;

    /// A path of a container as a tar archive (`GET /containers/{id}/archive`).
    async fn archive_get(&self, container: &str, path: &str) -> Result<BoxReader>;

    /// Unpacks a tar archive into a directory of a container (`PUT /containers/{id}/archive`).
    async fn archive_put(&self, container: &str, path: &str, archive: BoxReader) -> Result<()>;

    /// The processes of a container (`GET /containers/{id}/top`): titles and rows of four columns.
    ///
    /// The first is the effective user: titled `UID` where it is a number, `USER` where it is a name as the
    /// container's own `/etc/passwd` has it (a number where that has none). Then `PID`, `PPID`, and the command line
    /// with its arguments, titled `COMMAND`. The main process is the one whose parent is not in the list; right after
    /// the start it can for a moment still be the engine's own program (`crun`, `runc`), which becomes the container's.
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when it does not run.
    async fn processes(&self, container: &str) -> Result<(Vec<String>, Vec<Vec<String>>)>;

    // Networks.

    /// Creates a network and gives its id (`POST /networks/create`). Names on it resolve.
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when the name is taken or the subnet overlaps.
    async fn create_network(&self, spec: &NetworkSpec) -> Result<String>;

    /// A network in full (`GET /networks/{id}`).
    async fn inspect_network(&self, network: &str) -> Result<NetworkInfo>;

    /// Networks (`GET /networks`).
    async fn list_networks(&self, filter: &NetworkFilter) -> Result<Vec<NetworkInfo>>;

    /// Removes a network (`DELETE /networks/{id}`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when containers are attached.
    async fn remove_network(&self, network: &str) -> Result<()>;

    /// Attaches a container to a network (`POST /networks/{id}/connect`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when it is attached already.
    async fn connect_network(&self, network: &str, container: &str, endpoint: &EndpointSpec) -> Result<()>;

    /// Detaches a container from a network (`POST /networks/{id}/disconnect`).
    async fn disconnect_network(&self, network: &str, container: &str, force: bool) -> Result<()>;

    // Volumes.

    /// Creates a volume; one of that name is left as it is (`POST /volumes/create`).
    async fn create_volume(&self, spec: &VolumeSpec) -> Result<VolumeInfo>;

    /// A volume in full (`GET /volumes/{name}`).
    async fn inspect_volume(&self, name: &str) -> Result<VolumeInfo>;

    /// Volumes (`GET /volumes`).
    async fn list_volumes(&self, filter: &VolumeFilter) -> Result<Vec<VolumeInfo>>;

    /// Removes a volume (`DELETE /volumes/{name}`).
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when a container uses it.
    async fn remove_volume(&self, name: &str, force: bool) -> Result<()>;

    // Events.

    /// What happens, from now on (`GET /events`). When this returns the engine is listening: nothing that
    /// happens afterwards is missed.
    async fn events(&self, filter: &EventFilter) -> Result<BoxStream<Event>>;
}
