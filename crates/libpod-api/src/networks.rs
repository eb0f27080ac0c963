//! Networks.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint};
use serde::Deserialize;

use crate::lenient::go_error;
use crate::nullable;

endpoint! {
    /// Lists networks.
    GET "/networks/json" => json<Vec<Network>>, [200];
    pub struct NetworkList {
        query {
            /// `name` (a regular expression), `id`, `driver`, `label`, `until`, `dangling`.
            filters / with_filters: Filters = "filters"
        }
    }
}

endpoint! {
    /// A network in full.
    GET "/networks/{name}/json" => json<Network>, [200];
    pub struct NetworkInspect {
        path {
            /// Name or id.
            name
        }
    }
}

endpoint! {
    /// Removes a network. One that is in use is status 200 with an error in the report.
    DELETE "/networks/{name}" => json<Vec<NetworkRemoveReport>>, [200];
    pub struct NetworkRemove {
        path {
            /// Name or id.
            name
        }
        query {
            /// Remove the containers on it, too.
            force / with_force: bool = "force"
        }
    }
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Network {
    /// Id.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// `bridge`, `macvlan`, `ipvlan`.
    #[serde(deserialize_with = "nullable")]
    pub driver: String,
    /// Name of the bridge or the parent interface.
    #[serde(deserialize_with = "nullable")]
    pub network_interface: String,
    /// Subnets.
    #[serde(deserialize_with = "nullable")]
    pub subnets: Vec<Subnet>,
    /// IPv6 is on.
    #[serde(deserialize_with = "nullable")]
    pub ipv6_enabled: bool,
    /// No way out of it.
    #[serde(deserialize_with = "nullable")]
    pub internal: bool,
    /// Names on it resolve.
    #[serde(deserialize_with = "nullable")]
    pub dns_enabled: bool,
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// Options of the driver.
    #[serde(deserialize_with = "nullable")]
    pub options: BTreeMap<String, String>,
    /// Options of the address driver.
    #[serde(deserialize_with = "nullable")]
    pub ipam_options: BTreeMap<String, String>,
}

/// A subnet of a [`Network`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Subnet {
    /// CIDR form.
    #[serde(deserialize_with = "nullable")]
    pub subnet: String,
    /// Gateway; empty on an internal network.
    #[serde(deserialize_with = "nullable")]
    pub gateway: String,
    /// Addresses that are given out.
    #[serde(deserialize_with = "nullable")]
    pub lease_range: Option<LeaseRange>,
}

/// First and last address that a [`Subnet`] gives out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LeaseRange {
    /// First.
    #[serde(deserialize_with = "nullable")]
    pub start_ip: String,
    /// Last.
    #[serde(deserialize_with = "nullable")]
    pub end_ip: String,
}

/// One element of a [`NetworkRemove`]'s answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkRemoveReport {
    /// Name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Why it was not removed.
    #[serde(deserialize_with = "go_error")]
    pub err: Option<String>,
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
}
