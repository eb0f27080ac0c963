//! Images.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint};
use serde::Deserialize;

use crate::lenient::string_or_list;
use crate::nullable;

endpoint! {
    /// An image in full. Unlike the compatible one it has the image's health check.
    GET "/images/{name:.*}/json" => json<Image>, [200];
    pub struct ImageInspect {
        path {
            /// Reference or id.
            name
        }
    }
}

endpoint! {
    /// Asks whether an image is there; 404 when it is not.
    GET "/images/{name:.*}/exists" => none, [204];
    pub struct ImageExists {
        path {
            /// Reference or id.
            name
        }
    }
}

endpoint! {
    /// Lists images.
    GET "/images/json" => json<Vec<ListedImage>>, [200];
    pub struct ImageList {
        query {
            /// Also intermediate images.
            all / with_all: bool = "all",
            /// `reference`, `label`, `id`, `dangling`, `before`, `since`, ...
            filters / with_filters: Filters = "filters",
            /// Compute shared sizes.
            shared / with_shared: bool = "shared",
        }
    }
}

endpoint! {
    /// Makes an image of one layer from a root file system as a tar.
    POST "/images/import" => json<ImportReport>, [200];
    pub struct ImageImport {
        query {
            /// Dockerfile instructions to apply, such as `CMD ["sh"]`.
            changes / with_changes: Vec<String> = "changes",
            /// Commit message.
            message / with_message: String = "message",
            /// Reference for the image.
            reference / with_reference: String = "reference",
            /// Fetch the tar from here instead of the body.
            url / with_url: String = "url",
            /// Operating system of the image.
            os / with_os: String = "OS",
            /// Architecture of the image.
            architecture / with_architecture: String = "Architecture",
            /// Variant of the architecture.
            variant / with_variant: String = "Variant",
        }
        stream "application/x-tar"
    }
}

/// Answer of an [`ImageInspect`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Image {
    /// Id, without `sha256:`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Tags.
    #[serde(deserialize_with = "nullable")]
    pub repo_tags: Vec<String>,
    /// Digests, `name@sha256:...`.
    #[serde(deserialize_with = "nullable")]
    pub repo_digests: Vec<String>,
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// Go's name of the architecture.
    #[serde(deserialize_with = "nullable")]
    pub architecture: String,
    /// `linux`.
    #[serde(deserialize_with = "nullable")]
    pub os: String,
    /// Bytes.
    #[serde(deserialize_with = "nullable")]
    pub size: u64,
    /// What containers are made with.
    #[serde(deserialize_with = "nullable")]
    pub config: ImageConfig,
    /// The `HEALTHCHECK`; only images in Docker's format have one.
    #[serde(deserialize_with = "nullable")]
    pub healthcheck: Option<HealthConfig>,
}

/// What containers of an image are made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageConfig {
    /// `user[:group]`.
    #[serde(deserialize_with = "nullable")]
    pub user: String,
    /// Entry point.
    #[serde(deserialize_with = "string_or_list")]
    pub entrypoint: Vec<String>,
    /// Command.
    #[serde(deserialize_with = "string_or_list")]
    pub cmd: Vec<String>,
    /// Working directory.
    #[serde(deserialize_with = "nullable")]
    pub working_dir: String,
    /// Declared volumes by path.
    #[serde(deserialize_with = "nullable")]
    pub volumes: BTreeMap<String, Empty>,
    /// Exposed ports, `80/tcp`.
    #[serde(deserialize_with = "nullable")]
    pub exposed_ports: BTreeMap<String, Empty>,
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// Stop signal.
    #[serde(deserialize_with = "nullable")]
    pub stop_signal: String,
}

/// The value of a map that is a set: `{}` or `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Empty;

impl<'de> Deserialize<'de> for Empty {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// A health check as images and containers record it. Times are nanoseconds; 0 is not set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct HealthConfig {
    /// `["CMD", ...]`, `["CMD-SHELL", "..."]`, `["NONE"]`.
    #[serde(deserialize_with = "string_or_list")]
    pub test: Vec<String>,
    /// Time between two probes.
    #[serde(deserialize_with = "nullable")]
    pub interval: i64,
    /// After which a probe has failed.
    #[serde(deserialize_with = "nullable")]
    pub timeout: i64,
    /// Time at the start in which failures do not count.
    #[serde(deserialize_with = "nullable")]
    pub start_period: i64,
    /// Time between two probes within the start period.
    #[serde(deserialize_with = "nullable")]
    pub start_interval: i64,
    /// Failures in a row that make it unhealthy.
    #[serde(deserialize_with = "nullable")]
    pub retries: i64,
}

/// One image of an [`ImageList`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListedImage {
    /// Id, without `sha256:`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Tags.
    #[serde(deserialize_with = "nullable")]
    pub repo_tags: Vec<String>,
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// Bytes.
    #[serde(deserialize_with = "nullable")]
    pub size: u64,
    /// Creation time, seconds since the epoch.
    #[serde(deserialize_with = "nullable")]
    pub created: i64,
}

/// Answer of an [`ImageImport`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImportReport {
    /// Id of the image, without `sha256:`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
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
        assert!(
            image.config.volumes.contains_key("/data") && image.config.exposed_ports.contains_key("80/tcp")
        );
    }

    #[test]
    fn an_oci_image_with_nulls_decodes() {
        let body = br#"{"Id":"ab","RepoTags":null,"Config":{"Entrypoint":null,"Cmd":null,"Volumes":null},
            "Labels":null,"Healthcheck":null}"#;
        let image = ImageInspect::decode(body).unwrap();
        assert_eq!((image.healthcheck, image.config), (None, ImageConfig::default()));
    }

    #[test]
    fn a_reference_keeps_its_slashes() {
        assert_eq!(
            ImageInspect::new("docker.io/library/redis:7").target("/p"),
            "/p/images/docker.io/library/redis:7/json"
        );
    }
}
