//! Networks.

use std::time::Duration;

use super::stage::{Check, Stage};
use crate::{
    ContainerFilter, ContainerSpec, EndpointSpec, IpamPool, NetworkFilter, NetworkMode, RemoveContainer,
};

cases! {
    Nothing {
        network_create_inspect_remove, network_name_is_taken, network_of_missing, network_in_use_is_kept,
        network_connect_and_disconnect, network_connect_twice, network_attachment_is_told, network_ids_are_told,
    }
    Processes {
        network_alias_resolves, network_containers_reach_each_other, network_several_at_create, network_static_address,
        network_subnet_reads_back, network_internal_has_no_way_out, network_subnet_overlap,
        network_of_another_is_not_seen,
    }
}

fn on(mut spec: ContainerSpec, network: &str, endpoint: EndpointSpec) -> ContainerSpec {
    spec.network_mode = NetworkMode::Networks;
    spec.networks.insert(network.to_owned(), endpoint);
    spec
}

async fn network_create_inspect_remove(stage: &Stage) -> Check {
    let spec = stage.network_spec("net").with_label("k", "v=w");
    let id = stage.runtime.create_network(&spec).await?;
    let info = stage.runtime.inspect_network(&spec.name).await?;
    ensure_eq!(
        (info.id.as_str(), info.name.as_str(), info.driver.as_str()),
        (id.as_str(), spec.name.as_str(), "bridge")
    );
    ensure_eq!(info.labels.get("k").map(String::as_str), Some("v=w"));
    ensure!(!info.internal, "it is told as internal");
    ensure!(info.pools.iter().any(|pool| pool.subnet.is_some()), "no subnet: {:?}", info.pools);
    let by_id = stage.runtime.inspect_network(&id).await?;
    ensure_eq!(by_id.name, spec.name);
    let list = stage
        .runtime
        .list_networks(&NetworkFilter::default().with_label("k", "v=w").with_name(&spec.name))
        .await?;
    ensure_eq!(list.iter().map(|n| n.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    stage.runtime.remove_network(&spec.name).await?;
    ensure_error!(stage.runtime.inspect_network(&spec.name).await, NotFound);
    Ok(())
}

async fn network_name_is_taken(stage: &Stage) -> Check {
    let spec = stage.network_spec("net");
    stage.runtime.create_network(&spec).await?;
    ensure_error!(stage.runtime.create_network(&spec).await, Conflict);
    Ok(())
}

async fn network_of_missing(stage: &Stage) -> Check {
    let none = stage.name("none");
    ensure_error!(stage.runtime.inspect_network(&none).await, NotFound);
    ensure_error!(stage.runtime.remove_network(&none).await, NotFound);
    let id = stage.idle("c").await?;
    ensure_error!(stage.runtime.connect_network(&none, &id, &EndpointSpec::default()).await, NotFound);
    ensure_error!(stage.runtime.disconnect_network(&none, &id, false).await, NotFound);
    Ok(())
}

async fn network_in_use_is_kept(stage: &Stage) -> Check {
    let network = stage.network("net").await?;
    let id = stage.start(&on(stage.idle_spec("c"), &network, EndpointSpec::default())).await?;
    ensure_error!(stage.runtime.remove_network(&network).await, Conflict);
    stage.runtime.inspect_network(&network).await?;
    stage.runtime.remove_container(&id, RemoveContainer::forced()).await?;
    stage.runtime.remove_network(&network).await?;
    Ok(())
}

async fn network_connect_and_disconnect(stage: &Stage) -> Check {
    let first = stage.network("first").await?;
    let second = stage.network("second").await?;
    let id = stage.start(&on(stage.idle_spec("c"), &first, EndpointSpec::default())).await?;
    stage.runtime.connect_network(&second, &id, &EndpointSpec::with_aliases(["other"])).await?;
    let networks = stage.runtime.inspect_container(&id).await?.networks;
    let Some(attached) = networks.get(&second) else { fail!("not attached: {networks:?}") };
    ensure!(!attached.ip_address.is_empty(), "no address");
    ensure!(attached.aliases.iter().any(|alias| alias == "other"), "aliases {:?}", attached.aliases);
    stage.runtime.disconnect_network(&second, &id, false).await?;
    let networks = stage.runtime.inspect_container(&id).await?.networks;
    ensure!(networks.contains_key(&first) && !networks.contains_key(&second), "now on {networks:?}");
    Ok(())
}

async fn network_connect_twice(stage: &Stage) -> Check {
    let network = stage.network("net").await?;
    let id = stage.start(&on(stage.idle_spec("c"), &network, EndpointSpec::default())).await?;
    ensure_error!(stage.runtime.connect_network(&network, &id, &EndpointSpec::default()).await, Conflict);
    Ok(())
}

async fn network_attachment_is_told(stage: &Stage) -> Check {
    let network = stage.network("net").await?;
    let id = stage.start(&on(stage.idle_spec("c"), &network, EndpointSpec::with_aliases(["web"]))).await?;
    let networks = stage.runtime.inspect_container(&id).await?.networks;
    ensure_eq!(networks.keys().collect::<Vec<_>>(), [&network]);
    let attached = &networks[&network];
    ensure!(!attached.ip_address.is_empty(), "no address");
    ensure!(attached.aliases.iter().any(|alias| alias == "web"), "aliases {:?}", attached.aliases);
    Ok(())
}

async fn network_ids_are_told(stage: &Stage) -> Check {
    let network = stage.network("net").await?;
    let id = stage.runtime.inspect_network(&network).await?.id;
    stage.start(&on(stage.idle_spec("c"), &network, EndpointSpec::default())).await?;
    let list = stage.runtime.list_containers(&ContainerFilter::all().with_name(stage.name("c"))).await?;
    let told = list.first().and_then(|c| c.networks.get(&network)).map(|n| n.network_id.clone());
    // Podman's quick list has the name instead.
    ensure!(told == Some(id) || told.as_ref() == Some(&network), "the list tells {told:?}");
    Ok(())
}

/// Waits until a name resolves in a container to the address.
async fn resolves(stage: &Stage, container: &str, name: &str, address: &str) -> Check {
    // Podman's name server reads new names a moment after the start.
    let what = format!("{name} resolves to {address}");
    stage
        .until(&what, || async {
            let found = stage.exec_script(container, &format!("nslookup {name} 2>&1")).await?;
            Ok(found.out.lines().any(|line| line.contains(address)))
        })
        .await
}

async fn address(stage: &Stage, container: &str, network: &str) -> Check<String> {
    let networks = stage.runtime.inspect_container(container).await?.networks;
    Ok(networks.get(network).map(|attached| attached.ip_address.clone()).unwrap_or_default())
}

async fn network_alias_resolves(stage: &Stage) -> Check {
    let network = stage.network("net").await?;
    let server = on(stage.idle_spec("server"), &network, EndpointSpec::with_aliases(["web", "web.alias"]));
    let server = stage.start(&server).await?;
    let client = stage.start(&on(stage.idle_spec("client"), &network, EndpointSpec::default())).await?;
    let address = address(stage, &server, &network).await?;
    for name in ["web", "web.alias", &stage.name("server"), &server[..12]] {
        resolves(stage, &client, name, &address).await?;
    }
    Ok(())
}

async fn network_containers_reach_each_other(stage: &Stage) -> Check {
    let network = stage.network("net").await?;
    let mut server = stage.script("server", "while :; do echo hello | nc -l -p 8080; done");
    server = on(server, &network, EndpointSpec::with_aliases(["server"]));
    let id = stage.start(&server).await?;
    let address = address(stage, &id, &network).await?;
    let client = stage.start(&on(stage.idle_spec("client"), &network, EndpointSpec::default())).await?;
    stage
        .until("an answer over TCP", || async {
            let found = stage.exec_script(&client, &format!("nc -w 2 {address} 8080 < /dev/null")).await?;
            Ok(found.out.contains("hello"))
        })
        .await
}

async fn network_several_at_create(stage: &Stage) -> Check {
    let first = stage.network("first").await?;
    let second = stage.network("second").await?;
    let mut spec = on(stage.idle_spec("both"), &first, EndpointSpec::with_aliases(["one"]));
    spec.networks.insert(second.clone(), EndpointSpec::with_aliases(["two"]));
    let both = stage.start(&spec).await?;
    let networks = stage.runtime.inspect_container(&both).await?.networks;
    ensure!(networks.contains_key(&first) && networks.contains_key(&second), "on {networks:?}");
    for (network, name, suffix) in [(&first, "one", "a"), (&second, "two", "b")] {
        let client = stage.start(&on(stage.idle_spec(suffix), network, EndpointSpec::default())).await?;
        resolves(stage, &client, name, &address(stage, &both, network).await?).await?;
    }
    Ok(())
}

/// A subnet of a case's own: cases run at the same time, and earlier runs may have left some.
fn subnet(stage: &Stage) -> (String, String) {
    let mut hash: u32 = 2_166_136_261;
    for byte in stage.prefix.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
    }
    // Neither Docker nor Podman gives these by itself.
    let (second, third) = (32 + (hash >> 8) % 48, hash % 256);
    (format!("10.{second}.{third}.0/24"), format!("10.{second}.{third}"))
}

async fn with_subnet(stage: &Stage, suffix: &str) -> Check<(String, String)> {
    let (subnet, base) = subnet(stage);
    let mut spec = stage.network_spec(suffix);
    spec.pools.push(IpamPool {
        subnet: Some(subnet),
        gateway: Some(format!("{base}.1")),
        ..IpamPool::default()
    });
    stage.runtime.create_network(&spec).await?;
    Ok((spec.name, base))
}

async fn network_subnet_reads_back(stage: &Stage) -> Check {
    let (network, base) = with_subnet(stage, "net").await?;
    let pools = stage.runtime.inspect_network(&network).await?.pools;
    ensure_eq!(pools.len(), 1);
    ensure_eq!(pools[0].subnet, Some(format!("{base}.0/24")));
    ensure_eq!(pools[0].gateway, Some(format!("{base}.1")));
    Ok(())
}

async fn network_static_address(stage: &Stage) -> Check {
    let (network, base) = with_subnet(stage, "net").await?;
    let mut endpoint = EndpointSpec::default();
    let wanted = format!("{base}.77");
    endpoint.ipv4_address = Some(wanted.parse()?);
    let id = stage.start(&on(stage.idle_spec("c"), &network, endpoint)).await?;
    ensure_eq!(address(stage, &id, &network).await?, wanted);
    let inside = stage.exec_script(&id, "ip -4 addr").await?;
    ensure!(inside.text()?.contains(&wanted), "inside: {}", inside.out);
    Ok(())
}

async fn network_subnet_overlap(stage: &Stage) -> Check {
    let (_, base) = with_subnet(stage, "net").await?;
    let mut spec = stage.network_spec("again");
    spec.pools.push(IpamPool { subnet: Some(format!("{base}.0/24")), ..IpamPool::default() });
    ensure_error!(stage.runtime.create_network(&spec).await, Conflict);
    Ok(())
}

async fn network_internal_has_no_way_out(stage: &Stage) -> Check {
    let mut spec = stage.network_spec("net");
    spec.internal = true;
    stage.runtime.create_network(&spec).await?;
    ensure!(stage.runtime.inspect_network(&spec.name).await?.internal, "it is not told as internal");
    let container = on(stage.script("c", "ip route | grep -c default"), &spec.name, EndpointSpec::default());
    ensure_eq!(stage.run(&container).await?.out.trim(), "0", "default routes");
    Ok(())
}

async fn network_of_another_is_not_seen(stage: &Stage) -> Check {
    let first = stage.network("first").await?;
    let second = stage.network("second").await?;
    let hidden = on(stage.idle_spec("hidden"), &first, EndpointSpec::with_aliases(["hidden"]));
    let hidden = stage.start(&hidden).await?;
    let seen = on(stage.idle_spec("seen"), &second, EndpointSpec::with_aliases(["seen"]));
    let seen = stage.start(&seen).await?;
    let client = stage.start(&on(stage.idle_spec("client"), &second, EndpointSpec::default())).await?;
    resolves(stage, &client, "seen", &address(stage, &seen, &second).await?).await?;
    let found = stage.exec_script(&client, "timeout 10 nslookup hidden 2>&1");
    let found = tokio::time::timeout(Duration::from_secs(30), found).await??;
    let address = address(stage, &hidden, &first).await?;
    ensure!(!found.out.contains(&address), "a name of another network resolves: {}", found.out);
    Ok(())
}
