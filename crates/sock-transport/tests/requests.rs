//! Whole answers: what is sent, what comes back, and how connections are shared.
#![allow(clippy::unwrap_used, reason = "tests and their helpers")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use sock_transport::{Client, Config, Phase};
use support::{DoThing, Engine, GetBytes, GetNumber, Numbers, Start, answer, numbers};
use tokio::sync::{Semaphore, mpsc};

/// Gives every connection the same answer, and sends the requests to the test.
fn echo(reply: Vec<u8>) -> (Engine, mpsc::UnboundedReceiver<support::Request>) {
    let (tx, rx) = mpsc::unbounded_channel();
    let engine = Engine::start(move |mut peer| {
        let (tx, reply) = (tx.clone(), reply.clone());
        async move {
            while let Some(request) = peer.request().await {
                if tx.send(request).is_ok() {
                    peer.write(&reply).await;
                }
            }
        }
    });
    (engine, rx)
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let engine = Engine::start(numbers);
    let client = engine.client();
    for round in 0..100 {
        assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7, "round {round}");
        assert_eq!(client.send(&DoThing::new("x")).await.unwrap(), 7, "round {round}");
    }
    assert_eq!(engine.accepted(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_shared_between_tasks() {
    let engine = Engine::start(numbers);
    let client = Client::with_config(engine.socket(), Config::default().with_max_connections(3));
    let tasks = (0..200).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.send(&GetNumber::new()).await.unwrap() })
    });
    assert!(join_all(tasks).await.into_iter().all(|n| n.unwrap() == 7));
    assert!(engine.accepted() <= 3, "{} connections", engine.accepted());
}

#[tokio::test]
async fn the_request_line_and_the_headers() {
    let (engine, mut seen) = echo(answer("200 OK", "", "1"));
    let client = engine.client().with_prefix("/v1.44");
    let call = DoThing::new("a b").with_auth("c2VjcmV0");
    assert_eq!(client.send(&call).await.unwrap(), 1);
    let head = seen.recv().await.unwrap().head.to_ascii_lowercase();
    assert!(head.starts_with("post /v1.44/things/a%20b/do http/1.1\r\n"), "{head}");
    for line in ["host: localhost", "content-length: 0", "x-registry-auth: c2vjcmv0"] {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{line} is not in {head}");
    }
    assert_eq!((client.prefix(), client.socket()), ("/v1.44", engine.socket().as_path()));

    assert_eq!(client.with_prefix("").send(&GetNumber::new()).await.unwrap(), 1);
    let head = seen.recv().await.unwrap().head.to_ascii_lowercase();
    assert!(head.starts_with("get /number http/1.1\r\n"), "{head}");
    assert!(!head.contains("content-length") && !head.contains("accept"), "{head}");
}

#[tokio::test]
async fn the_bound_on_connections_holds_and_turns_are_fair() {
    let gate = Arc::new(Semaphore::new(0));
    let (at_work, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (entered, mut entries) = mpsc::unbounded_channel();
    let engine = {
        let (gate, at_work, most) = (Arc::clone(&gate), Arc::clone(&at_work), Arc::clone(&most));
        Engine::start(move |mut peer| {
            let (gate, at_work, most) = (Arc::clone(&gate), Arc::clone(&at_work), Arc::clone(&most));
            let entered = entered.clone();
            async move {
                while let Some(request) = peer.request().await {
                    if request.head.contains("/bytes") {
                        peer.write(answer("200 OK", "", "")).await;
                        continue;
                    }
                    let now = at_work.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    entered.send(request.head.split(' ').nth(1).unwrap().to_owned()).unwrap();
                    gate.acquire().await.unwrap().forget();
                    at_work.fetch_sub(1, Ordering::SeqCst);
                    peer.write(answer("200 OK", "", "7")).await;
                }
            }
        })
    };
    let client = Client::with_config(engine.socket(), Config::default().with_max_connections(2));
    let calls: Vec<_> = (0..10).map(|n| DoThing::new(n.to_string())).collect();
    let all = join_all(calls.iter().map(|call| client.send(call)));
    let control = async {
        let mut order = Vec::new();
        for _ in 0..10 {
            order.push(entries.recv().await.unwrap());
            // A stream is not held up by the bound.
            if order.len() == 2 {
                client.stream(&GetBytes::new()).await.unwrap();
            }
            if order.len() >= 2 {
                gate.add_permits(1);
            }
        }
        gate.add_permits(1);
        order
    };
    let (answers, order) = tokio::join!(all, control);
    assert!(answers.into_iter().all(|n| n.unwrap() == 7));
    assert_eq!(most.load(Ordering::SeqCst), 2);
    assert_eq!(engine.accepted(), 3, "two in turn, and the stream");
    assert!(order[2..].is_sorted(), "first come, first served: {order:?}");
}

#[tokio::test]
async fn refusals_name_the_request_and_leave_the_connection_usable() {
    let (engine, _seen) = echo(answer("404 Not Found", "", "{\"message\":\"No such thing: x\"}\n"));
    let client = engine.client().with_prefix("/v1.44");
    for _ in 0..3 {
        let error = client.send(&GetNumber::new().with_secret("hunter2")).await.unwrap_err();
        assert!(error.is_not_found() && !error.is_conflict() && !error.is_timeout() && !error.is_connect());
        assert_eq!((error.status(), error.phase()), (Some(404), Phase::Status));
        assert_eq!((error.method().as_str(), error.path()), ("GET", "/v1.44/number"));
        assert_eq!(error.engine_message(), Some("No such thing: x"));
        assert_eq!(error.to_string(), "GET /v1.44/number: 404 Not Found: No such thing: x");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
    assert_eq!(engine.accepted(), 1);
    // The other ways to ask see the same refusal.
    assert!(client.stream(&GetBytes::new()).await.unwrap_err().is_not_found());
    assert!(client.json_stream(&Numbers::new()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_refusal_by_libpod_gives_its_cause() {
    let body = "{\"cause\":\"that name is in use\",\"message\":\"creating x: that name is in use\",\"response\":409}";
    let (engine, _seen) = echo(answer("409 Conflict", "", body));
    let error = engine.client().send(&DoThing::new("x")).await.unwrap_err();
    assert!(error.is_conflict());
    assert_eq!(error.cause(), Some("that name is in use"));
    assert_eq!(
        error.to_string(),
        "POST /things/x/do: 409 Conflict: creating x: that name is in use",
        "the cause is not said twice"
    );
}

#[tokio::test]
async fn the_text_of_a_refusal_is_bounded() {
    let (engine, _seen) = echo(answer("500 Internal Server Error", "", &"x".repeat(1 << 20)));
    let client = engine.client();
    for _ in 0..2 {
        let error = client.send(&GetNumber::new()).await.unwrap_err();
        assert_eq!(error.engine_message().map(str::len), Some(64 << 10));
    }
    assert_eq!(engine.accepted(), 2, "a connection with unread bytes on it is not used again");
}

#[tokio::test]
async fn an_answer_over_the_limit_is_refused() {
    let (engine, _seen) = echo(answer("200 OK", "", &format!("{}7", " ".repeat(1000))));
    let config = Config::default().with_max_body(1000);
    let error = Client::with_config(engine.socket(), config).send(&GetNumber::new()).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Body);
    assert!(error.to_string().contains("1000 bytes"), "{error}");
    let config = Config::default().with_max_body(1001);
    assert_eq!(Client::with_config(engine.socket(), config).send(&GetNumber::new()).await.unwrap(), 7);
}

#[tokio::test]
async fn answers_without_a_body() {
    let engine = Engine::start(async |mut peer: support::Peer| {
        for reply in ["204 No Content\r\nApi-Version: 1.44", "304 Not Modified", "304 Not Modified"] {
            peer.request().await.unwrap();
            peer.write(format!("HTTP/1.1 {reply}\r\n\r\n")).await;
        }
    });
    let client = engine.client();
    let response = client.send_response(&Start::new()).await.unwrap();
    assert_eq!((response.status(), response.is_not_modified()), (204, false));
    assert_eq!((response.header("API-version"), response.header("x")), (Some("1.44"), None));
    let response = client.send_response(&Start::new()).await.unwrap();
    assert!(response.is_not_modified());
    let error = client.send(&DoThing::new("x")).await.unwrap_err();
    assert!(error.is_not_modified(), "where the endpoint does not list it, 304 is no success: {error}");
    assert_eq!(engine.accepted(), 1);
}

#[tokio::test]
async fn an_answer_in_chunks_is_put_together() {
    let engine = Engine::start(async |mut peer: support::Peer| {
        while peer.request().await.is_some() {
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n").await;
            peer.write("2\r\n23\r\n0\r\n\r\n").await;
        }
    });
    let client = engine.client();
    for _ in 0..3 {
        assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 123);
    }
    assert_eq!(engine.accepted(), 1);
}

#[tokio::test]
async fn an_answer_of_another_shape_is_an_error_without_its_values() {
    let (engine, _seen) = echo(answer("200 OK", "", "\"hunter2\""));
    let error = engine.client().send(&GetNumber::new()).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Decode);
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("expected u32") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn bytes_behind_an_answer_are_never_taken_for_the_next_one() {
    let engine = Engine::start(async |mut peer: support::Peer| {
        let own = if peer.number == 0 { "1" } else { "2" };
        while peer.request().await.is_some() {
            peer.write([answer("200 OK", "", own), answer("200 OK", "", "666")].concat()).await;
        }
    });
    let client = engine.client();
    assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 1);
    assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_refused_without_its_value() {
    let client = Client::unix("/nowhere");
    let error = client.send(&DoThing::new("x").with_auth("hunter2\r\nX: y")).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Send);
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_an_error() {
    let (engine, _seen) = echo(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec());
    let error = engine.client().send(&GetNumber::new()).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Headers);
    assert!(!error.is_disconnected() && !error.is_connect(), "{error}");
}

#[test]
fn everything_can_move_between_threads() {
    fn check<T: Send + Unpin>() {}
    fn send<T: Send>(_: &T) {}
    check::<sock_transport::ByteStream>();
    check::<sock_transport::JsonStream<u32>>();
    check::<sock_transport::FrameStream>();
    check::<sock_transport::Hijacked>();
    let client = Client::unix("/nowhere");
    send(&client.send(&GetNumber::new()));
    send(&client.stream_with_body(&GetBytes::new(), vec![]));
    send(&client.hijack(&GetBytes::new()));
}
