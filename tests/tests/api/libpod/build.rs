//! Builds and commits.

use http_endpoint::{EnvList, JsonQuery};
use libpod_api::build::{
    BuildContexts, BuildIdMapping, BuildMessage, BuildNamespace, DOCKER_FORMAT, ImageBuild, ImageBuildParts,
    ImageCommit, ImageCommitStream, LocalBuild, PART_BOUNDARY, is_image_id,
};
use libpod_api::images::{HealthConfig, ImageConfig, ImageInspect, ImageRemove, PullPolicy};
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, same};
use super::image_transfer::file;
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    one_context(t).await?;
    every_parameter(t).await?;
    several_contexts(t).await?;
    local(t).await?;
    commit(t).await
}

/// The image that a build made.
fn built(messages: &[BuildMessage]) -> TestResult<String> {
    if let Some(why) = messages.iter().find_map(BuildMessage::failure) {
        return Err(format!("the build failed: {why}").into());
    }
    let lines = messages.iter().rev().map(|message| message.stream.trim());
    let last = lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default();
    if is_image_id(last) { Ok(last.to_owned()) } else { Err(format!("the build ended with {last:?}").into()) }
}

async fn one_context(t: &mut Tour) -> TestResult {
    let name = format!("localhost/{}:1", t.name("built"));
    let dockerfile = format!("FROM {}\nARG WORD\nENV SAID=$WORD\nHEALTHCHECK CMD true\n", t.image());
    let build = ImageBuild::new()
        .with_dockerfile("Containerfile")
        .with_tags(vec![name.clone()])
        .with_build_args(JsonQuery([("WORD", "yes")].into_iter().collect()))
        .with_labels(JsonQuery([("a".to_owned(), "b".to_owned())].into()))
        .with_pull_policy(PullPolicy::Never)
        .with_output_format(DOCKER_FORMAT);
    t.finally(ImageRemove::new(&*name).with_force(true));
    let id = built(&t.upload_items(&build, file("Containerfile", dockerfile.as_bytes())?, 10_000).await?)?;
    let image = t.call(&ImageInspect::new(&*name)).await?;
    same!(image.id, id);
    same!(image.labels.get("a").map(String::as_str), Some("b"));
    holds!(image.config.env.0.contains(&"SAID=yes".to_owned()));
    same!(image.healthcheck.unwrap_or_default().test, ["CMD-SHELL", "true"]);

    // A base image that is nowhere.
    let dockerfile = format!("FROM localhost/{}\n", t.name("nobody"));
    let build = ImageBuild::new().with_dockerfile("Containerfile").with_pull_policy(PullPolicy::Never);
    let messages = t.upload_items(&build, file("Containerfile", dockerfile.as_bytes())?, 10_000).await?;
    holds!(messages.last().and_then(BuildMessage::failure).is_some());
    t.upload_refused(&ImageBuild::new().with_cache_ttl("no duration"), file("Containerfile", b"")?, 400)
        .await?;
    Ok(())
}

/// All that a build takes and that changes nothing outside it, so that the engine has read each of them.
async fn every_parameter(t: &mut Tour) -> TestResult {
    let image = t.image();
    let dockerfile =
        format!("FROM {image}\nLABEL c=d\nRUN --mount=type=secret,id=word cat /run/secrets/word\n");
    let mut context = tar::Builder::new(Vec::new());
    for (name, content) in [("Containerfile", dockerfile.as_str()), ("word", "hello"), ("left-out", "")] {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(content.len())?);
        header.set_mode(0o644);
        context.append_data(&mut header, name, content.as_bytes())?;
    }
    let list = |words: &[&str]| JsonQuery(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    let some = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let build = ImageBuild::new()
        .with_dockerfile("Containerfile")
        .with_pull_policy(PullPolicy::Never)
        .with_add_caps(list(&["CAP_SYS_NICE"]))
        .with_annotations(list(&["e=f"]))
        .with_cache_ttl("1h")
        .with_compression(0_u32)
        .with_cpp_flags(list(&["-DA=1"]))
        .with_cpu_period(100_000_u64)
        .with_cpu_quota(100_000_i64)
        .with_cpu_shares(512_u64)
        .with_dns_options(list(&["ndots:1"]))
        .with_dns_search(list(&["example.org"]))
        .with_dns_servers(list(&["192.0.2.53"]))
        .with_devices(list(&["/dev/null:/dev/nothing:r"]))
        .with_drop_caps(list(&["CAP_MKNOD"]))
        .with_set_env(["SAID=yes"].into_iter().collect::<EnvList>())
        .with_excludes(list(&["left-out"]))
        .with_extra_hosts(list(&["db:192.0.2.7"]))
        .with_force_rm(true)
        .with_group_add(some(&["12"]))
        .with_http_proxy(false)
        .with_id_mapping_options(JsonQuery(
            BuildIdMapping::new().with_host_uid_mapping(true).with_host_gid_mapping(true),
        ))
        .with_identity_label(false)
        .with_inherit_labels(false)
        .with_inherit_annotations(false)
        .with_isolation("oci")
        .with_jobs(1_u32)
        .with_label_opts(list(&["disable"]))
        .with_labels(JsonQuery([("a".to_owned(), "b".to_owned())].into()))
        .with_layers(false)
        .with_memory(64 << 20)
        .with_mem_swap(128 << 20)
        .with_ns_options(JsonQuery(vec![BuildNamespace::new("uts").with_host(true)]))
        .with_no_cache(true)
        .with_os_version("1")
        .with_os_feature(some(&["g"]))
        .with_retry(1_u32)
        .with_retry_delay("10ms")
        .with_rm(true)
        .with_secrets(list(&["id=word,src=word"]))
        .with_shm_size(1_u64 << 20)
        .with_skip_unused_stages(false)
        .with_squash(true)
        .with_timestamp(1_700_000_000_i64)
        .with_tls_verify(true)
        .with_ulimits(list(&["nofile=64:128"]))
        .with_unset_env(some(&["PATH"]))
        .with_unset_label(some(&["c"]));
    let id = built(&t.upload_items(&build, context.into_inner()?, 10_000).await?)?;
    let image = t.call(&ImageInspect::new(&*id)).await?;
    t.finally(ImageRemove::new(&*id));
    same!(image.labels.get("a").map(String::as_str), Some("b"));
    same!(image.annotations.get("e").map(String::as_str), Some("f"));
    holds!(image.config.env.0.contains(&"SAID=yes".to_owned()), "{:?}", image.config.env);
    same!(image.created.as_str(), Some("2023-11-14T22:13:20Z"));
    if t.version() >= (4, 8) {
        holds!(!image.labels.contains_key("c"), "{:?}", image.labels);
    }
    Ok(())
}

async fn several_contexts(t: &mut Tour) -> TestResult {
    let image = t.image();
    let dockerfile = format!("FROM {image}\nCOPY --from=extra /etc/passwd /copied\n");
    let contexts = BuildContexts::new().with_image("extra", image);
    let contexts = if t.version() < (5, 6) { contexts.before_5_6() } else { contexts };
    let build = ImageBuild::new()
        .with_dockerfile("Containerfile")
        .with_pull_policy(PullPolicy::Never)
        .with_additional_build_contexts(contexts);
    let id = built(&t.upload_items(&build, file("Containerfile", dockerfile.as_bytes())?, 10_000).await?)?;
    t.call(&ImageRemove::new(id)).await?;

    if t.version() >= (5, 6) {
        let dockerfile = format!("FROM {image}\nCOPY --from=extra note /copied\n");
        let mut body = Vec::new();
        for (part, content) in [
            ("MainContext", file("Containerfile", dockerfile.as_bytes())?),
            ("build-context-extra", file("note", b"hello")?),
        ] {
            let head = format!(
                "--{PART_BOUNDARY}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{part}.tar\"\r\n\
                 Content-Type: application/x-tar\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(&content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{PART_BOUNDARY}--\r\n").as_bytes());
        let build =
            ImageBuildParts::new().with_dockerfile("Containerfile").with_pull_policy(PullPolicy::Never);
        let id = built(&t.upload_items(&build, body.clone(), 10_000).await?)?;
        t.call(&ImageRemove::new(id)).await?;
        t.upload_refused(&build.with_cache_ttl("no duration"), body, 400).await?;
    }
    Ok(())
}

async fn local(t: &mut Tour) -> TestResult {
    if t.version() < (5, 7) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("Containerfile"), format!("FROM {}\nLABEL a=b\n", t.image()))?;
    let build = LocalBuild::new(folder.path().display().to_string())
        .with_dockerfile("Containerfile")
        .with_pull_policy(PullPolicy::Never);
    let id = built(&t.items(&build, 10_000).await?)?;
    t.call(&ImageRemove::new(id)).await?;
    t.refused(&LocalBuild::new("/no/such/folder"), 404).await?;
    Ok(())
}

async fn commit(t: &mut Tour) -> TestResult {
    let (container, nobody) = (t.name("committed"), t.name("nobody"));
    helper::container(t, &container, json!({})).await?;
    let repo = format!("localhost/{}", t.name("commit"));
    let name = format!("{repo}:1");
    t.finally(ImageRemove::new(&*name));
    let config = ImageConfig::new()
        .with_env(["SAID=yes"].into_iter().collect::<EnvList>())
        .with_healthcheck(HealthConfig::new().with_test(vec!["CMD".to_owned(), "true".to_owned()]));
    let commit = ImageCommit::new(&*container, config)
        .with_repo(&*repo)
        .with_tag("1")
        .with_format("docker")
        .with_comment("a note")
        .with_author("someone")
        .with_changes(vec!["LABEL a=b".to_owned()]);
    let made = t.call(&commit).await?;
    let image = t.call(&ImageInspect::new(&*name)).await?;
    same!(
        (image.id.as_str(), image.author.as_str(), image.comment.as_str()),
        (&*made.id, "someone", "a note")
    );
    same!(image.labels.get("a").map(String::as_str), Some("b"));
    if t.version() >= (5, 0) {
        holds!(image.config.env.0.contains(&"SAID=yes".to_owned()));
        same!(image.healthcheck.unwrap_or_default().test, ["CMD", "true"]);
    }
    t.refused(&ImageCommit::new(&*nobody, ImageConfig::new()), 404).await?;

    if t.version() >= (4, 8) {
        let commit = ImageCommitStream::new(&*container, ImageConfig::new());
        let id = built(&t.items(&commit, 10_000).await?)?;
        t.call(&ImageRemove::new(id)).await?;
        t.refused(&ImageCommitStream::new(&*nobody, ImageConfig::new()), 404).await?;
    }
    Ok(())
}
