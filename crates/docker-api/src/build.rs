//! Building images: from a context, and from a container.
//!
//! ```
//! use docker_api::build::{BuildArgs, ImageBuild};
//! use http_endpoint::{Endpoint, RequestKind};
//!
//! let args = BuildArgs([("TOKEN".to_owned(), Some("hunter2".to_owned()))].into());
//! let build = ImageBuild::new().with_t(vec!["app:1".to_owned()]).with_build_args(args);
//! assert_eq!(ImageBuild::REQUEST, RequestKind::Stream("application/x-tar"));
//! assert!(build.target("/v1.44").starts_with("/v1.44/build?t=app%3A1&buildargs="));
//! assert!(!format!("{build:?}").contains("hunter2"));
//! let done = ImageBuild::decode(br#"{"aux":{"ID":"sha256:0123"}}"#).unwrap();
//! assert_eq!(done.image_id(), Some("sha256:0123"));
//! ```

use std::collections::BTreeMap;

use http_endpoint::{
    Filters, JsonQuery, ParameterKind, QueryValue, QueryWriter, endpoints, request, response, words,
};

use crate::containers::Ulimit;
use crate::images::Progress;
use crate::{Date, Empty, EnvList, HealthConfig, IdResponse};

endpoints! {
    /// Builds an image from a context, a tar archive. An error after the first byte is within the stream: see
    /// [`Progress::failure`].
    ///
    /// The engine may answer before it has the whole context: a client reads while it writes.
    POST "/build" => json_stream<Progress>, [200];
    pub struct ImageBuild {
        query {
            /// Path of the Dockerfile within the context; `Dockerfile` by default.
            dockerfile / with_dockerfile: Option<String> = "dockerfile",
            /// Tags.
            t / with_t: Vec<String> = "t",
            /// Extra hosts, `host:ip`.
            extra_hosts / with_extra_hosts: Vec<String> = "extrahosts",
            /// Where the context is in place of the body: the address of a repository or an archive, or for BuildKit
            /// `client-session`.
            remote / with_remote: Option<String> = "remote",
            /// Only tell the id of the image.
            q / with_q: bool = "q",
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
            /// Memory in bytes.
            memory / with_memory: Option<i64> = "memory",
            /// Memory and swap in bytes; -1 is no limit of swap.
            memory_swap / with_memory_swap: Option<i64> = "memswap",
            /// Weight of its processor time relative to others.
            cpu_shares / with_cpu_shares: Option<i64> = "cpushares",
            /// Processors that may be used, `0-2,4`.
            cpuset_cpus / with_cpuset_cpus: Option<String> = "cpusetcpus",
            /// Memory nodes that may be used.
            cpuset_mems / with_cpuset_mems: Option<String> = "cpusetmems",
            /// Period of the processor quota in microseconds.
            cpu_period / with_cpu_period: Option<i64> = "cpuperiod",
            /// Processor time in each period, in microseconds.
            cpu_quota / with_cpu_quota: Option<i64> = "cpuquota",
            /// Build arguments.
            build_args / with_build_args: BuildArgs = "buildargs",
            /// Size of `/dev/shm` in bytes; 64 MiB by default.
            shm_size / with_shm_size: Option<u64> = "shmsize",
            /// Ulimits.
            ulimits / with_ulimits: Option<JsonQuery<Vec<Ulimit>>> = "ulimits",
            /// Put all new layers into one (experimental, classic builder).
            squash / with_squash: bool = "squash",
            /// Labels.
            labels / with_labels: Option<JsonQuery<BTreeMap<String, String>>> = "labels",
            /// Network mode of `RUN`.
            network_mode / with_network_mode: Option<String> = "networkmode",
            /// Parent cgroup.
            cgroup_parent / with_cgroup_parent: Option<String> = "cgroupparent",
            /// Security options (Windows).
            security_opt / with_security_opt: Option<JsonQuery<Vec<String>>> = "securityopt",
            /// `os/arch[/variant]`.
            platform / with_platform: Option<String> = "platform",
            /// Stage to stop at.
            target / with_target_stage: Option<String> = "target",
            /// Where the result goes, for BuildKit (API 1.40); into the engine's images by default.
            outputs / with_outputs: Option<JsonQuery<Vec<BuildOutput>>> = "outputs",
            /// The builder; the classic one when absent.
            version / with_version: BuilderVersion = "version",
            /// A name of the caller's for the build, so that [`BuildCancel`] can end it (BuildKit).
            build_id / with_build_id: Option<String> = "buildid",
            /// Id of a [`Session`](crate::session::Session) that serves what the build needs (BuildKit).
            session / with_session: Option<String> = "session",
        }
        header {
            /// Credentials for base images: [`RegistryConfig::to_header`](crate::RegistryConfig::to_header).
            registry_config / with_registry_config = "X-Registry-Config",
        }
        stream "application/x-tar"
    }

    /// Ends a build of BuildKit that was given an id. One that is not there is no error.
    POST "/build/cancel" => none, [200];
    pub struct BuildCancel {
        required {
            /// What the build was given as `buildid`.
            id: String = "id",
        }
    }

    /// Removes what the builder keeps to build faster.
    POST "/build/prune" => json<BuildPruneResponse>, [200];
    pub struct BuildPrune {
        query {
            /// Bytes to keep (before API 1.48, which calls it `reserved-space`).
            keep_storage / with_keep_storage: Option<u64> = "keep-storage",
            /// Bytes to keep in any case (API 1.48).
            reserved_space / with_reserved_space: Option<u64> = "reserved-space",
            /// Bytes to keep at most (API 1.48).
            max_used_space / with_max_used_space: Option<u64> = "max-used-space",
            /// Bytes of the disk that must be free afterwards (API 1.48).
            min_free_space / with_min_free_space: Option<u64> = "min-free-space",
            /// Also what is in use by images.
            all / with_all: bool = "all",
            /// `until`, `id`, `parent`, `type`, `description`, `inuse`, `shared`, `private`.
            filters / with_filters: Filters = "filters",
        }
    }

    /// Makes an image of a container.
    POST "/commit" => json<IdResponse>, [201];
    pub struct ImageCommit {
        required {
            /// Name or id of the container.
            container: String = "container",
        }
        query {
            /// Repository to tag.
            repo / with_repo: Option<String> = "repo",
            /// Tag.
            tag / with_tag: Option<String> = "tag",
            /// Commit message.
            comment / with_comment: Option<String> = "comment",
            /// Who made it, `Ann <ann@example.org>`.
            author / with_author: Option<String> = "author",
            /// Pause the container meanwhile; true by default.
            pause / with_pause: Option<bool> = "pause",
            /// Dockerfile instructions to apply.
            changes / with_changes: Vec<String> = "changes",
        }
        json {
            /// What differs from the container's own settings.
            config: CommitConfig
        }
    }
}

words! {
    /// Which builder.
    pub enum BuilderVersion {
        /// The classic one.
        Classic = "1",
        /// BuildKit, on Docker only. Its progress comes in base 64 as `aux`.
        BuildKit = "2",
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

request! {
    /// Where the result of a build goes.
    pub struct BuildOutput {
        required {
            /// `moby`, `image`, `local`, `tar`, ...
            kind: String = "Type",
        }
        /// Its attributes.
        attributes / with_attributes: BTreeMap<String, String> = "Attrs",
    }
}

request! {
    /// What an image gets in place of what the container had.
    pub struct CommitConfig {
        /// `user[:group]`.
        user / with_user: Option<String> = "User",
        /// Exposed ports, `80/tcp`.
        exposed_ports / with_exposed_ports: BTreeMap<String, Empty> = "ExposedPorts",
        /// Environment.
        env / with_env: EnvList = "Env",
        /// Command.
        cmd / with_cmd: Option<Vec<String>> = "Cmd",
        /// Health check.
        healthcheck / with_healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Paths of anonymous volumes.
        volumes / with_volumes: BTreeMap<String, Empty> = "Volumes",
        /// Working directory.
        working_dir / with_working_dir: Option<String> = "WorkingDir",
        /// Entry point.
        entrypoint / with_entrypoint: Option<Vec<String>> = "Entrypoint",
        /// Instructions for builds that start from it.
        on_build / with_on_build: Vec<String> = "OnBuild",
        /// Labels.
        labels / with_labels: BTreeMap<String, String> = "Labels",
        /// Stop signal.
        stop_signal / with_stop_signal: Option<String> = "StopSignal",
        /// Seconds until a stop call kills.
        stop_timeout / with_stop_timeout: Option<i64> = "StopTimeout",
        /// Shell of the shell forms of instructions.
        shell / with_shell: Vec<String> = "Shell",
    }
}

response! {
    /// What of the builder's cache was removed.
    pub struct BuildPruneResponse {
        /// Ids.
        caches_deleted: Vec<String> = "CachesDeleted",
        /// Bytes that are free now.
        space_reclaimed: u64 = "SpaceReclaimed",
    }
}

response! {
    /// What the builder keeps to build faster.
    pub struct BuildCache {
        /// Id.
        id: String = "ID",
        /// Id of its parent (before API 1.42).
        parent: String = "Parent",
        /// Ids of its parents (API 1.42). Docker 26 writes a space before the key.
        parents: Vec<String> = "Parents" | " Parents",
        /// `internal`, `frontend`, `source.local`, `source.git.checkout`, `exec.cachemount`, `regular`.
        kind: String = "Type",
        /// What made it.
        description: String = "Description",
        /// Whether a build uses it now.
        in_use: bool = "InUse",
        /// Whether an image shares it.
        shared: bool = "Shared",
        /// Bytes.
        size: i64 = "Size",
        /// When it was made.
        created_at: Date = "CreatedAt",
        /// When it was last used.
        last_used_at: Date = "LastUsedAt",
        /// How often it was used.
        usage_count: i64 = "UsageCount",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

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
    fn a_commit_sends_only_what_differs() {
        let commit = ImageCommit::new("web", CommitConfig::new()).with_repo("app").with_pause(false);
        assert_eq!(commit.target(""), "/commit?container=web&repo=app&pause=false");
        assert_eq!(commit.body().unwrap().unwrap(), b"{}");
    }
}
