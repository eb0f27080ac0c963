//! Volumes and secrets of a `config.dump`.

use std::collections::BTreeMap;

use http_endpoint::{Date, SecretMap, response};

response! {
    /// A volume of a [`ConfigDump`](super::ConfigDump).
    pub struct NamedVolume {
        /// Volume name.
        name: String = "volumeName",
        /// Path in the container.
        dest: String = "dest",
        /// Mount options.
        options: Vec<String> = "options",
        /// It is removed with the container.
        is_anonymous: bool = "setAnonymous",
        /// Folder of the volume that is mounted.
        sub_path: String = "SubPath",
    }
}

response! {
    /// A folder of the host with a layer above for changes.
    pub struct OverlayVolume {
        /// Path in the container.
        dest: String = "dest",
        /// Path on the host.
        source: String = "source",
        /// Mount options.
        options: Vec<String> = "options",
    }
}

response! {
    /// An image as a mount.
    pub struct ImageVolume {
        /// Reference or id of the image.
        source: String = "source",
        /// Path in the container.
        dest: String = "dest",
        /// It can be written to.
        read_write: bool = "rw",
        /// Folder of the image that is mounted.
        sub_path: String = "subPath",
    }
}

response! {
    /// Files of an artifact as a mount.
    pub struct ArtifactVolume {
        /// Reference of the artifact.
        source: String = "source",
        /// Path in the container.
        dest: String = "dest",
        /// Only the file with this title.
        title: String = "title",
        /// Only the file with this digest.
        digest: String = "digest",
        /// Name of the file in the container.
        name: String = "name",
    }
}

response! {
    /// A secret as a file. It must exist where the container is restored.
    pub struct DumpedSecret {
        /// Name.
        name: String = "name",
        /// Id.
        id: String = "id",
        /// Labels.
        labels: BTreeMap<String, String> = "labels",
        /// What its driver keeps of it.
        metadata: BTreeMap<String, String> = "metadata",
        /// When it was made.
        created_at: Date = "createdAt",
        /// When it was changed.
        updated_at: Date = "updatedAt",
        /// Driver.
        driver: String = "driver",
        /// Options of the driver.
        driver_options: SecretMap = "driverOptions",
        /// User id of the file's owner.
        uid: u32 = "UID",
        /// Group id of the file's owner.
        gid: u32 = "GID",
        /// Mode of the file.
        mode: u32 = "Mode",
        /// Path in the container.
        target: String = "Target",
    }
}

response! {
    /// A secret as an environment variable.
    pub struct SecretRecord {
        /// Name.
        name: String = "name",
        /// Id.
        id: String = "id",
        /// Labels.
        labels: BTreeMap<String, String> = "labels",
        /// What its driver keeps of it.
        metadata: BTreeMap<String, String> = "metadata",
        /// When it was made.
        created_at: Date = "createdAt",
        /// When it was changed.
        updated_at: Date = "updatedAt",
        /// Driver.
        driver: String = "driver",
        /// Options of the driver.
        driver_options: SecretMap = "driverOptions",
    }
}
