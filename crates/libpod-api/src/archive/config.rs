//! Podman's own records in an archive.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::nullable;

/// `config.dump`: the container as Podman recorded it, the parts that are used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConfigDump {
    /// Container id.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Container name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Pod that it is a member of.
    #[serde(deserialize_with = "nullable")]
    pub pod: String,
    /// Image id, without `sha256:`. The image itself is not in the archive.
    #[serde(rename = "rootfsImageID", deserialize_with = "nullable")]
    pub rootfs_image_id: String,
    /// Image reference, which an engine pulls where it does not have the image.
    #[serde(deserialize_with = "nullable")]
    pub rootfs_image_name: String,
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// Named volumes.
    #[serde(deserialize_with = "nullable")]
    pub named_volumes: Vec<NamedVolume>,
    /// Networks by name (Podman 4 and 5; their settings are not read).
    #[serde(deserialize_with = "nullable")]
    pub new_networks: BTreeMap<String, serde_json::Value>,
}

/// A volume of a [`ConfigDump`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NamedVolume {
    /// Volume name.
    #[serde(rename = "volumeName", deserialize_with = "nullable")]
    pub name: String,
    /// Path in the container.
    #[serde(deserialize_with = "nullable")]
    pub dest: String,
}

impl ConfigDump {
    /// Reads a `config.dump`.
    ///
    /// # Errors
    /// It is not the JSON that Podman writes.
    pub fn parse(file: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(file)
    }
}

/// `network.status` of one network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NetworkStatus {
    /// Interfaces by name.
    #[serde(deserialize_with = "nullable")]
    pub interfaces: BTreeMap<String, InterfaceStatus>,
}

/// An interface of a [`NetworkStatus`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct InterfaceStatus {
    /// Addresses with their prefix length.
    #[serde(rename = "subnets", deserialize_with = "addresses")]
    pub addresses: Vec<String>,
    /// MAC address.
    #[serde(deserialize_with = "nullable")]
    pub mac_address: String,
}

fn addresses<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Address {
        #[serde(deserialize_with = "nullable")]
        ipnet: String,
    }
    let list: Vec<Address> = nullable(deserializer)?;
    Ok(list.into_iter().map(|address| address.ipnet).collect())
}

/// Reads a `network.status`: networks by name.
///
/// # Errors
/// It is not the JSON that Podman writes.
pub fn network_status(file: &[u8]) -> Result<BTreeMap<String, NetworkStatus>, serde_json::Error> {
    Ok(serde_json::from_slice::<Option<_>>(file)?.unwrap_or_default())
}

/// Reads a `deleted.files`: paths that a restore removes from the root file system.
///
/// # Errors
/// It is not the JSON that Podman writes.
pub fn deleted_files(file: &[u8]) -> Result<Vec<String>, serde_json::Error> {
    Ok(serde_json::from_slice::<Option<_>>(file)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_tells_who_it_was_and_what_it_needs() {
        let config = ConfigDump::parse(
            br#"{"spec":{},"id":"ab12","name":"web-1","pod":"","rootfsImageID":"cd","rootfsImageName":"localhost/web:1",
            "namedVolumes":[{"volumeName":"data","dest":"/data","options":["rw"]}],"labels":{"a":"b"},
            "newNetworks":{"net":{"aliases":["web"],"interface_name":"eth0"}},"networks":null}"#,
        )
        .unwrap();
        assert_eq!((config.id.as_str(), config.name.as_str()), ("ab12", "web-1"));
        assert_eq!(config.named_volumes[0].name, "data");
        assert!(config.new_networks.contains_key("net"));
        assert!(ConfigDump::parse(b"[").is_err());
    }

    #[test]
    fn the_network_status_has_addresses() {
        let status = network_status(
            br#"{"net":{"interfaces":{"eth0":{"subnets":[{"ipnet":"10.89.0.2/24","gateway":"10.89.0.1"}],
            "mac_address":"aa:bb"}},"dns_server_ips":["10.89.0.1"]}}"#,
        )
        .unwrap();
        assert_eq!(status["net"].interfaces["eth0"].addresses, ["10.89.0.2/24"]);
        assert!(network_status(b"null").unwrap().is_empty());
    }

    #[test]
    fn deleted_files_are_a_list_or_null() {
        assert_eq!(deleted_files(br#"["a","b/c"]"#).unwrap(), ["a", "b/c"]);
        assert!(deleted_files(b"null").unwrap().is_empty());
    }
}
