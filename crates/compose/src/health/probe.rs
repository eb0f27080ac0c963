//! One probe: an exec with a bound on its time and output.

use std::time::Duration;

use futures_util::StreamExt as _;
use runtime_core::{ErrorKind, ExecSpec, Result, Runtime};

use super::ProbeSpec;

/// How much output of a probe is kept, in bytes: as much as Docker keeps.
pub const OUTPUT_LIMIT: usize = 4096;

/// How a probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeEnd {
    /// The command ended with this code; 0 is healthy.
    Exited(i64),
    /// It did not end within this time, and was left alone: no engine can end an exec.
    TimedOut(Duration),
    /// The engine could not run it.
    Failed,
    /// The container is paused or does not run, so that there was nothing to probe.
    NotRunning,
}

/// A probe that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// How it ended.
    pub end: ProbeEnd,
    /// What it wrote to both streams, at most [`OUTPUT_LIMIT`] bytes, without space at its end; or why the engine
    /// could not run it.
    pub output: String,
}

impl Probe {
    /// Whether it says that the container is healthy.
    #[must_use]
    pub const fn passed(&self) -> bool {
        matches!(self.end, ProbeEnd::Exited(0))
    }
}

/// Makes one probe as the container's configured user, now: for a listing. The status is that of this one probe, since
/// nobody has watched the container before.
///
/// # Errors
/// [`Unavailable`](ErrorKind::Unavailable) and [`NotFound`](ErrorKind::NotFound). Whatever else goes wrong is the
/// probe's failure.
///
/// # Cancel safety
/// Dropping the future abandons the probe; its command runs on in the container.
pub async fn probe_once(runtime: &dyn Runtime, container: &str, spec: &ProbeSpec) -> Result<Probe> {
    run(runtime, container, spec, None, spec.schedule.timeout).await
}

/// Runs the command, for at most this long.
pub(super) async fn run(
    runtime: &dyn Runtime,
    container: &str,
    spec: &ProbeSpec,
    user: Option<String>,
    limit: Duration,
) -> Result<Probe> {
    let mut output = Output::default();
    let exec = async {
        let mut exec = ExecSpec::new(spec.command.iter().cloned());
        exec.user = user;
        let mut session = runtime.exec(container, &exec).await?;
        while let Some(chunk) = session.session.output.next().await {
            output.push(&chunk?.bytes);
        }
        runtime.exec_exit_code(&session.id).await
    };
    let end = match tokio::time::timeout(limit, exec).await {
        Ok(Ok(code)) => ProbeEnd::Exited(code),
        Ok(Err(error)) => match error.kind() {
            ErrorKind::Unavailable | ErrorKind::NotFound => return Err(error),
            ErrorKind::Conflict => {
                return Ok(Probe { end: ProbeEnd::NotRunning, output: error.reason().into() });
            }
            _ => return Ok(Probe { end: ProbeEnd::Failed, output: error.reason().into() }),
        },
        Err(_) => ProbeEnd::TimedOut(limit),
    };
    Ok(Probe { end, output: output.into_text() })
}

/// The first bytes of what a probe writes; the rest is read, so that the probe is not held up, and dropped.
#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
}

impl Output {
    fn push(&mut self, bytes: &[u8]) {
        let room = OUTPUT_LIMIT - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn into_text(self) -> String {
        let mut text = String::from_utf8_lossy(&self.bytes).into_owned();
        text.truncate(text.trim_end().len());
        text
    }
}
