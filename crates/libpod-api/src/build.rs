//! Building images with buildah.

use std::collections::BTreeMap;

use http_endpoint::{JsonQuery, endpoint};
use serde::Deserialize;

use crate::nullable;

/// `outputformat` of an image in Docker's own format. The default, OCI, has no place for a `HEALTHCHECK` and
/// a `SHELL`, which are then dropped with a warning.
pub const DOCKER_FORMAT: &str = "application/vnd.docker.distribution.manifest.v2+json";

endpoint! {
    /// Builds an image from a context that is streamed as a tar.
    ///
    /// The answer is a stream of [`BuildMessage`]s. Its status is 200 as soon as the build starts: a failure is
    /// the last message. There is no message with the image's id; it is the last `stream` line, 64 hex digits.
    /// Closing the connection cancels the build.
    POST "/build" => json_stream<BuildMessage>, [200];
    pub struct ImageBuild {
        query {
            /// Capabilities to add.
            add_caps / with_add_caps: Option<JsonQuery<Vec<String>>> = "addcaps",
            /// Further contexts by name, `url:...` or `image:...`.
            additional_build_contexts / with_additional_build_contexts: Option<JsonQuery<BTreeMap<String, String>>> =
                "additionalbuildcontexts",
            /// Build for every platform of the base image.
            all_platforms / with_all_platforms: bool = "allplatforms",
            /// Annotations, `key=value`.
            annotations / with_annotations: Option<JsonQuery<Vec<String>>> = "annotations",
            /// AppArmor profile.
            apparmor / with_apparmor: String = "apparmor",
            /// Build arguments by name.
            build_args / with_build_args: Option<JsonQuery<BTreeMap<String, String>>> = "buildargs",
            /// Images whose layers may serve as cache.
            cache_from / with_cache_from: Option<JsonQuery<Vec<String>>> = "cachefrom",
            /// Repositories to store cache layers in.
            cache_to / with_cache_to: Option<JsonQuery<Vec<String>>> = "cacheto",
            /// Go duration after which cache layers are too old.
            cache_ttl / with_cache_ttl: String = "cachettl",
            /// Parent cgroup.
            cgroup_parent / with_cgroup_parent: String = "cgroupparent",
            /// Keep what is written to declared volumes, as Docker's old builder did not.
            compat_volumes / with_compat_volumes: Option<bool> = "compatvolumes",
            /// 0: none, otherwise gzip.
            compression / with_compression: Option<u32> = "compression",
            /// Network mode of `RUN`.
            network_mode / with_network_mode: String = "networkmode",
            /// Flags for the C preprocessor on `Containerfile.in`.
            cpp_flags / with_cpp_flags: String = "cppflags",
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
            /// Record the creation time as an annotation.
            created_annotation / with_created_annotation: Option<bool> = "createdannotation",
            /// DNS options.
            dns_options / with_dns_options: Option<JsonQuery<Vec<String>>> = "dnsoptions",
            /// DNS search domains.
            dns_search / with_dns_search: Option<JsonQuery<Vec<String>>> = "dnssearch",
            /// DNS servers.
            dns_servers / with_dns_servers: Option<JsonQuery<Vec<String>>> = "dnsservers",
            /// Devices.
            devices / with_devices: Option<JsonQuery<Vec<String>>> = "devices",
            /// Path of the Dockerfile within the context.
            dockerfile / with_dockerfile: String = "dockerfile",
            /// Capabilities to drop.
            drop_caps / with_drop_caps: Option<JsonQuery<Vec<String>>> = "dropcaps",
            /// Environment to set in the image, `NAME=value`.
            set_env / with_set_env: Vec<String> = "setenv",
            /// Patterns to leave out of the context.
            excludes / with_excludes: Option<JsonQuery<Vec<String>>> = "excludes",
            /// Extra hosts, `host:ip`.
            extra_hosts / with_extra_hosts: Option<JsonQuery<Vec<String>>> = "extrahosts",
            /// Remove intermediate containers even on failure.
            force_rm / with_force_rm: Option<bool> = "forcerm",
            /// Base image instead of the first `FROM`.
            from / with_from: String = "from",
            /// Additional groups of `RUN`.
            group_add / with_group_add: Vec<String> = "groupadd",
            /// Pass proxy variables on.
            http_proxy / with_http_proxy: Option<bool> = "httpproxy",
            /// Label with buildah's version.
            identity_label / with_identity_label: Option<bool> = "identitylabel",
            /// Ignore errors (unused by buildah).
            ignore / with_ignore: bool = "ignore",
            /// Take the base image's labels.
            inherit_labels / with_inherit_labels: Option<bool> = "inheritlabels",
            /// Take the base image's annotations.
            inherit_annotations / with_inherit_annotations: Option<bool> = "inheritannotations",
            /// `oci`, `chroot`, `rootless`.
            isolation / with_isolation: String = "isolation",
            /// Stages that may be built at once.
            jobs / with_jobs: Option<u32> = "jobs",
            /// SELinux options.
            label_opts / with_label_opts: Option<JsonQuery<Vec<String>>> = "labelopts",
            /// Labels by name.
            labels / with_labels: Option<JsonQuery<BTreeMap<String, String>>> = "labels",
            /// Labels of intermediate layers, `key=value`.
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
            memory / with_memory: Option<u64> = "memory",
            /// Namespaces of `RUN`, in buildah's form.
            ns_options / with_ns_options: Option<JsonQuery<Vec<BTreeMap<String, String>>>> = "nsoptions",
            /// Do not use the cache.
            no_cache / with_no_cache: bool = "nocache",
            /// Do not write `/etc/hosts`.
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
            /// Pull base images even if they are present.
            pull / with_pull: bool = "pull",
            /// `always`, `missing`, `newer`, `never`.
            pull_policy / with_pull_policy: String = "pullpolicy",
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
            /// Clamp times in layers to `sourcedateepoch`.
            rewrite_timestamp / with_rewrite_timestamp: Option<bool> = "rewritetimestamp",
            /// How often a pull is tried again.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries.
            retry_delay / with_retry_delay: String = "retry-delay",
            /// Tag intermediate stages (6.0).
            save_stages / with_save_stages: bool = "save-stages",
            /// Seccomp profile.
            seccomp / with_seccomp: String = "seccomp",
            /// Secrets, `id=...,src=...` with a path within the context.
            secrets / with_secrets: Option<JsonQuery<Vec<String>>> = "secrets",
            /// Security options.
            security_opt / with_security_opt: Option<JsonQuery<Vec<String>>> = "securityopt",
            /// Size of `/dev/shm` in bytes.
            shm_size / with_shm_size: Option<u64> = "shmsize",
            /// Leave out stages that nothing uses; the default is true.
            skip_unused_stages / with_skip_unused_stages: Option<bool> = "skipunusedstages",
            /// Seconds since the epoch for reproducible images.
            source_date_epoch / with_source_date_epoch: Option<i64> = "sourcedateepoch",
            /// Source policy (6.0).
            source_policy / with_source_policy: String = "sourcePolicy",
            /// Squash the new layers into one.
            squash / with_squash: bool = "squash",
            /// Label intermediate stages (6.0).
            stage_labels / with_stage_labels: bool = "stage-labels",
            /// Verify registries' certificates.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
            /// Tags for the image.
            tags / with_tags: Vec<String> = "t",
            /// Stage to stop at.
            target / with_target: String = "target",
            /// Seconds since the epoch as the creation time.
            timestamp / with_timestamp: Option<i64> = "timestamp",
            /// Mounts for every `RUN` (6.0).
            transient_run_mounts / with_transient_run_mounts: Vec<String> = "transientRunMounts",
            /// Ulimits of `RUN`, `name=soft:hard`.
            ulimits / with_ulimits: Option<JsonQuery<Vec<String>>> = "ulimits",
            /// Variables to remove from the image.
            unset_env / with_unset_env: Vec<String> = "unsetenv",
            /// Labels to remove from the image.
            unset_label / with_unset_label: Vec<String> = "unsetlabel",
            /// Annotations to remove from the image.
            unset_annotation / with_unset_annotation: Vec<String> = "unsetannotation",
            /// Mounts of `RUN`.
            volume / with_volume: Vec<String> = "volume",
            /// Path for a bill of materials.
            sbom_output / with_sbom_output: String = "sbom-output",
            /// Path for a list of packages.
            sbom_purl_output / with_sbom_purl_output: String = "sbom-purl-output",
            /// Path in the image for a bill of materials.
            sbom_image_output / with_sbom_image_output: String = "sbom-image-output",
            /// Path in the image for a list of packages.
            sbom_image_purl_output / with_sbom_image_purl_output: String = "sbom-image-purl-output",
            /// Image of the scanner.
            sbom_scanner_image / with_sbom_scanner_image: String = "sbom-scanner-image",
            /// Command of the scanner.
            sbom_scanner_command / with_sbom_scanner_command: String = "sbom-scanner-command",
            /// How results of several scanners are merged.
            sbom_merge_strategy / with_sbom_merge_strategy: String = "sbom-merge-strategy",
        }
        header {
            /// Credentials by registry, base64url of a JSON object.
            registry_config / with_registry_config = "X-Registry-Config"
        }
        stream "application/x-tar"
    }
}

/// One message of an [`ImageBuild`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BuildMessage {
    /// Output, with its line end.
    #[serde(deserialize_with = "nullable")]
    pub stream: String,
    /// Why the build failed.
    #[serde(deserialize_with = "nullable")]
    pub error: String,
    /// The same in full.
    #[serde(rename = "errorDetail", deserialize_with = "nullable")]
    pub error_detail: ErrorDetail,
}

/// Detail of a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// In words.
    #[serde(deserialize_with = "nullable")]
    pub message: String,
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
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn maps_and_lists_are_json_and_tags_repeat() {
        let build = ImageBuild::new()
            .with_tags(vec!["a:1".to_owned(), "b:2".to_owned()])
            .with_build_args(JsonQuery(BTreeMap::from([("A".to_owned(), "x y".to_owned())])))
            .with_output_format(DOCKER_FORMAT);
        assert_eq!(
            build.target(""),
            "/build?buildargs=%7B%22A%22%3A%22x%20y%22%7D&outputformat=application%2Fvnd.docker.distribution.\
             manifest.v2%2Bjson&t=a%3A1&t=b%3A2"
        );
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
