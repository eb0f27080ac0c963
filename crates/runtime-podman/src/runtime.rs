//! Connecting, and what is decided then.

use std::fmt;
use std::sync::Arc;

use runtime_core::{Capabilities, EngineInfo, Error, ErrorKind, Result, Runtime};
use runtime_docker::{Dialect, DockerRuntime, EngineProbe};
use sock_transport::Client;

use crate::checkpoint::Checkpoints;
use crate::{PodmanOptions, names, privilege};

/// A Podman engine. A clone is cheap and shares the connections.
#[derive(Clone)]
pub struct PodmanRuntime(Arc<Inner>);

struct Inner {
    docker: DockerRuntime,
    libpod: Client,
    info: EngineInfo,
    capabilities: Capabilities,
    /// The ability, or why it is not there.
    checkpoints: Result<Checkpoints, String>,
}

impl PodmanRuntime {
    /// Connects to a Podman.
    ///
    /// Makes one ping, and looks who listens on the socket; libpod's slow `info` is asked only where that does
    /// not tell whether the engine is rootless. Then the checkpoint probe is run, if there is one.
    ///
    /// # Errors
    /// [`Unavailable`](ErrorKind::Unavailable) when nothing answers; [`Unsupported`](ErrorKind::Unsupported)
    /// when it is no Podman.
    ///
    /// # Cancel safety
    /// Nothing is changed on the engine.
    pub async fn connect(options: PodmanOptions) -> Result<Self> {
        let client = options.client.clone().unwrap_or_else(|| Client::unix(&options.socket));
        let probe = EngineProbe::run(&client).await?;
        Self::from_probe(&client, &probe, options).await
    }

    /// Makes a runtime from a ping that was made already.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    ///
    /// # Cancel safety
    /// As [`connect`](Self::connect).
    pub async fn from_probe(client: &Client, probe: &EngineProbe, options: PodmanOptions) -> Result<Self> {
        let Some(version) = probe.libpod_version.clone() else {
            let reason = "the engine does not speak libpod: it is not Podman";
            return Err(Error::new(ErrorKind::Unsupported, "connect to Podman", reason)
                .with_subject(options.socket.display().to_string()));
        };
        let docker = DockerRuntime::from_probe(client, probe, Dialect::podman(&version))?;
        let libpod = docker.client().with_prefix(libpod_api::prefix(&version));
        let rootless = match options.rootless {
            Some(rootless) => rootless,
            None => privilege::is_rootless(&options.socket, &libpod).await?,
        };
        let unsupported = match options.checkpoint_probe {
            _ if rootless => Some("Podman runs without root here, and CRIU needs it".to_owned()),
            Some(probe) => probe.run(options.probe_timeout).await,
            None => None,
        };

        let mut info = docker.info().clone();
        info.name = "Podman".to_owned();
        info.version.clone_from(&version);
        info.api_version = version;
        let mut capabilities = docker.capabilities().clone();
        capabilities.checkpoint = unsupported.is_none();
        // Its checks hang on systemd timers, which not every host has, and run at once at the start.
        capabilities.native_health = false;
        capabilities.networks_at_create = true;
        capabilities.buildkit = false;
        capabilities.rootless = rootless;
        let checkpoints = match unsupported {
            None => Ok(Checkpoints::new(libpod.clone())),
            Some(reason) => Err(reason),
        };
        Ok(Self(Arc::new(Inner { docker, libpod, info, capabilities, checkpoints })))
    }

    pub(crate) fn docker(&self) -> &DockerRuntime {
        &self.0.docker
    }

    pub(crate) fn libpod(&self) -> &Client {
        &self.0.libpod
    }

    pub(crate) fn engine(&self) -> &EngineInfo {
        &self.0.info
    }

    pub(crate) fn abilities(&self) -> &Capabilities {
        &self.0.capabilities
    }

    pub(crate) fn unsupported(&self) -> Option<&str> {
        self.0.checkpoints.as_ref().err().map(String::as_str)
    }

    pub(crate) fn checkpoints(&self) -> Option<&Checkpoints> {
        self.0.checkpoints.as_ref().ok()
    }

    /// Makes sure that a call about this container can only mean this container.
    pub(crate) async fn meant(&self, operation: &'static str, container: &str) -> Result<()> {
        names::meant(self.libpod(), operation, container).await
    }
}

impl fmt::Debug for PodmanRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PodmanRuntime")
            .field("endpoint", &self.0.info.endpoint)
            .field("version", &self.0.info.version)
            .field("checkpoint", &self.0.capabilities.checkpoint)
            .finish_non_exhaustive()
    }
}
