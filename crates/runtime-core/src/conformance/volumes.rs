//! Volumes.

use super::stage::{Check, Stage};
use crate::{Mount, RemoveContainer, VolumeFilter};

cases! {
    Nothing {
        volume_create_inspect_remove, volume_create_is_idempotent, volume_of_missing, volume_in_use_is_kept,
        volume_is_removed_by_its_whole_name,
    }
    Processes { volume_keeps_its_content }
}

async fn volume_create_inspect_remove(stage: &Stage) -> Check {
    let spec = stage.volume_spec("v").with_label("k", "v=w");
    let made = stage.runtime.create_volume(&spec).await?;
    ensure_eq!((made.name.as_str(), made.driver.as_str()), (spec.name.as_str(), "local"));
    let info = stage.runtime.inspect_volume(&spec.name).await?;
    ensure_eq!(info.labels.get("k").map(String::as_str), Some("v=w"));
    ensure!(info.mountpoint.starts_with('/'), "it is at {:?}", info.mountpoint);
    let list = stage
        .runtime
        .list_volumes(&VolumeFilter::default().with_name(&spec.name).with_label("k", "v=w"))
        .await?;
    ensure_eq!(list.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(), [spec.name.as_str()]);
    stage.runtime.remove_volume(&spec.name, false).await?;
    ensure_error!(stage.runtime.inspect_volume(&spec.name).await, NotFound);
    Ok(())
}

async fn volume_create_is_idempotent(stage: &Stage) -> Check {
    let spec = stage.volume_spec("v").with_label("k", "first");
    stage.runtime.create_volume(&spec).await?;
    let again = stage.runtime.create_volume(&stage.volume_spec("v").with_label("k", "first")).await?;
    ensure_eq!(again.name, spec.name);
    Ok(())
}

async fn volume_of_missing(stage: &Stage) -> Check {
    ensure_error!(stage.runtime.inspect_volume(&stage.name("none")).await, NotFound);
    ensure_error!(stage.runtime.remove_volume(&stage.name("none"), false).await, NotFound);
    Ok(())
}

async fn volume_in_use_is_kept(stage: &Stage) -> Check {
    let volume = stage.volume_spec("v").name;
    let id = stage.create(&stage.idle_spec("c").with_mount(Mount::volume(&volume, "/data"))).await?;
    ensure_error!(stage.runtime.remove_volume(&volume, false).await, Conflict);
    stage.runtime.inspect_volume(&volume).await?;
    stage.runtime.remove_container(&id, RemoveContainer::forced().with_volumes()).await?;
    stage.runtime.inspect_volume(&volume).await?;
    stage.runtime.remove_volume(&volume, false).await?;
    Ok(())
}

async fn volume_is_removed_by_its_whole_name(stage: &Stage) -> Check {
    let long = stage.volume_spec("data-and-more");
    stage.runtime.create_volume(&long).await?;
    // A part of its name, and a name that only a pattern would match.
    for wrong in [stage.name("data"), stage.name("data_and_more")] {
        ensure_error!(stage.runtime.remove_volume(&wrong, false).await, NotFound);
        ensure_error!(stage.runtime.inspect_volume(&wrong).await, NotFound);
    }
    stage.runtime.inspect_volume(&long.name).await?;
    Ok(())
}

async fn volume_keeps_its_content(stage: &Stage) -> Check {
    let volume = stage.volume_spec("v").name;
    let writer = stage.script("w", "echo kept > /data/file").with_mount(Mount::volume(&volume, "/data"));
    stage.output_of(&writer).await?;
    stage.runtime.remove_container(&writer.name, RemoveContainer::forced().with_volumes()).await?;
    let reader = stage.script("r", "cat /data/file").with_mount(Mount::volume(&volume, "/data"));
    ensure_eq!(stage.output_of(&reader).await?, "kept");
    Ok(())
}
