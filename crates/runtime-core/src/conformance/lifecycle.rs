//! Starting, stopping and removing.

use std::time::{Duration, Instant};

use super::stage::{Check, Stage};
use crate::{ContainerStatus, RemoveContainer, StopOptions, WaitCondition};

cases! {
    Nothing {
        start_is_idempotent, start_of_missing, stop_is_idempotent, stop_of_missing, restart_of_running_and_stopped,
        rename, rename_to_a_taken_name, remove_of_missing, remove_running_needs_force, inspect_of_missing,
        kill_ends_it, exit_code_is_kept,
    }
    Processes {
        start_of_missing_command, stop_signal_of_the_container, stop_signal_of_the_call, stop_kills_after_its_timeout, stop_timeout_of_the_container,
        kill_sends_any_signal,
    }
}

async fn start_is_idempotent(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let first = stage.runtime.inspect_container(&id).await?.state;
    ensure_eq!(first.status, ContainerStatus::Running);
    ensure!(first.pid > 0 && first.started_at.is_some(), "its state is {first:?}");
    stage.runtime.start_container(&id).await?;
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.pid, first.pid, "the process");
    Ok(())
}

async fn start_of_missing(stage: &Stage) -> Check {
    let error = ensure_error!(stage.runtime.start_container(&stage.name("none")).await, NotFound);
    ensure_eq!(error.subject(), Some(stage.name("none").as_str()));
    Ok(())
}

async fn start_of_missing_command(stage: &Stage) -> Check {
    let id = stage.create(&stage.command("c", ["/no/such/program"])).await?;
    let Err(error) = stage.runtime.start_container(&id).await else { fail!("it was started") };
    ensure!(error.reason().contains("/no/such/program"), "the reason does not name it: {error}");
    let state = stage.runtime.inspect_container(&id).await?.state;
    ensure!(state.status != ContainerStatus::Running, "it runs");
    Ok(())
}

async fn stop_is_idempotent(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let at_once = StopOptions::within(Duration::ZERO);
    stage.runtime.stop_container(&id, &at_once).await?;
    let state = stage.runtime.inspect_container(&id).await?.state;
    ensure_eq!((state.status, state.pid), (ContainerStatus::Exited, 0));
    ensure!(state.finished_at.is_some(), "no time of its end");
    stage.runtime.stop_container(&id, &at_once).await?;
    let created = stage.create(&stage.idle_spec("d")).await?;
    stage.runtime.stop_container(&created, &at_once).await?;
    Ok(())
}

async fn stop_of_missing(stage: &Stage) -> Check {
    let none = stage.name("none");
    ensure_error!(stage.runtime.stop_container(&none, &StopOptions::default()).await, NotFound);
    ensure_error!(stage.runtime.restart_container(&none, &StopOptions::default()).await, NotFound);
    ensure_error!(stage.runtime.kill_container(&none, None).await, NotFound);
    ensure_error!(stage.runtime.pause_container(&none).await, NotFound);
    ensure_error!(stage.runtime.rename_container(&none, "x").await, NotFound);
    Ok(())
}

/// A script that ends with a code at each signal, and says when it is ready.
const TRAPS: &str = "trap 'exit 15' TERM; trap 'exit 10' USR1; echo ready; while :; do sleep 0.05; done";

async fn trapping(stage: &Stage, spec: &crate::ContainerSpec) -> Check<String> {
    let id = stage.start(spec).await?;
    stage
        .until("the script is ready", || async {
            Ok(stage.logs(&id, &Default::default()).await?.out.contains("ready"))
        })
        .await?;
    Ok(id)
}

async fn stop_signal_of_the_container(stage: &Stage) -> Check {
    let mut spec = stage.script("c", TRAPS);
    spec.stop_signal = Some("SIGUSR1".into());
    let id = trapping(stage, &spec).await?;
    ensure_eq!(stage.runtime.inspect_container(&id).await?.stop_signal.as_deref(), Some("SIGUSR1"));
    stage.runtime.stop_container(&id, &StopOptions::default()).await?;
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.exit_code, 10);
    Ok(())
}

async fn stop_signal_of_the_call(stage: &Stage) -> Check {
    let id = trapping(stage, &stage.script("plain", TRAPS)).await?;
    stage.runtime.stop_container(&id, &StopOptions::within(Duration::from_secs(20))).await?;
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.exit_code, 15);
    Ok(())
}

async fn stop_kills_after_its_timeout(stage: &Stage) -> Check {
    let id = trapping(stage, &stage.script("c", "trap '' TERM; echo ready; sleep 600")).await?;
    let begin = Instant::now();
    stage.runtime.stop_container(&id, &StopOptions::within(Duration::from_secs(1))).await?;
    let took = begin.elapsed();
    ensure!(took >= Duration::from_millis(900) && took < Duration::from_secs(8), "it took {took:?}");
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.exit_code, 137);
    Ok(())
}

async fn stop_timeout_of_the_container(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "trap '' TERM; echo ready; sleep 600");
    spec.stop_timeout = Some(Duration::from_secs(1));
    let id = trapping(stage, &spec).await?;
    let begin = Instant::now();
    stage.runtime.stop_container(&id, &StopOptions::default()).await?;
    let took = begin.elapsed();
    ensure!(took >= Duration::from_millis(900) && took < Duration::from_secs(8), "it took {took:?}");
    Ok(())
}

async fn restart_of_running_and_stopped(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let before = stage.runtime.inspect_container(&id).await?.state;
    let at_once = StopOptions::within(Duration::ZERO);
    stage.runtime.restart_container(&id, &at_once).await?;
    let after = stage.runtime.inspect_container(&id).await?.state;
    ensure_eq!(after.status, ContainerStatus::Running);
    ensure!(after.pid != before.pid, "it is still process {}", after.pid);
    stage.runtime.stop_container(&id, &at_once).await?;
    stage.runtime.restart_container(&id, &at_once).await?;
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.status, ContainerStatus::Running);
    Ok(())
}

async fn rename(stage: &Stage) -> Check {
    let id = stage.idle("old").await?;
    stage.runtime.rename_container(&stage.name("old"), &stage.name("new")).await?;
    let info = stage.runtime.inspect_container(&stage.name("new")).await?;
    ensure_eq!((info.id, info.name), (id, stage.name("new")));
    ensure_error!(stage.runtime.inspect_container(&stage.name("old")).await, NotFound);
    Ok(())
}

async fn rename_to_a_taken_name(stage: &Stage) -> Check {
    stage.create(&stage.idle_spec("a")).await?;
    stage.create(&stage.idle_spec("b")).await?;
    ensure_error!(stage.runtime.rename_container(&stage.name("a"), &stage.name("b")).await, Conflict);
    Ok(())
}

async fn remove_of_missing(stage: &Stage) -> Check {
    let none = stage.name("none");
    ensure_error!(stage.runtime.remove_container(&none, RemoveContainer::default()).await, NotFound);
    ensure_error!(stage.runtime.remove_container(&none, RemoveContainer::forced()).await, NotFound);
    Ok(())
}

async fn remove_running_needs_force(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    ensure_error!(stage.runtime.remove_container(&id, RemoveContainer::default()).await, Conflict);
    ensure_eq!(stage.runtime.inspect_container(&id).await?.state.status, ContainerStatus::Running);
    stage.runtime.remove_container(&id, RemoveContainer::forced()).await?;
    ensure_error!(stage.runtime.inspect_container(&id).await, NotFound);
    Ok(())
}

async fn inspect_of_missing(stage: &Stage) -> Check {
    let error = ensure_error!(stage.runtime.inspect_container(&stage.name("none")).await, NotFound);
    ensure!(error.to_string().contains(&stage.name("none")), "the error does not name it: {error}");
    Ok(())
}

async fn kill_ends_it(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    stage.runtime.kill_container(&id, None).await?;
    let status = stage.runtime.wait_container(&id, WaitCondition::NotRunning).await?;
    ensure_eq!(status.code, 137);
    Ok(())
}

async fn kill_sends_any_signal(stage: &Stage) -> Check {
    let id = trapping(stage, &stage.script("c", TRAPS)).await?;
    stage.runtime.kill_container(&id, Some("SIGUSR1")).await?;
    ensure_eq!(stage.runtime.wait_container(&id, WaitCondition::NotRunning).await?.code, 10);
    let id = trapping(stage, &stage.script("d", TRAPS)).await?;
    stage.runtime.kill_container(&id, Some("15")).await?;
    ensure_eq!(stage.runtime.wait_container(&id, WaitCondition::NotRunning).await?.code, 15);
    Ok(())
}

async fn exit_code_is_kept(stage: &Stage) -> Check {
    for code in [0, 3, 125] {
        let id = stage.start(&stage.script(&format!("c{code}"), &format!("exit {code}"))).await?;
        ensure_eq!(stage.runtime.wait_container(&id, WaitCondition::NotRunning).await?.code, code);
        let state = stage.runtime.inspect_container(&id).await?.state;
        ensure_eq!((state.status, state.exit_code), (ContainerStatus::Exited, code));
    }
    Ok(())
}
