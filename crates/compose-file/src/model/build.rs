//! How an image is built.

use std::fmt;

use indexmap::IndexMap;

use super::{Environment, ExtraHost, FileReference, Ulimit};

model! {
    /// `build`.
    pub struct Build {
        /// The context: an absolute path, a Git or HTTP address, or `service:NAME`.
        pub context: Option<String>,
        /// The Dockerfile, relative to the context; `Dockerfile` where neither this nor the inline text is given.
        pub dockerfile: Option<String>,
        /// The text of the Dockerfile.
        pub dockerfile_inline: Option<String>,
        /// Build arguments.
        pub args: Environment,
        /// SSH agents and keys.
        pub ssh: Vec<SshKey>,
        /// Labels of the image.
        pub labels: IndexMap<String, String>,
        /// Images whose layers may be reused.
        pub cache_from: Vec<String>,
        /// Where the cache is written to.
        pub cache_to: Vec<String>,
        /// Use no cache.
        pub no_cache: bool,
        /// The stages that use no cache.
        pub no_cache_filter: Vec<String>,
        /// More contexts by name.
        pub additional_contexts: IndexMap<String, String>,
        /// The network mode of `RUN` steps.
        pub network: Option<String>,
        /// Provenance attestation: `true`, `false` or attributes.
        pub provenance: Option<String>,
        /// SBOM attestation: `true`, `false` or attributes.
        pub sbom: Option<String>,
        /// Ask the registry for newer base images.
        pub pull: bool,
        /// The stage to build.
        pub target: Option<String>,
        /// Size of `/dev/shm` in `RUN` steps, in bytes.
        #[serde(with = "super::scalar::bytes")]
        pub shm_size: Option<i64>,
        /// Lines for the hosts file in `RUN` steps.
        pub extra_hosts: Vec<ExtraHost>,
        /// Isolation (Windows).
        pub isolation: Option<String>,
        /// Privileged `RUN` steps.
        pub privileged: bool,
        /// Secrets that `RUN` steps may mount.
        pub secrets: Vec<FileReference>,
        /// More names for the image.
        pub tags: Vec<String>,
        /// Limits in `RUN` steps.
        pub ulimits: IndexMap<String, Ulimit>,
        /// The platforms to build for.
        pub platforms: Vec<String>,
        /// Extra privileges of the build.
        pub entitlements: Vec<String>,
    }
}

impl Build {
    /// The context if it is a directory of this machine, rather than an address or another service.
    #[must_use]
    pub fn local_context(&self) -> Option<&std::path::Path> {
        let context = self.context.as_deref()?;
        let path = std::path::Path::new(context);
        path.is_absolute().then_some(path)
    }
}

/// An entry of `build.ssh`: `id` or `id=path`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SshKey {
    /// The id by which `RUN --mount=type=ssh` asks for it; `default` is the usual one.
    pub id: String,
    /// A key or the socket of an agent; `None` is the agent of `SSH_AUTH_SOCK`.
    pub path: Option<String>,
}

impl From<&str> for SshKey {
    fn from(text: &str) -> Self {
        match text.split_once('=') {
            Some((id, path)) => Self { id: id.to_owned(), path: Some(path.to_owned()) },
            None => Self { id: text.to_owned(), path: None },
        }
    }
}

impl fmt::Display for SshKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        self.path.as_ref().map_or(Ok(()), |path| write!(f, "={path}"))
    }
}
