//! Against a small engine that answers by a script: what a real one does rarely, or not when it is wanted.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};

use runtime_core::{CheckpointSpec, ErrorKind, RemoveContainer, RestoreSpec, Runtime, require_checkpoint};
use runtime_podman::{PodmanOptions, PodmanRuntime};

/// A whole answer, and whether the connection is closed after it.
struct Answer(Vec<u8>, bool);

fn json(status: &str, body: &str) -> Answer {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    Answer([head.as_bytes(), body.as_bytes()].concat(), false)
}

/// A body in chunks; without its end when it is cut.
fn chunked(body: &[u8], cut: bool) -> Answer {
    let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in body.chunks(4096) {
        write!(bytes, "{:x}\r\n", piece.len()).unwrap();
        bytes.extend_from_slice(piece);
        bytes.extend_from_slice(b"\r\n");
    }
    if !cut {
        bytes.extend_from_slice(b"0\r\n\r\n");
    }
    Answer(bytes, cut)
}

struct Scripted {
    podman: PodmanRuntime,
    calls: Arc<Mutex<Vec<String>>>,
    _folder: tempfile::TempDir,
}

impl Scripted {
    /// An engine that answers a request line such as `GET /containers/json` by `script`; pings are answered.
    async fn new(script: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("podman.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (script, seen) = (Arc::new(script), Arc::clone(&calls));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                std::thread::spawn(move || serve(&mut stream.unwrap(), script.as_ref(), &seen));
            }
        });
        let podman = PodmanRuntime::connect(PodmanOptions::new(&socket).with_rootless(false)).await.unwrap();
        calls.lock().unwrap().clear();
        Self { podman, calls, _folder: folder }
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

fn serve(stream: &mut UnixStream, script: &(dyn Fn(&str) -> Answer + Sync), seen: &Mutex<Vec<String>>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 65536];
    loop {
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            match stream.read(&mut buffer) {
                Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
                _ => return,
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        bytes.drain(..end);
        if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            // Read to the end, or to where the client breaks off.
            while !bytes.ends_with(b"0\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
                    _ => {
                        seen.lock().unwrap().push("a broken upload".to_owned());
                        return;
                    }
                }
            }
            bytes.clear();
        }
        let line = head.lines().next().unwrap().trim_end_matches(" HTTP/1.1").replace("/v5.0.0/libpod", "");
        let Answer(answer, close) = if line == "GET /_ping" {
            let versions =
                "Libpod-Api-Version: 5.4.2\r\nApi-Version: 1.41\r\nServer: Libpod/5.4.2 (linux)\r\n";
            Answer(format!("HTTP/1.1 200 OK\r\n{versions}Content-Length: 2\r\n\r\nOK").into_bytes(), false)
        } else {
            script(&line)
        };
        seen.lock().unwrap().push(line);
        if stream.write_all(&answer).is_err() || close {
            return;
        }
    }
}

fn archive() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let config = br#"{"id":"ab","name":"web-1","rootfsImageID":"img"}"#;
    for (name, content) in [("config.dump", &config[..]), ("checkpoint/pages-1.img", &[7; 20_000])] {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append_data(&mut header, name, content).unwrap();
    }
    builder.into_inner().unwrap()
}

async fn dump(podman: &PodmanRuntime) -> runtime_core::Result<runtime_core::CheckpointReport> {
    let spec = CheckpointSpec::new().tcp_established();
    require_checkpoint(podman)?.checkpoint("web-1", &spec, Box::pin(tokio::io::sink())).await
}

#[tokio::test]
async fn an_archive_without_statistics_is_good_all_the_same() {
    let scripted = Scripted::new(|_| chunked(&archive(), false)).await;
    let report = dump(&scripted.podman).await.unwrap();
    assert_eq!((report.size, report.frozen_time), (archive().len() as u64, None));
    assert_eq!(
        scripted.calls(),
        ["POST /containers/web-1/checkpoint?export=true&tcpEstablished=true"],
        "one call and no more"
    );
}

/// Cut within the body's encoding, and cut as if it were whole.
#[tokio::test]
async fn an_archive_that_is_cut_brings_the_container_back() {
    for cut in [true, false] {
        let scripted = Scripted::new(move |line| match line.split(['?', ' ']).nth(1).unwrap() {
            "/containers/web-1/checkpoint" => chunked(&archive()[..9000], cut),
            "/containers/web-1/json" => json(
                "200 OK",
                r#"{"Id":"ab","Name":"web-1","State":{"Status":"exited","Checkpointed":true}}"#,
            ),
            "/containers/web-1/restore" => json("200 OK", r#"{"Id":"ab"}"#),
            other => panic!("{other}"),
        })
        .await;
        let error = dump(&scripted.podman).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CheckpointFailed);
        assert!(
            error.reason().contains("did not arrive whole") && error.reason().contains("runs on"),
            "{error}"
        );
        assert_eq!(
            scripted.calls()[1..],
            ["GET /containers/web-1/json", "POST /containers/web-1/restore?tcpEstablished=true",]
        );
    }
}

#[tokio::test]
async fn that_the_container_could_not_be_brought_back_is_told() {
    let scripted = Scripted::new(|line| match line.split(['?', ' ']).nth(1).unwrap() {
        "/containers/web-1/checkpoint" => chunked(&archive()[..9000], true),
        "/containers/web-1/json" => {
            json("200 OK", r#"{"Id":"ab","Name":"web-1","State":{"Status":"exited","Checkpointed":true}}"#)
        }
        _ => json("500 Internal Server Error", r#"{"cause":"x","message":"criu is gone","response":500}"#),
    })
    .await;
    let text = dump(&scripted.podman).await.unwrap_err().to_string();
    assert!(text.contains("the container is stopped") && text.contains("criu is gone"), "{text}");
}

#[tokio::test]
async fn a_restore_that_the_engine_refuses_removes_only_what_it_made() {
    let lists = Mutex::new(0);
    let scripted = Scripted::new(move |line| match line.split(['?', ' ']).nth(1).unwrap() {
        "/containers/json" => {
            let mut lists = lists.lock().unwrap();
            *lists += 1;
            let made = r#",{"Id":"ab","Names":["web-1"],"ImageID":"img","State":"created"}"#;
            let made = if *lists == 1 { "" } else { made };
            json("200 OK", &format!(r#"[{{"Id":"cd","Names":["db-1"],"State":"running"}}{made}]"#))
        }
        "/containers/import/restore" => json(
            "500 Internal Server Error",
            r#"{"cause":"x","message":"crun: CRIU restoring failed -52","response":500}"#,
        ),
        "/containers/ab" => json("200 OK", r#"[{"Id":"ab"}]"#),
        other => panic!("{other}"),
    })
    .await;
    let reader = Box::pin(std::io::Cursor::new(archive()));
    let ability = require_checkpoint(&scripted.podman).unwrap();
    let error = ability.restore(&RestoreSpec::new(), reader).await.unwrap_err();
    assert_eq!((error.kind(), error.subject()), (ErrorKind::RestoreFailed, Some("web-1")));
    let removals: Vec<_> = scripted.calls().into_iter().filter(|call| call.starts_with("DELETE")).collect();
    assert_eq!(removals, ["DELETE /containers/ab?force=true&ignore=true&timeout=0"]);
}

#[tokio::test]
async fn a_bad_archive_never_reaches_the_engine_whole() {
    let scripted = Scripted::new(|line| match line.split(['?', ' ']).nth(1).unwrap() {
        "/containers/json" => json("200 OK", "[]"),
        other => panic!("the engine got all of it: {other}"),
    })
    .await;
    let mut cut = archive();
    cut.truncate(cut.len() - 512);
    let ability = require_checkpoint(&scripted.podman).unwrap();
    let error = ability.restore(&RestoreSpec::new(), Box::pin(std::io::Cursor::new(cut))).await.unwrap_err();
    assert!(error.reason().contains("cut off") && error.reason().contains("nothing was restored"), "{error}");
    assert!(!scripted.calls().iter().any(|call| call.contains("restore")), "{:?}", scripted.calls());
}

#[tokio::test]
async fn a_forced_removal_is_one_call_and_reads_the_report() {
    let scripted = Scripted::new(|line| {
        let stuck = line.contains("stuck");
        json(
            "200 OK",
            if stuck { r#"[{"Id":"ab","Err":"device or resource busy"}]"# } else { r#"[{"Id":"ab"}]"# },
        )
    })
    .await;
    scripted.podman.remove_container("web-1", RemoveContainer::forced().with_volumes()).await.unwrap();
    assert_eq!(scripted.calls(), ["DELETE /containers/web-1?force=true&timeout=0&volumes=true"]);
    let error = scripted.podman.remove_container("stuck-1", RemoveContainer::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot remove container stuck-1: device or resource busy");
}

#[tokio::test]
async fn an_image_over_which_the_engine_fell_is_asked_for_again() {
    let asked = Mutex::new(0);
    let scripted = Scripted::new(move |_| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        let panicked = "runtime error: invalid memory address or nil pointer dereference";
        match *asked {
            1 => json(
                "500 Internal Server Error",
                &format!(r#"{{"cause":"x","message":"{panicked}","response":500}}"#),
            ),
            _ => json("200 OK", r#"{"Id":"ab"}"#),
        }
    })
    .await;
    assert_eq!(scripted.podman.inspect_image("web:1").await.unwrap().id, "sha256:ab");
    assert_eq!(scripted.calls().len(), 2);
}
