//! Trying what may be there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use runtime_core::Runtime;
use runtime_docker::{Dialect, DockerRuntime, EngineProbe};
use runtime_podman::{CheckpointProbe, PodmanOptions, PodmanRuntime};
use sock_transport::Client;

use crate::candidates::{Search, Source, search};
use crate::environment::Environment;
use crate::error::{Attempt, ConnectError};
use crate::service::{self, OwnService};

/// How long an engine may take to answer a ping. One that systemd starts at the first connection takes a
/// second or two.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// An engine that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
}

impl Engine {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Docker => "Docker",
            Self::Podman => "Podman",
        }
    }
}

/// What to look for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectOptions {
    /// `unix:///path`, a path, or `docker` or `podman` for that engine's places only. `None` looks everywhere.
    pub host: Option<String>,
    /// Asked whether checkpoints work, where the engine is Podman.
    pub checkpoint_probe: Option<CheckpointProbe>,
    /// Whether a Podman service may be started when nothing answers.
    pub start_service: bool,
    /// How long an engine may take to answer; 10 s.
    pub timeout: Duration,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self { host: None, checkpoint_probe: None, start_service: true, timeout: PROBE_TIMEOUT }
    }
}

impl ConnectOptions {
    /// Names the engine.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Sets the probe for checkpoints on Podman.
    #[must_use]
    pub fn with_checkpoint_probe(mut self, probe: CheckpointProbe) -> Self {
        self.checkpoint_probe = Some(probe);
        self
    }

    /// Says whether a Podman service may be started.
    #[must_use]
    pub fn with_start_service(mut self, start: bool) -> Self {
        self.start_service = start;
        self
    }

    /// Gives each engine this long to answer.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// An engine that answers.
///
/// Keep it as long as the runtime is used: dropping it ends the Podman service that was started for it, if
/// one was.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connected {
    /// The engine.
    pub runtime: Arc<dyn Runtime>,
    /// Which one it is.
    pub engine: Engine,
    /// Its socket.
    pub socket: PathBuf,
    /// What led to it.
    pub source: Source,
    /// What was tried before, and why it did not do.
    pub attempts: Vec<Attempt>,
    service: Option<OwnService>,
}

impl Connected {
    /// Whether a Podman service was started for this.
    #[must_use]
    pub fn owns_service(&self) -> bool {
        self.service.is_some()
    }
}

/// Finds an engine, see the [crate's documentation](crate) for where and in which order.
///
/// An engine costs one call: a ping (on Docker also its version).
///
/// # Errors
/// See [`ConnectError`]: everything that was tried, with the reason why it did not do, and what to do next.
///
/// # Cancel safety
/// Nothing is left: a Podman service that was being started is ended.
pub async fn connect(options: &ConnectOptions, environment: &Environment) -> Result<Connected, ConnectError> {
    let search = search(options.host.as_deref(), environment)?;
    let named = search.named;
    let mut attempts = search.skipped.clone();
    for candidate in &search.candidates {
        match try_socket(&candidate.socket, &search, options, None).await {
            Ok((runtime, engine)) => {
                tracing::debug!(socket = %candidate.socket.display(), source = %candidate.source, "found an engine");
                return Ok(Connected {
                    runtime,
                    engine,
                    socket: candidate.socket.clone(),
                    source: candidate.source.clone(),
                    attempts,
                    service: None,
                });
            }
            Err(reason) => {
                let socket = candidate.socket.display();
                let what = match &candidate.source {
                    Source::UsualPlace => socket.to_string(),
                    source => format!("{source} ({socket})"),
                };
                attempts.push(Attempt { what, reason });
            }
        }
    }
    if named {
        return Err(ConnectError::named(attempts));
    }
    if search.may_start && options.start_service {
        match start_service(&search, options, environment).await {
            Ok(connected) => return Ok(Connected { attempts, ..connected }),
            Err(attempt) => attempts.push(attempt),
        }
    }
    Err(ConnectError::nothing(attempts, install_command(environment)))
}

type Found = (Arc<dyn Runtime>, Engine);

async fn try_socket(
    socket: &Path,
    search: &Search,
    options: &ConnectOptions,
    rootless: Option<bool>,
) -> Result<Found, String> {
    let client = Client::unix(socket);
    let probe = EngineProbe::run(&client.with_header_timeout(options.timeout)).await;
    let probe = probe.map_err(|error| error.reason().to_owned())?;
    let engine = if probe.is_podman() { Engine::Podman } else { Engine::Docker };
    if search.only.is_some_and(|only| only != engine) {
        return Err(format!("{} answers there", engine.as_str()));
    }
    let runtime: Arc<dyn Runtime> = match engine {
        Engine::Docker => {
            let docker = DockerRuntime::from_probe(&client, &probe, Dialect::docker());
            Arc::new(docker.map_err(|error| error.reason().to_owned())?)
        }
        Engine::Podman => {
            let mut podman = PodmanOptions::new(socket);
            podman.checkpoint_probe.clone_from(&options.checkpoint_probe);
            podman.rootless = rootless;
            let podman = PodmanRuntime::from_probe(&client, &probe, podman).await;
            Arc::new(podman.map_err(|error| error.reason().to_owned())?)
        }
    };
    Ok((runtime, engine))
}

async fn start_service(
    search: &Search,
    options: &ConnectOptions,
    environment: &Environment,
) -> Result<Connected, Attempt> {
    let failed = |reason: String| Attempt { what: "a Podman service of its own".to_owned(), reason };
    let Some(program) = environment.program("podman") else {
        return Err(failed("podman is not installed".to_owned()));
    };
    let service = service::start(&program).await.map_err(failed)?;
    let rootless = Some(environment.uid != 0);
    let (runtime, engine) = try_socket(service.socket(), search, options, rootless).await.map_err(failed)?;
    Ok(Connected {
        runtime,
        engine,
        socket: service.socket().to_owned(),
        source: Source::OwnService,
        attempts: Vec::new(),
        service: Some(service),
    })
}

/// How an engine is installed here.
fn install_command(environment: &Environment) -> &'static str {
    [
        ("apt-get", "sudo apt install podman"),
        ("dnf", "sudo dnf install podman"),
        ("zypper", "sudo zypper install podman"),
        ("pacman", "sudo pacman -S podman"),
        ("apk", "sudo apk add podman"),
        ("brew", "brew install podman"),
    ]
    .into_iter()
    .find(|(program, _)| environment.program(program).is_some())
    .map_or("sudo apt install podman", |(_, command)| command)
}
