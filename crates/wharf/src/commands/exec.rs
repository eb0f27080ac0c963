//! `wharf exec`

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use clap::Args;
use futures_util::StreamExt as _;
use runtime_core::{BoxWriter, ExecSpec, OutputStream, Runtime};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::signal::unix::{SignalKind, signal};

use crate::context::{Absent, Context};
use crate::failure::Failure;
use crate::signal::Interrupts;
use crate::terminal::{self, RawMode};

/// Run a command in a running container
#[derive(Clone, Debug, Args)]
pub(crate) struct ExecArgs {
    /// Do not wait for the command
    #[arg(short, long)]
    detach: bool,
    /// Do not allocate a terminal; by default there is one when standard input and output are
    #[arg(short = 'T', long = "no-tty", alias = "no-TTY")]
    no_tty: bool,
    /// Set an environment variable; without a value it is taken from the environment
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    pub(crate) env: Vec<String>,
    /// User to run it as, instead of the container's
    #[arg(short, long)]
    user: Option<String>,
    /// Directory to run it in, instead of the container's
    #[arg(short, long, value_name = "DIR")]
    workdir: Option<String>,
    /// Give it all privileges
    #[arg(long)]
    privileged: bool,
    /// Number of the container, where the service has several
    #[arg(long, value_name = "NUMBER")]
    index: Option<u32>,
    /// Service
    pub(crate) service: String,
    /// Command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) command: Vec<String>,
}

pub(crate) async fn run(context: &Context, args: ExecArgs) -> Result<u8, Failure> {
    let (engine, project) =
        context.project_or_labels(std::slice::from_ref(&args.service), Absent::Refused).await?;
    let container = engine.orchestrator(project).container(&args.service, args.index).await?;
    let runtime = engine.runtime();
    let tty = !args.detach && !args.no_tty && io::stdin().is_terminal() && io::stdout().is_terminal();
    let mut spec = ExecSpec::new(args.command);
    for variable in &args.env {
        match variable.split_once('=') {
            Some((name, value)) => spec.env.set(name, Some(value.to_owned())),
            // As docker-compose: a variable that is not set here is not set there.
            None => {
                if let Ok(value) = std::env::var(variable) {
                    spec.env.set(variable.as_str(), Some(value));
                }
            }
        }
    }
    spec.user = args.user;
    spec.working_dir = args.workdir;
    spec.privileged = args.privileged;
    if args.detach {
        runtime.exec_detached(&container.id, &spec).await?;
        return Ok(0);
    }
    spec.stdin = true;
    spec.tty = tty;
    spec.size = tty.then(terminal::size);
    let code = attached(&runtime, &container.id, &spec).await?;
    // An exit code of a process is one byte; what is not one is a failure in any case.
    Ok(u8::try_from(code).unwrap_or(1))
}

/// Runs a command with our streams as its own.
async fn attached(runtime: &Arc<dyn Runtime>, container: &str, spec: &ExecSpec) -> Result<i64, Failure> {
    let catch = |error| Failure::io("catch signals", error);
    let mut resized = signal(SignalKind::window_change()).map_err(catch)?;
    let mut hung_up = signal(SignalKind::hangup()).map_err(catch)?;
    let mut interrupts = Interrupts::catch().map_err(catch)?;
    let exec = runtime.exec(container, spec).await?;
    // Only now: until here a Ctrl-C ends us.
    let raw = spec
        .tty
        .then(RawMode::enable)
        .transpose()
        .map_err(|error| Failure::io("switch the terminal to raw mode", error))?;
    let input = exec.session.stdin.map(|writer| tokio::spawn(forward_input(writer)));
    let mut output = exec.session.output;
    let (mut stdout, mut stderr) = (tokio::io::stdout(), tokio::io::stderr());
    let ended = loop {
        tokio::select! {
            chunk = output.next() => {
                let Some(chunk) = chunk else { break Ok(()) };
                let chunk = chunk?;
                let written = match chunk.stream {
                    OutputStream::Stdout => write(&mut stdout, &chunk.bytes).await,
                    OutputStream::Stderr => write(&mut stderr, &chunk.bytes).await,
                };
                if let Err(error) = written {
                    break Err(Failure::io("write the output", error));
                }
            }
            _ = resized.recv(), if spec.tty => {
                // A process that has just ended has no size any more.
                if let Err(error) = runtime.resize_exec(&exec.id, terminal::size()).await {
                    tracing::debug!(%error, "the terminal's size was not passed on");
                }
            }
            () = interrupts.next() => break Err(Failure::Interrupted),
            _ = hung_up.recv() => break Err(Failure::Interrupted),
        }
    };
    drop(raw);
    if let Some(input) = input {
        input.abort();
    }
    ended?;
    Ok(runtime.exec_exit_code(&exec.id).await?)
}

async fn write(to: &mut (impl tokio::io::AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes).await?;
    to.flush().await
}

/// Passes standard input on, and its end. A process that does not read any more is no error.
async fn forward_input(mut writer: BoxWriter) {
    let mut stdin = tokio::io::stdin();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        match stdin.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(count) => {
                let sent = async {
                    writer.write_all(&buffer[..count]).await?;
                    writer.flush().await
                };
                if sent.await.is_err() {
                    return;
                }
            }
        }
    }
    // The reader may be gone already.
    let _ = writer.shutdown().await;
    // The connection stays open for the output: dropping the writer early could close it.
    std::future::pending::<()>().await;
}
