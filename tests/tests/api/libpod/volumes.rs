//! Volumes.

use std::collections::BTreeMap;

use http_endpoint::{Filters, SecretMap};
use libpod_api::volumes::{
    VolumeCreate, VolumeCreateOptions, VolumeExists, VolumeExport, VolumeImport, VolumeInspect, VolumeList,
    VolumePrune, VolumeRemove,
};
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("v"), t.name("nobody"));
    let (key, value) = t.label();
    let mine = Filters::new().with("label", format!("{key}={value}"));
    let labels = BTreeMap::from([(key, value)]);

    t.finally(VolumeRemove::new(&name).with_force(true).with_timeout(0_u32));
    let options = VolumeCreateOptions::new().with_name(&*name).with_labels(labels.clone());
    let made = t.call(&VolumeCreate::new(options.clone())).await?;
    same!((made.name.as_str(), made.driver.as_str(), made.scope.as_str()), (&*name, "local", "local"));
    holds!(made.created_at.time().is_some() && !made.mountpoint.is_empty() && !made.anonymous);
    same!(made.labels, labels);
    t.refused(&VolumeCreate::new(options.clone()), 500).await?;
    if t.version() >= (4, 4) {
        t.call(&VolumeCreate::new(options.with_ignore_if_exists(true))).await?;
    }

    same!(t.call(&VolumeInspect::new(&name)).await?.mountpoint, made.mountpoint);
    t.refused(&VolumeInspect::new(&nobody), 404).await?;
    t.call(&VolumeExists::new(&name)).await?;
    t.refused(&VolumeExists::new(&nobody), 404).await?;
    let list = t.call(&VolumeList::new().with_filters(mine.clone())).await?;
    same!(list.iter().map(|volume| &volume.name).collect::<Vec<_>>(), [&name]);
    t.refused(&VolumeList::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;

    archive(t, &name, &nobody).await?;
    in_use(t, &name).await?;
    t.call(&VolumeRemove::new(&name)).await?;
    prune(t, mine, labels).await
}

async fn archive(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    if t.version() < (5, 6) {
        return Ok(());
    }
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(5);
    header.set_mode(0o644);
    builder.append_data(&mut header, "note", &b"hello"[..])?;
    let archive = builder.into_inner()?;
    t.upload(&VolumeImport::new(name), archive.clone()).await?;
    t.upload_refused(&VolumeImport::new(nobody), archive, 404).await?;

    let bytes = t.bytes(&VolumeExport::new(name)).await?;
    let mut found = false;
    for entry in tar::Archive::new(&*bytes).entries()? {
        found |= entry?.path()?.ends_with("note");
    }
    holds!(found, "the file that was imported is not in the export");
    t.refused(&VolumeExport::new(nobody), 404).await?;
    Ok(())
}

async fn in_use(t: &mut Tour, name: &str) -> TestResult {
    let (container, anonymous) = (t.name("c"), t.name("a"));
    let volumes = json!({"volumes": [{"Name": name, "Dest": "/data"}]});
    helper::container(t, &container, volumes).await?;
    helper::start(t, &container).await?;
    t.refused(&VolumeRemove::new(name), 409).await?;
    helper::remove(t, &container).await?;

    // A volume without a name is the container's own.
    let own = t.name("own");
    let volumes = json!({"volumes": [{"Name": own, "Dest": "/data", "IsAnonymous": true}]});
    helper::container(t, &anonymous, volumes).await?;
    let all = helper::among_others(t, &VolumeList::new()).await?;
    holds!(all.iter().any(|volume| volume.anonymous && volume.name == own));

    let owned = t.name("owned");
    t.finally(VolumeRemove::new(&owned));
    let mut options = VolumeCreateOptions::new().with_name(owned).with_options(SecretMap::from_iter([
        ("type", "tmpfs"),
        ("device", "tmpfs"),
        ("o", "uid=7,gid=8"),
    ]));
    if t.version() >= (5, 6) {
        options = options.with_uid(7_u32).with_gid(8_u32);
    }
    let made = t.call(&VolumeCreate::new(options)).await?;
    same!(made.options.0["type"], "tmpfs");
    same!((made.uid, made.gid), (7, 8));
    Ok(())
}

async fn prune(t: &mut Tour, mine: Filters, labels: BTreeMap<String, String>) -> TestResult {
    let name = t.name("pruned");
    t.finally(VolumeRemove::new(&name));
    let options = VolumeCreateOptions::new().with_name(&*name).with_labels(labels);
    t.call(&VolumeCreate::new(options)).await?;
    let reports = t.call(&VolumePrune::new().with_filters(mine.clone())).await?;
    same!(reports.iter().map(|one| &one.id).collect::<Vec<_>>(), [&name]);
    same!(reports[0].err.0, None);
    t.refused(&VolumePrune::new().with_filters(mine.with("no-such-filter", "x")), 500).await?;
    Ok(())
}
