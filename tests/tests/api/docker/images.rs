//! Images.

use docker_api::images::{
    ImageAttestations, ImageCreate, ImageDelete, ImageGet, ImageGetAll, ImageHistory, ImageImport,
    ImageInspect, ImageList, ImageLoad, ImagePrune, ImagePush, ImageSearch, ImageTag,
};
use docker_api::{AuthConfig, Platform};
use http_endpoint::{Filters, JsonQuery};
use wharf_tests::harness::TestResult;

use super::helper::{archive, holds, mine, paths, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (repository, nobody) = (t.name("image"), t.name("nobody"));
    let name = format!("{repository}:1");
    t.finally(ImageDelete::new(&name).with_force(true));
    let (key, value) = t.label();
    let import = ImageImport::new("-")
        .with_repo(&*repository)
        .with_tag("1")
        .with_message("made by a test")
        .with_changes(vec![
            format!("LABEL {key}={value}"),
            "ENV A=1".to_owned(),
            "CMD [\"/bin/x\"]".to_owned(),
        ])
        .with_platform("linux/amd64");
    let steps = t.upload_items(&import, archive(&[("bin/x", "hello")])?, 100).await?;
    holds!(steps.iter().any(|step| step.status.starts_with("sha256:")), "{steps:?}");
    t.upload_refused(&ImageImport::new("-").with_platform("a/b/c/d/e"), archive(&[])?, 400).await?;

    look(t, &name, &nobody).await?;
    save_and_load(t, &name, &nobody).await?;
    registry(t, &name, &nobody).await?;

    t.excuse::<ImageSearch>("only Docker Hub is searched, and the bed has no way there");
    t.refused(&ImageSearch::new("x").with_limit(1_u32), 500).await?;
    t.excuse::<ImageAttestations>("since API 1.55");

    let other = format!("{repository}:2");
    t.finally(ImageDelete::new(&other));
    t.call(&ImageTag::new(&name, &*repository).with_tag("2")).await?;
    t.refused(&ImageTag::new(&nobody, &*repository), 404).await?;
    let gone = t.call(&ImageDelete::new(&other)).await?;
    same!(gone[0].untagged.as_deref(), Some(&*other));
    t.refused(&ImageDelete::new(&other), 404).await?;
    let pruned = t.call(&ImagePrune::new().with_filters(mine(t).with("dangling", "false"))).await?;
    holds!(pruned.images_deleted.iter().any(|one| one.deleted.is_some()) && pruned.space_reclaimed > 0);
    t.refused(&ImagePrune::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;
    Ok(())
}

async fn look(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let image = t.call(&ImageInspect::new(name).with_manifests(true)).await?;
    same!(image.repo_tags, [name]);
    same!(
        (image.comment.as_str(), image.architecture.as_str(), image.os.as_str()),
        ("made by a test", "amd64", "linux")
    );
    same!((image.config.cmd.0, image.config.env.0), (vec!["/bin/x".to_owned()], vec!["A=1".to_owned()]));
    same!((image.root_fs.kind.as_str(), image.root_fs.layers.len()), ("layers", 1));
    holds!(image.created.time().is_some() && image.metadata.last_tag_time.time().is_some());
    t.call(&ImageInspect::new(t.image())).await?;
    t.refused(&ImageInspect::new(nobody), 404).await?;

    let history = t.call(&ImageHistory::new(name)).await?;
    same!((history.len(), history[0].comment.as_str()), (1, "made by a test"));
    t.call(&ImageHistory::new(t.image())).await?;
    t.refused(&ImageHistory::new(nobody), 404).await?;

    let list = ImageList::new().with_filters(mine(t)).with_shared_size(true).with_digests(true);
    let list = t.call(&list.with_manifests(true)).await?;
    same!((list.len(), list[0].repo_tags[0].as_str()), (1, name));
    holds!(list[0].shared_size >= 0 && list[0].created > 0);
    // Everything that is there, for its fields.
    t.call(&ImageList::new().with_all(true)).await?;
    t.refused(&ImageList::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;
    Ok(())
}

async fn save_and_load(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let one = t.bytes(&ImageGet::new(name)).await?;
    holds!(paths(&one)?.iter().any(|path| path == "manifest.json"));
    t.refused(&ImageGet::new(nobody), 404).await?;
    let two = t.bytes(&ImageGetAll::new().with_names(vec![name.to_owned(), t.image().to_owned()])).await?;
    holds!(two.len() > one.len());
    t.refused(&ImageGetAll::new().with_names(vec![nobody.to_owned()]), 404).await?;

    let steps = t.upload_items(&ImageLoad::new(), one.clone(), 100).await?;
    holds!(steps.iter().any(|step| step.stream.contains(name)), "{steps:?}");
    t.upload_items(&ImageLoad::new().with_quiet(true), one, 100).await?;
    let failed = t.upload_items(&ImageLoad::new(), b"no archive".to_vec(), 100).await?;
    holds!(failed.iter().any(|step| step.failure().is_some()), "{failed:?}");
    t.excuse_error::<ImageLoad>("what fails is told within a successful stream");
    Ok(())
}

async fn registry(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let Some(registry) = t.registry() else {
        return Err("WHARF_TEST_REGISTRY is not set".into());
    };
    let remote = format!("{registry}/wharf-api/docker");
    let tagged = format!("{remote}:1");
    t.finally(ImageDelete::new(&tagged).with_force(true));
    t.call(&ImageTag::new(name, &*remote).with_tag("1")).await?;
    let auth = AuthConfig::new().with_username("ann").with_password("hunter2").to_header();
    let steps =
        t.items(&ImagePush::new(&remote).with_tag("1").with_registry_auth(auth.clone()), 1000).await?;
    let digest = steps.iter().find_map(|step| step.pushed_digest()).ok_or("no digest")?.to_owned();
    holds!(steps.iter().all(|step| step.failure().is_none()), "{steps:?}");
    let none = format!("{registry}/wharf-api/{nobody}");
    let unset = AuthConfig::new().to_header();
    let failed = t.items(&ImagePush::new(&none).with_tag("1").with_registry_auth(unset), 1000).await?;
    holds!(failed.iter().any(|step| step.failure().is_some()), "{failed:?}");
    t.refused(&ImagePush::new("-not a name-").with_registry_auth(auth.clone()), 400).await?;

    t.call(&ImageDelete::new(&tagged)).await?;
    let pull = ImageCreate::new(&*remote).with_tag("1").with_registry_auth(auth.clone());
    let steps = t.items(&pull.clone().with_platform("linux/amd64"), 1000).await?;
    holds!(steps.iter().all(|step| step.failure().is_none()), "{steps:?}");
    let pulled = t.call(&ImageInspect::new(&tagged)).await?;
    same!(pulled.repo_digests, [format!("{remote}@{digest}")]);
    t.refused(&ImageCreate::new(none).with_tag("1"), 404).await?;
    let platform = JsonQuery(Platform::of("linux", "amd64", ""));
    if t.version() >= (1, 49) {
        t.call(&ImageInspect::new(&tagged).with_platform(platform)).await?;
    }
    Ok(())
}
