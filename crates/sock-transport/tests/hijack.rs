//! Connections that are handed over.
#![allow(clippy::unwrap_used, reason = "tests and their helpers")]

mod support;

use futures_util::StreamExt as _;
use sock_transport::codec::StreamKind;
use sock_transport::{Client, Config, Phase};
use support::{Attach, Engine, GetNumber, Peer, answer, numbers};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;

const SWITCHED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
const PLAIN: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";

/// Hands over the connection with `head`, sends everything back, and says "bye" when the input ends.
fn echo(head: &'static str) -> Engine {
    Engine::start(move |mut peer| async move {
        let request = peer.request().await.unwrap();
        assert!(request.head.starts_with("POST /v1.44/attach HTTP/1.1\r\n"), "{}", request.head);
        for line in ["Connection: Upgrade", "Upgrade: tcp", "content-length: 5", "host: localhost"] {
            assert!(request.head.contains(&format!("\r\n{line}\r\n")), "{line}: {}", request.head);
        }
        assert_eq!(request.body, b"[1,2]");
        // The first output comes in the same packet as the head.
        peer.write(format!("{head}ready\n")).await;
        let mut buffer = [0; 1024];
        loop {
            match peer.stream.read(&mut buffer).await.unwrap() {
                0 => break,
                count => peer.write(&buffer[..count]).await,
            }
        }
        peer.write("bye").await;
    })
}

#[tokio::test]
async fn both_answers_hand_over_the_connection() {
    for (head, status) in [(SWITCHED, 101), (PLAIN, 200)] {
        let engine = echo(head);
        let client = engine.client().with_prefix("/v1.44");
        let hijacked = client.hijack(&Attach::new(vec![1, 2])).await.unwrap();
        assert_eq!(hijacked.status(), status);
        assert_eq!(hijacked.header("content-type"), Some("application/vnd.docker.raw-stream"));
        let (mut reader, mut writer) = hijacked.into_split();
        let mut line = [0; 6];
        reader.read_exact(&mut line[..2]).await.unwrap();
        reader.read_exact(&mut line[2..]).await.unwrap();
        assert_eq!(&line, b"ready\n", "nothing that came with the head is lost");
        for _ in 0..3 {
            writer.write_all(b"ping").await.unwrap();
            let mut back = [0; 4];
            reader.read_exact(&mut back).await.unwrap();
            assert_eq!(&back, b"ping");
        }
        // The input ends, the output goes on.
        writer.shutdown().await.unwrap();
        let mut rest = String::new();
        reader.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "bye");
        assert_eq!(reader.read(&mut line).await.unwrap(), 0);
        assert_eq!(engine.accepted(), 1);
    }
}

#[tokio::test]
async fn dropping_the_writer_ends_the_input_only() {
    let engine = echo(SWITCHED);
    let client = engine.client().with_prefix("/v1.44");
    let (mut reader, writer) = client.hijack(&Attach::new(vec![1, 2])).await.unwrap().into_split();
    drop(writer);
    let mut rest = String::new();
    reader.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "ready\nbye");
}

#[tokio::test]
async fn the_head_may_come_byte_by_byte_and_after_interim_answers() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        for byte in format!("HTTP/1.1 100 Continue\r\n\r\n{SWITCHED}hi").bytes() {
            peer.write([byte]).await;
            tokio::task::yield_now().await;
        }
    });
    let (mut reader, _writer) = engine.client().hijack(&Attach::new(vec![])).await.unwrap().into_split();
    let mut all = String::new();
    reader.read_to_string(&mut all).await.unwrap();
    assert_eq!(all, "hi");
}

#[tokio::test]
async fn frames_of_a_hijacked_connection() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write(format!("{SWITCHED}\x01\0\0\0\0\0\0\x03ou")).await;
        peer.write("t\x02\0\0\0\0\0\0\x03err").await;
    });
    let (reader, _writer) = engine.client().hijack(&Attach::new(vec![])).await.unwrap().into_split();
    let chunks: Vec<_> = reader.into_frames().map(Result::unwrap).collect().await;
    let text = |kind| -> Vec<u8> {
        chunks.iter().filter(|c| c.stream == kind).flat_map(|c| c.bytes.to_vec()).collect()
    };
    assert_eq!(text(StreamKind::Stdout), b"out");
    assert_eq!(text(StreamKind::Stderr), b"err");
}

/// Half of the output is kept, so that some of the reader's memory comes back and some does not.
#[tokio::test]
async fn pieces_that_are_kept_stay_as_they_are_while_much_more_is_read() {
    const FRAME: usize = 1000;
    const COUNT: u32 = 2000;
    let engine = Engine::start(move |mut peer| async move {
        peer.request().await.unwrap();
        let mut output = SWITCHED.as_bytes().to_vec();
        for n in 0..COUNT {
            output.extend_from_slice(&[1, 0, 0, 0]);
            output.extend_from_slice(&u32::try_from(FRAME).unwrap().to_be_bytes());
            output.extend(n.to_be_bytes().into_iter().cycle().take(FRAME));
        }
        peer.write(output).await;
    });
    let (reader, _writer) = engine.client().hijack(&Attach::new(vec![])).await.unwrap().into_split();
    let mut frames = reader.into_frames();
    let (mut read, mut kept) = (0, Vec::new());
    while let Some(piece) = frames.next().await {
        let piece = piece.unwrap();
        let at = read;
        read += piece.bytes.len();
        // Runs of about 128 KiB: more than one read.
        if (at >> 17) % 2 == 0 {
            kept.push((at, piece.bytes));
        }
    }
    assert_eq!(read, FRAME * COUNT as usize);
    assert!(kept.iter().any(|(at, _)| *at > read / 2), "nothing of the second half was kept");
    for (at, bytes) in kept {
        for (at, byte) in (at..).zip(bytes) {
            let number = u32::try_from(at / FRAME).unwrap().to_be_bytes();
            assert_eq!(byte, number[at % FRAME % 4], "byte {at}");
        }
    }
}

#[tokio::test]
async fn frames_that_break_off() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write(format!("{SWITCHED}\x01\0\0\0\0\0\0\x09half")).await;
    });
    let (reader, _writer) = engine.client().hijack(&Attach::new(vec![])).await.unwrap().into_split();
    let mut frames = reader.into_frames();
    assert_eq!(frames.next().await.unwrap().unwrap().bytes, "half");
    let error = frames.next().await.unwrap().unwrap_err();
    assert!(error.is_disconnected(), "{error}");
    assert_eq!(error.path(), "/attach");
    assert!(frames.next().await.is_none());
}

#[tokio::test]
async fn a_delimited_200_is_taken_out_of_its_wrapping() {
    // What is left of an upgrade that a proxy swallowed, and the answer to a detached start.
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nout\r\n2\r\n!!\r\n0\r\n\r\n";
    let detached = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    for (said, want) in [(chunked, "out!!"), (detached, "")] {
        let engine = Engine::start(move |mut peer| async move {
            peer.request().await.unwrap();
            peer.write(said).await;
            // The connection stays open, as kept-alive ones do.
            peer.rest().await;
        });
        let (mut reader, _writer) = engine.client().hijack(&Attach::new(vec![])).await.unwrap().into_split();
        let mut all = String::new();
        reader.read_to_string(&mut all).await.unwrap();
        assert_eq!(all, want);
    }
}

#[tokio::test]
async fn a_refusal_instead_of_the_connection() {
    let json = "{\"message\":\"container x is paused\"}";
    let long = answer("409 Conflict", "", json);
    let chunked = format!(
        "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{json}\r\n0\r\n\r\n",
        json.len()
    );
    let closed = format!("HTTP/1.1 409 Conflict\r\n\r\n{json}");
    for said in [long, chunked.into_bytes(), closed.into_bytes()] {
        let engine = Engine::start(move |mut peer| {
            let said = said.clone();
            async move {
                peer.request().await.unwrap();
                peer.write(said).await;
            }
        });
        let error = engine.client().hijack(&Attach::new(vec![])).await.unwrap_err();
        assert!(error.is_conflict());
        assert_eq!(error.to_string(), "POST /attach: 409 Conflict: container x is paused");
    }
}

#[tokio::test]
async fn a_refusal_before_the_request_was_read() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.write(answer("503 Service Unavailable", "", "shutting down")).await;
    });
    // More than the socket holds, so that writing it cannot finish.
    let big = Attach::new(vec![7; 4 << 20]);
    let error = engine.client().hijack(&big).await.unwrap_err();
    assert_eq!((error.status(), error.engine_message()), (Some(503), Some("shutting down")), "{error}");
}

#[tokio::test]
async fn answers_that_hand_nothing_over() {
    let cases: [(&[u8], Phase, bool); 3] = [
        (b"", Phase::Headers, true),
        (b"HTTP/1.1 101 UPGR", Phase::Headers, true),
        (b"hello there\r\n\r\n", Phase::Upgrade, false),
    ];
    for (said, phase, disconnected) in cases {
        let engine = Engine::start(move |mut peer| async move {
            peer.request().await.unwrap();
            peer.write(said).await;
        });
        let error = engine.client().hijack(&Attach::new(vec![])).await.unwrap_err();
        assert_eq!((error.phase(), error.is_disconnected()), (phase, disconnected), "{error}");
    }
    // A head without an end is cut off.
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write("HTTP/1.1 101 UPGRADED\r\n").await;
        while peer.stream.write_all(&[b'x'; 1000]).await.is_ok() {}
    });
    let error = engine.client().hijack(&Attach::new(vec![])).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Upgrade);
}

#[tokio::test]
async fn hijacked_connections_are_outside_of_the_bound() {
    let engine = Engine::start(async |mut peer: Peer| {
        let request = peer.head().await.unwrap();
        if request.starts_with("POST") {
            peer.write(SWITCHED).await;
            peer.rest().await;
        } else {
            peer.write(answer("200 OK", "", "7")).await;
            numbers(peer).await;
        }
    });
    let client = Client::with_config(engine.socket(), Config::default().with_max_connections(1));
    let mut held = Vec::new();
    for _ in 0..20 {
        held.push(client.hijack(&Attach::new(vec![])).await.unwrap());
        assert_eq!(client.send(&GetNumber::new()).await.unwrap(), 7);
    }
    assert_eq!(engine.accepted(), 21);
}

#[tokio::test]
async fn dropping_it_closes_the_connection() {
    let (tx, mut rx) = mpsc::unbounded_channel();
    let engine = Engine::start(move |mut peer| {
        let tx = tx.clone();
        async move {
            peer.request().await.unwrap();
            if peer.number > 0 {
                peer.write(SWITCHED).await;
            }
            tx.send("asked").unwrap();
            peer.rest().await;
            tx.send("closed").unwrap();
        }
    });
    let (client, call) = (engine.client(), Attach::new(vec![]));
    // The future, before there is an answer.
    tokio::select! {
        answer = client.hijack(&call) => panic!("an answer came: {answer:?}"),
        event = rx.recv() => assert_eq!(event, Some("asked")),
    }
    assert_eq!(rx.recv().await, Some("closed"));
    // The connection.
    let hijacked = client.hijack(&call).await.unwrap();
    assert_eq!(rx.recv().await, Some("asked"));
    drop(hijacked);
    assert_eq!(rx.recv().await, Some("closed"));
}
