//! Processes started in containers.

use futures_util::StreamExt as _;
use http_endpoint::EnvList;
use libpod_api::exec::{
    ContainerExec, ExecCreateRequest, ExecDetachOptions, ExecInspect, ExecRemove, ExecRemoveOptions,
    ExecResize, ExecStart, ExecStartDetached, ExecStartOptions,
};
use sock_transport::codec::StreamKind;
use tokio::io::AsyncWriteExt as _;
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use super::made;
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("c"), t.name("nobody"));
    made::create(t, made::spec(t, &name)).await?;
    t.refused(&ContainerExec::new(&name, shell("true")), 500).await?;
    t.client().send(&libpod_api::containers::ContainerStart::new(&name)).await?;
    t.refused(&ContainerExec::new(&nobody, shell("true")), 404).await?;

    streams(t, &name).await?;
    terminal(t, &name).await?;
    detached(t, &name).await?;

    t.refused(&ExecStart::new("abc", ExecStartOptions::new()), 404).await?;
    t.refused(&ExecStartDetached::new("abc", ExecDetachOptions::new()), 404).await?;
    t.refused(&ExecInspect::new("abc"), 404).await?;
    t.refused(&ExecResize::new("abc").with_h(24).with_w(80), 404).await?;
    if t.version() >= (5, 0) {
        t.refused(&ExecRemove::new("abc", ExecRemoveOptions::new()), 404).await?;
    }
    Ok(())
}

/// Input, both outputs, and an exit code.
async fn streams(t: &mut Tour, name: &str) -> TestResult {
    let request = shell("cat; echo $COLOUR $PWD $(id -u) >&2; exit 5")
        .with_attach_stdin(true)
        .with_attach_stdout(true)
        .with_attach_stderr(true)
        .with_env(["COLOUR=blue"].into_iter().collect::<EnvList>())
        .with_working_dir("/tmp")
        .with_user("7:8");
    let id = t.call(&ContainerExec::new(name, request)).await?.id;
    let state = t.call(&ExecInspect::new(&id)).await?;
    same!((state.running, state.exit_code, state.open_stdin), (false, 0, true));
    same!((state.process_config.entrypoint.as_str(), state.process_config.user.as_str()), ("sh", "7:8"));

    let session = t.client().session(ExecStart::new(&id, ExecStartOptions::new())).await?;
    t.called::<ExecStart>();
    let (mut input, mut output, control) = session.into_parts();
    input.write_all(b"hello").await?;
    input.shutdown().await?;
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        if chunk.stream == StreamKind::Stderr { &mut stderr } else { &mut stdout }.extend(chunk.bytes);
    }
    same!(
        (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)),
        ("hello".into(), "blue /tmp 7\n".into())
    );
    same!(control.wait().await?, 5);
    let state = t.call(&ExecInspect::new(&id)).await?;
    same!((state.running, state.exit_code, state.id), (false, 5, id));
    Ok(())
}

/// A terminal and its size.
async fn terminal(t: &mut Tour, name: &str) -> TestResult {
    let request =
        shell("read line; stty size").with_attach_stdin(true).with_attach_stdout(true).with_tty(true);
    let id = t.call(&ContainerExec::new(name, request)).await?.id;
    let session = t.client().session(ExecStart::new(&id, ExecStartOptions::new().with_tty(true))).await?;
    let (mut input, mut output, control) = session.into_parts();
    control.resize(33, 99).await?;
    t.call(&ExecResize::new(&id).with_h(33).with_w(99)).await?;
    input.write_all(b"\n").await?;
    let mut all = Vec::new();
    while let Some(chunk) = output.next().await {
        all.extend(chunk?.bytes);
    }
    holds!(String::from_utf8_lossy(&all).contains("33 99"), "{:?}", String::from_utf8_lossy(&all));
    same!(control.wait().await?, 0);
    Ok(())
}

/// One that is left alone, and forgotten while it runs.
async fn detached(t: &mut Tour, name: &str) -> TestResult {
    let request = ExecCreateRequest::new(vec!["sleep".to_owned(), "600".to_owned()]).with_attach_stdout(true);
    let id = t.call(&ContainerExec::new(name, request)).await?.id;
    t.call(&ExecStartDetached::new(&id, ExecDetachOptions::new())).await?;
    let state = t.call(&ExecInspect::new(&id)).await?;
    holds!(state.running && state.pid > 1, "{state:?}");
    if t.version() >= (5, 0) {
        t.call(&ExecRemove::new(&id, ExecRemoveOptions::new().with_force(true))).await?;
        t.refused(&ExecInspect::new(&id), 404).await?;
    }
    Ok(())
}

fn shell(script: &str) -> ExecCreateRequest {
    ExecCreateRequest::new(["sh", "-c", script].map(str::to_owned).to_vec())
}
