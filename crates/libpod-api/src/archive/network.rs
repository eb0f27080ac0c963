//! `network.status`: the addresses that a container had.

use std::collections::BTreeMap;

use http_endpoint::response;

response! {
    /// `network.status` of one network.
    pub struct NetworkStatus {
        /// Interfaces by name.
        interfaces: BTreeMap<String, InterfaceStatus> = "interfaces",
        /// Addresses of the network's DNS servers.
        dns_server_ips: Vec<String> = "dns_server_ips",
        /// Search domains of the network.
        dns_search_domains: Vec<String> = "dns_search_domains",
    }
}

response! {
    /// An interface of a [`NetworkStatus`].
    pub struct InterfaceStatus {
        /// Addresses.
        subnets: Vec<AddressStatus> = "subnets",
        /// MAC address.
        mac_address: String = "mac_address",
    }
}

response! {
    /// An address of an [`InterfaceStatus`].
    pub struct AddressStatus {
        /// The address with the length of its prefix, `10.89.0.2/24`.
        ipnet: String = "ipnet",
        /// Gateway.
        gateway: String = "gateway",
    }
}

/// Reads a `network.status`: networks by name.
///
/// # Errors
/// It is not the JSON that Podman writes.
pub fn network_status(file: &[u8]) -> Result<BTreeMap<String, NetworkStatus>, serde_json::Error> {
    Ok(serde_json::from_slice::<Option<_>>(file)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_status_has_addresses() {
        let status = network_status(
            br#"{"net":{"interfaces":{"eth0":{"subnets":[{"ipnet":"10.89.0.2/24","gateway":"10.89.0.1"}],
            "mac_address":"aa:bb"}},"dns_server_ips":["10.89.0.1"],"dns_search_domains":["dns.podman"]}}"#,
        )
        .unwrap();
        let interface = &status["net"].interfaces["eth0"];
        assert_eq!(
            (interface.subnets[0].ipnet.as_str(), interface.mac_address.as_str()),
            ("10.89.0.2/24", "aa:bb")
        );
        assert_eq!(status["net"].dns_search_domains, ["dns.podman"]);
        assert!(network_status(b"null").unwrap().is_empty());
    }
}
