//! Request bodies: sent as the engine takes them, while its answer is already being read.
#![allow(clippy::unwrap_used, reason = "tests and their helpers")]

mod support;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use sock_transport::{Phase, RequestBody};
use support::{Engine, Peer, Upload, answer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};

/// An upload without an end, and how many bytes of it were asked for.
fn endless() -> (RequestBody, Arc<AtomicU64>) {
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    let body = RequestBody::from_stream(stream::repeat_with(move || {
        count.fetch_add(1 << 14, Ordering::SeqCst);
        Ok(Bytes::from_static(&[b'x'; 1 << 14]))
    }));
    (body, asked)
}

#[tokio::test]
async fn bodies_arrive_whole() {
    let engine = Engine::start(async |mut peer: Peer| {
        let request = peer.request().await.unwrap();
        let head = request.head.to_ascii_lowercase();
        assert!(head.contains("content-type: application/x-tar\r\n"), "{head}");
        let chunked = head.contains("transfer-encoding: chunked\r\n");
        let text = format!("{chunked} {}", String::from_utf8_lossy(&request.body));
        peer.write(answer("200 OK", "", &text)).await;
    });
    let client = engine.client();
    let whole = client.send_with_body(&Upload::new(), b"whole".to_vec()).await.unwrap();
    assert_eq!(whole, "false whole");
    let empty = client.send_with_body(&Upload::new(), Bytes::new()).await.unwrap();
    assert_eq!(empty, "false ");
    let pieces = stream::iter(["one", "", "two"]).map(|piece| Ok(Bytes::from(piece)));
    let pieces = client.send_with_body(&Upload::new(), RequestBody::from_stream(pieces)).await.unwrap();
    assert_eq!(pieces, "true 3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    let reader = RequestBody::from_async_read(&b"read"[..]);
    let read = client.send_with_body(&Upload::new(), reader).await.unwrap();
    assert_eq!(read, "true 4\r\nread\r\n0\r\n\r\n");
}

#[tokio::test]
async fn a_reader_is_sent_byte_for_byte() {
    let data: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let engine = Engine::start(async |mut peer: Peer| {
        let request = peer.request().await.unwrap();
        let mut rest = &request.body[..];
        let (mut length, mut sum) = (0, 0_u64);
        loop {
            let line = rest.windows(2).position(|w| w == b"\r\n").unwrap();
            let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
            if size == 0 {
                break;
            }
            for byte in &rest[line + 2..line + 2 + size] {
                length += 1;
                sum += u64::from(*byte) * (length % 1000);
            }
            rest = &rest[line + size + 4..];
        }
        peer.write(answer("200 OK", "", &format!("{length} {sum}"))).await;
    });
    let sum: u64 = (1..).zip(&data).map(|(n, byte)| u64::from(*byte) * (n % 1000)).sum();
    let body = RequestBody::from_async_read(io::Cursor::new(data));
    let got = engine.client().send_with_body(&Upload::new(), body).await.unwrap();
    assert_eq!(got, format!("3000000 {sum}"));
}

#[tokio::test]
async fn a_slow_engine_holds_the_upload_back() {
    let (go, mut gone) = mpsc::channel::<()>(1);
    let (body, asked) = endless();
    let engine = Engine::start(move |mut peer| {
        let go = go.clone();
        async move {
            peer.head().await.unwrap();
            go.send(()).await.unwrap();
            // Reads no further, but listens.
            std::future::pending::<()>().await;
        }
    });
    let client = engine.client();
    let call = Upload::new();
    let mut upload = Box::pin(client.send_with_body(&call, body));
    tokio::select! {
        answer = &mut upload => panic!("an answer came: {answer:?}"),
        started = gone.recv() => assert!(started.is_some()),
    }
    let mut before = u64::MAX;
    while before != asked.load(Ordering::SeqCst) {
        before = asked.load(Ordering::SeqCst);
        assert!((&mut upload).now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    assert!(before < 2 << 20, "{before} bytes were taken with nobody to read them");
}

#[tokio::test]
async fn an_engine_that_refuses_in_the_middle_of_an_upload() {
    // It may keep the connection, close it, or close it with bytes unread: the refusal must get through.
    for close in [false, true] {
        let engine = Engine::start(move |mut peer| async move {
            peer.head().await.unwrap();
            peer.write(answer("409 Conflict", "Connection: close\r\n", "{\"message\":\"busy\"}")).await;
            if !close {
                std::future::pending::<()>().await;
            }
        });
        for round in 0..20 {
            let (body, _) = endless();
            let error = engine.client().send_with_body(&Upload::new(), body).await.unwrap_err();
            assert!(error.is_conflict(), "round {round}, close: {close}: {error}");
            assert_eq!(error.engine_message(), Some("busy"));
            let (body, _) = endless();
            let error = engine.client().stream_with_body(&Upload::new(), body).await.unwrap_err();
            assert!(error.is_conflict(), "round {round}, close: {close}: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_gets_through_from_another_thread() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.head().await.unwrap();
        peer.write(answer("500 Internal Server Error", "", "{\"message\":\"disk full\"}")).await;
    });
    let client = engine.client();
    for round in 0..200 {
        let (body, _) = endless();
        let error = client.send_with_body(&Upload::new(), body).await.unwrap_err();
        assert_eq!(error.status(), Some(500), "round {round}: {error}");
    }
}

#[tokio::test]
async fn an_engine_that_dies_in_the_middle_of_an_upload() {
    let engine = Engine::start(async |mut peer: Peer| drop(peer.head().await));
    let (body, _) = endless();
    let error = engine.client().send_with_body(&Upload::new(), body).await.unwrap_err();
    assert!(error.is_disconnected() && !error.is_timeout(), "{error}");
    assert_eq!(engine.accepted(), 1);
}

#[tokio::test]
async fn an_answer_is_read_while_the_upload_goes_on() {
    // Repeats what it hears at once, as a build does.
    let engine = Engine::start(async |mut peer: Peer| {
        peer.head().await.unwrap();
        peer.write("HTTP/1.1 200 OK\r\n\r\n").await;
        let mut buffer = [0; 1024];
        loop {
            let count = peer.stream.read(&mut buffer).await.unwrap();
            peer.stream.write_all(&buffer[..count]).await.unwrap();
            if count == 0 || buffer[..count].ends_with(b"0\r\n\r\n") {
                return;
            }
        }
    });
    let (tx, rx) = mpsc::channel(1);
    let body = RequestBody::from_stream(stream::unfold(rx, async |mut rx| Some((rx.recv().await?, rx))));
    let mut answer = engine.client().stream_with_body(&Upload::new(), body).await.unwrap();
    for piece in ["first", "second"] {
        tx.send(Ok(Bytes::from(piece))).await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(format!("{piece}\r\n").as_bytes()) {
            heard.extend_from_slice(&answer.next().await.unwrap().unwrap());
        }
    }
    drop(tx);
    let rest: Vec<_> = answer.map(Result::unwrap).collect().await;
    assert_eq!(rest.concat(), b"0\r\n\r\n");
}

#[tokio::test]
async fn a_body_that_fails_ends_the_request_and_is_no_short_upload() {
    let (heard, mut hears) = mpsc::unbounded_channel();
    let (fail, failing) = oneshot::channel();
    let fail = Mutex::new(Some(fail));
    let engine = Engine::start(move |mut peer| {
        let (heard, fail) = (heard.clone(), fail.lock().unwrap().take().unwrap());
        async move {
            peer.head().await.unwrap();
            fail.send(io::Error::other("the disk is on fire")).unwrap();
            heard.send(peer.rest().await).unwrap();
        }
    });
    let pieces = stream::iter([Ok(Bytes::from_static(b"one"))])
        .chain(failing.into_stream().map(|error| Err(error.unwrap())));
    let body = RequestBody::from_stream(pieces);
    let error = engine.client().send_with_body(&Upload::new(), body).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Send);
    assert!(!error.is_disconnected(), "it is not the engine's doing");
    assert_eq!(error.to_string(), "PUT /upload: the data to send could not be read: the disk is on fire");
    let bytes = hears.recv().await.unwrap();
    assert!(!bytes.ends_with(b"0\r\n\r\n"), "the engine must not take this for the whole");
}

#[tokio::test]
async fn a_body_that_fails_after_the_answer_began() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.head().await.unwrap();
        peer.write("HTTP/1.1 200 OK\r\n\r\nhello").await;
        peer.rest().await;
    });
    let mut failing = false;
    let pieces = stream::poll_fn(move |cx| {
        if std::mem::replace(&mut failing, true) {
            return Poll::Ready(Some(Err(io::Error::other("the disk is on fire"))));
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    });
    let answer = engine.client().stream_with_body(&Upload::new(), RequestBody::from_stream(pieces)).await;
    let error = match answer {
        // Which comes first is up to the scheduler.
        Err(error) => error,
        Ok(stream) => {
            let results: Vec<_> = stream.collect().await;
            results.into_iter().find_map(Result::err).unwrap()
        }
    };
    assert_eq!(error.phase(), Phase::Send);
    assert!(error.to_string().contains("the disk is on fire"), "{error}");
}

#[tokio::test]
async fn an_upload_that_is_dropped_is_broken_off() {
    let (heard, mut hears) = mpsc::unbounded_channel();
    let engine = Engine::start(move |mut peer| {
        let heard = heard.clone();
        async move {
            peer.head().await.unwrap();
            heard.send(Vec::new()).unwrap();
            heard.send(peer.rest().await).unwrap();
        }
    });
    let (client, call) = (engine.client(), Upload::new());
    let body =
        RequestBody::from_stream(stream::iter([Ok(Bytes::from_static(b"x"))]).chain(stream::pending()));
    let mut upload = Box::pin(client.send_with_body(&call, body));
    tokio::select! {
        answer = &mut upload => panic!("an answer came: {answer:?}"),
        started = hears.recv() => assert!(started.is_some()),
    }
    drop(upload);
    assert!(!hears.recv().await.unwrap().ends_with(b"0\r\n\r\n"));
}
