//! Which engine is behind a socket, and which API version to speak with it.

use std::os::unix::fs::MetadataExt;

use docker_api::ApiVersion;
use docker_api::system::{GetVersion, Ping, PingHeaders, Version};
use runtime_core::{EngineInfo, Error, ErrorKind, Result};
use sock_transport::Client;

use crate::error::map;

/// The oldest API version that is spoken (Docker 19.03).
pub const MIN_API_VERSION: ApiVersion = ApiVersion::new(1, 40);
/// The newest API version that is spoken (Docker 28.5).
pub const MAX_API_VERSION: ApiVersion = ApiVersion::new(1, 51);

const OPERATION: &str = "reach the engine";

/// What a ping tells of the engine's version. The engine is on this machine, since it is reached by a Unix
/// socket.
fn version_of_ping(version: &str, os: Option<&str>) -> Version {
    let mut told = Version::default();
    version.clone_into(&mut told.version);
    os.unwrap_or("linux").clone_into(&mut told.os);
    go_arch(std::env::consts::ARCH).clone_into(&mut told.arch);
    told
}

/// Go's name of an architecture.
fn go_arch(arch: &str) -> &str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    }
}

/// What an engine says of itself before anything is asked of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EngineProbe {
    /// The newest API version that the engine speaks.
    pub api_version: ApiVersion,
    /// Podman's own version, from the ping's `Libpod-Api-Version`; `None` on Docker.
    pub libpod_version: Option<String>,
    /// The answer of `/version`, or what the ping tells of it.
    pub version: Version,
    /// The socket, for people.
    pub endpoint: String,
    /// The socket belongs to another user than root, whose engine it then is.
    pub rootless: bool,
}

impl EngineProbe {
    /// Asks the engine behind a client without a prefix: one `GET /_ping`.
    ///
    /// Its headers tell what is needed, while `GET /version` makes both engines start other programs, which
    /// takes longer than a whole `ps`. It is sent only where the ping does not say enough: behind a proxy
    /// that drops headers, or when the engine is newer than this program, so that its oldest version counts.
    ///
    /// # Errors
    /// [`Unavailable`](ErrorKind::Unavailable) when nothing answers there;
    /// [`Unsupported`](ErrorKind::Unsupported) when what answers is not an engine.
    ///
    /// # Cancel safety
    /// Nothing on the engine changes.
    pub async fn run(client: &Client) -> Result<Self> {
        let client = client.with_prefix("");
        let failed = |error: sock_transport::Error| {
            let strange = error.status().is_some_and(|status| status < 500);
            let mapped = map(&client, OPERATION, None, error);
            if strange {
                let hint = format!("{} is the socket of something else", client.socket().display());
                mapped.with_kind(ErrorKind::Unsupported).with_hint(hint)
            } else {
                mapped
            }
        };
        let ping = client.send_response(&Ping::new()).await.map_err(failed)?;
        let headers = PingHeaders::read(|name| ping.header(name));
        let announced = ping.header("Api-Version");
        let version = match (headers.api_version, headers.engine_version()) {
            (Some(known), Some(name)) if headers.is_podman() || known <= MAX_API_VERSION => {
                version_of_ping(name, headers.os_type.as_deref())
            }
            _ => client.send(&GetVersion::new()).await.map_err(failed)?,
        };
        let announced = announced.unwrap_or(&version.api_version);
        let api_version = announced.parse().map_err(|_| {
            let reason =
                format!("it announces the API version `{}`, which is none", announced.escape_debug());
            Error::new(ErrorKind::Unsupported, OPERATION, reason)
        })?;
        let endpoint = format!("unix://{}", client.socket().display());
        let rootless = std::fs::metadata(client.socket()).is_ok_and(|socket| socket.uid() != 0);
        Ok(Self { api_version, libpod_version: headers.libpod_version, version, endpoint, rootless })
    }

    /// Whether the engine is Podman.
    #[must_use]
    pub fn is_podman(&self) -> bool {
        self.libpod_version.is_some() || self.version.components.iter().any(|c| c.name == "Podman Engine")
    }

    /// The API version to speak: the newest that both sides know.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) when there is none, with both ranges.
    pub fn negotiate(&self) -> Result<ApiVersion> {
        const OPERATION: &str = "agree on an API version with the engine";
        let chosen = self.api_version.min(MAX_API_VERSION);
        if chosen < MIN_API_VERSION {
            let reason = format!(
                "the engine speaks API versions up to {}, and at least {MIN_API_VERSION} is needed",
                self.api_version
            );
            return Err(Error::new(ErrorKind::Unsupported, OPERATION, reason)
                .with_hint("update the engine: Docker 19.03 and Podman 4.0 are the first that fit"));
        }
        if let Ok(oldest) = self.version.min_api_version.parse::<ApiVersion>()
            && oldest > chosen
        {
            let reason = format!(
                "the engine wants at least API version {oldest}, and this program speaks up to {MAX_API_VERSION}"
            );
            return Err(Error::new(ErrorKind::Unsupported, OPERATION, reason)
                .with_hint("update this program, or lower min-api-version in the engine's daemon.json"));
        }
        Ok(chosen)
    }

    /// The engine's description, for the API version in use.
    #[must_use]
    pub fn info(&self, api: ApiVersion) -> EngineInfo {
        let name = if self.is_podman() { "Podman" } else { "Docker" };
        let mut info = EngineInfo::new(name, &self.version.version);
        info.api_version = api.to_string();
        info.os.clone_from(&self.version.os);
        info.arch.clone_from(&self.version.arch);
        info.kernel.clone_from(&self.version.kernel_version);
        info.endpoint.clone_from(&self.endpoint);
        info
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    fn probe(max: &str, version: &str) -> EngineProbe {
        EngineProbe {
            api_version: max.parse().unwrap(),
            libpod_version: None,
            version: GetVersion::decode(version.as_bytes()).unwrap(),
            endpoint: "unix:///x".into(),
            rootless: false,
        }
    }

    #[test]
    fn the_newest_common_version_is_spoken() {
        assert_eq!(probe("1.45", "{}").negotiate().unwrap().to_string(), "1.45");
        assert_eq!(probe("1.99", r#"{"MinAPIVersion":"1.44"}"#).negotiate().unwrap(), MAX_API_VERSION);
    }

    #[test]
    fn without_a_common_version_both_ranges_are_told() {
        let old = probe("1.39", "{}").negotiate().unwrap_err();
        assert_eq!(old.kind(), ErrorKind::Unsupported);
        assert!(old.to_string().contains("up to 1.39") && old.to_string().contains("1.40"), "{old}");
        let new = probe("1.99", r#"{"MinAPIVersion":"1.60"}"#).negotiate().unwrap_err();
        assert!(new.to_string().contains("at least API version 1.60"), "{new}");
    }

    #[test]
    fn a_ping_is_enough() {
        let version = version_of_ping("5.4.2", None);
        assert_eq!((version.version.as_str(), version.os.as_str()), ("5.4.2", "linux"));
        assert_eq!([go_arch("x86_64"), go_arch("aarch64"), go_arch("s390x")], ["amd64", "arm64", "s390x"]);
    }

    #[test]
    fn podman_is_told_by_its_parts_where_a_proxy_drops_headers() {
        assert!(probe("1.41", r#"{"Components":[{"Name":"Podman Engine"}]}"#).is_podman());
        let docker = probe("1.45", r#"{"Version":"26.1.5","Components":[{"Name":"Engine"}]}"#);
        assert!(!docker.is_podman());
        assert_eq!(docker.info(MAX_API_VERSION).name, "Docker");
    }
}
