//! Volumes.

use indexmap::IndexMap;

/// What a volume should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VolumeSpec {
    /// Name.
    pub name: String,
    /// Driver; `None` is `local`.
    pub driver: Option<String>,
    /// Options for the driver.
    pub options: IndexMap<String, String>,
    /// Labels.
    pub labels: IndexMap<String, String>,
}

impl VolumeSpec {
    /// A local volume.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets a label.
    #[must_use]
    pub fn with_label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }
}

/// Which volumes to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VolumeFilter {
    /// Labels, `key` or `key=value`.
    pub labels: Vec<String>,
    /// Names: exact, one of them must match.
    pub names: Vec<String>,
}

impl VolumeFilter {
    /// Volumes with a label and value.
    #[must_use]
    pub fn with_label(mut self, key: &str, value: &str) -> Self {
        self.labels.push(format!("{key}={value}"));
        self
    }

    /// Volumes of this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }
}

/// A volume as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VolumeInfo {
    /// Name, which is its identity.
    pub name: String,
    /// Driver.
    pub driver: String,
    /// Path on the engine's host.
    pub mountpoint: String,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// Options for the driver.
    pub options: IndexMap<String, String>,
}
