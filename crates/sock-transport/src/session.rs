//! Sessions: a process whose streams are a hijacked connection, and the calls beside it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_endpoint::{Endpoint, SessionRequest};
use tokio::time::{Instant, sleep, timeout};

use crate::client::Client;
use crate::codec::{Chunk, StreamKind};
use crate::error::{Error, Origin, Phase, Reason};
use crate::hijack::{Hijacked, HijackedReader, HijackedWriter};
use crate::stream::FrameStream;

/// How long after the end of its output a process may take to have an exit code.
const EXIT_DEADLINE: Duration = Duration::from_secs(10);
/// The pauses between two questions for the exit code: from the first, doubled, up to the last.
const EXIT_PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));
/// The most that an answer about the end of a process may hold.
const STATE_LIMIT: usize = 1 << 20;
/// How long a terminal may take to be there after its process was started.
const RESIZE_DEADLINE: Duration = Duration::from_secs(1);
/// The first pause before a resize is tried again; each is twice as long as the one before it.
const RESIZE_PAUSE: Duration = Duration::from_millis(5);

impl Client {
    /// Connects to a process: an exec, or an attach to a container.
    ///
    /// The session uses this client for the calls beside the connection, with the deadline for the head of
    /// each answer that this client has.
    ///
    /// # Errors
    /// As [`Self::hijack`].
    ///
    /// # Cancel safety
    /// See [`Client`]. The engine may have started the process all the same.
    pub async fn session<R: SessionRequest>(&self, request: R) -> Result<Session<R>, Error> {
        let hijacked = self.hijack(request.start()).await?;
        let (output, input) = hijacked.into_streams(request.terminal());
        Ok(Session { input, output, control: SessionControl::new(self, request) })
    }
}

impl Hijacked {
    /// The two directions, with the output as chunks of stdout and stderr. With a terminal the engine sends raw
    /// bytes, which all are stdout, and frames otherwise.
    ///
    /// This is a [`Session`] without the calls beside it.
    #[must_use]
    pub fn into_streams(self, terminal: bool) -> (SessionOutput, HijackedWriter) {
        let (reader, writer) = self.into_split();
        let source = if terminal { Source::Raw(reader) } else { Source::Frames(reader.into_frames()) };
        (SessionOutput { source, kept: None, ended: false }, writer)
    }
}

/// A process with its streams.
///
/// ```no_run
/// use futures_util::StreamExt as _;
/// use sock_transport::codec::StreamKind;
/// use tokio::io::AsyncWriteExt as _;
///
/// # async fn example<R: http_endpoint::SessionRequest>(
/// #     engine: sock_transport::Client,
/// #     exec: R,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// let (mut input, mut output, control) = engine.session(exec).await?.into_parts();
/// input.write_all(b"hello\n").await?;
/// input.shutdown().await?; // The process sees the end of its input.
/// while let Some(chunk) = output.next().await {
///     let chunk = chunk?;
///     match chunk.stream {
///         StreamKind::Stderr => eprint!("{}", String::from_utf8_lossy(&chunk.bytes)),
///         _ => print!("{}", String::from_utf8_lossy(&chunk.bytes)),
///     }
/// }
/// println!("exit code {}", control.wait().await?);
/// # Ok(())
/// # }
/// ```
///
/// Read the output while you write input: a process whose output nobody takes stops reading at some time, and
/// then both wait for ever.
///
/// Dropping a session closes its connection. The process runs on: no engine ends one because its client left.
pub struct Session<R> {
    input: HijackedWriter,
    output: SessionOutput,
    control: SessionControl<R>,
}

impl<R: SessionRequest> Session<R> {
    /// Standard input, the output, and the calls beside them. Each may go its own way, such as to a task of its
    /// own.
    #[must_use]
    pub fn into_parts(self) -> (HijackedWriter, SessionOutput, SessionControl<R>) {
        (self.input, self.output, self.control)
    }

    /// The output and the calls beside it, for a process that gets no input from here. Its input stays open
    /// until the output is dropped: to end it early would tell some engines that the client is leaving.
    #[must_use]
    pub fn into_output(self) -> (SessionOutput, SessionControl<R>) {
        (self.output.keeping(self.input), self.control)
    }

    /// Reads the rest of the output, drops it, and gives the exit code.
    ///
    /// The input stays open: a process that reads it to its end needs [`Self::into_parts`].
    ///
    /// # Errors
    /// Of the output, and as [`SessionControl::wait`].
    ///
    /// # Cancel safety
    /// Dropping it closes the connection. The process runs on.
    pub async fn wait(self) -> Result<i64, Error> {
        let (mut output, control) = self.into_output();
        while let Some(chunk) = std::future::poll_fn(|cx| Pin::new(&mut output).poll_next(cx)).await {
            chunk?;
        }
        control.wait().await
    }
}

impl<R> fmt::Debug for Session<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("output", &self.output).finish_non_exhaustive()
    }
}

/// The output of a process, as chunks of stdout and stderr; with a terminal all of it is stdout.
///
/// It ends when the process closed both, when a person detached by the keys for that, or, for an exec that
/// was started detached, at once. After an error or the end there is nothing more. A chunk of
/// [`StreamKind::SystemError`] is the engine's own report that it failed.
///
/// No byte is lost when a future that waits for the next chunk is dropped. The connection is closed when this
/// and the input are both dropped.
#[derive(Debug)]
pub struct SessionOutput {
    source: Source,
    /// Held for as long as the output is.
    kept: Option<HijackedWriter>,
    ended: bool,
}

#[derive(Debug)]
enum Source {
    Frames(FrameStream),
    Raw(HijackedReader),
}

impl SessionOutput {
    /// Keeps the input open for as long as this output is there, for a process that gets no input from here.
    #[must_use]
    pub fn keeping(mut self, input: HijackedWriter) -> Self {
        self.kept = Some(input);
        self
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, Error>>> {
        match &mut self.source {
            Source::Frames(frames) => Pin::new(frames).poll_next(cx),
            Source::Raw(reader) => {
                let piece: Option<std::io::Result<Bytes>> = ready!(reader.poll_piece(cx));
                Poll::Ready(piece.map(|piece| match piece {
                    Ok(bytes) => Ok(Chunk { stream: StreamKind::Stdout, begins: false, bytes }),
                    Err(error) => Err(Error::new(reader.origin(), Phase::Body, Reason::Io(error))),
                }))
            }
        }
    }
}

impl Stream for SessionOutput {
    type Item = Result<Chunk, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let chunk = ready!(this.poll_chunk(cx));
        this.ended = !matches!(chunk, Some(Ok(_)));
        Poll::Ready(chunk)
    }
}

/// The calls that belong to the process of a session, over other connections than the session's own.
pub struct SessionControl<R> {
    client: Client,
    request: R,
}

impl<R: SessionRequest> SessionControl<R> {
    /// The calls for the process that `request` started. Use it on its own for a process that was started
    /// elsewhere; nothing is sent.
    pub fn new(client: &Client, request: R) -> Self {
        Self { client: client.clone(), request }
    }

    /// The request that opened the session.
    pub const fn request(&self) -> &R {
        &self.request
    }

    /// Sets the size of the terminal.
    ///
    /// A terminal is there only a moment after its process was started, and engines refuse a resize before
    /// that (409 or 500): such a resize is tried again for up to 1 s.
    ///
    /// # Errors
    /// The engine's refusal, such as for a process that has ended; [`Phase::Send`] without a request when the
    /// process has no terminal.
    ///
    /// # Cancel safety
    /// See [`Client`]. The terminal may have the new size or the old one.
    pub async fn resize(&self, rows: u16, columns: u16) -> Result<(), Error> {
        let resize = self.request.resize(rows, columns);
        if !self.request.terminal() {
            let reason = Reason::Request("the process has no terminal");
            return Err(Error::new(&self.origin(&resize), Phase::Send, reason));
        }
        let deadline = Instant::now() + RESIZE_DEADLINE;
        let mut pause = RESIZE_PAUSE;
        loop {
            match self.client.send(&resize).await {
                Ok(_) => return Ok(()),
                Err(error)
                    if matches!(error.status(), Some(409 | 500)) && Instant::now() + pause < deadline =>
                {
                    sleep(pause).await;
                    pause *= 2;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The exit code. Ask for it after the end of the output: a process whose output nobody reads may never end.
    ///
    /// Where the engine answers at once with what is so (an exec), it is asked again until the process has
    /// ended, after pauses of 1 ms up to 100 ms, and for 10 s at most: it may say for a moment after the end of
    /// the output that the process runs. Where it answers only when the process has ended (the wait for a
    /// container), there is no deadline.
    ///
    /// # Errors
    /// The engine's refusal, such as for an exec that it has forgotten.
    /// [`Error::is_timeout`] with [`Phase::Exit`] when there is no exit code in time: the process closed its
    /// output and runs on, or a person detached.
    ///
    /// # Cancel safety
    /// Nothing is lost: it may be called again.
    pub async fn wait(&self) -> Result<i64, Error> {
        if R::STATE_WAITS { self.ended().await } else { self.ask(EXIT_DEADLINE).await }
    }

    /// As [`Self::wait`], for at most `limit`, wherever the exit code comes from. An exec is asked for at least
    /// once.
    ///
    /// # Errors
    /// As [`Self::wait`].
    ///
    /// # Cancel safety
    /// As [`Self::wait`].
    pub async fn wait_within(&self, limit: Duration) -> Result<i64, Error> {
        if !R::STATE_WAITS {
            return self.ask(limit).await;
        }
        timeout(limit, self.ended()).await.unwrap_or_else(|_| Err(self.not_ended(limit)))
    }

    /// Asks an engine that answers at once, until there is an exit code.
    async fn ask(&self, limit: Duration) -> Result<i64, Error> {
        let state = self.request.state();
        let deadline = Instant::now() + limit;
        let (mut pause, longest) = EXIT_PAUSES;
        loop {
            let answer = self.client.send(&state).await?;
            if let Some(code) = R::exit_code(&answer) {
                return Ok(code);
            }
            if Instant::now() + pause > deadline {
                return Err(self.not_ended(limit));
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }

    /// Asks an engine that answers when the process has ended. Some send the head of the answer at once and
    /// others with the body, which may come after days, so that neither has a deadline.
    async fn ended(&self) -> Result<i64, Error> {
        let state = self.request.state();
        let mut stream = self.client.with_header_timeout(None).stream(&state).await?;
        let mut body = BytesMut::new();
        while let Some(piece) = std::future::poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await {
            body.extend_from_slice(&piece?);
            if body.len() > STATE_LIMIT {
                let reason = Reason::TooLarge { limit: STATE_LIMIT };
                return Err(Error::new(&self.origin(&state), Phase::Body, reason));
            }
        }
        let answer = <R::State as Endpoint>::decode(&body);
        let answer = answer.map_err(|error| Error::json(&self.origin(&state), &error))?;
        let reason = "it holds no exit code";
        R::exit_code(&answer)
            .ok_or_else(|| Error::new(&self.origin(&state), Phase::Decode, Reason::Protocol(reason)))
    }

    fn not_ended(&self, limit: Duration) -> Error {
        Error::new(&self.origin(&self.request.state()), Phase::Exit, Reason::NotEnded(limit))
    }

    fn origin<E: Endpoint>(&self, endpoint: &E) -> Arc<Origin> {
        Arc::new(Origin { method: E::METHOD, path: format!("{}{}", self.client.prefix(), endpoint.path()) })
    }
}

impl<R> fmt::Debug for SessionControl<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionControl").field("client", &self.client).finish_non_exhaustive()
    }
}
