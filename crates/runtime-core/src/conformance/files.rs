//! Archives and processes.

use std::io::Read as _;

use tokio::io::AsyncReadExt as _;

use super::stage::{Check, Stage};
use crate::BoxReader;

cases! {
    Nothing { archive_of_missing_path, archive_of_missing_container, processes_of_stopped }
    Processes { archive_put_and_get, archive_put_keeps_modes, archive_put_into_missing_folder, processes_have_four_columns }
}

/// An archive of one file.
fn archive(name: &str, content: &[u8], mode: u32) -> Check<BoxReader> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(mode);
    archive.append_data(&mut header, name, content)?;
    Ok(Box::pin(std::io::Cursor::new(archive.into_inner()?)))
}

async fn archive_put_and_get(stage: &Stage) -> Check {
    let content = b"some bytes \0 and more".repeat(5000);
    for (suffix, running) in [("running", true), ("created", false)] {
        let id = stage.create(&stage.idle_spec(suffix)).await?;
        if running {
            stage.runtime.start_container(&id).await?;
        }
        stage.runtime.archive_put(&id, "/tmp", archive("in.bin", &content, 0o644)?).await?;
        let mut reader = stage.runtime.archive_get(&id, "/tmp/in.bin").await?;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await?;
        let mut archive = tar::Archive::new(bytes.as_slice());
        let mut found = Vec::new();
        for entry in archive.entries()? {
            let mut entry = entry?;
            let mut text = Vec::new();
            entry.read_to_end(&mut text)?;
            found.push((entry.path()?.to_string_lossy().into_owned(), text));
        }
        ensure!(found == [("in.bin".to_owned(), content.clone())], "the {suffix} one gives something else");
    }
    Ok(())
}

async fn archive_put_keeps_modes(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    stage.runtime.archive_put(&id, "/tmp", archive("script", b"#!/bin/sh\necho ran\n", 0o755)?).await?;
    ensure_eq!(stage.exec_script(&id, "/tmp/script && stat -c %a /tmp/script").await?.text()?, "ran\n755");
    Ok(())
}

async fn archive_put_into_missing_folder(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    let put = stage.runtime.archive_put(&id, "/no/such", archive("x", b"x", 0o644)?).await;
    ensure_error!(put, NotFound);
    Ok(())
}

async fn archive_of_missing_path(stage: &Stage) -> Check {
    let id = stage.idle("c").await?;
    ensure_error!(stage.runtime.archive_get(&id, "/no/such").await.map(drop), NotFound);
    Ok(())
}

async fn archive_of_missing_container(stage: &Stage) -> Check {
    let none = stage.name("none");
    ensure_error!(stage.runtime.archive_get(&none, "/etc").await.map(drop), NotFound);
    ensure_error!(stage.runtime.archive_put(&none, "/tmp", archive("x", b"x", 0o644)?).await, NotFound);
    Ok(())
}

async fn processes_have_four_columns(stage: &Stage) -> Check {
    let mut spec = stage.idle_spec("c");
    spec.user = Some("1234".into());
    let id = stage.start(&spec).await?;
    // For a moment it can still be the engine's own program.
    stage
        .until("the container's program is listed", async || {
            let (_, rows) = stage.runtime.processes(&id).await?;
            Ok(rows.iter().any(|row| row.iter().any(|cell| cell == "sleep 600")))
        })
        .await?;
    let (titles, rows) = stage.runtime.processes(&id).await?;
    ensure!(matches!(titles.first().map(String::as_str), Some("UID" | "USER")), "titles {titles:?}");
    ensure_eq!(titles[1..], ["PID", "PPID", "COMMAND"]);
    ensure_eq!(rows.len(), 1, "one process: {rows:?}");
    ensure_eq!(rows[0].len(), 4, "cells of {rows:?}");
    ensure_eq!((rows[0][0].as_str(), rows[0][3].as_str()), ("1234", "sleep 600"));
    Ok(())
}

async fn processes_of_stopped(stage: &Stage) -> Check {
    let id = stage.create(&stage.idle_spec("c")).await?;
    ensure_error!(stage.runtime.processes(&id).await, Conflict);
    ensure_error!(stage.runtime.processes(&stage.name("none")).await, NotFound);
    Ok(())
}
