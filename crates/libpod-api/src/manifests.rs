//! Manifest lists: one name for the images of several platforms.
//!
//! The endpoints whose names end in `V3` exist only below a path prefix of version 3, [`V3_PREFIX`]; the others of this
//! module only below one of version 4 and later. Each engine serves both.
//!
//! A [`ManifestModify`] that fails in part, or whole, is refused with its report, see
//! [`ManifestModifyReport::from_refusal`].
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::manifests::{ManifestModify, ManifestModifyOptions, ManifestOperation, ManifestPush};
//!
//! let add = ManifestModifyOptions::new(ManifestOperation::Update)
//!     .with_images(vec!["docker.io/library/redis:7".to_owned()]);
//! let modify = ManifestModify::new("localhost/redis", add);
//! assert_eq!(modify.target(""), "/manifests/localhost/redis");
//! assert_eq!(
//!     modify.body()?.as_deref(),
//!     Some(br#"{"operation":"update","images":["docker.io/library/redis:7"]}"#.as_slice())
//! );
//!
//! let push = ManifestPush::new("localhost/redis", "quay.io/app/redis:7").with_all(true);
//! assert_eq!(push.target(""), "/manifests/localhost/redis/registry/quay.io/app/redis:7?quiet=false&all=true");
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::collections::BTreeMap;

use http_endpoint::{Fixed, GoError, JsonQuery, endpoints, request, response, words};

use crate::IdResponse;
use crate::images::ImageRemoveReport;

/// The path prefix below which the endpoints of version 3 exist.
pub const V3_PREFIX: &str = "/v3.4.4/libpod";

endpoints! {
    /// Makes a manifest list, with images when some are given.
    ///
    /// Up to 4.x an engine asks a registry for each image that is not named `containers-storage:ID`.
    POST "/manifests/{name:.*}" => json<IdResponse>, [201];
    pub struct ManifestCreate {
        path {
            /// Its name.
            name
        }
        query {
            /// References or ids of images to add.
            images / with_images: Vec<String> = "images",
            /// Add every image of lists among them.
            all / with_all: bool = "all",
            /// Add to a list of this name that exists already.
            amend / with_amend: bool = "amend",
            /// Annotations of the list, `key=value`; since 5.0.
            annotation / with_annotation: Vec<String> = "annotation",
            /// The same as a map. The engines up to 5.8 take it and do not read it.
            annotations / with_annotations: Option<JsonQuery<BTreeMap<String, String>>> = "annotations",
        }
        json {
            /// More to do at once; `Default` is nothing.
            options: ManifestAddOptions,
        }
    }

    /// Asks whether a manifest list exists; 404 when it does not.
    GET "/manifests/{name:.*}/exists" => none, [204];
    pub struct ManifestExists {
        path {
            /// Its name or id.
            name
        }
    }

    /// A manifest list in full, of the engine, or of a registry when the engine has none.
    GET "/manifests/{name:.*}/json" => json<ManifestList>, [200];
    pub struct ManifestInspect {
        path {
            /// Its name or id.
            name
        }
        query {
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Adds images to a manifest list, removes some, or changes what it says of them.
    ///
    /// 409: some failed; 400: all failed, or the request is wrong. Both times the report is in the refusal.
    PUT "/manifests/{name:.*}" => json<ManifestModifyReport>, [200];
    pub struct ManifestModify {
        path {
            /// Its name or id.
            name
        }
        query {
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
        json {
            /// What to do.
            options: ManifestModifyOptions,
        }
    }

    /// Removes a manifest list. The images that it names stay.
    DELETE "/manifests/{name:.*}" => json<ImageRemoveReport>, [200];
    pub struct ManifestRemove {
        path {
            /// Its name or id.
            name
        }
        query {
            /// A missing list is no error; since 5.4.
            ignore / with_ignore: bool = "ignore",
        }
    }

    /// Pushes a manifest list. The answer is a stream of messages; the last one has the digest, or the error.
    POST "/manifests/{name:.*}/registry/{destination:.*}" => json_stream<ManifestPushMessage>, [200];
    pub struct ManifestPush {
        path {
            /// Its name or id.
            name,
            /// Reference to push to.
            destination,
        }
        query {
            /// Selects this answer: the engine's own default is a quiet push.
            quiet / with_quiet: Fixed<false> = "quiet",
            /// Push the images, too. The engine's default is not to, though its documentation says otherwise; then the
            /// registry must have them already.
            all / with_all: bool = "all",
            /// Add images with this compression, `gzip`, `zstd`, `zstd:chunked`; since 4.7.
            add_compression / with_add_compression: Vec<String> = "addCompression",
            /// Compress layers with `gzip`, `zstd` or `zstd:chunked`.
            compression_format / with_compression_format: Option<String> = "compressionFormat",
            /// Level of the compression; since 4.6.
            compression_level / with_compression_level: Option<i32> = "compressionLevel",
            /// Compress layers again that are compressed in another way; true with `compression_format`; since 4.7.
            force_compression_format / with_force_compression_format: Option<bool> = "forceCompressionFormat",
            /// Manifest type: `oci`, `v2s2`.
            format / with_format: Option<String> = "format",
            /// Leave signatures out.
            remove_signatures / with_remove_signatures: bool = "removeSignatures",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Pushes a manifest list and answers with its digest when that is done; a failure is status 400, also for a
    /// missing list.
    POST "/manifests/{name:.*}/registry/{destination:.*}" => json<IdResponse>, [200];
    pub struct ManifestPushQuiet {
        path {
            /// Its name or id.
            name,
            /// Reference to push to.
            destination,
        }
        query {
            /// Push the images, too. The engine's default is not to, though its documentation says otherwise; then the
            /// registry must have them already.
            all / with_all: bool = "all",
            /// Add images with this compression, `gzip`, `zstd`, `zstd:chunked`; since 4.7.
            add_compression / with_add_compression: Vec<String> = "addCompression",
            /// Compress layers with `gzip`, `zstd` or `zstd:chunked`.
            compression_format / with_compression_format: Option<String> = "compressionFormat",
            /// Level of the compression; since 4.6.
            compression_level / with_compression_level: Option<i32> = "compressionLevel",
            /// Compress layers again that are compressed in another way; true with `compression_format`; since 4.7.
            force_compression_format / with_force_compression_format: Option<bool> = "forceCompressionFormat",
            /// Manifest type: `oci`, `v2s2`.
            format / with_format: Option<String> = "format",
            /// Leave signatures out.
            remove_signatures / with_remove_signatures: bool = "removeSignatures",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Makes a manifest list; below [`V3_PREFIX`].
    POST "/manifests/create" => json<IdResponse>, [200];
    pub struct ManifestCreateV3 {
        required {
            /// Its name.
            name: String = "name",
        }
        query {
            /// References or ids of images to add.
            images / with_images: Vec<String> = "images",
            /// Add every image of lists among them.
            all / with_all: bool = "all",
            /// Add to a list of this name that exists already.
            amend / with_amend: bool = "amend",
            /// Annotations of the list, `key=value`; since 5.0.
            annotation / with_annotation: Vec<String> = "annotation",
            /// The same as a map. The engines up to 5.8 take it and do not read it.
            annotations / with_annotations: Option<JsonQuery<BTreeMap<String, String>>> = "annotations",
        }
    }

    /// Adds images to a manifest list; below [`V3_PREFIX`].
    POST "/manifests/{name:.*}/add" => json<IdResponse>, [200];
    pub struct ManifestAddV3 {
        path {
            /// Its name or id.
            name
        }
        query {
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
        json {
            /// What to add.
            options: ManifestAddOptions,
        }
    }

    /// Removes an image from a manifest list; below [`V3_PREFIX`].
    DELETE "/manifests/{name:.*}" => json<IdResponse>, [200];
    pub struct ManifestRemoveImageV3 {
        path {
            /// The name or id of the list.
            name
        }
        required {
            /// Digest of the image's manifest, `sha256:...`.
            digest: String = "digest",
        }
    }

    /// Pushes a manifest list; below [`V3_PREFIX`]. A failure is status 400.
    POST "/manifests/{name}/push" => json<IdResponse>, [200];
    pub struct ManifestPushV3 {
        path {
            /// Its name or id; a slash is encoded.
            name
        }
        required {
            /// Reference to push to.
            destination: String = "destination",
        }
        query {
            /// Push the images, too.
            all / with_all: bool = "all",
            /// Leave signatures out.
            remove_signatures / with_remove_signatures: bool = "removeSignatures",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }
}

words! {
    /// What a [`ManifestModify`] does.
    pub enum ManifestOperation {
        /// Adds images.
        Update = "update",
        /// Removes images, by the digest of their manifests.
        Remove = "remove",
        /// Changes what the list says of images, or of itself.
        Annotate = "annotate",
    }
}

request! {
    /// What to do with a manifest list.
    pub struct ManifestModifyOptions {
        required {
            /// The kind of change.
            operation: ManifestOperation = "operation",
        }
        /// References or ids of the images to add; digests of those to remove or to annotate.
        images / with_images: Vec<String> = "images",
        /// Add every image of lists among them.
        all / with_all: bool = "all",
        /// Annotations of the images, `key=value`.
        annotation / with_annotation: Vec<String> = "annotation",
        /// The same as a map; since 5.0. Only one of both.
        annotations / with_annotations: BTreeMap<String, String> = "annotations",
        /// Architecture instead of the images' own.
        arch / with_arch: String = "arch",
        /// Features of the processor that the images need.
        features / with_features: Vec<String> = "features",
        /// Operating system instead of the images' own.
        os / with_os: String = "os",
        /// Features of the operating system that the images need.
        os_features / with_os_features: Vec<String> = "os_features",
        /// Version of the operating system that the images need.
        os_version / with_os_version: String = "os_version",
        /// Variant of the architecture instead of the images' own.
        variant / with_variant: String = "variant",
        /// Annotations of the list itself, `key=value`; since 5.0.
        index_annotation / with_index_annotation: Vec<String> = "index_annotation",
        /// The same as a map; since 5.0. Only one of both.
        index_annotations / with_index_annotations: BTreeMap<String, String> = "index_annotations",
        /// Reference of the image that the list is about; since 5.0.
        subject / with_subject: String = "subject",
        /// Media type of an artifact that is added, like all that follows since 5.0. Its files come as parts of the
        /// request, which this crate does not send.
        artifact_type / with_artifact_type: Option<String> = "artifact_type",
        /// Media type of its layers.
        artifact_layer_type / with_artifact_layer_type: String = "artifact_layer_type",
        /// Media type of its configuration.
        artifact_config_type / with_artifact_config_type: String = "artifact_config_type",
        /// Its configuration.
        artifact_config / with_artifact_config: String = "artifact_config",
        /// Leave the names of its files out.
        artifact_exclude_titles / with_artifact_exclude_titles: bool = "artifact_exclude_titles",
        /// Annotations of the artifact.
        artifact_annotations / with_artifact_annotations: BTreeMap<String, String> = "artifact_annotations",
        /// Reference of the image that it is about.
        artifact_subject / with_artifact_subject: String = "artifact_subject",
        /// Its files. The engine fills this in.
        artifact_files / with_artifact_files: Vec<String> = "artifact_files",
    }
}

request! {
    /// What to add to a manifest list.
    pub struct ManifestAddOptions {
        /// References or ids of the images.
        images / with_images: Vec<String> = "images",
        /// Add every image of lists among them.
        all / with_all: bool = "all",
        /// Annotations of the images, `key=value`.
        annotation / with_annotation: Vec<String> = "annotation",
        /// The same as a map; since 5.0. Only one of both.
        annotations / with_annotations: BTreeMap<String, String> = "annotations",
        /// Architecture instead of the images' own.
        arch / with_arch: String = "arch",
        /// Features of the processor that the images need.
        features / with_features: Vec<String> = "features",
        /// Operating system instead of the images' own.
        os / with_os: String = "os",
        /// Features of the operating system that the images need.
        os_features / with_os_features: Vec<String> = "os_features",
        /// Version of the operating system that the images need.
        os_version / with_os_version: String = "os_version",
        /// Variant of the architecture instead of the images' own.
        variant / with_variant: String = "variant",
        /// Annotations of the list itself, `key=value`; since 5.0.
        index_annotation / with_index_annotation: Vec<String> = "index_annotation",
        /// The same as a map; since 5.0. Only one of both.
        index_annotations / with_index_annotations: BTreeMap<String, String> = "index_annotations",
        /// Reference of the image that the list is about; since 5.0.
        subject / with_subject: String = "subject",
    }
}

response! {
    /// A manifest list: the index of the OCI image specification, or Docker's older form of it.
    pub struct ManifestList {
        /// 2.
        schema_version: i64 = "schemaVersion",
        /// Which of both forms it is.
        media_type: String = "mediaType",
        /// Media type of the artifact that it is.
        artifact_type: String = "artifactType",
        /// Its images.
        manifests: Vec<Descriptor> = "manifests",
        /// The image that it is about.
        subject: Option<Descriptor> = "subject",
        /// Annotations.
        annotations: BTreeMap<String, String> = "annotations",
    }
}

response! {
    /// A piece of content in a registry, by its digest.
    pub struct Descriptor {
        /// What it is.
        media_type: String = "mediaType",
        /// Its digest, `sha256:...`.
        digest: String = "digest",
        /// Its size in bytes.
        size: i64 = "size",
        /// Where else it can be fetched.
        urls: Vec<String> = "urls",
        /// Annotations.
        annotations: BTreeMap<String, String> = "annotations",
        /// The content itself in base64, where it is small.
        data: String = "data",
        /// What an image runs on.
        platform: Option<Platform> = "platform",
        /// Media type of the artifact that it is.
        artifact_type: String = "artifactType",
        /// Files on the server that an artifact was made of.
        files: Vec<String> = "files",
    }
}

response! {
    /// What an image runs on.
    pub struct Platform {
        /// Go's name of the architecture.
        architecture: String = "architecture",
        /// Operating system.
        os: String = "os",
        /// Version of the operating system.
        os_version: String = "os.version",
        /// Features of the operating system.
        os_features: Vec<String> = "os.features",
        /// Variant of the architecture.
        variant: String = "variant",
        /// Features of the processor; only in Docker's form.
        features: Vec<String> = "features",
    }
}

response! {
    /// What a [`ManifestModify`] did.
    pub struct ManifestModifyReport {
        /// Id of the list; empty where nothing was done.
        id: String = "Id",
        /// The images that were added, removed or annotated.
        images: Vec<String> = "images",
        /// The files that were added.
        files: Vec<String> = "files",
        /// What failed.
        errors: Vec<GoError> = "errors",
    }
}

response! {
    /// One message of a [`ManifestPush`].
    pub struct ManifestPushMessage {
        /// Digest of the list as the registry has it, in the last message.
        id: String = "Id",
        /// Output, with its line end.
        stream: String = "stream",
        /// Why the push failed.
        error: String = "error",
    }
}

impl ManifestModifyReport {
    /// Reads the report in the text of a refusal, such as `EngineError::message` gives it; `None` when the text is a
    /// plain error.
    #[must_use]
    pub fn from_refusal(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|report: &Self| !report.errors.is_empty())
    }
}

impl ManifestPushMessage {
    /// Why the push failed, where this message says that it did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        Some(self.error.trim()).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::{Endpoint, EngineError};

    use super::*;

    #[test]
    fn a_list_may_be_empty_and_its_platforms_have_dotted_names() {
        assert_eq!(ManifestInspect::decode(br#"{"manifests":null}"#).unwrap().manifests, []);
        let list = ManifestInspect::decode(
            br#"{"schemaVersion":2,"manifests":[{"size":427,"platform":{"architecture":"arm64","os.version":"1"}}]}"#,
        )
        .unwrap();
        assert_eq!(list.manifests[0].platform.as_ref().unwrap().os_version, "1");
    }

    #[test]
    fn the_report_of_a_failed_change_is_in_the_refusal() {
        let body = br#"{"Id":"ab","images":["a"],"errors":["no instance matching digest"]}"#;
        let error = EngineError::from_body(409, body);
        let report = ManifestModifyReport::from_refusal(error.message().unwrap()).unwrap();
        assert_eq!(
            (report.images.len(), report.errors[0].0.as_deref()),
            (1, Some("no instance matching digest"))
        );
        assert_eq!(ManifestModifyReport::from_refusal("nope: image not known"), None);
        assert_eq!(ManifestModifyReport::from_refusal(r#"{"message":"nope"}"#), None);
    }

    #[test]
    fn only_the_push_of_version_3_encodes_a_slash_in_the_name() {
        assert_eq!(
            ManifestPushV3::new("a/b", "r/c:1").target(V3_PREFIX),
            "/v3.4.4/libpod/manifests/a%2Fb/push?destination=r%2Fc%3A1"
        );
        assert_eq!(ManifestPushQuiet::new("a/b", "r/c:1").target(""), "/manifests/a/b/registry/r/c:1");
    }
}
