//! Runs a command in a container of any engine that speaks Docker's API, with this program's input and output:
//! `cargo run -p sock-transport --example exec -- SOCKET CONTAINER COMMAND...`.
//!
//! The few endpoints that it needs are declared here; `docker-api` and `libpod-api` have them all.

use std::error::Error;
use std::process::ExitCode;

use futures_util::StreamExt;
use http_endpoint::{SessionRequest, endpoint};
use serde::{Deserialize, Serialize};
use sock_transport::Client;
use sock_transport::codec::StreamKind;
use tokio::io::{self, AsyncWriteExt};

/// What to run.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Command {
    attach_stdin: bool,
    attach_stdout: bool,
    attach_stderr: bool,
    cmd: Vec<String>,
}

/// How to start it.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Options {
    detach: bool,
    tty: bool,
}

/// Where it can be found.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Created {
    id: String,
}

/// Whether it has ended.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct State {
    running: bool,
    exit_code: Option<i64>,
}

endpoint! {
    /// Prepares a command.
    POST "/containers/{id}/exec" => json<Created>, [201];
    pub struct ExecCreate {
        path { /** Name or id of the container. */ id }
        json { /** What to run. */ command: Command }
    }
}
endpoint! {
    /// Starts a prepared command with its streams on this connection.
    POST "/exec/{id}/start" => hijacked, [101, 200];
    pub struct ExecStart {
        path { /** Id of the exec. */ id }
        json { /** How to start it. */ options: Options }
    }
}
endpoint! {
    /// The state of a command.
    GET "/exec/{id}/json" => json<State>, [200];
    pub struct ExecInspect {
        path { /** Id of the exec. */ id }
    }
}
endpoint! {
    /// Sets the size of a command's terminal.
    POST "/exec/{id}/resize" => none, [200, 201];
    pub struct ExecResize {
        path { /** Id of the exec. */ id }
        query { /** Rows. */ h / with_h: Option<u16> = "h", /** Columns. */ w / with_w: Option<u16> = "w" }
    }
}

impl SessionRequest for ExecStart {
    type Start = Self;
    type Resize = ExecResize;
    type State = ExecInspect;

    fn start(&self) -> &Self {
        self
    }

    fn terminal(&self) -> bool {
        self.options.tty
    }

    fn resize(&self, rows: u16, columns: u16) -> ExecResize {
        ExecResize::new(&self.id).with_h(rows).with_w(columns)
    }

    fn state(&self) -> ExecInspect {
        ExecInspect::new(&self.id)
    }

    fn exit_code(state: &State) -> Option<i64> {
        state.exit_code.filter(|_| !state.running)
    }
}

async fn run(socket: String, container: &str, cmd: Vec<String>) -> Result<i64, Box<dyn Error>> {
    let engine = Client::unix(socket).with_prefix("/v1.41");
    let command = Command { attach_stdin: true, attach_stdout: true, attach_stderr: true, cmd };
    let created = match engine.send(&ExecCreate::new(container, command)).await {
        Err(error) if error.is_not_running() => return Err(format!("start {container} first").into()),
        created => created?,
    };
    let session = engine.session(ExecStart::new(created.id, Options::default())).await?;
    let (mut input, mut output, control) = session.into_parts();
    tokio::spawn(async move {
        // Whether or not all of it could be written: the command may have ended before.
        let _ = io::copy(&mut io::stdin(), &mut input).await;
        let _ = input.shutdown().await;
    });
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        match chunk.stream {
            StreamKind::Stderr | StreamKind::SystemError => io::stderr().write_all(&chunk.bytes).await?,
            StreamKind::Stdout | StreamKind::Stdin => io::stdout().write_all(&chunk.bytes).await?,
        }
    }
    io::stdout().flush().await?;
    Ok(control.wait().await?)
}

#[expect(clippy::print_stderr, reason = "a program speaks to its user")]
#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(socket), Some(container)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: exec SOCKET CONTAINER COMMAND...");
        return ExitCode::FAILURE;
    };
    match run(socket, &container, arguments.collect()).await {
        // A thread that waits for standard input would keep the program alive.
        Ok(code) => std::process::exit(i32::try_from(code).unwrap_or(1)),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
