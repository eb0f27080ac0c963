//! Networks.
//!
//! ```
//! use docker_api::networks::{IpamConfig, IpamPoolConfig, NetworkCreate, NetworkCreateConfig, NetworkInspect};
//! use http_endpoint::Endpoint;
//!
//! let pool = IpamPoolConfig::new().with_subnet("10.9.0.0/24");
//! let config = NetworkCreateConfig::new("front").with_ipam(IpamConfig::new().with_config(vec![pool]));
//! let create = NetworkCreate::new(config);
//! assert_eq!(create.body().unwrap().unwrap(), br#"{"Name":"front","IPAM":{"Config":[{"Subnet":"10.9.0.0/24"}]}}"#);
//!
//! let network = NetworkInspect::decode(br#"{"Id":"n1","Name":"front","Containers":{"c1":{"Name":"web"}}}"#).unwrap();
//! assert_eq!(network.containers["c1"].name, "web");
//! ```

use std::collections::BTreeMap;

use http_endpoint::{Date, Filters, endpoints, request, response, words};

endpoints! {
    /// Networks.
    GET "/networks" => json<Vec<Network>>, [200];
    pub struct NetworkList {
        query {
            /// `label`, `name` (a part of it), `id`, `driver`, `dangling`, `scope`, `type`.
            filters / with_filters: Filters = "filters",
        }
    }

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

    /// Creates a network.
    POST "/networks/create" => json<NetworkCreateResponse>, [201, 200];
    pub struct NetworkCreate {
        json {
            /// What to create.
            config: NetworkCreateConfig
        }
    }

    /// Removes a network.
    DELETE "/networks/{id}" => none, [204, 200];
    pub struct NetworkDelete {
        path {
            /// Name or id.
            id
        }
    }

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

    /// Removes all networks that no container uses.
    POST "/networks/prune" => json<NetworkPruneResponse>, [200];
    pub struct NetworkPrune {
        query {
            /// `until`, `label`, `label!`.
            filters / with_filters: Filters = "filters",
        }
    }
}

request! {
    /// What to create.
    pub struct NetworkCreateConfig {
        required {
            /// Name.
            name: String = "Name",
        }
        /// Refuse a name that exists; obsolete since API 1.44, which always does.
        check_duplicate / with_check_duplicate: bool = "CheckDuplicate",
        /// Driver.
        driver / with_driver: Option<String> = "Driver",
        /// No way out of it.
        internal / with_internal: bool = "Internal",
        /// Containers can be attached by hand (Swarm).
        attachable / with_attachable: bool = "Attachable",
        /// The routing mesh of a Swarm.
        ingress / with_ingress: bool = "Ingress",
        /// Only a configuration for other networks, not a network.
        config_only / with_config_only: bool = "ConfigOnly",
        /// The network whose configuration it takes.
        config_from / with_config_from: Option<ConfigReference> = "ConfigFrom",
        /// `local`, `swarm`; the driver's own by default.
        scope / with_scope: NetworkScope = "Scope",
        /// IPv4 on (API 1.48); true by default.
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

words! {
    /// Where a network reaches.
    pub enum NetworkScope {
        /// One host.
        Local = "local",
        /// A Swarm.
        Swarm = "swarm",
        /// Every host of a cluster.
        Global = "global",
    }
}

request! {
    /// The network whose configuration another one takes; empty for none.
    pub struct ConfigReference {
        /// Its name.
        network / with_network: String = "Network",
    }
}

request! {
    /// How addresses are given.
    pub struct IpamConfig {
        /// Driver; `default` by default.
        driver / with_driver: Option<String> = "Driver",
        /// Pools; one that the engine chooses by default.
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
        /// Links to other containers, `name:alias` (legacy).
        links / with_links: Vec<String> = "Links",
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
        required {
            /// Name or id.
            container: String = "Container",
        }
        /// How.
        endpoint / with_endpoint: Option<EndpointConfig> = "EndpointConfig",
    }
}

request! {
    /// Which container to detach.
    pub struct NetworkDisconnectConfig {
        required {
            /// Name or id.
            container: String = "Container",
        }
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
        /// When it was made.
        created: Date = "Created",
        /// Where it reaches.
        scope: NetworkScope = "Scope",
        /// Driver.
        driver: String = "Driver",
        /// Whether it has IPv4; `None` before API 1.48, when each had.
        enable_ipv4: Option<bool> = "EnableIPv4",
        /// Whether it has IPv6.
        enable_ipv6: bool = "EnableIPv6",
        /// No way out of it.
        internal: bool = "Internal",
        /// Containers can be attached by hand (Swarm).
        attachable: bool = "Attachable",
        /// The routing mesh of a Swarm.
        ingress: bool = "Ingress",
        /// The network whose configuration it takes; empty for none.
        config_from: ConfigReference = "ConfigFrom",
        /// Only a configuration for other networks.
        config_only: bool = "ConfigOnly",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Options for the driver.
        options: BTreeMap<String, String> = "Options",
        /// Addresses.
        ipam: NetworkIpam = "IPAM",
        /// Attached containers that run, by id; filled by inspect only.
        containers: BTreeMap<String, NetworkContainer> = "Containers",
        /// The other hosts of an overlay network.
        peers: Vec<NetworkPeer> = "Peers",
        /// Services of a Swarm by name, where `verbose` was asked for.
        services: BTreeMap<String, NetworkService> = "Services",
        /// How its addresses are used; inspect only (API 1.52).
        status: Option<NetworkStatus> = "Status",
    }
}

response! {
    /// How a network gives addresses.
    pub struct NetworkIpam {
        /// Driver.
        driver: String = "Driver",
        /// Options for the driver.
        options: BTreeMap<String, String> = "Options",
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
        /// Id of its endpoint.
        endpoint_id: String = "EndpointID",
        /// MAC address.
        mac_address: String = "MacAddress",
        /// IPv4 address in CIDR form.
        ipv4_address: String = "IPv4Address",
        /// IPv6 address in CIDR form.
        ipv6_address: String = "IPv6Address",
    }
}

response! {
    /// Another host of an overlay network.
    pub struct NetworkPeer {
        /// Its name.
        name: String = "Name",
        /// Its address.
        ip: String = "IP",
    }
}

response! {
    /// A service of a Swarm on a network.
    pub struct NetworkService {
        /// Its virtual address.
        vip: String = "VIP",
        /// Its ports.
        ports: Vec<String> = "Ports",
        /// Index of its load balancer.
        local_lb_index: i64 = "LocalLBIndex",
        /// Its tasks.
        tasks: Vec<NetworkTask> = "Tasks",
    }
}

response! {
    /// A task of a Swarm on a network.
    pub struct NetworkTask {
        /// Its name.
        name: String = "Name",
        /// Id of its endpoint.
        endpoint_id: String = "EndpointID",
        /// Its address.
        endpoint_ip: String = "EndpointIP",
        /// What else the driver says.
        info: BTreeMap<String, String> = "Info",
    }
}

response! {
    /// How the addresses of a network are used (API 1.52).
    pub struct NetworkStatus {
        /// By the driver of addresses.
        ipam: IpamStatus = "IPAM",
    }
}

response! {
    /// How addresses are used.
    pub struct IpamStatus {
        /// By subnet in CIDR form.
        subnets: BTreeMap<String, SubnetStatus> = "Subnets",
    }
}

response! {
    /// How the addresses of a subnet are used.
    pub struct SubnetStatus {
        /// Addresses in use, those of the network itself included.
        ips_in_use: u64 = "IPsInUse",
        /// Addresses that are left to give.
        dynamic_ips_available: u64 = "DynamicIPsAvailable",
    }
}

response! {
    /// Which networks were removed.
    pub struct NetworkPruneResponse {
        /// Their names.
        networks_deleted: Vec<String> = "NetworksDeleted",
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
        let create = NetworkCreate::new(NetworkCreateConfig::new("n"));
        assert_eq!(create.body().unwrap().unwrap(), br#"{"Name":"n"}"#);
    }
}
