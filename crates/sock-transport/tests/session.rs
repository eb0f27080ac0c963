//! Sessions: a process with its streams, its size and its exit code.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use http_endpoint::{SessionRequest, endpoint};
use serde::Deserialize;
use sock_transport::codec::StreamKind;
use sock_transport::{Phase, SessionControl, SessionOutput};
use support::{Engine, Peer, answer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// Both engines' words for a session without a terminal, when the version in the path is old.
const MISLEADING: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\
    Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
const RUNS: &str = r#"{"running":true,"exit_code":0}"#;
const ENDED: &str = r#"{"running":false,"exit_code":3}"#;

/// What an inspection tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct State {
    running: bool,
    exit_code: Option<i64>,
}

endpoint! {
    /// Starts a process.
    POST "/exec/{id}/start" => hijacked, [101, 200];
    pub struct Start {
        path { /** Which. */ id }
        json { /** Whether it has a terminal. */ tty: bool }
    }
}
endpoint! {
    /// Looks at it.
    GET "/exec/{id}/json" => json<State>, [200];
    pub struct Inspect {
        path { /** Which. */ id }
    }
}
endpoint! {
    /// Sets the size of its terminal.
    POST "/exec/{id}/resize" => none, [200, 201];
    pub struct Resize {
        path { /** Which. */ id }
        query {
            /// Rows.
            h / with_h: Option<u16> = "h",
            /// Columns.
            w / with_w: Option<u16> = "w",
        }
    }
}
endpoint! {
    /// Waits for its end.
    POST "/containers/{id}/wait" => text, [200];
    pub struct Wait {
        path { /** Which. */ id }
    }
}

impl SessionRequest for Start {
    type Start = Self;
    type Resize = Resize;
    type State = Inspect;

    fn start(&self) -> &Self {
        self
    }

    fn terminal(&self) -> bool {
        self.tty
    }

    fn resize(&self, rows: u16, columns: u16) -> Resize {
        Resize::new(&self.id).with_h(rows).with_w(columns)
    }

    fn state(&self) -> Inspect {
        Inspect::new(&self.id)
    }

    fn exit_code(state: &State) -> Option<i64> {
        state.exit_code.filter(|_| !state.running)
    }
}

/// A session whose state is a wait.
struct Attached(Start);

impl SessionRequest for Attached {
    type Start = Start;
    type Resize = Resize;
    type State = Wait;
    const STATE_WAITS: bool = true;

    fn start(&self) -> &Start {
        &self.0
    }

    fn terminal(&self) -> bool {
        self.0.terminal()
    }

    fn resize(&self, rows: u16, columns: u16) -> Resize {
        self.0.resize(rows, columns)
    }

    fn state(&self) -> Wait {
        Wait::new(&self.0.id)
    }

    fn exit_code(answer: &String) -> Option<i64> {
        answer.trim().parse().ok()
    }
}

fn exec(tty: bool) -> Start {
    Start::new("e1", tty)
}

fn frame(stream: u8, text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    [&[stream, 0, 0, 0], &length[..], text.as_bytes()].concat()
}

/// An engine whose process gets the connection, and that answers the inspections with `states`, the last of
/// them for ever.
fn engine<F: Future<Output = ()> + Send + 'static>(
    states: &'static [&'static str],
    process: impl Fn(Peer) -> F + Send + Clone + 'static,
) -> Engine {
    let asked = Arc::new(AtomicUsize::new(0));
    Engine::start(move |mut peer| {
        let (process, asked) = (process.clone(), Arc::clone(&asked));
        async move {
            while let Some(request) = peer.request().await {
                if request.head.starts_with("POST /exec/e1/start ") {
                    assert!(request.head.contains("Upgrade: tcp"), "{}", request.head);
                    return process(peer).await;
                }
                assert!(request.head.starts_with("GET /exec/e1/json "), "{}", request.head);
                let at = asked.fetch_add(1, Ordering::SeqCst).min(states.len() - 1);
                peer.write(answer("200 OK", "", states[at])).await;
            }
        }
    })
}

async fn collect(mut output: SessionOutput) -> (String, String) {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    while let Some(chunk) = output.next().await {
        let chunk = chunk.unwrap();
        let text = std::str::from_utf8(&chunk.bytes).unwrap();
        match chunk.stream {
            StreamKind::Stdout => stdout.push_str(text),
            StreamKind::Stderr => stderr.push_str(text),
            other => panic!("{other:?}"),
        }
    }
    (stdout, stderr)
}

#[tokio::test]
async fn the_end_of_the_input_the_divided_output_and_an_exit_code_that_lags() {
    let engine = engine(&[RUNS, RUNS, ENDED], async |mut peer: Peer| {
        peer.write(MISLEADING).await;
        peer.write(frame(2, "ready")).await;
        // Answers only when its input is at an end.
        let input = String::from_utf8(peer.rest().await).unwrap();
        peer.write(frame(1, &input.to_uppercase())).await;
    });
    let (mut input, mut output, control) = engine.client().session(exec(false)).await.unwrap().into_parts();
    assert_eq!(output.next().await.unwrap().unwrap().bytes, "ready");
    input.write_all(b"some ").await.unwrap();
    input.write_all(b"words").await.unwrap();
    input.shutdown().await.unwrap();
    assert_eq!(collect(output).await, ("SOME WORDS".to_owned(), String::new()));
    assert_eq!(control.wait().await.unwrap(), 3);
}

#[tokio::test]
async fn a_terminal_is_raw_whatever_the_header_says() {
    // Bytes that a reader of frames would take for a frame, and a header that speaks of frames.
    let engine = engine(&[ENDED], async |mut peer: Peer| {
        let head = MISLEADING.replace("raw-stream", "multiplexed-stream");
        peer.write([head.as_bytes(), &frame(2, "x"), b"\r\n$ "].concat()).await;
        let mut typed = [0; 5];
        peer.stream.read_exact(&mut typed).await.unwrap();
        peer.write(typed).await;
    });
    let (mut input, output, control) = engine.client().session(exec(true)).await.unwrap().into_parts();
    input.write_all(b"exit\n").await.unwrap();
    assert_eq!(collect(output).await, ("\u{2}\0\0\0\0\0\0\u{1}x\r\n$ exit\n".to_owned(), String::new()));
    assert_eq!(control.wait().await.unwrap(), 3);
}

#[tokio::test]
async fn waiting_for_all_reads_the_output_that_nobody_wants() {
    // More than a socket holds.
    let engine = engine(&[ENDED], async |mut peer: Peer| {
        peer.write(MISLEADING).await;
        for _ in 0..200 {
            peer.write(frame(1, &"x".repeat(32 << 10))).await;
        }
    });
    assert_eq!(engine.client().session(exec(false)).await.unwrap().wait().await.unwrap(), 3);
}

#[tokio::test]
async fn without_input_it_stays_open_until_the_output_is_dropped() {
    let (tx, mut rx) = mpsc::unbounded_channel();
    let engine = engine(&[ENDED], move |mut peer: Peer| {
        let tx = tx.clone();
        async move {
            peer.write(MISLEADING).await;
            peer.write(frame(1, "out")).await;
            peer.rest().await;
            tx.send("the input has ended").unwrap();
        }
    });
    let (mut output, control) = engine.client().session(exec(false)).await.unwrap().into_output();
    assert_eq!(output.next().await.unwrap().unwrap().bytes, "out");
    // Time for the engine to see an end, if there were one.
    assert_eq!(control.wait().await.unwrap(), 3);
    assert!(rx.try_recv().is_err());
    drop(output);
    assert_eq!(rx.recv().await, Some("the input has ended"));
}

#[tokio::test]
async fn dropping_a_session_closes_its_connection() {
    let (tx, mut rx) = mpsc::unbounded_channel();
    let engine = engine(&[ENDED], move |mut peer: Peer| {
        let tx = tx.clone();
        async move {
            peer.write(MISLEADING).await;
            peer.rest().await;
            tx.send(()).unwrap();
        }
    });
    drop(engine.client().session(exec(true)).await.unwrap());
    assert_eq!(rx.recv().await, Some(()));
}

#[tokio::test]
async fn a_detached_start_has_no_output() {
    let engine = engine(&[ENDED], async |mut peer: Peer| {
        peer.write(answer("200 OK", "", "")).await;
        peer.rest().await;
    });
    let (output, control) = engine.client().session(exec(false)).await.unwrap().into_output();
    assert_eq!(collect(output).await, (String::new(), String::new()));
    assert_eq!(control.wait().await.unwrap(), 3);
}

#[tokio::test]
async fn a_refusal_tells_what_it_means() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        let body = r#"{"cause":"container state improper","message":"currently in state paused"}"#;
        peer.write(answer("500 Internal Server Error", "", body)).await;
    });
    let error = engine.client().session(exec(false)).await.unwrap_err();
    assert!(error.engine().unwrap().is_paused() && error.is_conflict(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_never_ends_runs_into_the_deadline() {
    let engine = engine(&[RUNS], async |mut peer: Peer| peer.write(MISLEADING).await);
    let (output, control) = engine.client().with_prefix("").session(exec(false)).await.unwrap().into_output();
    assert_eq!(collect(output).await, (String::new(), String::new()));
    let begin = Instant::now();
    let error = control.wait().await.unwrap_err();
    let took = begin.elapsed();
    assert!(error.is_timeout() && !error.is_disconnected(), "{error}");
    assert_eq!((error.phase(), error.status(), error.path()), (Phase::Exit, None, "/exec/e1/json"));
    assert_eq!(
        error.to_string(),
        "GET /exec/e1/json: the process has no exit code, 10s after it was asked for"
    );
    assert!((Duration::from_secs(9)..Duration::from_secs(11)).contains(&took), "{took:?}");
    let error = control.wait_within(Duration::ZERO).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_wait_that_is_dropped_can_be_asked_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let (tx, mut rx) = mpsc::unbounded_channel();
    let count = Arc::clone(&asked);
    let engine = Engine::start(move |mut peer| {
        let (count, tx) = (Arc::clone(&count), tx.clone());
        async move {
            peer.request().await.unwrap();
            if count.fetch_add(1, Ordering::SeqCst) > 0 {
                return peer.write(answer("200 OK", "", ENDED)).await;
            }
            tx.send("asked").unwrap();
            peer.rest().await;
            tx.send("closed").unwrap();
        }
    });
    let control = SessionControl::new(&engine.client(), exec(false));
    tokio::select! {
        code = control.wait() => panic!("{code:?}"),
        event = rx.recv() => assert_eq!(event, Some("asked")),
    }
    assert_eq!(rx.recv().await, Some("closed"));
    assert_eq!(control.wait().await.unwrap(), 3);
}

#[tokio::test]
async fn a_forgotten_process_is_not_found() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write(answer("404 Not Found", "", r#"{"message":"No such exec instance: e1"}"#)).await;
    });
    let error = SessionControl::new(&engine.client(), exec(false)).wait().await.unwrap_err();
    assert!(error.is_not_found());
}

/// An engine that answers one request after another with `answers`, the last of them for ever, and tells the
/// request lines.
fn answers(answers: &'static [&'static str]) -> (Engine, mpsc::UnboundedReceiver<String>) {
    let (tx, rx) = mpsc::unbounded_channel();
    let asked = Arc::new(AtomicUsize::new(0));
    let engine = Engine::start(move |mut peer| {
        let (tx, asked) = (tx.clone(), Arc::clone(&asked));
        async move {
            while let Some(request) = peer.request().await {
                tx.send(request.head.lines().next().unwrap().to_owned()).unwrap();
                let at = asked.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
                peer.write(answer(answers[at], "", "")).await;
            }
        }
    });
    (engine, rx)
}

#[tokio::test]
async fn a_resize_waits_for_the_terminal() {
    let (engine, mut lines) = answers(&["409 Conflict", "500 Internal Server Error", "201 Created"]);
    SessionControl::new(&engine.client(), exec(true)).resize(24, 80).await.unwrap();
    for _ in 0..3 {
        assert_eq!(lines.recv().await.unwrap(), "POST /exec/e1/resize?h=24&w=80 HTTP/1.1");
    }
    assert!(lines.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_resize_that_is_always_refused_ends_with_the_refusal() {
    let (engine, _lines) = answers(&["409 Conflict"]);
    let begin = Instant::now();
    let error = SessionControl::new(&engine.client(), exec(true)).resize(24, 80).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    // What is gone does not come back.
    let (engine, mut lines) = answers(&["404 Not Found"]);
    let error = SessionControl::new(&engine.client(), exec(true)).resize(24, 80).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(lines.recv().await.is_some() && lines.try_recv().is_err());
}

#[tokio::test]
async fn what_has_no_terminal_has_no_size() {
    let (engine, mut lines) = answers(&["200 OK"]);
    let error = SessionControl::new(&engine.client(), exec(false)).resize(24, 80).await.unwrap_err();
    assert_eq!(error.phase(), Phase::Send);
    assert!(error.to_string().contains("no terminal"), "{error}");
    assert!(lines.try_recv().is_err());
}

/// The head of the answer comes at once on one engine and with the body on another; the body comes late.
#[tokio::test(start_paused = true)]
async fn a_wait_lasts_as_long_as_the_container() {
    for early_head in [true, false] {
        let engine = Engine::start(move |mut peer| async move {
            let request = peer.request().await.unwrap();
            assert!(request.head.starts_with("POST /containers/e1/wait "), "{}", request.head);
            let said = answer("200 OK", "", "137\n");
            let (head, body) = said.split_at(if early_head { said.len() - 4 } else { 0 });
            peer.write(head).await;
            sleep(Duration::from_secs(7 * 86_400)).await;
            peer.write(body).await;
        });
        let control = SessionControl::new(&engine.client(), Attached(exec(false)));
        assert_eq!(control.wait().await.unwrap(), 137);
        let error = control.wait_within(Duration::from_secs(60)).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!((error.phase(), error.path()), (Phase::Exit, "/containers/e1/wait"));
    }
}

#[tokio::test]
async fn a_wait_whose_answer_is_no_exit_code() {
    let engine = Engine::start(async |mut peer: Peer| {
        peer.request().await.unwrap();
        peer.write(answer("200 OK", "", "soon")).await;
    });
    let control = SessionControl::new(&engine.client(), Attached(exec(false)));
    let error = control.wait().await.unwrap_err();
    assert_eq!(error.phase(), Phase::Decode, "{error}");
}

#[tokio::test]
async fn frames_that_break_off_end_the_output_with_an_error() {
    for tty in [false, true] {
        let engine = engine(&[ENDED], move |mut peer: Peer| async move {
            peer.write(MISLEADING).await;
            let whole = frame(1, "half of it");
            peer.write(&whole[..12]).await;
        });
        let (mut output, _control) = engine.client().session(exec(tty)).await.unwrap().into_output();
        assert!(output.next().await.unwrap().is_ok());
        match output.next().await {
            Some(Err(error)) if !tty => assert!(error.is_disconnected(), "{error}"),
            None if tty => {}
            other => panic!("{other:?}"),
        }
        assert!(output.next().await.is_none());
    }
}
