//! What goes through libpod in place of the compatible API.

use std::time::{Duration, Instant};

use runtime_core::{
    ContainerFilter, ContainerSpec, ContainerStatus, NetworkFilter, PortBinding, Protocol, RemoveContainer,
    StopOptions,
};
use wharf_tests::ensure;
use wharf_tests::harness::TestResult;

use crate::stage::{IMAGE, Stage, podman};

async fn each(test: impl AsyncFn(&Stage<'_>) -> TestResult) -> TestResult {
    for engine in ["podman", "podman43"] {
        if let Some(podman) = podman(engine).await {
            let stage = Stage::new(&podman);
            stage.play(test(&stage)).await.map_err(|error| format!("{engine}: {error}"))?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_list_tells_what_the_compatible_one_does() -> TestResult {
    each(async |stage| {
        stage.make_network("10.177.33.0/24").await?;
        stage.make_volume().await?;
        let mut spec =
            stage.with_network(stage.with_volume(stage.counter("/tmp/count"))).with_label("k", "v w");
        let mut port = PortBinding::new(80, Protocol::Udp);
        port.host_port = Some("18080".into());
        spec.ports = vec![port];
        stage.start(&spec, &["test", "-s", "/tmp/count"]).await?;

        let filter = ContainerFilter::all().with_name(&stage.name).with_label("k", "v w");
        let list = stage.runtime.list_containers(&filter).await?;
        ensure!(list.len() == 1, "{list:?}");
        let (one, full) = (&list[0], stage.runtime.inspect_container(&stage.name).await?);
        ensure!(one.id == full.id && one.name == full.name, "{one:?} {full:?}");
        ensure!(one.image == full.image && one.image_id == full.image_id, "{one:?} {full:?}");
        ensure!(one.status == ContainerStatus::Running && one.exit_code.is_none(), "{one:?}");
        ensure!(one.status_text.starts_with("Up "), "{one:?}");
        ensure!(one.labels["k"] == "v w", "{one:?}");
        ensure!(one.networks.keys().eq(full.networks.keys()), "{one:?} {full:?}");
        ensure!(one.mounts.len() == 1 && one.mounts[0].target == "/data", "{one:?}");
        let port = |ports: &[runtime_core::PublishedPort]| {
            ports.iter().find(|p| p.container_port == 80).map(|p| (p.protocol, p.host_port))
        };
        ensure!(port(&one.ports) == Some((Protocol::Udp, Some(18080))), "{one:?}");
        ensure!(port(&one.ports) == port(&full.ports), "{one:?} {full:?}");

        let part = ContainerFilter::all().with_name(&stage.name[..stage.name.len() - 1]);
        ensure!(stage.runtime.list_containers(&part).await?.is_empty(), "a part of a name matches");
        let networks =
            stage.runtime.list_networks(&NetworkFilter::default().with_name(stage.network())).await?;
        ensure!(networks.len() == 1, "{networks:?}");
        ensure!(networks[0].pools[0].subnet.as_deref() == Some("10.177.33.0/24"), "{networks:?}");
        let inspected = stage.runtime.inspect_network(&stage.network()).await?;
        ensure!(inspected.id == networks[0].id, "{inspected:?} {networks:?}");

        stage.runtime.kill_container(&stage.name, None).await?;
        stage.runtime.wait_container(&stage.name, runtime_core::WaitCondition::NotRunning).await?;
        let list = stage.runtime.list_containers(&filter).await?;
        ensure!(list[0].exit_code == Some(137) && list[0].status == ContainerStatus::Exited, "{list:?}");
        ensure!(list[0].status_text.starts_with("Exited (137) "), "{list:?}");
        let running = ContainerFilter::default().with_name(&stage.name);
        ensure!(stage.runtime.list_containers(&running).await?.is_empty(), "it is listed as running");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_forced_removal_does_not_wait_for_a_container_that_ignores_signals() -> TestResult {
    each(async |stage| {
        let script = "trap '' TERM; touch /tmp/ready; while :; do sleep 0.1; done";
        let spec = ContainerSpec::new(&stage.name, IMAGE).with_command(["sh", "-c", script]);
        stage.start(&spec, &["test", "-f", "/tmp/ready"]).await?;
        let kept = stage.runtime.remove_container(&stage.name, RemoveContainer::default()).await;
        ensure!(kept.as_ref().is_err_and(runtime_core::Error::is_conflict), "{kept:?}");
        let started = Instant::now();
        stage.runtime.remove_container(&stage.name, RemoveContainer::forced()).await?;
        // The stop timeout is ten seconds.
        ensure!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
        let gone = stage.runtime.remove_container(&stage.name, RemoveContainer::forced()).await;
        ensure!(gone.as_ref().is_err_and(runtime_core::Error::is_not_found), "{gone:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_name_that_could_be_an_id_never_means_another_container() -> TestResult {
    each(async |stage| {
        stage.start(&stage.counter("/tmp/count"), &["test", "-s", "/tmp/count"]).await?;
        let id = stage.runtime.inspect_container(&stage.name).await?.id;
        for name in [id[..3].to_owned(), format!("_{}", &id[1..4]), "%".to_owned(), format!("{}%", &id[..12])]
        {
            let removed = stage.runtime.remove_container(&name, RemoveContainer::forced()).await;
            ensure!(removed.as_ref().is_err_and(runtime_core::Error::is_not_found), "{name}: {removed:?}");
            let stopped = stage.runtime.stop_container(&name, &StopOptions::default()).await;
            ensure!(stopped.as_ref().is_err_and(runtime_core::Error::is_not_found), "{name}: {stopped:?}");
        }
        ensure!(stage.status().await? == ContainerStatus::Running, "another container was meant");
        let by_id = stage.runtime.inspect_container(&id[..12]).await?;
        ensure!(by_id.name == stage.name, "{by_id:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn processes_have_the_names_of_the_containers_own_users() -> TestResult {
    each(async |stage| {
        stage.start(&stage.counter("/tmp/count"), &["test", "-s", "/tmp/count"]).await?;
        let (titles, rows) = stage.runtime.processes(&stage.name).await?;
        ensure!(titles == ["USER", "PID", "PPID", "COMMAND"], "{titles:?}");
        let main = rows.iter().find(|row| row[1] == "1").ok_or("there is no main process")?;
        ensure!(main[0] == "root" && main[3].starts_with("sh -c"), "{rows:?}");
        stage.runtime.kill_container(&stage.name, None).await?;
        stage.runtime.wait_container(&stage.name, runtime_core::WaitCondition::NotRunning).await?;
        let ended = stage.runtime.processes(&stage.name).await;
        ensure!(ended.as_ref().is_err_and(runtime_core::Error::is_conflict), "{ended:?}");
        Ok(())
    })
    .await
}
