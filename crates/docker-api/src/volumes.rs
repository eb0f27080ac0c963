//! Volumes.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint, request, response};

endpoint! {
    /// Volumes.
    GET "/volumes" => json<VolumeListResponse>, [200];
    pub struct VolumeList {
        query {
            /// `label`, `name` (a part of it), `driver`, `dangling`.
            filters / with_filters: Filters = "filters",
        }
    }
}

endpoint! {
    /// A volume in full.
    GET "/volumes/{name}" => json<Volume>, [200];
    pub struct VolumeInspect {
        path {
            /// Name.
            name
        }
    }
}

endpoint! {
    /// Creates a volume; one of that name is left as it is.
    POST "/volumes/create" => json<Volume>, [201, 200];
    pub struct VolumeCreate {
        json {
            /// What to create.
            config: VolumeCreateConfig
        }
    }
}

endpoint! {
    /// Removes a volume.
    DELETE "/volumes/{name}" => none, [204];
    pub struct VolumeDelete {
        path {
            /// Name.
            name
        }
        query {
            /// No error when it does not exist.
            force / with_force: bool = "force",
        }
    }
}

request! {
    /// What to create.
    pub struct VolumeCreateConfig {
        /// Name.
        name / with_name: String = "Name",
        /// Driver.
        driver / with_driver: Option<String> = "Driver",
        /// Options for the driver.
        driver_opts / with_driver_opts: BTreeMap<String, String> = "DriverOpts",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
    }
}

response! {
    /// A list of volumes.
    pub struct VolumeListResponse {
        /// The volumes.
        volumes: Vec<Volume> = "Volumes",
        /// What the engine could not list.
        warnings: Vec<String> = "Warnings",
    }
}

response! {
    /// A volume as it is.
    pub struct Volume {
        /// Name.
        name: String = "Name",
        /// Driver.
        driver: String = "Driver",
        /// Path on the engine's host.
        mountpoint: String = "Mountpoint",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Options for the driver.
        options: BTreeMap<String, String> = "Options",
        /// `local`, `global`.
        scope: String = "Scope",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_list_may_be_null() {
        let list = VolumeList::decode(br#"{"Volumes":null,"Warnings":null}"#).unwrap();
        assert!(list.volumes.is_empty());
        let list = VolumeList::decode(
            br#"{"Volumes":[{"CreatedAt":"x","Name":"v","Driver":"local","Mountpoint":"/v","Labels":null,"Options":null,"Scope":"local"}]}"#,
        )
        .unwrap();
        assert_eq!(list.volumes[0].name, "v");
    }
}
