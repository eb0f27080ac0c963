//! Variables by name.

use std::collections::BTreeMap;
use std::fmt;

/// The project environment or a part of it. `Debug` shows no values.
#[derive(Clone, Default)]
pub(crate) struct EnvMap(BTreeMap<String, String>);

impl fmt::Debug for EnvMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl EnvMap {
    pub(crate) fn new(variables: BTreeMap<String, String>) -> Self {
        Self(variables)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a variable holds what counts as true.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some("1" | "t" | "T" | "true" | "TRUE" | "True"))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// Takes over what is not there yet.
    pub(crate) fn add_missing(&mut self, other: impl IntoIterator<Item = (String, String)>) {
        for (name, value) in other {
            self.0.entry(name).or_insert(value);
        }
    }
}
