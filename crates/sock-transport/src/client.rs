//! Sending endpoints.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http_endpoint::Endpoint;
use hyper::body::Incoming;

use crate::body::RequestBody;
use crate::config::Config;
use crate::connection::{Collected, Connection};
use crate::error::{Error, Origin, Phase, Reason, status_reason};
use crate::hijack::{self, Hijacked};
use crate::pool::{Pool, Reuse};
use crate::request::Prepared;
use crate::response::{Head, Response};
use crate::stream::{ByteStream, FrameStream, JsonStream};

/// How much of a refusal's body is read.
const REFUSAL_LIMIT: usize = 64 << 10;

/// A client of the engine behind one Unix socket.
///
/// A clone is cheap and shares the control connections.
///
/// # Connections
/// Requests whose answer is one whole value take turns at a bounded number of control connections, which
/// are kept alive. Everything that may last takes a connection of its own, outside of that bound: streams,
/// uploads, hijacked connections, and requests without a deadline for the answer's head (such as a wait).
///
/// # Cancel safety
/// Dropping any future or stream of this client closes the connection that it was using, unless the
/// answer had been read to its end. The engine may have begun what it was asked for all the same.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    prefix: Arc<str>,
    header_timeout: Option<Duration>,
}

struct Shared {
    pool: Pool,
    config: Config,
}

impl Client {
    /// A client of the engine at `path`, with the defaults of [`Config`] and no version prefix. Nothing is
    /// opened yet.
    #[must_use]
    pub fn unix(path: impl Into<PathBuf>) -> Self {
        Self::with_config(path, Config::default())
    }

    /// A client of the engine at `path`. Nothing is opened yet.
    #[must_use]
    pub fn with_config(path: impl Into<PathBuf>, config: Config) -> Self {
        let pool = Pool::new(path.into(), config.max_connections, config.connect_timeout);
        let header_timeout = config.header_timeout;
        Self { shared: Arc::new(Shared { pool, config }), prefix: Arc::from(""), header_timeout }
    }

    /// The same client with another prefix for all paths, such as `/v1.44` or `/v5.0.0/libpod`. It shares
    /// the control connections.
    #[must_use]
    pub fn with_prefix(&self, prefix: impl Into<Arc<str>>) -> Self {
        Self { prefix: prefix.into(), ..self.clone() }
    }

    /// The same client with another deadline for the head of each answer; `None` waits for ever. It
    /// shares the control connections, but a request without this deadline does not use them.
    #[must_use]
    pub fn with_header_timeout(&self, timeout: impl Into<Option<Duration>>) -> Self {
        Self { header_timeout: timeout.into(), ..self.clone() }
    }

    /// The prefix of all paths; empty at first.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The socket's path.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.shared.pool.socket
    }

    /// Sends a request and reads its whole answer.
    ///
    /// A `GET` or `HEAD` is sent once more, on a fresh connection, when a kept-alive connection broke
    /// before any byte of the answer came; any other method only if no byte of it had been written.
    ///
    /// For an endpoint whose answer is raw bytes, frames or a hijacked connection the answer is read and
    /// dropped: use the method that fits.
    ///
    /// # Errors
    /// See [`Error`]: no engine, a deadline, a refusal, or an answer that is not what the endpoint says.
    ///
    /// # Cancel safety
    /// See [`Client`].
    pub async fn send<E: Endpoint>(&self, endpoint: &E) -> Result<E::Response, Error> {
        Ok(self.send_response(endpoint).await?.into_body())
    }

    /// As [`Self::send`], and also gives the status and the headers.
    ///
    /// # Errors
    /// As [`Self::send`].
    ///
    /// # Cancel safety
    /// See [`Client`].
    pub async fn send_response<E: Endpoint>(&self, endpoint: &E) -> Result<Response<E::Response>, Error> {
        let prepared = Prepared::new(endpoint, &self.prefix)?;
        let body = prepared.own_body();
        let (head, bytes) = self.call(&prepared, body).await?;
        decode::<E>(&prepared, head, &bytes)
    }

    /// Sends a request with a body that the caller gives, and reads its whole answer. The engine may
    /// answer before it has read the body; the rest of it is not sent then.
    ///
    /// A stream is sent once, whatever happens.
    ///
    /// # Errors
    /// As [`Self::send`]; an error of the body itself has [`Phase::Send`].
    ///
    /// # Cancel safety
    /// See [`Client`]. The engine sees a broken upload.
    pub async fn send_with_body<E: Endpoint>(
        &self,
        endpoint: &E,
        body: impl Into<RequestBody> + Send,
    ) -> Result<E::Response, Error> {
        let prepared = Prepared::new(endpoint, &self.prefix)?;
        let (head, bytes) = self.call(&prepared, body.into()).await?;
        Ok(decode::<E>(&prepared, head, &bytes)?.into_body())
    }

    /// Sends a request and gives the body of its answer as it comes, whatever its kind. There is no
    /// deadline for the body.
    ///
    /// # Errors
    /// As [`Self::send`], up to the head of the answer.
    ///
    /// # Cancel safety
    /// See [`Client`]. Dropping the stream closes its connection, which is how a follow is ended.
    pub async fn stream<E: Endpoint>(&self, endpoint: &E) -> Result<ByteStream, Error> {
        let prepared = Prepared::new(endpoint, &self.prefix)?;
        let body = prepared.own_body();
        self.open(&prepared, body).await
    }

    /// As [`Self::stream`], with a body that the caller gives. The rest of it is sent while the answer is
    /// being read: keep reading.
    ///
    /// # Errors
    /// As [`Self::send_with_body`], up to the head of the answer.
    ///
    /// # Cancel safety
    /// See [`Client`].
    pub async fn stream_with_body<E: Endpoint>(
        &self,
        endpoint: &E,
        body: impl Into<RequestBody> + Send,
    ) -> Result<ByteStream, Error> {
        let prepared = Prepared::new(endpoint, &self.prefix)?;
        self.open(&prepared, body.into()).await
    }

    /// Sends a request and gives the JSON values of its answer one by one.
    ///
    /// # Errors
    /// As [`Self::stream`].
    ///
    /// # Cancel safety
    /// See [`Client`].
    pub async fn json_stream<E: Endpoint>(&self, endpoint: &E) -> Result<JsonStream<E::Response>, Error> {
        let stream = self.stream(endpoint).await?;
        Ok(JsonStream::new(stream, E::decode, self.shared.config.max_json_value))
    }

    /// As [`Self::json_stream`], with a body that the caller gives.
    ///
    /// # Errors
    /// As [`Self::stream_with_body`].
    ///
    /// # Cancel safety
    /// See [`Client`].
    pub async fn json_stream_with_body<E: Endpoint>(
        &self,
        endpoint: &E,
        body: impl Into<RequestBody> + Send,
    ) -> Result<JsonStream<E::Response>, Error> {
        let stream = self.stream_with_body(endpoint, body).await?;
        Ok(JsonStream::new(stream, E::decode, self.shared.config.max_json_value))
    }

    /// Sends a request and takes its answer apart into stdout and stderr. Use [`Self::stream`] where the
    /// container has a terminal: its output is not divided.
    ///
    /// # Errors
    /// As [`Self::stream`].
    ///
    /// # Cancel safety
    /// See [`Client`].
    pub async fn frames<E: Endpoint>(&self, endpoint: &E) -> Result<FrameStream, Error> {
        Ok(FrameStream::from_body(self.stream(endpoint).await?))
    }

    /// Sends a request and takes over its connection, for both directions.
    ///
    /// The engine agrees with `101`, or with `200` and a body that lasts until the connection closes;
    /// either will do.
    ///
    /// # Errors
    /// As [`Self::stream`]; an answer that is no HTTP has [`Phase::Upgrade`].
    ///
    /// # Cancel safety
    /// See [`Client`].
    pub async fn hijack<E: Endpoint>(&self, endpoint: &E) -> Result<Hijacked, Error> {
        let prepared = Prepared::new(endpoint, &self.prefix)?;
        let connecting = crate::connect::connect(self.socket(), self.shared.config.connect_timeout);
        let stream = connecting.await.map_err(|reason| prepared.error(Phase::Connect, reason))?;
        hijack::handshake(
            stream,
            &prepared,
            self.header_timeout,
            self.shared.config.idle_body_timeout,
            REFUSAL_LIMIT,
        )
        .await
    }

    /// One whole answer.
    async fn call(&self, prepared: &Prepared, body: RequestBody) -> Result<(Head, Collected), Error> {
        match body {
            RequestBody::Bytes(bytes) if self.header_timeout.is_some() => {
                self.call_in_turn(prepared, &bytes).await
            }
            body => {
                let (head, mut incoming, mut connection) = self.open_raw(prepared, body).await?;
                let bytes = self.collect(prepared, &head, &mut incoming, &mut connection).await?;
                Ok((head, bytes))
            }
        }
    }

    /// One whole answer, on a control connection.
    async fn call_in_turn(
        &self,
        prepared: &Prepared,
        body: &bytes::Bytes,
    ) -> Result<(Head, Collected), Error> {
        let mut turn = self.shared.pool.turn().await;
        let mut reuse = if prepared.is_idempotent() { Reuse::Any } else { Reuse::Recent };
        loop {
            let lease = turn.lease(reuse).await;
            let mut lease = lease.map_err(|reason| prepared.error(Phase::Connect, reason))?;
            let request = lease.connection.request(prepared, body.clone().into(), self.header_timeout);
            match request.await {
                Ok(answer) => {
                    let (head, mut incoming) = Head::split(answer);
                    trace(prepared, &head);
                    let bytes = self.collect(prepared, &head, &mut incoming, &mut lease.connection).await;
                    // A refusal, too, leaves the connection usable if it was read to its end.
                    if !matches!(&bytes, Err(error) if error.status().is_none()) {
                        drop(incoming);
                        lease.give_back().await;
                    }
                    return Ok((head, bytes?));
                }
                Err(failed) => {
                    let again = if prepared.is_idempotent() { failed.unanswered } else { failed.unsent };
                    if !(again && lease.reused) {
                        return Err(prepared.error(failed.phase, failed.reason));
                    }
                    tracing::debug!(
                        method = %prepared.origin.method,
                        path = prepared.origin.path,
                        "a kept-alive connection had gone; the request is sent on a fresh one"
                    );
                    reuse = Reuse::Never;
                }
            }
        }
    }

    /// An answer as a stream, on a connection of its own.
    async fn open(&self, prepared: &Prepared, body: RequestBody) -> Result<ByteStream, Error> {
        let (head, mut incoming, mut connection) = self.open_raw(prepared, body).await?;
        if !prepared.is_success(head.status) {
            self.collect(prepared, &head, &mut incoming, &mut connection).await?;
        }
        Ok(ByteStream::new(Arc::clone(&prepared.origin), head, incoming, connection))
    }

    async fn open_raw(
        &self,
        prepared: &Prepared,
        body: RequestBody,
    ) -> Result<(Head, Incoming, Connection), Error> {
        let connection = self.shared.pool.connect().await;
        let mut connection = connection.map_err(|reason| prepared.error(Phase::Connect, reason))?;
        let answer = connection.request(prepared, body, self.header_timeout).await;
        let answer = answer.map_err(|failed| prepared.error(failed.phase, failed.reason))?;
        let (head, incoming) = Head::split(answer);
        trace(prepared, &head);
        Ok((head, incoming, connection))
    }

    /// Reads a bounded answer; a refusal becomes the error that it is.
    async fn collect(
        &self,
        prepared: &Prepared,
        head: &Head,
        incoming: &mut Incoming,
        connection: &mut Connection,
    ) -> Result<Collected, Error> {
        let config = &self.shared.config;
        let success = prepared.is_success(head.status);
        let limit = if success { config.max_body } else { REFUSAL_LIMIT };
        let collected = connection.collect(&head.headers, incoming, limit, config.idle_body_timeout).await;
        match collected {
            Ok(collected) if success && collected.complete => Ok(collected),
            Ok(_) if success => Err(prepared.error(Phase::Body, Reason::TooLarge { limit })),
            Ok(collected) => Err(prepared.error(Phase::Status, head.refusal(&collected.bytes))),
            // The status says more than the failure to read its explanation.
            Err(_) if !success => Err(prepared.error(Phase::Status, head.refusal(&bytes::Bytes::new()))),
            Err(reason) => Err(prepared.error(reason.phase_in_body(), reason)),
        }
    }
}

fn trace(prepared: &Prepared, head: &Head) {
    let Origin { method, path } = &*prepared.origin;
    tracing::trace!(%method, path, status = head.status, "the engine answered");
}

fn decode<E: Endpoint>(
    prepared: &Prepared,
    head: Head,
    body: &Collected,
) -> Result<Response<E::Response>, Error> {
    let value = E::decode(&body.bytes).map_err(|error| Error::json(&prepared.origin, &error))?;
    Ok(Response::new(head, value))
}

impl Head {
    fn refusal(&self, body: &bytes::Bytes) -> Reason {
        status_reason(StatusCode::from_u16(self.status).unwrap_or_default(), body)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("socket", &self.socket())
            .field("prefix", &self.prefix)
            .field("header_timeout", &self.header_timeout)
            .finish_non_exhaustive()
    }
}
