//! One HTTP/1.1 connection, driven by whoever waits for something on it: there is no task behind it.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Response};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep_until, timeout};

use crate::body::{Outgoing, RequestBody};
use crate::error::{Phase, Reason};
use crate::request::Prepared;
use crate::wire::{Io, Mark, Wire};

/// The most that is taken as a first guess of a body's size, whatever its length header says.
const BODY_GUESS: usize = 1 << 20;

/// A connection. Dropping it closes the socket.
pub(crate) struct Connection {
    sender: http1::SendRequest<Outgoing>,
    /// `None` once hyper is done with the socket.
    driver: Option<Box<http1::Connection<Io, Outgoing>>>,
    wire: Arc<Wire>,
}

/// Why a request got no answer.
pub(crate) struct Failed {
    pub(crate) phase: Phase,
    pub(crate) reason: Reason,
    /// The connection broke and no byte of an answer had come.
    pub(crate) unanswered: bool,
    /// The connection broke and no byte of the request had gone out.
    pub(crate) unsent: bool,
}

/// A body that was read up to a limit.
pub(crate) struct Collected {
    pub(crate) bytes: Bytes,
    /// Whether that is all of it.
    pub(crate) complete: bool,
}

impl Connection {
    pub(crate) async fn new(stream: UnixStream) -> Result<Self, Reason> {
        let (wire, io) = Wire::new(stream);
        let handshake = http1::Builder::new().handshake(io).await;
        let (sender, driver) = handshake.map_err(Reason::Http)?;
        Ok(Self { sender, driver: Some(Box::new(driver)), wire })
    }

    /// Whether a request may be sent on this idle connection.
    pub(crate) fn is_usable(&self) -> bool {
        self.driver.is_some() && !self.sender.is_closed() && self.wire.is_quiet()
    }

    /// Lets the connection do what it can without waiting.
    fn drive(&mut self, cx: &mut Context<'_>) {
        if let Some(driver) = &mut self.driver {
            // What went wrong is told to the waiting request or body.
            if Pin::new(driver).poll(cx).is_ready() {
                self.driver = None;
            }
        }
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// Dropping the future leaves the connection in the middle of something: drop it, too.
    pub(crate) async fn request(
        &mut self,
        prepared: &Prepared,
        body: RequestBody,
        limit: Option<Duration>,
    ) -> Result<Response<Incoming>, Failed> {
        let mark = self.wire.mark();
        let request = prepared.build(body, &self.wire);
        let mut answer = pin!(self.sender.send_request(request));
        let mut alarm = limit.map(|limit| (limit, Box::pin(sleep_until(Instant::now() + limit))));
        let result = poll_fn(|cx| {
            self.drive(cx);
            if let Poll::Ready(result) = answer.as_mut().poll(cx) {
                return Poll::Ready(result.map_err(Reason::Http));
            }
            while let Some((limit, alarm)) = &mut alarm {
                if alarm.as_mut().poll(cx).is_pending() {
                    break;
                }
                // The engine's time starts when it has what it needs; an upload that moves, or that waits
                // for the caller, is no silence.
                let since = self.wire.engine_waits_since().unwrap_or_else(Instant::now);
                if since + *limit <= Instant::now() {
                    return Poll::Ready(Err(Reason::Timeout(*limit)));
                }
                alarm.as_mut().reset(since + *limit);
            }
            Poll::Pending
        })
        .await;
        result.map_err(|reason| self.failed(reason, mark))
    }

    /// Judges a request that got no answer.
    fn failed(&self, reason: Reason, mark: Mark) -> Failed {
        if let Some(error) = self.wire.take_body_error() {
            let reason = Reason::Body(error);
            return Failed { phase: Phase::Send, reason, unanswered: false, unsent: false };
        }
        let broke = matches!(&reason, Reason::Http(error) if !error.is_user());
        let unsent = broke && self.wire.unsent(mark);
        let phase = if unsent { Phase::Send } else { Phase::Headers };
        Failed { phase, reason, unanswered: broke && self.wire.unanswered(mark), unsent }
    }

    /// Polls for the next piece of an answer's body.
    pub(crate) fn poll_data(
        &mut self,
        body: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Reason>>> {
        loop {
            let mut frame = Pin::new(&mut *body).poll_frame(cx);
            if frame.is_pending() {
                self.drive(cx);
                frame = Pin::new(&mut *body).poll_frame(cx);
            }
            match frame {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => {
                    let own = self.wire.take_body_error().map(Reason::Body);
                    return Poll::Ready(Some(Err(own.unwrap_or(Reason::Http(error)))));
                }
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Poll::Ready(Some(Ok(data))),
                    // Trailers mean nothing to the engines' clients.
                    _ => {}
                },
            }
        }
    }

    /// Reads a body up to `limit` bytes, each piece within `idle`.
    pub(crate) async fn collect(
        &mut self,
        headers: &HeaderMap,
        body: &mut Incoming,
        limit: usize,
        idle: Option<Duration>,
    ) -> Result<Collected, Reason> {
        let mut first = Bytes::new();
        let mut rest = BytesMut::new();
        loop {
            let next = poll_fn(|cx| self.poll_data(body, cx));
            let next = match idle {
                Some(idle) => timeout(idle, next).await.map_err(|_| Reason::Timeout(idle))?,
                None => next.await,
            };
            let Some(data) = next else { break };
            let mut data = data?;
            let room = limit - first.len() - rest.len();
            let complete = data.len() <= room;
            data.truncate(room);
            if first.is_empty() && rest.is_empty() {
                first = data;
            } else {
                if rest.is_empty() {
                    let length = headers.get(http::header::CONTENT_LENGTH);
                    let length = length.and_then(|l| l.to_str().ok()?.parse().ok()).unwrap_or(0);
                    rest.reserve(BODY_GUESS.min(length).max(first.len() + data.len()));
                    rest.extend_from_slice(&std::mem::take(&mut first));
                }
                rest.extend_from_slice(&data);
            }
            if !complete {
                let bytes = if rest.is_empty() { first } else { rest.freeze() };
                return Ok(Collected { bytes, complete: false });
            }
        }
        let bytes = if rest.is_empty() { first } else { rest.freeze() };
        Ok(Collected { bytes, complete: true })
    }

    /// After a whole answer: whether the connection can take another request at once.
    pub(crate) async fn settle(&mut self) -> bool {
        poll_fn(|cx| {
            self.drive(cx);
            Poll::Ready(self.driver.is_some() && !self.wire.is_deaf() && self.sender.is_ready())
        })
        .await
    }
}
