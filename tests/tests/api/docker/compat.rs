//! Podman's compatible API, read with the types of `docker-api`: what the Podman backend calls.

use std::collections::BTreeMap;

use docker_api::containers::{
    ContainerConfig, ContainerInspect, ContainerList, ContainerLogs, ContainerStart, ContainerStop,
    ContainerTop, ContainerWait, HostConfig, Mount, MountType, NetworkingConfig, PortBinding, PortMap,
    Ulimit, keys,
};
use docker_api::exec::{ExecConfig, ExecCreate, ExecInspect};
use docker_api::images::{ImageHistory, ImageInspect, ImageList};
use docker_api::networks::{
    EndpointConfig, IpamConfig, IpamPoolConfig, NetworkCreate, NetworkCreateConfig, NetworkDelete,
    NetworkInspect, NetworkList,
};
use docker_api::system::{Events, GetVersion, Info, Ping, PingHeaders, SystemDataUsage};
use docker_api::volumes::{VolumeCreate, VolumeCreateConfig, VolumeDelete, VolumeInspect, VolumeList};
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, labels, mine, same, script, words};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    for field in
        ["AdjustCPUShares", "Config", "DefaultReadOnlyNonRecursive", "Name", "NetworkingConfig", "Platform"]
    {
        let reason = "Podman-only: it sends along the empty parts of a body for create";
        t.excuse_field(&format!("ContainerList: [].{field}"), reason);
    }
    for field in ["Digest", "History", "Names"] {
        let reason = "Podman-only: libpod's list has it, and `libpod-api` knows it";
        t.excuse_field(&format!("ImageList: [].{field}"), reason);
    }

    same!(t.call(&Ping::new()).await?, "OK");
    let answer = t.client().send_response(&Ping::new()).await?;
    let headers = PingHeaders::read(|name| answer.header(name));
    holds!(headers.is_podman() && headers.api_version.is_some() && headers.buildah_version.is_some());
    let version = t.call(&GetVersion::new()).await?;
    same!(headers.engine_version(), Some(version.version.as_str()));
    holds!(t.call(&Info::new()).await?.memory > 0);
    t.call(&SystemDataUsage::new()).await?;

    let network = t.name("n");
    t.finally(NetworkDelete::new(&network));
    let pool = IpamPoolConfig::new().with_subnet(format!("10.213.{}.0/24", 100 + std::process::id() % 100));
    let config = NetworkCreateConfig::new(&*network)
        .with_labels(labels(t))
        .with_ipam(IpamConfig::new().with_config(vec![pool]));
    t.call(&NetworkCreate::new(config)).await?;
    let volume = t.name("v");
    t.finally(VolumeDelete::new(&volume).with_force(true));
    let config = VolumeCreateConfig::new().with_name(&*volume).with_labels(labels(t));
    t.call(&VolumeCreate::new(config)).await?;
    same!(t.call(&VolumeInspect::new(&volume)).await?.name, volume);
    holds!(t.call(&VolumeList::new()).await?.volumes.iter().any(|one| one.name == volume));

    let name = t.name("c");
    let id = helper::create(t, &name, everything(t, &network, &volume)).await?;
    t.call(&ContainerInspect::new(&name)).await?;
    t.call(&ContainerStart::new(&name)).await?;
    let found = t.call(&ContainerInspect::new(&name).with_size(true)).await?;
    same!((found.id.as_str(), found.state.running), (id.as_str(), true));
    same!(found.host_config.memory, Some(256 << 20));
    holds!(found.mounts.iter().any(|mount| mount.name == volume));
    let list = t.call(&ContainerList::new().with_filters(mine(t)).with_size(true)).await?;
    same!(list.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [&*id]);
    // Everything that is there, for its fields.
    t.call(&ContainerList::new().with_all(true)).await?;
    t.call(&ContainerTop::new(&name)).await?;
    let networks = t.call(&NetworkList::new()).await?;
    holds!(networks.iter().any(|one| one.name == network));
    holds!(t.call(&NetworkInspect::new(&network)).await?.containers.contains_key(&id));

    let exec = t.call(&ExecCreate::new(&name, ExecConfig::new(words(["true"])))).await?.id;
    same!(t.call(&ExecInspect::new(&exec)).await?.container_id, id);
    t.call(&ContainerStop::new(&name).with_t(0)).await?;
    t.call(&ContainerWait::new(&name)).await?;
    t.bytes(&ContainerLogs::new(&name).with_stdout(true).with_stderr(true)).await?;
    t.call(&ContainerInspect::new(&name)).await?;

    let events = t.items(&Events::new().with_since("0").with_filters(mine(t)), 2).await?;
    same!(events.len(), 2);
    let image = t.image();
    t.call(&ImageInspect::new(image)).await?;
    t.call(&ImageHistory::new(image)).await?;
    // With `digests` Podman answers with nothing at all.
    holds!(!t.call(&ImageList::new().with_all(true)).await?.is_empty());
    Ok(())
}

fn everything(t: &Tour, network: &str, volume: &str) -> ContainerConfig {
    let binding = PortBinding::new().with_host_ip("127.0.0.1");
    let mut host = HostConfig::new()
        .with_network_mode(network)
        .with_port_bindings(PortMap([("80/tcp".to_owned(), vec![binding])].into()))
        .with_mounts(vec![
            Mount::new(MountType::Volume, "/data").with_source(volume),
            Mount::new(MountType::Tmpfs, "/scratch"),
        ])
        .with_binds(words(["/tmp:/host:ro"]))
        .with_extra_hosts(words(["db:10.0.0.7"]))
        .with_cap_add(words(["NET_ADMIN"]))
        .with_init(true)
        .with_memory(256_u64 << 20);
    if t.engine().name != "podman43" {
        // This one then sets its own limit of processes, too, which the bed does not let it raise.
        host = host.with_ulimits(vec![Ulimit::new("nofile", 1024, 2048)]);
    }
    let endpoint = EndpointConfig::new().with_aliases(words(["web"]));
    script(t, "sleep 600")
        .with_exposed_ports(keys(["80/tcp", "81/udp"]))
        .with_env(["A=1"].into_iter().collect::<docker_api::EnvList>())
        .with_healthcheck(docker_api::HealthConfig::none())
        .with_host_config(host)
        .with_networking_config(
            NetworkingConfig::new().with_endpoints_config(BTreeMap::from([(network.to_owned(), endpoint)])),
        )
}
