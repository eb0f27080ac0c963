//! Checkpoints as images.
//!
//! A [`ContainerCheckpoint`](crate::checkpoint::ContainerCheckpoint) with `createImage` makes a local image: one
//! layer with the files of a checkpoint archive, and annotations that say what it is of. It is pushed, pulled and
//! saved as any image, and restored by its name.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use libpod_api::checkpoint_image::CheckpointImage;
//!
//! let annotations = BTreeMap::from([
//!     ("io.podman.annotations.checkpoint.name".to_owned(), "web-1".to_owned()),
//!     ("io.podman.annotations.checkpoint.criu.version".to_owned(), "31900".to_owned()),
//! ]);
//! let image = CheckpointImage::of(&annotations).unwrap();
//! assert_eq!((image.name, image.criu()), ("web-1", Some((3, 19, 0))));
//! assert!(CheckpointImage::of(&BTreeMap::new()).is_none());
//! ```

use std::collections::BTreeMap;

/// What the annotations of a checkpoint image begin with.
pub const PREFIX: &str = "io.podman.annotations.checkpoint.";

/// What the annotations of a checkpoint image say. An annotation that is not there is an empty text.
///
/// The annotations are those of the image's manifest, which is what an inspection of the image lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckpointImage<'a> {
    /// Name of the container: `name`.
    pub name: &'a str,
    /// Reference of its image as a person wrote it: `rawImageName`.
    pub raw_image_name: &'a str,
    /// Id of its image, without `sha256:`: `rootfsImageID`.
    pub rootfs_image_id: &'a str,
    /// Reference of its image, which a restore pulls where the image is not there: `rootfsImageName`.
    pub rootfs_image_name: &'a str,
    /// Version of Podman: `podman.version`.
    pub podman_version: &'a str,
    /// Version of CRIU as one number, `31900` for 3.19: `criu.version`.
    pub criu_version: &'a str,
    /// OCI runtime, a path or a name: `runtime.name`. The restore has to be by the same.
    pub runtime_name: &'a str,
    /// What the OCI runtime says of its version, several lines: `runtime.version`.
    pub runtime_version: &'a str,
    /// Version of its monitor: `conmon.version`.
    pub conmon_version: &'a str,
    /// Architecture of the host, in Go's words such as `amd64`: `host.arch`.
    pub host_arch: &'a str,
    /// Kernel of the host: `host.kernel`.
    pub host_kernel: &'a str,
    /// Version of cgroups of the host, `v1` or `v2`: `cgroups.version`.
    pub cgroups_version: &'a str,
    /// Distribution of the host: `distribution.name`.
    pub distribution_name: &'a str,
    /// Version of the distribution: `distribution.version`.
    pub distribution_version: &'a str,
}

impl<'a> CheckpointImage<'a> {
    /// The view of an image's annotations; `None` for an image that is no checkpoint.
    #[must_use]
    pub fn of(annotations: &'a BTreeMap<String, String>) -> Option<Self> {
        let mut image = Self::default();
        let mut found = false;
        for (key, value) in annotations {
            let field = match key.strip_prefix(PREFIX) {
                Some("name") => &mut image.name,
                Some("rawImageName") => &mut image.raw_image_name,
                Some("rootfsImageID") => &mut image.rootfs_image_id,
                Some("rootfsImageName") => &mut image.rootfs_image_name,
                Some("podman.version") => &mut image.podman_version,
                Some("criu.version") => &mut image.criu_version,
                Some("runtime.name") => &mut image.runtime_name,
                Some("runtime.version") => &mut image.runtime_version,
                Some("conmon.version") => &mut image.conmon_version,
                Some("host.arch") => &mut image.host_arch,
                Some("host.kernel") => &mut image.host_kernel,
                Some("cgroups.version") => &mut image.cgroups_version,
                Some("distribution.name") => &mut image.distribution_name,
                Some("distribution.version") => &mut image.distribution_version,
                _ => continue,
            };
            *field = value;
            found = true;
        }
        found.then_some(image)
    }

    /// The version of CRIU: major, minor and sublevel.
    #[must_use]
    pub fn criu(&self) -> Option<(u32, u32, u32)> {
        let number: u32 = self.criu_version.parse().ok()?;
        Some((number / 10_000, number / 100 % 100, number % 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_annotation_of_a_checkpoint_has_its_field() {
        const KEYS: [&str; 14] = [
            "name",
            "rawImageName",
            "rootfsImageID",
            "rootfsImageName",
            "podman.version",
            "criu.version",
            "runtime.name",
            "runtime.version",
            "conmon.version",
            "host.arch",
            "host.kernel",
            "cgroups.version",
            "distribution.name",
            "distribution.version",
        ];
        let annotations: BTreeMap<_, _> =
            KEYS.iter().map(|key| (format!("{PREFIX}{key}"), format!("<{key}>"))).collect();
        let image = CheckpointImage::of(&annotations).unwrap();
        let shown = format!("{image:?}");
        for key in KEYS {
            assert_eq!(shown.matches(&format!("\"<{key}>\"")).count(), 1, "{key}");
        }
        assert_eq!((image.rootfs_image_id, image.host_kernel), ("<rootfsImageID>", "<host.kernel>"));
    }

    #[test]
    fn an_image_that_is_no_checkpoint_has_no_view() {
        let annotations = [("io.podman.annotations.seccomp".to_owned(), "x".to_owned())].into();
        assert_eq!(CheckpointImage::of(&annotations), None);
    }

    #[test]
    fn the_version_of_criu_is_one_number() {
        let version = |criu_version| CheckpointImage { criu_version, ..CheckpointImage::default() }.criu();
        assert_eq!(version("40100"), Some((4, 1, 0)));
        assert_eq!(version("31701"), Some((3, 17, 1)));
        assert_eq!(version(""), None);
        assert_eq!(version("4.1"), None);
    }
}
