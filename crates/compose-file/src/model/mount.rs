//! Mounts, devices, and the use of secrets and configs.

use serde::{Deserialize, Serialize};

/// What a mount brings in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MountKind {
    /// A volume of the project, or an anonymous one where `source` is absent.
    #[default]
    Volume,
    /// A path of the engine's host.
    Bind,
    /// A file system in memory.
    Tmpfs,
    /// The file system of an image.
    Image,
    /// A named pipe (Windows).
    Npipe,
    /// A cluster volume (Swarm).
    Cluster,
}

/// SELinux relabelling of a bind mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Selinux {
    /// `z`: the content is shared by several containers.
    #[serde(rename = "z")]
    Shared,
    /// `Z`: the content is private to this container.
    #[serde(rename = "Z")]
    Private,
}

model! {
    /// One entry of `volumes`.
    pub struct Mount {
        /// What is mounted.
        #[serde(rename = "type")]
        pub kind: MountKind,
        /// A volume's key in the project, an absolute host path, or an image. `None`: anonymous volume or tmpfs.
        pub source: Option<String>,
        /// The path in the container.
        pub target: String,
        /// Mounted read-only.
        pub read_only: bool,
        /// `consistency`: has no effect on Linux.
        pub consistency: Option<String>,
        /// Options of a bind mount.
        pub bind: Option<BindOptions>,
        /// Options of a volume.
        pub volume: Option<VolumeOptions>,
        /// Options of a tmpfs.
        pub tmpfs: Option<TmpfsOptions>,
        /// Options of an image mount.
        pub image: Option<ImageOptions>,
    }

    /// `bind` of a mount.
    pub struct BindOptions {
        /// `private`, `rprivate`, `shared`, `rshared`, `slave` or `rslave`.
        pub propagation: Option<String>,
        /// Make the host directory where it is missing; `None` counts as true, see [`BindOptions::creates_host_path`].
        pub create_host_path: Option<bool>,
        /// Relabel the content.
        pub selinux: Option<Selinux>,
        /// `enabled`, `disabled`, `writable` or `readonly`: whether mounts below it come along.
        pub recursive: Option<String>,
    }

    /// `volume` of a mount.
    pub struct VolumeOptions {
        /// Do not copy what the image has at the target into a new volume.
        pub nocopy: bool,
        /// The path inside the volume that is mounted.
        pub subpath: Option<String>,
        /// Labels for a volume that is made for this mount.
        pub labels: indexmap::IndexMap<String, String>,
    }

    /// `tmpfs` of a mount.
    pub struct TmpfsOptions {
        /// The most it may hold, in bytes.
        #[serde(with = "super::scalar::bytes")]
        pub size: Option<i64>,
        /// The mode of its root, such as `0o1777`.
        #[serde(with = "super::scalar::mode")]
        pub mode: Option<u32>,
    }

    /// `image` of a mount.
    pub struct ImageOptions {
        /// The path inside the image that is mounted.
        pub subpath: Option<String>,
    }

    /// One entry of `devices`.
    pub struct DeviceMapping {
        /// The host's device, or a CDI name such as `vendor.com/class=name`.
        pub source: String,
        /// The path in the container; the source again for a CDI name.
        pub target: String,
        /// Any of `r`, `w`, `m`.
        pub permissions: String,
    }

    /// The use of a secret or a config by a service.
    pub struct FileReference {
        /// Its key in the project.
        pub source: String,
        /// The path in the container. A relative one is below `/run/secrets` (secrets) or `/` (configs); `None` is the key.
        pub target: Option<String>,
        /// Owner.
        pub uid: Option<String>,
        /// Group.
        pub gid: Option<String>,
        /// Mode, `0o444` where absent.
        #[serde(with = "super::scalar::mode")]
        pub mode: Option<u32>,
    }
}

impl BindOptions {
    /// Whether a missing host directory is made: yes, unless the file says no.
    #[must_use]
    pub fn creates_host_path(&self) -> bool {
        self.create_host_path.unwrap_or(true)
    }
}
