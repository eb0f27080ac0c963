//! Checkpoint and restore.
//!
//! Everything that Podman offers over REST is here. What its command line has beyond that is not:
//!
//! | option | why |
//! |---|---|
//! | `checkpoint --compress` | an exported archive is always an uncompressed tar; what is uploaded to be restored may be compressed |
//! | `checkpoint --ignore-volumes` | the engine's documentation lists it and the engine does not read it: an archive always has the named volumes |
//! | `checkpoint --export FILE` | the archive is the answer, never a file of the engine's host |
//! | `restore --import-previous` | refused over REST; one archive that holds both the files of the second and the `pre-checkpoint/` of the first does the same |
//! | `restore --tcp-close` | `tcpClose`, since Podman 5.7; an older engine ignores it |
//! | `--all`, `--latest` | a client lists containers itself |
//!
//! A container that has containers it depends on (`--requires`, another's namespace, `--volumes-from`) can be
//! checkpointed but not exported. Bind mounts and tmpfs mounts are in no archive. CRIU says what went wrong only in
//! files of the engine's host: `State.CheckpointLog` and `State.RestoreLog` of an inspection.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::checkpoint::{ContainerCheckpointExport, ContainerRestoreImport};
//!
//! let export = ContainerCheckpointExport::new("web-1").with_leave_running(true);
//! assert_eq!(export.target(""), "/containers/web-1/checkpoint?export=true&leaveRunning=true");
//! let restore = ContainerRestoreImport::new().with_new_name("copy");
//! assert_eq!(restore.target(""), "/containers/import/restore?import=true&name=copy");
//! let report = ContainerRestoreImport::decode(br#"{"Id":"ab","criu_statistics":null}"#).unwrap();
//! assert_eq!(report.id, "ab");
//! ```

use http_endpoint::{Fixed, endpoints, response};

endpoints! {
    /// Checkpoints a running container into the engine's own storage. One that does not run is status 500 here.
    POST "/containers/{name}/checkpoint" => json<CheckpointReport>, [200];
    pub struct ContainerCheckpoint {
        path {
            /// Name or id.
            name
        }
        query {
            /// Keep logs and statistics beside the container; the images stay until a restore in any case.
            keep / with_keep: bool = "keep",
            /// Let the container run on.
            leave_running / with_leave_running: bool = "leaveRunning",
            /// Dump established TCP connections. A restore then has to say what becomes of them.
            tcp_established / with_tcp_established: bool = "tcpEstablished",
            /// Leave changes to the root file system out of what [`Self::create_image`] makes.
            ignore_rootfs / with_ignore_rootfs: bool = "ignoreRootFS",
            /// Only dump memory ahead of time; the container runs on, whatever [`Self::leave_running`] says.
            pre_checkpoint / with_pre_checkpoint: bool = "preCheckpoint",
            /// Dump only what changed since the pre-dump, which has to be there.
            with_previous / with_with_previous: bool = "withPrevious",
            /// Dump file locks. A restore then has to restore them.
            file_locks / with_file_locks: bool = "fileLocks",
            /// Fill the report's statistics.
            print_stats / with_print_stats: bool = "printStats",
            /// Also commit the checkpoint as a local image of this name: see
            /// [`CheckpointImage`](crate::checkpoint_image::CheckpointImage).
            create_image / with_create_image: String = "createImage",
        }
    }

    /// Checkpoints a running container and sends the archive as a tar.
    ///
    /// The engine writes the whole archive before the answer begins. A cut answer looks like success: see
    /// [`Scanner`](crate::archive::Scanner) for whether it is whole. `printStats` and `createImage` have no effect
    /// here: the archive itself has the statistics, and an image is not made.
    POST "/containers/{name}/checkpoint" => tar, [200];
    pub struct ContainerCheckpointExport {
        path {
            /// Name or id.
            name
        }
        query {
            /// Always sent.
            export / with_export: Fixed<true> = "export",
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
            /// Pod to restore into (4.3).
            pod / with_pod: String = "pod",
            /// Published ports instead of the recorded ones, separated by spaces.
            publish_ports / with_publish_ports: String = "publishPorts",
        }
    }

    /// Restores a container from an archive that is streamed. Gzip, zstd, xz and bzip2 are recognised by the engine.
    ///
    /// A restore that fails can leave a container behind that was created for it.
    POST "/containers/import/restore" => json<RestoreReport>, [200];
    pub struct ContainerRestoreImport {
        query {
            /// Always sent; without it the engine looks for a container named `import`.
            import / with_import: Fixed<true> = "import",
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
            /// Pod to restore into (4.3); required if it was a member of one, and refused otherwise.
            pod / with_pod: String = "pod",
            /// Published ports instead of the recorded ones, separated by spaces.
            publish_ports / with_publish_ports: String = "publishPorts",
        }
        stream "application/x-tar"
    }
}

response! {
    /// Answer of a [`ContainerCheckpoint`].
    #[derive(Eq)]
    pub struct CheckpointReport {
        /// Id of the container.
        id: String = "Id",
        /// Microseconds that the runtime took, where statistics were asked for.
        runtime_checkpoint_duration: i64 = "runtime_checkpoint_duration",
        /// CRIU's statistics, where they were asked for.
        criu_statistics: Option<DumpStatistics> = "criu_statistics",
    }
}

response! {
    /// What Podman tells of CRIU's statistics of a dump; times in microseconds. The whole of them is a
    /// [`DumpEntry`](crate::archive::DumpEntry).
    #[derive(Copy, Eq)]
    pub struct DumpStatistics {
        /// Freezing the processes.
        freezing_time: u32 = "freezing_time",
        /// How long the processes were frozen.
        frozen_time: u32 = "frozen_time",
        /// Collecting memory pages.
        memdump_time: u32 = "memdump_time",
        /// Writing memory pages.
        memwrite_time: u32 = "memwrite_time",
        /// Pages that were looked at.
        pages_scanned: u64 = "pages_scanned",
        /// Pages that were written.
        pages_written: u64 = "pages_written",
    }
}

response! {
    /// Answer of a [`ContainerRestore`] and a [`ContainerRestoreImport`].
    #[derive(Eq)]
    pub struct RestoreReport {
        /// Id of the container.
        id: String = "Id",
        /// Microseconds that the runtime took, where statistics were asked for.
        runtime_restore_duration: i64 = "runtime_restore_duration",
        /// CRIU's statistics, where they were asked for.
        criu_statistics: Option<RestoreStatistics> = "criu_statistics",
    }
}

response! {
    /// What Podman tells of CRIU's statistics of a restore; times in microseconds.
    #[derive(Copy, Eq)]
    pub struct RestoreStatistics {
        /// Pages that were compared.
        pages_compared: u64 = "pages_compared",
        /// Pages shared with a parent process.
        pages_skipped_cow: u64 = "pages_skipped_cow",
        /// Making the processes.
        forking_time: u32 = "forking_time",
        /// The whole restore.
        restore_time: u32 = "restore_time",
        /// Pages that were restored.
        pages_restored: u64 = "pages_restored",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn the_export_and_the_import_ask_for_an_archive() {
        assert_eq!(
            ContainerCheckpointExport::new("web-1").with_leave_running(true).target("/p"),
            "/p/containers/web-1/checkpoint?export=true&leaveRunning=true"
        );
        assert_eq!(
            ContainerRestoreImport::new().with_new_name("copy").target("/p"),
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
