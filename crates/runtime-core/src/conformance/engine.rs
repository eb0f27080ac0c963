//! The engine itself.

use super::stage::{Check, Stage};

cases! {
    Nothing { engine_ping, engine_info, engine_offers_what_it_says }
}

async fn engine_ping(stage: &Stage) -> Check {
    stage.runtime.ping().await?;
    Ok(())
}

async fn engine_info(stage: &Stage) -> Check {
    let info = stage.runtime.info();
    let fields = [&info.name, &info.version, &info.api_version, &info.os, &info.arch, &info.endpoint];
    ensure!(fields.iter().all(|field| !field.is_empty()), "something is not told: {info:?}");
    ensure_eq!(info.os, "linux");
    ensure!(info.version.starts_with(|c: char| c.is_ascii_digit()), "not a version: {}", info.version);
    Ok(())
}

async fn engine_offers_what_it_says(stage: &Stage) -> Check {
    let says = stage.runtime.capabilities().checkpoint;
    ensure_eq!(stage.runtime.checkpoint().is_some(), says, "checkpoint() and capabilities().checkpoint");
    Ok(())
}
