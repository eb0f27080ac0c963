//! Attach, and the terminal of a container.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

use super::stage::{Check, Stage, drain};
use crate::{AttachOptions, TerminalSize};

cases! {
    Nothing { attach_before_the_start_misses_nothing, attach_of_missing }
    Processes { attach_stdin, attach_with_logs, attach_tty, container_resize }
}

async fn attach_before_the_start_misses_nothing(stage: &Stage) -> Check {
    let id = stage.create(&stage.script("c", "echo out; echo err >&2; exit 3")).await?;
    let session = stage.runtime.attach(&id, &AttachOptions::default()).await?;
    ensure!(session.stdin.is_none(), "there is a stdin");
    stage.runtime.start_container(&id).await?;
    let finished = tokio::time::timeout(Duration::from_secs(30), drain(session.output)).await??;
    ensure_eq!((finished.out.as_str(), finished.err.as_str()), ("out\n", "err\n"));
    ensure_eq!(stage.runtime.wait_container(&id, Default::default()).await?.code, 3);
    Ok(())
}

async fn attach_of_missing(stage: &Stage) -> Check {
    let none = stage.name("none");
    ensure_error!(stage.runtime.attach(&none, &AttachOptions::default()).await.map(drop), NotFound);
    Ok(())
}

async fn attach_stdin(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "cat; echo end");
    spec.stdin_open = true;
    let id = stage.create(&spec).await?;
    let options = AttachOptions { stdin: true, ..AttachOptions::default() };
    let session = stage.runtime.attach(&id, &options).await?;
    stage.runtime.start_container(&id).await?;
    let Some(mut stdin) = session.stdin else { fail!("there is no stdin") };
    stdin.write_all(b"hello\n").await?;
    let mut output = session.output;
    let mut seen = String::new();
    while !seen.contains("hello\n") {
        match tokio::time::timeout(Duration::from_secs(20), output.next()).await? {
            Some(chunk) => seen.push_str(&String::from_utf8_lossy(&chunk?.bytes)),
            None => fail!("the output ended with {seen:?}"),
        }
    }
    Ok(())
}

async fn attach_with_logs(stage: &Stage) -> Check {
    let script = "echo before; while ! test -e /tmp/go; do sleep 0.05; done; echo after";
    let id = stage.start(&stage.script("c", script)).await?;
    stage
        .until("the first line", || async { Ok(!stage.logs(&id, &Default::default()).await?.out.is_empty()) })
        .await?;
    let options = AttachOptions { logs: true, ..AttachOptions::default() };
    let session = stage.runtime.attach(&id, &options).await?;
    stage.exec_script(&id, "touch /tmp/go").await?;
    ensure_eq!(drain(session.output).await?.out, "before\nafter\n");
    Ok(())
}

async fn attach_tty(stage: &Stage) -> Check {
    let mut spec = stage.script("c", "echo one; echo two >&2");
    spec.tty = true;
    let id = stage.create(&spec).await?;
    let session = stage.runtime.attach(&id, &AttachOptions::default()).await?;
    stage.runtime.start_container(&id).await?;
    let finished = drain(session.output).await?;
    ensure_eq!((finished.out.as_str(), finished.err.as_str()), ("one\r\ntwo\r\n", ""));
    Ok(())
}

async fn container_resize(stage: &Stage) -> Check {
    let script =
        "while :; do s=$(stty size); test \"$s\" = '11 77' && echo resized && exit 0; sleep 0.05; done";
    let mut spec = stage.script("c", script);
    spec.tty = true;
    let id = stage.start(&spec).await?;
    stage.runtime.resize_container(&id, TerminalSize { columns: 77, rows: 11 }).await?;
    let wait = stage.runtime.wait_container(&id, Default::default());
    ensure_eq!(tokio::time::timeout(Duration::from_secs(20), wait).await??.code, 0);
    Ok(())
}
