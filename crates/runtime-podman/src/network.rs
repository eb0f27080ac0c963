//! Lists of networks.

use http_endpoint::Filters;
use libpod_api::networks::{LeaseRange, Network, NetworkList, Subnet};
use runtime_core::{IpamPool, NetworkFilter, NetworkInfo};

use crate::names;

/// The libpod call for a filter.
pub(crate) fn request(filter: &NetworkFilter) -> NetworkList {
    let mut filters = Filters::new();
    for label in &filter.labels {
        filters.add("label", label.as_str());
    }
    for name in &filter.names {
        filters.add("name", names::exactly(name));
    }
    NetworkList::new().with_filters(filters)
}

/// Whether a network of the answer is what the filter asks for.
pub(crate) fn matches(network: &Network, filter: &NetworkFilter) -> bool {
    filter.names.is_empty() || filter.names.contains(&network.name)
}

/// One network.
pub(crate) fn info(network: Network) -> NetworkInfo {
    let mut info = NetworkInfo::default();
    info.id = network.id;
    info.name = network.name;
    info.driver = network.driver;
    info.labels = network.labels.into_iter().collect();
    info.internal = network.internal;
    info.pools = network.subnets.into_iter().map(pool).collect();
    info
}

fn pool(subnet: Subnet) -> IpamPool {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    IpamPool {
        subnet: some(subnet.subnet),
        ip_range: subnet.lease_range.as_ref().and_then(range),
        gateway: some(subnet.gateway),
        ..IpamPool::default()
    }
}

/// The range of addresses `first-last`; libpod keeps both ends where Docker keeps a CIDR form.
fn range(lease: &LeaseRange) -> Option<String> {
    match (lease.start_ip.as_str(), lease.end_ip.as_str()) {
        ("", "") => None,
        (first, last) => Some(format!("{first}-{last}")),
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_network_is_converted_with_its_pools() {
        let mut list = NetworkList::decode(
            br#"[{"id":"1","name":"n","driver":"bridge","internal":true,"labels":{"a":"b"},
            "subnets":[{"subnet":"10.1.0.0/24","gateway":"10.1.0.1"},
            {"subnet":"10.2.0.0/24","lease_range":{"start_ip":"10.2.0.8","end_ip":"10.2.0.15"}}]}]"#,
        )
        .unwrap();
        let info = info(list.remove(0));
        assert!(info.internal);
        assert_eq!(info.pools[0].gateway.as_deref(), Some("10.1.0.1"));
        assert_eq!(
            (&info.pools[1].gateway, info.pools[1].ip_range.as_deref()),
            (&None, Some("10.2.0.8-10.2.0.15"))
        );
    }
}
