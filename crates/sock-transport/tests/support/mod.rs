//! A scripted engine on a Unix socket: each test says, byte by byte, what a connection gets to hear.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "helpers of tests; each file uses a part")]

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sock_transport::Client;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

http_endpoint::endpoint! {
    /// Reads a number.
    GET "/number" => json<u32>, [200];
    pub struct GetNumber {
        query {
            /// Part of the query.
            secret / with_secret: String = "secret"
        }
    }
}
http_endpoint::endpoint! {
    /// Does something once.
    POST "/things/{id}/do" => json<u32>, [200, 201];
    pub struct DoThing {
        path {
            /// Which.
            id
        }
        header {
            /// A credential.
            auth / with_auth = "X-Registry-Auth"
        }
    }
}
http_endpoint::endpoint! {
    /// Starts something.
    POST "/start" => none, [204, 304];
    pub struct Start {}
}
http_endpoint::endpoint! {
    /// Takes an upload.
    PUT "/upload" => text, [200];
    pub struct Upload {
        stream "application/x-tar"
    }
}
http_endpoint::endpoint! {
    /// Gives bytes.
    GET "/bytes" => raw, [200];
    pub struct GetBytes {}
}
http_endpoint::endpoint! {
    /// Gives frames.
    GET "/logs" => multiplexed, [200];
    pub struct Logs {}
}
http_endpoint::endpoint! {
    /// Gives numbers.
    GET "/events" => json_stream<u32>, [200];
    pub struct Numbers {}
}
http_endpoint::endpoint! {
    /// Hands over the connection.
    POST "/attach" => hijacked, [101, 200];
    pub struct Attach {
        json {
            /// What to do.
            body: Vec<u32>
        }
    }
}

/// An answer with a length.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A request as the engine saw it.
#[derive(Debug)]
pub struct Request {
    pub head: String,
    pub body: Vec<u8>,
}

/// One accepted connection.
pub struct Peer {
    pub stream: UnixStream,
    /// Counts from 0.
    pub number: usize,
    buffer: Vec<u8>,
}

impl Peer {
    async fn fill(&mut self) -> io::Result<bool> {
        Ok(self.stream.read_buf(&mut self.buffer).await? > 0)
    }

    /// Reads up to the end of a request's head; `None` when the client closes instead.
    pub async fn head(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                let head = self.buffer.drain(..at + 4).collect();
                return Some(String::from_utf8(head).unwrap());
            }
            if !self.fill().await.ok()? {
                return None;
            }
        }
    }

    /// Reads a whole request; `None` when the client closes instead.
    pub async fn request(&mut self) -> Option<Request> {
        let head = self.head().await?;
        let lower = head.to_ascii_lowercase();
        let body = if lower.contains("transfer-encoding: chunked") {
            loop {
                if let Some(at) = self.buffer.windows(5).position(|w| w == b"0\r\n\r\n") {
                    break self.buffer.drain(..at + 5).collect();
                }
                if !self.fill().await.ok()? {
                    return None;
                }
            }
        } else {
            let length = lower
                .split("content-length: ")
                .nth(1)
                .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
            while self.buffer.len() < length {
                if !self.fill().await.ok()? {
                    return None;
                }
            }
            self.buffer.drain(..length).collect()
        };
        Some(Request { head, body })
    }

    /// Writes; a client that closes in the middle is no error here.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    /// Reads until the client closes, be it in the middle of what it was told.
    pub async fn rest(&mut self) -> Vec<u8> {
        while self.fill().await.unwrap_or(false) {}
        std::mem::take(&mut self.buffer)
    }
}

/// The engine. Dropping it stops it and takes its socket away.
pub struct Engine {
    directory: Arc<tempfile::TempDir>,
    accepted: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Engine {
    /// Starts an engine that treats each connection as `script` says.
    pub fn start<F: Future<Output = ()> + Send + 'static>(
        script: impl Fn(Peer) -> F + Send + 'static,
    ) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().unwrap()), script)
    }

    fn start_in<F: Future<Output = ()> + Send + 'static>(
        directory: Arc<tempfile::TempDir>,
        script: impl Fn(Peer) -> F + Send + 'static,
    ) -> Self {
        let listener = UnixListener::bind(directory.path().join("s")).unwrap();
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&accepted);
        let task = tokio::spawn(async move {
            // Connections end with the engine.
            let mut peers = tokio::task::JoinSet::new();
            loop {
                tokio::select! {
                    stream = listener.accept() => {
                        let number = count.fetch_add(1, Ordering::SeqCst);
                        peers.spawn(script(Peer { stream: stream.unwrap().0, number, buffer: Vec::new() }));
                    }
                    // A script that failed takes the engine down, so that the test fails rather than waits.
                    Some(ended) = peers.join_next() => ended.unwrap(),
                }
            }
        });
        Self { directory, accepted, task }
    }

    /// Stops the engine with all its connections, and starts another on the same socket.
    pub async fn restart<F: Future<Output = ()> + Send + 'static>(
        mut self,
        script: impl Fn(Peer) -> F + Send + 'static,
    ) -> Self {
        self.stop().await;
        Self::start_in(Arc::clone(&self.directory), script)
    }

    /// Stops the engine with all its connections, and takes the socket away.
    pub async fn stop(&mut self) {
        self.task.abort();
        assert!((&mut self.task).await.unwrap_err().is_cancelled());
        std::fs::remove_file(self.socket()).unwrap();
    }

    pub fn socket(&self) -> PathBuf {
        let directory: &Path = self.directory.path();
        directory.join("s")
    }

    pub fn client(&self) -> Client {
        Client::unix(self.socket())
    }

    /// How many connections were accepted.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers every request with `200` and a number.
pub async fn numbers(mut peer: Peer) {
    while peer.request().await.is_some() {
        peer.write(answer("200 OK", "", "7")).await;
    }
}
