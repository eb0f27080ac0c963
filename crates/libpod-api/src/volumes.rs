//! Volumes.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::volumes::{VolumeCreate, VolumeCreateOptions, VolumeList};
//!
//! let options = VolumeCreateOptions::new()
//!     .with_name("data")
//!     .with_labels([("app".to_owned(), "shop".to_owned())].into_iter().collect::<std::collections::BTreeMap<_, _>>());
//! let create = VolumeCreate::new(options);
//! assert_eq!(create.target("/v5.0.0/libpod"), "/v5.0.0/libpod/volumes/create");
//! assert_eq!(create.body().unwrap().unwrap(), br#"{"Name":"data","Labels":{"app":"shop"}}"#);
//!
//! let list = VolumeList::decode(br#"[{"Name":"data","Driver":"local","MountCount":0}]"#).unwrap();
//! assert_eq!(list[0].name, "data");
//! ```

use std::collections::BTreeMap;

use http_endpoint::{Date, Filters, SecretMap, endpoints, request, response};
use serde_json::Value;

pub use crate::containers::PruneReport;

endpoints! {
    /// Makes a volume. A name that is taken is status 500 with the cause `volume already exists`.
    POST "/volumes/create" => json<VolumeConfigResponse>, [201];
    pub struct VolumeCreate {
        json {
            /// What to make.
            options: VolumeCreateOptions
        }
    }

    /// Lists volumes.
    GET "/volumes/json" => json<Vec<VolumeConfigResponse>>, [200];
    pub struct VolumeList {
        query {
            /// `name` (a regular expression), `driver`, `scope`, `label`, `label!`, `opt`, `until`, `since` and
            /// `after` (another volume's name), `dangling`; `anonymous` since Podman 6.0. An unknown key is status 500.
            filters / with_filters: Filters = "filters"
        }
    }

    /// Removes volumes that no container uses. Before Podman 6.0 named ones, too: their data is lost. Since then
    /// only anonymous ones, unless the filter `all` is `true`.
    POST "/volumes/prune" => json<Vec<PruneReport>>, [200];
    pub struct VolumePrune {
        query {
            /// `label`, `label!`, `until`, ...; only what matches is removed.
            filters / with_filters: Filters = "filters",
            /// Answer what would be removed, and remove nothing. Since Podman 6.0; **removes** before.
            dryrun / with_dryrun: bool = "dryrun",
        }
    }

    /// Removes a volume. One that containers use is status 409.
    DELETE "/volumes/{name}" => none, [204];
    pub struct VolumeRemove {
        path {
            /// Name.
            name
        }
        query {
            /// Remove the containers that use it, too; running ones are stopped.
            force / with_force: bool = "force",
            /// With `force`: seconds until a container is killed; the container's own stop timeout when it is not
            /// set.
            timeout / with_timeout: Option<u32> = "timeout",
        }
    }

    /// Whether there is a volume: status 404 says that there is none.
    GET "/volumes/{name}/exists" => none, [204];
    pub struct VolumeExists {
        path {
            /// Name.
            name
        }
    }

    /// What a volume holds, as an uncompressed tar archive.
    GET "/volumes/{name}/export" => tar, [200], since "5.6";
    pub struct VolumeExport {
        path {
            /// Name.
            name
        }
    }

    /// Puts what a tar archive holds into a volume that exists. What is in it stays, files of the same name are
    /// replaced.
    POST "/volumes/{name}/import" => none, [204], since "5.6";
    pub struct VolumeImport {
        path {
            /// Name.
            name
        }
        stream "application/x-tar"
    }

    /// A volume in full.
    GET "/volumes/{name}/json" => json<VolumeConfigResponse>, [200];
    pub struct VolumeInspect {
        path {
            /// Name.
            name
        }
    }
}

request! {
    /// Body of [`VolumeCreate`].
    pub struct VolumeCreateOptions {
        /// Name. The engine makes one up when it is empty.
        name / with_name: String = "Name",
        /// `local` (the default), `image`, or a plugin's name.
        driver / with_driver: String = "Driver",
        /// More labels; an old name of `labels`.
        label / with_label: BTreeMap<String, String> = "Label",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// Options of the driver. Of `local`: `type`, `device`, `o` as for mount(8), `size`, `inodes`, `uid`, `gid`,
        /// `copy`, `nocopy`, `noquota`. `Debug` shows names only: `o` may hold a password.
        options / with_options: SecretMap = "Options",
        /// A volume of this name that is there is good, whatever its settings. Since Podman 4.4.
        ignore_if_exists / with_ignore_if_exists: bool = "IgnoreIfExists",
        /// Owner of its top folder; 0 when it is not set. Since Podman 5.6.
        uid / with_uid: Option<u32> = "UID",
        /// Group of its top folder; 0 when it is not set. Since Podman 5.6.
        gid / with_gid: Option<u32> = "GID",
    }
}

response! {
    /// A volume.
    pub struct VolumeConfigResponse {
        /// Name, which is its identity.
        name: String = "Name",
        /// `local`, `image`, or a plugin's name.
        driver: String = "Driver",
        /// Path on the engine's host; empty while a volume of a plugin is not mounted.
        mountpoint: String = "Mountpoint",
        /// When it was made.
        created_at: Date = "CreatedAt",
        /// What a plugin says of it.
        status: BTreeMap<String, Value> = "Status",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// `local`.
        scope: String = "Scope",
        /// Options of the driver. `Debug` shows names only: `o` may hold a password.
        options: SecretMap = "Options",
        /// Owner of its top folder. Not sent for 0.
        uid: i64 = "UID",
        /// Group of its top folder. Not sent for 0.
        gid: i64 = "GID",
        /// Made for one container, and removed with it.
        anonymous: bool = "Anonymous",
        /// How many containers that run have it mounted; counted only where it has to be mounted (options, plugins).
        mount_count: u64 = "MountCount",
        /// The first container that mounts it fills it with what the image has there.
        needs_copy_up: bool = "NeedsCopyUp",
        /// The first container that mounts it becomes its owner.
        needs_chown: bool = "NeedsChown",
        /// How long a plugin has to answer, seconds.
        timeout: Option<u64> = "Timeout",
        /// Id in the storage; only of a volume of the driver `image`.
        storage_id: String = "StorageID",
        /// Number of its lock. Since Podman 4.6.
        lock_number: u32 = "LockNumber",
    }
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
        assert!(list[0].options.0.is_empty() && !list[0].anonymous && list[0].needs_copy_up);
    }

    #[test]
    fn a_password_among_the_options_is_not_shown() {
        let options = VolumeCreateOptions::new()
            .with_name("share")
            .with_options(SecretMap::from_iter([("type", "cifs"), ("o", "username=u,password=hunter2")]));
        assert!(!format!("{options:?}").contains("hunter2"));
        let body = VolumeCreate::new(options).body().unwrap().unwrap();
        assert_eq!(
            String::from_utf8(body).unwrap(),
            r#"{"Name":"share","Options":{"o":"username=u,password=hunter2","type":"cifs"}}"#
        );
    }
}
