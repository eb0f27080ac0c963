//! Following containers.

use std::time::Instant;

use futures_util::StreamExt as _;
use libpod_api::containers::{
    AttachSession, ContainerAttach, ContainerHealthcheck, ContainerInspect, ContainerLogs, ContainerStart,
    ContainerStats, ContainerTop, ContainerTopStream, ContainerWait, ContainersStats, HealthConfig,
    HealthState, WaitCondition,
};
use sock_transport::codec::{FrameDecoder, StreamKind};
use tokio::io::AsyncWriteExt as _;
use wharf_tests::harness::{PATIENCE, TestResult};

use super::helper::{holds, same};
use super::made;
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let nobody = t.name("nobody");
    attach(t, &nobody).await?;
    let name = t.name("c");
    let check = HealthConfig::new()
        .with_test(vec!["CMD".to_owned(), "test".to_owned(), "-d".to_owned(), "/tmp".to_owned()])
        .with_interval(3_600_000_000_000)
        .with_timeout(5_000_000_000)
        .with_retries(1);
    made::run(t, made::spec(t, &name).with_healthconfig(check)).await?;
    health(t, &name, &nobody).await?;
    processes(t, &name, &nobody).await?;
    usage(t, &name, &nobody).await
}

/// A container that has a conversation and ends with 3: attach, its log, and waits.
async fn attach(t: &mut Tour, nobody: &str) -> TestResult {
    let name = t.name("talk");
    let spec = made::script(t, &name, "read line; echo heard $line; echo bad >&2; exit 3").with_stdin(true);
    let id = made::create(t, spec).await?;
    let terminal = t.client().send(&ContainerInspect::new(&name)).await?.config.tty;
    let session = t.client().session(AttachSession { attach: ContainerAttach::new(&name), terminal }).await?;
    t.called::<ContainerAttach>();
    t.client().send(&ContainerStart::new(&name)).await?;
    let (mut input, mut output, control) = session.into_parts();
    input.write_all(b"you\n").await?;
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        if chunk.stream == StreamKind::Stderr { &mut stderr } else { &mut stdout }.extend(chunk.bytes);
    }
    same!(
        (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)),
        ("heard you\n".into(), "bad\n".into())
    );
    same!(control.wait().await?, 3);
    t.refused(&ContainerAttach::new(nobody), 404).await?;
    let nothing = ContainerAttach::new(&name).with_stdin(false).with_stdout(false).with_stderr(false);
    t.refused(&nothing, 400).await?;

    let logs =
        ContainerLogs::new(&name).with_stdout(true).with_stderr(true).with_follow(true).with_tail("all");
    let frames = t.bytes(&logs.with_since("1h")).await?;
    let (mut decoder, mut frames) = (FrameDecoder::new(), bytes::Bytes::from(frames));
    let mut heard = Vec::new();
    while let Some(chunk) = decoder.decode(&mut frames)? {
        if chunk.stream == StreamKind::Stdout {
            heard.extend(chunk.bytes);
        }
    }
    decoder.finish()?;
    same!(String::from_utf8_lossy(&heard), "heard you\n");
    t.refused(&ContainerLogs::new(nobody).with_stdout(true), 404).await?;
    t.refused(&ContainerLogs::new(&name), 400).await?;

    let ended = t.call(&ContainerWait::new(&id)).await?;
    same!(ContainerWait::exit_code(&ended), Some(3));
    let ended = ContainerWait::new(&name).with_condition(vec![WaitCondition::Running, WaitCondition::Exited]);
    same!(ContainerWait::exit_code(&t.call(&ended.with_interval("50ms")).await?), Some(3));
    t.refused(&ContainerWait::new(nobody), 404).await?;
    Ok(())
}

async fn health(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    same!(t.call(&ContainerHealthcheck::new(name)).await?.status, HealthState::Healthy);
    let health = t.call(&ContainerInspect::new(name)).await?.state.health.ok_or("no verdict")?;
    same!(health.status, HealthState::Healthy);
    let last = health.log.last().ok_or("no probe")?;
    same!((last.exit_code, last.start.time().is_some()), (0, true));
    if t.version() >= (4, 6) {
        let healthy = t.call(&ContainerWait::new(name).with_condition(WaitCondition::Healthy)).await?;
        same!(ContainerWait::exit_code(&healthy), Some(-1));
    }
    t.refused(&ContainerHealthcheck::new(nobody), 404).await?;
    // It has no health check.
    t.refused(&ContainerHealthcheck::new(t.name("talk")), 409).await?;
    Ok(())
}

async fn processes(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let columns = vec!["pid,args".to_owned()];
    let once = ContainerTop::new(name).with_ps_args(columns.clone());
    let deadline = Instant::now() + PATIENCE;
    let top = loop {
        let top = t.call(&once).await?;
        // For a moment it can still be the engine's own program.
        if top.processes[0].iter().any(|cell| cell == "sleep 600") || Instant::now() >= deadline {
            break top;
        }
    };
    same!(
        (top.titles.join(" ").as_str(), top.processes[0].join(" ").as_str()),
        ("PID COMMAND", "1 sleep 600")
    );
    t.refused(&ContainerTop::new(nobody), 404).await?;
    let stream = ContainerTopStream::new(name).with_delay(1).with_ps_args(columns);
    let tables = t.items(&stream, 2).await?;
    holds!(tables.len() == 2 && tables.iter().all(|table| table.processes == top.processes), "{tables:?}");
    t.refused(&ContainerTopStream::new(nobody), 404).await?;
    Ok(())
}

async fn usage(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let all = ContainersStats::new().with_containers(vec![name.to_owned()]).with_interval(1);
    let lines = t.items(&all.clone(), 2).await?;
    same!(lines.len(), 2);
    for line in &lines {
        same!((line.error.0.as_deref(), line.stats.len()), (None, 1));
        let one = &line.stats[0];
        same!(one.name, name);
        holds!(one.pids >= 1 && one.mem_limit > 0 && one.system_nano > 0, "{one:?}");
    }
    same!(t.items(&all.with_stream(false), 5).await?.len(), 1);
    let missing = ContainersStats::new().with_containers(vec![nobody.to_owned()]);
    if t.version() >= (5, 0) {
        t.refused(&missing, 404).await?;
    } else {
        let lines = t.items(&missing, 5).await?;
        holds!(lines.len() == 1 && lines[0].error.0.is_some(), "{lines:?}");
        t.excuse_error::<ContainersStats>(
            "this version tells of a container that is not there in its answer",
        );
    }

    let once = t.items(&ContainerStats::new(name).with_stream(false).with_one_shot(true), 5).await?;
    same!((once.len(), once[0].name.as_str()), (1, name));
    holds!(once[0].read.time().is_some() && once[0].pids_stats.current >= 1 && !once[0].networks.is_empty());
    t.refused(&ContainerStats::new(nobody), 404).await?;
    Ok(())
}
