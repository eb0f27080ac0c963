//! Waiting.

use std::time::Duration;

use super::stage::{Check, Stage};
use crate::{RemoveContainer, WaitCondition};

cases! {
    Nothing {
        wait_for_an_exit, wait_of_exited_returns_at_once, wait_of_created_returns_at_once, wait_for_the_next_exit,
        wait_for_removal, wait_of_missing, wait_by_many,
    }
}

async fn wait_for_an_exit(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "sleep 0.5; exit 7")).await?;
    ensure_eq!(stage.runtime.wait_container(&id, WaitCondition::NotRunning).await?.code, 7);
    Ok(())
}

async fn wait_of_exited_returns_at_once(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "exit 5")).await?;
    for _ in 0..2 {
        ensure_eq!(stage.runtime.wait_container(&id, WaitCondition::NotRunning).await?.code, 5);
    }
    Ok(())
}

async fn wait_of_created_returns_at_once(stage: &Stage) -> Check {
    let id = stage.create(&stage.idle_spec("c")).await?;
    let wait = stage.runtime.wait_container(&id, WaitCondition::NotRunning);
    let status = tokio::time::timeout(Duration::from_secs(20), wait).await?;
    ensure_eq!(status?.code, 0);
    Ok(())
}

async fn wait_for_the_next_exit(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "sleep 1; exit 6")).await?;
    ensure_eq!(stage.runtime.wait_container(&id, WaitCondition::NextExit).await?.code, 6);
    Ok(())
}

async fn wait_for_removal(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let wait = stage.runtime.wait_container(&id, WaitCondition::Removed);
    let remove = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        stage.runtime.remove_container(&id, RemoveContainer::forced()).await
    };
    let (status, removed) = tokio::join!(wait, remove);
    removed?;
    status?;
    ensure_error!(stage.runtime.inspect_container(&id).await, NotFound);
    Ok(())
}

async fn wait_of_missing(stage: &Stage) -> Check {
    let none = stage.name("none");
    ensure_error!(stage.runtime.wait_container(&none, WaitCondition::NotRunning).await, NotFound);
    Ok(())
}

async fn wait_by_many(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "sleep 0.5; exit 2")).await?;
    let waits = (0..8).map(|_| stage.runtime.wait_container(&id, WaitCondition::NotRunning));
    for status in futures_util::future::join_all(waits).await {
        ensure_eq!(status?.code, 2);
    }
    Ok(())
}
