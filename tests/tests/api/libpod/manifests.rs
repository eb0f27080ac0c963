//! Manifest lists.

use std::collections::BTreeMap;

use http_endpoint::JsonQuery;
use libpod_api::images::ImageInspect;
use libpod_api::manifests::{
    ManifestAddOptions, ManifestAddV3, ManifestCreate, ManifestCreateV3, ManifestExists, ManifestInspect,
    ManifestModify, ManifestModifyOptions, ManifestModifyReport, ManifestOperation, ManifestPush,
    ManifestPushQuiet, ManifestPushV3, ManifestRemove, ManifestRemoveImageV3, V3_PREFIX,
};
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use crate::tour::Tour;

/// A digest that nothing has.
const NOTHING: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (list, nobody) = (format!("localhost/{}", t.name("list")), t.name("nobody"));
    let registry = t.registry().ok_or("this needs a registry: WHARF_TEST_REGISTRY")?;
    // A plain name would be looked for in a registry first, up to 4.x.
    let image = format!("containers-storage:{}", t.call(&ImageInspect::new(t.image())).await?.id);
    t.finally(ManifestRemove::new(&*list));
    let create = ManifestCreate::new(&*list, ManifestAddOptions::new())
        .with_annotations(JsonQuery([("c".to_owned(), "d".to_owned())].into()))
        .with_annotation(vec!["a=b".to_owned()]);
    let made = t.call(&create).await?;
    holds!(!made.id.is_empty());
    t.refused(&ManifestCreate::new(&*list, ManifestAddOptions::new()), 500).await?;
    t.call(&ManifestExists::new(&*list)).await?;
    t.refused(&ManifestExists::new(&*nobody), 404).await?;

    modify(t, &list, &nobody, &image).await?;
    let target = format!("{registry}/{}:1", t.name("list"));
    let push = ManifestPush::new(&*list, &*target).with_all(true).with_tls_verify(false);
    let messages = t.items(&push, 10_000).await?;
    same!(messages.iter().find_map(|message| message.failure()), None);
    holds!(messages.last().is_some_and(|last| last.id.starts_with("sha256:")), "{messages:?}");
    t.refused(&ManifestPush::new(&*list, "docker-archive:x"), 400).await?;
    let quiet = ManifestPushQuiet::new(&*list, &*target).with_all(true).with_tls_verify(false);
    same!(t.call(&quiet).await?.id, messages.last().map(|last| last.id.clone()).unwrap_or_default());
    t.refused(&ManifestPushQuiet::new(&*nobody, &*target).with_tls_verify(false), 400).await?;
    // A list that the engine has not, but a registry.
    t.call(&ManifestInspect::new(&*target).with_tls_verify(false)).await?;

    let removed = t.call(&ManifestRemove::new(&*list)).await?;
    same!((removed.deleted.as_slice(), removed.untagged.len()), ([made.id].as_slice(), 1));
    t.refused(&ManifestRemove::new(&*nobody), 404).await?;
    if t.version() >= (5, 4) {
        t.call(&ManifestRemove::new(&*nobody).with_ignore(true)).await?;
    }
    version_3(t, &registry, &image).await
}

async fn modify(t: &mut Tour, list: &str, nobody: &str, image: &str) -> TestResult {
    let add = ManifestModifyOptions::new(ManifestOperation::Update)
        .with_images(vec![image.to_owned()])
        .with_arch("arm64")
        .with_variant("v8")
        .with_os_version("1")
        .with_os_features(vec!["f".to_owned()])
        .with_features(vec!["g".to_owned()])
        .with_annotation(vec!["x=y".to_owned()]);
    let report = t.call(&ManifestModify::new(list, add)).await?;
    same!((report.images.as_slice(), report.errors.len()), ([image.to_owned()].as_slice(), 0));
    if t.version() >= (5, 0) {
        let annotate = ManifestModifyOptions::new(ManifestOperation::Annotate)
            .with_index_annotations(BTreeMap::from([("i".to_owned(), "j".to_owned())]));
        t.call(&ManifestModify::new(list, annotate)).await?;
    }

    let data = t.call(&ManifestInspect::new(list)).await?;
    same!(data.manifests.len(), 1);
    let one = &data.manifests[0];
    let platform = one.platform.clone().unwrap_or_default();
    same!(
        (platform.architecture.as_str(), platform.variant.as_str(), platform.os_version.as_str()),
        ("arm64", "v8", "1")
    );
    if t.version() >= (5, 0) {
        same!(one.annotations.get("x").map(String::as_str), Some("y"));
        same!(data.annotations.get("i").map(String::as_str), Some("j"));
        same!(data.annotations.get("a").map(String::as_str), Some("b"));
    }
    // No registry has it either.
    let registry = t.registry().unwrap_or_default();
    t.refused(&ManifestInspect::new(format!("{registry}/{nobody}")).with_tls_verify(false), 404).await?;
    t.refused(&ManifestModify::new(nobody, ManifestModifyOptions::new(ManifestOperation::Update)), 404)
        .await?;

    // Part of it fails, and then all of it.
    let digest = one.digest.clone();
    let remove = ManifestModifyOptions::new(ManifestOperation::Remove);
    let both = remove.clone().with_images(vec![NOTHING.to_owned(), digest.clone()]);
    let error = t.refused(&ManifestModify::new(list, both), 409).await?;
    let report = error.engine_message().and_then(ManifestModifyReport::from_refusal).ok_or("no report")?;
    same!((report.images.as_slice(), report.errors.len()), ([digest.clone()].as_slice(), 1));
    let error = t.refused(&ManifestModify::new(list, remove.with_images(vec![digest])), 400).await?;
    let report = error.engine_message().and_then(ManifestModifyReport::from_refusal).ok_or("no report")?;
    same!((report.images.len(), report.errors.len()), (0, 1));

    let add = ManifestModifyOptions::new(ManifestOperation::Update).with_images(vec![image.to_owned()]);
    t.call(&ManifestModify::new(list, add)).await?;
    Ok(())
}

/// What exists below a path of version 3 alone.
async fn version_3(t: &mut Tour, registry: &str, image: &str) -> TestResult {
    let list = t.name("list-v3");
    let target = format!("{registry}/{list}:1");
    t.finally(ManifestRemove::new(&*list));
    let prefix = t.client().prefix().to_owned();
    t.set_path_prefix(V3_PREFIX);
    let made = t.call(&ManifestCreateV3::new(&*list)).await?;
    t.refused(&ManifestCreateV3::new(&*list), 500).await?;
    let add = ManifestAddOptions::new().with_images(vec![image.to_owned()]);
    same!(t.call(&ManifestAddV3::new(&*list, add)).await?.id, made.id);
    t.refused(&ManifestAddV3::new(t.name("nobody"), ManifestAddOptions::new()), 404).await?;
    let push = ManifestPushV3::new(&*list, &*target).with_all(true).with_tls_verify(false);
    holds!(t.call(&push).await?.id.starts_with("sha256:"));
    t.refused(&ManifestPushV3::new(&*list, "docker-archive:x"), 400).await?;

    let data = t.call(&ManifestInspect::new(&*list)).await?;
    let digest = data.manifests.first().map(|one| one.digest.clone()).unwrap_or_default();
    same!(t.call(&ManifestRemoveImageV3::new(&*list, digest)).await?.id, made.id);
    t.refused(&ManifestRemoveImageV3::new(&*list, "sha256:00"), 400).await?;
    t.set_path_prefix(&prefix);
    t.call(&ManifestRemove::new(&*list)).await?;
    Ok(())
}
