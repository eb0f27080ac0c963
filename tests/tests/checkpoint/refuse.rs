//! What cannot be done, and what is left as it was.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use runtime_core::{
    CheckpointSpec, ContainerFilter, ContainerStatus, ErrorKind, RestoreSpec, Runtime, StopOptions,
    require_checkpoint,
};
use runtime_docker::{DockerOptions, DockerRuntime};
use runtime_podman::{CheckpointProbe, PodmanOptions, PodmanRuntime};
use tokio::io::AsyncWrite;
use wharf_tests::ensure;
use wharf_tests::harness::TestResult;

use crate::stage::{Stage, named, podman};

async fn running(stage: &Stage<'_>) -> TestResult {
    let count = stage.count("/tmp/count").await?;
    stage.counts_past("/tmp/count", count).await
}

async fn start(stage: &Stage<'_>) -> TestResult {
    stage.start(&stage.counter("/tmp/count"), &["test", "-s", "/tmp/count"]).await
}

#[tokio::test]
async fn docker_cannot_and_the_container_runs_on() -> TestResult {
    let Some(engine) = named("docker") else { return Ok(()) };
    let docker = DockerRuntime::connect(DockerOptions::new(engine.socket)).await?;
    let stage = Stage::new(&docker);
    let act = async {
        start(&stage).await?;
        ensure!(!docker.capabilities().checkpoint, "{:?}", docker.capabilities());
        let error = require_checkpoint(&docker).err().ok_or("Docker says that it can")?;
        ensure!(error.kind() == ErrorKind::CheckpointUnsupported, "{error:?}");
        ensure!(error.to_string().contains("Docker"), "{error}");
        running(&stage).await
    };
    stage.play(act).await
}

#[tokio::test]
async fn a_failing_probe_takes_it_away_and_the_container_runs_on() -> TestResult {
    let Some(engine) = named("podman") else { return Ok(()) };
    for (probe, part) in [
        (CheckpointProbe::new(|| async { Err::<bool, _>("criu check failed") }), "criu check failed"),
        (CheckpointProbe::new(|| async { Ok::<bool, io::Error>(false) }), "does not work"),
    ] {
        let options = PodmanOptions::new(&engine.socket).with_checkpoint_probe(probe);
        let podman = PodmanRuntime::connect(options).await?;
        let stage = Stage::new(&podman);
        let act = async {
            start(&stage).await?;
            ensure!(podman.checkpoint().is_none(), "the ability is there");
            let error = require_checkpoint(&podman).err().ok_or("it says that it can")?;
            ensure!(error.kind() == ErrorKind::CheckpointUnsupported, "{error:?}");
            ensure!(error.to_string().contains(part), "{error}");
            running(&stage).await
        };
        stage.play(act).await?;
    }
    Ok(())
}

#[tokio::test]
async fn without_criu_the_error_says_so_and_the_container_runs_on() -> TestResult {
    let Some(podman) = podman("podman43").await else { return Ok(()) };
    let stage = Stage::new(&podman);
    let act = async {
        start(&stage).await?;
        let can = require_checkpoint(&podman)?;
        let failed = can.checkpoint(&stage.name, &CheckpointSpec::new(), Box::pin(tokio::io::sink())).await;
        let error = failed.err().ok_or("it worked")?;
        ensure!(error.kind() == ErrorKind::CheckpointFailed, "{error:?}");
        ensure!(error.reason().contains("CRIU") && error.reason().contains("still running"), "{error}");
        ensure!(error.hint().is_some_and(|hint| hint.contains("install CRIU")), "{:?}", error.hint());
        running(&stage).await
    };
    stage.play(act).await
}

#[tokio::test]
async fn only_a_container_that_runs_can_be_dumped() -> TestResult {
    let Some(podman) = podman("podman").await else { return Ok(()) };
    let stage = Stage::new(&podman);
    let can = stage.can()?;
    let spec = CheckpointSpec::new();
    let dump = || can.checkpoint(&stage.name, &spec, Box::pin(tokio::io::sink()));
    let act = async {
        let missing = dump().await.err().ok_or("a missing container was dumped")?;
        ensure!(missing.is_not_found(), "{missing:?}");
        start(&stage).await?;
        podman.stop_container(&stage.name, &StopOptions::within(std::time::Duration::ZERO)).await?;
        let stopped = dump().await.err().ok_or("a stopped container was dumped")?;
        ensure!(stopped.is_conflict() && stopped.reason().contains("exited"), "{stopped:?}");
        Ok(())
    };
    stage.play(act).await
}

#[tokio::test]
async fn when_criu_fails_its_log_is_named_and_the_container_runs_on() -> TestResult {
    let Some(podman) = podman("podman").await else { return Ok(()) };
    let stage = Stage::new(&podman);
    let act = async {
        // An open connection, of which the checkpoint is not told: CRIU refuses it.
        let peers = "nc -l -p 99 -e cat & sleep 0.2; (sleep 600 | nc 127.0.0.1 99 &) ;";
        let mut spec = stage.counter("/tmp/count");
        let count = spec.command.as_ref().and_then(|words| words.last()).cloned().unwrap_or_default();
        spec = spec.with_command(["sh", "-c", &format!("{peers} {count}")]);
        stage.start(&spec, &["test", "-s", "/tmp/count"]).await?;
        let open = "grep -q ' 01 ' /proc/net/tcp";
        stage.until(&["sh", "-c", open], |_, code| code == 0).await?;
        let failed =
            stage.can()?.checkpoint(&stage.name, &CheckpointSpec::new(), Box::pin(tokio::io::sink())).await;
        let error = failed.err().ok_or("it worked")?;
        ensure!(error.kind() == ErrorKind::CheckpointFailed, "{error:?}");
        ensure!(error.reason().ends_with("; the container is still running"), "{error}");
        ensure!(error.hint().is_some_and(|hint| hint.contains("dump.log")), "{:?}", error.hint());
        running(&stage).await
    };
    stage.play(act).await
}

/// A disk that is full after some bytes.
struct Full(usize);

impl AsyncWrite for Full {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Poll::Ready(if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn when_the_archive_cannot_be_kept_the_container_goes_on_from_where_it_was() -> TestResult {
    let Some(podman) = podman("podman").await else { return Ok(()) };
    let stage = Stage::new(&podman);
    let act = async {
        start(&stage).await?;
        stage.counts_past("/tmp/count", 20).await?;
        let failed =
            stage.can()?.checkpoint(&stage.name, &CheckpointSpec::new(), Box::pin(Full(10_000))).await;
        let error = failed.err().ok_or("it worked")?;
        ensure!(error.kind() == ErrorKind::Io, "{error:?}");
        ensure!(error.reason().contains("runs on"), "{error}");
        ensure!(stage.count("/tmp/count").await? > 20, "it began anew");
        running(&stage).await
    };
    stage.play(act).await
}

/// A whole archive of a counter that was removed afterwards.
async fn archive(stage: &Stage<'_>) -> TestResult<Vec<u8>> {
    let file = tempfile::NamedTempFile::new()?;
    let writer = tokio::fs::File::from_std(file.reopen()?);
    stage.can()?.checkpoint(&stage.name, &CheckpointSpec::new(), Box::pin(writer)).await?;
    Ok(std::fs::read(file.path())?)
}

async fn names(podman: &PodmanRuntime, stage: &Stage<'_>) -> TestResult<Vec<String>> {
    let list = podman.list_containers(&ContainerFilter::all()).await?;
    Ok(list.into_iter().map(|c| c.name).filter(|name| name.starts_with(&stage.name)).collect())
}

async fn restore(stage: &Stage<'_>, spec: &RestoreSpec, archive: Vec<u8>) -> TestResult<runtime_core::Error> {
    let restored = stage.can()?.restore(spec, Box::pin(io::Cursor::new(archive))).await;
    restored.err().ok_or_else(|| "it was restored".into())
}

#[tokio::test]
async fn an_archive_that_cannot_be_used_leaves_nothing_behind() -> TestResult {
    let Some(podman) = podman("podman").await else { return Ok(()) };
    let stage = Stage::new(&podman);
    let act = async {
        start(&stage).await?;
        let good = archive(&stage).await?;

        // The original is still there: its name is taken.
        let taken = restore(&stage, &RestoreSpec::new(), good.clone()).await?;
        ensure!(taken.is_conflict() && taken.subject() == Some(stage.name.as_str()), "{taken:?}");
        let taken = restore(&stage, &RestoreSpec::new().with_name(&stage.name), good.clone()).await?;
        ensure!(taken.is_conflict(), "{taken:?}");
        ensure!(names(&podman, &stage).await? == [stage.name.clone()], "the original is gone");
        stage.remove().await?;

        for (bytes, part) in [
            (good[..good.len() / 2].to_vec(), "cut off"),
            (good[..good.len() - 512].to_vec(), "cut off"),
            (vec![7; 4096], "not a tar archive"),
            (Vec::new(), "cut off"),
        ] {
            let error = restore(&stage, &RestoreSpec::new(), bytes).await?;
            ensure!(
                error.kind() == ErrorKind::RestoreFailed && error.reason().contains(part),
                "{part}: {error:?}"
            );
            ensure!(names(&podman, &stage).await?.is_empty(), "{part}: something is left");
        }

        // And the good one still works.
        stage.can()?.restore(&RestoreSpec::new(), Box::pin(io::Cursor::new(good))).await?;
        ensure!(stage.status().await? == ContainerStatus::Running, "it does not run");
        running(&stage).await
    };
    stage.play(act).await
}

#[tokio::test]
async fn a_restore_that_fails_on_the_engine_is_cleaned_up() -> TestResult {
    let Some(podman) = podman("podman").await else { return Ok(()) };
    let stage = Stage::new(&podman);
    let act = async {
        start(&stage).await?;
        // Whole, so that it reaches the engine; but CRIU cannot read it.
        let mut broken = archive(&stage).await?;
        spoil(&mut broken)?;

        let copy = format!("{}-copy", stage.name);
        let error = restore(&stage, &RestoreSpec::new().with_name(&copy), broken.clone()).await?;
        ensure!(error.kind() == ErrorKind::RestoreFailed, "{error:?}");
        ensure!(error.subject() == Some(copy.as_str()) && error.hint().is_some(), "{error:?}");
        ensure!(names(&podman, &stage).await? == [stage.name.clone()], "the half-restored container is left");

        stage.remove().await?;
        let error = restore(&stage, &RestoreSpec::new(), broken).await?;
        ensure!(error.kind() == ErrorKind::RestoreFailed, "{error:?}");
        ensure!(error.subject() == Some(stage.name.as_str()), "{error:?}");
        ensure!(names(&podman, &stage).await?.is_empty(), "the half-restored container is left");
        Ok(())
    };
    stage.play(act).await
}

/// Overwrites CRIU's inventory, without which nothing can be restored.
fn spoil(archive: &mut [u8]) -> TestResult {
    let mut at = 0;
    while at + 512 <= archive.len() {
        let name = archive[at..at + 100].split(|b| *b == 0).next().unwrap_or_default().to_vec();
        let size = std::str::from_utf8(&archive[at + 124..at + 135])?.trim_matches(['\0', ' ']);
        let size = usize::from_str_radix(size, 8).unwrap_or(0);
        if name == b"checkpoint/inventory.img" {
            archive[at + 512..at + 512 + size].fill(0);
            return Ok(());
        }
        at += 512 + size.next_multiple_of(512);
    }
    Err("the archive has no inventory".into())
}

#[tokio::test]
async fn a_volume_that_exists_is_not_overwritten() -> TestResult {
    let Some(podman) = podman("podman").await else { return Ok(()) };
    let stage = Stage::new(&podman);
    let act = async {
        stage.make_volume().await?;
        stage.start(&stage.with_volume(stage.counter("/tmp/count")), &["test", "-s", "/tmp/count"]).await?;
        stage.exec(&["sh", "-c", "echo old > /data/file"]).await?;
        let saved = archive(&stage).await?;
        stage.remove().await?;

        let error = restore(&stage, &RestoreSpec::new(), saved.clone()).await?;
        ensure!(error.kind() == ErrorKind::RestoreFailed, "{error:?}");
        ensure!(error.hint().is_some_and(|hint| hint.contains("volume")), "{error:?}");
        ensure!(names(&podman, &stage).await?.is_empty(), "something is left");

        let spec = RestoreSpec::new().ignore_volumes();
        stage.can()?.restore(&spec, Box::pin(io::Cursor::new(saved))).await?;
        ensure!(stage.exec(&["cat", "/data/file"]).await?.0 == "old", "the volume was touched");
        running(&stage).await
    };
    stage.play(act).await
}
