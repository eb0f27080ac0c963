//! Parts of a [`SpecGenerator`](super::SpecGenerator).

use std::collections::BTreeMap;

use http_endpoint::{SecretMap, request};

request! {
    /// Logs of a container (Compose: `logging`).
    pub struct LogConfig {
        /// `journald`, `k8s-file`, `json-file` (the same), `passthrough`, `none` (Compose: `driver`).
        driver / with_driver: String = "driver",
        /// File, on the engine's host (Compose: option `path`).
        path / with_path: String = "path",
        /// Bytes from which the file begins anew (Compose: option `max-size`).
        size / with_size: i64 = "size",
        /// Labels of each line (6.0).
        labels / with_labels: BTreeMap<String, String> = "labels",
        /// Options of the driver, such as `tag` (Compose: `options`).
        options / with_options: SecretMap = "options",
    }
}

request! {
    /// A named or anonymous volume (Compose: `volumes` of type `volume`).
    pub struct NamedVolume {
        required {
            /// Its name; empty for an anonymous one.
            name: String = "Name",
            /// Path in the container (Compose: `target`).
            dest: String = "Dest",
        }
        /// `ro`, `nocopy`, `z`, `U`, `idmap`, ... (Compose: `read_only`, `volume.nocopy`).
        options / with_options: Vec<String> = "Options",
        /// It is removed with the container.
        is_anonymous / with_is_anonymous: bool = "IsAnonymous",
        /// Folder of the volume that is mounted (4.4; Compose: `volume.subpath`).
        sub_path / with_sub_path: String = "SubPath",
    }
}

request! {
    /// A folder of the host with a layer above for changes.
    pub struct OverlayVolume {
        required {
            /// Path in the container.
            destination: String = "destination",
            /// Path on the host, or the name of a volume.
            source: String = "source",
        }
        /// `upperdir=` and `workdir=` keep the changes.
        options / with_options: Vec<String> = "options",
    }
}

request! {
    /// An image as a mount (Compose: `volumes` of type `image`).
    pub struct ImageVolume {
        required {
            /// Reference or id of the image (Compose: `source`).
            source: String = "Source",
            /// Path in the container (Compose: `target`).
            destination: String = "Destination",
        }
        /// It can be written to; changes are lost.
        read_write / with_read_write: bool = "ReadWrite",
        /// Folder of the image that is mounted (5.1; Compose: `image.subpath`).
        sub_path / with_sub_path: String = "subPath",
    }
}

request! {
    /// Files of an artifact as a mount (5.5).
    pub struct ArtifactVolume {
        required {
            /// Reference of the artifact.
            source: String = "source",
            /// Path in the container.
            destination: String = "destination",
        }
        /// Only the file with this title.
        title / with_title: String = "title",
        /// Only the file with this digest.
        digest / with_digest: String = "digest",
        /// Name of the file in the container.
        name / with_name: String = "name",
    }
}

request! {
    /// A secret as a file (Compose: `secrets`).
    pub struct Secret {
        required {
            /// Name or id of the secret (Compose: `source`).
            source: String = "Source",
        }
        /// Path in the container, below `/run/secrets` if it is relative; the secret's name when empty (Compose:
        /// `target`).
        target / with_target: String = "Target",
        /// User id of its owner (Compose: `uid`).
        uid / with_uid: u32 = "UID",
        /// Group id of its owner (Compose: `gid`).
        gid / with_gid: u32 = "GID",
        /// Mode, such as `0o444`, and 0 when not set (Compose: `mode`).
        mode / with_mode: u32 = "Mode",
    }
}

request! {
    /// Ids of a user namespace.
    pub struct IdMappings {
        /// Users are the host's.
        host_uid_mapping / with_host_uid_mapping: bool = "HostUIDMapping",
        /// Groups are the host's.
        host_gid_mapping / with_host_gid_mapping: bool = "HostGIDMapping",
        /// Users.
        uid_map / with_uid_map: Vec<IdMap> = "UIDMap",
        /// Groups.
        gid_map / with_gid_map: Vec<IdMap> = "GIDMap",
        /// The engine finds ids that are free.
        auto_user_ns / with_auto_user_ns: bool = "AutoUserNs",
        /// How it does.
        auto_user_ns_opts / with_auto_user_ns_opts: Option<AutoUserNsOptions> = "AutoUserNsOpts",
    }
}

request! {
    /// A range of ids.
    pub struct IdMap {
        required {
            /// The first in the container.
            container_id: i64 = "container_id",
            /// The first on the host.
            host_id: i64 = "host_id",
            /// How many.
            size: i64 = "size",
        }
    }
}

request! {
    /// How the engine finds ids that are free.
    pub struct AutoUserNsOptions {
        /// How many; 0 is as many as the image needs.
        size / with_size: u32 = "Size",
        /// At least this many where it is not given.
        initial_size / with_initial_size: u32 = "InitialSize",
        /// File of users in the image, to count them.
        passwd_file / with_passwd_file: String = "PasswdFile",
        /// File of groups in the image, to count them.
        group_file / with_group_file: String = "GroupFile",
        /// Users beside them.
        additional_uid_mappings / with_additional_uid_mappings: Vec<IdMap> = "AdditionalUIDMappings",
        /// Groups beside them.
        additional_gid_mappings / with_additional_gid_mappings: Vec<IdMap> = "AdditionalGIDMappings",
    }
}
