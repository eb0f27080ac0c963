//! Mounts: as they are asked for, and as they are.

use http_endpoint::{Empty, SecretMap, request, response, words};
use std::collections::BTreeMap;

words! {
    /// What is mounted.
    pub enum MountType {
        /// A path of the host.
        Bind = "bind",
        /// A volume.
        Volume = "volume",
        /// A file system in memory.
        Tmpfs = "tmpfs",
        /// A named pipe (Windows).
        Npipe = "npipe",
        /// A volume of a Swarm (API 1.42).
        Cluster = "cluster",
        /// An image (API 1.48).
        Image = "image",
    }
}

words! {
    /// How mounts made later on one side reach the other; `r` is for those below, too.
    pub enum Propagation {
        /// Not at all.
        Private = "private",
        /// Not at all.
        RPrivate = "rprivate",
        /// Both ways.
        Shared = "shared",
        /// Both ways.
        RShared = "rshared",
        /// From the host into the container.
        Slave = "slave",
        /// From the host into the container.
        RSlave = "rslave",
    }
}

request! {
    /// A mount in structured form.
    pub struct Mount {
        required {
            /// What is mounted.
            kind: MountType = "Type",
            /// Path in the container.
            target: String = "Target",
        }
        /// Host path, volume name or image.
        source / with_source: Option<String> = "Source",
        /// Read-only; since API 1.44 what is mounted below is, too, where the kernel can.
        read_only / with_read_only: bool = "ReadOnly",
        /// `consistent`, `cached`, `delegated`; only Docker Desktop looks at it.
        consistency / with_consistency: String = "Consistency",
        /// For a bind mount.
        bind_options / with_bind_options: Option<BindOptions> = "BindOptions",
        /// For a volume.
        volume_options / with_volume_options: Option<VolumeOptions> = "VolumeOptions",
        /// For a file system in memory.
        tmpfs_options / with_tmpfs_options: Option<TmpfsOptions> = "TmpfsOptions",
        /// For an image (API 1.48).
        image_options / with_image_options: Option<ImageOptions> = "ImageOptions",
        /// For a volume of a Swarm (API 1.42): nothing to say.
        cluster_options / with_cluster_options: Option<Empty> = "ClusterOptions",
    }
}

request! {
    /// Options of a bind mount.
    pub struct BindOptions {
        /// How later mounts propagate; `rprivate` by default.
        propagation / with_propagation: Propagation = "Propagation",
        /// Leave out what is mounted below (API 1.40).
        non_recursive / with_non_recursive: bool = "NonRecursive",
        /// Create the source as a directory where it is missing (API 1.42).
        create_mountpoint / with_create_mountpoint: bool = "CreateMountpoint",
        /// What is mounted below stays writable in a read-only mount (API 1.44).
        read_only_non_recursive / with_read_only_non_recursive: bool = "ReadOnlyNonRecursive",
        /// An error where what is mounted below cannot be made read-only (API 1.44).
        read_only_force_recursive / with_read_only_force_recursive: bool = "ReadOnlyForceRecursive",
    }
}

request! {
    /// Options of a volume.
    pub struct VolumeOptions {
        /// Do not copy what the image has at the target.
        no_copy / with_no_copy: bool = "NoCopy",
        /// Labels of a volume that is created.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// Path within the volume (API 1.45).
        subpath / with_subpath: Option<String> = "Subpath",
        /// Driver of a volume that is created.
        driver_config / with_driver_config: Option<VolumeDriver> = "DriverConfig",
    }
}

request! {
    /// The driver of a volume.
    pub struct VolumeDriver {
        /// Name; `local` by default.
        name / with_name: String = "Name",
        /// Options, such as those of `mount`; they may hold a password.
        options / with_options: SecretMap = "Options",
    }
}

request! {
    /// Options of a file system in memory.
    pub struct TmpfsOptions {
        /// Bytes; no limit by default.
        size_bytes / with_size_bytes: Option<u64> = "SizeBytes",
        /// Mode bits; `0o1777` by default.
        mode / with_mode: Option<u32> = "Mode",
        /// Other mount options, each a word or a word with its value (API 1.46).
        options / with_options: Vec<Vec<String>> = "Options",
    }
}

request! {
    /// Options of an image mount.
    pub struct ImageOptions {
        /// Path within the image.
        subpath / with_subpath: Option<String> = "Subpath",
    }
}

response! {
    /// A mount, resolved.
    pub struct MountPoint {
        /// What is mounted.
        kind: MountType = "Type",
        /// Volume name.
        name: String = "Name",
        /// Path on the host.
        source: String = "Source",
        /// Path in the container.
        destination: String = "Destination",
        /// Driver of the volume.
        driver: String = "Driver",
        /// Options of the short form, `z,ro`.
        mode: String = "Mode",
        /// Writable; absent in Podman's list.
        rw: Option<bool> = "RW",
        /// How later mounts propagate; empty for a volume.
        propagation: Propagation = "Propagation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_says_what_and_where() {
        let options = BindOptions::new().with_propagation(Propagation::RSlave).with_create_mountpoint(true);
        let mount = Mount::new(MountType::Bind, "/t").with_source("/s").with_bind_options(options);
        assert_eq!(
            serde_json::to_string(&mount).unwrap(),
            r#"{"Type":"bind","Target":"/t","Source":"/s","BindOptions":{"Propagation":"rslave","CreateMountpoint":true}}"#
        );
    }
}
