//! What went wrong, where.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_endpoint::{EngineError, Method};

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
    /// Waiting for the process of a session to have an exit code.
    Exit,
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
    /// The engine refused.
    Engine(EngineError),
    /// The process of a session has no exit code within this time after the question.
    NotEnded(Duration),
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

    /// What the engine said when it refused, if that is why the call failed. It knows more of what the words
    /// of engines mean than the predicates below.
    #[must_use]
    pub fn engine(&self) -> Option<&EngineError> {
        match &self.0.reason {
            Reason::Engine(error) => Some(error),
            _ => None,
        }
    }

    /// The status code with which the engine refused, if it did.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.engine().map(EngineError::status)
    }

    /// The engine's own words, at most 64 KiB of them.
    #[must_use]
    pub fn engine_message(&self) -> Option<&str> {
        self.engine()?.message()
    }

    /// The innermost reason, where the engine tells it apart.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.engine()?.cause()
    }

    /// The engine knows no such object, whatever status it says that with.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.engine().is_some_and(EngineError::is_not_found)
    }

    /// The engine has no such image.
    #[must_use]
    pub fn is_no_such_image(&self) -> bool {
        self.engine().is_some_and(EngineError::is_no_such_image)
    }

    /// The request does not fit what is there: a taken name, an object in use, a state that does not allow it.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.engine().is_some_and(EngineError::is_conflict)
    }

    /// The name is taken.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.engine().is_some_and(EngineError::is_already_exists)
    }

    /// Something else uses the object.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        self.engine().is_some_and(EngineError::is_in_use)
    }

    /// The container or exec does not run.
    #[must_use]
    pub fn is_not_running(&self) -> bool {
        self.engine().is_some_and(EngineError::is_not_running)
    }

    /// The caller, or the engine at a registry, has no permission.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.engine().is_some_and(EngineError::is_unauthorized)
    }

    /// This engine cannot do it.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        self.engine().is_some_and(EngineError::is_unsupported)
    }

    /// Nothing had to be done (304), and the endpoint does not count that as success.
    #[must_use]
    pub fn is_not_modified(&self) -> bool {
        self.status() == Some(304)
    }

    /// A deadline passed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.reason, Reason::Timeout(_) | Reason::NotEnded(_))
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
    Reason::Engine(EngineError::from_body(status.as_u16(), body))
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
            (_, Reason::Engine(error)) => {
                match StatusCode::from_u16(error.status()) {
                    Ok(code) => write!(f, "{code}")?,
                    Err(_) => write!(f, "{}", error.status())?,
                }
                if error.message().or_else(|| error.cause()).is_some() {
                    write!(f, ": {error}")
                } else {
                    Ok(())
                }
            }
            (_, Reason::NotEnded(limit)) => {
                write!(f, "the process has no exit code, {limit:?} after it was asked for")
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
            Self::Engine(error) => error.fmt(f),
            Self::NotEnded(limit) => write!(f, "the process has not ended within {limit:?}"),
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
    use serde::Deserialize;

    use super::*;

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
