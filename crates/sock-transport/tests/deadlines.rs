//! Deadlines, and engines that are not there.
#![allow(clippy::unwrap_used, reason = "tests and their helpers")]

mod support;

use std::io;
use std::os::unix::net::UnixStream as StdStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use sock_transport::{Client, Config, Phase, RequestBody};
use support::{Attach, DoThing, Engine, GetBytes, GetNumber, Peer, Upload, answer, numbers};
use tokio::time::{Instant, sleep};

/// Reads requests and never answers.
async fn silent(mut peer: Peer) {
    peer.rest().await;
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_does_not_answer() {
    let engine = Engine::start(silent);
    let start = Instant::now();
    let error = engine.client().send(&GetNumber::new()).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_disconnected(), "{error}");
    assert_eq!(error.phase(), Phase::Headers);
    assert_eq!(start.elapsed().as_secs(), 60, "the default");
    assert_eq!(error.to_string(), "GET /number: the engine did not answer within 60s");
    assert_eq!(engine.accepted(), 1, "a deadline is no reason to ask again");

    let quick = engine.client().with_header_timeout(Duration::from_secs(2));
    for what in ["send", "stream", "hijack"] {
        let start = Instant::now();
        let error = match what {
            "send" => quick.send(&DoThing::new("x")).await.unwrap_err(),
            "stream" => quick.stream(&GetBytes::new()).await.unwrap_err(),
            _ => quick.hijack(&Attach::new(vec![])).await.unwrap_err(),
        };
        assert!(error.is_timeout(), "{what}: {error}");
        assert_eq!(start.elapsed().as_secs(), 2, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_deadline_lasts_and_takes_no_turn() {
    let engine = Engine::start(async |mut peer: Peer| {
        while let Some(request) = peer.request().await {
            if request.head.starts_with("POST") {
                sleep(Duration::from_secs(3600)).await;
            }
            peer.write(answer("200 OK", "", "7")).await;
        }
    });
    let client = Client::with_config(engine.socket(), Config::default().with_max_connections(1));
    let patient = client.with_header_timeout(None);
    let call = DoThing::new("wait");
    let (waited, ()) = tokio::join!(patient.send(&call), async {
        for _ in 0..5 {
            assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7);
        }
    });
    assert_eq!(waited.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_pauses_in_its_answer() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n").await;
        for _ in 0..5 {
            sleep(Duration::from_secs(9)).await;
            peer.write(" ").await;
        }
        peer.rest().await;
    });
    let config = Config::default().with_idle_body_timeout(Duration::from_secs(10));
    let start = Instant::now();
    let error = Client::with_config(engine.socket(), config).send(&GetNumber::new()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.phase(), Phase::Body);
    assert_eq!(start.elapsed().as_secs(), 55, "the deadline is for a pause, not for the whole");
    assert!(error.to_string().contains("paused for 10s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_may_pause_for_as_long_as_it_likes() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write("HTTP/1.1 200 OK\r\n\r\n").await;
        sleep(Duration::from_secs(86_400)).await;
        peer.write("at last").await;
    });
    let stream = engine.client().stream(&GetBytes::new()).await.unwrap();
    let pieces: Vec<_> = stream.map(Result::unwrap).collect().await;
    assert_eq!(pieces, ["at last"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_explanation_does_not_come_is_still_a_refusal() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write("HTTP/1.1 409 Conflict\r\nContent-Length: 100\r\n\r\n{").await;
        peer.rest().await;
    });
    let client = engine.client();
    assert!(client.send(&GetNumber::new()).await.unwrap_err().is_conflict());
    assert!(client.stream(&GetBytes::new()).await.unwrap_err().is_conflict());
    assert!(client.hijack(&Attach::new(vec![])).await.unwrap_err().is_conflict());
}

/// An upload whose source pauses between its pieces.
fn slow_body(pieces: usize, pause: Duration) -> RequestBody {
    RequestBody::from_stream(stream::iter(0..pieces).then(move |_| async move {
        sleep(pause).await;
        Ok::<_, io::Error>(Bytes::from_static(b"piece"))
    }))
}

#[tokio::test(start_paused = true)]
async fn the_engines_time_does_not_run_while_the_callers_data_is_slow() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        sleep(Duration::from_secs(50)).await;
        peer.write(answer("200 OK", "", "ok")).await;
    });
    let body = slow_body(3, Duration::from_secs(500));
    assert_eq!(engine.client().send_with_body(&Upload::new(), body).await.unwrap(), "ok");
}

#[tokio::test(start_paused = true)]
async fn the_engines_time_runs_from_the_end_of_the_upload() {
    let engine = Engine::start(silent);
    let start = Instant::now();
    let body = slow_body(2, Duration::from_secs(100));
    let error = engine.client().send_with_body(&Upload::new(), body).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(start.elapsed().as_secs(), 260);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_stops_reading_an_upload() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.head().await.unwrap();
        sleep(Duration::from_secs(1_000_000)).await;
    });
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let endless = stream::repeat_with(move || {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(Bytes::from_static(&[0; 64 << 10]))
    });
    let body = RequestBody::from_stream(endless);
    let start = Instant::now();
    let error = engine.client().send_with_body(&Upload::new(), body).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(start.elapsed().as_secs(), 60);
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked < 64, "{asked} pieces of 64 KiB were taken from the caller with nobody to read them");
}

#[tokio::test]
async fn no_engine() {
    let directory = tempfile::tempdir().unwrap();
    let missing = Client::unix(directory.path().join("missing"));
    // A socket that nobody listens on: what a killed engine leaves behind.
    let dead = directory.path().join("dead");
    drop(std::os::unix::net::UnixListener::bind(&dead).unwrap());
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    for client in [missing, Client::unix(dead), Client::unix(file)] {
        let errors = [
            client.send(&GetNumber::new()).await.unwrap_err(),
            client.stream(&GetBytes::new()).await.unwrap_err(),
            client.hijack(&Attach::new(vec![])).await.unwrap_err(),
        ];
        for error in errors {
            assert!(error.is_connect() && !error.is_disconnected() && !error.is_timeout(), "{error}");
            assert_eq!((error.phase(), error.status()), (Phase::Connect, None));
            assert!(error.to_string().contains("cannot connect to the engine's socket"), "{error}");
        }
    }
}

#[tokio::test]
async fn an_engine_that_went_away_between_two_requests() {
    let mut engine = Engine::start(numbers);
    let client = engine.client();
    client.send(&GetNumber::new()).await.unwrap();
    engine.stop().await;
    assert!(client.send(&GetNumber::new()).await.unwrap_err().is_connect());
    assert!(client.send(&DoThing::new("x")).await.unwrap_err().is_connect());
}

/// A socket that holds one connection that was not accepted, and has no room for another.
fn full_socket() -> (tempfile::TempDir, std::os::unix::net::UnixListener, Vec<StdStream>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let address = rustix::net::SocketAddrUnix::new(&path).unwrap();
    let mut waiting = Vec::new();
    loop {
        let socket = rustix::net::socket_with(
            rustix::net::AddressFamily::UNIX,
            rustix::net::SocketType::STREAM,
            rustix::net::SocketFlags::NONBLOCK,
            None,
        )
        .unwrap();
        match rustix::net::connect(&socket, &address) {
            Ok(()) => waiting.push(StdStream::from(socket)),
            Err(error) => {
                assert_eq!(error, rustix::io::Errno::AGAIN);
                return (directory, listener, waiting);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_too_busy_to_accept() {
    let (directory, _listener, _waiting) = full_socket();
    let client = Client::unix(directory.path().join("s"));
    let start = Instant::now();
    let error = client.send(&GetNumber::new()).await.unwrap_err();
    assert!(error.is_timeout() && error.is_connect(), "{error}");
    assert_eq!(start.elapsed().as_millis().div_ceil(100), 50, "5 s: the default");
}

#[tokio::test]
async fn a_full_queue_is_waited_for() {
    let (directory, listener, waiting) = full_socket();
    let client = Client::unix(directory.path().join("s"));
    let server = async {
        // Begin to accept only once the client has found the queue full.
        tokio::task::yield_now().await;
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::UnixListener::from_std(listener).unwrap();
        for _ in &waiting {
            drop(listener.accept().await.unwrap());
        }
        let (stream, _) = listener.accept().await.unwrap();
        stream.writable().await.unwrap();
        let reply = answer("200 OK", "", "7");
        assert_eq!(stream.try_write(&reply).unwrap(), reply.len());
        stream
    };
    let call = GetNumber::new();
    let (number, _stream) = tokio::join!(client.send(&call), server);
    assert_eq!(number.unwrap(), 7);
}
