//! Networks, volumes, secrets and configs of the project.

use indexmap::IndexMap;
use serde_json::Value;

use super::Redacted;

model! {
    /// A network of the project, by its key in `Project::networks`.
    pub struct Network {
        /// The name on the engine: `<project>_<key>` unless the file gives one.
        pub name: String,
        /// The driver; `None` is the engine's default, `bridge`.
        pub driver: Option<String>,
        /// Options for the driver.
        pub driver_opts: IndexMap<String, String>,
        /// Address pools.
        pub ipam: Ipam,
        /// It exists already and is never made, changed or removed.
        pub external: bool,
        /// No way out.
        pub internal: bool,
        /// Containers outside the project may attach (Swarm).
        pub attachable: bool,
        /// IPv4 on or off; `None` leaves it to the engine.
        pub enable_ipv4: Option<bool>,
        /// IPv6 on or off; `None` leaves it to the engine.
        pub enable_ipv6: Option<bool>,
        /// Labels.
        pub labels: IndexMap<String, String>,
        /// The `x-*` elements of the network.
        #[serde(skip)]
        pub extensions: IndexMap<String, Value>,
    }

    /// `ipam` of a network.
    pub struct Ipam {
        /// The driver; `None` is `default`.
        pub driver: Option<String>,
        /// The pools.
        pub config: Vec<IpamPool>,
        /// Options for the driver.
        pub options: IndexMap<String, String>,
    }

    /// One address pool.
    pub struct IpamPool {
        /// In CIDR notation.
        pub subnet: Option<String>,
        /// The part of the subnet out of which addresses are given, in CIDR notation.
        pub ip_range: Option<String>,
        /// The gateway's address.
        pub gateway: Option<String>,
        /// Addresses that are taken, by name.
        pub aux_addresses: IndexMap<String, String>,
    }

    /// A volume of the project, by its key in `Project::volumes`.
    pub struct Volume {
        /// The name on the engine: `<project>_<key>` unless the file gives one.
        pub name: String,
        /// The driver; `None` is `local`.
        pub driver: Option<String>,
        /// Options for the driver.
        pub driver_opts: IndexMap<String, String>,
        /// It exists already and is never made, changed or removed.
        pub external: bool,
        /// Labels.
        pub labels: IndexMap<String, String>,
        /// The `x-*` elements of the volume.
        #[serde(skip)]
        pub extensions: IndexMap<String, Value>,
    }

    /// A secret or a config of the project, by its key in `Project::secrets` or `Project::configs`.
    pub struct ConfigObject {
        /// Its name: `<project>_<key>` unless the file gives one.
        pub name: String,
        /// The absolute path of the file that holds it.
        pub file: Option<String>,
        /// The variable of the project environment that holds it.
        pub environment: Option<String>,
        /// Its text: written in the file (configs), or the value of the variable where `environment` is given and set.
        pub content: Option<Redacted>,
        /// It exists already in a store of the engine.
        pub external: bool,
        /// Labels.
        pub labels: IndexMap<String, String>,
        /// Swarm only.
        pub driver: Option<String>,
        /// Swarm only.
        pub driver_opts: IndexMap<String, String>,
        /// Swarm only.
        pub template_driver: Option<String>,
        /// The `x-*` elements of the object.
        #[serde(skip)]
        pub extensions: IndexMap<String, Value>,
    }
}
