//! Networks, and which containers are on them.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::networks::{Network, NetworkConnect, NetworkConnectOptions, NetworkCreate, Subnet};
//!
//! // Names resolve only on a network that asks for it.
//! let network = Network::new()
//!     .with_name("front")
//!     .with_driver("bridge")
//!     .with_dns_enabled(true)
//!     .with_subnets(vec![Subnet::new("10.7.0.0/24").with_gateway("10.7.0.1")]);
//! let create = NetworkCreate::new(network).with_ignore_if_exists(true);
//! assert_eq!(create.target("/v5.0.0/libpod"), "/v5.0.0/libpod/networks/create?ignoreIfExists=true");
//!
//! let options = NetworkConnectOptions::new("web-1").with_aliases(vec!["web".to_owned()]);
//! let connect = NetworkConnect::new("front", options);
//! assert_eq!(connect.body().unwrap().unwrap(), br#"{"container":"web-1","aliases":["web"]}"#);
//!
//! let list = libpod_api::networks::NetworkList::decode(
//!     br#"[{"name":"podman","driver":"bridge","subnets":[{"subnet":"10.88.0.0/16","gateway":"10.88.0.1"}]}]"#,
//! );
//! assert_eq!(list.unwrap()[0].subnets[0].gateway, "10.88.0.1");
//! ```

mod inspect;

use std::collections::BTreeMap;

use http_endpoint::{Date, Filters, GoError, endpoints, request, response};

pub use crate::system::NetworkPruneReport;
pub use inspect::{NetworkAddress, NetworkContainerInfo, NetworkInspectReport, NetworkInterface};

endpoints! {
    /// Makes a network. The answer is the network in full, with what the engine chose. A name that is taken is
    /// status 409, unless `ignoreIfExists`: then the answer is the network that is there, as it is.
    POST "/networks/create" => json<Network>, [200];
    pub struct NetworkCreate {
        query {
            /// A network of this name that is there is good, whatever its settings. Since Podman 4.4; Podman 4.3 takes no
            /// notice of it.
            ignore_if_exists / with_ignore_if_exists: bool = "ignoreIfExists"
        }
        json {
            /// What to make.
            network: Network
        }
    }

    /// Lists networks.
    GET "/networks/json" => json<Vec<Network>>, [200];
    pub struct NetworkList {
        query {
            /// `name` (a regular expression), `id`, `driver`, `label`, `label!`, `until`, `dangling`. An unknown key
            /// is status 500.
            filters / with_filters: Filters = "filters"
        }
    }

    /// Removes the networks that no container is on; never the default network.
    POST "/networks/prune" => json<Vec<NetworkPruneReport>>, [200];
    pub struct NetworkPrune {
        query {
            /// `label`, `label!`, `until`; only what matches is removed.
            filters / with_filters: Filters = "filters"
        }
    }

    /// Removes a network. One that containers are on is status 500 with the cause `network is being used`, and in
    /// some versions status 200 with an error in the report.
    DELETE "/networks/{name}" => json<Vec<NetworkRmReport>>, [200];
    pub struct NetworkRemove {
        path {
            /// Name or id.
            name
        }
        query {
            /// Remove the containers and pods on it, too.
            force / with_force: bool = "force"
        }
    }

    /// As [`NetworkInspect`], under its older path.
    GET "/networks/{name}" => json<NetworkInspectReport>, [200];
    pub struct NetworkInspectShort {
        path {
            /// Name or id.
            name
        }
    }

    /// Puts a container on a network; also one that runs. The answer is `OK` and a line feed. One that is on it already
    /// is status 500.
    POST "/networks/{name}/connect" => text, [200];
    pub struct NetworkConnect {
        path {
            /// Name or id of the network.
            name
        }
        json {
            /// Which container, and how.
            options: NetworkConnectOptions
        }
    }

    /// Takes a container off a network. The answer is `OK` and a line feed.
    POST "/networks/{name}/disconnect" => text, [200];
    pub struct NetworkDisconnect {
        path {
            /// Name or id of the network.
            name
        }
        json {
            /// Which container.
            options: NetworkDisconnectOptions
        }
    }

    /// Whether there is a network: status 404 says that there is none.
    GET "/networks/{name}/exists" => none, [204];
    pub struct NetworkExists {
        path {
            /// Name or id.
            name
        }
    }

    /// A network in full, with the containers that run on it.
    GET "/networks/{name}/json" => json<NetworkInspectReport>, [200];
    pub struct NetworkInspect {
        path {
            /// Name or id.
            name
        }
    }

    /// Changes the name servers that the containers of a network ask. Works with netavark only.
    POST "/networks/{name}/update" => none, [200, 204], since "4.5";
    pub struct NetworkUpdate {
        path {
            /// Name or id.
            name
        }
        json {
            /// What to change.
            options: NetworkUpdateOptions
        }
    }
}

request! {
    /// A network: what [`NetworkCreate`] makes, and what it and [`NetworkList`] answer.
    ///
    /// The engine chooses what is not set: a driver (`bridge`), a subnet, an interface, the gateways.
    pub struct Network {
        /// Name. The engine chooses one when it is empty.
        name / with_name: String = "name",
        /// Id. Must not be set to make a network.
        id / with_id: String = "id",
        /// `bridge`, `macvlan`, `ipvlan`, or a plugin's name.
        driver / with_driver: String = "driver",
        /// Name of the bridge, or of the host's interface that a `macvlan` or `ipvlan` is on.
        network_interface / with_network_interface: String = "network_interface",
        /// When it was made. The engine sets it.
        created / with_created: Date = "created",
        /// Subnets; of each family at most one for most drivers. The engine takes a free one when there are none.
        subnets / with_subnets: Vec<Subnet> = "subnets",
        /// Routes that the containers get. Since Podman 4.5.
        routes / with_routes: Vec<Route> = "routes",
        /// Give it an IPv6 subnet, too, if `subnets` has none.
        ipv6_enabled / with_ipv6_enabled: bool = "ipv6_enabled",
        /// No way out of it.
        internal / with_internal: bool = "internal",
        /// Containers on it find each other by name. Not so unless it is set, other than with Docker's API.
        dns_enabled / with_dns_enabled: bool = "dns_enabled",
        /// Name servers that are asked for other names; the host's where there are none. Since Podman 4.5.
        network_dns_servers / with_network_dns_servers: Vec<String> = "network_dns_servers",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "labels",
        /// Options of the driver: `mtu`, `vlan`, `isolate`, `metric`, `mode`, `parent`, `bclim`, `no_default_route`,
        /// `vrf`.
        options / with_options: BTreeMap<String, String> = "options",
        /// Options of the address driver: `driver` is `host-local`, `dhcp` or `none`.
        ipam_options / with_ipam_options: BTreeMap<String, String> = "ipam_options",
    }
}

request! {
    /// A subnet of a [`Network`].
    pub struct Subnet {
        required {
            /// Addresses in CIDR form.
            subnet: String = "subnet",
        }
        /// Gateway. The engine takes the first address when it is not set; empty on an internal network.
        gateway / with_gateway: String = "gateway",
        /// The addresses that are given out; all when it is not set.
        lease_range / with_lease_range: Option<LeaseRange> = "lease_range",
    }
}

request! {
    /// First and last address that a [`Subnet`] gives out.
    pub struct LeaseRange {
        /// First.
        start_ip / with_start_ip: String = "start_ip",
        /// Last.
        end_ip / with_end_ip: String = "end_ip",
    }
}

request! {
    /// A route of a [`Network`].
    pub struct Route {
        required {
            /// Addresses in CIDR form.
            destination: String = "destination",
        }
        /// Through which address. Only a route of another type than `unicast` has none.
        gateway / with_gateway: String = "gateway",
        /// Its metric; the engine's default is 100.
        metric / with_metric: Option<u32> = "metric",
        /// `unicast` (the default), `blackhole`, `unreachable`, `prohibit`. Since Podman 6.0.
        route_type / with_route_type: String = "route_type",
    }
}

request! {
    /// Body of [`NetworkConnect`].
    pub struct NetworkConnectOptions {
        required {
            /// Name or id of the container.
            container: String = "container",
        }
        /// Its addresses on the network; of each family at most one.
        static_ips / with_static_ips: Vec<String> = "static_ips",
        /// Names of the container on the network, beside its own.
        aliases / with_aliases: Vec<String> = "aliases",
        /// Its hardware address on the network, `92:d0:c6:0a:29:33`.
        static_mac / with_static_mac: String = "static_mac",
        /// The name of the interface inside; `eth0`, `eth1`, ... when it is not set.
        interface_name / with_interface_name: String = "interface_name",
        /// Options of the driver for this container: `host_interface_name`. Since Podman 5.1.
        options / with_options: BTreeMap<String, String> = "options",
    }
}

request! {
    /// Body of [`NetworkDisconnect`].
    pub struct NetworkDisconnectOptions {
        required {
            /// Name or id of the container.
            container: String = "Container",
        }
        /// Also if the container is not known any more.
        force / with_force: bool = "Force",
    }
}

request! {
    /// Body of [`NetworkUpdate`].
    pub struct NetworkUpdateOptions {
        /// Name servers to add, as addresses.
        add_dns_servers / with_add_dns_servers: Vec<String> = "adddnsservers",
        /// Name servers to take away, as addresses.
        remove_dns_servers / with_remove_dns_servers: Vec<String> = "removednsservers",
    }
}

response! {
    /// One element of a [`NetworkRemove`]'s answer.
    pub struct NetworkRmReport {
        /// Name.
        name: String = "Name",
        /// Why it was not removed.
        err: GoError = "Err",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_list_decodes() {
        let body = br#"[{"name":"podman","id":"2f25","driver":"bridge","network_interface":"podman0",
            "created":"2026-11-24T15:00:00Z","subnets":[{"subnet":"10.88.0.0/16","gateway":"10.88.0.1"}],
            "ipv6_enabled":false,"internal":false,"dns_enabled":false,"ipam_options":{"driver":"host-local"}},
            {"name":"n","id":"1","subnets":[{"subnet":"10.1.0.0/24","lease_range":{"start_ip":"10.1.0.8",
            "end_ip":"10.1.0.15"}}],"labels":null,"routes":null}]"#;
        let list = NetworkList::decode(body).unwrap();
        assert_eq!(list[0].subnets[0].gateway, "10.88.0.1");
        let range = list[1].subnets[0].lease_range.as_ref().unwrap();
        assert_eq!((range.start_ip.as_str(), range.end_ip.as_str()), ("10.1.0.8", "10.1.0.15"));
        assert!(list[1].labels.is_empty());
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let create = NetworkCreate::new(
            Network::new()
                .with_name("n")
                .with_routes(vec![Route::new("10.9.0.0/16").with_gateway("10.1.0.1").with_metric(0_u32)]),
        );
        assert_eq!(
            String::from_utf8(create.body().unwrap().unwrap()).unwrap(),
            r#"{"name":"n","routes":[{"destination":"10.9.0.0/16","gateway":"10.1.0.1","metric":0}]}"#
        );
        assert_eq!(create.target(""), "/networks/create");
        let update = NetworkUpdateOptions::new().with_add_dns_servers(vec!["9.9.9.9".to_owned()]);
        assert_eq!(
            NetworkUpdate::new("n", update).body().unwrap().unwrap(),
            br#"{"adddnsservers":["9.9.9.9"]}"#
        );
    }
}
