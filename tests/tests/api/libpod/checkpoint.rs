//! Checkpoint and restore.

use std::collections::BTreeMap;

use http_endpoint::Endpoint as _;
use libpod_api::archive::{
    CONFIG_DUMP, ConfigDump, NETWORK_STATUS, NetworkStatus, SPEC_DUMP, STATS_DUMP, Scanner, statistics,
};
use libpod_api::checkpoint::{
    ContainerCheckpoint, ContainerCheckpointExport, ContainerRestore, ContainerRestoreImport,
};
use libpod_api::checkpoint_image::CheckpointImage;
use libpod_api::containers::{
    ContainerInspect, ContainerState, HealthConfig, NamedVolume, Namespace, NamespaceMode, PerNetworkOptions,
    PortMapping,
};
use libpod_api::images::{ImageInspect, ImageRemove};
use libpod_api::networks::{Network, NetworkCreate, NetworkRemove};
use libpod_api::oci::Spec;
use libpod_api::volumes::VolumeRemove;
use serde::de::DeserializeOwned;
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use super::made;
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("c"), t.name("nobody"));
    create(t, &name).await?;
    t.refused(&ContainerCheckpoint::new(&nobody), 404).await?;
    t.refused(&ContainerCheckpointExport::new(&nobody), 404).await?;
    t.refused(&ContainerRestore::new(&nobody), 404).await?;
    t.upload_refused(&ContainerRestoreImport::new(), b"no archive".to_vec(), 500).await?;
    if t.version() < (5, 0) {
        let reason = "CRIU is not on the host of this engine";
        let error = t.refused(&ContainerCheckpoint::new(&name), 500).await?;
        holds!(error.to_string().contains("CRIU"), "{error}");
        t.excuse::<ContainerCheckpoint>(reason);
        t.excuse::<ContainerCheckpointExport>(reason);
        t.excuse::<ContainerRestore>(reason);
        t.excuse::<ContainerRestoreImport>(reason);
        return Ok(());
    }
    local(t, &name).await?;
    image(t, &name).await?;
    archive(t, &name).await
}

async fn create(t: &mut Tour, name: &str) -> TestResult {
    let (network, volume) = (t.name("n"), t.name("v"));
    t.finally(VolumeRemove::new(&volume));
    t.finally(NetworkRemove::new(&network));
    let wanted = Network::new().with_name(network.as_str()).with_driver("bridge").with_dns_enabled(true);
    t.client().send(&NetworkCreate::new(wanted)).await?;
    let check = HealthConfig::new()
        .with_test(vec!["CMD".to_owned(), "true".to_owned()])
        .with_interval(3_600_000_000_000)
        .with_timeout(5_000_000_000)
        .with_retries(1);
    let front = PerNetworkOptions::new().with_aliases(vec!["web".to_owned()]);
    // A loop, since a `sleep` of busybox ends when it is thawed.
    let spec = made::script(t, name, "while :; do sleep 1; done")
        .with_netns(Namespace::of(NamespaceMode::Bridge))
        .with_networks(BTreeMap::from([(network, front)]))
        .with_portmappings(vec![PortMapping::of(80, 0)])
        .with_volumes(vec![NamedVolume::new(&volume, "/data")])
        .with_healthconfig(check);
    made::run(t, spec).await?;
    Ok(())
}

/// Into the engine's own storage and out of it.
async fn local(t: &mut Tour, name: &str) -> TestResult {
    let report = t.call(&ContainerCheckpoint::new(name).with_print_stats(true)).await?;
    holds!(report.runtime_checkpoint_duration > 0);
    let statistics = report.criu_statistics.ok_or("no statistics")?;
    holds!(statistics.frozen_time > 0 && statistics.pages_written > 0, "{statistics:?}");
    let state = t.call(&ContainerInspect::new(name)).await?.state;
    same!((&state.status, state.checkpointed), (&ContainerState::Exited, true));
    holds!(state.checkpointed_at.time().is_some() && !state.checkpoint_path.is_empty());
    // It does not run.
    t.refused(&ContainerCheckpoint::new(name), 500).await?;

    let report = t.call(&ContainerRestore::new(name).with_print_stats(true)).await?;
    holds!(report.runtime_restore_duration > 0);
    holds!(report.criu_statistics.is_some_and(|statistics| statistics.restore_time > 0));
    let state = t.call(&ContainerInspect::new(name)).await?.state;
    same!((&state.status, state.restored), (&ContainerState::Running, true));
    holds!(state.restored_at.time().is_some());
    Ok(())
}

/// Into an image, and what that says of itself.
async fn image(t: &mut Tour, name: &str) -> TestResult {
    let image = format!("localhost/{}:1", t.name("image"));
    t.finally(ImageRemove::new(&image).with_force(true));
    t.call(&ContainerCheckpoint::new(name).with_create_image(image.as_str()).with_keep(true)).await?;
    let annotations = t.client().send(&ImageInspect::new(&image)).await?.annotations;
    let prefix = libpod_api::checkpoint_image::PREFIX;
    same!(annotations.keys().filter(|key| key.starts_with(prefix)).count(), 14);
    let view = CheckpointImage::of(&annotations).ok_or("no annotations")?;
    same!((view.name, view.rootfs_image_name), (name, t.image()));
    holds!(view.criu().is_some_and(|version| version >= (3, 11, 0)), "{view:?}");
    holds!(view.podman_version.starts_with(&format!("{}.{}.", t.version().0, t.version().1)), "{view:?}");
    holds!(!view.runtime_name.is_empty() && !view.host_kernel.is_empty() && view.rootfs_image_id.len() == 64);

    let copy = t.name("copy");
    t.finally(made::remove(&copy));
    let restore = ContainerRestore::new(&image).with_new_name(copy.as_str()).with_ignore_volumes(true);
    let report = t.call(&restore.with_publish_ports("80")).await?;
    let got = t.call(&ContainerInspect::new(&copy)).await?;
    same!((got.id, got.state.restored), (report.id, true));
    t.client().send(&made::remove(&copy)).await?;
    t.client().send(&ContainerRestore::new(name)).await?;
    Ok(())
}

/// Into an archive, and out of it under another name.
async fn archive(t: &mut Tour, name: &str) -> TestResult {
    let tar = t.bytes(&ContainerCheckpointExport::new(name).with_file_locks(true)).await?;
    let mut scanner = Scanner::new().strict();
    for entry in [CONFIG_DUMP, SPEC_DUMP, NETWORK_STATUS, STATS_DUMP] {
        scanner = scanner.with_entry(entry, 1 << 20);
    }
    scanner.feed(&tar)?;
    let summary = scanner.finish()?;
    let content = |entry: &str| summary.content(entry).ok_or_else(|| format!("no {entry}"));

    let config: ConfigDump = audited(content(CONFIG_DUMP)?)?;
    same!(config, ConfigDump::parse(content(CONFIG_DUMP)?)?);
    same!((config.name.as_str(), config.rootfs_image_name.as_str()), (name, t.image()));
    same!(config.network_names().collect::<Vec<_>>(), [t.name("n")]);
    same!((config.named_volumes[0].name.as_str(), config.port_mappings.len()), (t.name("v").as_str(), 1));
    holds!(config.created_time.time().is_some() && config.healthcheck.is_some());
    let spec: Spec = audited(content(SPEC_DUMP)?)?;
    let process = spec.process.ok_or("no process")?;
    same!((process.args[0].as_str(), spec.root.is_some()), ("sh", true));
    holds!(spec.linux.is_some_and(|linux| linux.seccomp.is_some() && !linux.namespaces.is_empty()));
    let networks: BTreeMap<String, NetworkStatus> = audited(content(NETWORK_STATUS)?)?;
    let interface = networks.get(&t.name("n")).and_then(|one| one.interfaces.get("eth0")).ok_or("no eth0")?;
    holds!(interface.subnets[0].ipnet.contains('/') && !interface.mac_address.is_empty());
    let dump = statistics(content(STATS_DUMP)?)?.dump.ok_or("no statistics of a dump")?;
    holds!(dump.frozen_time > 0 && dump.pages_written > 0 && dump.page_pipes > 0, "{dump:?}");

    let copy = t.name("imported");
    t.finally(made::remove(&copy));
    let restore = ContainerRestoreImport::new()
        .with_new_name(copy.as_str())
        .with_ignore_volumes(true)
        .with_ignore_static_ip(true)
        .with_ignore_static_mac(true)
        .with_file_locks(true)
        .with_publish_ports("80")
        .with_print_stats(true);
    same!(
        restore.target(""),
        "/containers/import/restore?import=true&name=".to_owned()
            + &copy
            + "&ignoreVolumes=true&ignoreStaticIP=true&ignoreStaticMAC=true&fileLocks=true&printStats=true&publishPorts=80"
    );
    let report = t.upload(&restore, tar).await?;
    holds!(report.criu_statistics.is_some());
    let got = t.call(&ContainerInspect::new(&copy)).await?;
    same!((got.id, got.state.running, got.state.restored), (report.id, true, true));
    Ok(())
}

/// Reads a record; an error where it has a field that the type does not know.
fn audited<T: DeserializeOwned>(record: &[u8]) -> TestResult<T> {
    let mut unknown = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(record);
    let value = serde_ignored::deserialize(&mut reader, |path| unknown.push(path.to_string()))?;
    if unknown.is_empty() { Ok(value) } else { Err(format!("no type knows {}", unknown.join(", ")).into()) }
}
