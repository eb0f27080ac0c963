//! Containers that are carried from one engine to another, and go on from where they were.

use runtime_core::{
    CheckpointReport, CheckpointRuntime, CheckpointSpec, ContainerSpec, ContainerStatus, RestoreReport,
    RestoreSpec, Runtime,
};
use wharf_tests::ensure;
use wharf_tests::harness::TestResult;

use crate::stage::{IMAGE, Stage, mark_memory, peak_memory, podman};

const MB: u64 = 1 << 20;
/// How much may be between the two engines at a time.
const PIPE: usize = 256 << 10;

/// Pipes a checkpoint on one engine into a restore on another; nothing of it is kept here.
async fn carry(
    from: &dyn CheckpointRuntime,
    to: &dyn CheckpointRuntime,
    container: &str,
    checkpoint: &CheckpointSpec,
    restore: &RestoreSpec,
) -> TestResult<(CheckpointReport, RestoreReport)> {
    let (writer, reader) = tokio::io::duplex(PIPE);
    let (dumped, restored) = tokio::join!(
        from.checkpoint(container, checkpoint, Box::pin(writer)),
        to.restore(restore, Box::pin(reader))
    );
    // A dump that failed is the cause of a restore that failed.
    Ok((dumped?, restored?))
}

#[tokio::test]
async fn a_counter_goes_on_with_its_volume_and_its_network_while_200_mb_pass() -> TestResult {
    let (Some(a), Some(b)) = (podman("podman").await, podman("podman-b").await) else { return Ok(()) };
    let here = Stage::new(&a);
    let there = here.on(&b);
    let subnet = "10.177.31.0/24";
    let act = async {
        here.make_network(subnet).await?;
        here.make_volume().await?;
        here.start(
            &here.with_network(here.with_volume(here.counter("/data/count"))),
            &["test", "-s", "/data/count"],
        )
        .await?;
        let (_, code) =
            here.exec(&["dd", "if=/dev/urandom", "of=/data/ballast", "bs=1M", "count=200"]).await?;
        ensure!(code == 0, "dd ended with {code}");
        let (sum, _) = here.exec(&["md5sum", "/data/ballast"]).await?;
        let before = here.runtime.inspect_container(&here.name).await?;
        let address = before.networks[&here.network()].ip_address.clone();
        let count = here.count("/data/count").await?;

        there.make_network(subnet).await?;
        let memory = mark_memory();
        let (dumped, restored) =
            carry(here.can()?, there.can()?, &here.name, &CheckpointSpec::new(), &RestoreSpec::new()).await?;
        let grown = peak_memory().saturating_sub(memory);
        println!("{} MB passed, {} KB of memory", dumped.size / MB, grown / 1024);
        ensure!(dumped.size > 200 * MB, "only {} bytes passed", dumped.size);
        ensure!(grown < 16 * MB, "{} MB of memory for {} MB", grown / MB, dumped.size / MB);
        ensure!(dumped.size == restored.size && dumped.digest == restored.digest, "{dumped:?} {restored:?}");
        ensure!(dumped.digest.starts_with("sha256:") && dumped.digest.len() == 71, "{}", dumped.digest);
        ensure!(dumped.frozen_time.is_some_and(|time| !time.is_zero()), "{dumped:?}");
        ensure!(dumped.pages_written.is_some_and(|pages| pages > 0), "{dumped:?}");

        let gone = here.runtime.inspect_container(&here.name).await?;
        ensure!(gone.state.status == ContainerStatus::Exited && gone.state.checkpointed, "{:?}", gone.state);
        let after = there.runtime.inspect_container(&there.name).await?;
        ensure!(after.id == restored.id && after.id == before.id, "{} {}", after.id, before.id);
        ensure!(after.state.status == ContainerStatus::Running, "{:?}", after.state);
        ensure!(after.networks[&there.network()].ip_address == address, "{:?} was {address}", after.networks);
        let (carried, _) = there.exec(&["md5sum", "/data/ballast"]).await?;
        ensure!(carried == sum, "{carried:?} was {sum:?}");
        // It counts in memory only: a fresh start would be at one again.
        ensure!(there.count("/data/count").await? >= count, "it began anew");
        there.counts_past("/data/count", count + 3).await
    };
    here.play(there.play(act)).await
}

#[tokio::test]
async fn a_redis_keeps_its_data_and_takes_more() -> TestResult {
    let (Some(a), Some(b)) = (podman("podman").await, podman("podman-b").await) else { return Ok(()) };
    let image = std::env::var("WHARF_TEST_SERVICES_IMAGE")
        .unwrap_or_else(|_| "docker.io/wharf/services:latest".into());
    for runtime in [&a, &b] {
        if runtime.inspect_image(&image).await.is_err_and(|error| error.is_not_found()) {
            println!("skipped: {image} is not there");
            return Ok(());
        }
    }
    let here = Stage::new(&a);
    let there = here.on(&b);
    let subnet = "10.177.32.0/24";
    let act = async {
        here.make_network(subnet).await?;
        here.make_volume().await?;
        let mut spec = ContainerSpec::new(&here.name, &image).with_command([
            "redis-server",
            "--dir",
            "/data",
            "--save",
            "",
            "--protected-mode",
            "no",
        ]);
        spec.entrypoint = Some(Vec::new());
        spec.user = Some("root".into());
        here.start(&here.with_network(here.with_volume(spec)), &["redis-cli", "ping"]).await?;
        let fill = "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo SET key:$i value:$i; done | redis-cli > /dev/null";
        here.exec(&["sh", "-c", fill]).await?;
        here.exec(&["redis-cli", "INCR", "hits"]).await?;

        there.make_network(subnet).await?;
        // The last client's connection may still be in its closing states: it is taken along.
        let (checkpoint, restore) =
            (CheckpointSpec::new().tcp_established(), RestoreSpec::new().tcp_established());
        carry(here.can()?, there.can()?, &here.name, &checkpoint, &restore).await?;

        ensure!(there.exec(&["redis-cli", "DBSIZE"]).await?.0 == "1001", "keys are lost");
        ensure!(there.exec(&["redis-cli", "GET", "key:777"]).await?.0 == "value:777", "a value is lost");
        ensure!(there.exec(&["redis-cli", "INCR", "hits"]).await?.0 == "2", "it does not go on");
        Ok(())
    };
    here.play(there.play(act)).await
}

#[tokio::test]
async fn a_copy_under_another_name_runs_beside_the_original() -> TestResult {
    let Some(a) = podman("podman").await else { return Ok(()) };
    let stage = Stage::new(&a);
    // It has a file open only when it is asked for its number: what runs on while its files are copied must not change
    // one that it had open when it was dumped.
    let script = "i=0; trap 'echo $i > /tmp/count' USR1; while :; do i=$((i+1)); sleep 0.05; done";
    let spec = ContainerSpec::new(&stage.name, IMAGE).with_command(["sh", "-c", script]);
    let ask = ["sh", "-c", "kill -USR1 1; sleep 0.2; cat /tmp/count"];
    let act = async {
        stage.start(&spec, &ask).await?;
        let file = tempfile::NamedTempFile::new()?;
        let writer = tokio::fs::File::from_std(file.reopen()?);
        let report = stage
            .can()?
            .checkpoint(&stage.name, &CheckpointSpec::new().leave_running(), Box::pin(writer))
            .await?;
        ensure!(report.size == file.as_file().metadata()?.len(), "{report:?}");
        let count: u64 = stage.until(&ask, |text, _| text.parse::<u64>().is_ok()).await?.parse()?;
        ensure!(stage.status().await? == ContainerStatus::Running, "the original does not run");

        let copy = Stage { runtime: &a, name: format!("{}-copy", stage.name) };
        let reader = tokio::fs::File::open(file.path()).await?;
        let restored =
            stage.can()?.restore(&RestoreSpec::new().with_name(&copy.name), Box::pin(reader)).await?;
        ensure!(restored.digest == report.digest, "{restored:?} {report:?}");
        copy.until(&ask, |text, _| text.parse::<u64>().is_ok_and(|now| now > count)).await?;
        ensure!(stage.status().await? == ContainerStatus::Running, "the original does not run");
        let ids = [&stage.name, &copy.name].map(|name| a.inspect_container(name));
        let [original, copied] = ids;
        ensure!(original.await?.id != copied.await?.id, "they are the same");
        Ok(())
    };
    stage.play(act).await
}

#[tokio::test]
async fn every_image_of_the_bed_has_one_id() -> TestResult {
    // A restore finds its image by id: what the tests above stand on.
    let (Some(a), Some(b)) = (podman("podman").await, podman("podman-b").await) else { return Ok(()) };
    let (one, other) = (a.inspect_image(IMAGE).await?, b.inspect_image(IMAGE).await?);
    ensure!(one.id == other.id, "{} {}", one.id, other.id);
    Ok(())
}
