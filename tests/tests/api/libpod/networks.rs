//! Networks.

use std::collections::BTreeMap;

use http_endpoint::Filters;
use libpod_api::networks::{
    LeaseRange, Network, NetworkConnect, NetworkConnectOptions, NetworkCreate, NetworkDisconnect,
    NetworkDisconnectOptions, NetworkExists, NetworkInspect, NetworkInspectShort, NetworkList, NetworkPrune,
    NetworkRemove, NetworkUpdate, NetworkUpdateOptions, Route, Subnet,
};
use serde_json::json;
use wharf_tests::harness::TestResult;

use super::helper::{self, holds, same};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("n"), t.name("nobody"));
    create(t, &name).await?;
    look(t, &name, &nobody).await?;
    connect(t, &name, &nobody).await?;
    update(t, &name).await?;

    let removed = t.call(&NetworkRemove::new(&name)).await?;
    same!((removed[0].name.as_str(), &removed[0].err.0), (name.as_str(), &None));
    t.refused(&NetworkRemove::new(&name), 404).await?;
    prune(t).await
}

async fn create(t: &mut Tour, name: &str) -> TestResult {
    let (key, value) = t.label();
    // A subnet of this process, so that two runs at once do not take the same.
    let third = std::process::id() % 250;
    let subnet = |rest: &str| format!("10.213.{third}.{rest}");
    let mut network = Network::new()
        .with_name(name)
        .with_driver("bridge")
        .with_dns_enabled(true)
        .with_internal(true)
        .with_labels(BTreeMap::from([(key, value)]))
        .with_options(BTreeMap::from([("mtu".to_owned(), "1400".to_owned())]))
        .with_ipam_options(BTreeMap::from([("driver".to_owned(), "host-local".to_owned())]))
        .with_subnets(vec![
            Subnet::new(subnet("0/24"))
                .with_gateway(subnet("1"))
                .with_lease_range(LeaseRange::new().with_start_ip(subnet("8")).with_end_ip(subnet("20"))),
        ]);
    if t.version() >= (4, 5) {
        network = network
            .with_internal(false)
            .with_network_dns_servers(vec!["192.0.2.53".to_owned()])
            .with_routes(vec![Route::new("192.0.2.0/24").with_gateway(subnet("1")).with_metric(5_u32)]);
    }
    t.finally(NetworkRemove::new(name).with_force(true));
    let made = t.call(&NetworkCreate::new(network.clone())).await?;
    holds!(made.created.time().is_some() && !made.network_interface.is_empty() && !made.id.is_empty());
    same!(made.subnets, network.subnets);
    same!(made.routes, network.routes);
    same!(made.network_dns_servers, network.network_dns_servers);
    same!((&made.options, &made.labels), (&network.options, &network.labels));

    t.refused(&NetworkCreate::new(Network::new().with_name(name)), 409).await?;
    if t.version() < (4, 4) {
        return Ok(());
    }
    let again = NetworkCreate::new(Network::new().with_name(name)).with_ignore_if_exists(true);
    same!(t.call(&again).await?.id, made.id);
    Ok(())
}

async fn look(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let (key, value) = t.label();
    let filters = Filters::new().with("label", format!("{key}={value}"));
    let list = t.call(&NetworkList::new().with_filters(filters)).await?;
    same!(list.len(), 1);
    same!(list[0].name, name);
    t.refused(&NetworkList::new().with_filters(Filters::new().with("no-such-filter", "x")), 500).await?;
    t.call(&NetworkExists::new(name)).await?;
    t.refused(&NetworkExists::new(nobody), 404).await?;
    t.refused(&NetworkInspect::new(nobody), 404).await?;
    t.refused(&NetworkInspectShort::new(nobody), 404).await?;
    Ok(())
}

async fn connect(t: &mut Tour, name: &str, nobody: &str) -> TestResult {
    let container = t.name("c");
    let beside = json!({"netns": {"nsmode": "bridge"}, "Networks": {"podman": {}}, "cap_drop": []});
    let id = helper::container(t, &container, beside).await?;
    helper::start(t, &container).await?;

    let mac = "92:d0:c6:0a:29:33";
    let options =
        NetworkConnectOptions::new(&*container).with_aliases(vec!["web".to_owned()]).with_static_mac(mac);
    same!(t.call(&NetworkConnect::new(name, options.clone())).await?.trim_end(), "OK");
    t.refused(&NetworkConnect::new(name, options), 500).await?;

    let report = t.call(&NetworkInspect::new(name)).await?;
    same!(report.network.name, name);
    if t.version() >= (5, 0) {
        let found = &report.containers[&id];
        same!(found.name, container);
        let interface = found.interfaces.values().next().ok_or("no interface")?;
        same!(interface.mac_address, mac);
        same!(interface.subnets[0].gateway, report.network.subnets[0].gateway);
    } else {
        holds!(report.containers.is_empty());
    }
    same!(t.call(&NetworkInspectShort::new(name)).await?, report);

    // The reference says status 200 with an error in the report.
    let error = t.refused(&NetworkRemove::new(name), 500).await?;
    same!(error.cause(), Some("network is being used"));

    let options = NetworkDisconnectOptions::new(&*container);
    same!(t.call(&NetworkDisconnect::new(name, options)).await?.trim_end(), "OK");
    t.refused(&NetworkDisconnect::new(name, NetworkDisconnectOptions::new(nobody)), 404).await?;
    helper::remove(t, &container).await
}

async fn update(t: &mut Tour, name: &str) -> TestResult {
    if t.version() < (4, 5) {
        return Ok(());
    }
    let options = NetworkUpdateOptions::new()
        .with_add_dns_servers(vec!["192.0.2.54".to_owned()])
        .with_remove_dns_servers(vec!["192.0.2.53".to_owned()]);
    t.call(&NetworkUpdate::new(name, options)).await?;
    let report = t.call(&NetworkInspect::new(name)).await?;
    same!(report.network.network_dns_servers, ["192.0.2.54"]);
    let wrong = NetworkUpdateOptions::new().with_add_dns_servers(vec!["nonsense".to_owned()]);
    t.refused(&NetworkUpdate::new(name, wrong), 500).await?;
    Ok(())
}

async fn prune(t: &mut Tour) -> TestResult {
    let (key, value) = t.label();
    let name = t.name("pruned");
    let network =
        Network::new().with_name(&*name).with_labels(BTreeMap::from([(key.clone(), value.clone())]));
    t.finally(NetworkRemove::new(&name));
    t.call(&NetworkCreate::new(network)).await?;
    let mine = Filters::new().with("label", format!("{key}={value}"));
    let reports = t.call(&NetworkPrune::new().with_filters(mine.clone())).await?;
    same!(reports.len(), 1);
    same!((reports[0].name.as_str(), &reports[0].error.0), (name.as_str(), &None));
    t.refused(&NetworkPrune::new().with_filters(mine.with("no-such-filter", "x")), 500).await?;
    Ok(())
}
