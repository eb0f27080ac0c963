//! Containers.

use std::collections::BTreeMap;
use std::time::Duration;

use docker_api::HealthConfig;
use docker_api::containers::{
    AttachSession, BindOptions, ChangeKind, ContainerArchive, ContainerArchiveInfo, ContainerAttach,
    ContainerAttachWebsocket, ContainerChanges, ContainerConfig, ContainerCreate, ContainerDelete,
    ContainerExport, ContainerInspect, ContainerKill, ContainerList, ContainerLogs, ContainerPause,
    ContainerPrune, ContainerRename, ContainerResize, ContainerRestart, ContainerStart, ContainerStats,
    ContainerStatsOnce, ContainerStatus, ContainerStop, ContainerTop, ContainerUnpause, ContainerUpdate,
    ContainerWait, DeviceMapping, HostConfig, LogConfig, Mount, MountType, NetworkingConfig,
    PATH_STAT_HEADER, PathStat, PortBinding, PortMap, Propagation, PutContainerArchive, Resources,
    RestartPolicy, RestartPolicyName, TmpfsOptions, Ulimit, VolumeOptions, WaitCondition, keys,
};
use docker_api::networks::EndpointConfig;
use futures_util::StreamExt as _;
use http_endpoint::{Filters, SecretMap};
use tokio::io::AsyncWriteExt as _;
use wharf_tests::harness::TestResult;

use super::helper::{self, archive, holds, mine, paths, same, script, words};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    t.excuse::<ContainerAttachWebsocket>("it needs the handshake of a WebSocket");
    let (name, nobody) = (t.name("web"), t.name("nobody"));
    let config = everything(t);
    let id = helper::create(t, &name, config).await?;
    t.refused(&ContainerCreate::new(ContainerConfig::new("wharf/none:0")), 404).await?;
    t.refused(&ContainerCreate::new(ContainerConfig::new(t.image())).with_name(&*name), 409).await?;

    start_and_look(t, &name, &id, &nobody).await?;
    files(t, &name, &nobody).await?;
    usage(t, &name, &nobody).await?;
    life(t, &name, &nobody).await?;
    output(t, &nobody).await?;
    attach(t, &nobody).await?;
    health(t).await?;
    end(t, &name, &nobody).await
}

/// A container with as many settings as fit together, so that an inspection shows them.
fn everything(t: &Tour) -> ContainerConfig {
    let tmpfs = TmpfsOptions::new().with_size_bytes(1_u64 << 20).with_mode(0o1777_u32);
    let bind = BindOptions::new().with_propagation(Propagation::RPrivate);
    let volume = VolumeOptions::new().with_no_copy(true).with_labels(helper::labels(t));
    let binding = PortBinding::new().with_host_ip("127.0.0.1");
    let host = HostConfig::new()
        .with_binds(words(["/tmp:/host:ro"]))
        .with_log_config(
            LogConfig::new("json-file").with_config([("max-size", "1m")].into_iter().collect::<SecretMap>()),
        )
        .with_port_bindings(PortMap([("80/tcp".to_owned(), vec![binding])].into()))
        .with_restart_policy(RestartPolicy::new(RestartPolicyName::OnFailure).with_maximum_retry_count(2_i64))
        .with_mounts(vec![
            Mount::new(MountType::Tmpfs, "/scratch").with_tmpfs_options(tmpfs),
            Mount::new(MountType::Bind, "/etc-of-host").with_source("/etc").with_bind_options(bind),
            Mount::new(MountType::Volume, "/data").with_volume_options(volume),
        ])
        .with_annotations(BTreeMap::from([("wharf.note".to_owned(), "x".to_owned())]))
        .with_cap_add(words(["NET_ADMIN"]))
        .with_cap_drop(words(["MKNOD"]))
        .with_dns(words(["10.0.0.53"]))
        .with_dns_options(words(["ndots:1"]))
        .with_dns_search(words(["example.org"]))
        .with_extra_hosts(words(["db:10.0.0.7"]))
        .with_group_add(words(["7"]))
        .with_oom_score_adj(100_i64)
        .with_security_opt(words(["no-new-privileges"]))
        .with_tmpfs(BTreeMap::from([("/run".to_owned(), "size=1m".to_owned())]))
        .with_shm_size(1_u64 << 20)
        .with_sysctls(BTreeMap::from([("net.ipv4.ip_unprivileged_port_start".to_owned(), "0".to_owned())]))
        .with_init(true)
        .with_cpu_shares(512_i64)
        .with_memory(256_u64 << 20)
        .with_nano_cpus(1_500_000_000_i64)
        .with_pids_limit(100_i64)
        .with_devices(vec![
            DeviceMapping::new()
                .with_path_on_host("/dev/null")
                .with_path_in_container("/dev/nil")
                .with_cgroup_permissions("rwm"),
        ])
        .with_ulimits(vec![Ulimit::new("nofile", 1024, 2048)]);
    let endpoint = EndpointConfig::new().with_mac_address("02:42:ac:11:00:99");
    script(t, "echo out; echo err >&2; trap 'exit 7' TERM; while :; do sleep 0.1; done")
        .with_stop_signal("SIGTERM")
        .with_stop_timeout(5_i64)
        .with_hostname("web")
        .with_domainname("example.org")
        .with_user("0:0")
        .with_exposed_ports(keys(["80/tcp", "81/udp"]))
        .with_env(["A=1"].into_iter().collect::<docker_api::EnvList>())
        .with_volumes(keys(["/anonymous"]))
        .with_working_dir("/tmp")
        .with_healthcheck(HealthConfig::test(["CMD", "true"]).with_start_period(1_000_000_000_i64))
        .with_host_config(host)
        .with_networking_config(
            NetworkingConfig::new().with_endpoints_config(BTreeMap::from([("bridge".to_owned(), endpoint)])),
        )
}

async fn start_and_look(t: &mut Tour, name: &str, id: &str, nobody: &str) -> TestResult {
    let made = t.call(&ContainerInspect::new(name)).await?;
    same!((made.id.as_str(), &made.state.status), (id, &ContainerStatus::Created));
    t.call(&ContainerStart::new(name)).await?;
    t.call(&ContainerStart::new(name)).await?; // 304 is a success, too.
    t.refused(&ContainerStart::new(nobody), 404).await?;

    let found = t.call(&ContainerInspect::new(name).with_size(true)).await?;
    same!(found.state.status, ContainerStatus::Running);
    same!((found.config.hostname.as_str(), found.config.stop_timeout), ("web", Some(5)));
    let host = &found.host_config;
    same!((host.memory, host.nano_cpus, host.init), (Some(256 << 20), Some(1_500_000_000), Some(true)));
    same!(host.ulimits, vec![Ulimit::new("nofile", 1024, 2048)]);
    let restart = host.restart_policy.as_ref().ok_or("no restart policy")?;
    same!((&restart.name, restart.maximum_retry_count), (&RestartPolicyName::OnFailure, Some(2)));
    same!(host.masked_paths.as_ref().map(Vec::is_empty), Some(false));
    let port = found.network_settings.ports["80/tcp"].as_ref().ok_or("80/tcp is not published")?;
    same!(port[0].host_ip, "127.0.0.1");
    holds!(!found.network_settings.networks["bridge"].ip_address.is_empty());
    holds!(found.mounts.iter().any(|mount| mount.kind == MountType::Volume && mount.rw == Some(true)));
    holds!(found.size_root_fs.is_some() && found.graph_driver.name == "overlay2");
    holds!(found.state.started_at.time().is_some() && found.state.finished_at.time().is_none());
    t.refused(&ContainerInspect::new(nobody), 404).await?;

    let list = t.call(&ContainerList::new().with_filters(mine(t)).with_size(true)).await?;
    same!(list.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [id]);
    same!((&list[0].state, list[0].host_config.network_mode.as_str()), (&ContainerStatus::Running, "bridge"));
    // Everything that is there, for its fields.
    t.call(&ContainerList::new().with_all(true).with_size(true)).await?;
    t.refused(&ContainerList::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;
    Ok(())
}

async fn files(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let put = PutContainerArchive::new(name, "/home").with_no_overwrite_dir_non_dir(true);
    t.upload(&put, archive(&[("note", "hello")])?).await?;
    t.upload_refused(&PutContainerArchive::new(name, "/no/such/place"), archive(&[])?, 404).await?;

    let bytes = t.bytes(&ContainerArchive::new(name, "/home/note")).await?;
    same!(paths(&bytes)?, ["note"]);
    t.refused(&ContainerArchive::new(name, "/no/such/place"), 404).await?;

    t.call(&ContainerArchiveInfo::new(name, "/home/note")).await?;
    let answer = t.client().send_response(&ContainerArchiveInfo::new(name, "/home/note")).await?;
    let stat = PathStat::from_header(answer.header(PATH_STAT_HEADER).ok_or("no path stat")?)?;
    same!((stat.name.as_str(), stat.size, stat.permissions()), ("note", 5, 0o755));
    holds!(stat.is_file() && !stat.is_dir());
    let answer = t.client().send_response(&ContainerArchiveInfo::new(name, "/bin/sh")).await?;
    let stat = PathStat::from_header(answer.header(PATH_STAT_HEADER).ok_or("no path stat")?)?;
    holds!(stat.name == "sh" && (stat.is_symlink() || stat.is_file()), "{stat:?}");
    t.refused(&ContainerArchiveInfo::new(name, "/no/such/place"), 404).await?;

    let changes = t.call(&ContainerChanges::new(name)).await?;
    holds!(changes.iter().any(|one| one.path == "/home/note" && one.kind == ChangeKind::Added));
    t.refused(&ContainerChanges::new(nobody), 404).await?;
    holds!(paths(&t.bytes(&ContainerExport::new(name)).await?)?.iter().any(|path| path == "home/note"));
    t.refused(&ContainerExport::new(nobody), 404).await?;
    Ok(())
}

async fn usage(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let stats = t.items(&ContainerStats::new(name), 2).await?;
    same!(stats.len(), 2);
    holds!(stats[1].memory_stats.limit >= 1 << 20 && stats[1].cpu_stats.online_cpus > 0);
    holds!(stats[1].cpus().is_some(), "{:?}", stats[1].precpu_stats);
    t.refused(&ContainerStats::new(nobody), 404).await?;
    let once = t.call(&ContainerStatsOnce::new(name).with_one_shot(true)).await?;
    holds!(once.memory_stats.usage > 0 && once.cpus().is_none());
    t.refused(&ContainerStatsOnce::new(nobody), 404).await?;

    let top = t.call(&ContainerTop::new(name).with_ps_args("-eo pid,args")).await?;
    same!(top.titles, ["PID", "COMMAND"]);
    t.refused(&ContainerTop::new(nobody), 404).await?;

    let less = Resources::new()
        .with_memory(128_u64 << 20)
        .with_memory_swap(256_i64 << 20)
        .with_restart_policy(RestartPolicy::new(RestartPolicyName::No));
    t.call(&ContainerUpdate::new(name, less)).await?;
    same!(t.call(&ContainerInspect::new(name)).await?.host_config.memory, Some(128 << 20));
    t.refused(&ContainerUpdate::new(nobody, Resources::new()), 404).await?;
    Ok(())
}

async fn life(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    t.call(&ContainerPause::new(name)).await?;
    holds!(t.call(&ContainerInspect::new(name)).await?.state.paused);
    t.refused(&ContainerPause::new(name), 409).await?;
    t.call(&ContainerUnpause::new(name)).await?;
    t.refused(&ContainerUnpause::new(name), 500).await?;

    let renamed = t.name("renamed");
    t.call(&ContainerRename::new(name, renamed.as_str())).await?;
    t.refused(&ContainerRename::new(name, "x"), 404).await?;
    t.call(&ContainerRename::new(renamed, name)).await?;

    t.call(&ContainerRestart::new(name).with_t(5)).await?;
    t.refused(&ContainerRestart::new(nobody), 404).await?;
    // The program ends by itself when it is asked to, unless it has not come to set its trap yet.
    t.call(&ContainerStop::new(name).with_signal("SIGKILL").with_t(5)).await?;
    t.call(&ContainerStop::new(name)).await?; // 304
    t.refused(&ContainerStop::new(nobody), 404).await?;
    same!(t.call(&ContainerWait::new(name)).await?.status_code, 137);
    t.refused(&ContainerWait::new(nobody), 404).await?;

    t.call(&ContainerStart::new(name)).await?;
    let wait = ContainerWait::new(name).with_condition(WaitCondition::NextExit);
    // The head of the answer comes when the engine has begun to wait.
    let mut waits = t.client().json_stream(&wait).await?;
    t.call(&ContainerKill::new(name).with_signal("SIGKILL")).await?;
    let ended = waits.next().await.ok_or("the wait ended without an answer")??;
    same!((ended.status_code, ended.error), (137, None));
    t.refused(&ContainerKill::new(name), 409).await?;
    Ok(())
}

async fn output(t: &mut Tour, nobody: &str) -> TestResult {
    let (name, broken) = (t.name("log"), t.name("broken"));
    let config = script(t, "echo out; echo err >&2; exit 3");
    helper::create(t, &name, config).await?;
    t.call(&ContainerStart::new(&name)).await?;
    same!(t.call(&ContainerWait::new(&name)).await?.status_code, 3);
    let logs = ContainerLogs::new(&name).with_stdout(true).with_stderr(true).with_tail("all");
    let mut frames = t.client().frames(&logs).await?;
    let mut text = Vec::new();
    while let Some(frame) = frames.next().await {
        text.push(String::from_utf8(frame?.bytes.to_vec())?);
    }
    text.sort();
    same!(text, ["err\n", "out\n"]);
    holds!(
        !t.bytes(&logs.clone().with_timestamps(true).with_details(true).with_since("1")).await?.is_empty()
    );
    t.refused(&ContainerLogs::new(nobody).with_stdout(true), 404).await?;
    t.refused(&ContainerLogs::new(&name), 400).await?;

    let config = ContainerConfig::new(t.image()).with_cmd(words(["/no/such/program"]));
    helper::create(t, &broken, config.with_labels(helper::labels(t))).await?;
    t.refused(&ContainerStart::new(&broken), 400).await?;
    let found = t.call(&ContainerInspect::new(&broken)).await?;
    same!((&found.state.status, found.state.exit_code), (&ContainerStatus::Created, 127));
    holds!(found.state.error.contains("no such file"), "{}", found.state.error);
    Ok(())
}

async fn attach(t: &mut Tour, nobody: &str) -> TestResult {
    let (plain, terminal) = (t.name("attach"), t.name("tty"));
    let config = script(t, "read line; echo got $line; exit 5").with_open_stdin(true).with_stdin_once(true);
    helper::create(t, &plain, config).await?;
    let all = |name: &str| {
        let attach = ContainerAttach::new(name).with_logs(false).with_stream(true);
        attach.with_stdin(true).with_stdout(true).with_stderr(true)
    };
    let session = t.client().session(AttachSession::new(all(&plain), false)).await?;
    t.called::<ContainerAttach>();
    t.call(&ContainerStart::new(&plain)).await?;
    let (mut input, mut output, control) = session.into_parts();
    input.write_all(b"this\n").await?;
    let mut text = String::new();
    while let Some(chunk) = output.next().await {
        text.push_str(std::str::from_utf8(&chunk?.bytes)?);
    }
    same!(text, "got this\n");
    same!(control.wait_within(Duration::from_secs(20)).await?, 5);
    t.refused(&ContainerAttach::new(nobody).with_stream(true), 404).await?;

    let config = script(t, "sleep 600").with_tty(true).with_open_stdin(true);
    helper::create(t, &terminal, config).await?;
    t.call(&ContainerStart::new(&terminal)).await?;
    t.call(&ContainerResize::new(&terminal, 30_u16, 100_u16)).await?;
    t.refused(&ContainerResize::new(nobody, 30_u16, 100_u16), 404).await?;
    drop(t.hijack(&all(&terminal)).await?);
    Ok(())
}

async fn health(t: &mut Tour) -> TestResult {
    let name = t.name("ill");
    let check = HealthConfig::test(["CMD-SHELL", "echo no; exit 1"])
        .with_interval(20_000_000_i64)
        .with_start_interval(20_000_000_i64)
        .with_retries(1_i64);
    let config = script(t, "sleep 600").with_healthcheck(check);
    helper::create(t, &name, config).await?;
    t.call(&ContainerStart::new(&name)).await?;
    let unhealthy = mine(t).with("health", "unhealthy");
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while t.call(&ContainerList::new().with_filters(unhealthy.clone())).await?.is_empty() {
        holds!(tokio::time::Instant::now() < deadline, "it never became unhealthy");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let health = t.call(&ContainerInspect::new(&name)).await?.state.health.ok_or("no health")?;
    same!(health.status, docker_api::HealthStatus::Unhealthy);
    same!((health.log[0].exit_code, health.log[0].output.trim()), (1, "no"));
    Ok(())
}

async fn end(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let running = t.name("tty");
    t.refused(&ContainerDelete::new(&running), 409).await?;
    t.call(&ContainerDelete::new(&running).with_force(true).with_v(true)).await?;
    t.refused(&ContainerDelete::new(nobody), 404).await?;
    t.call(&ContainerDelete::new(name).with_v(true)).await?;
    let pruned = t.call(&ContainerPrune::new().with_filters(mine(t))).await?;
    holds!(!pruned.containers_deleted.is_empty());
    t.refused(&ContainerPrune::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;
    Ok(())
}
