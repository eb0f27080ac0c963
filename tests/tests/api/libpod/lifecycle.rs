//! Starting, stopping and freezing containers.

use libpod_api::containers::{
    ContainerInit, ContainerInspect, ContainerKill, ContainerPause, ContainerResize, ContainerRestart,
    ContainerStart, ContainerState, ContainerStop, ContainerUnpause,
};
use wharf_tests::harness::TestResult;

use super::helper::same;
use super::made;
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("c"), t.name("nobody"));
    made::create(t, made::spec(t, &name).with_terminal(true)).await?;
    state(t, &name, ContainerState::Created).await?;

    // What it does not do in this state.
    let not_running = if t.version() >= (4, 6) { 409 } else { 500 };
    t.refused(&ContainerKill::new(&name), not_running).await?;
    t.refused(&ContainerPause::new(&name), 500).await?;
    t.refused(&ContainerUnpause::new(&name), 500).await?;
    t.refused(&ContainerResize::new(&name).with_h(24).with_w(80), 409).await?;

    t.call(&ContainerInit::new(&name)).await?;
    state(t, &name, ContainerState::Initialized).await?;
    t.call(&ContainerStart::new(&name).with_detach_keys("ctrl-x")).await?;
    state(t, &name, ContainerState::Running).await?;
    // A second time is 304, which is a success.
    t.call(&ContainerInit::new(&name)).await?;
    t.call(&ContainerStart::new(&name)).await?;
    t.call(&ContainerResize::new(&name).with_h(24).with_w(80)).await?;

    t.call(&ContainerPause::new(&name)).await?;
    state(t, &name, ContainerState::Paused).await?;
    t.call(&ContainerUnpause::new(&name)).await?;
    state(t, &name, ContainerState::Running).await?;
    t.call(&ContainerRestart::new(&name).with_timeout(1)).await?;
    state(t, &name, ContainerState::Running).await?;

    t.call(&ContainerStop::new(&name).with_timeout(1)).await?;
    state(t, &name, ContainerState::Exited).await?;
    t.call(&ContainerStop::new(&name).with_ignore(true)).await?;
    t.call(&ContainerStart::new(&name)).await?;
    t.call(&ContainerKill::new(&name).with_signal("SIGKILL")).await?;

    t.refused(&ContainerInit::new(&nobody), 404).await?;
    t.refused(&ContainerStart::new(&nobody), 404).await?;
    t.refused(&ContainerStop::new(&nobody), 404).await?;
    t.refused(&ContainerRestart::new(&nobody), 404).await?;
    Ok(())
}

async fn state(t: &mut Tour, name: &str, expected: ContainerState) -> TestResult {
    same!(t.call(&ContainerInspect::new(name)).await?.state.status, expected);
    Ok(())
}
