//! Volumes.
//!
//! ```
//! use docker_api::volumes::{VolumeCreate, VolumeCreateConfig, VolumeDelete, VolumeInspect};
//! use http_endpoint::Endpoint;
//!
//! let create = VolumeCreate::new(VolumeCreateConfig::new().with_name("data"));
//! assert_eq!(create.body().unwrap().unwrap(), br#"{"Name":"data"}"#);
//! let volume = VolumeInspect::decode(br#"{"Name":"data","Driver":"local","Mountpoint":"/v"}"#).unwrap();
//! assert_eq!(volume.mountpoint, "/v");
//! assert_eq!(VolumeDelete::new(volume.name).with_force(true).target(""), "/volumes/data?force=true");
//! ```

mod cluster;

use std::collections::BTreeMap;

use http_endpoint::{Date, Filters, SecretMap, endpoints, request, response, words};

pub use cluster::{
    AccessMode, AccessModeScope, AccessModeSharing, Availability, CapacityRange, ClusterVolume,
    ClusterVolumeInfo, ClusterVolumeSpec, MountVolume, ObjectVersion, PublishState, PublishStatus, Topology,
    TopologyRequirement, VolumeSecret,
};

endpoints! {
    /// Volumes.
    GET "/volumes" => json<VolumeListResponse>, [200];
    pub struct VolumeList {
        query {
            /// `label`, `name` (a part of it), `driver`, `dangling`.
            filters / with_filters: Filters = "filters",
        }
    }

    /// A volume in full.
    GET "/volumes/{name}" => json<Volume>, [200];
    pub struct VolumeInspect {
        path {
            /// Name.
            name
        }
    }

    /// Creates a volume; one of that name is left as it is.
    POST "/volumes/create" => json<Volume>, [201, 200];
    pub struct VolumeCreate {
        json {
            /// What to create.
            config: VolumeCreateConfig
        }
    }

    /// Changes a volume of a Swarm: only its availability can change. 503 outside of a Swarm.
    PUT "/volumes/{name}" => none, [200], since "1.42";
    pub struct VolumeUpdate {
        path {
            /// Name or id of the volume.
            name
        }
        required {
            /// The version that was looked at, so that no other change is lost: `index` of
            /// [`ClusterVolume::version`].
            version: u64 = "version",
        }
        json {
            /// What it shall be.
            update: VolumeUpdateConfig
        }
    }

    /// Removes a volume; 409 while a container has it.
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

    /// Removes volumes that no container has: the anonymous ones, unless the filters say otherwise.
    POST "/volumes/prune" => json<VolumePruneResponse>, [200];
    pub struct VolumePrune {
        query {
            /// `label`, `label!`, `all` (`true`: those with names, too; API 1.42).
            filters / with_filters: Filters = "filters",
        }
    }
}

request! {
    /// What to create.
    pub struct VolumeCreateConfig {
        /// Name; one that the engine makes up by default.
        name / with_name: String = "Name",
        /// Driver; `local` by default.
        driver / with_driver: Option<String> = "Driver",
        /// Options for the driver, such as those of `mount`; they may hold a password.
        driver_opts / with_driver_opts: SecretMap = "DriverOpts",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// What a volume of a Swarm shall be (API 1.42).
        cluster_volume_spec / with_cluster_volume_spec: Option<ClusterVolumeSpec> = "ClusterVolumeSpec",
    }
}

request! {
    /// What a volume of a Swarm shall be.
    pub struct VolumeUpdateConfig {
        /// The whole of it.
        spec / with_spec: Option<ClusterVolumeSpec> = "Spec",
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

words! {
    /// Where a volume is.
    pub enum VolumeScope {
        /// On one host.
        Local = "local",
        /// On every host of a cluster.
        Global = "global",
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
        /// When it was made.
        created_at: Date = "CreatedAt",
        /// What its driver says of it.
        status: BTreeMap<String, serde_json::Value> = "Status",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Options for the driver; they may hold a password.
        options: SecretMap = "Options",
        /// Where it is.
        scope: VolumeScope = "Scope",
        /// Of a Swarm (API 1.42).
        cluster_volume: Option<ClusterVolume> = "ClusterVolume",
        /// How much it holds and who has it; only in `GET /system/df`.
        usage_data: Option<VolumeUsage> = "UsageData",
        /// Whether the engine names it by itself, where Podman tells it.
        anonymous: Option<bool> = "Anonymous",
    }
}

response! {
    /// How much a volume holds and who has it.
    pub struct VolumeUsage {
        /// Bytes; -1 where it is not known.
        size: i64 = "Size",
        /// Containers that have it; -1 where it is not known.
        ref_count: i64 = "RefCount",
    }
}

response! {
    /// Which volumes were removed.
    pub struct VolumePruneResponse {
        /// Their names.
        volumes_deleted: Vec<String> = "VolumesDeleted",
        /// Bytes that are free now.
        space_reclaimed: u64 = "SpaceReclaimed",
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
        assert_eq!((list.volumes[0].name.as_str(), &list.volumes[0].scope), ("v", &VolumeScope::Local));
    }

    #[test]
    fn options_of_a_driver_are_not_shown() {
        let options: SecretMap = [("o", "username=ann,password=hunter2")].into_iter().collect();
        let create =
            VolumeCreate::new(VolumeCreateConfig::new().with_name("share").with_driver_opts(options));
        assert!(!format!("{create:?}").contains("hunter2"));
    }

    #[test]
    fn a_volume_of_a_swarm_changes_its_availability() {
        let spec = ClusterVolumeSpec::new()
            .with_access_mode(AccessMode::new().with_availability(Availability::Drain));
        let update = VolumeUpdate::new("v", 7_u64, VolumeUpdateConfig::new().with_spec(spec));
        assert_eq!(update.target(""), "/volumes/v?version=7");
        assert_eq!(update.body().unwrap().unwrap(), br#"{"Spec":{"AccessMode":{"Availability":"drain"}}}"#);
    }
}
