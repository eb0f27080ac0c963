//! An image in full.

use std::collections::BTreeMap;

use http_endpoint::response;

use super::{Identity, ImageManifest};
use crate::containers::ContainerInspectConfig;
use crate::{Date, Descriptor, DriverData, EnvList, HealthConfig, Keys, StringOrList};

response! {
    /// An image in full.
    pub struct Image {
        /// Id.
        id: String = "Id",
        /// Tags.
        repo_tags: Vec<String> = "RepoTags",
        /// Digests.
        repo_digests: Vec<String> = "RepoDigests",
        /// What the image points to, where the engine keeps images in containerd (API 1.48).
        descriptor: Option<Descriptor> = "Descriptor",
        /// The manifests of all platforms, where they were asked for (API 1.48).
        manifests: Vec<ImageManifest> = "Manifests",
        /// What is known of its origin (API 1.53).
        identity: Option<Identity> = "Identity",
        /// Id of its parent, where it was built here by the classic builder.
        parent: String = "Parent",
        /// Comment.
        comment: String = "Comment",
        /// When it was made.
        created: Date = "Created",
        /// Id of the container that it was committed from (before API 1.45).
        container: String = "Container",
        /// What that container was made from (before API 1.45).
        container_config: Option<ContainerInspectConfig> = "ContainerConfig",
        /// Version of the engine that made it; the classic builder only.
        docker_version: String = "DockerVersion",
        /// Who made it.
        author: String = "Author",
        /// What containers of it get.
        config: ImageConfig = "Config",
        /// Go's name of the architecture, `amd64`.
        architecture: String = "Architecture",
        /// Variant of the architecture, `v7`.
        variant: String = "Variant",
        /// `linux`.
        os: String = "Os",
        /// Version of the system (Windows).
        os_version: String = "OsVersion",
        /// Bytes.
        size: i64 = "Size",
        /// The same (before API 1.44).
        virtual_size: Option<i64> = "VirtualSize",
        /// How its file system is stored; absent where the engine keeps images in containerd (API 1.52).
        graph_driver: DriverData = "GraphDriver",
        /// Its layers.
        root_fs: RootFs = "RootFS",
        /// What the engine knows of it.
        metadata: ImageMetadata = "Metadata",
    }
}

response! {
    /// What containers of an image get. Those fields that are no part of an image (`Hostname` to `Image`, and the
    /// like) are always empty, and gone in API 1.50.
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
        /// The command is one escaped line (Windows).
        args_escaped: bool = "ArgsEscaped",
        /// Instructions for builds that start from it.
        on_build: Vec<String> = "OnBuild",
        /// Shell of the shell forms of instructions.
        shell: Vec<String> = "Shell",
        /// Always empty.
        hostname: String = "Hostname",
        /// Always empty.
        domainname: String = "Domainname",
        /// Always false.
        attach_stdin: bool = "AttachStdin",
        /// Always false.
        attach_stdout: bool = "AttachStdout",
        /// Always false.
        attach_stderr: bool = "AttachStderr",
        /// Always false.
        tty: bool = "Tty",
        /// Always false.
        open_stdin: bool = "OpenStdin",
        /// Always false.
        stdin_once: bool = "StdinOnce",
        /// Always empty, but for the classic builder.
        image: String = "Image",
        /// Always false.
        network_disabled: bool = "NetworkDisabled",
        /// Always empty.
        mac_address: String = "MacAddress",
        /// Seconds until a stop call kills; of a committed container only.
        stop_timeout: Option<i64> = "StopTimeout",
    }
}

response! {
    /// The layers of an image.
    pub struct RootFs {
        /// `layers`.
        kind: String = "Type",
        /// Digests of the layers' contents, the lowest first.
        layers: Vec<String> = "Layers",
        /// The base layer (Windows).
        base_layer: String = "BaseLayer",
    }
}

response! {
    /// What the engine knows of an image.
    pub struct ImageMetadata {
        /// When it last got a tag.
        last_tag_time: Date = "LastTagTime",
    }
}
