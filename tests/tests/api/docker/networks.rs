//! Networks.

use std::collections::BTreeMap;

use docker_api::containers::ContainerInspect;
use docker_api::networks::{
    EndpointConfig, EndpointIpam, IpamConfig, IpamPoolConfig, NetworkConnect, NetworkConnectConfig,
    NetworkCreate, NetworkCreateConfig, NetworkDelete, NetworkDisconnect, NetworkDisconnectConfig,
    NetworkInspect, NetworkList, NetworkPrune, NetworkScope,
};
use http_endpoint::Filters;
use wharf_tests::harness::TestResult;

use super::helper::{holds, labels, mine, same, sleeper};
use crate::tour::Tour;

pub(crate) async fn run(t: &mut Tour) -> TestResult {
    let (name, nobody) = (t.name("n"), t.name("nobody"));
    t.finally(NetworkDelete::new(&name));
    let pool = IpamPoolConfig::new()
        .with_subnet("10.213.7.0/24")
        .with_ip_range("10.213.7.128/25")
        .with_gateway("10.213.7.1")
        .with_aux_addresses(BTreeMap::from([("router".to_owned(), "10.213.7.2".to_owned())]));
    let config = NetworkCreateConfig::new(&*name)
        .with_check_duplicate(true)
        .with_driver("bridge")
        .with_internal(true)
        .with_attachable(true)
        .with_ipam(IpamConfig::new().with_driver("default").with_config(vec![pool]))
        .with_options(BTreeMap::from([("com.docker.network.driver.mtu".to_owned(), "1400".to_owned())]))
        .with_labels(labels(t));
    let id = t.call(&NetworkCreate::new(config.clone())).await?.id;
    t.refused(&NetworkCreate::new(config), 409).await?;

    let container = t.name("c");
    let container_id = sleeper(t, &container).await?;
    let endpoint = EndpointConfig::new()
        .with_aliases(vec!["db".to_owned()])
        .with_ipam(EndpointIpam::new().with_ipv4_address("10.213.7.200"));
    t.call(&NetworkConnect::new(&name, NetworkConnectConfig::new(&*container).with_endpoint(endpoint)))
        .await?;
    t.refused(&NetworkConnect::new(&nobody, NetworkConnectConfig::new(&*container)), 404).await?;

    let found = t.call(&NetworkInspect::new(&name).with_verbose(true)).await?;
    same!((found.id.as_str(), &found.scope, found.internal), (id.as_str(), &NetworkScope::Local, true));
    same!(found.ipam.config[0].aux_addresses["router"], "10.213.7.2");
    same!(found.containers[&container_id].ipv4_address, "10.213.7.200/24");
    t.refused(&NetworkInspect::new(&nobody), 404).await?;
    let attached = t.call(&ContainerInspect::new(&container)).await?.network_settings.networks;
    same!(
        attached[&name].ipam_config.as_ref().and_then(|ipam| ipam.ipv4_address.as_deref()),
        Some("10.213.7.200")
    );
    holds!(attached[&name].dns_names.iter().any(|name| name == "db"), "{:?}", attached[&name].dns_names);

    let list = t.call(&NetworkList::new().with_filters(mine(t))).await?;
    same!(list.iter().map(|network| &network.name).collect::<Vec<_>>(), [&name]);
    // Everything that is there, for its fields.
    t.call(&NetworkList::new()).await?;
    t.refused(&NetworkList::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;

    t.refused(&NetworkDelete::new(&name), 403).await?;
    let leave = NetworkDisconnectConfig::new(&*container).with_force(true);
    t.call(&NetworkDisconnect::new(&name, leave.clone())).await?;
    t.refused(&NetworkDisconnect::new(&nobody, NetworkDisconnectConfig::new(&*container)), 404).await?;
    t.call(&NetworkDelete::new(&name)).await?;

    let pruned = t.name("pruned");
    t.finally(NetworkDelete::new(&pruned));
    t.call(&NetworkCreate::new(NetworkCreateConfig::new(&*pruned).with_labels(labels(t)))).await?;
    same!(t.call(&NetworkPrune::new().with_filters(mine(t))).await?.networks_deleted, [pruned]);
    t.refused(&NetworkPrune::new().with_filters(Filters::new().with("no-such-filter", "x")), 400).await?;
    Ok(())
}
