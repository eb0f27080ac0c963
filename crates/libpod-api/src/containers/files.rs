//! Files of containers.
//!
//! Of the module `containers`, where the types are found:
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::containers::{ContainerArchiveGet, ContainerChanges};
//!
//! let get = ContainerArchiveGet::new("web-1", "/etc/hosts");
//! assert_eq!(get.target(""), "/containers/web-1/archive?path=%2Fetc%2Fhosts");
//! let changes = ContainerChanges::decode(br#"[{"Path":"/data","Kind":1}]"#).unwrap();
//! assert_eq!(changes[0].path, "/data");
//! ```

use std::collections::BTreeMap;

use http_endpoint::{JsonQuery, endpoints};

use super::words::DiffType;
pub use crate::images::Change;

endpoints! {
    /// A file or folder of a container, as a tar. 404 when it is not there.
    GET "/containers/{name}/archive" => tar, [200];
    pub struct ContainerArchiveGet {
        path {
            /// Name or id.
            name
        }
        required {
            /// The path in the container.
            path: String = "path"
        }
    }

    /// Asks whether a path of a container exists; 404 when it does not. What it is stands in the header
    /// `X-Docker-Container-Path-Stat`, as JSON in base 64: `name`, `size`, `mode` (in Go's bits), `mtime`, `isDir` and
    /// `linkTarget`.
    HEAD "/containers/{name}/archive" => none, [200];
    pub struct ContainerArchiveStat {
        path {
            /// Name or id.
            name
        }
        required {
            /// The path.
            path: String = "path"
        }
    }

    /// Unpacks a tar in a folder of a container.
    PUT "/containers/{name}/archive" => none, [200];
    pub struct ContainerArchivePut {
        path {
            /// Name or id.
            name
        }
        required {
            /// The folder.
            path: String = "path"
        }
        query {
            /// Keep the owners that the tar tells; the engine's default is `true` (`false` in the compatible API).
            copy_uid_gid / with_copy_uid_gid: Option<bool> = "copyUIDGID",
            /// Entries that get another name.
            rename / with_rename: Option<JsonQuery<BTreeMap<String, String>>> = "rename",
            /// A folder does not take the place of a file, nor a file that of a folder.
            no_overwrite_dir_non_dir / with_no_overwrite_dir_non_dir: bool = "noOverwriteDirNonDir",
        }
        stream "application/x-tar"
    }

    /// What changed in a container's root file system. A container that is not there is status 500 here.
    GET "/containers/{name}/changes" => json<Vec<Change>>, [200];
    pub struct ContainerChanges {
        path {
            /// Name or id.
            name
        }
        query {
            /// Compare with this layer instead of the container's own image.
            parent / with_parent: String = "parent",
            /// Which layers.
            diff_type / with_diff_type: DiffType = "diffType",
        }
    }

    /// The root file system of a container, as a tar; without volumes and mounts.
    GET "/containers/{name}/export" => tar, [200];
    pub struct ContainerExport {
        path {
            /// Name or id.
            name
        }
    }

    /// Mounts the root file system of a container on the engine's host. The answer is the path.
    POST "/containers/{name}/mount" => text, [200];
    pub struct ContainerMount {
        path {
            /// Name or id.
            name
        }
        query {
            /// Documented by the engine, and not read by it.
            external / with_external: bool = "external"
        }
    }

    /// Unmounts the root file system of a container on the engine's host.
    POST "/containers/{name}/unmount" => none, [204];
    pub struct ContainerUnmount {
        path {
            /// Name or id.
            name
        }
    }

    /// Where root file systems of containers are mounted on the engine's host, by id.
    GET "/containers/showmounted" => json<BTreeMap<String, String>>, [200];
    pub struct ContainersMounted {}
}
