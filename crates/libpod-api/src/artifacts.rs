//! Artifacts: files in a registry that are no image. Since 5.6.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::artifacts::{ArtifactAdd, ArtifactInspect};
//!
//! let add = ArtifactAdd::new("quay.io/app/model:1", "model.bin").with_append(true);
//! assert_eq!(add.target(""), "/artifacts/add?name=quay.io%2Fapp%2Fmodel%3A1&fileName=model.bin&append=true");
//!
//! let artifact = ArtifactInspect::decode(br#"{"Name":"quay.io/app/model:1","Manifest":{"layers":[{"size":5}]}}"#)?;
//! assert_eq!(artifact.manifest.layers[0].size, 5);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::collections::BTreeMap;

use http_endpoint::{endpoints, response};

use crate::manifests::Descriptor;

endpoints! {
    /// Lists artifacts.
    GET "/artifacts/json" => json<Vec<Artifact>>, [200], since "5.6";
    pub struct ArtifactList {}

    /// An artifact in full.
    GET "/artifacts/{name:.*}/json" => json<Artifact>, [200], since "5.6";
    pub struct ArtifactInspect {
        path {
            /// Reference or digest.
            name
        }
    }

    /// Makes an artifact of a file, or adds the file to one. The body is the file itself.
    POST "/artifacts/add" => json<ArtifactReport>, [201], since "5.6";
    pub struct ArtifactAdd {
        required {
            /// Reference of the artifact.
            name: String = "name",
            /// Name of the file.
            file_name: String = "fileName",
        }
        query {
            /// Media type of the file; found out from its content when not set.
            file_mime_type / with_file_mime_type: Option<String> = "fileMIMEType",
            /// Annotations of the file, `key=value`.
            annotations / with_annotations: Vec<String> = "annotations",
            /// Media type of the artifact.
            artifact_mime_type / with_artifact_mime_type: Option<String> = "artifactMIMEType",
            /// Add to an artifact that exists.
            append / with_append: bool = "append",
            /// Replace an artifact of this name; since 5.7.
            replace / with_replace: bool = "replace",
        }
        stream "application/octet-stream"
    }

    /// As [`ArtifactAdd`], of a file on the server.
    POST "/artifacts/local/add" => json<ArtifactReport>, [201], since "5.8";
    pub struct LocalArtifactAdd {
        required {
            /// Reference of the artifact.
            name: String = "name",
            /// Absolute path on the server.
            path: String = "path",
            /// Name of the file.
            file_name: String = "fileName",
        }
        query {
            /// Media type of the file; found out from its content when not set.
            file_mime_type / with_file_mime_type: Option<String> = "fileMIMEType",
            /// Annotations of the file, `key=value`.
            annotations / with_annotations: Vec<String> = "annotations",
            /// Media type of the artifact.
            artifact_mime_type / with_artifact_mime_type: Option<String> = "artifactMIMEType",
            /// Add to an artifact that exists.
            append / with_append: bool = "append",
            /// Replace an artifact of this name.
            replace / with_replace: bool = "replace",
        }
    }

    /// Pulls an artifact and answers when it is there. 401 and 404 are the registry's own.
    POST "/artifacts/pull" => json<ArtifactReport>, [200], since "5.6";
    pub struct ArtifactPull {
        required {
            /// Its reference.
            name: String = "name",
        }
        query {
            /// How often a failed pull is tried again; 3 without it.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries; `1s` without it.
            retry_delay / with_retry_delay: Option<String> = "retryDelay",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// Pushes an artifact to the registry that its reference names.
    POST "/artifacts/{name:.*}/push" => json<ArtifactReport>, [200], since "5.6";
    pub struct ArtifactPush {
        path {
            /// Its reference.
            name
        }
        query {
            /// How often a failed push is tried again; 3 without it.
            retry / with_retry: Option<u32> = "retry",
            /// Go duration between tries; `1s` without it.
            retry_delay / with_retry_delay: Option<String> = "retryDelay",
            /// Verify the registry's certificate; otherwise as the engine is configured for it, mostly true.
            tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
        }
        header {
            /// Credentials, base64url of a JSON object: one, or a map by registry.
            registry_auth / with_registry_auth = "X-Registry-Auth"
        }
    }

    /// The files of an artifact as a tar.
    GET "/artifacts/{name:.*}/extract" => tar, [200], since "5.6";
    pub struct ArtifactExtract {
        path {
            /// Reference or digest.
            name
        }
        query {
            /// Only the file of this name.
            title / with_title: Option<String> = "title",
            /// Only the file with this digest.
            digest / with_digest: Option<String> = "digest",
            /// Name files by their digests.
            exclude_title / with_exclude_title: bool = "excludeTitle",
        }
    }

    /// Removes an artifact.
    DELETE "/artifacts/{name:.*}" => json<ArtifactRemoveReport>, [200], since "5.6";
    pub struct ArtifactRemove {
        path {
            /// Reference or digest.
            name
        }
    }

    /// Removes several artifacts. One that is missing fails all.
    DELETE "/artifacts/remove" => json<ArtifactRemoveReport>, [200], since "5.7";
    pub struct ArtifactRemoveMany {
        query {
            /// References or digests.
            artifacts / with_artifacts: Vec<String> = "artifacts",
            /// Every artifact. Only with no `artifacts`.
            all / with_all: bool = "all",
            /// A missing artifact is no error.
            ignore / with_ignore: bool = "ignore",
        }
    }
}

response! {
    /// An artifact.
    pub struct Artifact {
        /// Its reference.
        name: String = "Name",
        /// Digest of its manifest, `sha256:...`. A list has none up to 5.8.
        digest: String = "Digest",
        /// Its manifest.
        manifest: ArtifactManifest = "Manifest",
    }
}

response! {
    /// The manifest of an artifact, as the OCI image specification has it.
    pub struct ArtifactManifest {
        /// 2.
        schema_version: i64 = "schemaVersion",
        /// Media type of the manifest.
        media_type: String = "mediaType",
        /// Media type of the artifact.
        artifact_type: String = "artifactType",
        /// Its configuration; mostly the empty object.
        config: Descriptor = "config",
        /// Its files. The annotation `org.opencontainers.image.title` is the name of one.
        layers: Vec<Descriptor> = "layers",
        /// The image that it is about.
        subject: Option<Descriptor> = "subject",
        /// Annotations.
        annotations: BTreeMap<String, String> = "annotations",
    }
}

response! {
    /// The artifact that was made, pulled or pushed.
    pub struct ArtifactReport {
        /// Digest of its manifest, `sha256:...`.
        artifact_digest: String = "ArtifactDigest",
    }
}

response! {
    /// The artifacts that were removed.
    pub struct ArtifactRemoveReport {
        /// Digests of their manifests, `sha256:...`.
        artifact_digests: Vec<String> = "ArtifactDigests",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn an_artifact_decodes() {
        let body = br#"[{"Manifest":{"schemaVersion":2,"config":{"digest":"sha256:0","size":2,"data":"e30="},
            "layers":[{"mediaType":"text/plain","size":5,"annotations":{"org.opencontainers.image.title":"a.txt"}}],
            "annotations":null},"Name":"r/art:1"}]"#;
        let list = ArtifactList::decode(body).unwrap();
        assert_eq!(list[0].manifest.config.data, "e30=");
        assert_eq!(list[0].manifest.layers[0].annotations["org.opencontainers.image.title"], "a.txt");
    }
}
