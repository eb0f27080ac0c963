//! Ports and network attachments of a service.

use indexmap::IndexMap;

model! {
    /// One entry of `ports`.
    pub struct Port {
        /// A name for the port, for tools.
        pub name: Option<String>,
        /// `ingress` or `host`: Swarm only.
        pub mode: Option<String>,
        /// The host address that is bound; `None` is every address.
        pub host_ip: Option<String>,
        /// The container's port.
        pub target: u16,
        /// The host's port, or a range such as `3000-3002` out of which the engine picks; `None` lets it pick any.
        pub published: Option<String>,
        /// `tcp`, `udp` or `sctp`; `tcp` where the file says nothing.
        pub protocol: Option<String>,
        /// The protocol spoken over it, for tools.
        pub app_protocol: Option<String>,
    }

    /// How a service is attached to one network.
    pub struct ServiceNetwork {
        /// More names for it on this network, beside the service's and the container's.
        pub aliases: Vec<String>,
        /// A fixed address.
        pub ipv4_address: Option<String>,
        /// A fixed address.
        pub ipv6_address: Option<String>,
        /// Link-local addresses.
        pub link_local_ips: Vec<String>,
        /// The interface's hardware address.
        pub mac_address: Option<String>,
        /// Options for the network's driver.
        pub driver_opts: IndexMap<String, String>,
        /// The network with the highest one is connected first. Default 0.
        pub priority: i64,
        /// The network with the highest one is the default gateway. Default 0.
        pub gw_priority: i64,
        /// The name of the interface in the container.
        pub interface_name: Option<String>,
    }
}

impl Port {
    /// The protocol, with its default.
    #[must_use]
    pub fn protocol(&self) -> &str {
        self.protocol.as_deref().unwrap_or("tcp")
    }

    /// The first and the last host port that may be used; `None` where any will do.
    #[must_use]
    pub fn published_range(&self) -> Option<(u16, u16)> {
        let text = self.published.as_deref()?;
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some((first.parse().ok()?, last.parse().ok()?))
    }
}
