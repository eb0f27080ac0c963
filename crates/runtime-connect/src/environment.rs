//! What the search looks at, so that a test can say what is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Longest settings file that is read.
const MAX_FILE: u64 = 1 << 20;

/// The process's surroundings, as far as the search for an engine depends on them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Environment {
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
    /// The user's number.
    pub uid: u32,
    /// What stands before the absolute paths of usual places: empty but in tests.
    pub root: PathBuf,
}

impl Environment {
    /// That of this process.
    #[must_use]
    pub fn from_process() -> Self {
        // A variable that is no text names no engine.
        let text = |value: std::ffi::OsString| value.into_string().ok();
        let variables = std::env::vars_os().filter_map(|(k, v)| Some((text(k)?, text(v)?))).collect();
        Self { variables, uid: rustix::process::geteuid().as_raw(), root: PathBuf::new() }
    }

    /// One in which nothing is set, for the user root.
    #[must_use]
    pub fn empty() -> Self {
        Self { variables: BTreeMap::new(), uid: 0, root: PathBuf::new() }
    }

    /// Sets a variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Sets the user's number.
    #[must_use]
    pub fn with_uid(mut self, uid: u32) -> Self {
        self.uid = uid;
        self
    }

    /// Puts a folder before the absolute paths of usual places.
    #[must_use]
    pub fn with_root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = root.into();
        self
    }

    /// A variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn home(&self) -> Option<&Path> {
        self.get("HOME").map(Path::new)
    }

    /// A usual place.
    pub(crate) fn absolute(&self, path: &str) -> PathBuf {
        if self.root.as_os_str().is_empty() {
            return PathBuf::from(path);
        }
        self.root.join(path.trim_start_matches('/'))
    }

    /// A program on the path.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        std::env::split_paths(self.get("PATH")?).map(|folder| folder.join(name)).find(|path| is_program(path))
    }
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// A settings file's text; `None` when it is not there, not readable, or not a settings file by its size.
pub(crate) fn read(path: &Path) -> Option<String> {
    if path.metadata().ok()?.len() > MAX_FILE {
        return None;
    }
    std::fs::read_to_string(path).ok()
}
