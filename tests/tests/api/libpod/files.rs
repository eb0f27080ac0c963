//! Files of containers.

use std::collections::BTreeMap;
use std::io::Read as _;

use http_endpoint::JsonQuery;
use libpod_api::containers::{
    ContainerArchiveGet, ContainerArchivePut, ContainerArchiveStat, ContainerChanges, ContainerExport,
    ContainerMount, ContainerUnmount, ContainersMounted, DiffType,
};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use super::made;
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("c"), t.name("nobody"));
    let id = made::run(t, made::spec(t, &name)).await?;
    archive(t, &name, &nobody).await?;

    let changes = t.call(&ContainerChanges::new(&name).with_diff_type(DiffType::Container)).await?;
    let added = changes.iter().find(|change| change.path == "/root/hello").ok_or("no change")?;
    same!(added.kind, 1);
    t.refused(&ContainerChanges::new(&nobody), 500).await?;

    let all = t.bytes(&ContainerExport::new(&name)).await?;
    same!(content(&all, "root/hello")?, "good day");
    t.refused(&ContainerExport::new(&nobody), 404).await?;

    let path = t.call(&ContainerMount::new(&name)).await?;
    holds!(path.trim().starts_with('/'), "{path:?}");
    same!(t.call(&ContainersMounted::new()).await?.get(&id).map(String::as_str), Some(path.trim()));
    t.excuse_error::<ContainersMounted>("it reads the engine's own database, and takes nothing");
    t.call(&ContainerUnmount::new(&name)).await?;
    t.refused(&ContainerMount::new(&nobody), 404).await?;
    t.refused(&ContainerUnmount::new(&nobody), 404).await?;
    Ok(())
}

async fn archive(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let put = ContainerArchivePut::new(name, "/root")
        .with_copy_uid_gid(false)
        .with_no_overwrite_dir_non_dir(true)
        .with_rename(JsonQuery(BTreeMap::from([("greeting".to_owned(), "hello".to_owned())])));
    t.upload(&put, tar_of("greeting", b"good day")?).await?;
    t.upload_refused(&ContainerArchivePut::new(nobody, "/root"), tar_of("a", b"a")?, 404).await?;

    t.call(&ContainerArchiveStat::new(name, "/root/hello")).await?;
    t.refused(&ContainerArchiveStat::new(name, "/root/greeting"), 404).await?;
    let got = t.bytes(&ContainerArchiveGet::new(name, "/root/hello")).await?;
    same!(content(&got, "hello")?, "good day");
    t.refused(&ContainerArchiveGet::new(name, "/root/greeting"), 404).await?;
    Ok(())
}

fn tar_of(name: &str, bytes: &[u8]) -> TestResult<Vec<u8>> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut header, name, bytes)?;
    Ok(builder.into_inner()?)
}

fn content(archive: &[u8], name: &str) -> TestResult<String> {
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        if entry.path()?.to_string_lossy() == name {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            return Ok(text);
        }
    }
    Err(format!("{name} is not in the archive").into())
}
