//! Images from and to registries, archives and other hosts.
//!
//! A pull and a push answer with a stream: the status is 200 before the work is done, and a failure is the last
//! message. [`ImagePullQuiet`] and [`ImagePushQuiet`] wait instead and answer once.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::images::transfer::{ImagePull, ImagePullQuiet};
//! use libpod_api::images::PullPolicy;
//!
//! let pull = ImagePull::new("quay.io/app/web:2").with_policy(PullPolicy::Newer);
//! assert_eq!(pull.target(""), "/images/pull?reference=quay.io%2Fapp%2Fweb%3A2&policy=ifnewer");
//! let quiet = ImagePullQuiet::new("web");
//! assert_eq!(quiet.target(""), "/images/pull?reference=web&quiet=true");
//!
//! let last = ImagePull::decode(br#"{"images":["ab12"],"id":"ab12"}"#)?;
//! assert_eq!((last.failure(), last.id.as_str()), (None, "ab12"));
//! # Ok::<(), serde_json::Error>(())
//! ```

use http_endpoint::{Filters, Fixed, endpoints, response, words};

use super::{ImageSearchReport, PullPolicy};

endpoints! {
    /// Pulls an image. The answer is a stream of [`PullMessage`]s.
    ///
    /// The status is 200 even when the pull fails: the last message has the image, or the error. Podman 6.0 refuses
    /// with the registry's own status when a pull fails within the first five seconds.
    POST "/images/pull" => json_stream<PullMessage>, [200];
    pub struct ImagePull {
        required {
            /// Reference; only a registry's (`docker://` may stand before it).
            reference: String = "reference",
        }
        query {
            /// When to pull; `always` by default here.
            policy / with_policy: PullPolicy = "policy",
            /// All tags of the repository.
            all_tags / with_all_tags: bool = "allTags",
            /// Architecture, in Go's words.
            arch / with_arch: Option<String> = "Arch",
            /// Operating system.
            os / with_os: Option<String> = "OS",
            /// Variant of the architecture.
            variant / with_variant: Option<String> = "Variant",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
            /// How often a failed pull is tried again; since 5.0.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries; since 5.0.
            retry_delay / with_retry_delay: Option<String> = "retrydelay",
            /// Messages with the progress of each part; since 6.0.
            pull_progress / with_pull_progress: bool = "pullProgress",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Pulls an image and answers when it is there. Up to 5.x a failure is status 200 with an `error`.
    POST "/images/pull" => json<PullMessage>, [200];
    pub struct ImagePullQuiet {
        required {
            /// Reference; only a registry's (`docker://` may stand before it).
            reference: String = "reference",
        }
        query {
            /// Selects this answer.
            quiet / with_quiet: Fixed<true> = "quiet",
            /// When to pull; `always` by default here.
            policy / with_policy: PullPolicy = "policy",
            /// All tags of the repository.
            all_tags / with_all_tags: bool = "allTags",
            /// Architecture, in Go's words.
            arch / with_arch: Option<String> = "Arch",
            /// Operating system.
            os / with_os: Option<String> = "OS",
            /// Variant of the architecture.
            variant / with_variant: Option<String> = "Variant",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
            /// How often a failed pull is tried again; since 5.0.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries; since 5.0.
            retry_delay / with_retry_delay: Option<String> = "retrydelay",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Pulls an image with the messages of Docker's own pull. An image that the registry has not is status 404.
    POST "/images/pull" => json_stream<CompatPullMessage>, [200], since "4.8";
    pub struct ImagePullCompat {
        required {
            /// Reference; only a registry's (`docker://` may stand before it).
            reference: String = "reference",
        }
        query {
            /// Selects this answer.
            compat_mode / with_compat_mode: Fixed<true> = "compatMode",
            /// When to pull; `always` by default here.
            policy / with_policy: PullPolicy = "policy",
            /// All tags of the repository.
            all_tags / with_all_tags: bool = "allTags",
            /// Architecture, in Go's words.
            arch / with_arch: Option<String> = "Arch",
            /// Operating system.
            os / with_os: Option<String> = "OS",
            /// Variant of the architecture.
            variant / with_variant: Option<String> = "Variant",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
            /// How often a failed pull is tried again; since 5.0.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries; since 5.0.
            retry_delay / with_retry_delay: Option<String> = "retrydelay",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Pushes an image. The answer is a stream of [`PushMessage`]s; the last one has the digest, or the error.
    POST "/images/{name:.*}/push" => json_stream<PushMessage>, [200];
    pub struct ImagePush {
        path {
            /// Reference or id of the image.
            name
        }
        query {
            /// Selects this answer: the engine's own default is a quiet push.
            quiet / with_quiet: Fixed<false> = "quiet",
            /// Reference to push to; the image's own without it.
            destination / with_destination: Option<String> = "destination",
            /// Push every image of a manifest list.
            all / with_all: bool = "all",
            /// Compress layers with `gzip`, `zstd` or `zstd:chunked`.
            compression_format / with_compression_format: Option<String> = "compressionFormat",
            /// Level of the compression; since 4.6.
            compression_level / with_compression_level: Option<i32> = "compressionLevel",
            /// Compress layers again that are compressed in another way; true with `compression_format`; since 4.7.
            force_compression_format / with_force_compression_format: Option<bool> = "forceCompressionFormat",
            /// Manifest type: `oci`, `v2s1`, `v2s2`.
            format / with_format: Option<String> = "format",
            /// Leave signatures out.
            remove_signatures / with_remove_signatures: bool = "removeSignatures",
            /// How often a failed push is tried again; since 5.0.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries; since 5.0.
            retry_delay / with_retry_delay: Option<String> = "retryDelay",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Pushes an image and answers when that is done; a failure is status 400, also for a missing image.
    POST "/images/{name:.*}/push" => none, [200];
    pub struct ImagePushQuiet {
        path {
            /// Reference or id of the image.
            name
        }
        query {
            /// Reference to push to; the image's own without it.
            destination / with_destination: Option<String> = "destination",
            /// Push every image of a manifest list.
            all / with_all: bool = "all",
            /// Compress layers with `gzip`, `zstd` or `zstd:chunked`.
            compression_format / with_compression_format: Option<String> = "compressionFormat",
            /// Level of the compression; since 4.6.
            compression_level / with_compression_level: Option<i32> = "compressionLevel",
            /// Compress layers again that are compressed in another way; true with `compression_format`; since 4.7.
            force_compression_format / with_force_compression_format: Option<bool> = "forceCompressionFormat",
            /// Manifest type: `oci`, `v2s1`, `v2s2`.
            format / with_format: Option<String> = "format",
            /// Leave signatures out.
            remove_signatures / with_remove_signatures: bool = "removeSignatures",
            /// How often a failed push is tried again; since 5.0.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries; since 5.0.
            retry_delay / with_retry_delay: Option<String> = "retryDelay",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Looks for images in registries.
    GET "/images/search" => json<Vec<ImageSearchReport>>, [200];
    pub struct ImageSearch {
        required {
            /// What to look for; a registry may stand before it.
            term: String = "term",
        }
        query {
            /// The most results for each registry; 25 without it.
            limit / with_limit: Option<u32> = "limit",
            /// `is-automated`, `is-official`, `stars`. No engine up to 5.8 follows them: they are read as text.
            filters / with_filters: Filters = "filters",
            /// List tags; then the term is a whole repository.
            list_tags / with_list_tags: bool = "listTags",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Saves an image as a tar.
    GET "/images/{name:.*}/get" => tar, [200];
    pub struct ImageGet {
        path {
            /// Reference or id.
            name
        }
        query {
            /// `oci-archive` (the default), `docker-archive`, `oci-dir`, `docker-dir`; the last two as a tar, too.
            format / with_format: Option<String> = "format",
            /// Compress layers; only for the formats that end in `-dir`.
            compress / with_compress: bool = "compress",
        }
    }

    /// Saves one image or several as a tar. A missing image is status 400.
    GET "/images/export" => tar, [200];
    pub struct ImageExport {
        required {
            /// References or ids. Several need the format `docker-archive`.
            references: Vec<String> = "references",
        }
        query {
            /// `oci-archive` (the default), `docker-archive`, `oci-dir`, `docker-dir`; the last two as a tar, too.
            format / with_format: Option<String> = "format",
            /// Compress layers; only for the formats that end in `-dir`.
            compress / with_compress: bool = "compress",
            /// Leave layers uncompressed that are so; only for OCI formats.
            oci_accept_uncompressed_layers / with_oci_accept_uncompressed_layers: bool =
                "ociAcceptUncompressedLayers",
        }
    }

    /// Loads images from an archive of any format that a save writes.
    POST "/images/load" => json<ImageLoadReport>, [200];
    pub struct ImageLoad {
        stream "application/x-tar"
    }

    /// Loads images from an archive on the server.
    POST "/local/images/load" => json<ImageLoadReport>, [200], since "5.7";
    pub struct LocalImageLoad {
        required {
            /// Absolute path on the server.
            path: String = "path",
        }
    }

    /// Makes an image of one layer from a root file system as a tar. The engine takes any bytes for one.
    POST "/images/import" => json<ImageImportReport>, [200];
    pub struct ImageImport {
        query {
            /// Dockerfile instructions to apply, such as `CMD ["sh"]`.
            changes / with_changes: Vec<String> = "changes",
            /// Commit message.
            message / with_message: Option<String> = "message",
            /// Reference for the image.
            reference / with_reference: Option<String> = "reference",
            /// Fetch the tar from here instead of the body.
            url / with_url: Option<String> = "url",
            /// Operating system of the image.
            os / with_os: Option<String> = "OS",
            /// Architecture of the image.
            architecture / with_architecture: Option<String> = "Architecture",
            /// Variant of the architecture.
            variant / with_variant: Option<String> = "Variant",
        }
        stream "application/x-tar"
    }

    /// Copies an image to another host over SSH, by keys and hosts that the engine itself knows.
    POST "/images/scp/{name:.*}" => json<ImageScpReport>, [200];
    pub struct ImageScp {
        path {
            /// Reference, `connection::reference` for an image of another host.
            name
        }
        query {
            /// `connection::` or `user@host::`; this engine without it.
            destination / with_destination: Option<String> = "destination",
            /// No output.
            quiet / with_quiet: bool = "quiet",
        }
    }
}

words! {
    /// How far a pull is.
    pub enum PullStatus {
        /// It runs.
        Pulling = "pulling",
        /// The image is there.
        Success = "success",
        /// It failed.
        Error = "error",
        /// This part is there already.
        Skipped = "skipped",
    }
}

response! {
    /// One message of an [`ImagePull`], and the answer of an [`ImagePullQuiet`].
    pub struct PullMessage {
        /// How far it is; since 6.0.
        status: PullStatus = "status",
        /// Output, with its line end.
        stream: String = "stream",
        /// Why the pull failed.
        error: String = "error",
        /// Ids of the images, in the last message.
        images: Vec<String> = "images",
        /// Id of the last image, in the last message.
        id: String = "id",
        /// Progress of one part, with `pull_progress`.
        progress: Option<PullProgress> = "pullProgress",
    }
}

response! {
    /// Progress of one part of an image.
    pub struct PullProgress {
        /// How far it is.
        status: PullStatus = "status",
        /// Bytes so far.
        current: u64 = "current",
        /// Bytes in all; -1 when not known.
        total: i64 = "total",
        /// Digest of the part.
        component: String = "progressComponentID",
    }
}

response! {
    /// One message of an [`ImagePullCompat`].
    pub struct CompatPullMessage {
        /// What happens, in words.
        status: String = "status",
        /// Short id of the part that it happens to.
        id: String = "id",
        /// How far that part is.
        progress_detail: CompatProgress = "progressDetail",
        /// The same as a drawing for a terminal.
        progress: String = "progress",
        /// Output.
        stream: String = "stream",
        /// Why the pull failed.
        error: String = "error",
        /// The same in full.
        error_detail: CompatErrorDetail = "errorDetail",
    }
}

response! {
    /// How far a part of an image is.
    pub struct CompatProgress {
        /// Bytes so far.
        current: i64 = "current",
        /// Bytes in all.
        total: i64 = "total",
    }
}

response! {
    /// Detail of a failure.
    pub struct CompatErrorDetail {
        /// A status code.
        code: i64 = "code",
        /// In words.
        message: String = "message",
    }
}

response! {
    /// One message of an [`ImagePush`].
    pub struct PushMessage {
        /// Digest of the manifest as the registry has it, in the last message; since 4.6.
        manifest_digest: String = "manifestdigest",
        /// Output, with its line end.
        stream: String = "stream",
        /// Why the push failed.
        error: String = "error",
    }
}

response! {
    /// Names of images that were loaded.
    pub struct ImageLoadReport {
        /// Their tags, or ids where they have none.
        names: Vec<String> = "Names",
    }
}

response! {
    /// Answer of an [`ImageImport`].
    pub struct ImageImportReport {
        /// Id of the image, with `sha256:`, unlike everywhere else in libpod.
        id: String = "Id",
    }
}

response! {
    /// Answer of an [`ImageScp`].
    pub struct ImageScpReport {
        /// Name of the image as it was loaded on the other side.
        id: String = "Id",
    }
}

impl PullMessage {
    /// Why the pull failed, where this message says that it did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        said(&self.error)
    }
}

impl CompatPullMessage {
    /// Why the pull failed, where this message says that it did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        said(&self.error_detail.message).or_else(|| said(&self.error))
    }
}

impl PushMessage {
    /// Why the push failed, where this message says that it did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        said(&self.error)
    }
}

fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn the_kind_of_a_pull_and_a_push_is_in_the_request() {
        assert_eq!(ImagePullCompat::new("a").target(""), "/images/pull?reference=a&compatMode=true");
        assert_eq!(ImagePush::new("a/b").target(""), "/images/a/b/push?quiet=false");
        assert_eq!(ImagePushQuiet::new("a/b").target(""), "/images/a/b/push");
    }

    #[test]
    fn a_pull_without_progress_has_none() {
        let message = ImagePull::decode(br#"{"status":"pulling","stream":"Trying ...\n"}"#).unwrap();
        assert_eq!((message.status, message.progress), (PullStatus::Pulling, None));
        let failed =
            ImagePullCompat::decode(br#"{"errorDetail":{"message":"denied"},"error":"denied"}"#).unwrap();
        assert_eq!(failed.failure(), Some("denied"));
    }

    #[test]
    fn several_images_are_several_references() {
        let export = ImageExport::new(vec!["a".to_owned(), "b/c".to_owned()]).with_format("docker-archive");
        assert_eq!(export.target(""), "/images/export?references=a&references=b%2Fc&format=docker-archive");
    }
}
