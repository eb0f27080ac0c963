//! Sessions and refusals on real engines (`WHARF_TEST_DOCKER`, `WHARF_TEST_PODMAN`, `WHARF_TEST_PODMAN43`,
//! `WHARF_TEST_PODMAN58`), through endpoints of this file's own. For an engine that is not named a test says that
//! it was skipped.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use http_endpoint::{Endpoint, SessionRequest, endpoint};
use serde_json::{Value, json};
use sock_transport::codec::StreamKind;
use sock_transport::{Client, Error, Phase, SessionControl, SessionOutput};
use tokio::io::AsyncWriteExt;
use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::TestResult;

/// A small image that every engine of the bed has.
const IMAGE: &str = "docker.io/library/busybox:latest";
/// A version that all of them speak.
const PREFIX: &str = "/v1.41";
const ENGINES: [&str; 4] = ["docker", "podman", "podman43", "podman58"];

static COUNTER: AtomicU32 = AtomicU32::new(0);

endpoint! {
    /// Creates a container.
    POST "/containers/create" => json<Value>, [201];
    pub struct Create {
        required { /** Its name. */ name: String = "name" }
        json { /** What it is. */ config: Value }
    }
}
endpoint! {
    /// Starts a container.
    POST "/containers/{id}/start" => none, [204];
    pub struct StartContainer { path { /** Which. */ id } }
}
endpoint! {
    /// Removes a container.
    DELETE "/containers/{id}" => none, [204];
    pub struct Remove {
        path { /** Which. */ id }
        query { /** Even if it runs. */ force / with_force: bool = "force" }
    }
}
endpoint! {
    /// Attaches to a container.
    POST "/containers/{id}/attach" => hijacked, [101, 200];
    pub struct Attach {
        path { /** Which. */ id }
        query {
            /// From now on.
            stream / with_stream: bool = "stream",
            /// Input.
            stdin / with_stdin: bool = "stdin",
            /// Output.
            stdout / with_stdout: bool = "stdout",
            /// Errors.
            stderr / with_stderr: bool = "stderr",
        }
    }
}
endpoint! {
    /// Waits for a container.
    POST "/containers/{id}/wait" => json<Value>, [200];
    pub struct Wait { path { /** Which. */ id } }
}
endpoint! {
    /// Sets the size of a container's terminal.
    POST "/containers/{id}/resize" => none, [200];
    pub struct ResizeContainer {
        path { /** Which. */ id }
        query { /** Rows. */ h / with_h: Option<u16> = "h", /** Columns. */ w / with_w: Option<u16> = "w" }
    }
}
endpoint! {
    /// Prepares an exec.
    POST "/containers/{id}/exec" => json<Value>, [201];
    pub struct Exec {
        path { /** Where. */ id }
        json { /** What. */ config: Value }
    }
}
endpoint! {
    /// Starts an exec.
    POST "/exec/{id}/start" => hijacked, [101, 200];
    pub struct StartExec {
        path { /** Which. */ id }
        json { /** How. */ config: Value }
    }
}
endpoint! {
    /// Looks at an exec.
    GET "/exec/{id}/json" => json<Value>, [200];
    pub struct InspectExec { path { /** Which. */ id } }
}
endpoint! {
    /// Sets the size of an exec's terminal.
    POST "/exec/{id}/resize" => none, [200, 201];
    pub struct ResizeExec {
        path { /** Which. */ id }
        query { /** Rows. */ h / with_h: Option<u16> = "h", /** Columns. */ w / with_w: Option<u16> = "w" }
    }
}

impl SessionRequest for StartExec {
    type Start = Self;
    type Resize = ResizeExec;
    type State = InspectExec;

    fn start(&self) -> &Self {
        self
    }

    fn terminal(&self) -> bool {
        self.config["Tty"] == true
    }

    fn resize(&self, rows: u16, columns: u16) -> ResizeExec {
        ResizeExec::new(&self.id).with_h(rows).with_w(columns)
    }

    fn state(&self) -> InspectExec {
        InspectExec::new(&self.id)
    }

    fn exit_code(state: &Value) -> Option<i64> {
        if state["Running"] == true { None } else { state["ExitCode"].as_i64() }
    }
}

/// An attach, and whether the container has a terminal.
struct Attached {
    attach: Attach,
    terminal: bool,
}

impl SessionRequest for Attached {
    type Start = Attach;
    type Resize = ResizeContainer;
    type State = Wait;
    const STATE_WAITS: bool = true;

    fn start(&self) -> &Attach {
        &self.attach
    }

    fn terminal(&self) -> bool {
        self.terminal
    }

    fn resize(&self, rows: u16, columns: u16) -> ResizeContainer {
        ResizeContainer::new(&self.attach.id).with_h(rows).with_w(columns)
    }

    fn state(&self) -> Wait {
        Wait::new(&self.attach.id)
    }

    fn exit_code(ended: &Value) -> Option<i64> {
        ended["StatusCode"].as_i64()
    }
}

/// An engine and the name of a container on it.
struct Bed {
    engine: Client,
    name: String,
}

impl Bed {
    async fn create(&self, config: Value) -> Result<(), Error> {
        let mut whole = json!({ "Image": IMAGE, "StopSignal": "SIGKILL" });
        for (key, value) in config.as_object().into_iter().flatten() {
            whole[key] = value.clone();
        }
        self.engine.send(&Create::new(&self.name, whole)).await.map(|_| ())
    }

    async fn start(&self) -> Result<(), Error> {
        self.engine.send(&StartContainer::new(&self.name)).await
    }

    /// Prepares an exec with all streams attached.
    async fn exec(&self, tty: bool, script: &str) -> Result<StartExec, Error> {
        let config = json!({
            "AttachStdin": true, "AttachStdout": true, "AttachStderr": true, "Tty": tty,
            "Cmd": ["sh", "-c", script],
        });
        let made = self.engine.send(&Exec::new(&self.name, config)).await?;
        let id = made["Id"].as_str().unwrap_or_default();
        Ok(StartExec::new(id, json!({ "Detach": false, "Tty": tty })))
    }

    fn attach(&self, terminal: bool) -> Attached {
        let attach = Attach::new(&self.name).with_stream(true).with_stdin(true);
        Attached { attach: attach.with_stdout(true).with_stderr(true), terminal }
    }
}

/// Runs a test on each engine, with a name of its own, and removes the container of that name.
async fn on_each_engine(test: impl AsyncFn(&Bed) -> TestResult) -> TestResult {
    for name in ENGINES {
        let engine = match Engine::find(name) {
            Ok(engine) => engine,
            Err(reason) => {
                println!("{reason}");
                continue;
            }
        };
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let bed = Bed {
            engine: Client::unix(engine.socket).with_prefix(PREFIX),
            name: format!("wharf-session-{}-{number}", std::process::id()),
        };
        let result = test(&bed).await;
        match bed.engine.send(&Remove::new(&bed.name).with_force(true)).await {
            Err(error) if !error.is_not_found() => return Err(error.into()),
            _ => result.map_err(|error| format!("on {name}: {error}"))?,
        }
    }
    Ok(())
}

/// All of stdout and stderr.
async fn collect(mut output: SessionOutput) -> Result<(String, String), Error> {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        let target = if chunk.stream == StreamKind::Stderr { &mut stderr } else { &mut stdout };
        target.push_str(&String::from_utf8_lossy(&chunk.bytes));
    }
    Ok((stdout, stderr))
}

#[tokio::test]
async fn an_exec_reads_to_the_end_of_its_input_and_keeps_its_outputs_apart() -> TestResult {
    on_each_engine(async |bed| {
        bed.create(json!({ "Cmd": ["sleep", "600"] })).await?;
        bed.start().await?;
        let exec = bed.exec(false, "wc -c; echo trouble >&2; exit 7").await?;
        let (mut input, output, control) = bed.engine.session(exec).await?.into_parts();
        input.write_all(&vec![b'x'; 300_000]).await?;
        input.shutdown().await?;
        let (stdout, stderr) = collect(output).await?;
        ensure!(stdout.trim() == "300000" && stderr == "trouble\n", "{stdout:?} {stderr:?}");
        let code = control.wait().await?;
        ensure!(code == 7, "{code}");

        let silent = bed.engine.session(bed.exec(false, "echo unread; exit 3").await?).await?;
        let code = silent.wait().await?;
        ensure!(code == 3, "{code}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_exec_with_a_terminal_gets_the_size_that_it_is_given() -> TestResult {
    on_each_engine(async |bed| {
        bed.create(json!({ "Cmd": ["sleep", "600"] })).await?;
        bed.start().await?;
        let exec = bed.exec(true, "read line; stty size; echo err >&2; exit 5").await?;
        let (mut input, output, control) = bed.engine.session(exec).await?.into_parts();
        control.resize(33, 99).await?;
        input.write_all(b"go\n").await?;
        let (stdout, stderr) = collect(output).await?;
        ensure!(stdout.contains("33 99\r\n") && stdout.contains("err\r\n"), "{stdout:?}");
        ensure!(stderr.is_empty(), "{stderr:?}");
        let code = control.wait().await?;
        ensure!(code == 5, "{code}");
        let late = control.resize(10, 10).await;
        ensure!(late.as_ref().is_err_and(|error| error.status().is_some()), "{late:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_exec_that_runs_has_no_exit_code_yet() -> TestResult {
    on_each_engine(async |bed| {
        bed.create(json!({ "Cmd": ["sleep", "600"] })).await?;
        bed.start().await?;
        let session = bed.engine.session(bed.exec(false, "read line; exit 4").await?).await?;
        let (mut input, output, control) = session.into_parts();
        let error = control.wait_within(Duration::from_millis(200)).await.err();
        let timed_out =
            error.as_ref().is_some_and(|error| error.is_timeout() && error.phase() == Phase::Exit);
        ensure!(timed_out, "{error:?}");
        input.write_all(b"go\n").await?;
        collect(output).await?;
        let code = control.wait().await?;
        ensure!(code == 4, "{code}");
        let gone = SessionControl::new(&bed.engine, StartExec::new("ffff", json!({}))).wait().await;
        ensure!(gone.as_ref().is_err_and(Error::is_not_found), "{gone:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_attach_before_the_start_misses_nothing() -> TestResult {
    on_each_engine(async |bed| {
        let script = "cat; echo trouble >&2; exit 9";
        let config = json!({ "Cmd": ["sh", "-c", script], "OpenStdin": true, "StdinOnce": true,
            "AttachStdin": true, "AttachStdout": true, "AttachStderr": true });
        bed.create(config).await?;
        let (mut input, output, control) = bed.engine.session(bed.attach(false)).await?.into_parts();
        bed.start().await?;
        input.write_all(b"hello\n").await?;
        input.shutdown().await?;
        let (stdout, stderr) = collect(output).await?;
        ensure!(stdout == "hello\n" && stderr == "trouble\n", "{stdout:?} {stderr:?}");
        let code = control.wait().await?;
        ensure!(code == 9, "{code}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_attach_to_a_terminal_is_raw_and_has_a_size() -> TestResult {
    on_each_engine(async |bed| {
        let script = "read line; stty size; exit 6";
        let config = json!({ "Cmd": ["sh", "-c", script], "OpenStdin": true, "Tty": true });
        bed.create(config).await?;
        let (mut input, output, control) = bed.engine.session(bed.attach(true)).await?.into_parts();
        bed.start().await?;
        let early = control.wait_within(Duration::from_millis(200)).await;
        ensure!(early.as_ref().is_err_and(Error::is_timeout), "{early:?}");
        control.resize(44, 111).await?;
        input.write_all(b"go\n").await?;
        let (stdout, stderr) = collect(output).await?;
        ensure!(stdout.contains("44 111\r\n") && stderr.is_empty(), "{stdout:?} {stderr:?}");
        let code = control.wait().await?;
        ensure!(code == 6, "{code}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_detaches_leaves_the_process_running() -> TestResult {
    on_each_engine(async |bed| {
        let config = json!({ "Cmd": ["sleep", "600"], "OpenStdin": true, "Tty": true });
        bed.create(config).await?;
        let (mut input, output, control) = bed.engine.session(bed.attach(true)).await?.into_parts();
        bed.start().await?;
        // The usual keys: control and p, control and q. Podman knows them only when each comes on its own, as it
        // does from a person, so they are pressed until that happens.
        let press = async {
            while input.write_all(b"\x10").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if input.write_all(b"\x11").await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            std::future::pending::<()>().await;
        };
        let (stdout, _) = tokio::select! {
            output = tokio::time::timeout(Duration::from_secs(20), collect(output)) => output??,
            () = press => return Err("unreachable: keys are pressed for ever".into()),
        };
        let ended = control.wait_within(Duration::from_millis(200)).await;
        ensure!(ended.as_ref().is_err_and(Error::is_timeout), "{ended:?} after {stdout:?}");
        let exec = bed.engine.session(bed.exec(true, "exit 2").await?).await?;
        let code = exec.wait().await?;
        ensure!(code == 2, "{code}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn refusals_mean_the_same_on_every_engine() -> TestResult {
    on_each_engine(async |bed| {
        bed.create(json!({ "Cmd": ["sleep", "600"] })).await?;
        let taken = bed.create(json!({})).await;
        ensure!(taken.as_ref().is_err_and(Error::is_already_exists), "{taken:?}");
        let idle = bed.exec(false, "true").await.map(|exec| exec.path());
        ensure!(idle.as_ref().is_err_and(Error::is_not_running), "{idle:?}");
        bed.start().await?;
        let runs = bed.engine.send(&Remove::new(&bed.name)).await;
        let runs = runs.err().and_then(|error| error.engine().cloned());
        ensure!(runs.as_ref().is_some_and(|said| said.is_already_running()), "{runs:?}");
        let image = Create::new(format!("{}-b", bed.name), json!({ "Image": "wharf-no-such-image:1" }));
        let image = bed.engine.send(&image).await;
        ensure!(image.as_ref().is_err_and(Error::is_no_such_image), "{image:?}");
        let gone = bed.engine.send(&StartContainer::new("wharf-no-such-container")).await;
        ensure!(gone.as_ref().is_err_and(Error::is_not_found), "{gone:?}");
        Ok(())
    })
    .await
}
