//! Images from and to registries and archives.

use libpod_api::images::transfer::{
    ImageExport, ImageGet, ImageImport, ImageLoad, ImagePull, ImagePullCompat, ImagePullQuiet, ImagePush,
    ImagePushQuiet, ImageScp, ImageSearch, LocalImageLoad,
};
use libpod_api::images::{ImageInspect, ImageRemove, ImageTag, ImageUntag, PullPolicy};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let nobody = t.name("nobody");
    let registry = t.registry().ok_or("this needs a registry: WHARF_TEST_REGISTRY")?;
    push(t, &registry, &nobody).await?;
    pull(t, &registry).await?;
    archives(t, &nobody).await?;
    import(t).await?;
    t.refused(&ImageScp::new(&nobody).with_destination("x"), 400).await?;
    t.excuse::<ImageScp>("it needs a second host that the engine reaches over SSH");
    Ok(())
}

/// A tar that holds one file.
pub(crate) fn file(name: &str, content: &[u8]) -> TestResult<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(content.len())?);
    header.set_mode(0o644);
    builder.append_data(&mut header, name, content)?;
    Ok(builder.into_inner()?)
}

async fn push(t: &mut Tour, registry: &str, nobody: &str) -> TestResult {
    let image = t.image();
    let repo = format!("{registry}/{}", t.name("image"));
    let push = ImagePush::new(image).with_destination(format!("{repo}:a")).with_tls_verify(false);
    let messages = t.items(&push, 10_000).await?;
    same!(messages.iter().find_map(|message| message.failure()), None);
    if t.version() >= (4, 6) {
        let last = messages.last().ok_or("a push without a message")?;
        holds!(last.manifest_digest.starts_with("sha256:"));
    }
    t.refused(&ImagePush::new(image).with_destination("docker-archive:/x"), 400).await?;
    let failed = ImagePush::new(nobody).with_destination(format!("{repo}:x")).with_tls_verify(false);
    let messages = t.items(&failed, 10_000).await?;
    holds!(
        messages.last().and_then(|last| last.failure()).is_some_and(|text| text.contains("image not known"))
    );

    let quiet = ImagePushQuiet::new(image).with_destination(format!("{repo}:b")).with_tls_verify(false);
    t.call(&quiet).await?;
    let failed = ImagePushQuiet::new(nobody).with_destination(format!("{repo}:x")).with_tls_verify(false);
    t.refused(&failed, 400).await?;

    let search = ImageSearch::new(&*repo).with_list_tags(true).with_tls_verify(false);
    let mut tags: Vec<_> = t.call(&search).await?.into_iter().map(|found| found.tag).collect();
    tags.sort();
    same!(tags, ["a", "b"]);
    let search = ImageSearch::new(format!("{registry}/{nobody}")).with_list_tags(true).with_tls_verify(false);
    t.refused(&search, 500).await?;
    Ok(())
}

async fn pull(t: &mut Tour, registry: &str) -> TestResult {
    let name = format!("{registry}/{}:a", t.name("image"));
    let missing = format!("{registry}/{}:x", t.name("nobody"));
    let id = t.call(&ImageInspect::new(t.image())).await?.id;
    let (repo, tag) = name.rsplit_once(':').ok_or("no tag")?;
    t.finally(ImageUntag::new(&name).with_repo(repo).with_tag(tag));

    let pull = ImagePull::new(&*name).with_tls_verify(false);
    let messages = t.items(&pull, 10_000).await?;
    let last = messages.last().ok_or("a pull without a message")?;
    same!((last.failure(), last.id.as_str(), last.images.as_slice()), (None, &*id, [id.clone()].as_slice()));
    t.refused(&ImagePull::new(""), 500).await?;
    // Before 6.0 the status is 200, whatever comes of it.
    let messages = t.items(&ImagePull::new(&*missing).with_tls_verify(false), 10_000).await?;
    holds!(
        messages.last().and_then(|last| last.failure()).is_some_and(|text| text.contains("manifest unknown"))
    );

    let quiet = ImagePullQuiet::new(&*name).with_tls_verify(false);
    same!(t.call(&quiet).await?.id, id);
    let present = ImagePullQuiet::new(&*name).with_policy(PullPolicy::Never);
    same!(t.call(&present).await?.id, id);
    t.refused(&ImagePullQuiet::new(""), 500).await?;
    let failed = t.call(&ImagePullQuiet::new(&*missing).with_tls_verify(false)).await?;
    holds!(failed.failure().is_some_and(|text| text.contains("manifest unknown")));

    if t.version() >= (4, 8) {
        let messages = t.items(&ImagePullCompat::new(&*name).with_tls_verify(false), 10_000).await?;
        same!(messages.iter().find_map(|message| message.failure()), None);
        t.refused(&ImagePullCompat::new(""), 500).await?;
        // Alone of the three it tells by its status.
        t.refused(&ImagePullCompat::new(&*missing).with_tls_verify(false), 404).await?;
    }
    Ok(())
}

/// Saves and loads an image under a name of its own, so that nothing else changes.
async fn archives(t: &mut Tour, nobody: &str) -> TestResult {
    let repo = format!("localhost/{}", t.name("saved"));
    let name = format!("{repo}:1");
    t.call(&ImageTag::new(t.image()).with_repo(&*repo).with_tag("1")).await?;
    t.finally(ImageUntag::new(&name).with_repo(&*repo).with_tag("1"));
    let archive = t.bytes(&ImageGet::new(&*name).with_format("docker-archive")).await?;
    t.refused(&ImageGet::new(nobody), 404).await?;
    let export = ImageExport::new(vec![name.clone()]).with_format("docker-archive");
    let exported = t.bytes(&export).await?;
    holds!(tar::Archive::new(&*exported).entries()?.count() > 2);
    t.refused(&ImageExport::new(vec![nobody.to_owned()]), 400).await?;

    t.call(&ImageUntag::new(&*name).with_repo(&*repo).with_tag("1")).await?;
    same!(t.upload(&ImageLoad::new(), archive.clone()).await?.names, [&*name]);
    t.upload_refused(&ImageLoad::new(), b"no archive".to_vec(), 500).await?;
    if t.version() >= (5, 7) {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("image.tar");
        std::fs::write(&path, archive)?;
        same!(t.call(&LocalImageLoad::new(path.display().to_string())).await?.names, [&*name]);
        t.refused(&LocalImageLoad::new("/no/such/file"), 404).await?;
    }
    Ok(())
}

async fn import(t: &mut Tour) -> TestResult {
    let name = format!("localhost/{}:1", t.name("imported"));
    let import = ImageImport::new()
        .with_reference(&*name)
        .with_message("a note")
        .with_changes(vec!["CMD [\"cat\", \"/note\"]".to_owned()])
        .with_architecture("arm64");
    t.finally(ImageRemove::new(&*name));
    let made = t.upload(&import, file("note", b"hello")?).await?;
    let image = t.call(&ImageInspect::new(&*name)).await?;
    same!(made.id, format!("sha256:{}", image.id));
    same!(
        (image.architecture.as_str(), image.config.cmd),
        ("arm64", vec!["cat".to_owned(), "/note".to_owned()])
    );
    same!(image.comment, "a note");
    let unreachable = ImageImport::new().with_url("http://127.0.0.1:1/nothing");
    t.upload_refused(&unreachable, Vec::new(), 500).await?;
    Ok(())
}
