//! Networks and endpoints.

use docker_api::ApiVersion;
use docker_api::networks::{
    EndpointConfig, EndpointIpam, IpamConfig, IpamPoolConfig, Network, NetworkCreateConfig,
};
use runtime_core::{EndpointSpec, IpamPool, NetworkInfo, NetworkSpec};

use super::sorted;

/// The body of a create call.
pub(crate) fn create_body(spec: &NetworkSpec, api: ApiVersion) -> NetworkCreateConfig {
    let pools: Vec<_> = spec
        .pools
        .iter()
        .map(|pool| {
            IpamPoolConfig::new()
                .with_subnet(pool.subnet.clone())
                .with_ip_range(pool.ip_range.clone())
                .with_gateway(pool.gateway.clone())
                .with_aux_addresses(sorted(&pool.aux_addresses))
        })
        .collect();
    let ipam = IpamConfig::new()
        .with_driver(spec.ipam_driver.clone())
        .with_config(pools)
        .with_options(sorted(&spec.ipam_options));
    NetworkCreateConfig::new(spec.name.as_str())
        // From 1.44 on a name is always unique.
        .with_check_duplicate(api < ApiVersion::new(1, 44))
        .with_driver(spec.driver.clone())
        .with_internal(spec.internal)
        .with_attachable(spec.attachable)
        .with_enable_ipv6(spec.ipv6)
        .with_ipam((ipam != IpamConfig::new()).then_some(ipam))
        .with_options(sorted(&spec.options))
        .with_labels(sorted(&spec.labels))
}

/// How a container is attached.
pub(crate) fn endpoint(spec: &EndpointSpec) -> EndpointConfig {
    let ipam = EndpointIpam::new()
        .with_ipv4_address(spec.ipv4_address.map(|ip| ip.to_string()))
        .with_ipv6_address(spec.ipv6_address.map(|ip| ip.to_string()))
        .with_link_local_ips(spec.link_local_ips.iter().map(ToString::to_string).collect::<Vec<_>>());
    EndpointConfig::new()
        .with_ipam((ipam != EndpointIpam::new()).then_some(ipam))
        .with_aliases(spec.aliases.clone())
        .with_mac_address(spec.mac_address.clone())
        .with_driver_opts(sorted(&spec.driver_opts))
        .with_gw_priority(spec.gw_priority)
}

/// A network as it is.
pub(crate) fn info(network: Network) -> NetworkInfo {
    let set = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut info = NetworkInfo::default();
    info.id = network.id;
    info.name = network.name;
    info.driver = network.driver;
    info.labels = network.labels.into_iter().collect();
    info.internal = network.internal;
    info.pools = network
        .ipam
        .config
        .into_iter()
        .map(|pool| IpamPool {
            subnet: set(pool.subnet),
            ip_range: set(pool.ip_range),
            gateway: set(pool.gateway),
            aux_addresses: pool.aux_addresses.into_iter().collect(),
        })
        .collect();
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_with_a_pool() {
        let mut spec = NetworkSpec::new("n").with_label("a", "b");
        spec.internal = true;
        spec.pools.push(IpamPool { subnet: Some("10.9.0.0/24".into()), ..IpamPool::default() });
        assert_eq!(
            serde_json::to_string(&create_body(&spec, ApiVersion::new(1, 45))).unwrap(),
            r#"{"Name":"n","Internal":true,"IPAM":{"Config":[{"Subnet":"10.9.0.0/24"}]},"Labels":{"a":"b"}}"#
        );
        let old = create_body(&NetworkSpec::new("n"), ApiVersion::new(1, 41));
        assert_eq!(serde_json::to_string(&old).unwrap(), r#"{"Name":"n","CheckDuplicate":true}"#);
    }

    #[test]
    fn an_endpoint_sends_only_what_is_set() {
        let json = |spec: &EndpointSpec| serde_json::to_string(&endpoint(spec)).unwrap();
        assert_eq!(json(&EndpointSpec::default()), "{}");
        let mut spec = EndpointSpec::with_aliases(["db"]);
        spec.ipv4_address = Some([10, 9, 0, 5].into());
        assert_eq!(json(&spec), r#"{"IPAMConfig":{"IPv4Address":"10.9.0.5"},"Aliases":["db"]}"#);
    }
}
