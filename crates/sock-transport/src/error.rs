//! What went wrong, where.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_endpoint::Method;
use serde::Deserialize;

use crate::codec::{FrameError, JsonSplitError};

/// The part of a call in which it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Connecting to the socket.
    Connect,
    /// Writing the request.
    Send,
    /// Waiting for the answer to begin.
    Headers,
    /// The engine answered that it failed.
    Status,
    /// Reading the answer.
    Body,
    /// Understanding the answer.
    Decode,
    /// Turning the connection into a two-way stream.
    Upgrade,
}

/// A call that failed.
///
/// It names the method and the path, never the query, a header or a body, since those may hold secrets.
pub struct Error(Box<Inner>);

struct Inner {
    origin: Arc<Origin>,
    phase: Phase,
    reason: Reason,
}

/// The request that an error is about.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) method: Method,
    pub(crate) path: String,
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Reason {
    Io(io::Error),
    Http(hyper::Error),
    /// The caller's body could not be read.
    Body(io::Error),
    Timeout(Duration),
    Status {
        status: u16,
        message: Option<String>,
        cause: Option<String>,
    },
    TooLarge {
        limit: usize,
    },
    Frame(FrameError),
    JsonSplit(JsonSplitError),
    /// The text is already free of values.
    Json(String),
    Request(&'static str),
    Protocol(&'static str),
}

impl Reason {
    /// The phase of a failure while the answer's body is being read.
    pub(crate) const fn phase_in_body(&self) -> Phase {
        if matches!(self, Self::Body(_)) { Phase::Send } else { Phase::Body }
    }
}

impl Error {
    pub(crate) fn new(origin: &Arc<Origin>, phase: Phase, reason: Reason) -> Self {
        Self(Box::new(Inner { origin: Arc::clone(origin), phase, reason }))
    }

    pub(crate) fn json(origin: &Arc<Origin>, error: &serde_json::Error) -> Self {
        Self::new(origin, Phase::Decode, Reason::Json(without_values(&error.to_string())))
    }

    /// The request's method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.0.origin.method
    }

    /// The request's path with its version prefix, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.origin.path
    }

    /// The part of the call in which it failed.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// The status code with which the engine refused, if it did.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.0.reason {
            Reason::Status { status, .. } => Some(status),
            _ => None,
        }
    }

    /// The engine's own words (`message` in Docker's and libpod's error bodies, or plain text), at most
    /// 64 KiB of them.
    #[must_use]
    pub fn engine_message(&self) -> Option<&str> {
        match &self.0.reason {
            Reason::Status { message, .. } => message.as_deref(),
            _ => None,
        }
    }

    /// The root cause that libpod names (`cause` in its error bodies).
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        match &self.0.reason {
            Reason::Status { cause, .. } => cause.as_deref(),
            _ => None,
        }
    }

    /// The engine knows no such object (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// The request does not fit the object's state or a name is taken (409).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409)
    }

    /// Nothing had to be done (304), and the endpoint does not count that as success.
    #[must_use]
    pub fn is_not_modified(&self) -> bool {
        self.status() == Some(304)
    }

    /// A deadline passed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.reason, Reason::Timeout(_))
    }

    /// There is no engine at the socket, or it may not be used: no request was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.phase == Phase::Connect
    }

    /// The connection broke after the request may have been sent: the engine went away or was restarted.
    #[must_use]
    pub fn is_disconnected(&self) -> bool {
        match &self.0.reason {
            Reason::Io(error) => self.0.phase != Phase::Connect && error.kind() != io::ErrorKind::InvalidData,
            Reason::Http(error) => !(error.is_user() || error.is_parse()),
            Reason::Frame(FrameError::Truncated) | Reason::JsonSplit(JsonSplitError::Truncated) => true,
            _ => false,
        }
    }
}

/// Reads the body of a refusal.
pub(crate) fn status_reason(status: StatusCode, body: &Bytes) -> Reason {
    #[derive(Deserialize)]
    struct Refusal {
        message: Option<String>,
        cause: Option<String>,
    }
    let some = |text: Option<String>| text.filter(|t| !t.is_empty());
    let (message, cause) = match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) if refusal.message.is_some() || refusal.cause.is_some() => {
            (some(refusal.message), some(refusal.cause))
        }
        _ => (some(Some(String::from_utf8_lossy(body).trim().to_owned())), None),
    };
    Reason::Status { status: status.as_u16(), message, cause }
}

/// Takes the answer's own values out of a decoder's complaint: they may be secrets.
fn without_values(text: &str) -> String {
    const VARIANT: &str = "unknown variant `";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    if let Some(at) = rest.find(VARIANT) {
        let (before, value) = rest.split_at(at + VARIANT.len());
        out.push_str(before);
        out.push_str("***");
        // A value may hold any character, so look for the last thing that can follow it.
        rest = value.rfind("`, expected").map_or("`", |end| &value[end..]);
    }
    // Other strings come quoted and escaped.
    while let Some(at) = rest.find('"') {
        let (before, value) = rest.split_at(at + 1);
        out.push_str(before);
        out.push_str("***");
        let mut escaped = false;
        let end = value.find(|c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some(end) = end else {
            return out;
        };
        out.push('"');
        rest = &value[end + 1..];
    }
    out.push_str(rest);
    out
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { origin, phase, reason } = &*self.0;
        write!(f, "{} {}: ", origin.method, origin.path)?;
        match (phase, reason) {
            (_, Reason::Status { status, message, cause }) => {
                match StatusCode::from_u16(*status) {
                    Ok(code) => write!(f, "{code}")?,
                    Err(_) => write!(f, "{status}")?,
                }
                if let Some(message) = message {
                    write!(f, ": {message}")?;
                }
                match cause {
                    Some(cause) if message.as_ref().is_none_or(|m| !m.contains(cause)) => {
                        write!(f, ": {cause}")
                    }
                    _ => Ok(()),
                }
            }
            (Phase::Connect, Reason::Timeout(limit)) => {
                write!(f, "the engine's socket did not accept a connection within {limit:?}")
            }
            (Phase::Body, Reason::Timeout(limit)) => {
                write!(f, "the engine paused for {limit:?} in the middle of its answer")
            }
            (_, Reason::Timeout(limit)) => write!(f, "the engine did not answer within {limit:?}"),
            (Phase::Connect, reason) => write!(f, "cannot connect to the engine's socket: {reason}"),
            (_, Reason::Body(error)) => write!(f, "the data to send could not be read: {error}"),
            (Phase::Send, reason) => write!(f, "cannot send the request: {reason}"),
            (Phase::Headers, reason) => write!(f, "no answer from the engine: {reason}"),
            (Phase::Decode, reason) => write!(f, "the engine's answer is not what was expected: {reason}"),
            (Phase::Upgrade, reason) => write!(f, "the engine did not hand over the connection: {reason}"),
            (_, reason) => write!(f, "the engine's answer broke off: {reason}"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Body(error) => write!(f, "the data to send could not be read: {error}"),
            Self::Http(error) => {
                error.fmt(f)?;
                let mut source = error.source();
                while let Some(error) = source {
                    write!(f, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
            Self::Timeout(limit) => write!(f, "nothing happened for {limit:?}"),
            Self::Status { status, .. } => status.fmt(f),
            Self::TooLarge { limit } => write!(f, "it is over {limit} bytes long"),
            Self::Frame(error) => error.fmt(f),
            Self::JsonSplit(error) => error.fmt(f),
            Self::Json(text) => f.write_str(text),
            Self::Request(text) | Self::Protocol(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { origin, phase, reason } = &*self.0;
        f.debug_struct("Error")
            .field("method", &origin.method)
            .field("path", &origin.path)
            .field("phase", phase)
            .field("reason", reason)
            .finish()
    }
}

// The display text holds the whole chain already, so there is no source to print it twice.
impl StdError for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(body: &'static [u8]) -> (Option<String>, Option<String>) {
        match status_reason(StatusCode::CONFLICT, &Bytes::from_static(body)) {
            Reason::Status { message, cause, .. } => (message, cause),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn refusals_of_both_engines_and_plain_text() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(status(b"{\"message\":\"name taken\"}\n"), (some("name taken"), None));
        assert_eq!(
            status(b"{\"cause\":\"no such pod\",\"message\":\"x: no such pod\",\"response\":404}"),
            (some("x: no such pod"), some("no such pod"))
        );
        assert_eq!(status(b"page not found\n"), (some("page not found"), None));
        assert_eq!(status(b""), (None, None));
        assert_eq!(status(b"{\"other\":1}"), (some("{\"other\":1}"), None));
    }

    #[test]
    fn the_message_of_a_decoding_error_holds_no_value_of_the_answer() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only its shape matters")]
        struct Shape {
            count: u32,
        }
        let text = |json: &str| without_values(&serde_json::from_str::<Shape>(json).unwrap_err().to_string());
        let shown = text(r#"{"count":"pass\"word"}"#);
        assert!(!shown.contains("pass") && !shown.contains("word"), "{shown}");
        assert!(shown.contains("expected u32 at line 1"), "{shown}");
        assert!(text("{}").contains("missing field `count`"));
        assert_eq!(
            without_values("unknown variant `secret`, expected `a`"),
            "unknown variant `***`, expected `a`"
        );
    }
}
