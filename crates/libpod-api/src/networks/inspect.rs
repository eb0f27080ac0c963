//! A network with what is on it.

use std::collections::BTreeMap;
use std::fmt;

use http_endpoint::response;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};

use super::Network;

/// Answer of [`NetworkInspect`](super::NetworkInspect): a network, and beside its fields the containers on it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NetworkInspectReport {
    /// The network itself.
    pub network: Network,
    /// The containers that run on it, by id. Since Podman 5.0; empty before.
    pub containers: BTreeMap<String, NetworkContainerInfo>,
}

impl<'de> Deserialize<'de> for NetworkInspectReport {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = NetworkInspectReport;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a network")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let mut containers = BTreeMap::new();
                let rest = WithoutContainers { map, containers: &mut containers };
                let network = Network::deserialize(MapAccessDeserializer::new(rest))?;
                Ok(NetworkInspectReport { network, containers })
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// The fields of the object but `containers`, which is kept aside.
struct WithoutContainers<'a, A> {
    map: A,
    containers: &'a mut BTreeMap<String, NetworkContainerInfo>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WithoutContainers<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<String>()? {
            if key != "containers" {
                return seed.deserialize(key.into_deserializer()).map(Some);
            }
            *self.containers = self.map.next_value::<Option<_>>()?.unwrap_or_default();
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

response! {
    /// A container of a [`NetworkInspectReport`].
    pub struct NetworkContainerInfo {
        /// Name.
        name: String = "name",
        /// Its interfaces on the network, by name.
        interfaces: BTreeMap<String, NetworkInterface> = "interfaces",
    }
}

response! {
    /// An interface of a [`NetworkContainerInfo`].
    pub struct NetworkInterface {
        /// Its addresses.
        subnets: Vec<NetworkAddress> = "subnets",
        /// Its hardware address.
        mac_address: String = "mac_address",
    }
}

response! {
    /// An address of a [`NetworkInterface`].
    pub struct NetworkAddress {
        /// Address and size of the subnet, `10.88.0.2/16`.
        ipnet: String = "ipnet",
        /// The subnet's gateway.
        gateway: String = "gateway",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::super::NetworkInspect;

    #[test]
    fn the_containers_stand_among_the_networks_fields() {
        let report = NetworkInspect::decode(
            br#"{"name":"n","containers":{"ab":{"name":"web","interfaces":{"eth0":{"subnets":[{"ipnet":
            "10.1.0.8/24","gateway":"10.1.0.1"}],"mac_address":"86:65:49:24:aa:d0"}}}},"internal":true}"#,
        )
        .unwrap();
        assert_eq!((report.network.name.as_str(), report.network.internal), ("n", true));
        assert_eq!(report.containers["ab"].interfaces["eth0"].subnets[0].ipnet, "10.1.0.8/24");
        for body in [br#"{"name":"n"}"#.as_slice(), br#"{"name":"n","containers":null}"#] {
            assert!(NetworkInspect::decode(body).unwrap().containers.is_empty());
        }
    }
}
