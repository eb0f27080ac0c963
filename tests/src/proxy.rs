//! A proxy in front of an engine that writes down the requests that pass through it.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tempfile::TempDir;

use crate::engine::Engine;
use crate::harness::TestResult;

/// A socket of its own that leads to an engine. Its threads end with their connections.
#[derive(Debug)]
pub struct Proxy {
    folder: TempDir,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Puts a proxy in front of an engine.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn start(engine: &Engine) -> TestResult<Self> {
        let folder = TempDir::with_prefix("wharf-proxy-")?;
        let listener = UnixListener::bind(folder.path().join("engine.sock"))?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let target = engine.socket.clone();
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (target, log) = (target.clone(), Arc::clone(&log));
                thread::spawn(move || forward(client, &target, &log));
            }
        });
        Ok(Self { folder, requests })
    }

    /// The proxy's address for `--host`.
    #[must_use]
    pub fn host(&self) -> String {
        format!("unix://{}", self.folder.path().join("engine.sock").display())
    }

    /// The request lines so far, without the protocol version.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn forward(client: UnixStream, target: &Path, log: &Mutex<Vec<String>>) {
    let Ok(engine) = UnixStream::connect(target) else { return };
    let (Ok(client_out), Ok(engine_in)) = (client.try_clone(), engine.try_clone()) else { return };
    let back = thread::spawn(move || copy(engine_in, client_out, |_| ()));
    copy(client, engine, |bytes| {
        for line in String::from_utf8_lossy(bytes).lines() {
            if let Some(request) = line.strip_suffix(" HTTP/1.1") {
                log.lock().unwrap_or_else(PoisonError::into_inner).push(request.to_owned());
            }
        }
    });
    let _ = back.join();
}

/// Copies until the end, or until one side is gone; the other side sees the end, too.
fn copy(mut from: UnixStream, mut to: UnixStream, mut seen: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut buffer) {
        if count == 0 {
            break;
        }
        seen(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
