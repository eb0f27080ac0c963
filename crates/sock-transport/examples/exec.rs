//! Runs a command in a container of any engine that speaks Docker's API, with this program's input and output:
//! `cargo run -p sock-transport --example exec -- SOCKET CONTAINER COMMAND...`.
//!
//! The few endpoints that it needs are declared here; `docker-api` and `libpod-api` have them all.

use std::error::Error;
use std::process::ExitCode;

use futures_util::StreamExt;
use http_endpoint::{SessionRequest, endpoint, request, response};
use sock_transport::Client;
use sock_transport::codec::StreamKind;
use tokio::io::{self, AsyncWriteExt};

request! {
    /// What to run.
    pub struct Command {
        /// Attach stdin.
        attach_stdin / with_attach_stdin: bool = "AttachStdin",
        /// Attach stdout.
        attach_stdout / with_attach_stdout: bool = "AttachStdout",
        /// Attach stderr.
        attach_stderr / with_attach_stderr: bool = "AttachStderr",
        /// Program and arguments.
        cmd / with_cmd: Vec<String> = "Cmd",
    }
}
request! {
    /// How to start it.
    pub struct Options {
        /// Return at once.
        detach / with_detach: bool = "Detach" always,
        /// Whether it has a terminal.
        tty / with_tty: bool = "Tty" always,
    }
}
response! {
    /// Where it can be found.
    pub struct Created {
        /// Id of the exec.
        id: String = "Id" | "ID",
    }
}
response! {
    /// Whether it has ended.
    pub struct State {
        /// It runs.
        running: bool = "Running",
        /// Its exit code, once it has ended.
        exit_code: Option<i64> = "ExitCode",
    }
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
    let command = Command::new()
        .with_attach_stdin(true)
        .with_attach_stdout(true)
        .with_attach_stderr(true)
        .with_cmd(cmd);
    let created = match engine.send(&ExecCreate::new(container, command)).await {
        Err(error) if error.is_not_running() => return Err(format!("start {container} first").into()),
        created => created?,
    };
    let session = engine.session(ExecStart::new(created.id, Options::new())).await?;
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
