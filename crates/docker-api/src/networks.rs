//! Networks.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint, request, response};

endpoint! {
    /// Networks.
    GET "/networks" => json<Vec<Network>>, [200];
    pub struct NetworkList {
        query {
            /// `label`, `name` (a part of it), `id`, `driver`, `dangling`, `scope`, `type`.
            filters / with_filters: Filters = "filters",
        }
    }
}

endpoint! {
    /// A network in full.
    GET "/networks/{id}" => json<Network>, [200];
    pub struct NetworkInspect {
        path {
            /// Name or id.
            id
        }
        query {
            /// Details of Swarm.
            verbose / with_verbose: bool = "verbose",
            /// `local`, `swarm`, `global`.
            scope / with_scope: Option<String> = "scope",
        }
    }
}

endpoint! {
    /// Creates a network.
    POST "/networks/create" => json<NetworkCreateResponse>, [201, 200];
    pub struct NetworkCreate {
        json {
            /// What to create.
            config: NetworkCreateConfig
        }
    }
}

endpoint! {
    /// Removes a network.
    DELETE "/networks/{id}" => none, [204, 200];
    pub struct NetworkDelete {
        path {
            /// Name or id.
            id
        }
    }
}

endpoint! {
    /// Attaches a container.
    POST "/networks/{id}/connect" => none, [200];
    pub struct NetworkConnect {
        path {
            /// Name or id.
            id
        }
        json {
            /// Which container, and how.
            config: NetworkConnectConfig
        }
    }
}

endpoint! {
    /// Detaches a container.
    POST "/networks/{id}/disconnect" => none, [200];
    pub struct NetworkDisconnect {
        path {
            /// Name or id.
            id
        }
        json {
            /// Which container.
            config: NetworkDisconnectConfig
        }
    }
}

request! {
    /// What to create.
    pub struct NetworkCreateConfig {
        /// Name.
        name / with_name: String = "Name",
        /// Refuse a name that exists; obsolete since API 1.44, which always does.
        check_duplicate / with_check_duplicate: bool = "CheckDuplicate",
        /// Driver.
        driver / with_driver: Option<String> = "Driver",
        /// No way out of it.
        internal / with_internal: bool = "Internal",
        /// Containers can be attached by hand (Swarm).
        attachable / with_attachable: bool = "Attachable",
        /// IPv4 on (API 1.47).
        enable_ipv4 / with_enable_ipv4: Option<bool> = "EnableIPv4",
        /// IPv6 on.
        enable_ipv6 / with_enable_ipv6: Option<bool> = "EnableIPv6",
        /// Addresses.
        ipam / with_ipam: Option<IpamConfig> = "IPAM",
        /// Options for the driver.
        options / with_options: BTreeMap<String, String> = "Options",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
    }
}

request! {
    /// How addresses are given.
    pub struct IpamConfig {
        /// Driver.
        driver / with_driver: Option<String> = "Driver",
        /// Pools.
        config / with_config: Vec<IpamPoolConfig> = "Config",
        /// Options for the driver.
        options / with_options: BTreeMap<String, String> = "Options",
    }
}

request! {
    /// One pool.
    pub struct IpamPoolConfig {
        /// Subnet in CIDR form.
        subnet / with_subnet: Option<String> = "Subnet",
        /// Range within the subnet.
        ip_range / with_ip_range: Option<String> = "IPRange",
        /// Gateway.
        gateway / with_gateway: Option<String> = "Gateway",
        /// Reserved addresses by name.
        aux_addresses / with_aux_addresses: BTreeMap<String, String> = "AuxiliaryAddresses",
    }
}

request! {
    /// How a container is attached to one network.
    pub struct EndpointConfig {
        /// Fixed addresses.
        ipam / with_ipam: Option<EndpointIpam> = "IPAMConfig",
        /// Names under which others find it.
        aliases / with_aliases: Vec<String> = "Aliases",
        /// Fixed MAC address (API 1.44).
        mac_address / with_mac_address: Option<String> = "MacAddress",
        /// Options for the driver.
        driver_opts / with_driver_opts: BTreeMap<String, String> = "DriverOpts",
        /// The highest becomes the default gateway (API 1.48).
        gw_priority / with_gw_priority: Option<i64> = "GwPriority",
    }
}

request! {
    /// Fixed addresses of an endpoint.
    pub struct EndpointIpam {
        /// IPv4.
        ipv4_address / with_ipv4_address: Option<String> = "IPv4Address",
        /// IPv6.
        ipv6_address / with_ipv6_address: Option<String> = "IPv6Address",
        /// Link-local.
        link_local_ips / with_link_local_ips: Vec<String> = "LinkLocalIPs",
    }
}

request! {
    /// Which container to attach, and how.
    pub struct NetworkConnectConfig {
        /// Name or id.
        container / with_container: String = "Container",
        /// How.
        endpoint / with_endpoint: Option<EndpointConfig> = "EndpointConfig",
    }
}

request! {
    /// Which container to detach.
    pub struct NetworkDisconnectConfig {
        /// Name or id.
        container / with_container: String = "Container",
        /// Even if it cannot be done cleanly.
        force / with_force: bool = "Force",
    }
}

response! {
    /// A new network.
    pub struct NetworkCreateResponse {
        /// Id.
        id: String = "Id",
        /// What the engine did not like; Podman may give a list.
        warning: crate::StringOrList = "Warning",
    }
}

response! {
    /// A network as it is.
    pub struct Network {
        /// Name.
        name: String = "Name",
        /// Id.
        id: String = "Id",
        /// Driver.
        driver: String = "Driver",
        /// No way out of it.
        internal: bool = "Internal",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Options for the driver.
        options: BTreeMap<String, String> = "Options",
        /// Addresses.
        ipam: NetworkIpam = "IPAM",
        /// Attached containers that run, by id; filled by inspect only.
        containers: BTreeMap<String, NetworkContainer> = "Containers",
    }
}

response! {
    /// How a network gives addresses.
    pub struct NetworkIpam {
        /// Driver.
        driver: String = "Driver",
        /// Pools.
        config: Vec<NetworkIpamPool> = "Config",
    }
}

response! {
    /// One pool of a network.
    pub struct NetworkIpamPool {
        /// Subnet in CIDR form.
        subnet: String = "Subnet",
        /// Range within the subnet.
        ip_range: String = "IPRange",
        /// Gateway.
        gateway: String = "Gateway",
        /// Reserved addresses by name.
        aux_addresses: BTreeMap<String, String> = "AuxiliaryAddresses",
    }
}

response! {
    /// A container on a network.
    pub struct NetworkContainer {
        /// Name.
        name: String = "Name",
        /// Address in CIDR form.
        ipv4_address: String = "IPv4Address",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn reads_a_network_of_each_engine() {
        let docker = NetworkInspect::decode(
            br#"{"Name":"p_default","Id":"n1","Created":"2026-11-24T10:00:00Z","Scope":"local","Driver":"bridge",
                "EnableIPv6":false,"IPAM":{"Driver":"default","Options":null,"Config":[{"Subnet":"172.18.0.0/16","Gateway":"172.18.0.1"}]},
                "Internal":true,"Containers":{"c1":{"Name":"web","EndpointID":"e","IPv4Address":"172.18.0.2/16"}},
                "Options":{},"Labels":{"a":"b"}}"#,
        )
        .unwrap();
        assert_eq!(docker.ipam.config[0].subnet, "172.18.0.0/16");
        assert_eq!(docker.labels["a"], "b");
        assert_eq!(docker.containers["c1"].name, "web");
        let podman = NetworkInspect::decode(
            br#"{"Name":"p_default","Id":"n1","Driver":"bridge","IPAM":{"Driver":"default","Config":null},"Options":null,"Labels":null,"Containers":null}"#,
        )
        .unwrap();
        assert!(podman.ipam.config.is_empty() && podman.labels.is_empty());
    }

    #[test]
    fn a_plain_network_sends_its_name_only() {
        let create = NetworkCreate::new(NetworkCreateConfig::new().with_name("n"));
        assert_eq!(create.body().unwrap().unwrap(), br#"{"Name":"n"}"#);
    }
}
