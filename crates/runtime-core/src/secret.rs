//! Values that must not be seen.

use std::fmt;

use indexmap::IndexMap;

/// A text that `Debug` does not show: a password, a token, the value of an environment variable.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself. Do not log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Environment variables by name, in order. `None` is a name without a value: the engine then removes a
/// variable that the image sets. `Debug` shows names only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Environment(IndexMap<String, Option<String>>);

impl Environment {
    /// No variables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a variable; an earlier value of the name is replaced in place.
    pub fn set(&mut self, name: impl Into<String>, value: Option<String>) {
        self.0.insert(name.into(), value);
    }

    /// Sets a variable to a value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, Some(value.into()));
        self
    }

    /// The value of a variable: `None` when absent, `Some(None)` when it has a name only.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        self.0.get(name).map(Option::as_deref)
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_deref()))
    }

    /// Whether there are no variables.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `NAME=value`, or `NAME` where there is no value: the form of the engines' APIs.
    #[must_use]
    pub fn to_list(&self) -> Vec<String> {
        self.iter()
            .map(|(name, value)| value.map_or_else(|| name.to_owned(), |value| format!("{name}={value}")))
            .collect()
    }
}

impl FromIterator<(String, Option<String>)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, Option<String>)>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_in_debug_output() {
        let env = Environment::new().with("TOKEN", "hunter2");
        let shown = format!("{env:?} {:?}", Secret::new("hunter2"));
        assert!(shown.contains("TOKEN") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_name_without_a_value_stays_a_name() {
        let mut env = Environment::new().with("A", "1");
        env.set("B", None);
        assert_eq!(env.to_list(), ["A=1", "B"]);
    }
}
