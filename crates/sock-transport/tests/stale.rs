//! The race between a kept-alive connection and an engine that closes it.
#![allow(clippy::unwrap_used, reason = "tests and their helpers")]

mod support;

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream as StdStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use sock_transport::{Client, Config, Phase};
use support::{DoThing, Engine, GetNumber, Peer, answer, numbers};
use tokio::sync::{Notify, mpsc};
use tokio::time::advance;

const POST: fn() -> DoThing = || DoThing::new("x");

/// Answers once, and closes; with notice or without.
fn once(notice: bool) -> impl Fn(Peer) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    let header = if notice { "Connection: close\r\n" } else { "" };
    move |mut peer| {
        Box::pin(async move {
            if peer.request().await.is_some() {
                peer.write(answer("200 OK", header, "7")).await;
            }
        })
    }
}

#[tokio::test]
async fn the_engine_closes_after_each_answer() {
    for notice in [true, false] {
        let engine = Engine::start(once(notice));
        let client = engine.client();
        for round in 0..50 {
            assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7, "GET {round}, notice: {notice}");
            assert_eq!(client.send(&POST()).await.unwrap(), 7, "POST {round}, notice: {notice}");
        }
        assert_eq!(engine.accepted(), 100);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_engine_closes_after_each_answer_from_another_thread() {
    let engine = Engine::start(once(true));
    let client = engine.client();
    for round in 0..200 {
        assert_eq!(client.send(&POST()).await.unwrap(), 7, "POST {round}");
    }
    // Without notice only a reading request can be sure to get through.
    let engine = Engine::start(once(false));
    let client = engine.client();
    for round in 0..200 {
        assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7, "GET {round}");
    }
}

#[tokio::test]
async fn the_engine_restarts_while_connections_are_idle() {
    let mut engine = Engine::start(numbers);
    let client = engine.client();
    for round in 0..20 {
        assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7, "before {round}");
        engine = engine.restart(numbers).await;
        if round % 2 == 0 {
            assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7, "GET {round}");
        } else {
            assert_eq!(client.send(&POST()).await.unwrap(), 7, "POST {round}");
        }
        assert_eq!(engine.accepted(), 1);
    }
}

/// Answers the first request of the first connection; closes it when the second has been read, so that
/// the client cannot know whether it was begun. Counts what it was asked to do.
fn closes_on_the_second(requests: &Arc<AtomicUsize>, dies: bool) -> Engine {
    let requests = Arc::clone(requests);
    Engine::start(move |mut peer| {
        let requests = Arc::clone(&requests);
        async move {
            while peer.request().await.is_some() {
                let count = requests.fetch_add(1, Ordering::SeqCst) + 1;
                if count == 2 || (dies && count > 2) {
                    return;
                }
                peer.write(answer("200 OK", "", "7")).await;
            }
        }
    })
}

#[tokio::test]
async fn a_reading_request_is_sent_once_more() {
    let requests = Arc::default();
    let engine = closes_on_the_second(&requests, false);
    let client = engine.client();
    client.send(&GetNumber::new()).await.unwrap();
    assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7);
    assert_eq!((requests.load(Ordering::SeqCst), engine.accepted()), (3, 2));
}

#[tokio::test]
async fn but_only_once() {
    let requests = Arc::default();
    let engine = closes_on_the_second(&requests, true);
    let client = engine.client();
    client.send(&GetNumber::new()).await.unwrap();
    let error = client.send(&GetNumber::new()).await.unwrap_err();
    assert!(error.is_disconnected() && !error.is_connect(), "{error}");
    assert_eq!((error.phase(), error.status()), (Phase::Headers, None));
    assert_eq!(requests.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn and_on_a_fresh_connection_even_if_others_are_idle() {
    let requests = Arc::new(AtomicUsize::new(0));
    let engine = {
        let requests = Arc::clone(&requests);
        Engine::start(move |mut peer| {
            let requests = Arc::clone(&requests);
            async move {
                while peer.request().await.is_some() {
                    // All but the first request of each connection come to nothing.
                    if requests.fetch_add(1, Ordering::SeqCst) >= 3 && peer.number < 3 {
                        return;
                    }
                    peer.write(answer("200 OK", "", "7")).await;
                }
            }
        })
    };
    let (client, call) = (engine.client(), GetNumber::new());
    for result in join_all((0..3).map(|_| client.send(&call))).await {
        assert_eq!(result.unwrap(), 7);
    }
    assert_eq!(engine.accepted(), 3);
    assert_eq!(client.send(&call).await.unwrap(), 7);
    assert_eq!((requests.load(Ordering::SeqCst), engine.accepted()), (5, 4));
}

#[tokio::test]
async fn a_request_that_may_have_been_begun_is_not_sent_again() {
    let requests = Arc::default();
    let engine = closes_on_the_second(&requests, false);
    let client = engine.client();
    client.send(&POST()).await.unwrap();
    let error = client.send(&POST()).await.unwrap_err();
    assert!(error.is_disconnected(), "{error}");
    assert_eq!(error.phase(), Phase::Headers);
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    assert_eq!(client.send(&POST()).await.unwrap(), 7, "the next request is not troubled");
}

#[tokio::test]
async fn an_answer_that_broke_off_is_not_asked_for_again() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write(answer("200 OK", "", "7")).await;
        peer.request().await.unwrap();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1").await;
    });
    let client = engine.client();
    client.send(&GetNumber::new()).await.unwrap();
    let error = client.send(&GetNumber::new()).await.unwrap_err();
    assert!(error.is_disconnected(), "{error}");
    assert_eq!((error.phase(), engine.accepted()), (Phase::Body, 1));
}

#[tokio::test]
async fn a_fresh_connection_that_breaks_is_no_stale_one() {
    let engine = Engine::start(async |mut peer: Peer| drop(peer.request().await));
    let error = engine.client().send(&GetNumber::new()).await.unwrap_err();
    assert!(error.is_disconnected(), "{error}");
    assert_eq!(engine.accepted(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_changes_something_does_not_trust_a_connection_that_was_idle_for_long() {
    let engine = Engine::start(numbers);
    let client = engine.client();
    client.send(&POST()).await.unwrap();
    advance(Duration::from_millis(900)).await;
    client.send(&POST()).await.unwrap();
    assert_eq!(engine.accepted(), 1);
    advance(Duration::from_millis(1100)).await;
    client.send(&GetNumber::new()).await.unwrap();
    assert_eq!(engine.accepted(), 1, "a reading request may try");
    advance(Duration::from_millis(1100)).await;
    client.send(&POST()).await.unwrap();
    assert_eq!(engine.accepted(), 2);
}

/// Answers with numbers, and says when a connection ends.
fn tells_its_end() -> (Engine, mpsc::UnboundedReceiver<usize>) {
    let (tx, rx) = mpsc::unbounded_channel();
    let engine = Engine::start(move |peer: Peer| {
        let (tx, number) = (tx.clone(), peer.number);
        async move {
            numbers(peer).await;
            tx.send(number).unwrap();
        }
    });
    (engine, rx)
}

#[tokio::test(start_paused = true)]
async fn idle_connections_count_towards_the_bound() {
    let (engine, mut ends) = tells_its_end();
    let client = Client::with_config(engine.socket(), Config::default().with_max_connections(1));
    client.send(&POST()).await.unwrap();
    advance(Duration::from_secs(2)).await;
    client.send(&POST()).await.unwrap();
    assert_eq!(engine.accepted(), 2);
    assert_eq!(ends.recv().await, Some(0), "the idle one had to make room");
    client.send(&GetNumber::new()).await.unwrap();
    assert_eq!(engine.accepted(), 2, "the other one is kept");
}

#[tokio::test(start_paused = true)]
async fn connections_that_broke_do_not_count_towards_the_bound() {
    let engine = Engine::start(async |mut peer: Peer| match peer.number {
        0..5 => drop(peer.request().await),
        _ => numbers(peer).await,
    });
    let client = Client::with_config(engine.socket(), Config::default().with_max_connections(2));
    let call = GetNumber::new();
    for _ in 0..5 {
        assert!(client.send(&call).await.unwrap_err().is_disconnected());
    }
    client.send(&POST()).await.unwrap();
    advance(Duration::from_secs(2)).await;
    client.send(&POST()).await.unwrap();
    assert_eq!(engine.accepted(), 7);
    let (one, two) = tokio::join!(client.send(&call), client.send(&call));
    assert_eq!((one.unwrap(), two.unwrap()), (7, 7));
    assert_eq!(engine.accepted(), 7, "there was room to keep both");
}

/// Reads one request, which has no body, and answers it.
fn serve_one(stream: &mut StdStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        request.extend_from_slice(&byte);
    }
    stream.write_all(&answer("200 OK", "", "7")).unwrap();
}

#[tokio::test]
async fn the_end_of_a_connection_is_seen_before_the_runtime_is_told_of_it() {
    // The engine has said its last word but still listens, as it does when it closes gently: what is
    // written now is taken, and comes to nothing.
    let directory = tempfile::tempdir().unwrap();
    let listener = std::os::unix::net::UnixListener::bind(directory.path().join("s")).unwrap();
    let (answered, close) = std::sync::mpsc::channel();
    let (closed, has_closed) = std::sync::mpsc::channel();
    let engine = std::thread::spawn(move || {
        let (mut first, _) = listener.accept().unwrap();
        serve_one(&mut first);
        close.recv().unwrap();
        first.shutdown(std::net::Shutdown::Write).unwrap();
        closed.send(()).unwrap();
        let (mut second, _) = listener.accept().unwrap();
        serve_one(&mut second);
        let mut more = Vec::new();
        first.read_to_end(&mut more).unwrap();
        more
    });
    let client = Client::unix(directory.path().join("s"));
    assert_eq!(client.send(&POST()).await.unwrap(), 7);
    answered.send(()).unwrap();
    // Blocks this thread and with it the runtime, which therefore learns nothing.
    has_closed.recv().unwrap();
    assert_eq!(client.send(&POST()).await.unwrap(), 7);
    drop(client);
    assert_eq!(engine.join().unwrap(), b"", "nothing was sent on the ended connection");
}

#[tokio::test]
async fn bytes_that_nobody_asked_for_end_an_idle_connection() {
    let (say, said) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let engine = {
        let (say, said) = (Arc::clone(&say), Arc::clone(&said));
        Engine::start(move |mut peer| {
            let (say, said) = (Arc::clone(&say), Arc::clone(&said));
            async move {
                peer.request().await.unwrap();
                peer.write(answer("200 OK", "", "7")).await;
                say.notified().await;
                peer.write(answer("408 Request Timeout", "", "")).await;
                said.notify_one();
                peer.rest().await;
            }
        })
    };
    let client = engine.client();
    client.send(&POST()).await.unwrap();
    say.notify_one();
    said.notified().await;
    assert_eq!(client.send(&POST()).await.unwrap(), 7);
    assert_eq!(engine.accepted(), 2);
}

#[test]
fn a_client_outlives_the_runtime_it_was_used_in() {
    let server = tokio::runtime::Runtime::new().unwrap();
    let engine = server.block_on(async { Engine::start(numbers) });
    let client = engine.client();
    for _ in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(client.send(&POST())).unwrap(), 7);
    }
}
