//! A Podman service of our own, where none runs.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::Instant;

/// How long the service may take until it listens. The first start on a machine makes the image store.
const START_TIMEOUT: Duration = Duration::from_secs(20);
/// How long the service may take to end before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
/// Time between two looks at it.
const STEP: Duration = Duration::from_millis(10);
/// Seconds after which the service ends by itself when nobody is connected any more.
const IDLE_SECONDS: u32 = 5;
/// A request without an end: nothing has this label. As long as it is open the service counts as in use; the
/// kernel closes it with this process, however that ends.
const LIFELINE: &[u8] =
    b"GET /v4.0.0/libpod/events?stream=true&filters=%7B%22label%22%3A%5B%22org.wharf.never%22%5D%7D \
    HTTP/1.1\r\nHost: localhost\r\n\r\n";
/// How much of what the service said last goes into an error.
const MAX_OUTPUT: u64 = 1 << 10;

/// A running service. Dropping it ends the service; containers run on.
#[derive(Debug)]
pub(crate) struct OwnService {
    child: Child,
    lifeline: Option<UnixStream>,
    socket: PathBuf,
    folder: tempfile::TempDir,
}

impl OwnService {
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// The end of what the service said.
    fn output(&self) -> String {
        let mut text = Vec::new();
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(self.folder.path().join("output"))?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(MAX_OUTPUT)))?;
            file.take(MAX_OUTPUT).read_to_end(&mut text)?;
            Ok(text)
        };
        read().map(|text| String::from_utf8_lossy(&text).trim().to_owned()).unwrap_or_default()
    }

    /// Opens the connection that keeps the service alive; `false` when it does not listen yet.
    fn hold(&mut self) -> bool {
        let open = || -> io::Result<UnixStream> {
            let mut stream = UnixStream::connect(&self.socket)?;
            stream.write_all(LIFELINE)?;
            Ok(stream)
        };
        self.lifeline = open().ok();
        self.lifeline.is_some()
    }

    fn end(&mut self) {
        self.lifeline = None;
        // A child that was not waited for keeps its number, so the signal cannot hit another process.
        if let Ok(None) = self.child.try_wait()
            && let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
        {
            // One that has just ended needs no signal.
            let _ = kill_process(pid, Signal::TERM);
        }
        let deadline = std::time::Instant::now() + STOP_TIMEOUT;
        while let Ok(None) = self.child.try_wait() {
            if std::time::Instant::now() >= deadline {
                // As above.
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            std::thread::sleep(STEP);
        }
    }
}

impl Drop for OwnService {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a service and waits until it listens; the error is why it does not.
///
/// # Cancel safety
/// The service is ended.
pub(crate) async fn start(program: &Path) -> Result<OwnService, String> {
    let mut service =
        spawn(program).map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
    let deadline = Instant::now() + START_TIMEOUT;
    let mut pause = STEP;
    loop {
        if service.hold() {
            return Ok(service);
        }
        if let Ok(Some(status)) = service.child.try_wait() {
            return Err(format!("`podman system service` ended with {status}: {}", service.output()));
        }
        if Instant::now() >= deadline {
            let seconds = START_TIMEOUT.as_secs();
            return Err(format!(
                "`podman system service` did not listen within {seconds} s: {}",
                service.output()
            ));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
}

fn spawn(program: &Path) -> io::Result<OwnService> {
    let folder = tempfile::Builder::new()
        .prefix("wharf-podman-")
        .permissions(std::fs::Permissions::from_mode(0o700))
        .tempdir()?;
    let socket = folder.path().join("podman.sock");
    let output = File::create(folder.path().join("output"))?;
    let child = Command::new(program)
        .args([
            "system",
            "service",
            &format!("--time={IDLE_SECONDS}"),
            &format!("unix://{}", socket.display()),
        ])
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        // A Ctrl-C is meant for us: we need the service to stop what runs.
        .process_group(0)
        .spawn()?;
    Ok(OwnService { child, lifeline: None, socket, folder })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An executable script, written by another process. Were it written here, a process that
    /// another test starts meanwhile could hold the open file for a moment, and a file that is open
    /// for writing cannot be executed ("Text file busy").
    fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("podman");
        let written = Command::new("sh")
            .args(["-c", "printf %s \"$1\" > \"$0\" && chmod 755 \"$0\""])
            .arg(&path)
            .arg(text)
            .status()
            .unwrap();
        assert!(written.success(), "the script is not written: {written}");
        path
    }

    #[tokio::test]
    async fn a_service_that_ends_at_once_tells_why() {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), "#!/bin/sh\necho 'no space left' >&2\nexit 125\n");
        let error = start(&program).await.unwrap_err();
        assert!(error.contains("125") && error.contains("no space left"), "{error}");
    }

    #[tokio::test]
    async fn a_program_that_cannot_be_started_tells_why() {
        let error = start(Path::new("/nonexistent/podman")).await.unwrap_err();
        assert!(error.contains("/nonexistent/podman cannot be started"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_never_listens_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), "#!/bin/sh\nexec sleep 600\n");
        let error = start(&program).await.unwrap_err();
        assert!(error.contains("did not listen within 20 s"), "{error}");
    }

    #[test]
    fn a_service_that_is_dropped_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), "#!/bin/sh\nexec sleep 600\n");
        let service = spawn(&program).unwrap();
        let process = PathBuf::from(format!("/proc/{}", service.child.id()));
        assert!(process.exists());
        drop(service);
        assert!(!process.exists(), "{} still runs", process.display());
    }
}
