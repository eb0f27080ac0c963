//! Connecting to engines that are not there, and to small ones that are.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use runtime_connect::{ConnectOptions, Engine, Environment, Source, connect};
use runtime_podman::CheckpointProbe;

/// An engine that answers pings and versions, on a thread of its own until the process ends.
fn engine(socket: &Path, podman: bool) {
    std::fs::create_dir_all(socket.parent().unwrap()).unwrap();
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut request = Vec::new();
                let mut buffer = [0; 1024];
                loop {
                    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                        match stream.read(&mut buffer) {
                            Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
                            _ => return,
                        }
                    }
                    let ping = request.starts_with(b"GET /_ping");
                    // Of Podman no more is asked, but for who it runs as, where the socket does not tell.
                    let info = request.starts_with(b"GET /v5.0.0/libpod/info");
                    assert!(ping || info || !podman, "{}", String::from_utf8_lossy(&request));
                    request.clear();
                    let header = if podman {
                        "Libpod-Api-Version: 5.4.2\r\nApi-Version: 1.41\r\n"
                    } else {
                        "Api-Version: 1.45\r\n"
                    };
                    let body = match (ping, info) {
                        (true, _) => "OK",
                        (_, true) => r#"{"host":{"security":{"rootless":false}}}"#,
                        _ => r#"{"Version":"26.1.5","ApiVersion":"1.45","Os":"linux","Arch":"amd64"}"#,
                    };
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\n{header}OSType: linux\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
}

fn options() -> ConnectOptions {
    ConnectOptions::default().with_start_service(false)
}

fn folder() -> (tempfile::TempDir, Environment) {
    let folder = tempfile::tempdir().unwrap();
    let environment = Environment::empty().with_root(folder.path());
    (folder, environment)
}

#[tokio::test]
async fn podman_is_told_from_docker_by_its_answer_wherever_it_listens() {
    let (folder, environment) = folder();
    let docker: PathBuf = folder.path().join("d.sock");
    let podman = folder.path().join("var/run/docker.sock");
    engine(&docker, false);
    engine(&podman, true);

    let named = options().with_host(format!("unix://{}", docker.display()));
    let connected = connect(&named, &environment).await.unwrap();
    assert_eq!((connected.engine, connected.source), (Engine::Docker, Source::Option));
    assert_eq!(connected.runtime.info().version, "26.1.5");
    assert!(!connected.runtime.capabilities().checkpoint);

    let connected = connect(&options(), &environment).await.unwrap();
    assert_eq!((connected.engine, connected.source), (Engine::Podman, Source::UsualPlace));
    assert_eq!(connected.runtime.info().version, "5.4.2");
    assert!(connected.attempts.iter().any(|attempt| attempt.what.contains("/run/podman/podman.sock")));
}

#[tokio::test]
async fn the_word_docker_does_not_take_podman_for_docker() {
    let (folder, environment) = folder();
    engine(&folder.path().join("var/run/docker.sock"), true);
    let error = connect(&options().with_host("docker"), &environment).await.unwrap_err();
    assert!(error.to_string().contains("Podman answers there"), "{error}");
}

#[tokio::test]
async fn a_named_engine_that_does_not_answer_is_an_error_and_nothing_else_is_tried() {
    let (folder, environment) = folder();
    engine(&folder.path().join("run/podman/podman.sock"), true);
    let gone = folder.path().join("gone.sock");
    let environment = environment.with("DOCKER_HOST", format!("unix://{}", gone.display()));
    let error = connect(&options(), &environment).await.unwrap_err();
    assert_eq!(error.attempts().len(), 1);
    assert!(error.to_string().contains("DOCKER_HOST") && error.to_string().contains("gone.sock"), "{error}");
}

#[tokio::test]
async fn without_any_engine_everything_tried_is_listed_with_how_to_install_one() {
    let (folder, environment) = folder();
    let error = connect(&ConnectOptions::default(), &environment).await.unwrap_err();
    let text = error.to_string();
    for part in ["run/podman/podman.sock", "var/run/docker.sock", "podman is not installed"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(error.hint().contains("apt install podman"), "{}", error.hint());

    let bin = folder.path().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink("/bin/true", bin.join("dnf")).unwrap();
    let environment = environment.with("PATH", bin.to_str().unwrap());
    let error = connect(&ConnectOptions::default(), &environment).await.unwrap_err();
    assert!(error.hint().contains("dnf install podman"), "{}", error.hint());
}

#[tokio::test]
async fn an_engine_that_never_answers_is_passed_over_in_time() {
    let (folder, environment) = folder();
    let silent = folder.path().join("run/podman/podman.sock");
    std::fs::create_dir_all(silent.parent().unwrap()).unwrap();
    let _listener = UnixListener::bind(&silent).unwrap();
    engine(&folder.path().join("var/run/docker.sock"), false);
    let quick = options().with_timeout(Duration::from_millis(100));
    let connected = connect(&quick, &environment).await.unwrap();
    assert_eq!(connected.engine, Engine::Docker);
    assert_eq!(connected.attempts.len(), 1);
}

#[tokio::test]
async fn a_probe_that_fails_takes_checkpoints_away_and_keeps_the_reason() {
    let (folder, environment) = folder();
    let socket = folder.path().join("p.sock");
    engine(&socket, true);
    let probe = CheckpointProbe::new(|| async { Err::<bool, _>("no CRIU here") });
    let named = options().with_host(socket.to_str().unwrap()).with_checkpoint_probe(probe);
    let runtime = connect(&named, &environment).await.unwrap().runtime;
    assert!(runtime.checkpoint().is_none() && !runtime.capabilities().checkpoint);
    let error = runtime_core::require_checkpoint(runtime.as_ref()).err().unwrap();
    assert_eq!(error.kind(), runtime_core::ErrorKind::CheckpointUnsupported);
    assert!(error.to_string().contains("no CRIU here"), "{error}");
}
