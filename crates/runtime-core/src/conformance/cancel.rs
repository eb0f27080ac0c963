//! Many at once, and futures that are dropped.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use tokio::time::timeout;

use super::stage::{Check, Stage};
use crate::{ContainerFilter, EventFilter, ExecSpec, LogOptions, RemoveContainer, WaitCondition};

cases! {
    Nothing { many_containers_at_once, dropped_waits_leave_the_engine_usable, dropped_events_leave_the_engine_usable }
    Processes { dropped_streams_leave_the_engine_usable, a_reader_that_is_slow_loses_nothing }
}

/// How many of each are dropped: more than a client would keep connections.
const MANY: usize = 24;

async fn many_containers_at_once(stage: &Stage) -> Check {
    let key = format!("{}.key", stage.prefix);
    let specs: Vec<_> = (0..12).map(|n| stage.idle_spec(&format!("c{n}")).with_label(&key, "x")).collect();
    for id in join_all(specs.iter().map(|spec| stage.start(spec))).await {
        id?;
    }
    let running = ContainerFilter::default().with_label(&key, "x");
    let list = stage.runtime.list_containers(&running).await?;
    ensure_eq!(list.len(), specs.len());
    let removals = list.iter().map(|c| stage.runtime.remove_container(&c.id, RemoveContainer::forced()));
    for removed in join_all(removals).await {
        removed?;
    }
    ensure_eq!(stage.runtime.list_containers(&ContainerFilter::all().with_label(&key, "x")).await?.len(), 0);
    Ok(())
}

/// The engine still answers, and soon.
async fn is_usable(stage: &Stage, container: &str) -> Check {
    let calls = async {
        stage.runtime.ping().await?;
        stage.runtime.inspect_container(container).await?;
        if stage.runs_processes {
            ensure_eq!(stage.exec_script(container, "echo fine").await?.text()?, "fine");
        }
        Check::Ok(())
    };
    match timeout(Duration::from_secs(20), calls).await {
        Ok(done) => done,
        Err(_) => fail!("the engine did not answer within 20 s"),
    }
}

async fn dropped_waits_leave_the_engine_usable(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let waits = (0..MANY).map(|_| stage.runtime.wait_container(&id, WaitCondition::NotRunning));
    let dropped = timeout(Duration::from_millis(300), join_all(waits)).await;
    ensure!(dropped.is_err(), "a wait ended");
    is_usable(stage, &id).await
}

async fn dropped_events_leave_the_engine_usable(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    for _ in 0..MANY {
        drop(stage.runtime.events(&EventFilter::default()).await?);
    }
    is_usable(stage, &id).await
}

async fn dropped_streams_leave_the_engine_usable(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "while :; do echo line; sleep 0.01; done")).await?;
    for _ in 0..MANY {
        let mut log = stage.runtime.logs(&id, &LogOptions::following()).await?;
        let first = timeout(Duration::from_secs(20), log.next()).await?;
        ensure!(first.is_some(), "the log ended");
    }
    for _ in 0..4 {
        let spec = ExecSpec::new(["sh", "-c", "echo first; exec sleep 60"]);
        let mut exec = stage.runtime.exec(&id, &spec).await?;
        let first = timeout(Duration::from_secs(20), exec.session.output.next()).await?;
        ensure!(first.is_some(), "the output ended");
        drop(exec);
        let begun = stage.runtime.exec(&id, &spec);
        // Dropped while it is being started.
        let _ = timeout(Duration::from_millis(1), begun).await;
    }
    is_usable(stage, &id).await
}

async fn a_reader_that_is_slow_loses_nothing(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let exec = stage.runtime.exec(&id, &ExecSpec::new(["seq", "1", "200000"])).await?;
    let mut output = exec.session.output;
    let mut text = Vec::new();
    let mut chunks = 0;
    while let Some(chunk) = output.next().await {
        text.extend_from_slice(&chunk?.bytes);
        chunks += 1;
        if chunks < 20 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let text = String::from_utf8_lossy(&text);
    ensure_eq!(text.lines().count(), 200_000);
    ensure_eq!(text.lines().last(), Some("200000"));
    Ok(())
}
