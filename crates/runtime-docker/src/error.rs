//! What the transport says, as the one error type of a runtime.

use http_endpoint::{EngineError, EngineErrorKind};
use runtime_core::{Error, ErrorKind};
use sock_transport::{Client, Phase};

/// Turns a failed call into a runtime error that names the operation and its object.
///
/// What the engine's status and words mean is [`EngineError`]'s to know. The reason is the engine's own words.
#[must_use]
pub fn map(
    client: &Client,
    operation: &'static str,
    subject: Option<&str>,
    error: sock_transport::Error,
) -> Error {
    let (kind, reason, hint) = describe(client, &error);
    let mut mapped = Error::new(kind, operation, reason).with_source(error);
    if let Some(subject) = subject {
        mapped = mapped.with_subject(subject);
    }
    if let Some(hint) = hint {
        mapped = mapped.with_hint(hint);
    }
    mapped
}

/// An error that an engine tells within a successful answer, as libpod does when it removes something:
/// a text without a status, understood as in [`map`].
#[must_use]
pub fn from_text(operation: &'static str, subject: Option<&str>, text: &str) -> Error {
    let said = EngineError::in_band(text);
    let mut error = Error::new(kind(&said), operation, text.trim());
    if let Some(subject) = subject {
        error = error.with_subject(subject);
    }
    if let Some(hint) = hint(&said) {
        error = error.with_hint(hint);
    }
    error.with_source(said)
}

/// What the engine said, if that is why it failed.
#[must_use]
pub fn engine(error: &Error) -> Option<&EngineError> {
    let source = std::error::Error::source(error)?;
    match source.downcast_ref::<sock_transport::Error>() {
        Some(error) => error.engine(),
        None => source.downcast_ref(),
    }
}

fn describe(client: &Client, error: &sock_transport::Error) -> (ErrorKind, String, Option<String>) {
    if error.is_connect() {
        let socket = client.socket().display();
        let text = error.to_string();
        let why = text.rsplit_once("socket: ").map_or(text.as_str(), |(_, why)| why);
        let hint = if why.to_ascii_lowercase().contains("permission denied") {
            format!("run as a user that may use {socket}, such as a member of the group that owns it")
        } else {
            "start the engine, or set WHARF_HOST to the socket of one that runs".to_owned()
        };
        return (ErrorKind::Unavailable, format!("no engine answers at {socket}: {why}"), Some(hint));
    }
    if error.is_timeout() {
        return (ErrorKind::Timeout, error.to_string(), None);
    }
    if let Some(said) = error.engine() {
        if said.kind() == EngineErrorKind::NoSuchPath && (300..400).contains(&said.status()) {
            return (ErrorKind::NotFound, "nothing can have that name".to_owned(), None);
        }
        let message = said.message().or_else(|| said.cause());
        let reason = message.map_or_else(|| error.to_string(), str::to_owned);
        return (kind(said), reason, hint(said));
    }
    if error.is_disconnected() {
        let reason = format!("the engine closed the connection ({error})");
        let hint = "look whether the engine still runs; what was asked may have been done or not".to_owned();
        return (ErrorKind::Unavailable, reason, Some(hint));
    }
    match error.phase() {
        Phase::Send => (ErrorKind::Io, error.to_string(), None),
        _ => (ErrorKind::Engine, error.to_string(), None),
    }
}

fn kind(said: &EngineError) -> ErrorKind {
    if said.is_not_found() {
        return ErrorKind::NotFound;
    }
    if said.is_conflict() {
        return ErrorKind::Conflict;
    }
    match said.kind() {
        EngineErrorKind::Invalid => ErrorKind::InvalidRequest,
        EngineErrorKind::Unauthorized => ErrorKind::Unauthorized,
        EngineErrorKind::Unsupported => ErrorKind::Unsupported,
        EngineErrorKind::Unavailable => ErrorKind::Unavailable,
        // A host port that someone else has is not a conflict between objects of the engine.
        _ => ErrorKind::Engine,
    }
}

fn hint(said: &EngineError) -> Option<String> {
    let hint = match said.kind() {
        EngineErrorKind::PortTaken => "publish another host port, or stop what uses this one",
        EngineErrorKind::NoFreeSubnet => "the address pools are used up: remove networks that nothing uses",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// An answer that cannot be what was asked for.
pub(crate) fn not_found(operation: &'static str, subject: &str) -> Error {
    Error::new(ErrorKind::NotFound, operation, "it does not exist").with_subject(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_and_texts_of_both_engines() {
        use ErrorKind::{Conflict, Engine, InvalidRequest, NotFound, Unauthorized, Unsupported};
        for (status, message, kind) in [
            (404, "No such container: web", NotFound),
            (409, "Conflict. The container name \"/web\" is already in use by container \"c1\".", Conflict),
            (
                500,
                "creating container storage: the container name \"web\" is already in use by c1: that name is already in use",
                Conflict,
            ),
            (500, "can only create exec sessions on running containers: container state improper", Conflict),
            (500, "\"c1\" is not running, can't pause: container state improper", Conflict),
            (
                500,
                "cannot remove container c1 as it is running - running or paused containers cannot be removed without force: container state improper",
                Conflict,
            ),
            (403, "error while removing network: network n id n1 has active endpoints", Conflict),
            (403, "endpoint with name web already exists in network n", Conflict),
            (403, "Pool overlaps with other one on this address space", Conflict),
            (500, "subnet 10.0.0.0/24 is already used on the host or by another config", Conflict),
            (
                500,
                "container c1 is already connected to network \"n\": network is already connected",
                Conflict,
            ),
            (500, "unable to find network with name or ID n: network not found", NotFound),
            (500, "top can only be used on running containers", Conflict),
            (500, "container c1 is not connected to network n", NotFound),
            (
                500,
                "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated",
                Engine,
            ),
            (500, "rootlessport listen tcp 0.0.0.0:80: bind: address already in use", Engine),
            (403, "operation is not permitted on predefined bridge network", InvalidRequest),
            (
                400,
                "invalid mount config for type \"bind\": bind source path does not exist: /x",
                InvalidRequest,
            ),
            (401, "unauthorized", Unauthorized),
            (501, "only supported with experimental daemon", Unsupported),
            (501, "configured logging driver does not support reading", Unsupported),
            (
                500,
                "failed to obtain logs for Container 'c1': this container is using the 'none' log driver, cannot read logs: this container is not logging output",
                Unsupported,
            ),
            (500, "something else", Engine),
        ] {
            assert_eq!(super::kind(&EngineError::new(status, message)), kind, "{status} {message}");
        }
    }

    #[test]
    fn a_taken_port_has_a_hint() {
        let hint = |text| from_text("start container", None, text).hint().map(str::to_owned);
        assert!(hint("Bind for 0.0.0.0:80 failed: port is already allocated").is_some());
        assert!(hint("no such container").is_none());
    }

    #[test]
    fn what_the_engine_said_can_be_had_again() {
        let error = from_text("remove container", Some("c1"), " container c1 is already being removed\n");
        assert_eq!((error.reason(), error.is_conflict()), ("container c1 is already being removed", true));
        assert!(engine(&error).unwrap().is_removal_in_progress());
        assert!(engine(&Error::new(ErrorKind::Io, "read", "x")).is_none());
    }

    #[tokio::test]
    async fn a_missing_engine_is_named_with_its_socket_and_what_to_do() {
        let client = Client::unix("/nonexistent/engine.sock");
        let error = client.send(&docker_api::system::Ping::new()).await.unwrap_err();
        let error = map(&client, "reach the engine", None, error);
        assert!(error.is_unavailable());
        let text = error.to_string();
        assert!(
            text.starts_with("cannot reach the engine: no engine answers at /nonexistent/engine.sock: "),
            "{text}"
        );
        assert!(text.contains("No such file"), "{text}");
        assert!(error.hint().unwrap().contains("WHARF_HOST"));
    }
}
