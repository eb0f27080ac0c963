//! What the headers of a ping tell.

use http_endpoint::words;

use crate::ApiVersion;

words! {
    /// The builder that an engine recommends.
    pub enum BuilderKind {
        /// The classic one.
        Classic = "1",
        /// BuildKit.
        BuildKit = "2",
    }
}

/// The headers of a [`Ping`](super::Ping) or a [`PingHead`](super::PingHead).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PingHeaders {
    /// The newest API version that the engine speaks.
    pub api_version: Option<ApiVersion>,
    /// `linux`, `windows`.
    pub os_type: Option<String>,
    /// Whether experimental features are on.
    pub experimental: bool,
    /// The builder that the engine recommends.
    pub builder: Option<BuilderKind>,
    /// Its place in a Swarm: `inactive`, `pending`, `error`, `locked`, `active/worker`, `active/manager` (API 1.42).
    pub swarm: Option<String>,
    /// Podman's own version; `None` on Docker.
    pub libpod_version: Option<String>,
    /// Version of Buildah, which builds for Podman; `None` on Docker.
    pub buildah_version: Option<String>,
    /// The engine and its version, `Docker/26.1.5 (linux)`.
    pub server: Option<String>,
}

impl PingHeaders {
    /// Reads the headers, each given by `header` for its name, upper and lower case being the same.
    ///
    /// ```
    /// use docker_api::system::PingHeaders;
    ///
    /// let answer = [("Api-Version", "1.45"), ("Builder-Version", "2")];
    /// let headers = PingHeaders::read(|name| {
    ///     answer.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    /// });
    /// assert_eq!(headers.api_version.unwrap().to_string(), "1.45");
    /// assert!(!headers.is_podman());
    /// ```
    pub fn read<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Self {
        let text = |name| header(name).filter(|value| !value.is_empty());
        let owned = |name| text(name).map(str::to_owned);
        Self {
            api_version: text("Api-Version").and_then(|version| version.parse().ok()),
            os_type: owned("Ostype"),
            experimental: text("Docker-Experimental") == Some("true"),
            builder: text("Builder-Version").map(BuilderKind::from),
            swarm: owned("Swarm"),
            libpod_version: owned("Libpod-Api-Version"),
            buildah_version: owned("Libpod-Buildah-Version"),
            server: owned("Server"),
        }
    }

    /// Whether the engine is Podman.
    #[must_use]
    pub const fn is_podman(&self) -> bool {
        self.libpod_version.is_some()
    }

    /// The engine's own version: Podman's, or that of Docker in `server`.
    #[must_use]
    pub fn engine_version(&self) -> Option<&str> {
        self.libpod_version.as_deref().or_else(|| {
            let version = self.server.as_deref()?.strip_prefix("Docker/")?.split(' ').next()?;
            version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_told_by_its_headers() {
        let docker = PingHeaders::read(|name| match name {
            "Api-Version" => Some("1.45"),
            "Docker-Experimental" => Some("false"),
            "Server" => Some("Docker/26.1.5+dfsg1 (linux)"),
            "Swarm" => Some(""),
            _ => None,
        });
        assert_eq!(docker.engine_version(), Some("26.1.5+dfsg1"));
        assert_eq!((docker.swarm.as_deref(), docker.experimental), (None, false));
        let podman = PingHeaders::read(|name| (name == "Libpod-Api-Version").then_some("5.4.2"));
        assert!(podman.is_podman());
        assert_eq!(podman.engine_version(), Some("5.4.2"));
        assert_eq!(PingHeaders::read(|_| None), PingHeaders::default());
        for other in ["Docker/dev (linux)", "nginx/1.0", "Docker/"] {
            assert_eq!(PingHeaders::read(|name| (name == "Server").then_some(other)).engine_version(), None);
        }
    }
}
