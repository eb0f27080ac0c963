//! How to reach an engine, and which dialect of the API it speaks.

use std::path::PathBuf;

use sock_transport::Client;

/// How to connect to an engine.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DockerOptions {
    /// The engine's Unix socket.
    pub socket: PathBuf,
    /// What the engine does in its own way.
    pub dialect: Dialect,
    /// A client of the socket that exists already; its control connections are shared.
    pub client: Option<Client>,
}

impl DockerOptions {
    /// Docker at this socket.
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self { socket: socket.into(), dialect: Dialect::docker(), client: None }
    }

    /// Sets the dialect.
    #[must_use]
    pub const fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Uses a client that exists already, whose socket takes the place of the one that was named.
    #[must_use]
    pub fn with_client(mut self, client: Client) -> Self {
        self.socket = client.socket().to_owned();
        self.client = Some(client);
        self
    }
}

/// What an engine does in its own way on the Docker API, where its answers do not tell.
///
/// Everything that can be told from an answer (status words, event names, error texts, signal numbers) is
/// read in the words of both engines and needs no setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dialect {
    /// Every container is created without a health check, and
    /// [`prefer_self_probed_health`](runtime_core::Runtime::prefer_self_probed_health) says so.
    pub self_probed_health: bool,
    /// Several networks may be given at create, whatever the API version is. Docker: from 1.44 on.
    pub networks_at_create: bool,
    /// Other fields and parameters of newer API versions are understood, whatever the version is.
    pub newer_fields: bool,
    /// The headers of an endless stream arrive only with its first item, so that waiting for them would
    /// wait for something to happen (Podman before 5.3). Such streams are opened when they are first
    /// polled; events then start at the time of the call, which the engine replays.
    pub late_stream_headers: bool,
    /// A volume is found by the beginning of its name, so that it must be looked at before it is removed.
    pub partial_volume_names: bool,
    /// `_` in the id of an object is a wildcard.
    pub wildcard_ids: bool,
    /// The processes of a container are asked for by names of columns, not by arguments of `ps`.
    pub top_descriptors: bool,
    /// Images of Docker's registry are listed under their full names, `docker.io/library/busybox`.
    pub full_image_names: bool,
    /// A container that is created without a stop timeout has one of 0 s and would be killed at once (Podman before
    /// 5.0), so that Docker's 10 s are asked for.
    pub stop_timeout_at_create: bool,
}

impl Dialect {
    /// Docker's own.
    #[must_use]
    pub fn docker() -> Self {
        Self::default()
    }

    /// Podman's compatible API, for an engine of this version (`5.4.2`). A version that cannot be read is
    /// taken for an old one.
    #[must_use]
    pub fn podman(version: &str) -> Self {
        let mut numbers = version.split('.').map(|n| n.parse::<u32>().unwrap_or(0));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Self {
            self_probed_health: true,
            networks_at_create: true,
            newer_fields: true,
            late_stream_headers: version < (5, 3),
            partial_volume_names: true,
            wildcard_ids: true,
            top_descriptors: true,
            full_image_names: true,
            stop_timeout_at_create: version < (5, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_podman_sends_the_headers_of_streams_late() {
        for (version, late) in
            [("4.3.1", true), ("5.2.9", true), ("5.3.0", false), ("6.0.0-dev", false), ("?", true)]
        {
            assert_eq!(Dialect::podman(version).late_stream_headers, late, "{version}");
        }
    }
}
