//! Connecting to the socket.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::Reason;

/// The first and the longest pause while the socket's queue is full.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));

/// Connects within `limit`.
///
/// Cancel safe: nothing is left behind when the future is dropped.
pub(crate) async fn connect(socket: &Path, limit: Duration) -> Result<UnixStream, Reason> {
    let deadline = Instant::now() + limit;
    let mut pause = PAUSES.0;
    loop {
        match timeout_at(deadline, UnixStream::connect(socket)).await {
            Ok(Ok(stream)) => return Ok(stream),
            // A Unix socket whose queue of new connections is full refuses at once instead of waiting.
            Ok(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                if Instant::now() + pause >= deadline {
                    return Err(Reason::Timeout(limit));
                }
                sleep_until(Instant::now() + pause).await;
                pause = (pause * 2).min(PAUSES.1);
            }
            Ok(Err(error)) => return Err(Reason::Io(error)),
            Err(_) => return Err(Reason::Timeout(limit)),
        }
    }
}
