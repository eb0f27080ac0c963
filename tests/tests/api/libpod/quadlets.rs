//! Quadlets. The bed's engines have no systemd beside them, so that what asks it cannot succeed.

use libpod_api::quadlets::{
    QuadletExists, QuadletFile, QuadletInstall, QuadletList, QuadletRemove, QuadletRemoveMany,
};
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, same};
use crate::tour::Tour;

const SYSTEMD: &str = "it asks systemd, which the bed's engines do not have";

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    if t.version() < (5, 7) {
        return Ok(());
    }
    let (file, nobody) = (format!("{}.container", t.name("q")), "wharf-nobody.container");
    // The folder of quadlets is on the engine's host: a container with it writes one there.
    let beside = |command: &str| {
        json!({"command": ["sh", "-c", command],
               "mounts": [{"type": "bind", "source": "/etc/containers", "destination": "/mnt"}]})
    };
    let (writer, cleaner) = (t.name("writer"), t.name("cleaner"));
    let text = "[Container]\nImage=docker.io/library/busybox\n";
    let write =
        format!("mkdir -p /mnt/systemd && printf '{}' > /mnt/systemd/{file}", text.replace('\n', "\\n"));
    helper::script(t, &writer, &write, beside(&write)).await?;
    let found = t.call(&QuadletFile::new(&file)).await;
    let exists = t.call(&QuadletExists::new(&file)).await;
    let clean = format!("rm /mnt/systemd/{file}");
    helper::script(t, &cleaner, &clean, beside(&clean)).await?;
    same!(found?, text);
    exists?;
    t.refused(&QuadletFile::new(nobody), 404).await?;
    t.refused(&QuadletExists::new(nobody), 404).await?;

    t.excuse::<QuadletList>(SYSTEMD);
    t.excuse::<QuadletInstall>(SYSTEMD);
    t.excuse::<QuadletRemove>(SYSTEMD);
    t.excuse::<QuadletRemoveMany>(SYSTEMD);
    t.refused(&QuadletList::new(), 500).await?;
    t.refused(&QuadletRemove::new(nobody).with_reload_systemd(false), 500).await?;
    t.refused(&QuadletRemoveMany::new(), 400).await?;
    t.upload_refused(&QuadletInstall::new().with_reload_systemd(false), archive(&file, text)?, 500).await?;
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
