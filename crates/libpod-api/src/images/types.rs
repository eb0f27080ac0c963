//! What is known about an image.

use std::collections::BTreeMap;

use http_endpoint::{Date, EnvList, Keys, request, response, words};

response! {
    /// One image of an [`ImageList`](super::ImageList).
    pub struct ImageSummary {
        /// Id, without `sha256:`.
        id: String = "Id",
        /// Id of the parent; empty for an image that was pulled.
        parent_id: String = "ParentId",
        /// Tags; empty for an image without a name.
        repo_tags: Vec<String> = "RepoTags",
        /// Digests, `name@sha256:...`.
        repo_digests: Vec<String> = "RepoDigests",
        /// Creation time, seconds since the epoch.
        created: i64 = "Created",
        /// Bytes on disk.
        size: i64 = "Size",
        /// Bytes that other images use, too; 0 where that is not computed.
        shared_size: i64 = "SharedSize",
        /// The same as `size`; version 6 leaves it out.
        virtual_size: i64 = "VirtualSize",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// How many containers use it.
        containers: i64 = "Containers",
        /// Whether it lies in a store that cannot be written.
        read_only: bool = "ReadOnly",
        /// Whether it has neither a name nor a child.
        dangling: bool = "Dangling",
        /// Go's name of the architecture; since 5.0.
        arch: String = "Arch",
        /// Digest of the manifest, `sha256:...`.
        digest: String = "Digest",
        /// Names that it had, and those that it has.
        history: Vec<String> = "History",
        /// Whether it is a list of images, one for each platform; since 5.1.
        is_manifest_list: Option<bool> = "IsManifestList",
        /// The same as `repo_tags`.
        names: Vec<String> = "Names",
        /// Operating system; since 5.0.
        os: String = "Os",
    }
}

response! {
    /// An image in full.
    pub struct ImageData {
        /// Id, without `sha256:`.
        id: String = "Id",
        /// Digest of the manifest, `sha256:...`.
        digest: String = "Digest",
        /// Tags.
        repo_tags: Vec<String> = "RepoTags",
        /// Digests, `name@sha256:...`.
        repo_digests: Vec<String> = "RepoDigests",
        /// Id of the parent; empty for an image that was pulled.
        parent: String = "Parent",
        /// What was said when it was made.
        comment: String = "Comment",
        /// When it was made.
        created: Date = "Created",
        /// What containers are made with.
        config: ImageConfig = "Config",
        /// Version of the engine that made it, where that was noted.
        version: String = "Version",
        /// Who made it.
        author: String = "Author",
        /// Go's name of the architecture.
        architecture: String = "Architecture",
        /// Operating system.
        os: String = "Os",
        /// Bytes on disk.
        size: i64 = "Size",
        /// The same as `size`.
        virtual_size: i64 = "VirtualSize",
        /// Where its layers lie.
        graph_driver: GraphDriver = "GraphDriver",
        /// Its layers.
        root_fs: RootFs = "RootFS",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Annotations of the manifest. Those of a checkpoint's image tell what it holds.
        annotations: BTreeMap<String, String> = "Annotations",
        /// Media type of the manifest.
        manifest_type: String = "ManifestType",
        /// The same as the user in `config`.
        user: String = "User",
        /// How it was made, the oldest step first.
        history: Vec<HistoryEntry> = "History",
        /// Names that it had, and those that it has.
        names_history: Vec<String> = "NamesHistory",
        /// The `HEALTHCHECK`; only images in Docker's format have one.
        healthcheck: Option<HealthConfig> = "Healthcheck",
    }
}

request! {
    /// What containers of an image are made with; also what [`ImageCommit`](crate::build::ImageCommit) sets.
    ///
    /// An image in the OCI format has a user, ports, environment, entry point, command, volumes, working directory,
    /// labels and a stop signal; what else there is, only Docker's format can hold.
    pub struct ImageConfig {
        /// `user[:group]`.
        user / with_user: String = "User",
        /// Exposed ports, `80/tcp`.
        exposed_ports / with_exposed_ports: Keys = "ExposedPorts",
        /// Environment, `NAME=value`.
        env / with_env: EnvList = "Env",
        /// Entry point.
        entrypoint / with_entrypoint: Vec<String> = "Entrypoint",
        /// Command.
        cmd / with_cmd: Vec<String> = "Cmd",
        /// Declared volumes by path.
        volumes / with_volumes: Keys = "Volumes",
        /// Working directory.
        working_dir / with_working_dir: String = "WorkingDir",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// Stop signal, by name or number.
        stop_signal / with_stop_signal: String = "StopSignal",
        /// Whether the command is escaped already (Windows).
        args_escaped / with_args_escaped: bool = "ArgsEscaped",
        /// Host name.
        hostname / with_hostname: String = "Hostname",
        /// Domain name.
        domainname / with_domainname: String = "Domainname",
        /// Attach the input.
        attach_stdin / with_attach_stdin: bool = "AttachStdin",
        /// Attach the output.
        attach_stdout / with_attach_stdout: bool = "AttachStdout",
        /// Attach the error output.
        attach_stderr / with_attach_stderr: bool = "AttachStderr",
        /// Give a terminal.
        tty / with_tty: bool = "Tty",
        /// Keep the input open.
        open_stdin / with_open_stdin: bool = "OpenStdin",
        /// Close the input after the first client.
        stdin_once / with_stdin_once: bool = "StdinOnce",
        /// Health check.
        healthcheck / with_healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Image that it was made from.
        image / with_image: String = "Image",
        /// Whether there is no network.
        network_disabled / with_network_disabled: bool = "NetworkDisabled",
        /// MAC address.
        mac_address / with_mac_address: String = "MacAddress",
        /// Instructions for images that are built from it.
        on_build / with_on_build: Vec<String> = "OnBuild",
        /// Seconds after which a stop is forced.
        stop_timeout / with_stop_timeout: Option<i64> = "StopTimeout",
        /// Shell of commands that are one string.
        shell / with_shell: Vec<String> = "Shell",
    }
}

request! {
    /// A health check as images and containers record it. Times are nanoseconds; 0 is not set.
    pub struct HealthConfig {
        /// `["CMD", ...]`, `["CMD-SHELL", "..."]`, `["NONE"]`. Compose: `healthcheck.test`.
        test / with_test: Vec<String> = "Test",
        /// Time between two probes. Compose: `healthcheck.interval`.
        interval / with_interval: i64 = "Interval",
        /// After which a probe has failed. Compose: `healthcheck.timeout`.
        timeout / with_timeout: i64 = "Timeout",
        /// Time at the start in which failures do not count. Compose: `healthcheck.start_period`.
        start_period / with_start_period: i64 = "StartPeriod",
        /// Time between two probes within the start period. Compose: `healthcheck.start_interval`. Podman notes it and
        /// does not follow it.
        start_interval / with_start_interval: i64 = "StartInterval",
        /// Failures in a row that make it unhealthy. Compose: `healthcheck.retries`.
        retries / with_retries: i64 = "Retries",
    }
}

response! {
    /// Where the layers of an image or a container lie.
    pub struct GraphDriver {
        /// Storage driver, `overlay`.
        name: String = "Name",
        /// Its paths on the server: `LowerDir`, `UpperDir`, `WorkDir`, `MergedDir`.
        data: BTreeMap<String, String> = "Data",
    }
}

response! {
    /// The layers of an image.
    pub struct RootFs {
        /// `layers`.
        kind: String = "Type",
        /// Digests of the unpacked layers, the lowest first.
        layers: Vec<String> = "Layers",
    }
}

response! {
    /// One step in which an image was made, as the image itself records it.
    pub struct HistoryEntry {
        /// When.
        created: Date = "created",
        /// The instruction.
        created_by: String = "created_by",
        /// Who.
        author: String = "author",
        /// A remark.
        comment: String = "comment",
        /// Whether it made no layer.
        empty_layer: bool = "empty_layer",
    }
}

response! {
    /// One step of an [`ImageHistory`](super::ImageHistory).
    pub struct HistoryResponse {
        /// Id of the image that this step ended in; `<missing>` where none is kept.
        id: String = "Id",
        /// When, seconds since the epoch.
        created: i64 = "Created",
        /// The instruction.
        created_by: String = "CreatedBy",
        /// Tags of that image.
        tags: Vec<String> = "Tags",
        /// Bytes of the layer.
        size: i64 = "Size",
        /// A remark.
        comment: String = "Comment",
    }
}

response! {
    /// Answer of an [`ImageTree`](super::ImageTree).
    pub struct ImageTreeReport {
        /// The layers as a drawing for a terminal.
        tree: String = "Tree",
    }
}

response! {
    /// Answer of an [`ImageResolve`](super::ImageResolve).
    pub struct ImageResolveReport {
        /// References that the short name may stand for, the likeliest first.
        names: Vec<String> = "Names",
    }
}

response! {
    /// A path that differs.
    pub struct Change {
        /// The path.
        path: String = "Path",
        /// 0: changed, 1: added, 2: deleted.
        kind: u8 = "Kind",
    }
}

response! {
    /// What a removal did, of images or of a manifest list.
    pub struct ImageRemoveReport {
        /// Ids of the images that are gone.
        deleted: Vec<String> = "Deleted",
        /// Tags that are gone.
        untagged: Vec<String> = "Untagged",
        /// 0: all is well, 1: an image was not found, 2: an image is in use, else another failure.
        exit_code: i64 = "ExitCode",
        /// What failed, in words.
        errors: Vec<String> = "Errors",
    }
}

response! {
    /// One object that a prune removed, or failed to.
    pub struct PruneReport {
        /// Its id or name.
        id: String = "Id",
        /// Why it could not be removed.
        error: http_endpoint::GoError = "Err",
        /// Bytes that became free.
        size: u64 = "Size",
    }
}

response! {
    /// One image that a registry offers.
    pub struct ImageSearchReport {
        /// The registry.
        index: String = "Index",
        /// The name, with the registry.
        name: String = "Name",
        /// What it says of itself.
        description: String = "Description",
        /// How many like it.
        stars: i64 = "Stars",
        /// `[OK]` for an official image.
        official: String = "Official",
        /// `[OK]` for one that is built by the registry.
        automated: String = "Automated",
        /// A tag, with `list_tags`.
        tag: String = "Tag",
    }
}

words! {
    /// When an image is pulled.
    pub enum PullPolicy {
        /// Every time.
        Always = "always",
        /// Where it is not there yet.
        Missing = "missing" | "ifnotpresent",
        /// Where the registry has a newer one.
        Newer = "ifnewer" | "newer",
        /// Not at all.
        Never = "never",
    }
}
