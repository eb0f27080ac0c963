//! Volumes.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint};
use serde::Deserialize;

use crate::nullable;

endpoint! {
    /// Lists volumes.
    GET "/volumes/json" => json<Vec<Volume>>, [200];
    pub struct VolumeList {
        query {
            /// `name`, `driver`, `scope`, `label`, `opt`, `until`, `dangling`, `anonymous`.
            filters / with_filters: Filters = "filters"
        }
    }
}

endpoint! {
    /// A volume in full.
    GET "/volumes/{name}/json" => json<Volume>, [200];
    pub struct VolumeInspect {
        path {
            /// Name.
            name
        }
    }
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Volume {
    /// Name, which is its identity.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// `local`.
    #[serde(deserialize_with = "nullable")]
    pub driver: String,
    /// Path on the engine's host.
    #[serde(deserialize_with = "nullable")]
    pub mountpoint: String,
    /// Creation time, RFC 3339.
    #[serde(deserialize_with = "nullable")]
    pub created_at: String,
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// Options of the driver.
    #[serde(deserialize_with = "nullable")]
    pub options: BTreeMap<String, String>,
    /// Made for one container, and removed with it.
    #[serde(deserialize_with = "nullable")]
    pub anonymous: bool,
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_list_decodes() {
        let body = br#"[{"Name":"v","Driver":"local","Mountpoint":"/var/v/_data","CreatedAt":"2026-11-24T15:00:00Z",
            "Labels":{"a":"b"},"Scope":"local","Options":null,"MountCount":0,"NeedsCopyUp":true,"LockNumber":3}]"#;
        let list = VolumeList::decode(body).unwrap();
        assert_eq!((list[0].name.as_str(), list[0].labels["a"].as_str()), ("v", "b"));
        assert!(list[0].options.is_empty() && !list[0].anonymous);
    }
}
