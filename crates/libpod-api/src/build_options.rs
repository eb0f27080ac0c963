//! What a build takes that is more than a word.

use std::collections::BTreeMap;

use http_endpoint::{ParameterKind, QueryValue, QueryWriter, request};
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::containers::AutoUserNsOptions;
use crate::oci::IdMapping;

/// Further contexts of a build by name, for `COPY --from=NAME` and `FROM NAME`.
///
/// Up to 5.5 an engine reads them in another form than since 5.6: say [`Self::before_5_6`] for those.
///
/// ```
/// use http_endpoint::Endpoint;
/// use libpod_api::build::{BuildContexts, ImageBuild};
///
/// let contexts = BuildContexts::new().with_image("base", "docker.io/library/busybox");
/// assert_eq!(
///     ImageBuild::new().with_additional_build_contexts(contexts.clone()).target(""),
///     "/build?additionalbuildcontexts=base%3Dimage%3Adocker.io%2Flibrary%2Fbusybox"
/// );
/// assert!(
///     ImageBuild::new()
///         .with_additional_build_contexts(contexts.before_5_6())
///         .target("")
///         .starts_with("/build?additionalbuildcontexts=%7B%22base%22%3A%7B%22IsURL%22")
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildContexts {
    named: BTreeMap<String, Context>,
    as_json: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Context {
    Url(String),
    Image(String),
    LocalPath(String),
}

impl BuildContexts {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A tar archive or a git repository that the engine fetches.
    #[must_use]
    pub fn with_url(self, name: impl Into<String>, url: impl Into<String>) -> Self {
        self.with(name, Context::Url(url.into()))
    }

    /// The file system of an image.
    #[must_use]
    pub fn with_image(self, name: impl Into<String>, reference: impl Into<String>) -> Self {
        self.with(name, Context::Image(reference.into()))
    }

    /// A folder on the server; only for a [`LocalBuild`](crate::build::LocalBuild).
    #[must_use]
    pub fn with_local_path(self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.with(name, Context::LocalPath(path.into()))
    }

    /// The same in the form that engines up to 5.5 read.
    #[must_use]
    pub fn before_5_6(mut self) -> Self {
        self.as_json = true;
        self
    }

    fn with(mut self, name: impl Into<String>, context: Context) -> Self {
        self.named.insert(name.into(), context);
        self
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (Self::Url(value) | Self::Image(value) | Self::LocalPath(value)) = self;
        let mut object = serializer.serialize_struct("Context", 3)?;
        object.serialize_field("IsURL", &matches!(self, Self::Url(_)))?;
        object.serialize_field("IsImage", &matches!(self, Self::Image(_)))?;
        object.serialize_field("Value", value)?;
        object.end()
    }
}

impl QueryValue for BuildContexts {
    const KIND: ParameterKind = ParameterKind::Json;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if self.as_json && !self.named.is_empty() {
            return http_endpoint::JsonQuery(&self.named).write(key, query);
        }
        for (name, context) in &self.named {
            let value = match context {
                Context::Url(url) => format!("{name}=url:{url}"),
                Context::Image(reference) => format!("{name}=image:{reference}"),
                Context::LocalPath(path) => format!("{name}=localpath:{path}"),
            };
            query.pair(key, &value);
        }
    }
}

request! {
    /// A namespace of `RUN`.
    pub struct BuildNamespace {
        required {
            /// `network`, `ipc`, `pid`, `user`, `uts`, `cgroup`, `mount`.
            name: String = "Name",
        }
        /// Use the host's.
        host / with_host: bool = "Host",
        /// Path of the namespace to join, `container:ID`, or for `network` a network's name.
        path / with_path: String = "Path",
    }
}

request! {
    /// The user and group ids of `RUN`.
    pub struct BuildIdMapping {
        /// Use the host's user ids.
        host_uid_mapping / with_host_uid_mapping: bool = "HostUIDMapping",
        /// Use the host's group ids.
        host_gid_mapping / with_host_gid_mapping: bool = "HostGIDMapping",
        /// Ranges of user ids.
        uid_map / with_uid_map: Vec<IdMapping> = "UIDMap",
        /// Ranges of group ids.
        gid_map / with_gid_map: Vec<IdMapping> = "GIDMap",
        /// Let the engine choose.
        auto_user_ns / with_auto_user_ns: bool = "AutoUserNs",
        /// How it chooses.
        auto_user_ns_opts / with_auto_user_ns_opts: Option<AutoUserNsOptions> = "AutoUserNsOpts",
    }
}
