//! Calls that a state does not allow.

use super::stage::{Check, Stage};
use crate::{ContainerFilter, ContainerStatus, ExecSpec};

cases! {
    Nothing {
        state_pause_and_unpause, state_kill_of_stopped, state_pause_of_stopped, state_unpause_of_running,
        state_exec_in_paused, state_exec_in_stopped, state_paused_is_listed,
    }
}

async fn stopped(stage: &Stage) -> Check<String> {
    let id = stage.start(&stage.script("stopped", "exit 0")).await?;
    stage.runtime.wait_container(&id, Default::default()).await?;
    Ok(id)
}

async fn state_pause_and_unpause(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    stage.runtime.pause_container(&id).await?;
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.status, ContainerStatus::Paused);
    ensure_error!(stage.runtime.pause_container(&id).await, Conflict);
    stage.runtime.unpause_container(&id).await?;
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.status, ContainerStatus::Running);
    Ok(())
}

async fn state_kill_of_stopped(stage: &Stage) -> Check {
    let id = stopped(stage).await?;
    ensure_error!(stage.runtime.kill_container(&id, None).await, Conflict);
    Ok(())
}

async fn state_pause_of_stopped(stage: &Stage) -> Check {
    let id = stopped(stage).await?;
    ensure_error!(stage.runtime.pause_container(&id).await, Conflict);
    ensure_error!(stage.runtime.unpause_container(&id).await, Conflict);
    Ok(())
}

async fn state_unpause_of_running(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    ensure_error!(stage.runtime.unpause_container(&id).await, Conflict);
    Ok(())
}

async fn state_exec_in_paused(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    stage.runtime.pause_container(&id).await?;
    let refused = stage.runtime.exec(&id, &ExecSpec::new(["true"])).await.map(drop);
    stage.runtime.unpause_container(&id).await?;
    ensure_error!(refused, Conflict);
    Ok(())
}

async fn state_exec_in_stopped(stage: &Stage) -> Check {
    let id = stopped(stage).await?;
    ensure_error!(stage.runtime.exec(&id, &ExecSpec::new(["true"])).await.map(drop), Conflict);
    ensure_error!(stage.runtime.exec_detached(&id, &ExecSpec::new(["true"])).await, Conflict);
    let created = stage.create(&stage.idle_spec("created")).await?;
    ensure_error!(stage.runtime.exec(&created, &ExecSpec::new(["true"])).await.map(drop), Conflict);
    let none = stage.name("none");
    ensure_error!(stage.runtime.exec(&none, &ExecSpec::new(["true"])).await.map(drop), NotFound);
    Ok(())
}

async fn state_paused_is_listed(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    stage.runtime.pause_container(&id).await?;
    let mut filter = ContainerFilter::default();
    filter.names.push(stage.name("c"));
    let list = stage.runtime.list_containers(&filter).await?;
    stage.runtime.unpause_container(&id).await?;
    ensure_eq!(list.len(), 1, "a paused container is among those that run");
    ensure_eq!(list[0].status, ContainerStatus::Paused);
    Ok(())
}
