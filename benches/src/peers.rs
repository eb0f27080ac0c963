//! The two clients, each doing the same things with its own types.

use std::path::Path;

use bollard::ClientVersion;
use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bollard::query_parameters::LogsOptionsBuilder;
use docker_api::containers::{ContainerList, ContainerLogs};
use docker_api::exec::{ExecConfig, ExecCreate, ExecInspect, ExecStart, ExecStartConfig};
use docker_api::system::{Events, GetVersion, Ping};
use futures_util::StreamExt as _;
use futures_util::stream::Stream;
use sock_transport::Client;
use sock_transport::codec::StreamKind;

use crate::{Failure, Tally};

/// What is run in a container.
const COMMAND: [&str; 3] = ["test", "-f", "/ok"];
/// Seconds that bollard gives a request; sock-transport's default is as long.
const TIMEOUT: u64 = 60;

/// A client under measurement.
pub trait Peer: Clone + Send + Sync + 'static {
    /// `GET /_ping`.
    fn ping(&self) -> impl Future<Output = Result<Tally, Failure>> + Send;
    /// `GET /version`.
    fn version(&self) -> impl Future<Output = Result<Tally, Failure>> + Send;
    /// `GET /containers/json`.
    fn list(&self) -> impl Future<Output = Result<Tally, Failure>> + Send;
    /// Creates an exec in a container, starts it, reads its output to the end, and asks for its exit code.
    fn exec(&self, container: &str) -> impl Future<Output = Result<Tally, Failure>> + Send;
    /// Reads a log to its end. `each` gets every piece: whether it is of standard error, and its bytes.
    fn logs(
        &self,
        container: &str,
        each: impl FnMut(bool, &[u8]) + Send,
    ) -> impl Future<Output = Result<Tally, Failure>> + Send;
    /// Reads events to the end of the stream.
    fn events(&self) -> impl Future<Output = Result<Tally, Failure>> + Send;
}

/// Our client.
#[derive(Clone, Debug)]
pub struct Wharf(Client);

impl Wharf {
    /// A client with its defaults.
    #[must_use]
    pub fn new(socket: &Path) -> Self {
        Self(Client::unix(socket).with_prefix("/v1.44"))
    }
}

const fn length(text: &str) -> u64 {
    text.len() as u64
}

/// Counts pieces of output.
fn output(tally: &mut Tally, is_error: bool, bytes: &[u8]) {
    let counter = if is_error { &mut tally.sum } else { &mut tally.bytes };
    *counter += bytes.len() as u64;
}

impl Peer for Wharf {
    async fn ping(&self) -> Result<Tally, Failure> {
        let answer = self.0.send(&Ping::new()).await?;
        Ok(Tally { values: 1, bytes: length(&answer), sum: 0 })
    }

    async fn version(&self) -> Result<Tally, Failure> {
        let answer = self.0.send(&GetVersion::new()).await?;
        let bytes = length(&answer.version) + length(&answer.kernel_version);
        Ok(Tally { values: 1, bytes, sum: answer.components.len() as u64 })
    }

    async fn list(&self) -> Result<Tally, Failure> {
        let mut tally = Tally::default();
        for container in self.0.send(&ContainerList::new().with_all(true)).await? {
            tally.values += 1;
            tally.bytes += length(&container.id);
            tally.bytes += container.names.iter().map(|name| length(name)).sum::<u64>();
            tally.bytes += container.labels.values().map(|value| length(value)).sum::<u64>();
            tally.sum += container.ports.iter().map(|port| u64::from(port.private_port)).sum::<u64>();
        }
        Ok(tally)
    }

    async fn exec(&self, container: &str) -> Result<Tally, Failure> {
        let config =
            ExecConfig::new(COMMAND.map(str::to_owned)).with_attach_stdout(true).with_attach_stderr(true);
        let id = self.0.send(&ExecCreate::new(container, config)).await?.id;
        let start = ExecStart::new(&id, ExecStartConfig::attached(false));
        let (reader, writer) = self.0.hijack(&start).await?.into_split();
        let mut frames = reader.into_frames();
        let mut tally = Tally { values: 1, ..Tally::default() };
        while let Some(piece) = frames.next().await.transpose()? {
            output(&mut tally, piece.stream == StreamKind::Stderr, &piece.bytes);
        }
        drop(writer);
        let state = self.0.send(&ExecInspect::new(&id)).await?;
        tally.sum += state.exit_code.unwrap_or(0).unsigned_abs();
        Ok(tally)
    }

    async fn logs(
        &self,
        container: &str,
        mut each: impl FnMut(bool, &[u8]) + Send,
    ) -> Result<Tally, Failure> {
        let endpoint = ContainerLogs::new(container).with_stdout(true).with_stderr(true);
        let mut frames = self.0.frames(&endpoint).await?;
        let mut tally = Tally { values: 1, ..Tally::default() };
        while let Some(piece) = frames.next().await.transpose()? {
            let is_error = piece.stream == StreamKind::Stderr;
            output(&mut tally, is_error, &piece.bytes);
            each(is_error, &piece.bytes);
        }
        Ok(tally)
    }

    async fn events(&self) -> Result<Tally, Failure> {
        let mut tally = Tally::default();
        let mut events = self.0.json_stream(&Events::new()).await?;
        while let Some(event) = events.next().await.transpose()? {
            tally.values += 1;
            tally.bytes += length(&event.action) + length(&event.actor.id);
            tally.bytes += event.actor.attributes.values().map(|value| length(value)).sum::<u64>();
            tally.sum = tally.sum.wrapping_add(event.time_nano.unsigned_abs());
        }
        Ok(tally)
    }
}

/// The client that is compared with.
#[derive(Clone, Debug)]
pub struct Bollard(bollard::Docker);

impl Bollard {
    /// A client with its defaults.
    ///
    /// # Errors
    /// The socket is not there.
    pub fn new(socket: &Path) -> Result<Self, Failure> {
        let version = ClientVersion { major_version: 1, minor_version: 44 };
        Ok(Self(bollard::Docker::connect_with_unix(&socket.display().to_string(), TIMEOUT, &version)?))
    }
}

fn text(value: Option<&String>) -> u64 {
    value.map_or(0, |text| length(text))
}

/// Reads output to its end.
async fn read(
    mut stream: impl Stream<Item = Result<LogOutput, bollard::errors::Error>> + Unpin + Send,
    mut each: impl FnMut(bool, &[u8]) + Send,
) -> Result<Tally, Failure> {
    let mut tally = Tally { values: 1, ..Tally::default() };
    while let Some(piece) = stream.next().await.transpose()? {
        let (is_error, bytes) = match &piece {
            LogOutput::StdErr { message } => (true, message),
            LogOutput::StdOut { message } => (false, message),
            other => return Err(format!("neither output nor error: {other:?}").into()),
        };
        output(&mut tally, is_error, bytes);
        each(is_error, bytes);
    }
    Ok(tally)
}

impl Peer for Bollard {
    async fn ping(&self) -> Result<Tally, Failure> {
        let answer = self.0.ping().await?;
        Ok(Tally { values: 1, bytes: length(&answer), sum: 0 })
    }

    async fn version(&self) -> Result<Tally, Failure> {
        let answer = self.0.version().await?;
        let bytes = text(answer.version.as_ref()) + text(answer.kernel_version.as_ref());
        Ok(Tally { values: 1, bytes, sum: answer.components.map_or(0, |all| all.len() as u64) })
    }

    async fn list(&self) -> Result<Tally, Failure> {
        let options = bollard::query_parameters::ListContainersOptionsBuilder::default().all(true).build();
        let mut tally = Tally::default();
        for container in self.0.list_containers(Some(options)).await? {
            tally.values += 1;
            tally.bytes += text(container.id.as_ref());
            tally.bytes += container.names.iter().flatten().map(|name| length(name)).sum::<u64>();
            tally.bytes += container.labels.iter().flatten().map(|(_, value)| length(value)).sum::<u64>();
            tally.sum +=
                container.ports.iter().flatten().map(|port| u64::from(port.private_port)).sum::<u64>();
        }
        Ok(tally)
    }

    async fn exec(&self, container: &str) -> Result<Tally, Failure> {
        let config = CreateExecOptions {
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(COMMAND.to_vec()),
            ..Default::default()
        };
        let id = self.0.create_exec(container, config).await?.id;
        let started = self.0.start_exec(&id, None::<StartExecOptions>).await?;
        let StartExecResults::Attached { output, input } = started else {
            return Err("the exec was not attached".into());
        };
        let mut tally = read(output, |_, _| {}).await?;
        drop(input);
        let state = self.0.inspect_exec(&id).await?;
        tally.sum += state.exit_code.unwrap_or(0).unsigned_abs();
        Ok(tally)
    }

    async fn logs(&self, container: &str, each: impl FnMut(bool, &[u8]) + Send) -> Result<Tally, Failure> {
        let options = LogsOptionsBuilder::default().stdout(true).stderr(true).build();
        read(Box::pin(self.0.logs(container, Some(options))), each).await
    }

    async fn events(&self) -> Result<Tally, Failure> {
        let mut tally = Tally::default();
        let mut events = Box::pin(self.0.events(None));
        while let Some(event) = events.next().await.transpose()? {
            tally.values += 1;
            tally.bytes += text(event.action.as_ref());
            if let Some(actor) = &event.actor {
                tally.bytes += text(actor.id.as_ref());
                tally.bytes += actor.attributes.iter().flatten().map(|(_, value)| length(value)).sum::<u64>();
            }
            tally.sum = tally.sum.wrapping_add(event.time_nano.unwrap_or(0).unsigned_abs());
        }
        Ok(tally)
    }
}
