//! What the transport says, as the one error type of a runtime.

use runtime_core::{Error, ErrorKind};
use sock_transport::{Client, Phase};

/// Turns a failed call into a runtime error that names the operation and its object.
///
/// Both engines' ways are understood: a status where it says enough, and known texts where an engine hides
/// a conflict or a missing object behind a 400, 403 or 500. The reason is the engine's own words.
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
    let mut error = Error::new(classify(500, text), operation, text.trim());
    if let Some(subject) = subject {
        error = error.with_subject(subject);
    }
    if let Some(hint) = hint(text) {
        error = error.with_hint(hint);
    }
    error
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
    if let Some(status) = error.status() {
        if (300..400).contains(&status) {
            // Docker's router takes a name with dots and slashes for a path, and points to another one.
            return (ErrorKind::NotFound, "nothing can have that name".to_owned(), None);
        }
        let message = error.engine_message().or_else(|| error.cause());
        let kind = classify(status, message.unwrap_or_default());
        let reason = message.map_or_else(|| error.to_string(), |text| text.trim().to_owned());
        return (kind, reason, hint(message.unwrap_or_default()));
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

/// Texts behind which an engine hides a missing object.
const NOT_FOUND: &[&str] = &[
    "no such container",
    "no such image",
    "no such volume",
    "no such network",
    "no such exec",
    "no such object",
    "network not found",
    "unable to find network",
    "image not known",
    "has already been removed",
    "is not connected to",
];

/// Texts behind which an engine hides a conflict.
const CONFLICT: &[&str] = &[
    "already in use",
    "already exists",
    "already being used",
    "is being used",
    "is in use",
    "container state improper",
    "is not running",
    "only be used on running",
    "is not paused",
    "already paused",
    "already connected",
    "as it is running",
    "has active endpoints",
    "already in progress",
    "overlaps",
    "is already used on the host",
    "unique constraint failed",
];

/// Texts behind which an engine hides a wrong request.
const INVALID: &[&str] = &["invalid argument", "names must match"];

/// A host port that someone else has is not a conflict between objects of the engine.
const PORT_TAKEN: &[&str] =
    &["address already in use", "port is already allocated", "ports are not available"];

fn classify(status: u16, message: &str) -> ErrorKind {
    let message = message.to_ascii_lowercase();
    let says = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    match status {
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        400 if says(&["overlaps", "already exists"]) => ErrorKind::Conflict,
        400 => ErrorKind::InvalidRequest,
        401 => ErrorKind::Unauthorized,
        403 if says(CONFLICT) => ErrorKind::Conflict,
        403 if says(NOT_FOUND) => ErrorKind::NotFound,
        403 => ErrorKind::InvalidRequest,
        501 => ErrorKind::Unsupported,
        _ if says(PORT_TAKEN) => ErrorKind::Engine,
        _ if says(NOT_FOUND) => ErrorKind::NotFound,
        _ if says(CONFLICT) => ErrorKind::Conflict,
        _ if says(INVALID) => ErrorKind::InvalidRequest,
        503 => ErrorKind::Unavailable,
        _ => ErrorKind::Engine,
    }
}

fn hint(message: &str) -> Option<String> {
    let message = message.to_ascii_lowercase();
    if PORT_TAKEN.iter().any(|text| message.contains(text)) {
        return Some("publish another host port, or stop what uses this one".to_owned());
    }
    if message.contains("non-overlapping") {
        return Some("the address pools are used up: remove networks that nothing uses".to_owned());
    }
    None
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
            (500, "something else", Engine),
        ] {
            assert_eq!(classify(status, message), kind, "{status} {message}");
        }
    }

    #[test]
    fn a_taken_port_has_a_hint() {
        assert!(hint("Bind for 0.0.0.0:80 failed: port is already allocated").is_some());
        assert!(hint("no such container").is_none());
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
