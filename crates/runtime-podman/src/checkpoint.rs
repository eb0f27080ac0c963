//! Checkpointing one container.
//!
//! The engine dumps the container, packs everything into a tar on its own disk, and then sends it. On its
//! way through, the archive is hashed, counted and scanned, one piece at a time: the next piece is read when
//! the writer has taken the last one.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use libpod_api::archive::{STATS_DUMP, Scanner, Summary, dump_statistics};
use libpod_api::checkpoint::{ContainerCheckpointExport, ContainerRestore, DumpStatistics};
use libpod_api::containers::{ContainerInspect, InspectedState};
use runtime_core::{
    BoxReader, BoxWriter, CheckpointReport, CheckpointRuntime, CheckpointSpec, ContainerStatus, Error,
    ErrorKind, RestoreReport, RestoreSpec, Result,
};
use runtime_docker::error::map;
use sha2::{Digest, Sha256};
use sock_transport::{ByteStream, Client};
use tokio::io::AsyncWriteExt;

use crate::upload::digest;
use crate::{names, restore};

const OPERATION: &str = "checkpoint container";
/// Real ones have less than a hundred bytes.
const MAX_STATS: u64 = 64 << 10;

/// The ability itself, apart from the runtime: who holds a runtime gets at it through
/// [`Runtime::checkpoint`](runtime_core::Runtime::checkpoint) only, and so only where it is there.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    libpod: Client,
}

impl Checkpoints {
    pub(crate) fn new(libpod: Client) -> Self {
        Self { libpod }
    }
}

#[async_trait]
impl CheckpointRuntime for Checkpoints {
    async fn checkpoint(
        &self,
        container: &str,
        spec: &CheckpointSpec,
        writer: BoxWriter,
    ) -> Result<CheckpointReport> {
        names::meant(&self.libpod, OPERATION, container).await?;
        dump(&self.libpod, container, spec, writer).await
    }

    async fn restore(&self, spec: &RestoreSpec, reader: BoxReader) -> Result<RestoreReport> {
        restore::restore(&self.libpod, spec, reader).await
    }
}

async fn dump(
    libpod: &Client,
    container: &str,
    spec: &CheckpointSpec,
    mut writer: BoxWriter,
) -> Result<CheckpointReport> {
    let request = ContainerCheckpointExport::new(container)
        .with_leave_running(spec.leave_running)
        .with_tcp_established(spec.tcp_established)
        .with_file_locks(spec.file_locks)
        .with_ignore_rootfs(spec.ignore_rootfs);
    // The answer begins when the whole archive lies on the engine's disk; how long that takes depends on the
    // container's memory and volumes.
    let archive = match libpod.with_header_timeout(None).stream(&request).await {
        Ok(archive) => archive,
        Err(error) => return Err(refused(libpod, container, error).await),
    };
    match copy(archive, &mut writer).await {
        Ok(copied) => Ok(copied.report()),
        Err(broken) => Err(bring_back(libpod, container, spec, broken).await),
    }
}

/// A whole archive.
struct Copied {
    summary: Summary,
    digest: String,
}

impl Copied {
    fn report(&self) -> CheckpointReport {
        let statistics = self.summary.content(STATS_DUMP).map(dump_statistics);
        if !matches!(statistics, Some(Ok(_))) {
            // The container is dumped all the same; only its times are not known.
            tracing::debug!(?statistics, "the archive has no readable statistics of CRIU");
        }
        let statistics: Option<DumpStatistics> = statistics.and_then(std::result::Result::ok);
        let time = |microseconds: u32| Duration::from_micros(microseconds.into());
        let mut report = CheckpointReport::default();
        report.size = self.summary.bytes;
        report.digest.clone_from(&self.digest);
        report.freezing_time = statistics.map(|s| time(s.freezing_time));
        report.frozen_time = statistics.map(|s| time(s.frozen_time));
        report.pages_written = statistics.map(|s| s.pages_written);
        report
    }
}

/// Why the archive did not arrive.
struct Broken {
    kind: ErrorKind,
    reason: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Broken {
    fn archive(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = error.into();
        let reason = format!("its archive did not arrive whole: {source}");
        Self { kind: ErrorKind::CheckpointFailed, reason, source }
    }

    fn writer(error: std::io::Error) -> Self {
        let reason = format!("its archive could not be written: {error}");
        Self { kind: ErrorKind::Io, reason, source: error.into() }
    }
}

async fn copy(mut archive: ByteStream, writer: &mut BoxWriter) -> Result<Copied, Broken> {
    let mut scanner = Scanner::new().with_entry(STATS_DUMP, MAX_STATS);
    let mut hash = Sha256::new();
    while let Some(piece) = archive.next().await {
        let piece = piece.map_err(Broken::archive)?;
        scanner.feed(&piece).map_err(Broken::archive)?;
        hash.update(&piece);
        writer.write_all(&piece).await.map_err(Broken::writer)?;
    }
    // The engine cannot say any more that it failed when it has begun to send: only the archive's own end
    // tells whether it is whole.
    let summary = scanner.finish().map_err(Broken::archive)?;
    writer.flush().await.map_err(Broken::writer)?;
    Ok(Copied { summary, digest: digest(hash) })
}

/// The engine refused: say why as well as it can be said, and how the container is now.
async fn refused(libpod: &Client, container: &str, error: sock_transport::Error) -> Error {
    let error = map(libpod, OPERATION, Some(container), error);
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Unavailable | ErrorKind::Timeout) {
        return error;
    }
    let state = state(libpod, container).await;
    let status = state.as_ref().map(|state| ContainerStatus::parse(state.status.as_str()));
    if let Some(status) = status.as_ref().filter(|status| **status != ContainerStatus::Running)
        && error.is_conflict()
    {
        let reason = format!("it is {}, not running", status.as_str());
        return Error::new(ErrorKind::Conflict, OPERATION, reason).with_subject(container).with_source(error);
    }
    let now = match status {
        Some(ContainerStatus::Running) => "; the container is still running".to_owned(),
        Some(other) => format!("; the container is now {}", other.as_str()),
        None => String::new(),
    };
    let failure = Failure::of(error.reason());
    let hint = hint(error.reason(), failure.as_ref().map(|failure| failure.log.as_str()));
    let said = failure.as_ref().map_or(error.reason(), |failure| failure.brief.as_str());
    let reason = format!("{said}{now}");
    Error::new(ErrorKind::CheckpointFailed, OPERATION, reason)
        .with_subject(container)
        .with_hint(hint)
        .with_source(error)
}

/// The failure of an OCI runtime, which the engine reports as its whole command line and an exit status.
struct Failure {
    /// Without the command line.
    brief: String,
    /// CRIU's log on the engine's host; it stays there after a failure.
    log: String,
}

impl Failure {
    fn of(reason: &str) -> Option<Self> {
        let (command, status) = reason.strip_prefix('`')?.split_once("` failed: ")?;
        let program = command.split(' ').next()?.rsplit('/').next()?;
        let (_, rest) = command.split_once(" --work-path ")?;
        let folder = rest.split(' ').next()?;
        Some(Self {
            brief: format!("{program} checkpoint failed: {status}"),
            log: format!("{folder}/dump.log"),
        })
    }
}

/// What to do about a failure of CRIU or the runtime. The engine's own text is often no more than an exit
/// status: what CRIU said is in a log file on its host.
fn hint(reason: &str, log: Option<&str>) -> String {
    let lower = reason.to_ascii_lowercase();
    let missing =
        ["criu binary", "requires at least criu", "does not support checkpoint", "executable file not found"];
    if missing.iter().any(|text| lower.contains(text)) {
        return "install CRIU 3.11 or newer on the engine's host (and libcriu2, if its runtime is crun)"
            .to_owned();
    }
    if lower.contains("dependencies") {
        return "a container that shares a namespace or volumes of another one cannot be exported".to_owned();
    }
    let mut hint = "see whether CRIU is installed on the engine's host and can dump there (`criu check`; crun needs \
                    libcriu2, too), and whether the container has open TCP connections, which have to be asked for"
        .to_owned();
    if let Some(log) = log {
        hint.push_str("; CRIU's log is on that host in ");
        hint.push_str(log);
    }
    hint
}

/// The archive is lost, and with it what was dumped: let the container run on from the engine's own copy.
async fn bring_back(libpod: &Client, container: &str, spec: &CheckpointSpec, broken: Broken) -> Error {
    let outcome = match state(libpod, container).await {
        Some(state) if ContainerStatus::parse(state.status.as_str()) == ContainerStatus::Running => {
            "the container is still running".to_owned()
        }
        Some(state) if state.checkpointed => {
            let request = ContainerRestore::new(container)
                .with_tcp_established(spec.tcp_established)
                .with_file_locks(spec.file_locks)
                .with_ignore_rootfs(spec.ignore_rootfs);
            match libpod.with_header_timeout(None).send(&request).await {
                Ok(_) => "the container was restored from the engine's own copy and runs on".to_owned(),
                Err(error) => format!(
                    "the container is stopped, and restoring it from the engine's own copy failed, too: {}",
                    map(libpod, "restore container", None, error).reason()
                ),
            }
        }
        Some(state) => {
            format!("the container is now {}", ContainerStatus::parse(state.status.as_str()).as_str())
        }
        None => "the container's state is not known".to_owned(),
    };
    Error::new(broken.kind, OPERATION, format!("{}; {outcome}", broken.reason))
        .with_subject(container)
        .with_source(broken.source)
}

/// The state as libpod knows it; `None` when it cannot be had.
pub(crate) async fn state(libpod: &Client, container: &str) -> Option<InspectedState> {
    libpod.send(&ContainerInspect::new(container)).await.ok().map(|inspected| inspected.state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_criu_gives_the_way_to_install_it() {
        for reason in [
            "checkpoint/restore requires at least CRIU 31100",
            "failed to check for criu version: exec: \"criu\": executable file not found in $PATH",
            "configured runtime does not support checkpoint/restore",
        ] {
            assert!(hint(reason, None).contains("install CRIU"), "{reason}");
        }
    }

    #[test]
    fn an_exit_status_alone_is_short_and_gives_the_log() {
        let reason = "`/usr/bin/crun checkpoint --image-path /s/ab/userdata/checkpoint --work-path /s/ab/userdata ab` \
                      failed: exit status 1";
        let failure = Failure::of(reason).unwrap();
        assert_eq!(failure.brief, "crun checkpoint failed: exit status 1");
        let hint = hint(reason, Some(&failure.log));
        assert!(hint.contains("criu check") && hint.ends_with("/s/ab/userdata/dump.log"), "{hint}");
        assert!(Failure::of("no such container").is_none() && Failure::of("`x` failed: y").is_none());
    }
}
