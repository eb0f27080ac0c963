//! Quadlets. The bed's engines have no systemd beside them: [`Systemd`] takes its place.

use http_endpoint::Filters;
use libpod_api::quadlets::{
    QuadletExists, QuadletFile, QuadletInstall, QuadletList, QuadletRemove, QuadletRemoveMany,
};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use super::systemd::Systemd;
use crate::tour::Tour;

const TEXT: &str = "[Container]\nImage=docker.io/library/busybox\n";

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    if t.version() < (5, 7) {
        return Ok(());
    }
    let (file, nobody) = (format!("{}.container", t.name("q")), "wharf-nobody.container");
    // Nobody to ask.
    t.refused(&QuadletList::new(), 500).await?;
    let Some(systemd) = Systemd::start(t.engine())? else {
        let reason =
            "it asks systemd, and nothing can take its place where the engine's file system is out of reach";
        t.excuse::<QuadletExists>(reason);
        t.excuse::<QuadletFile>(reason);
        t.excuse::<QuadletInstall>(reason);
        t.excuse::<QuadletList>(reason);
        t.excuse::<QuadletRemove>(reason);
        t.excuse::<QuadletRemoveMany>(reason);
        return Ok(());
    };
    t.finally(QuadletRemove::new(&file).with_ignore(true).with_force(true).with_reload_systemd(false));

    let install = QuadletInstall::new().with_reload_systemd(false);
    let report = t.upload(&install, archive(&file, TEXT)?).await?;
    holds!(report.quadlet_errors.is_empty() && report.installed_quadlets.len() == 1, "{report:?}");
    holds!(report.installed_quadlets.values().all(|path| path.ends_with(&file)), "{report:?}");
    t.upload_refused(&install, archive(&file, TEXT)?, 400).await?;
    t.upload(&install.with_replace(true), archive(&file, TEXT)?).await?;

    same!(t.call(&QuadletFile::new(&file)).await?, TEXT);
    t.refused(&QuadletFile::new(nobody), 404).await?;
    t.call(&QuadletExists::new(&file)).await?;
    t.refused(&QuadletExists::new(nobody), 404).await?;
    let list = t.call(&QuadletList::new().with_filters(Filters::new().with("name", &*file))).await?;
    same!(list.iter().map(|one| &one.name).collect::<Vec<_>>(), [&file]);
    same!(list[0].status, "Not loaded");
    holds!(list[0].path.ends_with(&file), "{list:?}");

    let report = t.call(&QuadletRemove::new(&file).with_reload_systemd(false)).await?;
    same!(report.removed, [file.clone()]);
    t.refused(&QuadletRemove::new(nobody).with_reload_systemd(false), 404).await?;

    t.upload(&QuadletInstall::new(), archive(&file, TEXT)?).await?;
    let names = vec![file.clone(), nobody.to_owned()];
    let report = t.call(&QuadletRemoveMany::new().with_quadlets(names)).await?;
    same!(report.removed, [file]);
    let error = report.errors.get(nobody).and_then(|error| error.0.as_deref()).ok_or("no error")?;
    holds!(error.contains("no such quadlet"), "{error}");
    t.refused(&QuadletRemoveMany::new(), 400).await?;
    drop(systemd);
    Ok(())
}

fn archive(name: &str, text: &str) -> TestResult<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, name, text.as_bytes())?;
    Ok(builder.into_inner()?)
}
