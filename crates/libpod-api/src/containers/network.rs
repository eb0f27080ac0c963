//! Namespaces, networks and ports of a container that is made.

use std::collections::BTreeMap;

use http_endpoint::{request, words};

request! {
    /// A published port, or a range of them (Compose: `ports`).
    pub struct PortMapping {
        /// Host address; empty is all (Compose: `host_ip`).
        host_ip / with_host_ip: String = "host_ip" always,
        /// First port in the container (Compose: `target`).
        container_port / with_container_port: u16 = "container_port" always,
        /// First port on the host; 0 is one that is free (Compose: `published`).
        host_port / with_host_port: u16 = "host_port" always,
        /// How many ports; 0 is one.
        range / with_range: u16 = "range" always,
        /// Protocols in lower case, separated by commas; empty is `tcp` (Compose: `protocol`).
        protocol / with_protocol: String = "protocol" always,
    }
}

impl PortMapping {
    /// A port of the container at a port of the host; 0 is one that is free.
    #[must_use]
    pub fn of(container_port: u16, host_port: u16) -> Self {
        Self::new().with_container_port(container_port).with_host_port(host_port)
    }
}

request! {
    /// How a container is connected to a network (Compose: `services.<name>.networks.<network>`).
    pub struct PerNetworkOptions {
        /// Addresses (Compose: `ipv4_address`, `ipv6_address`).
        static_ips / with_static_ips: Vec<String> = "static_ips",
        /// Names by which it is found in the network (Compose: `aliases`, and the service's name).
        aliases / with_aliases: Vec<String> = "aliases",
        /// MAC address (Compose: `mac_address`).
        static_mac / with_static_mac: String = "static_mac",
        /// Name of the interface in the container; `eth0` and so on when empty (Compose: `interface_name`).
        interface_name / with_interface_name: String = "interface_name",
        /// Options of the driver (Compose: `driver_opts`).
        options / with_options: BTreeMap<String, String> = "options",
    }
}

words! {
    /// What a namespace is.
    pub enum NamespaceMode {
        /// What the engine is configured to give.
        Default = "default",
        /// The host's.
        Host = "host",
        /// A new one.
        Private = "private",
        /// A new one that other containers may join (IPC).
        Shareable = "shareable",
        /// That of the container which the value names.
        Container = "container",
        /// That of its pod.
        Pod = "pod",
        /// The one at the path which the value is.
        Path = "path",
        /// None: no network, no `/dev/shm`.
        None = "none",
        /// A new network namespace that is connected to networks.
        Bridge = "bridge",
        /// A new network namespace in which the host is reached through `pasta`; the value has its options.
        Pasta = "pasta",
        /// A new network namespace in which the host is reached through `slirp4netns` (up to 5.x).
        Slirp4netns = "slirp4netns",
        /// A user namespace in which the engine's user keeps its id.
        KeepId = "keep-id",
        /// A user namespace without the engine's user.
        NoMap = "no-map",
        /// A user namespace with ids that are free.
        Auto = "auto",
    }
}

request! {
    /// A namespace of a container that is made.
    pub struct Namespace {
        /// What it is; the engine's default when not set.
        mode / with_mode: NamespaceMode = "nsmode",
        /// Which container or path, and options.
        value / with_value: String = "value",
    }
}

impl Namespace {
    /// One that needs no further value.
    #[must_use]
    pub fn of(mode: NamespaceMode) -> Self {
        Self::new().with_mode(mode)
    }

    /// That of another container, by its name or id.
    #[must_use]
    pub fn of_container(container: impl Into<String>) -> Self {
        Self::of(NamespaceMode::Container).with_value(container.into())
    }
}
