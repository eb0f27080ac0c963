//! Volumes of a Swarm (API 1.42).

use std::collections::BTreeMap;

use http_endpoint::{Date, SecretMap, request, response, words};

response! {
    /// A volume of a Swarm.
    pub struct ClusterVolume {
        /// Id in the Swarm.
        id: String = "ID",
        /// Counts the changes.
        version: ObjectVersion = "Version",
        /// When it was made.
        created_at: Date = "CreatedAt",
        /// When it was last changed.
        updated_at: Date = "UpdatedAt",
        /// What it shall be.
        spec: ClusterVolumeSpec = "Spec",
        /// What it is.
        info: Option<ClusterVolumeInfo> = "Info",
        /// Where it is published.
        publish_status: Vec<PublishStatus> = "PublishStatus",
    }
}

response! {
    /// Counts the changes of an object of a Swarm.
    pub struct ObjectVersion {
        /// The count.
        index: u64 = "Index",
    }
}

request! {
    /// What a volume of a Swarm shall be.
    pub struct ClusterVolumeSpec {
        /// A group of volumes that can stand in for one another.
        group / with_group: String = "Group",
        /// Who may have it, and how.
        access_mode / with_access_mode: Option<AccessMode> = "AccessMode",
    }
}

request! {
    /// Who may have a volume, and how.
    pub struct AccessMode {
        /// On how many nodes at a time.
        scope / with_scope: AccessModeScope = "Scope",
        /// How many may read and write.
        sharing / with_sharing: AccessModeSharing = "Sharing",
        /// How it is mounted as a file system.
        mount_volume / with_mount_volume: Option<MountVolume> = "MountVolume",
        /// What its plugin is given of the Swarm's secrets.
        secrets / with_secrets: Vec<VolumeSecret> = "Secrets",
        /// Where it must be reached from.
        accessibility_requirements / with_accessibility_requirements: Option<TopologyRequirement>
            = "AccessibilityRequirements",
        /// How large it shall be.
        capacity_range / with_capacity_range: Option<CapacityRange> = "CapacityRange",
        /// Whether tasks may use it.
        availability / with_availability: Availability = "Availability",
    }
}

words! {
    /// On how many nodes at a time a volume may be.
    pub enum AccessModeScope {
        /// One.
        Single = "single",
        /// Several.
        Multi = "multi",
    }
}

words! {
    /// How many may read and write a volume at a time.
    pub enum AccessModeSharing {
        /// One task only.
        None = "none",
        /// All may read, none may write.
        ReadOnly = "readonly",
        /// All may read, one may write.
        OneWriter = "onewriter",
        /// All may read and write.
        All = "all",
    }
}

words! {
    /// Whether tasks may use a volume.
    pub enum Availability {
        /// They may.
        Active = "active",
        /// New ones may not.
        Pause = "pause",
        /// None may, and those that do are moved.
        Drain = "drain",
    }
}

request! {
    /// How a volume is mounted as a file system.
    pub struct MountVolume {
        /// Type of the file system.
        fs_type / with_fs_type: String = "FsType",
        /// Mount options; they may hold a password.
        mount_flags / with_mount_flags: http_endpoint::EnvList = "MountFlags",
    }
}

request! {
    /// A secret of the Swarm that the plugin is given.
    pub struct VolumeSecret {
        required {
            /// What the plugin calls it.
            key: String = "Key",
            /// Name or id of the secret.
            secret: String = "Secret",
        }
    }
}

request! {
    /// Where a volume must be reached from.
    pub struct TopologyRequirement {
        /// From at least one of these.
        requisite / with_requisite: Vec<Topology> = "Requisite",
        /// The first that can be had, if any.
        preferred / with_preferred: Vec<Topology> = "Preferred",
    }
}

request! {
    /// A place: a region, a zone, ...
    pub struct Topology {
        /// Its parts by name.
        segments / with_segments: BTreeMap<String, String> = "Segments",
    }
}

request! {
    /// How large a volume shall be, in bytes; 0 is no bound.
    pub struct CapacityRange {
        /// At least.
        required_bytes / with_required_bytes: i64 = "RequiredBytes",
        /// At most.
        limit_bytes / with_limit_bytes: i64 = "LimitBytes",
    }
}

response! {
    /// What a volume of a Swarm is.
    pub struct ClusterVolumeInfo {
        /// Bytes; 0 where it is not known.
        capacity_bytes: i64 = "CapacityBytes",
        /// What the plugin keeps of it.
        volume_context: SecretMap = "VolumeContext",
        /// Its id in the storage; empty before it is there.
        volume_id: String = "VolumeID",
        /// Where it can be reached from.
        accessible_topology: Vec<Topology> = "AccessibleTopology",
    }
}

words! {
    /// How far a volume is published on a node.
    pub enum PublishState {
        /// It will be.
        PendingPublish = "pending-publish",
        /// It is.
        Published = "published",
        /// The node is to let go of it.
        PendingNodeUnpublish = "pending-node-unpublish",
        /// The node has let go of it, the storage has not.
        PendingControllerUnpublish = "pending-controller-unpublish",
    }
}

response! {
    /// Where a volume is published.
    pub struct PublishStatus {
        /// On which node.
        node_id: String = "NodeID",
        /// How far.
        state: PublishState = "State",
        /// What the plugin keeps of it.
        publish_context: SecretMap = "PublishContext",
    }
}
