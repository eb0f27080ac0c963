//! Making images: builds with buildah, and commits of containers.
//!
//! ```
//! use http_endpoint::{Endpoint, JsonQuery};
//! use libpod_api::build::{DOCKER_FORMAT, ImageBuild};
//!
//! let build = ImageBuild::new()
//!     .with_tags(vec!["localhost/web:1".to_owned()])
//!     .with_build_args(JsonQuery([("VERSION", "1")].into_iter().collect()))
//!     .with_output_format(DOCKER_FORMAT);
//! assert!(build.target("/v5.0.0/libpod").starts_with("/v5.0.0/libpod/build?buildargs=%7B%22VERSION%22%3A%221%22%7D"));
//!
//! let message = ImageBuild::decode(br#"{"error":"no such file"}"#)?;
//! assert_eq!(message.failure(), Some("no such file"));
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::collections::BTreeMap;

use http_endpoint::{EnvList, Fixed, JsonQuery, SecretMap, endpoints, response};

use crate::IdResponse;
use crate::images::{ImageConfig, PullPolicy};

pub use crate::build_options::{BuildContexts, BuildIdMapping, BuildNamespace};

/// `outputformat` of an image in Docker's own format. The default, OCI, has no place for a `HEALTHCHECK` and
/// a `SHELL`, which are then dropped with a warning.
pub const DOCKER_FORMAT: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// What separates the parts of an [`ImageBuildParts`]; no content may hold a line that begins with it.
pub const PART_BOUNDARY: &str = "libpod-build-part-9f3c5a7e1b2d";

/// The builds differ in where their context comes from, and in nothing else.
macro_rules! builds {
    ($($query:tt)*) => {
        endpoints! {
            /// Builds an image from a context that is streamed as a tar.
            ///
            /// The answer is a stream of [`BuildMessage`]s. Its status is 200 as soon as the build starts: a failure is
            /// the last message. There is no message with the image's id; it is the last `stream` line, 64 hex digits.
            /// Closing the connection cancels the build.
            POST "/build" => json_stream<BuildMessage>, [200];
            pub struct ImageBuild {
                query {
                    $($query)*
                }
                header {
                    /// Credentials by registry, base64url of a JSON object.
                    registry_config / with_registry_config = "X-Registry-Config"
                }
                stream "application/x-tar"
            }

            /// Builds an image from several contexts that are streamed together, in the form `multipart/form-data` with
            /// [`PART_BOUNDARY`]: the tar of the build's own context is the part `MainContext`, and the tar of the
            /// context `NAME` is the part `build-context-NAME`. Otherwise as [`ImageBuild`].
            POST "/build" => json_stream<BuildMessage>, [200], since "5.6";
            pub struct ImageBuildParts {
                query {
                    $($query)*
                }
                header {
                    /// Credentials by registry, base64url of a JSON object.
                    registry_config / with_registry_config = "X-Registry-Config"
                }
                stream "multipart/form-data; boundary=libpod-build-part-9f3c5a7e1b2d"
            }

            /// Builds an image from a folder on the server. Otherwise as [`ImageBuild`].
            POST "/local/build" => json_stream<BuildMessage>, [200], since "5.7";
            pub struct LocalBuild {
                required {
                    /// Absolute path of the context on the server.
                    local_context_dir: String = "localcontextdir",
                }
                query {
                    $($query)*
                }
                header {
                    /// Credentials by registry, base64url of a JSON object.
                    registry_config / with_registry_config = "X-Registry-Config"
                }
            }

            /// Makes an image of a container's file system and configuration.
            POST "/commit" => json<IdResponse>, [200];
            pub struct ImageCommit {
                required {
                    /// Name or id of the container.
                    container: String = "container",
                }
                query {
                    /// Name for the image without its tag; an image without a name when there is none.
                    repo / with_repo: Option<String> = "repo",
                    /// Tag for the image; `latest` when there is none.
                    tag / with_tag: Option<String> = "tag",
                    /// Who made it.
                    author / with_author: Option<String> = "author",
                    /// A remark. Only with the format `docker`.
                    comment / with_comment: Option<String> = "comment",
                    /// Dockerfile instructions to apply, such as `CMD ["sh"]`.
                    changes / with_changes: Vec<String> = "changes",
                    /// `oci` (the default) or `docker`.
                    format / with_format: Option<String> = "format",
                    /// Pause the container meanwhile. The default is not to.
                    pause / with_pause: bool = "pause",
                    /// Make one layer of all.
                    squash / with_squash: bool = "squash",
                }
                json {
                    /// Configuration to set in the image; since 5.0.
                    config: ImageConfig,
                }
            }

            /// As [`ImageCommit`], with a stream of messages; the last one has the id as `stream`, or the error.
            POST "/commit" => json_stream<BuildMessage>, [200], since "4.8";
            pub struct ImageCommitStream {
                required {
                    /// Name or id of the container.
                    container: String = "container",
                }
                query {
                    /// Selects this answer.
                    stream / with_stream: Fixed<true> = "stream",
                    /// Name for the image without its tag; an image without a name when there is none.
                    repo / with_repo: Option<String> = "repo",
                    /// Tag for the image; `latest` when there is none.
                    tag / with_tag: Option<String> = "tag",
                    /// Who made it.
                    author / with_author: Option<String> = "author",
                    /// A remark. Only with the format `docker`.
                    comment / with_comment: Option<String> = "comment",
                    /// Dockerfile instructions to apply, such as `CMD ["sh"]`.
                    changes / with_changes: Vec<String> = "changes",
                    /// `oci` (the default) or `docker`.
                    format / with_format: Option<String> = "format",
                    /// Pause the container meanwhile. The default is not to.
                    pause / with_pause: bool = "pause",
                    /// Make one layer of all.
                    squash / with_squash: bool = "squash",
                }
                json {
                    /// Configuration to set in the image; since 5.0.
                    config: ImageConfig,
                }
            }
        }
    };
}

builds! {
    /// Capabilities to add.
    add_caps / with_add_caps: Option<JsonQuery<Vec<String>>> = "addcaps",
    /// Further contexts by name.
    additional_build_contexts / with_additional_build_contexts: BuildContexts = "additionalbuildcontexts",
    /// Build for every platform of the base image.
    all_platforms / with_all_platforms: bool = "allplatforms",
    /// Annotations, `key=value`.
    annotations / with_annotations: Option<JsonQuery<Vec<String>>> = "annotations",
    /// AppArmor profile.
    apparmor / with_apparmor: String = "apparmor",
    /// Build arguments by name.
    build_args / with_build_args: Option<JsonQuery<SecretMap>> = "buildargs",
    /// Images whose layers may serve as cache.
    cache_from / with_cache_from: Option<JsonQuery<Vec<String>>> = "cachefrom",
    /// Repositories to store cache layers in.
    cache_to / with_cache_to: Option<JsonQuery<Vec<String>>> = "cacheto",
    /// Go duration after which cache layers are too old.
    cache_ttl / with_cache_ttl: String = "cachettl",
    /// Parent cgroup.
    cgroup_parent / with_cgroup_parent: String = "cgroupparent",
    /// Keep what is written to declared volumes, as Docker's old builder did not; since 5.2.
    compat_volumes / with_compat_volumes: Option<bool> = "compatvolumes",
    /// 0: none, otherwise gzip.
    compression / with_compression: Option<u32> = "compression",
    /// Network mode of `RUN`.
    network_mode / with_network_mode: String = "networkmode",
    /// Flags for the C preprocessor on `Containerfile.in`.
    cpp_flags / with_cpp_flags: Option<JsonQuery<Vec<String>>> = "cppflags",
    /// Processor period in microseconds.
    cpu_period / with_cpu_period: Option<u64> = "cpuperiod",
    /// Processor quota in microseconds.
    cpu_quota / with_cpu_quota: Option<i64> = "cpuquota",
    /// Processors.
    cpuset_cpus / with_cpuset_cpus: String = "cpusetcpus",
    /// Memory nodes.
    cpuset_mems / with_cpuset_mems: String = "cpusetmems",
    /// Relative weight.
    cpu_shares / with_cpu_shares: Option<u64> = "cpushares",
    /// Record the creation time as an annotation; since 5.6.
    created_annotation / with_created_annotation: Option<bool> = "createdannotation",
    /// DNS options.
    dns_options / with_dns_options: Option<JsonQuery<Vec<String>>> = "dnsoptions",
    /// DNS search domains.
    dns_search / with_dns_search: Option<JsonQuery<Vec<String>>> = "dnssearch",
    /// DNS servers.
    dns_servers / with_dns_servers: Option<JsonQuery<Vec<String>>> = "dnsservers",
    /// Devices.
    devices / with_devices: Option<JsonQuery<Vec<String>>> = "devices",
    /// Path of the Dockerfile within the context, or a JSON list of paths.
    dockerfile / with_dockerfile: String = "dockerfile",
    /// Capabilities to drop.
    drop_caps / with_drop_caps: Option<JsonQuery<Vec<String>>> = "dropcaps",
    /// Environment to set in the image, `NAME=value`.
    set_env / with_set_env: EnvList = "setenv",
    /// Patterns to leave out of the context.
    excludes / with_excludes: Option<JsonQuery<Vec<String>>> = "excludes",
    /// Extra hosts, `host:ip`.
    extra_hosts / with_extra_hosts: Option<JsonQuery<Vec<String>>> = "extrahosts",
    /// Remove intermediate containers even on failure.
    force_rm / with_force_rm: Option<bool> = "forcerm",
    /// Base image instead of the first `FROM`.
    from / with_from: String = "from",
    /// Additional groups of `RUN`; since 4.4.
    group_add / with_group_add: Vec<String> = "groupadd",
    /// Pass proxy variables on.
    http_proxy / with_http_proxy: Option<bool> = "httpproxy",
    /// User and group ids of `RUN`.
    id_mapping_options / with_id_mapping_options: Option<JsonQuery<BuildIdMapping>> = "idmappingoptions",
    /// Label with buildah's version; the default is true.
    identity_label / with_identity_label: Option<bool> = "identitylabel",
    /// Ignore instructions that buildah does not know.
    ignore / with_ignore: bool = "ignore",
    /// Take the base image's labels; the default is true; since 5.5.
    inherit_labels / with_inherit_labels: Option<bool> = "inheritlabels",
    /// Take the base image's annotations; the default is true; since 5.6.
    inherit_annotations / with_inherit_annotations: Option<bool> = "inheritannotations",
    /// `oci`, `chroot`, `rootless`.
    isolation / with_isolation: String = "isolation",
    /// Stages that may be built at once.
    jobs / with_jobs: Option<u32> = "jobs",
    /// SELinux options.
    label_opts / with_label_opts: Option<JsonQuery<Vec<String>>> = "labelopts",
    /// Labels by name.
    labels / with_labels: Option<JsonQuery<BTreeMap<String, String>>> = "labels",
    /// Labels of intermediate layers, `key=value`; since 4.7.
    layer_label / with_layer_label: Vec<String> = "layerLabel",
    /// Cache a layer for each instruction.
    layers / with_layers: Option<bool> = "layers",
    /// Log what resources each step used.
    rusage / with_rusage: bool = "rusage",
    /// Manifest list to add the image to.
    manifest / with_manifest: String = "manifest",
    /// Memory and swap in bytes.
    mem_swap / with_mem_swap: Option<i64> = "memswap",
    /// Memory in bytes.
    memory / with_memory: Option<i64> = "memory",
    /// Namespaces of `RUN`.
    ns_options / with_ns_options: Option<JsonQuery<Vec<BuildNamespace>>> = "nsoptions",
    /// Do not use the cache.
    no_cache / with_no_cache: bool = "nocache",
    /// Do not write `/etc/hosts`; since 5.4.
    no_hosts / with_no_hosts: bool = "nohosts",
    /// No history in the image.
    omit_history / with_omit_history: bool = "omithistory",
    /// Features of the operating system that the image needs.
    os_feature / with_os_feature: Vec<String> = "osfeature",
    /// Version of the operating system that the image needs.
    os_version / with_os_version: String = "osversion",
    /// Manifest type of the image, see [`DOCKER_FORMAT`].
    output_format / with_output_format: String = "outputformat",
    /// Platforms, `os/arch[/variant]`.
    platform / with_platform: Vec<String> = "platform",
    /// Pull base images even if they are present. Only the compatible API follows it.
    pull / with_pull: bool = "pull",
    /// When base images are pulled. What libpod follows, unlike `pull`.
    pull_policy / with_pull_policy: PullPolicy = "pullpolicy",
    /// No output but the image's id.
    quiet / with_quiet: bool = "q",
    /// Registry (unused by buildah).
    registry / with_registry: String = "registry",
    /// Remove intermediate containers; the default is true.
    rm / with_rm: Option<bool> = "rm",
    /// Path on the server for `rusage`.
    rusage_log_file / with_rusage_log_file: String = "rusagelogfile",
    /// Git or tar URL of the context instead of the body.
    remote / with_remote: String = "remote",
    /// Clamp times in layers to `sourcedateepoch`; since 5.6.
    rewrite_timestamp / with_rewrite_timestamp: Option<bool> = "rewritetimestamp",
    /// How often a pull is tried again; since 5.3.
    retry / with_retry: Option<u32> = "retry",
    /// Go duration between tries; since 5.3.
    retry_delay / with_retry_delay: String = "retry-delay",
    /// Tag intermediate stages; since 6.0.
    save_stages / with_save_stages: bool = "save-stages",
    /// Seccomp profile.
    seccomp / with_seccomp: String = "seccomp",
    /// Secrets, `id=...,src=...` with a path within the context. The values are not in the request.
    secrets / with_secrets: Option<JsonQuery<Vec<String>>> = "secrets",
    /// Security options, `label=...`, `apparmor=...`, `seccomp=...`.
    security_opt / with_security_opt: Option<JsonQuery<Vec<String>>> = "securityopt",
    /// Size of `/dev/shm` in bytes.
    shm_size / with_shm_size: Option<u64> = "shmsize",
    /// Leave out stages that nothing uses; the default is true.
    skip_unused_stages / with_skip_unused_stages: Option<bool> = "skipunusedstages",
    /// Seconds since the epoch for reproducible images; since 5.6.
    source_date_epoch / with_source_date_epoch: Option<i64> = "sourcedateepoch",
    /// Source policy; since 6.0.
    source_policy / with_source_policy: String = "sourcePolicy",
    /// Squash the new layers into one.
    squash / with_squash: bool = "squash",
    /// Label intermediate stages; since 6.0.
    stage_labels / with_stage_labels: bool = "stage-labels",
    /// Verify registries' certificates.
    tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
    /// Tags for the image.
    tags / with_tags: Vec<String> = "t",
    /// Stage to stop at.
    target / with_target: String = "target",
    /// Seconds since the epoch as the creation time.
    timestamp / with_timestamp: Option<i64> = "timestamp",
    /// Mounts for every `RUN`; since 6.0.
    transient_run_mounts / with_transient_run_mounts: Vec<String> = "transientRunMounts",
    /// Ulimits of `RUN`, `name=soft:hard`.
    ulimits / with_ulimits: Option<JsonQuery<Vec<String>>> = "ulimits",
    /// Variables to remove from the image.
    unset_env / with_unset_env: Vec<String> = "unsetenv",
    /// Labels to remove from the image; since 4.8.
    unset_label / with_unset_label: Vec<String> = "unsetlabel",
    /// Annotations to remove from the image; since 5.6.
    unset_annotation / with_unset_annotation: Vec<String> = "unsetannotation",
    /// Mounts of `RUN`; since 4.4.
    volume / with_volume: Vec<String> = "volume",
    /// Path for a bill of materials; like all of `sbom` since 5.7.
    sbom_output / with_sbom_output: String = "sbom-output",
    /// Path for a list of packages.
    sbom_purl_output / with_sbom_purl_output: String = "sbom-purl-output",
    /// Path in the image for a bill of materials.
    sbom_image_output / with_sbom_image_output: String = "sbom-image-output",
    /// Path in the image for a list of packages.
    sbom_image_purl_output / with_sbom_image_purl_output: String = "sbom-image-purl-output",
    /// Image of the scanner.
    sbom_scanner_image / with_sbom_scanner_image: String = "sbom-scanner-image",
    /// Commands of the scanner.
    sbom_scanner_command / with_sbom_scanner_command: Option<JsonQuery<Vec<String>>> = "sbom-scanner-command",
    /// How results of several scanners are merged.
    sbom_merge_strategy / with_sbom_merge_strategy: String = "sbom-merge-strategy",
}

response! {
    /// One message of a build or a commit.
    pub struct BuildMessage {
        /// Output, with its line end.
        stream: String = "stream",
        /// Why the build failed.
        error: String = "error",
        /// The same in full.
        error_detail: ErrorDetail = "errorDetail",
        /// What a program reads. Only the compatible API sends it, and in it the image's id.
        aux: BuildAux = "aux",
    }
}

response! {
    /// What a program reads of a build.
    pub struct BuildAux {
        /// Id of the image, with `sha256:`.
        id: String = "ID",
    }
}

response! {
    /// Detail of a failure.
    pub struct ErrorDetail {
        /// A status code.
        code: i64 = "code",
        /// In words.
        message: String = "message",
    }
}

impl BuildMessage {
    /// Why the build failed, where this message says that it did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        [&self.error_detail.message, &self.error]
            .into_iter()
            .map(|text| text.trim())
            .find(|text| !text.is_empty())
    }
}

/// Whether a line of a build's output is an image id: 64 hex digits and nothing else.
#[must_use]
pub fn is_image_id(line: &str) -> bool {
    line.len() == 64 && line.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use http_endpoint::{Endpoint, RequestKind};

    use super::*;

    #[test]
    fn maps_and_lists_are_json_and_tags_repeat() {
        let build = ImageBuild::new()
            .with_tags(vec!["a:1".to_owned(), "b:2".to_owned()])
            .with_build_args(JsonQuery([("A", "x y")].into_iter().collect()))
            .with_output_format(DOCKER_FORMAT);
        assert_eq!(
            build.target(""),
            "/build?buildargs=%7B%22A%22%3A%22x%20y%22%7D&outputformat=application%2Fvnd.docker.distribution.\
             manifest.v2%2Bjson&t=a%3A1&t=b%3A2"
        );
        let local = LocalBuild::new("/src").with_pull_policy(PullPolicy::Never);
        assert_eq!(local.target(""), "/local/build?localcontextdir=%2Fsrc&pullpolicy=never");
    }

    #[test]
    fn values_that_may_be_secrets_are_not_in_debug_output() {
        let build = ImageBuild::new()
            .with_build_args(JsonQuery([("TOKEN", "hunter2")].into_iter().collect()))
            .with_set_env(["PASSWORD=hunter2"].into_iter().collect::<EnvList>());
        let shown = format!("{build:?}");
        assert!(
            shown.contains("TOKEN") && shown.contains("PASSWORD") && !shown.contains("hunter2"),
            "{shown}"
        );
    }

    #[test]
    fn the_parts_are_separated_as_the_content_type_says() {
        let RequestKind::Stream(content_type) = ImageBuildParts::REQUEST else { panic!("no stream") };
        assert_eq!(content_type, format!("multipart/form-data; boundary={PART_BOUNDARY}"));
    }

    #[test]
    fn messages_decode() {
        assert_eq!(
            ImageBuild::decode(br#"{"stream":"STEP 1/2: FROM a\n"}"#).unwrap().stream,
            "STEP 1/2: FROM a\n"
        );
        let failed =
            ImageBuild::decode(br#"{"errorDetail":{"message":"no such file"},"error":"no such file"}"#)
                .unwrap();
        assert_eq!(failed.failure(), Some("no such file"));
        assert_eq!(ImageBuild::decode(br#"{"error":"x","errorDetail":null}"#).unwrap().failure(), Some("x"));
    }

    #[test]
    fn an_image_id_is_64_hex_digits() {
        assert!(is_image_id(&"0a".repeat(32)));
        assert!(!is_image_id(&"0A".repeat(32)) && !is_image_id("0a") && !is_image_id(&"zz".repeat(32)));
    }
}
