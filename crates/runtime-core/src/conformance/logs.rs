//! Logs.

use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;

use super::stage::{Check, Stage, drain};
use crate::LogOptions;

cases! {
    Nothing {
        logs_of_missing, logs_of_created_are_empty, logs_split_their_streams, logs_tail, logs_timestamps,
        logs_follow_to_the_end, logs_of_one_stream,
    }
    Processes {
        logs_timestamps_of_entries, logs_since, logs_are_whole, logs_follow_as_it_is_written,
        logs_follow_only_what_is_new, logs_without_a_line_end,
    }
}

/// A container that has written and ended.
async fn written(stage: &Stage, suffix: &str, script: &str) -> Check<String> {
    let id = stage.start(&stage.script(suffix, script)).await?;
    stage.runtime.wait_container(&id, Default::default()).await?;
    Ok(id)
}

async fn logs_of_missing(stage: &Stage) -> Check {
    let none = stage.name("none");
    ensure_error!(stage.runtime.logs(&none, &LogOptions::default()).await.map(drop), NotFound);
    Ok(())
}

async fn logs_of_created_are_empty(stage: &Stage) -> Check {
    let id = stage.create(&stage.idle_spec("c")).await?;
    let log = stage.logs(&id, &LogOptions::default()).await?;
    ensure_eq!((log.out.as_str(), log.err.as_str()), ("", ""));
    Ok(())
}

async fn logs_split_their_streams(stage: &Stage) -> Check {
    let id = written(stage, "c", "echo out; echo err >&2").await?;
    let log = stage.logs(&id, &LogOptions::default()).await?;
    ensure_eq!((log.out.as_str(), log.err.as_str()), ("out\n", "err\n"));
    Ok(())
}

async fn logs_of_one_stream(stage: &Stage) -> Check {
    let id = written(stage, "c", "echo out; echo err >&2").await?;
    let options = LogOptions { stdout: false, ..LogOptions::default() };
    let log = stage.logs(&id, &options).await?;
    ensure_eq!((log.out.as_str(), log.err.as_str()), ("", "err\n"));
    Ok(())
}

async fn logs_tail(stage: &Stage) -> Check {
    let id = written(stage, "c", "echo 1; echo 2; echo 3; echo 4").await?;
    for (tail, expected) in [(0, ""), (1, "4\n"), (3, "2\n3\n4\n"), (99, "1\n2\n3\n4\n")] {
        let options = LogOptions { tail: Some(tail), ..LogOptions::default() };
        ensure_eq!(stage.logs(&id, &options).await?.out, expected, "the last {tail}");
    }
    Ok(())
}

async fn logs_timestamps(stage: &Stage) -> Check {
    let id = written(stage, "c", "echo one; echo two").await?;
    let options = LogOptions { timestamps: true, ..LogOptions::default() };
    let log = stage.logs(&id, &options).await?.out;
    for (line, expected) in log.lines().zip(["one", "two"]) {
        let Some((time, text)) = line.split_once(' ') else { fail!("no time in {line:?}") };
        ensure_eq!(text, expected);
        let like = time.len() >= 20 && time.as_bytes()[10] == b'T' && time.starts_with("20");
        ensure!(like, "not a time: {time:?}");
    }
    ensure_eq!(log.lines().count(), 2);
    Ok(())
}

/// A long line has several entries, and each begins with a time.
async fn logs_timestamps_of_entries(stage: &Stage) -> Check {
    let id = written(stage, "c", "head -c 40000 /dev/zero | tr '\\0' y; echo; echo two").await?;
    let options = LogOptions { timestamps: true, ..LogOptions::default() };
    let mut log = stage.runtime.logs(&id, &options).await?;
    let mut entries: Vec<Vec<u8>> = Vec::new();
    while let Some(chunk) = log.next().await {
        let chunk = chunk?;
        if chunk.begins {
            entries.push(Vec::new());
        }
        let Some(entry) = entries.last_mut() else { fail!("the first chunk begins no entry") };
        entry.extend_from_slice(&chunk.bytes);
    }
    let mut text = Vec::new();
    for entry in &entries {
        let Some(space) = entry.iter().position(|byte| *byte == b' ') else {
            fail!("an entry without a time")
        };
        ensure!(entry[..space].ends_with(b"Z"), "not a time: {:?}", String::from_utf8_lossy(&entry[..space]));
        text.extend_from_slice(&entry[space + 1..]);
    }
    ensure_eq!(text.len(), 40_000 + "\ntwo\n".len());
    ensure!(text.ends_with(b"y\ntwo\n") && text.starts_with(b"yyy"), "other text");
    Ok(())
}

async fn logs_follow_to_the_end(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "echo one; sleep 0.5; echo two")).await?;
    let log = drain(stage.runtime.logs(&id, &LogOptions::following()).await?);
    let log = tokio::time::timeout(Duration::from_secs(30), log).await??;
    ensure_eq!(log.out, "one\ntwo\n");
    // Of one that has ended.
    let log = drain(stage.runtime.logs(&id, &LogOptions::following()).await?);
    ensure_eq!(tokio::time::timeout(Duration::from_secs(30), log).await??.out, "one\ntwo\n");
    Ok(())
}

async fn logs_since(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "echo old; sleep 3; echo new; sleep 600")).await?;
    let mut options = LogOptions::default();
    stage
        .until("the second line", || async {
            Ok(stage.logs(&id, &LogOptions::default()).await?.out.contains("new"))
        })
        .await?;
    options.since = Some(SystemTime::now() - Duration::from_millis(2000));
    ensure_eq!(stage.logs(&id, &options).await?.out, "new\n");
    options.since = Some(SystemTime::now() + Duration::from_secs(60));
    ensure_eq!(stage.logs(&id, &options).await?.out, "", "from a time to come");
    Ok(())
}

async fn logs_are_whole(stage: &Stage) -> Check {
    let id = written(stage, "c", "seq 1 20000").await?;
    let log = stage.logs(&id, &LogOptions::default()).await?.out;
    ensure_eq!(log.lines().count(), 20_000);
    ensure!(log.lines().enumerate().all(|(n, line)| line == (n + 1).to_string()), "lines are mixed up");
    Ok(())
}

async fn logs_follow_as_it_is_written(stage: &Stage) -> Check {
    let id = stage.start(&stage.script("c", "echo first; sleep 600")).await?;
    let mut log = stage.runtime.logs(&id, &LogOptions::following()).await?;
    let first = tokio::time::timeout(Duration::from_secs(20), log.next()).await?;
    let Some(first) = first else { fail!("the log ended") };
    ensure_eq!(first?.bytes.as_ref(), b"first\n");
    Ok(())
}

async fn logs_follow_only_what_is_new(stage: &Stage) -> Check {
    let script = "echo old; while ! test -e /tmp/go; do sleep 0.05; done; echo new";
    let id = stage.start(&stage.script("c", script)).await?;
    stage
        .until("the first line", || async {
            Ok(!stage.logs(&id, &LogOptions::default()).await?.out.is_empty())
        })
        .await?;
    let mut options = LogOptions::following();
    options.tail = Some(0);
    let log = stage.runtime.logs(&id, &options).await?;
    stage.exec_script(&id, "touch /tmp/go").await?;
    ensure_eq!(drain(log).await?.out, "new\n");
    Ok(())
}

async fn logs_without_a_line_end(stage: &Stage) -> Check {
    let id = written(stage, "c", "printf 'no end'").await?;
    ensure_eq!(stage.logs(&id, &LogOptions::default()).await?.out.trim_end(), "no end");
    Ok(())
}
