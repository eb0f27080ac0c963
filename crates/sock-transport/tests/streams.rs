//! Answers as they come: bytes, frames, JSON values; back-pressure and cancelling.
#![allow(clippy::unwrap_used, reason = "tests and their helpers")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt as _, poll};
use sock_transport::codec::StreamKind;
use sock_transport::{Client, Config, Phase};
use support::{Engine, GetBytes, GetNumber, Logs, Numbers, Peer, answer, numbers};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{Notify, mpsc};

http_endpoint::response! {
    /// Something that happened.
    pub struct Event {
        /// What.
        action: String = "Action",
        /// To what.
        labels: std::collections::BTreeMap<String, String> = "Labels",
    }
}
http_endpoint::endpoint! {
    /// Gives objects.
    GET "/events" => json_stream<Event>, [200];
    pub struct Events {}
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nX-Test: yes\r\nTransfer-Encoding: chunked\r\n\r\n";

/// An engine that gives each connection these bytes, and closes it.
fn says(bytes: impl Into<Vec<u8>>) -> Engine {
    let bytes = bytes.into();
    Engine::start(move |mut peer| {
        let bytes = bytes.clone();
        async move {
            peer.request().await.unwrap();
            peer.write(&bytes).await;
        }
    })
}

fn chunked(pieces: &[&str]) -> String {
    let mut out = CHUNKED.to_owned();
    for piece in pieces {
        out += &format!("{:x}\r\n{piece}\r\n", piece.len());
    }
    out
}

#[tokio::test]
async fn bytes_come_as_they_are_sent() {
    let (next, mut asked) = mpsc::unbounded_channel();
    let next_piece = Arc::new(Notify::new());
    let engine = {
        let next_piece = Arc::clone(&next_piece);
        Engine::start(move |mut peer| {
            let (next, next_piece) = (next.clone(), Arc::clone(&next_piece));
            async move {
                peer.request().await.unwrap();
                peer.write(CHUNKED).await;
                for piece in ["3\r\none\r\n", "3\r\ntwo\r\n", "0\r\n\r\n"] {
                    next_piece.notified().await;
                    peer.write(piece).await;
                }
                next.send(peer.rest().await).unwrap();
            }
        })
    };
    let mut stream = engine.client().stream(&GetBytes::new()).await.unwrap();
    assert_eq!((stream.status(), stream.header("x-test")), (200, Some("yes")));
    assert!(poll!(stream.next()).is_pending());
    for piece in ["one", "two"] {
        next_piece.notify_one();
        assert_eq!(stream.next().await.unwrap().unwrap(), piece);
        assert!(poll!(stream.next()).is_pending());
    }
    next_piece.notify_one();
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
    assert!(asked.recv().await.unwrap().is_empty(), "the connection is closed at the end of the stream");
}

#[tokio::test]
async fn a_stream_as_a_reader() {
    let engine = says(chunked(&["first li", "ne\nsecond", " line\n", "rest"]) + "0\r\n\r\n");
    let stream = engine.client().stream(&GetBytes::new()).await.unwrap();
    let mut reader = stream.into_async_read();
    let mut line = String::new();
    reader.read_line(&mut line).await.unwrap();
    assert_eq!(line, "first line\n");
    let mut rest = String::new();
    reader.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "second line\nrest");
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_an_error_and_then_over() {
    for said in [chunked(&["one"]), format!("{CHUNKED}ff\r\none"), format!("{CHUNKED}3\r\noneXX")] {
        let engine = says(said);
        let mut stream = engine.client().stream(&GetBytes::new()).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), "one");
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!((error.phase(), error.path()), (Phase::Body, "/bytes"));
        assert!(stream.next().await.is_none());
    }
    let engine = says(chunked(&["one"]));
    let mut reader = engine.client().stream(&GetBytes::new()).await.unwrap().into_async_read();
    let error = reader.read_to_end(&mut Vec::new()).await.unwrap_err();
    let inner = error.get_ref().unwrap().downcast_ref::<sock_transport::Error>().unwrap();
    assert!(inner.is_disconnected());
}

#[tokio::test]
async fn a_slow_reader_holds_a_fast_engine_back() {
    let sent = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&sent);
    let engine = Engine::start(move |mut peer| {
        let count = Arc::clone(&count);
        async move {
            peer.request().await.unwrap();
            peer.write("HTTP/1.1 200 OK\r\n\r\n").await;
            // Ends when the client closes.
            while peer.stream.write_all(&[b'x'; 4096]).await.is_ok() {
                count.fetch_add(4096, Ordering::SeqCst);
            }
        }
    });
    let mut stream = engine.client().stream(&GetBytes::new()).await.unwrap();
    let mut read = 0;
    for _ in 0..200 {
        read += stream.next().await.unwrap().unwrap().len() as u64;
        // Let the engine write as much as it is allowed to.
        let mut before = u64::MAX;
        while before != sent.load(Ordering::SeqCst) {
            before = sent.load(Ordering::SeqCst);
            tokio::task::yield_now().await;
        }
        let ahead = before.saturating_sub(read);
        assert!(ahead < 2 << 20, "{ahead} bytes are buffered");
    }
    assert!(read > 200 * 1000, "{read} bytes in 200 pieces");
}

#[tokio::test]
async fn json_values_one_by_one() {
    let engine = says(chunked(&["1\r\n2\n", "3", "4 \u{1e}", "5"]) + "0\r\n\r\n");
    let stream = engine.client().json_stream(&Numbers::new()).await.unwrap();
    assert_eq!((stream.status(), stream.header("x-test")), (200, Some("yes")));
    let values: Vec<_> = stream.map(Result::unwrap).collect().await;
    assert_eq!(values, [1, 2, 34, 5]);
}

#[tokio::test]
async fn a_json_value_of_another_shape_is_one_bad_item() {
    let engine = says(chunked(&["1 {\"secret\":1} 3 nonsense 4"]) + "0\r\n\r\n");
    let mut stream = engine.client().json_stream(&Numbers::new()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    assert_eq!(stream.next().await.unwrap().unwrap_err().phase(), Phase::Decode);
    assert_eq!(stream.next().await.unwrap().unwrap(), 3);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.phase(), Phase::Decode);
    assert!(stream.next().await.is_none(), "nothing after what is no JSON at all can be trusted");
}

/// Most engines write an object and a line end; nothing may depend on it.
#[tokio::test]
async fn json_objects_however_they_stand_on_lines_and_wherever_the_pieces_end() {
    let text = concat!(
        "{\"Action\":\"one\"}\n{\"Action\":\"two\"}\r\n\n",
        "{\"Action\":\"three\"}{\"Action\":\"four\"}\n",
        "{\"Action\":7}\n",
        "{\"Action\":\"five\",\"Labels\":{\"a\":\"}\\\"{\"}}\n",
        "{\n  \"Action\": \"six\",\n  \"Labels\": null\n}\n",
        "\u{1e}{\"Action\":\"seven\"}\n{\"Action\":\"eight\"}",
    );
    let want = "one two three four ! five six seven eight";
    for cut in 1..text.len() {
        let engine = says(chunked(&[&text[..cut], &text[cut..]]) + "0\r\n\r\n");
        let stream = engine.client().json_stream(&Events::new()).await.unwrap();
        let values: Vec<_> =
            stream.map(|event| event.map_or_else(|_| "!".to_owned(), |e| e.action)).collect().await;
        assert_eq!(values.join(" "), want, "cut at {cut}");
    }
}

#[tokio::test]
async fn an_object_on_a_line_of_its_own_may_be_too_large_too() {
    let line = format!("{{\"Action\":\"{}\"}}\n", "x".repeat(100));
    let engine = says(chunked(&["{\"Action\":\"small\"}\n", &line]) + "0\r\n\r\n");
    let client = Client::with_config(engine.socket(), Config::default().with_max_json_value(100));
    let mut stream = client.json_stream(&Events::new()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().action, "small");
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("100 bytes"), "{error}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_json_stream_that_breaks_off_or_grows_too_large() {
    let engine = says(chunked(&["1 [2"]) + "0\r\n\r\n");
    let mut stream = engine.client().json_stream(&Numbers::new()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.is_disconnected(), "{error}");
    assert!(stream.next().await.is_none());

    let engine = says(chunked(&["1 [2, ", &"3, ".repeat(100)]));
    let client = Client::with_config(engine.socket(), Config::default().with_max_json_value(100));
    let mut stream = client.json_stream(&Numbers::new()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("100 bytes"), "{error}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn frames_are_told_apart() {
    let body = "\x01\0\0\0\0\0\0\x03out\x02\0\0\0\0\0\0\x03err\x01\0\0";
    let engine = says(chunked(&[body, "\0\0\0\0\x04mo", "re"]) + "0\r\n\r\n");
    let stream = engine.client().frames(&Logs::new()).await.unwrap();
    let chunks: Vec<_> = stream.map(|chunk| chunk.map(|c| (c.stream, c.bytes)).unwrap()).collect().await;
    assert_eq!(chunks[..2], [(StreamKind::Stdout, "out".into()), (StreamKind::Stderr, "err".into())]);
    let rest: Vec<u8> = chunks[2..].iter().flat_map(|(_, bytes)| bytes.to_vec()).collect();
    assert_eq!(rest, b"more");
}

#[tokio::test]
async fn frames_of_a_terminal_or_cut_short_are_errors() {
    let engine = says(chunked(&["/ # hello there"]) + "0\r\n\r\n");
    let mut stream = engine.client().frames(&Logs::new()).await.unwrap();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.phase(), Phase::Decode);
    assert!(error.to_string().contains("terminal"), "{error}");
    assert!(stream.next().await.is_none());

    let engine = says(chunked(&["\x01\0\0\0\0\0\0\x09half"]) + "0\r\n\r\n");
    let mut stream = engine.client().frames(&Logs::new()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().bytes, "half");
    assert!(stream.next().await.unwrap().unwrap_err().is_disconnected());
    assert!(stream.next().await.is_none());
}

/// Answers slowly on the first connection and says when the client closed it; others get numbers.
fn slow_first(head: &'static str) -> (Engine, mpsc::UnboundedReceiver<&'static str>) {
    let (tx, rx) = mpsc::unbounded_channel();
    let engine = Engine::start(move |mut peer: Peer| {
        let tx = tx.clone();
        async move {
            if peer.number > 0 {
                return numbers(peer).await;
            }
            peer.request().await.unwrap();
            peer.write(head).await;
            tx.send("asked").unwrap();
            peer.rest().await;
            tx.send("closed").unwrap();
        }
    });
    (engine, rx)
}

#[tokio::test]
async fn a_request_that_is_dropped_closes_its_connection() {
    for head in ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n6"] {
        let (engine, mut events) = slow_first(head);
        let client = Client::with_config(engine.socket(), Config::default().with_max_connections(1));
        let call = GetNumber::new();
        tokio::select! {
            answer = client.send(&call) => panic!("an answer came: {answer:?}"),
            event = events.recv() => assert_eq!(event, Some("asked")),
        }
        assert_eq!(events.recv().await, Some("closed"));
        assert_eq!(client.send(&call).await.unwrap(), 7, "its turn is free, its connection is not reused");
        assert_eq!(engine.accepted(), 2);
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_closes_its_connection() {
    let (engine, mut events) = slow_first("HTTP/1.1 200 OK\r\n\r\nhello");
    let mut stream = engine.client().stream(&GetBytes::new()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "hello");
    assert_eq!(events.recv().await, Some("asked"));
    drop(stream);
    assert_eq!(events.recv().await, Some("closed"));
}

#[tokio::test]
async fn waiting_for_a_turn_can_be_given_up() {
    let (engine, mut events) = slow_first("");
    let client = Client::with_config(engine.socket(), Config::default().with_max_connections(1));
    let call = GetNumber::new();
    let mut first = Box::pin(client.send(&call));
    let mut second = Box::pin(client.send(&call));
    let mut third = Box::pin(client.send(&call));
    tokio::select! {
        answer = &mut first => panic!("an answer came: {answer:?}"),
        event = events.recv() => assert_eq!(event, Some("asked")),
    }
    assert!(poll!(&mut second).is_pending());
    assert!(poll!(&mut third).is_pending());
    drop(second);
    drop(first);
    assert_eq!(third.await.unwrap(), 7);
}

#[tokio::test]
async fn a_stream_does_not_use_control_connections() {
    let engine = Engine::start(async |mut peer: Peer| {
        while peer.request().await.is_some() {
            peer.write(answer("200 OK", "", "7")).await;
        }
    });
    let client = engine.client();
    client.send(&GetNumber::new()).await.unwrap();
    let pieces: Vec<_> = client.stream(&GetBytes::new()).await.unwrap().collect().await;
    assert_eq!(pieces.len(), 1);
    client.send(&GetNumber::new()).await.unwrap();
    assert_eq!(engine.accepted(), 2);
}
