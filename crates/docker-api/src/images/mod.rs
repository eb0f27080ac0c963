//! Images: pull, push, inspect, list, remove, tag, import, load, save. Building them is in [`crate::build`].
//!
//! ```
//! use docker_api::AuthConfig;
//! use docker_api::images::{ImageCreate, ImageInspect};
//! use http_endpoint::Endpoint;
//!
//! let auth = AuthConfig::new().with_username("ann").with_password("hunter2");
//! let pull = ImageCreate::new("registry.example/app").with_tag("1").with_registry_auth(auth.to_header());
//! assert_eq!(pull.target("/v1.44"), "/v1.44/images/create?fromImage=registry.example%2Fapp&tag=1");
//! let step = ImageCreate::decode(br#"{"status":"Downloading","progressDetail":{"current":5,"total":10}}"#).unwrap();
//! assert_eq!((step.detail.current, step.failure()), (5, None));
//!
//! let image = ImageInspect::decode(br#"{"Id":"sha256:1","Config":{"Cmd":["sh"]}}"#).unwrap();
//! assert_eq!(image.config.cmd.0, ["sh"]);
//! ```

mod inspect;
mod manifests;
mod progress;

use std::collections::BTreeMap;

use http_endpoint::{Filters, JsonQuery, endpoints, response};

use crate::{Descriptor, Platform};

pub use inspect::{Image, ImageConfig, ImageMetadata, RootFs};
pub use manifests::{
    AttestationData, BuildIdentity, Identity, ImageData, ImageManifest, ImageManifestKind, ManifestSize,
    PullIdentity, SignatureIdentity, SignatureTimestamp, SignerIdentity, UnpackedSize,
};
pub use progress::{ErrorDetail, Progress, ProgressDetail};

endpoints! {
    /// Pulls an image. An error after the first byte is within the stream: see [`Progress::failure`].
    POST "/images/create" => json_stream<Progress>, [200];
    pub struct ImageCreate {
        required {
            /// Reference to pull. Without a tag or digest, and with no `tag`, all tags are pulled.
            from_image: String = "fromImage",
        }
        query {
            /// Tag or digest.
            tag / with_tag: Option<String> = "tag",
            /// `os/arch[/variant]`.
            platform / with_platform: Option<String> = "platform",
        }
        header {
            /// Credentials: [`AuthConfig::to_header`](crate::AuthConfig::to_header).
            registry_auth / with_registry_auth = "X-Registry-Auth",
        }
    }

    /// Imports a root file system from a tar archive as an image.
    POST "/images/create" => json_stream<Progress>, [200];
    pub struct ImageImport {
        required {
            /// `-`: the body; else a URL that the engine reads, with an empty body.
            from_src: String = "fromSrc",
        }
        query {
            /// Repository to tag.
            repo / with_repo: Option<String> = "repo",
            /// Tag.
            tag / with_tag: Option<String> = "tag",
            /// Commit message.
            message / with_message: Option<String> = "message",
            /// Dockerfile instructions to apply.
            changes / with_changes: Vec<String> = "changes",
            /// `os/arch[/variant]`.
            platform / with_platform: Option<String> = "platform",
        }
        stream "application/x-tar"
    }

    /// Pushes an image to its registry. An error after the first byte is within the stream: see
    /// [`Progress::failure`].
    POST "/images/{name:.*}/push" => json_stream<Progress>, [200];
    pub struct ImagePush {
        path {
            /// Repository with its registry, without a tag.
            name
        }
        query {
            /// Tag; all of them when absent.
            tag / with_tag: Option<String> = "tag",
            /// Only this platform of it (API 1.46).
            platform / with_platform: Option<JsonQuery<Platform>> = "platform",
        }
        header {
            /// Credentials: [`AuthConfig::to_header`](crate::AuthConfig::to_header). Engines before API 1.46 want
            /// the header in any case, if only with the default.
            registry_auth / with_registry_auth = "X-Registry-Auth",
        }
    }

    /// An image in full.
    GET "/images/{name:.*}/json" => json<Image>, [200];
    pub struct ImageInspect {
        path {
            /// Reference or id.
            name
        }
        query {
            /// With the manifests of all platforms (API 1.48).
            manifests / with_manifests: bool = "manifests",
            /// Of this platform (API 1.49); not together with `manifests`.
            platform / with_platform: Option<JsonQuery<Platform>> = "platform",
        }
    }

    /// The layers of an image, newest first.
    GET "/images/{name:.*}/history" => json<Vec<ImageHistoryItem>>, [200];
    pub struct ImageHistory {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Of this platform (API 1.48).
            platform / with_platform: Option<JsonQuery<Platform>> = "platform",
        }
    }

    /// The statements that are attached to an image, such as where it was built (in-toto). 501 where the engine
    /// does not keep images in containerd.
    GET "/images/{name:.*}/attestations" => json<Vec<AttestationStatement>>, [200], since "1.55";
    pub struct ImageAttestations {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Of this platform, each as [`Platform::to_json`]; one at most so far, the host's by default.
            platform / with_platform: Vec<String> = "platform",
            /// Only those of these predicate types.
            kind / with_kind: Vec<String> = "type",
            /// With the statements themselves.
            statement / with_statement: bool = "statement",
        }
    }

    /// Images.
    GET "/images/json" => json<Vec<ImageSummary>>, [200];
    pub struct ImageList {
        query {
            /// Also intermediate images.
            all / with_all: bool = "all",
            /// `reference`, `label`, `dangling`, `before`, `since`, `until`.
            filters / with_filters: Filters = "filters",
            /// With the size shared with other images (API 1.42).
            shared_size / with_shared_size: bool = "shared-size",
            /// With digests; they are always there. Podman answers with nothing at all when it is asked for them.
            digests / with_digests: bool = "digests",
            /// With the manifests of all platforms (API 1.47).
            manifests / with_manifests: bool = "manifests",
            /// With what is known of their origin (API 1.54).
            identity / with_identity: bool = "identity",
        }
    }

    /// Removes a tag of an image, and the image with its last tag.
    DELETE "/images/{name:.*}" => json<Vec<ImageDeleted>>, [200];
    pub struct ImageDelete {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Even if stopped containers use it or it has several tags.
            force / with_force: bool = "force",
            /// Keep untagged parents.
            no_prune / with_no_prune: bool = "noprune",
            /// Only these platforms, each as [`Platform::to_json`] (API 1.50).
            platforms / with_platforms: Vec<String> = "platforms",
        }
    }

    /// Gives an image a tag.
    POST "/images/{name:.*}/tag" => none, [201];
    pub struct ImageTag {
        path {
            /// Reference or id.
            name
        }
        required {
            /// Repository.
            repo: String = "repo",
        }
        query {
            /// Tag; `latest` by default.
            tag / with_tag: Option<String> = "tag",
        }
    }

    /// Loads images from an archive of [`ImageGetAll`] or `docker save`, plain or compressed.
    POST "/images/load" => json_stream<Progress>, [200];
    pub struct ImageLoad {
        query {
            /// No progress.
            quiet / with_quiet: bool = "quiet",
            /// Only these platforms, each as [`Platform::to_json`] (API 1.48; several since 1.52).
            platform / with_platform: Vec<String> = "platform",
        }
        stream "application/x-tar"
    }

    /// Images as an archive.
    GET "/images/get" => tar, [200];
    pub struct ImageGetAll {
        query {
            /// References or ids.
            names / with_names: Vec<String> = "names",
            /// Only these platforms, each as [`Platform::to_json`] (API 1.48; several since 1.52).
            platform / with_platform: Vec<String> = "platform",
        }
    }

    /// One image as an archive.
    GET "/images/{name:.*}/get" => tar, [200];
    pub struct ImageGet {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Only these platforms, each as [`Platform::to_json`] (API 1.48; several since 1.52).
            platform / with_platform: Vec<String> = "platform",
        }
    }

    /// Removes images that nothing uses: those without a tag, unless the filters say otherwise.
    POST "/images/prune" => json<ImagePruneResponse>, [200];
    pub struct ImagePrune {
        query {
            /// `dangling` (`false`: those with tags, too), `until`, `label`, `label!`.
            filters / with_filters: Filters = "filters",
        }
    }

    /// Searches Docker Hub.
    GET "/images/search" => json<Vec<ImageSearchItem>>, [200];
    pub struct ImageSearch {
        required {
            /// What to look for.
            term: String = "term",
        }
        query {
            /// At most this many, up to 100; 25 by default.
            limit / with_limit: Option<u32> = "limit",
            /// `is-official`, `stars`.
            filters / with_filters: Filters = "filters",
        }
        header {
            /// Credentials: [`AuthConfig::to_header`](crate::AuthConfig::to_header).
            registry_auth / with_registry_auth = "X-Registry-Auth",
        }
    }
}

response! {
    /// One thing that was done when an image was removed.
    pub struct ImageDeleted {
        /// A tag that is gone.
        untagged: Option<String> = "Untagged",
        /// An image that is gone.
        deleted: Option<String> = "Deleted",
    }
}

response! {
    /// Which images were removed.
    pub struct ImagePruneResponse {
        /// What was done.
        images_deleted: Vec<ImageDeleted> = "ImagesDeleted",
        /// Bytes that are free now.
        space_reclaimed: u64 = "SpaceReclaimed",
    }
}

response! {
    /// One image of a list.
    pub struct ImageSummary {
        /// Id.
        id: String = "Id",
        /// Id of its parent, where it was built here by the classic builder.
        parent_id: String = "ParentId",
        /// Tags; old engines write `<none>:<none>`.
        repo_tags: Vec<String> = "RepoTags",
        /// Digests.
        repo_digests: Vec<String> = "RepoDigests",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Seconds since the epoch.
        created: i64 = "Created",
        /// Bytes.
        size: i64 = "Size",
        /// The same (before API 1.44).
        virtual_size: Option<i64> = "VirtualSize",
        /// Bytes shared with other images; -1 where they were not asked for.
        shared_size: i64 = "SharedSize",
        /// Containers that use it; -1 where they were not counted (before API 1.51).
        containers: i64 = "Containers",
        /// The manifests of all platforms, where they were asked for (API 1.47).
        manifests: Vec<ImageManifest> = "Manifests",
        /// What the image points to, where the engine keeps images in containerd (API 1.48).
        descriptor: Option<Descriptor> = "Descriptor",
    }
}

response! {
    /// One layer of an image's history.
    pub struct ImageHistoryItem {
        /// Id, or `<missing>`.
        id: String = "Id",
        /// Seconds since the epoch.
        created: i64 = "Created",
        /// What made it.
        created_by: String = "CreatedBy",
        /// Tags.
        tags: Vec<String> = "Tags",
        /// Bytes.
        size: i64 = "Size",
        /// Comment.
        comment: String = "Comment",
    }
}

response! {
    /// One result of a search.
    pub struct ImageSearchItem {
        /// Name.
        name: String = "name",
        /// What it is.
        description: String = "description",
        /// Whether it is one of Docker's official images.
        is_official: bool = "is_official",
        /// Always false on today's Docker Hub.
        is_automated: bool = "is_automated",
        /// Stars.
        star_count: i64 = "star_count",
    }
}

response! {
    /// A statement that is attached to an image.
    pub struct AttestationStatement {
        /// The blob that holds it.
        descriptor: Descriptor = "Descriptor",
        /// URI of the kind of its predicate.
        predicate_type: String = "PredicateType",
        /// The statement itself, where it was asked for.
        statement: Option<serde_json::Value> = "Statement",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn reads_an_image_with_everything_null_and_one_with_a_health_check() {
        let image = ImageInspect::decode(br#"{"Id":"sha256:1","RepoTags":null,"Config":null}"#).unwrap();
        assert_eq!(image.config, ImageConfig::default());
        let image = ImageInspect::decode(
            br#"{"Id":"sha256:1","RepoTags":["bb:latest"],"Config":{"Env":["PATH=/bin"],"Entrypoint":"/init",
                "Volumes":{"/data":{}},"Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":1000000000}}}"#,
        )
        .unwrap();
        assert_eq!(image.config.entrypoint.0, ["/init"]);
        assert_eq!(image.config.volumes.0, ["/data"]);
        assert_eq!(image.config.healthcheck.unwrap().interval, 1_000_000_000);
    }

    #[test]
    fn a_reference_keeps_its_slashes_in_the_path() {
        assert_eq!(ImageInspect::new("a.b/c/d:1").target("/v1.44"), "/v1.44/images/a.b/c/d:1/json");
    }

    #[test]
    fn a_platform_is_json() {
        let inspect = ImageInspect::new("bb").with_platform(JsonQuery(Platform::of("linux", "arm64", "")));
        assert_eq!(
            inspect.target(""),
            "/images/bb/json?platform=%7B%22architecture%22%3A%22arm64%22%2C%22os%22%3A%22linux%22%7D"
        );
    }

    #[test]
    fn reads_manifests_of_a_containerd_store() {
        let list = ImageList::decode(
            br#"[{"Id":"sha256:1","Descriptor":{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"sha256:1","size":9},
                "Manifests":[{"ID":"sha256:2","Available":true,"Kind":"image","Size":{"Total":9,"Content":4},
                  "Descriptor":{"mediaType":"m","digest":"sha256:2","size":5,"platform":{"architecture":"amd64","os":"linux"}},
                  "ImageData":{"Platform":{"architecture":"amd64","os":"linux"},"Containers":null,"Size":{"Unpacked":5}}},
                  {"ID":"sha256:3","Kind":"attestation","AttestationData":{"For":"sha256:2"}}]}]"#,
        )
        .unwrap();
        let manifests = &list[0].manifests;
        assert_eq!(manifests[0].kind, ImageManifestKind::Image);
        assert_eq!(manifests[0].image_data.as_ref().unwrap().platform, Platform::of("linux", "amd64", ""));
        assert_eq!(manifests[1].attestation_data.as_ref().unwrap().for_digest, "sha256:2");
    }
}
