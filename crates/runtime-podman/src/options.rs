//! How to reach a Podman, and what the caller knows of it.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use sock_transport::Client;

/// Longest time that a probe may take.
const PROBE_TIMEOUT: Duration = Duration::from_secs(30);

type ProbeResult = Result<bool, Box<dyn std::error::Error + Send + Sync>>;
type ProbeFuture = Pin<Box<dyn Future<Output = ProbeResult> + Send>>;

/// A callback by which a deployer says whether CRIU works on the engine's host.
///
/// libpod has no call for it: that CRIU is missing shows at the first checkpoint only. Whoever runs the host
/// may know better, from `criu check`, from a throw-away checkpoint, or from a setting.
#[derive(Clone)]
pub struct CheckpointProbe(Arc<dyn Fn() -> ProbeFuture + Send + Sync>);

impl CheckpointProbe {
    /// Makes a probe from an async function. `Ok(false)` and an error both mean that it does not work; the
    /// error's text is kept as the reason.
    pub fn new<F, Fut, E>(probe: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<bool, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self(Arc::new(move || {
            let answer = probe();
            Box::pin(async move { answer.await.map_err(Into::into) })
        }))
    }

    /// Runs the probe; the reason why checkpoints do not work, or `None` when they do.
    pub(crate) async fn run(&self, timeout: Duration) -> Option<String> {
        match tokio::time::timeout(timeout, (self.0)()).await {
            Ok(Ok(true)) => None,
            Ok(Ok(false)) => {
                Some("the checkpoint probe says that CRIU does not work on the engine's host".into())
            }
            Ok(Err(error)) => Some(format!("the checkpoint probe failed: {error}")),
            Err(_) => Some(format!("the checkpoint probe did not answer within {} s", timeout.as_secs_f64())),
        }
    }
}

impl fmt::Debug for CheckpointProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckpointProbe")
    }
}

/// How to reach a Podman.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PodmanOptions {
    /// The engine's socket.
    pub socket: PathBuf,
    /// A transport that is connected to the socket already; `None` makes one.
    pub client: Option<Client>,
    /// Run once when the runtime is made; the answer is kept. Without one, checkpoints are taken to work
    /// wherever the engine is rootful.
    pub checkpoint_probe: Option<CheckpointProbe>,
    /// Longest time that the probe may take; 30 s.
    pub probe_timeout: Duration,
    /// Whether the engine runs without root, where the caller knows it; `None` finds out.
    pub rootless: Option<bool>,
}

impl PodmanOptions {
    /// The engine behind a socket.
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self {
            socket: socket.into(),
            client: None,
            checkpoint_probe: None,
            probe_timeout: PROBE_TIMEOUT,
            rootless: None,
        }
    }

    /// Uses this transport.
    #[must_use]
    pub fn with_client(mut self, client: Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Asks this probe whether checkpoints work.
    #[must_use]
    pub fn with_checkpoint_probe(mut self, probe: CheckpointProbe) -> Self {
        self.checkpoint_probe = Some(probe);
        self
    }

    /// Gives the probe this long.
    #[must_use]
    pub fn with_probe_timeout(mut self, timeout: Duration) -> Self {
        self.probe_timeout = timeout;
        self
    }

    /// Says whether the engine runs without root.
    #[must_use]
    pub fn with_rootless(mut self, rootless: bool) -> Self {
        self.rootless = Some(rootless);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_probe_gives_its_reason_and_cannot_hang() {
        let second = Duration::from_secs(1);
        let works = CheckpointProbe::new(|| async { Ok::<_, std::io::Error>(true) });
        assert_eq!(works.run(second).await, None);
        let says_no = CheckpointProbe::new(|| async { Ok::<_, std::io::Error>(false) });
        assert!(says_no.run(second).await.unwrap().contains("does not work"));
        let fails = CheckpointProbe::new(|| async { Err::<bool, _>("criu: command not found") });
        assert!(fails.run(second).await.unwrap().contains("criu: command not found"));
        let hangs = CheckpointProbe::new(std::future::pending::<Result<bool, std::io::Error>>);
        assert!(hangs.run(second).await.unwrap().contains("within 1 s"));
    }
}
