//! The project as a whole.

use std::path::PathBuf;

use indexmap::IndexMap;
use serde_json::Value;

use super::{ConfigObject, Job, Model, Network, Service, Volume};

/// Services that no active profile asks for, by name.
pub type Disabled = IndexMap<String, Service>;

model! {
    /// A loaded Compose project.
    pub struct Project {
        /// The name, `[a-z0-9][a-z0-9_-]*`.
        pub name: String,
        /// The project directory, absolute: relative paths of the files are resolved against it.
        #[serde(skip)]
        pub working_dir: PathBuf,
        /// The files that were given or found, absolute, in the order of merging. Standard input is `-`.
        #[serde(skip)]
        pub config_files: Vec<PathBuf>,
        /// The environment files that were read for interpolation, absolute.
        #[serde(skip)]
        pub environment_files: Vec<PathBuf>,
        /// The active profiles.
        #[serde(skip)]
        pub profiles: Vec<String>,
        /// The services that are switched on, in the order of the files.
        pub services: IndexMap<String, Service>,
        /// The services that are switched off because none of their profiles is active.
        #[serde(skip)]
        pub disabled: Disabled,
        /// The networks that the enabled services use, by key. `default` is there when a service uses it.
        pub networks: IndexMap<String, Network>,
        /// The volumes that the enabled services use, by key.
        pub volumes: IndexMap<String, Volume>,
        /// The secrets that the enabled services use, by key.
        pub secrets: IndexMap<String, ConfigObject>,
        /// The configs that the enabled services use, by key.
        pub configs: IndexMap<String, ConfigObject>,
        /// The AI models that the enabled services use, by key.
        pub models: IndexMap<String, Model>,
        /// The jobs that are switched on, by name: read, and not acted on.
        pub jobs: IndexMap<String, Job>,
        /// The top-level `x-*` elements.
        #[serde(flatten)]
        pub extensions: IndexMap<String, Value>,
    }
}

impl Project {
    /// A service by name, whether it is switched on or off.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(name).or_else(|| self.disabled.get(name))
    }

    /// All profiles that any service names, sorted, each once.
    #[must_use]
    pub fn all_profiles(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .services
            .values()
            .chain(self.disabled.values())
            .flat_map(|service| service.profiles.iter().map(String::as_str))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
