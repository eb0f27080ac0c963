//! Making, listing, inspecting, changing and removing containers.

use std::collections::BTreeMap;

use http_endpoint::{EnvList, Filters, JsonQuery, SecretMap};
use libpod_api::containers::{
    ContainerCreate, ContainerExists, ContainerInspect, ContainerList, ContainerRemove, ContainerRename,
    ContainerStart, ContainerState, ContainerUpdate, ContainersPrune, HealthConfig, Inspected, LogConfig,
    MountKind, NamedVolume, Namespace, NamespaceMode, OnFailureAction, PerNetworkOptions, PortMapping,
    RestartPolicyName, Secret, SpecGenerator, StartupHealthCheck, UpdateEntities,
};
use libpod_api::networks::{Network, NetworkCreate, NetworkRemove};
use libpod_api::oci;
use libpod_api::secrets::{SecretCreate, SecretRemove};
use libpod_api::volumes::VolumeRemove;
use serde_json::json;
use sock_transport::RequestBody;
use wharf_tests::harness::TestResult;

use super::helper::{holds, same};
use super::made::{self, Pod, PodRemove};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("c"), t.name("nobody"));
    let spec = full(t, &name).await?;
    let id = create(t, spec).await?;
    t.client().send(&ContainerStart::new(&name)).await?;
    inspect(t, &name, &id, &nobody).await?;
    list(t, &name, &id).await?;
    members(t).await?;
    update(t, &name, &id, &nobody).await?;

    let renamed = t.name("renamed");
    t.finally(made::remove(&renamed));
    t.call(&ContainerRename::new(&name, &renamed)).await?;
    t.refused(&ContainerRename::new(&nobody, "x"), 404).await?;
    t.call(&ContainerExists::new(&renamed)).await?;
    t.refused(&ContainerExists::new(&name), 404).await?;
    remove(t, &renamed, &id, &nobody).await
}

/// Something of everything that an engine can tell again.
async fn full(t: &mut Tour, name: &str) -> TestResult<SpecGenerator> {
    let (network, volume, secret) = (t.name("n"), t.name("v"), t.name("s"));
    let (key, value) = t.label();
    t.finally(SecretRemove::new(&secret));
    let body = RequestBody::from(bytes::Bytes::from_static(b"hunter2"));
    let labels = JsonQuery(BTreeMap::from([(key, value)]));
    t.client().send_with_body(&SecretCreate::new(&secret).with_labels(labels), body).await?;
    t.finally(NetworkRemove::new(&network));
    let wanted = Network::new().with_name(network.as_str()).with_driver("bridge").with_dns_enabled(true);
    t.client().send(&NetworkCreate::new(wanted)).await?;
    t.finally(VolumeRemove::new(&volume));

    let front = PerNetworkOptions::new().with_aliases(vec!["web".to_owned()]);
    let check = HealthConfig::new()
        .with_test(vec!["CMD".to_owned(), "true".to_owned()])
        .with_interval(3_600_000_000_000)
        .with_timeout(5_000_000_000)
        .with_start_period(1_000_000_000)
        .with_retries(2);
    let mut spec = made::spec(t, name)
        .with_entrypoint(vec!["/bin/sh".to_owned(), "-c".to_owned()])
        .with_command(vec!["sleep 600".to_owned()])
        .with_env([("COLOUR", "blue")].into_iter().collect::<SecretMap>())
        .with_terminal(true)
        .with_stdin(true)
        .with_annotations(BTreeMap::from([("wharf.note".to_owned(), "yes".to_owned())]))
        .with_stop_timeout(3)
        .with_restart_policy(RestartPolicyName::OnFailure)
        .with_restart_tries(2)
        .with_hostname("box")
        .with_sysctl(BTreeMap::from([("net.ipv4.ip_default_ttl".to_owned(), "63".to_owned())]))
        .with_log_configuration(LogConfig::new().with_driver("k8s-file").with_size(1_000_000))
        .with_secret_env(BTreeMap::from([("PASSWORD".to_owned(), secret.clone())]))
        .with_secrets(vec![Secret::new(&secret).with_target("/run/word").with_uid(7).with_mode(0o440)])
        .with_volumes(vec![NamedVolume::new(&volume, "/data"), NamedVolume::new("", "/cache")])
        .with_mounts(vec![
            oci::Mount::new("/scratch").with_kind("tmpfs").with_options(vec!["size=1m".to_owned()]),
            oci::Mount::new("/outside")
                .with_kind("bind")
                .with_source("/etc")
                .with_options(vec!["ro".to_owned()]),
        ])
        .with_devices(vec![oci::Device::new("/dev/null:/dev/nothing:r")])
        .with_cap_add(vec!["CAP_NET_ADMIN".to_owned()])
        .with_cap_drop(vec!["CAP_CHOWN".to_owned()])
        .with_groups(vec!["1234".to_owned()])
        .with_no_new_privileges(true)
        .with_netns(Namespace::of(NamespaceMode::Bridge))
        .with_networks(BTreeMap::from([(network, front)]))
        .with_portmappings(vec![PortMapping::of(80, 0), PortMapping::of(53, 0).with_protocol("udp")])
        .with_expose(BTreeMap::from([(81, "tcp".to_owned())]))
        .with_dns_server(vec!["192.0.2.53".to_owned()])
        .with_dns_search(vec!["example.com".to_owned()])
        .with_hostadd(vec!["db:192.0.2.1".to_owned()])
        .with_resource_limits(
            oci::Resources::new()
                .with_memory(oci::Memory::new().with_limit(64 << 20))
                .with_pids(oci::Pids::new().with_limit(100))
                .with_cpu(oci::Cpu::new().with_shares(512).with_cpus("0")),
        )
        .with_oom_score_adj(100)
        .with_healthconfig(check)
        .with_health_check_on_failure_action(OnFailureAction::KILL);
    if t.version() >= (4, 4) {
        spec = spec.with_startup_health_config(
            StartupHealthCheck::new()
                .with_test(vec!["CMD".to_owned(), "true".to_owned()])
                .with_interval(3_600_000_000_000)
                .with_timeout(5_000_000_000)
                .with_successes(1),
        );
        // 4.3 adds a limit of its own that its host does not allow.
        spec = spec.with_r_limits(vec![
            oci::Rlimit::new("nofile", 200_u64, 100_u64),
            oci::Rlimit::new("nproc", 200_u64, 200_u64),
        ]);
    }
    Ok(spec)
}

async fn create(t: &mut Tour, spec: SpecGenerator) -> TestResult<String> {
    t.finally(made::remove(&spec.name));
    let made = t.call(&ContainerCreate::new(spec.clone())).await?;
    same!(made.id.len(), 64);
    let missing = if t.version() >= (4, 8) { 404 } else { 500 };
    let no_image = SpecGenerator::of_image("localhost/wharf-no-such-image:latest");
    t.refused(&ContainerCreate::new(no_image), missing).await?;
    // The name is taken.
    t.refused(&ContainerCreate::new(made::spec(t, &spec.name)), 500).await?;
    Ok(made.id)
}

async fn inspect(t: &mut Tour, name: &str, id: &str, nobody: &str) -> TestResult {
    let got = t.call(&ContainerInspect::new(name).with_size(true)).await?;
    same!((got.id.as_str(), got.name.as_str()), (id, name));
    same!((&got.state.status, got.state.running), (&ContainerState::Running, true));
    holds!(got.created.time().is_some() && got.state.started_at.time().is_some() && got.state.pid > 1);
    holds!(got.state.checkpointed_at.time().is_none() && got.state.error.is_empty());
    holds!(got.size_rw.is_some() && got.size_root_fs > 0 && !got.graph_driver.data.is_empty());
    same!(got.state.health.as_ref().map(|health| health.failing_streak), Some(0));
    settings(t, &got)?;
    network(t, &got)?;
    let bound = got.mounts.iter().find(|mount| mount.destination == "/outside").ok_or("no /outside")?;
    same!((&bound.kind, bound.source.as_str(), bound.rw), (&MountKind::Bind, "/etc", false));
    let volume = got.mounts.iter().find(|mount| mount.destination == "/data").ok_or("no /data")?;
    same!((&volume.kind, volume.name.as_str(), volume.rw), (&MountKind::Volume, t.name("v").as_str(), true));
    t.refused(&ContainerInspect::new(nobody), 404).await?;
    Ok(())
}

fn settings(t: &Tour, got: &Inspected) -> TestResult {
    let config = &got.config;
    let (key, value) = t.label();
    same!(config.labels[&key], value);
    same!(config.annotations["wharf.note"], "yes");
    same!((config.hostname.as_str(), config.tty, config.open_stdin), ("box", true, true));
    same!((&config.cmd.0, config.stop_timeout), (&vec!["sleep 600".to_owned()], 3));
    if t.version() >= (5, 0) {
        same!(
            (config.entrypoint.0.join(" ").as_str(), config.stop_signal.0.as_str()),
            ("/bin/sh -c", "SIGKILL")
        );
    } else {
        same!((config.entrypoint.0.join(" ").as_str(), config.stop_signal.0.as_str()), ("/bin/sh -c", "9"));
    }
    holds!(config.env.0.iter().any(|pair| pair == "COLOUR=blue"));
    let secret = config.secrets.first().ok_or("no secret")?;
    same!((secret.name.as_str(), secret.uid, secret.mode), (t.name("s").as_str(), 7, 0o440));
    let check = config.healthcheck.as_ref().ok_or("no health check")?;
    same!((check.test.join(" ").as_str(), check.interval, check.retries), ("CMD true", 3_600_000_000_000, 2));
    same!(config.healthcheck_on_failure_action, "kill");
    if t.version() >= (4, 4) {
        same!(config.startup_health_check.as_ref().map(|check| check.successes), Some(1));
    }

    let host = &got.host_config;
    same!(
        (&host.restart_policy.name, host.restart_policy.maximum_retry_count),
        (&RestartPolicyName::OnFailure, 2)
    );
    same!((host.memory, host.pids_limit, host.cpu_shares), (64 << 20, 100, 512));
    same!((host.cpuset_cpus.as_str(), host.oom_score_adj), ("0", 100));
    same!((host.log_config.kind.as_str(), &host.group_add), ("k8s-file", &vec!["1234".to_owned()]));
    same!((&host.dns, &host.extra_hosts), (&vec!["192.0.2.53".to_owned()], &vec!["db:192.0.2.1".to_owned()]));
    holds!(
        host.cap_add.contains(&"CAP_NET_ADMIN".to_owned()) && host.cap_drop.contains(&"CAP_CHOWN".to_owned())
    );
    holds!(host.tmpfs.contains_key("/scratch"), "{:?}", host.tmpfs);
    Ok(())
}

fn network(t: &Tour, got: &Inspected) -> TestResult {
    let name = t.name("n");
    let network = got.network_settings.networks.get(&name).ok_or("no network")?;
    holds!(!network.ip_address.is_empty() && !network.gateway.is_empty() && !network.mac_address.is_empty());
    holds!(network.aliases.contains(&"web".to_owned()));
    let bound = got.network_settings.ports.get("80/tcp").cloned().flatten().unwrap_or_default();
    holds!(bound.len() == 1 && bound[0].host_port.parse::<u16>().is_ok_and(|port| port > 0), "{bound:?}");
    same!(got.network_settings.ports.get("81/tcp"), Some(&None));
    holds!(got.host_config.port_bindings.contains_key("53/udp"));
    Ok(())
}

async fn list(t: &mut Tour, name: &str, id: &str) -> TestResult {
    let (key, value) = t.label();
    let filters = Filters::new().with("label", format!("{key}={value}"));
    let wanted = ContainerList::new().with_all(true).with_size(true).with_namespace(true).with_sync(true);
    let list = t.call(&wanted.with_filters(filters)).await?;
    same!(list.len(), 1);
    let one = &list[0];
    same!((one.id.as_str(), one.names[0].as_str(), &one.state), (id, name, &ContainerState::Running));
    holds!(one.created.time().is_some() && one.started_at > 0 && one.exited_at < 0 && one.pid > 1);
    holds!(one.size.as_ref().is_some_and(|size| size.root_fs_size > 0) && !one.namespaces.mnt.is_empty());
    same!(one.networks, [t.name("n")]);
    holds!(one.ports.iter().any(|port| port.container_port == 80 && port.host_port > 0));
    t.refused(&ContainerList::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;
    Ok(())
}

/// The infra container of a pod, and a member that has its namespaces.
async fn members(t: &mut Tour) -> TestResult {
    let (pod, member) = (t.name("pod"), t.name("member"));
    t.finally(PodRemove::new(&pod).with_force(true).with_timeout(0_u32));
    let spec = json!({"name": pod, "portmappings": [{"container_port": 80, "host_port": 0}]});
    t.client().send(&Pod::new(spec)).await?;
    let spec = SpecGenerator::of_image(t.image())
        .with_name(member.as_str())
        .with_pod(pod.as_str())
        .with_init_container_type("once")
        .with_command(vec!["true".to_owned()]);
    t.call(&ContainerCreate::new(spec)).await?;
    let filters = Filters::new().with("pod", pod.as_str());
    let list = t.call(&ContainerList::new().with_all(true).with_pod(true).with_filters(filters)).await?;
    same!(list.len(), 2);
    holds!(list.iter().all(|one| one.pod_name == pod));
    let infra = list.iter().find(|one| one.is_infra).ok_or("no infra container")?;
    holds!(t.call(&ContainerInspect::new(&infra.id)).await?.is_infra);
    let inspected = t.call(&ContainerInspect::new(&member)).await?;
    same!((&inspected.pod, &inspected.state.status), (&infra.pod, &ContainerState::Created));
    same!(inspected.dependencies.join(" "), infra.id);
    Ok(())
}

async fn update(t: &mut Tour, name: &str, id: &str, nobody: &str) -> TestResult {
    let mut changes = UpdateEntities::new().with_pids(oci::Pids::new().with_limit(99));
    if t.version() >= (5, 5) {
        changes = changes.with_env(["COLOUR=red"].into_iter().collect::<EnvList>());
    }
    let mut update = ContainerUpdate::new(name, changes.clone());
    if t.version() >= (5, 1) {
        update = update.with_restart_policy(RestartPolicyName::OnFailure).with_restart_retries(5);
    }
    same!(t.call(&update).await?.trim(), id);
    let got = t.call(&ContainerInspect::new(name)).await?;
    if t.version() >= (5, 1) {
        same!((got.host_config.pids_limit, got.host_config.restart_policy.maximum_retry_count), (99, 5));
    }
    if t.version() >= (5, 5) {
        holds!(got.config.env.0.iter().any(|pair| pair == "COLOUR=red"));
    }
    t.refused(&ContainerUpdate::new(nobody, changes), 404).await?;
    Ok(())
}

async fn remove(t: &mut Tour, name: &str, id: &str, nobody: &str) -> TestResult {
    t.refused(&ContainerRemove::new(name), 500).await?;
    t.refused(&ContainerRemove::new(nobody), 404).await?;
    let ignored = t.call(&ContainerRemove::new(nobody).with_ignore(true)).await?;
    holds!(ignored.iter().all(|report| report.err.0.is_none()));
    let removed = t.call(&made::remove(name)).await?;
    same!((removed[0].id.as_str(), &removed[0].err.0), (id, &None));

    let ended = t.name("ended");
    let id = made::create(t, made::spec(t, &ended)).await?;
    let (key, value) = t.label();
    let ours = Filters::new().with("label", format!("{key}={value}"));
    let pruned = t.call(&ContainersPrune::new().with_filters(ours)).await?;
    same!(pruned.iter().map(|report| report.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    t.refused(&ContainersPrune::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;
    Ok(())
}
