//! Checkpoint and restore of one container.

use std::time::Duration;

use async_trait::async_trait;

use crate::{BoxReader, BoxWriter, Error, ErrorKind, Result, Runtime};

/// How to checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckpointSpec {
    /// Let the container run on after it was dumped.
    ///
    /// Its processes go on before the changes to its root file system are copied. A file that one of them had open, and
    /// that was changed, renamed or removed in between, makes an archive that cannot be restored. What is to be carried
    /// over surely is stopped.
    pub leave_running: bool,
    /// Dump established TCP connections; without it a container that has any cannot be dumped.
    pub tcp_established: bool,
    /// Dump file locks.
    pub file_locks: bool,
    /// Leave changes to the root file system out of the archive.
    pub ignore_rootfs: bool,
}

impl CheckpointSpec {
    /// Stops the container and dumps it without established TCP connections.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the container run on; see [`Self::leave_running`] for what that can do to the archive.
    #[must_use]
    pub fn leave_running(mut self) -> Self {
        self.leave_running = true;
        self
    }

    /// Dumps established TCP connections.
    #[must_use]
    pub fn tcp_established(mut self) -> Self {
        self.tcp_established = true;
        self
    }
}

/// What a checkpoint gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckpointReport {
    /// Bytes of the archive.
    pub size: u64,
    /// Digest of the archive, `sha256:...`.
    pub digest: String,
    /// How long freezing the processes took, from the archive's CRIU statistics.
    pub freezing_time: Option<Duration>,
    /// How long the processes were frozen.
    pub frozen_time: Option<Duration>,
    /// Memory pages that were written.
    pub pages_written: Option<u64>,
}

/// How to restore.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreSpec {
    /// Restore under this name; `None` is the recorded one. A new name also means a new id and new addresses.
    pub name: Option<String>,
    /// Restore established TCP connections; required if they were dumped.
    pub tcp_established: bool,
    /// Restore file locks; required if they were dumped.
    pub file_locks: bool,
    /// Do not restore the content of volumes, and let them exist already.
    pub ignore_volumes: bool,
    /// Do not ask for the recorded IP address.
    pub ignore_static_ip: bool,
    /// Do not ask for the recorded MAC address.
    pub ignore_static_mac: bool,
    /// Do not apply the recorded changes to the root file system.
    pub ignore_rootfs: bool,
}

impl RestoreSpec {
    /// Restores as recorded, volumes included.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Restores under another name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Restores established TCP connections.
    #[must_use]
    pub fn tcp_established(mut self) -> Self {
        self.tcp_established = true;
        self
    }

    /// Leaves volumes as they are.
    #[must_use]
    pub fn ignore_volumes(mut self) -> Self {
        self.ignore_volumes = true;
        self
    }
}

/// What a restore gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreReport {
    /// Id of the restored container.
    pub id: String,
    /// Bytes of the archive that were sent.
    pub size: u64,
    /// Digest of what was sent, `sha256:...`.
    pub digest: String,
}

/// The checkpoint ability of a runtime, or the error that says why it has none.
///
/// # Errors
/// [`CheckpointUnsupported`](ErrorKind::CheckpointUnsupported), with the engine's name and its reason.
pub fn require_checkpoint(runtime: &dyn Runtime) -> Result<&dyn CheckpointRuntime> {
    runtime.checkpoint().ok_or_else(|| {
        let engine = &runtime.info().name;
        let reason = match runtime.checkpoint_unsupported_reason() {
            Some(reason) => reason.to_owned(),
            None => format!("{engine} cannot dump a container so that another engine can restore it"),
        };
        Error::new(ErrorKind::CheckpointUnsupported, "checkpoint or restore containers", reason)
            .with_hint("use a rootful Podman with CRIU installed on its host")
    })
}

/// Checkpoint and restore through CRIU, an optional ability of a [`Runtime`](crate::Runtime).
///
/// An archive is code that an engine runs as root: restore only what you trust.
#[async_trait]
pub trait CheckpointRuntime: Send + Sync {
    /// Dumps a running container into `writer`, as the engine's archive, piece by piece: no more than a few
    /// buffers of it are in this process's memory. The writer is flushed, not shut down.
    ///
    /// # Errors
    /// [`CheckpointUnsupported`](crate::ErrorKind::CheckpointUnsupported) when the engine cannot at all;
    /// [`Conflict`](crate::ErrorKind::Conflict) when it does not run;
    /// [`NotFound`](crate::ErrorKind::NotFound);
    /// [`CheckpointFailed`](crate::ErrorKind::CheckpointFailed) when CRIU or the engine failed, or the archive
    /// was cut off on its way; [`Io`](crate::ErrorKind::Io) when the writer failed. After these two the
    /// container runs: one that was dumped and stopped already is restored from the engine's own copy. The
    /// reason says what is the case, also where that failed.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection; the engine finishes the dump by itself, so the container may
    /// be stopped afterwards.
    async fn checkpoint(
        &self,
        container: &str,
        spec: &CheckpointSpec,
        writer: BoxWriter,
    ) -> Result<CheckpointReport>;

    /// Brings a container back from an archive that is read from `reader` to its end.
    ///
    /// Networks that the archive names must exist; without `ignore_volumes` its volumes must not.
    ///
    /// # Errors
    /// [`RestoreFailed`](crate::ErrorKind::RestoreFailed); a container that the failed restore left behind is
    /// removed. [`Conflict`](crate::ErrorKind::Conflict) when the name is taken.
    /// [`CheckpointUnsupported`](crate::ErrorKind::CheckpointUnsupported). [`Io`](crate::ErrorKind::Io) when
    /// the reader failed.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection. Before the archive was sent whole nothing happens on the
    /// engine; after that it finishes the restore by itself.
    async fn restore(&self, spec: &RestoreSpec, reader: BoxReader) -> Result<RestoreReport>;
}
