//! Pods.

use std::collections::BTreeMap;

use http_endpoint::Filters;
use libpod_api::containers::{NamedVolume, Namespace, NamespaceMode, PerNetworkOptions, PortMapping};
use libpod_api::oci::{Cpu, Memory, Mount, Resources};
use libpod_api::pods::{
    PodCreate, PodExists, PodInspect, PodKill, PodList, PodPause, PodPrune, PodRemove, PodReport, PodRestart,
    PodSpecGenerator, PodStart, PodState, PodStats, PodStatsStream, PodStop, PodTop, PodTopStream,
    PodUnpause,
};
use libpod_api::volumes::VolumeRemove;
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (pod, nobody) = (t.name("pod"), t.name("nobody"));
    make(t, &pod, &nobody).await?;
    act(t, &pod, &nobody).await?;
    fail_in_part(t).await?;
    prune(t).await
}

async fn make(t: &mut Tour, pod: &str, nobody: &str) -> TestResult {
    let (key, value) = t.label();
    t.finally(PodRemove::new(pod).with_force(true).with_timeout(0_u32));
    let spec = PodSpecGenerator::new()
        .with_name(pod)
        .with_hostname("shop")
        .with_labels(BTreeMap::from([(key.clone(), value.clone())]))
        .with_port_mappings(vec![PortMapping::of(80, 0)])
        .with_dns_search(vec!["example.org".to_owned()])
        .with_host_add(vec!["db:192.0.2.7".to_owned()])
        .with_pod_create_command(vec!["made".to_owned(), "by a test".to_owned()]);
    let made = t.call(&PodCreate::new(spec.clone())).await?;
    t.refused(&PodCreate::new(spec), 409).await?;

    let mine = PodList::new().with_filters(Filters::new().with("label", format!("{key}={value}")));
    let list = t.call(&mine).await?;
    same!(list.len(), 1);
    same!((&list[0].id, list[0].name.as_str(), &list[0].status), (&made.id, pod, &PodState::Created));
    same!(list[0].containers.len(), 1);
    t.call(&PodList::new()).await?;
    t.refused(&PodList::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;

    let data = t.call(&PodInspect::new(pod)).await?;
    same!((data.hostname.as_str(), data.exit_policy.as_str(), data.num_containers), ("shop", "continue", 1));
    same!(data.create_command, ["made", "by a test"]);
    let infra = data.infra_config.ok_or("a pod without an infra container")?;
    holds!(infra.port_bindings.contains_key("80/tcp"), "{infra:?}");
    same!(
        (infra.dns_search, infra.host_add),
        (vec!["example.org".to_owned()], vec!["db:192.0.2.7".to_owned()])
    );
    t.refused(&PodInspect::new(nobody), 404).await?;
    t.call(&PodExists::new(pod)).await?;
    t.refused(&PodExists::new(nobody), 404).await?;
    Ok(())
}

async fn act(t: &mut Tour, pod: &str, nobody: &str) -> TestResult {
    helper::container(t, &t.name("member"), json!({ "pod": pod })).await?;
    let started = t.call(&PodStart::new(pod)).await?;
    same!(started.errors, []);
    holds!(!started.id.is_empty());
    same!(t.call(&PodStart::new(pod)).await?, PodReport::default());
    t.refused(&PodStart::new(nobody), 404).await?;
    same!(t.call(&PodInspect::new(pod)).await?.state, PodState::Running);

    let stats = t.call(&PodStats::new().with_names_or_ids(vec![pod.to_owned()])).await?;
    same!(stats.len(), 2);
    t.refused(&PodStats::new().with_names_or_ids(vec![nobody.to_owned()]), 404).await?;
    let stream = PodStatsStream::new().with_names_or_ids(vec![pod.to_owned()]).with_delay(1_u32);
    same!(t.items(&stream, 2).await?.len(), 2);
    t.refused(&PodStatsStream::new().with_names_or_ids(vec![nobody.to_owned()]), 404).await?;

    let top = t.call(&PodTop::new(pod).with_ps_args("pid,args")).await?;
    same!(top.titles, ["PID", "COMMAND"]);
    holds!(top.processes.iter().any(|row| row.iter().any(|word| word.contains("sleep"))), "{top:?}");
    t.refused(&PodTop::new(nobody), 404).await?;
    same!(t.items(&PodTopStream::new(pod).with_delay(1_u32), 2).await?.len(), 2);
    t.refused(&PodTopStream::new(pod).with_delay(0_u32), 400).await?;

    t.call(&PodPause::new(pod)).await?;
    same!(t.call(&PodInspect::new(pod)).await?.state, PodState::Paused);
    t.refused(&PodPause::new(nobody), 404).await?;
    t.call(&PodUnpause::new(pod)).await?;
    t.refused(&PodUnpause::new(nobody), 404).await?;
    t.call(&PodRestart::new(pod)).await?;
    t.refused(&PodRestart::new(nobody), 404).await?;
    t.call(&PodKill::new(pod).with_signal("KILL")).await?;
    t.refused(&PodKill::new(nobody), 404).await?;
    t.call(&PodRestart::new(pod)).await?;
    same!(t.call(&PodStop::new(pod).with_timeout(1)).await?.errors, []);
    same!(t.call(&PodStop::new(pod)).await?, PodReport::default());
    t.refused(&PodStop::new(nobody), 404).await?;
    Ok(())
}

/// A pod of which one container cannot start.
async fn fail_in_part(t: &mut Tour) -> TestResult {
    let pod = t.name("broken");
    let nobody = t.name("nobody");
    let volume = t.name("volume");
    t.finally(VolumeRemove::new(&*volume).with_force(true));
    t.finally(PodRemove::new(&*pod).with_force(true).with_timeout(0_u32));
    let spec = PodSpecGenerator::new()
        .with_name(&*pod)
        .with_exit_policy("stop")
        .with_shared_namespaces(vec!["net".to_owned(), "ipc".to_owned()])
        .with_netns(Namespace::of(NamespaceMode::Bridge))
        .with_networks(BTreeMap::from([("podman".to_owned(), PerNetworkOptions::new())]))
        .with_sysctl(BTreeMap::from([("net.ipv4.ip_default_ttl".to_owned(), "33".to_owned())]))
        .with_pod_devices(vec!["/dev/null:/dev/nothing:r".to_owned()])
        .with_security_opt(vec!["label=disable".to_owned()])
        .with_shm_size(1 << 20)
        .with_volumes(vec![NamedVolume::new(&*volume, "/data")])
        .with_mounts(vec![Mount::new("/scratch").with_kind("tmpfs").with_source("tmpfs")])
        .with_resource_limits(
            Resources::new()
                .with_cpu(Cpu::new().with_shares(512_u64).with_period(100_000_u64).with_quota(50_000_i64))
                .with_memory(Memory::new().with_limit(64 << 20)),
        );
    let made = t.call(&PodCreate::new(spec)).await?;
    let data = t.call(&PodInspect::new(&*pod)).await?;
    same!((data.exit_policy.as_str(), data.cpu_quota, data.memory_limit), ("stop", 50_000, 64 << 20));
    holds!(data.mounts.iter().any(|mount| mount.destination == "/data"), "{:?}", data.mounts);
    t.call(&PodList::new()).await?;
    helper::container(t, &t.name("lame"), json!({ "pod": pod, "command": ["/no/such/program"] })).await?;
    let error = t.refused(&PodStart::new(&*pod), 409).await?;
    let report =
        error.engine_message().and_then(PodReport::from_refusal).ok_or("no report in the refusal")?;
    same!((&report.id, report.errors.len()), (&made.id, 1));
    holds!(report.errors[0].0.as_ref().is_some_and(|text| text.contains("/no/such/program")), "{report:?}");

    let removed = t.call(&PodRemove::new(&*pod).with_force(true).with_timeout(0_u32)).await?;
    same!((&removed.id, removed.error.0), (&made.id, None));
    t.refused(&PodRemove::new(&*nobody), 404).await?;
    Ok(())
}

/// A prune takes no filter: it is sent only while no pod of anybody else is there.
async fn prune(t: &mut Tour) -> TestResult {
    let pods = t.call(&PodList::new()).await?;
    t.excuse_error::<PodPrune>("it takes nothing that could be wrong");
    if pods.iter().all(|pod| pod.name.starts_with(&t.name(""))) {
        let pruned = t.call(&PodPrune::new()).await?;
        holds!(pruned.iter().all(|one| one.error.0.is_none()), "{pruned:?}");
        same!(pruned.len(), pods.len());
    } else {
        t.excuse::<PodPrune>("it would remove pods of other runs, which are there now");
    }
    Ok(())
}
