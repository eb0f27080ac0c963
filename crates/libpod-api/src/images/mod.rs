//! Images on the engine: list, inspect, tag, remove.
//!
//! [`transfer`] moves them from and to registries and archives; [`crate::build`] makes them.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::images::{ImageInspect, ImageRemove};
//!
//! let inspect = ImageInspect::new("docker.io/library/redis:7");
//! assert_eq!(inspect.target("/v5.0.0/libpod"), "/v5.0.0/libpod/images/docker.io/library/redis:7/json");
//!
//! let report = ImageRemove::decode(br#"{"Deleted":["ab12"],"Untagged":["docker.io/library/redis:7"],"ExitCode":0}"#)?;
//! assert_eq!(report.deleted, ["ab12"]);
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod transfer;
mod types;

use http_endpoint::{Filters, endpoints};

use crate::containers::DiffType;

pub use types::{
    Change, GraphDriver, HealthConfig, HistoryEntry, HistoryResponse, ImageConfig, ImageData,
    ImageRemoveReport, ImageResolveReport, ImageSearchReport, ImageSummary, ImageTreeReport, PruneReport,
    PullPolicy, RootFs,
};

endpoints! {
    /// Lists images.
    GET "/images/json" => json<Vec<ImageSummary>>, [200];
    pub struct ImageList {
        query {
            /// Also intermediate images.
            all / with_all: bool = "all",
            /// `reference`, `label`, `id`, `dangling`, `before`, `since`, `until`, `readonly`, `intermediate`,
            /// `containers`, `manifest`.
            filters / with_filters: Filters = "filters",
            /// Compute shared sizes. Documented, but no version reads it.
            shared / with_shared: bool = "shared",
        }
    }

    /// An image in full. Unlike the compatible one it has the image's health check.
    GET "/images/{name:.*}/json" => json<ImageData>, [200];
    pub struct ImageInspect {
        path {
            /// Reference or id.
            name
        }
    }

    /// Asks whether an image is there; 404 when it is not.
    GET "/images/{name:.*}/exists" => none, [204];
    pub struct ImageExists {
        path {
            /// Reference or id.
            name
        }
    }

    /// The steps in which an image was made, the newest first.
    GET "/images/{name:.*}/history" => json<Vec<HistoryResponse>>, [200];
    pub struct ImageHistory {
        path {
            /// Reference or id.
            name
        }
    }

    /// The layers of an image as a drawing for a terminal.
    GET "/images/{name:.*}/tree" => json<ImageTreeReport>, [200];
    pub struct ImageTree {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Show the images that stand on this one instead of its layers.
            what_requires / with_what_requires: bool = "whatrequires",
        }
    }

    /// What the top layer of an image changes in the one below it, or in another image.
    ///
    /// Alone of all images' paths this one may hold no plain slash: it is encoded. A missing image is status 500.
    GET "/images/{name}/changes" => json<Vec<Change>>, [200];
    pub struct ImageChanges {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Image or container to compare with.
            parent / with_parent: Option<String> = "parent",
            /// What `name` and `parent` may be: images, containers, or both (the default).
            diff_type / with_diff_type: DiffType = "diffType",
        }
    }

    /// The full references that a short name may stand for, by the engine's configuration. The image need not exist.
    GET "/images/{name:.*}/resolve" => json<ImageResolveReport>, [200], since "5.0";
    pub struct ImageResolve {
        path {
            /// Short name.
            name
        }
    }

    /// Gives an image one more name.
    POST "/images/{name:.*}/tag" => none, [201];
    pub struct ImageTag {
        path {
            /// Reference or id.
            name
        }
        query {
            /// The name without its tag. The engine wants one.
            repo / with_repo: Option<String> = "repo",
            /// The tag; `latest` when there is none.
            tag / with_tag: Option<String> = "tag",
        }
    }

    /// Takes a name from an image, or all of its names when none is given. The image itself stays.
    POST "/images/{name:.*}/untag" => none, [201];
    pub struct ImageUntag {
        path {
            /// Reference or id.
            name
        }
        query {
            /// The name without its tag.
            repo / with_repo: Option<String> = "repo",
            /// The tag; `latest` when there is none. Not without `repo`.
            tag / with_tag: Option<String> = "tag",
        }
    }

    /// Removes an image, or one of its names when it has others. 404: not found; 409: in use by containers.
    DELETE "/images/{name:.*}" => json<ImageRemoveReport>, [200];
    pub struct ImageRemove {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Also with all of its names, and with the containers that use it.
            force / with_force: bool = "force",
            /// A missing image is no error.
            ignore / with_ignore: bool = "ignore",
            /// Remove a manifest list of this name, not the image that it leads to.
            lookup_manifest / with_lookup_manifest: bool = "lookupManifest",
        }
    }

    /// Removes several images. The status is always 200: look at `exit_code` and `errors`.
    DELETE "/images/remove" => json<ImageRemoveReport>, [200];
    pub struct ImageRemoveMany {
        query {
            /// References or ids.
            images / with_images: Vec<String> = "images",
            /// Every image. Only with no `images`.
            all / with_all: bool = "all",
            /// Also with all of their names, and with the containers that use them.
            force / with_force: bool = "force",
            /// A missing image is no error.
            ignore / with_ignore: bool = "ignore",
            /// Remove manifest lists of these names, not the images that they lead to.
            lookup_manifest / with_lookup_manifest: bool = "lookupManifest",
            /// Keep parents that have no name.
            no_prune / with_no_prune: bool = "noprune",
        }
    }

    /// Removes images that nothing needs: by default those without a name.
    POST "/images/prune" => json<Vec<PruneReport>>, [200];
    pub struct ImagePrune {
        query {
            /// Also those with a name that no container uses.
            all / with_all: bool = "all",
            /// Also containers in storage that Podman does not manage.
            external / with_external: bool = "external",
            /// Also what builds keep as cache; since 5.3.
            build_cache / with_build_cache: bool = "buildcache",
            /// `label`, `until`, `dangling`, ...
            filters / with_filters: Filters = "filters",
        }
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn an_image_with_a_health_check_decodes() {
        let body = br#"{"Id":"ab12","Digest":"sha256:0","RepoTags":["localhost/web:1"],"RepoDigests":[],"Parent":"",
            "Config":{"User":"app","ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Cmd":["sh"],"Volumes":{"/data":{}},
            "WorkingDir":"/srv","Labels":{"k":"v"}},"Version":"","Architecture":"amd64","Os":"linux","Size":12,
            "VirtualSize":12,"Labels":{"k":"v"},"Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":1000000000,
            "Retries":2}}"#;
        let image = ImageInspect::decode(body).unwrap();
        let check = image.healthcheck.unwrap();
        assert_eq!(check.test, ["CMD-SHELL", "true"]);
        assert_eq!((check.interval, check.timeout, check.retries), (1_000_000_000, 0, 2));
        assert_eq!(image.config.volumes.0, ["/data"]);
        assert_eq!(image.config.exposed_ports.0, ["80/tcp"]);
    }

    #[test]
    fn an_oci_image_with_nulls_decodes() {
        let body = br#"{"Id":"ab","RepoTags":null,"Config":{"Entrypoint":null,"Cmd":null,"Volumes":null},
            "Created":null,"RootFS":null,"GraphDriver":null,"History":null,"Labels":null,"Healthcheck":null}"#;
        let image = ImageInspect::decode(body).unwrap();
        assert_eq!((image.healthcheck, image.config), (None, ImageConfig::default()));
    }

    #[test]
    fn a_reference_keeps_its_slashes_but_for_its_changes() {
        let name = "docker.io/library/redis:7";
        assert_eq!(ImageInspect::new(name).target("/p"), "/p/images/docker.io/library/redis:7/json");
        assert_eq!(ImageChanges::new(name).target("/p"), "/p/images/docker.io%2Flibrary%2Fredis:7/changes");
    }
}
