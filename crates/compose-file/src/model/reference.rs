//! What a service takes from other services, from files and from stores outside the project.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An entry of `links` or `external_links`: `name[:alias]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Link {
    /// The service (`links`), or the container outside the project (`external_links`).
    pub name: String,
    /// Under which name it is found; `None` is its own.
    pub alias: Option<String>,
}

impl Link {
    /// The name under which it is found.
    #[must_use]
    pub fn alias(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

impl From<&str> for Link {
    fn from(text: &str) -> Self {
        match text.split_once(':') {
            Some((name, alias)) if !alias.contains(':') => {
                Self { name: name.to_owned(), alias: Some(alias.to_owned()) }
            }
            _ => Self { name: text.to_owned(), alias: None },
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.alias.as_ref().map_or(Ok(()), |alias| write!(f, ":{alias}"))
    }
}

/// An entry of `volumes_from`: `service[:ro|rw]` or `container:name[:ro|rw]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VolumesFrom {
    /// Whose mounts are taken over.
    pub source: VolumesSource,
    /// Read-only, whatever they are there.
    pub read_only: bool,
}

/// Whose mounts `volumes_from` takes over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VolumesSource {
    /// Those of the first container of another service of the project.
    Service(String),
    /// Those of a container outside the project, by name or id.
    Container(String),
}

impl From<&str> for VolumesFrom {
    fn from(text: &str) -> Self {
        let split = |text: &str| match text.split_once(':') {
            Some((name, mode)) => (name.to_owned(), mode == "ro"),
            None => (text.to_owned(), false),
        };
        match text.strip_prefix("container:") {
            Some(rest) => {
                let (name, read_only) = split(rest);
                Self { source: VolumesSource::Container(name), read_only }
            }
            None => {
                let (name, read_only) = split(text);
                Self { source: VolumesSource::Service(name), read_only }
            }
        }
    }
}

impl fmt::Display for VolumesFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            VolumesSource::Service(name) => f.write_str(name)?,
            VolumesSource::Container(name) => write!(f, "container:{name}")?,
        }
        f.write_str(if self.read_only { ":ro" } else { "" })
    }
}

/// Types that are one text in the file.
macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
            }
        }
    )*};
}

as_text!(Link, VolumesFrom, super::SshKey);

/// An entry of `env_file`. Loading folds the files into `environment` and drops the entries, unless
/// [`Steps::resolve_environment`](crate::Steps::resolve_environment) is off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnvFile {
    /// The absolute path.
    pub path: String,
    /// Whether it must be there. Default true.
    #[serde(skip_serializing_if = "is_true")]
    pub required: bool,
    /// `raw` for the grammar of `docker run --env-file`; `None` is that of `.env`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

impl Default for EnvFile {
    fn default() -> Self {
        Self { path: String::new(), required: true, format: None }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
fn is_true(value: &bool) -> bool {
    *value
}

model! {
    /// `credential_spec`: who the service is in an Active Directory (Windows). One of the three is given.
    pub struct CredentialSpec {
        /// The config that holds it (Swarm).
        pub config: Option<String>,
        /// A file in the engine's folder of credential specifications.
        pub file: Option<String>,
        /// A value in the registry of the engine's host.
        pub registry: Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SshKey;

    #[test]
    fn short_texts_are_read_and_written() {
        for (text, name, alias) in
            [("db", "db", "db"), ("db:mysql", "db", "mysql"), ("a:b:c", "a:b:c", "a:b:c")]
        {
            let link = Link::from(text);
            assert_eq!((link.name.as_str(), link.alias(), link.to_string().as_str()), (name, alias, text));
        }
        for (text, source, read_only, again) in [
            ("db", VolumesSource::Service("db".into()), false, "db"),
            ("db:ro", VolumesSource::Service("db".into()), true, "db:ro"),
            ("db:rw", VolumesSource::Service("db".into()), false, "db"),
            ("container:c", VolumesSource::Container("c".into()), false, "container:c"),
            ("container:c:ro", VolumesSource::Container("c".into()), true, "container:c:ro"),
        ] {
            let from = VolumesFrom::from(text);
            assert_eq!(
                (&from.source, from.read_only, from.to_string().as_str()),
                (&source, read_only, again)
            );
        }
        for (text, id, path) in [("default", "default", None), ("key=/k/id", "key", Some("/k/id"))] {
            let key = SshKey::from(text);
            assert_eq!((key.id.as_str(), key.path.as_deref(), key.to_string().as_str()), (id, path, text));
        }
    }
}
