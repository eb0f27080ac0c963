//! Processes in containers.

use std::time::Duration;

use docker_api::exec::{
    ExecConfig, ExecCreate, ExecDetachedConfig, ExecInspect, ExecResize, ExecStart, ExecStartConfig,
    ExecStartDetached,
};
use futures_util::StreamExt as _;
use sock_transport::codec::StreamKind;
use tokio::io::AsyncWriteExt as _;
use wharf_tests::harness::TestResult;

use super::helper::{holds, same, sleeper, words};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("c"), t.name("nobody"));
    let id = sleeper(t, &name).await?;

    let config = ExecConfig::new(words(["sh", "-c", "read line; echo $A $line; echo err >&2; exit 3"]))
        .with_attach_stdin(true)
        .with_attach_stdout(true)
        .with_attach_stderr(true)
        .with_env(["A=got"].into_iter().collect::<docker_api::EnvList>())
        .with_user("0")
        .with_working_dir("/tmp")
        .with_privileged(true);
    let exec = t.call(&ExecCreate::new(&name, config)).await?.id;
    t.refused(&ExecCreate::new(&nobody, ExecConfig::new(words(["true"]))), 404).await?;
    let session = t.client().session(ExecStart::new(&exec, ExecStartConfig::attached(false))).await?;
    t.called::<ExecStart>();
    let (mut input, mut output, control) = session.into_parts();
    let running = t.call(&ExecInspect::new(&exec)).await?;
    same!((running.container_id.as_str(), running.exit_code), (id.as_str(), None));
    same!(
        (running.process_config.entrypoint.as_str(), running.process_config.privileged),
        ("sh", Some(true))
    );
    holds!(running.open_stdin && running.open_stdout && running.open_stderr && !running.process_config.tty);
    input.write_all(b"this\n").await?;
    let mut text = Vec::new();
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        text.push((chunk.stream == StreamKind::Stderr, String::from_utf8(chunk.bytes.to_vec())?));
    }
    text.sort();
    same!(text, [(false, "got this\n".to_owned()), (true, "err\n".to_owned())]);
    same!(control.wait_within(Duration::from_secs(20)).await?, 3);
    same!(t.call(&ExecInspect::new(&exec)).await?.exit_code, Some(3));
    t.refused(&ExecInspect::new(&nobody), 404).await?;
    t.refused(&ExecStart::new(&nobody, ExecStartConfig::attached(false)), 404).await?;

    // With a terminal.
    let config = ExecConfig::new(words(["sh", "-c", "read line; stty size"])).with_tty(true);
    let config = config.with_attach_stdin(true).with_attach_stdout(true).with_console_size([24, 80]);
    let exec = t.call(&ExecCreate::new(&name, config)).await?.id;
    let start = ExecStartConfig::attached(true).with_size(25, 81);
    let (mut input, mut output, control) =
        t.client().session(ExecStart::new(&exec, start)).await?.into_parts();
    control.resize(30, 100).await?;
    t.call(&ExecResize::new(&exec, 31_u16, 101_u16)).await?;
    t.refused(&ExecResize::new(&nobody, 31_u16, 101_u16), 404).await?;
    input.write_all(b"\n").await?;
    let mut text = String::new();
    while let Some(chunk) = output.next().await {
        text.push_str(std::str::from_utf8(&chunk?.bytes)?);
    }
    holds!(text.contains("31 101"), "{text}");

    let config = ExecConfig::new(words(["true"]));
    let exec = t.call(&ExecCreate::new(&name, config)).await?.id;
    t.call(&ExecStartDetached::new(&exec, ExecDetachedConfig::new(false))).await?;
    t.refused(&ExecStartDetached::new(&nobody, ExecDetachedConfig::new(false)), 404).await?;
    Ok(())
}
