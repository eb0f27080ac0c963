//! A container's networks.

use std::collections::BTreeMap;

use http_endpoint::response;

response! {
    /// Networks of an [`Inspected`](super::Inspected). The addresses outside [`Self::networks`] are those of the
    /// one network of a container that has no named ones.
    pub struct InspectedNetworkSettings {
        /// Always empty.
        endpoint_id: String = "EndpointID",
        /// Gateway.
        gateway: String = "Gateway",
        /// Address.
        ip_address: String = "IPAddress",
        /// Length of the address's prefix.
        ip_prefix_len: i64 = "IPPrefixLen",
        /// Further addresses.
        secondary_ip_addresses: Vec<SecondaryAddress> = "SecondaryIPAddresses",
        /// Gateway of IPv6.
        ipv6_gateway: String = "IPv6Gateway",
        /// Address of IPv6.
        global_ipv6_address: String = "GlobalIPv6Address",
        /// Length of its prefix.
        global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// Further addresses of IPv6.
        secondary_ipv6_addresses: Vec<SecondaryAddress> = "SecondaryIPv6Addresses",
        /// MAC address.
        mac_address: String = "MacAddress",
        /// Further MAC addresses.
        additional_mac_addresses: Vec<String> = "AdditionalMACAddresses",
        /// Always empty.
        bridge: String = "Bridge",
        /// Always empty.
        sandbox_id: String = "SandboxID",
        /// Always `false`.
        hairpin_mode: bool = "HairpinMode",
        /// Always empty.
        link_local_ipv6_address: String = "LinkLocalIPv6Address",
        /// Always 0.
        link_local_ipv6_prefix_len: i64 = "LinkLocalIPv6PrefixLen",
        /// Host ports by port and protocol, `80/tcp`; none for a port that is only exposed.
        ports: BTreeMap<String, Option<Vec<HostPort>>> = "Ports",
        /// Its network namespace.
        sandbox_key: String = "SandboxKey",
        /// Named networks.
        networks: BTreeMap<String, InspectedNetwork> = "Networks",
    }
}

response! {
    /// A network of a container.
    pub struct InspectedNetwork {
        /// Always empty.
        endpoint_id: String = "EndpointID",
        /// Gateway.
        gateway: String = "Gateway",
        /// Address; empty when the container does not run.
        ip_address: String = "IPAddress",
        /// Length of the address's prefix.
        ip_prefix_len: i64 = "IPPrefixLen",
        /// Further addresses.
        secondary_ip_addresses: Vec<SecondaryAddress> = "SecondaryIPAddresses",
        /// Gateway of IPv6.
        ipv6_gateway: String = "IPv6Gateway",
        /// Address of IPv6.
        global_ipv6_address: String = "GlobalIPv6Address",
        /// Length of its prefix.
        global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// Further addresses of IPv6.
        secondary_ipv6_addresses: Vec<SecondaryAddress> = "SecondaryIPv6Addresses",
        /// MAC address.
        mac_address: String = "MacAddress",
        /// Further MAC addresses.
        additional_mac_addresses: Vec<String> = "AdditionalMACAddresses",
        /// Name of the network.
        network_id: String = "NetworkID",
        /// Options of the driver.
        driver_opts: BTreeMap<String, String> = "DriverOpts",
        /// Always empty.
        ipam_config: BTreeMap<String, String> = "IPAMConfig",
        /// Always empty.
        links: Vec<String> = "Links",
        /// Names by which the container is found in the network.
        aliases: Vec<String> = "Aliases",
    }
}

response! {
    /// One of several addresses.
    pub struct SecondaryAddress {
        /// The address.
        addr: String = "Addr",
        /// Length of its prefix.
        prefix_length: i64 = "PrefixLength",
    }
}

response! {
    /// A port of the host.
    pub struct HostPort {
        /// Address; empty is all.
        host_ip: String = "HostIp",
        /// Port, as text.
        host_port: String = "HostPort",
    }
}
