//! The engines that tests run against.

use std::path::{Path, PathBuf};

http_endpoint::endpoint! {
    /// The version of any engine, in Docker's words.
    GET "/version" => json<serde_json::Value>, [200];
    pub struct EngineVersion {}
}

/// A real engine behind a Unix socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    /// `docker`, `podman`, `podman-b`, `podman43` or `podman58`.
    pub name: &'static str,
    /// Its socket.
    pub socket: PathBuf,
}

/// Names of engines and the environment variables that hold their sockets.
pub const VARIABLES: [(&str, &str); 5] = [
    ("docker", "WHARF_TEST_DOCKER"),
    ("podman", "WHARF_TEST_PODMAN"),
    ("podman-b", "WHARF_TEST_PODMAN_B"),
    ("podman43", "WHARF_TEST_PODMAN43"),
    ("podman58", "WHARF_TEST_PODMAN58"),
];

impl Engine {
    /// The engine of this name.
    ///
    /// # Errors
    /// A sentence that says why its tests are skipped.
    pub fn find(name: &str) -> Result<Self, String> {
        let (name, variable) = VARIABLES
            .into_iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| format!("skipped: there is no engine called {name}"))?;
        match std::env::var_os(variable) {
            Some(socket) if !socket.is_empty() => Ok(Self { name, socket: strip_scheme(Path::new(&socket)) }),
            _ => Err(format!("skipped: {variable} is not set, so nothing runs on {name}")),
        }
    }

    /// The address for `--host` and `DOCKER_HOST`.
    #[must_use]
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Whether it is a Podman.
    #[must_use]
    pub fn is_podman(&self) -> bool {
        self.name.starts_with("podman")
    }
}

fn strip_scheme(path: &Path) -> PathBuf {
    path.to_str().and_then(|text| text.strip_prefix("unix://")).map_or_else(|| path.to_owned(), PathBuf::from)
}
