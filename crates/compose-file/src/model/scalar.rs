//! Small value types that several parts of the model share.

use std::fmt;
use std::ops::{Deref, DerefMut};

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that never shows in `Debug` output: the content of a secret or a config.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(pub String);

impl Redacted {
    /// The text itself. Keep it out of logs and errors.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// Variables by name, in the order of the file. `None` is a name whose value is unknown: it was given without a value
/// and the project environment has none; it goes to the engine as a bare name.
///
/// `Debug` prints the names only, since values are often secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Environment(pub IndexMap<String, Option<String>>);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Deref for Environment {
    type Target = IndexMap<String, Option<String>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Environment {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(iter: I) -> Self {
        Self(iter.into_iter().map(|(key, value)| (key.into(), Some(value.into()))).collect())
    }
}

/// One line for the container's hosts file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraHost {
    /// The host name.
    pub host: String,
    /// An IP address, or `host-gateway`. Brackets round an IPv6 address are taken off.
    pub address: String,
}

impl Serialize for ExtraHost {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}={}", self.host, self.address))
    }
}

impl<'de> Deserialize<'de> for ExtraHost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (host, address) =
            text.split_once('=').ok_or_else(|| serde::de::Error::custom("expected `host=address`"))?;
        Ok(Self { host: host.to_owned(), address: address.to_owned() })
    }
}

/// A soft and a hard limit; one number in the file sets both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ulimit {
    /// What the process starts with; -1 is unlimited.
    pub soft: i64,
    /// What it may raise it to; -1 is unlimited.
    pub hard: i64,
}

impl Serialize for Ulimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        if self.soft == self.hard {
            return serializer.serialize_i64(self.soft);
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("soft", &self.soft)?;
        map.serialize_entry("hard", &self.hard)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Ulimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            One(i64),
            Two { soft: i64, hard: i64 },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::One(both) => Self { soft: both, hard: both },
            Form::Two { soft, hard } => Self { soft, hard },
        })
    }
}

/// Whose namespace a container uses: for `network_mode`, `ipc`, `pid`, `uts`, `userns_mode` and `cgroup`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// `service:NAME`: that of the first container of another service of the project.
    Service(String),
    /// `container:NAME`: that of a container outside the project, by name or id.
    Container(String),
    /// Passed on to the engine as it stands: `host`, `none`, `bridge`, `private`, `shareable`, or an engine's own word.
    Engine(String),
}

impl From<&str> for Namespace {
    fn from(text: &str) -> Self {
        if let Some(name) = text.strip_prefix("service:") {
            Self::Service(name.to_owned())
        } else if let Some(name) = text.strip_prefix("container:") {
            Self::Container(name.to_owned())
        } else {
            Self::Engine(text.to_owned())
        }
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) => write!(f, "service:{name}"),
            Self::Container(name) => write!(f, "container:{name}"),
            Self::Engine(mode) => f.write_str(mode),
        }
    }
}

impl Serialize for Namespace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Namespace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

/// serde glue for an optional number of bytes, which the canonical form writes as a decimal text.
pub(crate) mod bytes {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde asks for this signature")]
    pub(crate) fn serialize<S: Serializer>(value: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(bytes) => serializer.collect_str(bytes),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(i64),
            Text(String),
        }
        match Option::<Form>::deserialize(deserializer)? {
            None => Ok(None),
            Some(Form::Number(number)) => Ok(Some(number)),
            Some(Form::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
        }
    }
}

/// serde glue for an amount that cannot be negative, which the canonical form writes as a decimal text.
pub(crate) mod amount {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
    pub(crate) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(u64),
            Text(String),
        }
        match Form::deserialize(deserializer)? {
            Form::Number(number) => Ok(number),
            Form::Text(text) => text
                .parse()
                .map_err(|_| serde::de::Error::custom(format!("expected a number from 0, found `{text}`"))),
        }
    }
}

/// serde glue for an optional file mode, which the canonical form writes as an octal text such as `"0440"`.
pub(crate) mod mode {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde asks for this signature")]
    pub(crate) fn serialize<S: Serializer>(value: &Option<u32>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(mode) => serializer.collect_str(&format_args!("{mode:04o}")),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(u32),
            Text(String),
        }
        match Option::<Form>::deserialize(deserializer)? {
            None => Ok(None),
            Some(Form::Number(number)) => Ok(Some(number)),
            Some(Form::Text(text)) => {
                u32::from_str_radix(&text, 8).map(Some).map_err(serde::de::Error::custom)
            }
        }
    }
}
