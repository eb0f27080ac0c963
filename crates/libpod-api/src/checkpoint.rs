//! Checkpoint and restore.

use http_endpoint::endpoint;
use serde::Deserialize;

use crate::nullable;

endpoint! {
    /// Checkpoints a running container into the engine's own storage.
    POST "/containers/{name}/checkpoint" => json<CheckpointReport>, [200];
    pub struct ContainerCheckpoint {
        path {
            /// Name or id.
            name
        }
        query {
            /// Keep logs and statistics beside the container.
            keep / with_keep: bool = "keep",
            /// Let the container run on.
            leave_running / with_leave_running: bool = "leaveRunning",
            /// Dump established TCP connections.
            tcp_established / with_tcp_established: bool = "tcpEstablished",
            /// Leave changes to the root file system out.
            ignore_rootfs / with_ignore_rootfs: bool = "ignoreRootFS",
            /// Only dump memory ahead of time; the container runs on.
            pre_checkpoint / with_pre_checkpoint: bool = "preCheckpoint",
            /// Dump only what changed since the pre-dump.
            with_previous / with_with_previous: bool = "withPrevious",
            /// Dump file locks.
            file_locks / with_file_locks: bool = "fileLocks",
            /// Fill the report's statistics.
            print_stats / with_print_stats: bool = "printStats",
            /// Also commit the checkpoint as a local image of this name.
            create_image / with_create_image: String = "createImage",
        }
    }
}

endpoint! {
    /// Checkpoints a running container and sends the archive as a tar: use [`ContainerCheckpointExport::of`],
    /// which asks for it.
    ///
    /// The engine writes the whole archive before the answer begins. A cut answer looks like success: see
    /// [`Scanner`](crate::archive::Scanner) for whether it is whole.
    POST "/containers/{name}/checkpoint" => tar, [200];
    pub struct ContainerCheckpointExport {
        path {
            /// Name or id.
            name
        }
        query {
            /// Send the archive; without it there is none.
            export / with_export: bool = "export",
            /// Keep logs and statistics beside the container.
            keep / with_keep: bool = "keep",
            /// Let the container run on.
            leave_running / with_leave_running: bool = "leaveRunning",
            /// Dump established TCP connections.
            tcp_established / with_tcp_established: bool = "tcpEstablished",
            /// Leave changes to the root file system out.
            ignore_rootfs / with_ignore_rootfs: bool = "ignoreRootFS",
            /// Only dump memory ahead of time; the container runs on.
            pre_checkpoint / with_pre_checkpoint: bool = "preCheckpoint",
            /// Dump only what changed since the pre-dump.
            with_previous / with_with_previous: bool = "withPrevious",
            /// Dump file locks.
            file_locks / with_file_locks: bool = "fileLocks",
        }
    }
}

impl ContainerCheckpointExport {
    /// The export of a container.
    #[must_use]
    pub fn of(name: impl Into<String>) -> Self {
        Self::new(name).with_export(true)
    }
}

endpoint! {
    /// Restores a container of the engine from its own storage, or from a checkpoint image of this name.
    POST "/containers/{name}/restore" => json<RestoreReport>, [200];
    pub struct ContainerRestore {
        path {
            /// Name or id of the container or the image.
            name
        }
        query {
            /// Keep the checkpoint's files.
            keep / with_keep: bool = "keep",
            /// Restore established TCP connections.
            tcp_established / with_tcp_established: bool = "tcpEstablished",
            /// Restore established TCP connections as closed (5.7).
            tcp_close / with_tcp_close: bool = "tcpClose",
            /// New name for a container from an image.
            new_name / with_new_name: String = "name",
            /// Do not apply changes to the root file system.
            ignore_rootfs / with_ignore_rootfs: bool = "ignoreRootFS",
            /// Do not restore the content of volumes.
            ignore_volumes / with_ignore_volumes: bool = "ignoreVolumes",
            /// Do not ask for the recorded IP address.
            ignore_static_ip / with_ignore_static_ip: bool = "ignoreStaticIP",
            /// Do not ask for the recorded MAC address.
            ignore_static_mac / with_ignore_static_mac: bool = "ignoreStaticMAC",
            /// Restore file locks.
            file_locks / with_file_locks: bool = "fileLocks",
            /// Fill the report's statistics.
            print_stats / with_print_stats: bool = "printStats",
            /// Pod to restore into.
            pod / with_pod: String = "pod",
            /// Published ports instead of the recorded ones, separated by spaces.
            publish_ports / with_publish_ports: String = "publishPorts",
        }
    }
}

endpoint! {
    /// Restores a container from an archive that is streamed: use [`ContainerRestoreImport::archive`], which
    /// asks for it. Gzip, zstd, xz and bzip2 are recognised by the engine.
    ///
    /// A restore that fails can leave a container behind that was created for it.
    POST "/containers/import/restore" => json<RestoreReport>, [200];
    pub struct ContainerRestoreImport {
        query {
            /// Read the body; without it the engine looks for a container named `import`.
            import / with_import: bool = "import",
            /// New name; also means a new id and new addresses.
            new_name / with_new_name: String = "name",
            /// Keep the checkpoint's files.
            keep / with_keep: bool = "keep",
            /// Restore established TCP connections; required if they were dumped.
            tcp_established / with_tcp_established: bool = "tcpEstablished",
            /// Restore established TCP connections as closed (5.7).
            tcp_close / with_tcp_close: bool = "tcpClose",
            /// Do not apply changes to the root file system.
            ignore_rootfs / with_ignore_rootfs: bool = "ignoreRootFS",
            /// Do not restore the content of volumes, and let them exist already.
            ignore_volumes / with_ignore_volumes: bool = "ignoreVolumes",
            /// Do not ask for the recorded IP address.
            ignore_static_ip / with_ignore_static_ip: bool = "ignoreStaticIP",
            /// Do not ask for the recorded MAC address.
            ignore_static_mac / with_ignore_static_mac: bool = "ignoreStaticMAC",
            /// Restore file locks; required if they were dumped.
            file_locks / with_file_locks: bool = "fileLocks",
            /// Fill the report's statistics.
            print_stats / with_print_stats: bool = "printStats",
            /// Pod to restore into.
            pod / with_pod: String = "pod",
            /// Published ports instead of the recorded ones, separated by spaces.
            publish_ports / with_publish_ports: String = "publishPorts",
        }
        stream "application/x-tar"
    }
}

impl ContainerRestoreImport {
    /// The restore of an archive.
    #[must_use]
    pub fn archive() -> Self {
        Self::new().with_import(true)
    }
}

/// Answer of a [`ContainerCheckpoint`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CheckpointReport {
    /// Id of the container.
    #[serde(rename = "Id", deserialize_with = "nullable")]
    pub id: String,
    /// Microseconds that the runtime took, where statistics were asked for.
    #[serde(deserialize_with = "nullable")]
    pub runtime_checkpoint_duration: i64,
    /// CRIU's statistics, where they were asked for.
    #[serde(deserialize_with = "nullable")]
    pub criu_statistics: Option<DumpStatistics>,
}

/// CRIU's statistics of a dump; times in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DumpStatistics {
    /// Freezing the processes.
    pub freezing_time: u32,
    /// How long the processes were frozen.
    pub frozen_time: u32,
    /// Collecting memory pages.
    pub memdump_time: u32,
    /// Writing memory pages.
    pub memwrite_time: u32,
    /// Pages that were looked at.
    pub pages_scanned: u64,
    /// Pages that were written.
    pub pages_written: u64,
}

/// Answer of a [`ContainerRestore`] and a [`ContainerRestoreImport`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RestoreReport {
    /// Id of the container.
    #[serde(rename = "Id", deserialize_with = "nullable")]
    pub id: String,
    /// Microseconds that the runtime took, where statistics were asked for.
    #[serde(deserialize_with = "nullable")]
    pub runtime_restore_duration: i64,
    /// CRIU's statistics, where they were asked for.
    #[serde(deserialize_with = "nullable")]
    pub criu_statistics: Option<RestoreStatistics>,
}

/// CRIU's statistics of a restore; times in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RestoreStatistics {
    /// Pages that were compared.
    pub pages_compared: u64,
    /// Pages shared with a parent process.
    pub pages_skipped_cow: u64,
    /// Making the processes.
    pub forking_time: u32,
    /// The whole restore.
    pub restore_time: u32,
    /// Pages that were restored.
    pub pages_restored: u64,
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn the_export_and_the_import_ask_for_an_archive() {
        assert_eq!(
            ContainerCheckpointExport::of("web-1").with_leave_running(true).target("/p"),
            "/p/containers/web-1/checkpoint?export=true&leaveRunning=true"
        );
        assert_eq!(
            ContainerRestoreImport::archive().with_new_name("copy").target("/p"),
            "/p/containers/import/restore?import=true&name=copy"
        );
    }

    #[test]
    fn reports_decode_with_and_without_statistics() {
        let report = ContainerCheckpoint::decode(
            br#"{"Id":"ab","runtime_checkpoint_duration":5,"criu_statistics":{"frozen_time":7,"pages_written":9}}"#,
        )
        .unwrap();
        let statistics = report.criu_statistics.unwrap();
        assert_eq!((statistics.frozen_time, statistics.pages_written, statistics.freezing_time), (7, 9, 0));
        let report = ContainerRestoreImport::decode(br#"{"Id":"ab","criu_statistics":null}"#).unwrap();
        assert_eq!((report.id.as_str(), report.criu_statistics), ("ab", None));
    }
}
