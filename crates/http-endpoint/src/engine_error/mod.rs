//! What an engine says when it refuses.

mod rules;

use std::fmt;

/// An engine's refusal: the status, the words, and what both together mean.
///
/// The status alone misleads: Podman answers 500 for a container name that is taken, for an exec in a
/// container that is not running, and for a volume that exists; a failed push is a 400. So the words count,
/// too. The predicates know those of Docker and of Podman, on its own API and on its compatible one; they were
/// checked against Docker 26 and Podman 4.3, 5.4 and 5.8.
///
/// ```
/// use http_endpoint::EngineError;
///
/// let body = br#"{"cause":"container state improper","response":500,"message":
///     "can only create exec sessions on running containers: container state improper"}"#;
/// let error = EngineError::from_body(500, body);
/// assert!(error.is_not_running() && error.is_conflict());
/// assert_eq!(error.cause(), Some("container state improper"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    status: u16,
    message: Option<String>,
    cause: Option<String>,
    kind: EngineErrorKind,
}

/// What an [`EngineError`] means. Several engines' words for one thing are one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EngineErrorKind {
    /// The container, network, volume, exec, secret, pod or file does not exist.
    NotFound,
    /// The image does not exist on the engine; pulling it may help.
    NoSuchImage,
    /// The engine knows no such path: the call is newer than the engine, or a name has a slash in it.
    NoSuchPath,
    /// The container is not attached to that network.
    NotConnected,
    /// The name is taken.
    AlreadyExists,
    /// Something else uses the object: an image that containers were made from, a volume that is mounted, a
    /// network with members, a container whose network others share.
    InUse,
    /// The container or exec does not run, and the call needs one that does.
    NotRunning,
    /// The container runs, and the call needs one that does not.
    AlreadyRunning,
    /// The container is paused.
    Paused,
    /// The container is not paused.
    NotPaused,
    /// The container is attached to that network already.
    AlreadyConnected,
    /// Someone else is removing the object.
    RemovalInProgress,
    /// The subnet overlaps with that of another network.
    SubnetTaken,
    /// The object's state does not allow the call, for another reason than those above.
    Conflict,
    /// The request is wrong.
    Invalid,
    /// The caller, or the engine at a registry, has no permission.
    Unauthorized,
    /// The engine cannot do it: it is too old or too new, lacks a program, or is configured so.
    Unsupported,
    /// The engine cannot do it now.
    Unavailable,
    /// A host port is taken, by a container or by any other program.
    PortTaken,
    /// All address pools are used up.
    NoFreeSubnet,
    /// The engine fell over itself in the middle of the call. Asking again may help.
    Crashed,
    /// Anything else.
    Other,
}

impl EngineError {
    /// A refusal with a status and the engine's words.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self::from_parts(status, some(Some(message.into())), None)
    }

    /// A failure told within a successful answer, as in the list that Podman answers to a removal or in the
    /// stream of a pull. Its words decide alone; [`Self::status`] is 200.
    pub fn in_band(message: impl Into<String>) -> Self {
        Self::new(200, message)
    }

    /// Reads the body of a refusal: Docker's `message`, Podman's `cause` and `message`, the `errorDetail` and
    /// `error` of a stream that failed before it began, or plain text.
    #[must_use]
    pub fn from_body(status: u16, body: &[u8]) -> Self {
        let body = body.trim_ascii();
        let refusal = parts(body);
        let (message, cause) =
            refusal.unwrap_or_else(|| (some(Some(String::from_utf8_lossy(body).into_owned())), None));
        Self::from_parts(status, message, cause)
    }

    fn from_parts(status: u16, message: Option<String>, cause: Option<String>) -> Self {
        let kind = rules::kind(status, message.as_deref().unwrap_or_default(), cause.as_deref());
        Self { status, message, cause, kind }
    }

    /// The status code of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The engine's own words, with the whole chain of reasons where it tells it.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The innermost reason, which only Podman tells apart.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// What it means. The predicates group the kinds.
    #[must_use]
    pub const fn kind(&self) -> EngineErrorKind {
        self.kind
    }

    /// The object does not exist, whatever it is; also a path that the engine does not know, since a name with
    /// a slash leads there.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        use EngineErrorKind::{NoSuchImage, NoSuchPath, NotConnected, NotFound};
        matches!(self.kind, NotFound | NoSuchImage | NoSuchPath | NotConnected)
    }

    /// The engine has no such image. Docker says 404; Podman also 500 (create on 4.3) and 400 (push).
    #[must_use]
    pub const fn is_no_such_image(&self) -> bool {
        matches!(self.kind, EngineErrorKind::NoSuchImage)
    }

    /// The name is taken. Docker says 409; Podman also 500, with words of its own for each kind of object, and
    /// its database's words for a rename.
    #[must_use]
    pub const fn is_already_exists(&self) -> bool {
        matches!(self.kind, EngineErrorKind::AlreadyExists)
    }

    /// Something else uses the object, so that it cannot be removed. Docker says 409, for networks 403; Podman
    /// 409 or 500, and for a container that others depend on even `container already exists`.
    #[must_use]
    pub const fn is_in_use(&self) -> bool {
        matches!(self.kind, EngineErrorKind::InUse)
    }

    /// The container or exec does not run. Docker says 409; Podman 409 or 500, depending on the call and on
    /// its version.
    #[must_use]
    pub const fn is_not_running(&self) -> bool {
        matches!(self.kind, EngineErrorKind::NotRunning)
    }

    /// The container runs, and must not for this call. A start of a running container is no error but a 304.
    #[must_use]
    pub const fn is_already_running(&self) -> bool {
        matches!(self.kind, EngineErrorKind::AlreadyRunning)
    }

    /// The container is paused.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        matches!(self.kind, EngineErrorKind::Paused)
    }

    /// The container is attached to the network already: Docker says 403, Podman 403 or 500.
    #[must_use]
    pub const fn is_already_connected(&self) -> bool {
        matches!(self.kind, EngineErrorKind::AlreadyConnected)
    }

    /// Someone else is removing the object, which will be gone soon.
    #[must_use]
    pub const fn is_removal_in_progress(&self) -> bool {
        matches!(self.kind, EngineErrorKind::RemovalInProgress)
    }

    /// The request does not fit what is there: a taken name, an object in use, a state that does not allow the
    /// call. All 409 are that, and whatever an engine hides behind another status.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        use EngineErrorKind as K;
        matches!(
            self.kind,
            K::AlreadyExists
                | K::InUse
                | K::NotRunning
                | K::AlreadyRunning
                | K::Paused
                | K::NotPaused
                | K::AlreadyConnected
                | K::RemovalInProgress
                | K::SubnetTaken
                | K::Conflict
        )
    }

    /// The request itself is wrong. Docker says 400; Podman also 500.
    #[must_use]
    pub const fn is_invalid(&self) -> bool {
        matches!(self.kind, EngineErrorKind::Invalid)
    }

    /// No permission: of the caller at the engine, or of the engine at a registry. Docker answers 404 and
    /// 500, and Podman 500, when it is a registry that says so.
    #[must_use]
    pub const fn is_unauthorized(&self) -> bool {
        matches!(self.kind, EngineErrorKind::Unauthorized)
    }

    /// This engine cannot do it: too old or too new, experimental and switched off, or without a program that
    /// it needs; also a path that it does not know.
    #[must_use]
    pub const fn is_unsupported(&self) -> bool {
        matches!(self.kind, EngineErrorKind::Unsupported | EngineErrorKind::NoSuchPath)
    }

    /// A host port is taken.
    #[must_use]
    pub const fn is_port_taken(&self) -> bool {
        matches!(self.kind, EngineErrorKind::PortTaken)
    }
}

/// The message and the cause in the body of a refusal; `None` where there is neither.
fn parts(body: &[u8]) -> Option<(Option<String>, Option<String>)> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = |value: &serde_json::Value| some(value.as_str().map(str::to_owned));
    let message = text(&body["message"])
        .or_else(|| text(&body["error"]))
        .or_else(|| text(&body["errorDetail"]["message"]));
    let cause = text(&body["cause"]);
    (message.is_some() || cause.is_some()).then_some((message, cause))
}

/// A text that is more than white space, without what surrounds it.
fn some(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    Some(if trimmed.len() == text.len() { text } else { trimmed.to_owned() })
}

impl fmt::Display for EngineError {
    /// The message; the cause where the message does not hold it; the status where there is neither.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message(), self.cause()) {
            (Some(message), Some(cause)) if !message.contains(cause) => write!(f, "{message}: {cause}"),
            (Some(text), _) | (None, Some(text)) => f.write_str(text),
            (None, None) => write!(f, "status {}", self.status),
        }
    }
}

impl std::error::Error for EngineError {}
