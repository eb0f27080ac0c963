//! Building images.

use docker_api::RegistryConfig;
use docker_api::build::{
    BuildArgs, BuildCancel, BuildPrune, BuilderVersion, CommitConfig, ImageBuild, ImageCommit,
};
use docker_api::containers::Ulimit;
use docker_api::images::{ImageDelete, ImageInspect};
use http_endpoint::{Filters, JsonQuery};
use wharf_tests::harness::TestResult;

use super::helper::{archive, holds, labels, same, sleeper};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    classic(t).await?;
    buildkit(t).await?;
    commit(t).await
}

async fn classic(t: &mut Tour) -> TestResult {
    let name = format!("{}:1", t.name("built"));
    t.finally(ImageDelete::new(&name).with_force(true));
    let file =
        format!("FROM {}\nARG A\nENV B=$A\nCOPY note /note\nRUN test \"$(cat /note)\" = hello\n", t.image());
    let args = BuildArgs([("A".to_owned(), Some("7".to_owned()))].into());
    let registries: RegistryConfig =
        [("registry.example", docker_api::AuthConfig::new().with_username("ann"))].into_iter().collect();
    let build = ImageBuild::new()
        .with_dockerfile("Wharffile")
        .with_t(vec![name.clone()])
        .with_extra_hosts(vec!["db:10.0.0.7".to_owned()])
        .with_no_cache(true)
        .with_rm(true)
        .with_force_rm(true)
        .with_memory(256_i64 << 20)
        .with_memory_swap(-1_i64)
        .with_cpu_shares(512_i64)
        .with_shm_size(1_u64 << 20)
        .with_ulimits(JsonQuery(vec![Ulimit::new("nofile", 1024, 2048)]))
        .with_build_args(args)
        .with_labels(JsonQuery(labels(t)))
        .with_network_mode("none")
        .with_platform("linux/amd64")
        .with_version(BuilderVersion::Classic)
        .with_registry_config(registries.to_header());
    let context = archive(&[("Wharffile", &file), ("note", "hello")])?;
    let steps = t.upload_items(&build, context, 1000).await?;
    let id = steps.iter().rev().find_map(|step| step.image_id()).ok_or("no image")?.to_owned();
    holds!(steps.iter().all(|step| step.failure().is_none()), "{steps:?}");
    let image = t.call(&ImageInspect::new(&name)).await?;
    same!(image.id, id);
    let (key, value) = t.label();
    same!(image.config.labels.get(&key), Some(&value));
    holds!(image.config.env.0.iter().any(|pair| pair == "B=7"));

    // What fails before the first step has a status, and what fails later is in the stream.
    t.upload_refused(&ImageBuild::new(), archive(&[("note", "no Dockerfile")])?, 500).await?;
    let file = format!("FROM {}\nRUN exit 3\n", t.image());
    let steps =
        t.upload_items(&ImageBuild::new().with_q(true), archive(&[("Dockerfile", &file)])?, 1000).await?;
    let failed = steps.iter().find_map(|step| step.error_detail.clone()).ok_or("it did not fail")?;
    same!(failed.code, 3);
    Ok(())
}

async fn buildkit(t: &mut Tour) -> TestResult {
    // The engine serves the body to BuildKit by itself: no session is needed where nothing is.
    let name = format!("{}:1", t.name("kit"));
    t.finally(ImageDelete::new(&name).with_force(true));
    let build = ImageBuild::new()
        .with_t(vec![name.clone()])
        .with_version(BuilderVersion::BuildKit)
        .with_build_id(t.name("id"))
        .with_labels(JsonQuery(labels(t)));
    let file = format!("FROM {}\nCOPY note /note\n", t.image());
    let steps = t.upload_items(&build, archive(&[("Dockerfile", &file), ("note", "hello")])?, 1000).await?;
    holds!(steps.iter().all(|step| step.failure().is_none()), "{steps:?}");
    holds!(steps.iter().any(|step| step.id == "moby.buildkit.trace" && step.aux.is_some()), "{steps:?}");
    t.call(&ImageInspect::new(&name)).await?;

    t.call(&BuildCancel::new(t.name("id"))).await?;
    t.refused(&BuildCancel::new(""), 400).await?;
    let nothing = Filters::new().with("id", "wharf-no-such-cache");
    same!(t.call(&BuildPrune::new().with_all(true).with_filters(nothing)).await?.caches_deleted.len(), 0);
    t.refused(&BuildPrune::new().with_filters(Filters::new().with("until", "no time")), 400).await?;
    Ok(())
}

async fn commit(t: &mut Tour) -> TestResult {
    let (container, repository) = (t.name("c"), t.name("committed"));
    sleeper(t, &container).await?;
    t.finally(ImageDelete::new(format!("{repository}:1")).with_force(true));
    let config = CommitConfig::new().with_working_dir("/tmp").with_cmd(vec!["true".to_owned()]);
    let commit = ImageCommit::new(&*container, config)
        .with_repo(&*repository)
        .with_tag("1")
        .with_comment("made by a test")
        .with_author("Ann <ann@example.org>")
        .with_pause(false)
        .with_changes(vec!["ENV C=8".to_owned()]);
    let id = t.call(&commit).await?.id;
    let image = t.call(&ImageInspect::new(&id)).await?;
    same!((image.author.as_str(), image.comment.as_str()), ("Ann <ann@example.org>", "made by a test"));
    same!((image.config.working_dir.as_str(), image.config.cmd.0), ("/tmp", vec!["true".to_owned()]));
    holds!(image.config.env.0.iter().any(|pair| pair == "C=8"));
    t.call(&ImageDelete::new(&id).with_force(true)).await?;

    // With nothing that differs, the image has the container's own settings.
    let commit = ImageCommit::new(&*container, CommitConfig::new()).with_repo(&*repository).with_tag("1");
    let id = t.call(&commit).await?.id;
    same!(t.call(&ImageInspect::new(&id)).await?.config.cmd.0, ["sh", "-c", "sleep 600"]);
    t.refused(&ImageCommit::new(t.name("nobody"), CommitConfig::new()), 404).await?;
    Ok(())
}
