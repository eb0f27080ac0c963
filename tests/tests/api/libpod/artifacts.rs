//! Artifacts.

use libpod_api::artifacts::{
    ArtifactAdd, ArtifactExtract, ArtifactInspect, ArtifactList, ArtifactPull, ArtifactPush, ArtifactRemove,
    ArtifactRemoveMany, LocalArtifactAdd,
};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    if t.version() < (5, 6) {
        return Ok(());
    }
    let registry = t.registry().ok_or("this needs a registry: WHARF_TEST_REGISTRY")?;
    let (name, nobody) = (format!("{registry}/{}:1", t.name("art")), t.name("nobody"));
    t.finally(ArtifactRemove::new(&*name));
    let add = ArtifactAdd::new(&*name, "note.txt")
        .with_artifact_mime_type("application/vnd.example.note")
        .with_annotations(vec!["a=b".to_owned()]);
    t.upload(&add, b"hello".to_vec()).await?;
    t.upload_refused(&add, b"hello".to_vec(), 500).await?;
    let more =
        ArtifactAdd::new(&*name, "more.bin").with_append(true).with_file_mime_type("application/x-more");
    let made = t.upload(&more, b"more".to_vec()).await?;

    let data = t.call(&ArtifactInspect::new(&*name)).await?;
    same!((&data.name, &data.digest), (&name, &made.artifact_digest));
    same!(data.manifest.artifact_type, "application/vnd.example.note");
    same!(data.manifest.layers.iter().map(|file| file.size).collect::<Vec<_>>(), [5, 4]);
    same!(data.manifest.layers[1].media_type, "application/x-more");
    t.refused(&ArtifactInspect::new(&*nobody), 404).await?;
    let list = t.call(&ArtifactList::new()).await?;
    holds!(list.iter().any(|one| one.name == name), "{list:?}");
    t.excuse_error::<ArtifactList>("it takes nothing that could be wrong");

    let files = t.bytes(&ArtifactExtract::new(&*name)).await?;
    let mut names = Vec::new();
    for entry in tar::Archive::new(&*files).entries()? {
        names.push(entry?.path()?.display().to_string());
    }
    names.sort();
    same!(names, ["more.bin", "note.txt"]);
    t.refused(&ArtifactExtract::new(&*nobody), 404).await?;

    same!(
        t.call(&ArtifactPush::new(&*name).with_tls_verify(false)).await?.artifact_digest,
        made.artifact_digest
    );
    t.refused(&ArtifactPush::new(&*nobody), 404).await?;
    same!(t.call(&ArtifactRemove::new(&*name)).await?.artifact_digests, [&*made.artifact_digest]);
    t.refused(&ArtifactRemove::new(&*nobody), 404).await?;
    same!(
        t.call(&ArtifactPull::new(&*name).with_tls_verify(false)).await?.artifact_digest,
        made.artifact_digest
    );
    let missing = format!("{registry}/{nobody}:1");
    t.refused(&ArtifactPull::new(missing).with_tls_verify(false), 404).await?;

    if t.version() >= (5, 7) {
        let removed = t.call(&ArtifactRemoveMany::new().with_artifacts(vec![name.clone()])).await?;
        same!(removed.artifact_digests, [&*made.artifact_digest]);
        t.refused(&ArtifactRemoveMany::new().with_artifacts(vec![nobody.clone()]), 404).await?;
        t.refused(&ArtifactRemoveMany::new(), 400).await?;
    }
    if t.version() >= (5, 8) {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("note");
        std::fs::write(&path, "hello")?;
        t.call(&LocalArtifactAdd::new(&*name, path.display().to_string(), "note.txt")).await?;
        t.refused(&LocalArtifactAdd::new(&*name, "/no/such/file", "note.txt"), 404).await?;
    }
    Ok(())
}
