//! Networks.

use indexmap::IndexMap;

/// What a network should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkSpec {
    /// Name.
    pub name: String,
    /// Driver; `None` is the engine's default, `bridge`.
    pub driver: Option<String>,
    /// Options for the driver.
    pub options: IndexMap<String, String>,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// No way out of it.
    pub internal: bool,
    /// Containers can be attached by hand (Swarm).
    pub attachable: bool,
    /// IPv6 on; `None` is the engine's default.
    pub ipv6: Option<bool>,
    /// Address pools.
    pub pools: Vec<IpamPool>,
    /// Address driver.
    pub ipam_driver: Option<String>,
    /// Options for the address driver.
    pub ipam_options: IndexMap<String, String>,
}

impl NetworkSpec {
    /// A network with the engine's defaults.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets a label.
    #[must_use]
    pub fn with_label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }
}

/// One address pool of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IpamPool {
    /// Subnet in CIDR form.
    pub subnet: Option<String>,
    /// Range within the subnet from which addresses are given.
    pub ip_range: Option<String>,
    /// Gateway.
    pub gateway: Option<String>,
    /// Reserved addresses by name.
    pub aux_addresses: IndexMap<String, String>,
}

/// Which networks to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkFilter {
    /// Labels, `key` or `key=value`.
    pub labels: Vec<String>,
    /// Names: exact, one of them must match.
    pub names: Vec<String>,
}

impl NetworkFilter {
    /// Networks with a label and value.
    #[must_use]
    pub fn with_label(mut self, key: &str, value: &str) -> Self {
        self.labels.push(format!("{key}={value}"));
        self
    }

    /// Networks of this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }
}

/// A network as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkInfo {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Driver.
    pub driver: String,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// No way out of it.
    pub internal: bool,
    /// Address pools.
    pub pools: Vec<IpamPool>,
}
