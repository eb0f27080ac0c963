//! Images: pull, build, inspect, list, remove, tag, load, save.

use std::collections::BTreeMap;

use http_endpoint::{Filters, JsonQuery, ParameterKind, QueryValue, QueryWriter, endpoint, response};

use crate::{EnvList, HealthConfig, Keys, StringOrList};

endpoint! {
    /// Pulls an image. An error after the first byte is within the stream.
    POST "/images/create" => json_stream<Progress>, [200];
    pub struct ImageCreate {
        query {
            /// Reference to pull. Without a tag or digest, and with no `tag`, all tags are pulled.
            from_image / with_from_image: Option<String> = "fromImage",
            /// Tag or digest.
            tag / with_tag: Option<String> = "tag",
            /// `os/arch[/variant]`.
            platform / with_platform: Option<String> = "platform",
        }
        header {
            /// Credentials: base64url of a JSON object.
            registry_auth / with_registry_auth = "X-Registry-Auth",
        }
    }
}

endpoint! {
    /// Imports a root file system from a tar archive as an image.
    POST "/images/create" => json_stream<Progress>, [200];
    pub struct ImageImport {
        query {
            /// `-`: the body.
            from_src / with_from_src: String = "fromSrc",
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
}

endpoint! {
    /// Builds an image from a context, a tar archive. An error after the first byte is within the stream.
    POST "/build" => json_stream<Progress>, [200];
    pub struct ImageBuild {
        query {
            /// Path of the Dockerfile within the context.
            dockerfile / with_dockerfile: Option<String> = "dockerfile",
            /// Tags.
            t / with_t: Vec<String> = "t",
            /// Extra hosts, `host:ip`.
            extra_hosts / with_extra_hosts: Vec<String> = "extrahosts",
            /// Do not use the cache.
            no_cache / with_no_cache: bool = "nocache",
            /// Images whose layers may serve as cache.
            cache_from / with_cache_from: Option<JsonQuery<Vec<String>>> = "cachefrom",
            /// Pull base images even if they are present.
            pull / with_pull: bool = "pull",
            /// Remove intermediate containers; true by default.
            rm / with_rm: Option<bool> = "rm",
            /// Remove intermediate containers even when the build fails.
            force_rm / with_force_rm: bool = "forcerm",
            /// Build arguments.
            build_args / with_build_args: BuildArgs = "buildargs",
            /// Size of `/dev/shm` in bytes.
            shm_size / with_shm_size: Option<u64> = "shmsize",
            /// Labels.
            labels / with_labels: Option<JsonQuery<BTreeMap<String, String>>> = "labels",
            /// Network mode of `RUN`.
            network_mode / with_network_mode: Option<String> = "networkmode",
            /// `os/arch[/variant]`.
            platform / with_platform: Option<String> = "platform",
            /// Stage to stop at.
            target / with_target_stage: Option<String> = "target",
            /// 1: the classic builder; 2: BuildKit.
            version / with_version: Option<String> = "version",
        }
        header {
            /// Credentials for base images: base64url of a JSON object by registry.
            registry_config / with_registry_config = "X-Registry-Config",
        }
        stream "application/x-tar"
    }
}

endpoint! {
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
            /// Of this platform, JSON (API 1.49).
            platform / with_platform: Option<String> = "platform",
        }
    }
}

endpoint! {
    /// Images.
    GET "/images/json" => json<Vec<ImageSummary>>, [200];
    pub struct ImageList {
        query {
            /// Also intermediate images.
            all / with_all: bool = "all",
            /// `reference`, `label`, `dangling`, `before`, `since`, `until`.
            filters / with_filters: Filters = "filters",
            /// With the size shared with other images.
            shared_size / with_shared_size: bool = "shared-size",
            /// With digests.
            digests / with_digests: bool = "digests",
            /// With the manifests of all platforms (API 1.47).
            manifests / with_manifests: bool = "manifests",
        }
    }
}

endpoint! {
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
        }
    }
}

endpoint! {
    /// Gives an image a tag.
    POST "/images/{name:.*}/tag" => none, [201];
    pub struct ImageTag {
        path {
            /// Reference or id.
            name
        }
        query {
            /// Repository.
            repo / with_repo: String = "repo",
            /// Tag.
            tag / with_tag: Option<String> = "tag",
        }
    }
}

endpoint! {
    /// Loads images from an archive of [`ImageGetAll`] or `docker save`.
    POST "/images/load" => json_stream<Progress>, [200];
    pub struct ImageLoad {
        query {
            /// No progress.
            quiet / with_quiet: bool = "quiet",
        }
        stream "application/x-tar"
    }
}

endpoint! {
    /// Images as an archive.
    GET "/images/get" => tar, [200];
    pub struct ImageGetAll {
        query {
            /// References.
            names / with_names: Vec<String> = "names",
        }
    }
}

/// Build arguments by name; `None` is a name without a value. `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BuildArgs(pub BTreeMap<String, Option<String>>);

impl std::fmt::Debug for BuildArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Written as one JSON object; nothing when empty.
impl QueryValue for BuildArgs {
    const KIND: ParameterKind = ParameterKind::Json;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if !self.0.is_empty() {
            JsonQuery(&self.0).write(key, query);
        }
    }
}

response! {
    /// One message of a pull, build or load.
    pub struct Progress {
        /// Layer or other part.
        id: String = "id",
        /// What is being done.
        status: String = "status",
        /// Output of a build or load, with its line ends.
        stream: String = "stream",
        /// Bytes done and in all.
        detail: ProgressDetail = "progressDetail",
        /// Why it failed.
        error_detail: Option<ErrorDetail> = "errorDetail",
        /// The same in the old form.
        error: String = "error",
        /// A builder's extra value: an object with the `ID` of the built image, or what else it has to say.
        aux: Option<serde_json::Value> = "aux",
    }
}

impl Progress {
    /// The id of the image that was built (`sha256:...`), where this message tells it.
    #[must_use]
    pub fn image_id(&self) -> Option<&str> {
        self.aux.as_ref()?.get("ID")?.as_str()
    }

    /// Why it failed, where this message says that it did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.error_detail
            .as_ref()
            .map(|detail| detail.message.as_str())
            .filter(|message| !message.is_empty())
            .or_else(|| Some(self.error.as_str()).filter(|message| !message.is_empty()))
            .or_else(|| self.error_detail.as_ref().map(|_| "the engine gave no reason"))
    }
}

response! {
    /// Bytes done and in all.
    pub struct ProgressDetail {
        /// Done.
        current: i64 = "current",
        /// In all; 0 when not known.
        total: i64 = "total",
    }
}

response! {
    /// Why it failed.
    pub struct ErrorDetail {
        /// In words.
        message: String = "message",
        /// A number, such as the exit code of a `RUN`.
        code: i64 = "code",
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
    /// One image of a list.
    pub struct ImageSummary {
        /// Id.
        id: String = "Id",
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
    }
}

response! {
    /// An image in full.
    pub struct Image {
        /// Id.
        id: String = "Id",
        /// Tags.
        repo_tags: Vec<String> = "RepoTags",
        /// Digests.
        repo_digests: Vec<String> = "RepoDigests",
        /// What containers of it get.
        config: ImageConfig = "Config",
        /// `amd64`.
        architecture: String = "Architecture",
        /// `linux`.
        os: String = "Os",
        /// Bytes.
        size: i64 = "Size",
    }
}

response! {
    /// What containers of an image get.
    pub struct ImageConfig {
        /// `user[:group]`.
        user: String = "User",
        /// Environment.
        env: EnvList = "Env",
        /// Command.
        cmd: StringOrList = "Cmd",
        /// Entry point.
        entrypoint: StringOrList = "Entrypoint",
        /// Working directory.
        working_dir: String = "WorkingDir",
        /// Declared volumes.
        volumes: Keys = "Volumes",
        /// Exposed ports.
        exposed_ports: Keys = "ExposedPorts",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Health check.
        healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Stop signal.
        stop_signal: String = "StopSignal",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn reads_build_messages_of_both_engines() {
        let line = ImageBuild::decode(br#"{"stream":"Step 1/2 : FROM bb\n"}"#).unwrap();
        assert_eq!(line.stream, "Step 1/2 : FROM bb\n");
        assert_eq!(line.failure(), None);
        let aux = ImageBuild::decode(br#"{"aux":{"ID":"sha256:0123"}}"#).unwrap();
        assert_eq!(aux.image_id(), Some("sha256:0123"));
        let odd = ImageBuild::decode(br#"{"id":"moby.buildkit.trace","aux":"CgA="}"#).unwrap();
        assert!(odd.aux.is_some() && odd.image_id().is_none());
        let failed = ImageBuild::decode(
            br#"{"errorDetail":{"code":2,"message":"The command returned 2"},"error":"old text"}"#,
        )
        .unwrap();
        assert_eq!(failed.failure(), Some("The command returned 2"));
        let old = ImageBuild::decode(br#"{"error":"old text"}"#).unwrap();
        assert_eq!(old.failure(), Some("old text"));
        let empty = ImageBuild::decode(br#"{"errorDetail":{}}"#).unwrap();
        assert_eq!(empty.failure(), Some("the engine gave no reason"));
    }

    #[test]
    fn reads_pull_progress() {
        let p = ImageCreate::decode(
            br#"{"status":"Downloading","progressDetail":{"current":5,"total":10},"progress":"[=> ]","id":"aa"}"#,
        )
        .unwrap();
        assert_eq!((p.id.as_str(), p.detail.current, p.detail.total), ("aa", 5, 10));
        let p = ImageCreate::decode(br#"{"status":"Pulling from library/bb","progressDetail":{}}"#).unwrap();
        assert_eq!(p.detail.total, 0);
    }

    #[test]
    fn build_arguments_are_written_but_not_shown() {
        let args =
            BuildArgs([("TOKEN".to_owned(), Some("hunter2".to_owned())), ("X".to_owned(), None)].into());
        let build = ImageBuild::new().with_build_args(args).with_t(vec!["a:1".to_owned(), "b:2".to_owned()]);
        assert_eq!(
            build.target(""),
            "/build?t=a%3A1&t=b%3A2&buildargs=%7B%22TOKEN%22%3A%22hunter2%22%2C%22X%22%3Anull%7D"
        );
        assert!(!format!("{build:?}").contains("hunter2"));
    }

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
}
