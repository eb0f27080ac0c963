//! Mounts.

use super::stage::{Check, Stage};
use crate::{Mount, MountKind, RemoveContainer};

cases! {
    Nothing { mount_points_are_told, mount_anonymous_volume_goes_with_its_container }
    Processes {
        mount_volume_is_shared, mount_volume_read_only, mount_volume_copies_what_the_image_has, mount_tmpfs,
        mount_bind, mount_bind_read_only, mount_bind_of_missing_source,
    }
}

async fn mount_points_are_told(stage: &Stage) -> Check {
    let volume = stage.volume_spec("v").name;
    let spec = stage.idle_spec("c").with_mount(Mount::volume(&volume, "/data").read_only());
    let id = stage.create(&spec).await?;
    let mounts = stage.runtime.inspect_container(&id).await?.mounts;
    let Some(mount) = mounts.iter().find(|mount| mount.target == "/data") else {
        fail!("/data is not in {mounts:?}")
    };
    ensure_eq!(mount.kind, "volume");
    ensure_eq!(mount.name.as_deref(), Some(volume.as_str()));
    ensure!(mount.read_only, "it is told as writable");
    stage.runtime.inspect_volume(&volume).await?;
    Ok(())
}

async fn mount_anonymous_volume_goes_with_its_container(stage: &Stage) -> Check {
    let kind = MountKind::Volume { name: None, no_copy: false, subpath: None };
    for remove in [true, false] {
        let suffix = if remove { "goes" } else { "stays" };
        let id = stage.create(&stage.idle_spec(suffix).with_mount(Mount::new(kind.clone(), "/data"))).await?;
        let mounts = stage.runtime.inspect_container(&id).await?.mounts;
        let name = mounts.iter().find(|m| m.target == "/data").and_then(|m| m.name.clone());
        let Some(name) = name else { fail!("there is no volume in {mounts:?}") };
        let mut options = RemoveContainer::forced();
        options.volumes = remove;
        stage.runtime.remove_container(&id, options).await?;
        let there = stage.runtime.inspect_volume(&name).await;
        if remove {
            ensure_error!(there, NotFound);
        } else {
            there?;
            stage.runtime.remove_volume(&name, false).await?;
        }
    }
    Ok(())
}

async fn mount_volume_is_shared(stage: &Stage) -> Check {
    let volume = stage.volume_spec("v");
    stage.runtime.create_volume(&volume).await?;
    let mount = || Mount::volume(&volume.name, "/data");
    stage.output_of(&stage.script("writes", "echo kept > /data/file").with_mount(mount())).await?;
    let read = stage.output_of(&stage.script("reads", "cat /data/file").with_mount(mount())).await?;
    ensure_eq!(read, "kept");
    Ok(())
}

async fn mount_volume_read_only(stage: &Stage) -> Check {
    let volume = stage.volume_spec("v").name;
    let spec = stage.script("c", "touch /data/x").with_mount(Mount::volume(volume, "/data").read_only());
    let finished = stage.run(&spec).await?;
    ensure!(finished.err.contains("Read-only"), "it was written: {finished:?}");
    Ok(())
}

async fn mount_volume_copies_what_the_image_has(stage: &Stage) -> Check {
    let volume = stage.volume_spec("v").name;
    let spec =
        stage.script("c", "test -s /etc/passwd && echo there").with_mount(Mount::volume(volume, "/etc"));
    ensure_eq!(stage.output_of(&spec).await?, "there");
    let empty = stage.volume_spec("w").name;
    let kind = MountKind::Volume { name: Some(empty), no_copy: true, subpath: None };
    let spec = stage.script("d", "test -e /etc/passwd || echo empty").with_mount(Mount::new(kind, "/etc"));
    ensure_eq!(stage.output_of(&spec).await?, "empty");
    Ok(())
}

async fn mount_tmpfs(stage: &Stage) -> Check {
    let kind = MountKind::Tmpfs { size: Some(1 << 20), mode: Some(0o1770), options: Vec::new() };
    let script = "grep ' /mem ' /proc/mounts | cut -d' ' -f3,4; stat -c %a /mem";
    let spec = stage.script("c", script).with_mount(Mount::new(kind, "/mem"));
    let out = stage.output_of(&spec).await?;
    ensure!(out.starts_with("tmpfs ") && out.contains("size=1024k"), "mounted as {out:?}");
    ensure!(out.ends_with("1770"), "mode: {out:?}");
    Ok(())
}

/// A folder of the engine's host that is this case's own.
fn folder(stage: &Stage) -> String {
    format!("/tmp/{}", stage.prefix)
}

/// Removes the folder, through the engine, since it may not be on this machine.
async fn remove_folder(stage: &Stage) -> Check {
    let script = format!("rm -rf /host/{}", stage.prefix);
    stage.output_of(&stage.script("cleaner", &script).with_mount(Mount::bind("/tmp", "/host"))).await?;
    Ok(())
}

async fn mount_bind(stage: &Stage) -> Check {
    let writes =
        stage.script("writes", "echo kept > /data/file").with_mount(Mount::bind(folder(stage), "/data"));
    stage.output_of(&writes).await?;
    let reads = stage.script("reads", "cat /data/file").with_mount(Mount::bind(folder(stage), "/data"));
    let read = stage.output_of(&reads).await;
    let mounts = stage.runtime.inspect_container(&reads.name).await?.mounts;
    remove_folder(stage).await?;
    ensure_eq!(read?, "kept");
    ensure!(
        mounts.iter().any(|m| m.kind == "bind" && m.source == folder(stage) && m.target == "/data"),
        "told as {mounts:?}"
    );
    Ok(())
}

async fn mount_bind_read_only(stage: &Stage) -> Check {
    let mount = Mount::bind(folder(stage), "/data").read_only();
    let finished = stage.run(&stage.script("c", "touch /data/x").with_mount(mount)).await;
    remove_folder(stage).await?;
    let finished = finished?;
    ensure!(finished.err.contains("Read-only"), "it was written: {finished:?}");
    Ok(())
}

async fn mount_bind_of_missing_source(stage: &Stage) -> Check {
    let kind =
        MountKind::Bind { source: folder(stage), create_source: false, propagation: None, selinux: None };
    let spec = stage.script("c", "true").with_mount(Mount::new(kind, "/data"));
    // One engine sees it at the creation, another at the start.
    let refused = match stage.runtime.create_container(&spec).await {
        Err(error) => Err(error),
        Ok(id) => stage.runtime.start_container(&id).await,
    };
    if refused.is_ok() {
        remove_folder(stage).await?;
    }
    let error = ensure_error!(refused, InvalidRequest | NotFound | Engine);
    ensure!(error.reason().contains(&folder(stage)), "the reason does not name the path: {error}");
    Ok(())
}
