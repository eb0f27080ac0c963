//! What the Docker runtime does in its own way, on a real Docker (`WHARF_TEST_DOCKER`). Where none is named the
//! tests say that they were skipped.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::StreamExt;
use runtime_core::{
    BuildEvent, BuildSpec, ContainerSpec, ContainerStatus, EndpointSpec, ErrorKind, NetworkSpec,
    RemoveContainer, Runtime, StopOptions,
};
use runtime_docker::{ApiVersion, Dialect, DockerOptions, DockerRuntime, EngineProbe};
use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::TestResult;

/// A small image that every engine of the bed has.
const IMAGE: &str = "docker.io/library/busybox:latest";

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Runs a test against Docker with a name of its own, and removes the containers and networks of that name.
async fn with_docker<F: Future<Output = TestResult>>(
    test: impl FnOnce(DockerRuntime, String) -> F,
) -> TestResult {
    let engine = match Engine::find("docker") {
        Ok(engine) => engine,
        Err(reason) => {
            println!("{reason}");
            return Ok(());
        }
    };
    let docker = DockerRuntime::connect(DockerOptions::new(engine.socket)).await?;
    let name = format!("wharf-docker-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let result = test(docker.clone(), name.clone()).await;
    for container in docker.list_containers(&runtime_core::ContainerFilter::all()).await? {
        if container.name.starts_with(&name) {
            docker.remove_container(&container.id, RemoveContainer::forced().with_volumes()).await?;
        }
    }
    for network in docker.list_networks(&runtime_core::NetworkFilter::default()).await? {
        if network.name.starts_with(&name) {
            docker.remove_network(&network.id).await?;
        }
    }
    result
}

fn sleeper(name: &str) -> ContainerSpec {
    let mut spec = ContainerSpec::new(name, IMAGE).with_command(["sleep", "600"]);
    // PID 1 without an init ignores the stop signal.
    spec.init = Some(true);
    spec
}

/// The same engine, spoken to as one whose newest API version is 1.41.
async fn old(docker: &DockerRuntime) -> TestResult<DockerRuntime> {
    let mut probe = EngineProbe::run(docker.client()).await?;
    probe.api_version = ApiVersion::new(1, 41);
    let old = DockerRuntime::from_probe(docker.client(), &probe, Dialect::docker())?;
    ensure!(!old.capabilities().networks_at_create, "{:?}", old.capabilities());
    Ok(old)
}

#[tokio::test]
async fn an_old_api_version_connects_the_second_network_before_the_start() -> TestResult {
    with_docker(async |docker, name| {
        let old = old(&docker).await?;
        let (one, two) = (format!("{name}-z"), format!("{name}-a"));
        for network in [&one, &two] {
            old.create_network(&NetworkSpec::new(network)).await?;
        }
        let spec = sleeper(&name)
            .with_network(&one, EndpointSpec::with_aliases(["first"]))
            .with_network(&two, EndpointSpec::with_aliases(["second"]));
        let id = old.create_container(&spec).await?;
        let created = old.inspect_container(&id).await?;
        ensure!(created.state.status == ContainerStatus::Created, "{created:?}");
        old.start_container(&id).await?;
        let info = old.inspect_container(&id).await?;
        for (network, alias) in [(&one, "first"), (&two, "second")] {
            let attached = info.networks.get(network.as_str()).ok_or("a network is missing")?;
            ensure!(attached.aliases.iter().any(|a| a == alias), "{attached:?}");
            ensure!(!attached.ip_address.is_empty(), "{attached:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_container_that_cannot_be_connected_is_not_left_behind() -> TestResult {
    with_docker(async |docker, name| {
        let old = old(&docker).await?;
        let there = format!("{name}-there");
        old.create_network(&NetworkSpec::new(&there)).await?;
        let spec = sleeper(&name)
            .with_network(&there, EndpointSpec::default())
            .with_network("host", EndpointSpec::default());
        let error = old.create_container(&spec).await.err().ok_or("it was created")?;
        ensure!(error.subject() == Some(&name) && error.reason().contains("network"), "{error:?}");
        let left = old.inspect_container(&name).await.err().ok_or("it is still there")?;
        ensure!(left.is_not_found(), "{left:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_removals_at_the_same_time_both_end_well() -> TestResult {
    with_docker(async |docker, name| {
        let id = docker.create_container(&sleeper(&name)).await?;
        docker.start_container(&id).await?;
        let remove = || docker.remove_container(&id, RemoveContainer::forced());
        for result in <[_; 4]>::from(tokio::join!(remove(), remove(), remove(), remove())) {
            // One that comes last of all may find nothing any more.
            if let Err(error) = result {
                ensure!(error.is_not_found(), "{error}");
            }
        }
        ensure!(docker.inspect_container(&id).await.is_err_and(|e| e.is_not_found()), "it is still there");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_beginning_of_an_id_names_nothing() -> TestResult {
    with_docker(async |docker, name| {
        let id = docker.create_container(&sleeper(&name)).await?;
        docker.start_container(&id).await?;
        let part = &id[..8];
        let stop = docker.stop_container(part, &StopOptions::default()).await;
        let remove = docker.remove_container(part, RemoveContainer::forced()).await;
        for refused in [stop, remove] {
            ensure!(refused.as_ref().is_err_and(runtime_core::Error::is_not_found), "{refused:?}");
        }
        let info = docker.inspect_container(&id[..12]).await?;
        ensure!(info.name == name && info.state.status == ContainerStatus::Running, "{info:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_stop_timeout_that_the_container_knows_is_kept() -> TestResult {
    with_docker(async |docker, name| {
        let script = "trap '' TERM; touch /ready; while :; do sleep 0.1; done";
        let mut spec = ContainerSpec::new(&name, IMAGE).with_command(["sh", "-c", script]);
        spec.stop_timeout = Some(std::time::Duration::from_millis(200));
        let id = docker.create_container(&spec).await?;
        docker.start_container(&id).await?;
        let started = std::time::Instant::now();
        docker.stop_container(&id, &StopOptions::default()).await?;
        let info = docker.inspect_container(&id).await?;
        // 0.2 s is rounded up to one, and ten are the engine's default.
        ensure!(started.elapsed() < std::time::Duration::from_secs(8), "it took {:?}", started.elapsed());
        ensure!(info.state.exit_code == 137, "{:?}", info.state);
        Ok(())
    })
    .await
}

fn context(dockerfile: &str) -> TestResult<runtime_core::BoxReader> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(dockerfile.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, "Dockerfile", dockerfile.as_bytes())?;
    Ok(Box::pin(std::io::Cursor::new(archive.into_inner()?)))
}

#[tokio::test]
async fn a_build_tells_its_lines_then_the_image_and_a_failure_its_last_lines() -> TestResult {
    with_docker(async |docker, name| {
        let tag = format!("{name}:1");
        let mut spec = BuildSpec::new(&tag);
        spec.no_cache = true;
        spec.args.set("WORD", Some("hello".into()));
        let file = format!("FROM {IMAGE}\nARG WORD\nRUN echo said $WORD && echo aloud >&2\n");
        let events: Vec<_> = docker.build_image(&spec, context(&file)?).await?.collect().await;
        let events = events.into_iter().collect::<runtime_core::Result<Vec<_>>>()?;
        let said = |line: &str| events.contains(&BuildEvent::Log(line.to_owned()));
        ensure!(said("said hello") && said("aloud"), "{events:?}");
        let Some(BuildEvent::Built { id }) = events.last() else {
            return Err(format!("{events:?}").into());
        };
        let image = docker.inspect_image(&tag).await?;
        docker.remove_image(&tag, false).await?;
        ensure!(image.id == *id, "{} is not {id}", image.id);

        let file = format!("FROM {IMAGE}\nRUN echo near the end; exit 7\n");
        let events: Vec<_> = docker.build_image(&spec, context(&file)?).await?.collect().await;
        let Some(Err(error)) = events.last() else {
            return Err("the build did not fail".into());
        };
        ensure!(error.kind() == ErrorKind::BuildFailed, "{error:?}");
        let text = error.to_string();
        ensure!(text.contains("code: 7") && text.contains("\n  near the end"), "{text}");
        Ok(())
    })
    .await
}
