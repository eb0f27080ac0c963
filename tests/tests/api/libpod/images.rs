//! Images on the engine.

use http_endpoint::Filters;
use libpod_api::containers::DiffType;
use libpod_api::images::transfer::ImageImport;
use libpod_api::images::{
    ImageChanges, ImageExists, ImageHistory, ImageInspect, ImageList, ImagePrune, ImageRemove,
    ImageRemoveMany, ImageResolve, ImageTag, ImageTree, ImageUntag,
};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let nobody = t.name("nobody");
    look(t, &nobody).await?;
    name(t, &nobody).await?;
    prune(t).await
}

/// What only reads.
async fn look(t: &mut Tour, nobody: &str) -> TestResult {
    let image = t.image();
    let list = t.call(&ImageList::new().with_all(true)).await?;
    let listed = list.iter().find(|one| one.repo_tags.iter().any(|tag| tag == image));
    let listed = listed.ok_or("the image is not in the list")?.clone();
    let only = ImageList::new().with_filters(Filters::new().with("reference", image));
    same!(t.call(&only).await?.len(), 1);
    t.refused(&ImageList::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;

    let data = t.call(&ImageInspect::new(image)).await?;
    same!(data.id, listed.id);
    same!(data.config.cmd, ["sh"]);
    holds!(data.size > 0 && data.created.time().is_some() && !data.root_fs.layers.is_empty());
    holds!(data.graph_driver.data.contains_key("UpperDir") && !data.history.is_empty());
    // Images with more in them, where the engine has some.
    for one in list.iter().filter(|one| one.repo_tags.iter().any(|tag| tag.contains("/wharf/"))) {
        t.call(&ImageInspect::new(&*one.id)).await?;
        t.call(&ImageHistory::new(&*one.id)).await?;
    }
    t.refused(&ImageInspect::new(nobody), 404).await?;
    t.call(&ImageExists::new(image)).await?;
    t.refused(&ImageExists::new(nobody), 404).await?;

    let history = t.call(&ImageHistory::new(image)).await?;
    same!(history.first().map(|step| step.id.as_str()), Some(&*data.id));
    t.refused(&ImageHistory::new(nobody), 404).await?;
    holds!(t.call(&ImageTree::new(image)).await?.tree.contains("Image Layers"));
    t.call(&ImageTree::new(image).with_what_requires(true)).await?;
    t.refused(&ImageTree::new(nobody), 404).await?;
    let changes = t.call(&ImageChanges::new(image)).await?;
    holds!(changes.iter().any(|change| change.path == "/bin/sh" && change.kind == 1));
    let against_itself = ImageChanges::new(image).with_parent(image).with_diff_type(DiffType::Image);
    same!(t.call(&against_itself).await?, []);
    t.refused(&ImageChanges::new(nobody), 500).await?;

    if t.version() >= (5, 0) {
        same!(t.call(&ImageResolve::new(image)).await?.names, [image]);
        t.refused(&ImageResolve::new("NoReference!"), 400).await?;
    }
    Ok(())
}

/// Names that come and go.
async fn name(t: &mut Tour, nobody: &str) -> TestResult {
    let image = t.image();
    let repo = format!("localhost/{}", t.name("i"));
    let tag = |tag: &str| ImageTag::new(image).with_repo(&*repo).with_tag(tag);
    for one in ["a", "b", "c", "d"] {
        t.finally(ImageUntag::new(format!("{repo}:{one}")).with_repo(&*repo).with_tag(one));
        t.call(&tag(one)).await?;
    }
    t.refused(&ImageTag::new(nobody).with_repo(&*repo).with_tag("a"), 404).await?;
    t.refused(&ImageTag::new(image).with_tag("a"), 400).await?;

    let name = |tag: &str| format!("{repo}:{tag}");
    t.call(&ImageUntag::new(name("a")).with_repo(&*repo).with_tag("a")).await?;
    t.refused(&ImageExists::new(name("a")), 404).await?;
    t.refused(&ImageUntag::new(nobody), 404).await?;

    let removed = t.call(&ImageRemove::new(name("b"))).await?;
    same!((removed.untagged, removed.deleted.len(), removed.exit_code), (vec![name("b")], 0, 0));
    t.refused(&ImageRemove::new(nobody), 404).await?;

    let removed = t.call(&ImageRemoveMany::new().with_images(vec![name("c"), name("d")])).await?;
    same!((removed.untagged.len(), removed.exit_code, removed.errors.len()), (2, 0, 0));
    let missing = t.call(&ImageRemoveMany::new().with_images(vec![nobody.to_owned()])).await?;
    same!((missing.exit_code, missing.errors.len()), (1, 1));
    t.call(&ImageRemoveMany::new().with_images(vec![nobody.to_owned()]).with_ignore(true)).await?;
    t.excuse_error::<ImageRemoveMany>(
        "the status is always 200; failures are in the report, which is checked",
    );
    Ok(())
}

/// Images without a name that carry this run's label.
async fn prune(t: &mut Tour) -> TestResult {
    let (key, value) = t.label();
    let label = format!("{key}={value}");
    let import = ImageImport::new().with_changes(vec![format!("LABEL {label}")]);
    let made = t.upload(&import, super::image_transfer::file("note", b"hello")?).await?;
    t.finally(ImageRemove::new(&made.id));
    let mine = Filters::new().with("label", &label);
    let found = t.call(&ImageList::new().with_filters(mine.clone())).await?;
    same!(found.iter().map(|image| format!("sha256:{}", image.id)).collect::<Vec<_>>(), [&*made.id]);
    same!(found[0].labels.get(&key), Some(&value));
    let pruned = t.call(&ImagePrune::new().with_filters(mine)).await?;
    same!(pruned.len(), 1);
    holds!(made.id.ends_with(&pruned[0].id) && pruned[0].error.0.is_none());
    t.refused(&ImagePrune::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;
    Ok(())
}
