//! The state of a container.

use http_endpoint::{Date, response};

use crate::containers::words::{ContainerState, HealthState};

response! {
    /// State of an [`Inspected`](super::Inspected).
    pub struct InspectedState {
        /// Version of the OCI's specification.
        oci_version: String = "OciVersion",
        /// State word of libpod.
        status: ContainerState = "Status",
        /// It runs.
        running: bool = "Running",
        /// It is paused.
        paused: bool = "Paused",
        /// Always `false`.
        restarting: bool = "Restarting",
        /// A process of it was killed because memory was short.
        oom_killed: bool = "OOMKilled",
        /// Always `false`.
        dead: bool = "Dead",
        /// Main process; 0 when it does not run.
        pid: i64 = "Pid",
        /// Its monitor; 0 when it does not run.
        conmon_pid: i64 = "ConmonPid",
        /// Exit code of the last run.
        exit_code: i64 = "ExitCode",
        /// What went wrong with the last start.
        error: String = "Error",
        /// Start of the last run.
        started_at: Date = "StartedAt",
        /// End of the last run.
        finished_at: Date = "FinishedAt",
        /// Verdict of its health check: `None` without one, but Podman 4 sends an empty one.
        health: Option<Health> = "Health" | "Healthcheck",
        /// Ended by a checkpoint.
        checkpointed: bool = "Checkpointed",
        /// Its cgroup.
        cgroup_path: String = "CgroupPath",
        /// When it was checkpointed last.
        checkpointed_at: Date = "CheckpointedAt",
        /// When it was restored last.
        restored_at: Date = "RestoredAt",
        /// Path of CRIU's log of the last checkpoint, on the engine's host.
        checkpoint_log: String = "CheckpointLog",
        /// Folder of the last checkpoint, on the engine's host.
        checkpoint_path: String = "CheckpointPath",
        /// Path of CRIU's log of the last restore, on the engine's host.
        restore_log: String = "RestoreLog",
        /// Running since a restore.
        restored: bool = "Restored",
        /// Ended because a client asked for it.
        stopped_by_user: bool = "StoppedByUser",
    }
}

response! {
    /// What a container's health check has found.
    pub struct Health {
        /// The verdict; empty before the first start.
        status: HealthState = "Status",
        /// Failures in a row.
        failing_streak: i64 = "FailingStreak",
        /// The last probes.
        log: Vec<HealthLogEntry> = "Log",
    }
}

response! {
    /// One probe.
    pub struct HealthLogEntry {
        /// When it began.
        start: Date = "Start",
        /// When it ended.
        end: Date = "End",
        /// Exit code; 0 is healthy, -1 says that it took too long.
        exit_code: i64 = "ExitCode",
        /// What it wrote, cut to the length that is kept.
        output: String = "Output",
    }
}
