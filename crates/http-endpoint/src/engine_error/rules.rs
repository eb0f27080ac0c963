//! Which status and which words mean what.

use super::EngineErrorKind::{self as K};

/// A text that means something, whatever it is surrounded by.
struct Rule {
    /// In lower case.
    text: &'static str,
    kind: K,
    /// Whether it also counts with a 400, where most texts are about a part of the request.
    with_400: bool,
}

const fn rule(text: &'static str, kind: K) -> Rule {
    Rule { text, kind, with_400: false }
}

const fn also_400(text: &'static str, kind: K) -> Rule {
    Rule { text, kind, with_400: true }
}

/// The first that fits counts. A failure within a successful answer counts as a 500. Of a 400 and a 404 only some
/// are asked, of 401, 405 and 501 none. Behind each: who says so, with which status, when.
const RULES: &[Rule] = &[
    // A port is no object of the engine, so that its being in use must not read like one.
    rule("address already in use", K::PortTaken), // Podman 500: start
    rule("port is already allocated", K::PortTaken), // Docker 500: start
    rule("ports are not available", K::PortTaken), // Docker Desktop 500: start
    // Images.
    also_400("image not known", K::NoSuchImage), // Podman 400: push; Podman 4.3 500: create
    also_400("no such image", K::NoSuchImage),   // Podman 404 and 500
    // A registry that wants to know who asks, at greater length than below. Docker says 404 and 500, Podman 500
    // and within a 200.
    also_400("access denied", K::Unauthorized),
    also_400("authentication required", K::Unauthorized),
    also_400("unauthorized:", K::Unauthorized),
    also_400("invalid username/password", K::Unauthorized),
    also_400("access to the resource is denied", K::Unauthorized),
    also_400("no basic auth credentials", K::Unauthorized),
    also_400("unable to retrieve auth token", K::Unauthorized),
    also_400("incorrect username or password", K::Unauthorized),
    also_400("manifest unknown", K::NotFound), // Docker 500, Podman within a 200: pull of a tag that is not there
    also_400("pushing image", K::Other),       // Podman 400: push, whatever else the reason
    // Membership of networks, before the names, since Docker says "endpoint with name x already exists".
    rule("already exists in network", K::AlreadyConnected), // Docker 403
    rule("is already connected", K::AlreadyConnected),      // Podman 403 (compatible), 500
    rule("is not connected to", K::NotConnected),           // both 500
    // Podman ends this one with "container already exists".
    rule("dependent containers", K::InUse), // Podman 500: remove
    // Someone else was faster.
    rule("already in progress", K::RemovalInProgress), // Docker 409: remove
    rule("already being removed", K::RemovalInProgress), // Podman 500: remove
    rule("has already been removed", K::NotFound),     // Podman 500: any call
    // Names.
    rule("already in use", K::AlreadyExists), // Docker 409, Podman 500: create, rename
    also_400("already exists", K::AlreadyExists), // networks: both 409, Podman 4.3 500; volumes: Podman 500
    rule("secret name in use", K::AlreadyExists), // Podman 500
    rule("unique constraint failed", K::AlreadyExists), // Podman 5 500: rename
    // Subnets.
    also_400("overlaps with", K::SubnetTaken), // Docker 403; 400 since 27
    rule("is already used on the host", K::SubnetTaken), // Podman 500
    also_400("non-overlapping", K::NoFreeSubnet), // Docker 400, 404 and 500: network create
    // Use by others.
    rule("is being used", K::InUse), // Podman 409: volumes, 500: networks; Docker 409: images
    rule("already being used", K::InUse), // Podman 500
    rule("is in use", K::InUse),     // Docker 409: volumes; Podman 409: images
    rule("is using its referenced image", K::InUse), // Docker 409: image by name
    rule("has active endpoints", K::InUse), // Docker 403: networks
    rule("more than one tag", K::InUse), // Podman 500: image by id
    rule("referenced in multiple repositories", K::InUse), // Docker 409: image by id
    // States. "is paused" goes first: Podman says of a paused container that it is not running, too.
    rule("is paused", K::Paused),             // both 409: exec; Docker 409: remove
    rule("it is paused", K::Paused),          // Podman 500: remove
    rule("in state paused", K::Paused),       // Podman 500: attach
    rule("a paused container", K::Paused),    // Docker 409: start
    rule("already paused", K::Paused),        // Docker 409, Podman 500: pause
    rule("is not paused", K::NotPaused),      // both 500: unpause
    rule("it is running", K::AlreadyRunning), // Podman 500: remove
    rule("container is running", K::AlreadyRunning), // Docker 409: remove
    rule("is running or paused", K::AlreadyRunning), // Podman 500: restore
    rule("is not running", K::NotRunning),    // Docker 409: exec, kill, pause; Podman 409, 500
    rule("only kill running", K::NotRunning), // Podman 409, 4.3: 500
    rule("used on running containers", K::NotRunning), // Podman 500: top
    rule("sessions on running containers", K::NotRunning), // Podman 500: exec create
    rule("created or running containers", K::NotRunning), // Podman 409: resize
    rule("waiting for exec session ready", K::NotRunning), // Docker 500: resize of an exec
    rule("state improper", K::Conflict),      // Podman 409, 500: the rest
    // Missing objects behind another status than 404: Podman's compatible create and connect.
    rule("no such container", K::NotFound),
    rule("no such volume", K::NotFound),
    rule("no such network", K::NotFound),
    rule("no such exec", K::NotFound),
    rule("no such object", K::NotFound),
    rule("no such secret", K::NotFound),
    rule("no such pod", K::NotFound),
    rule("network not found", K::NotFound),
    rule("unable to find network", K::NotFound),
    // What this engine cannot do.
    also_400("is too new", K::Unsupported), // Docker 400: version of the path
    also_400("is too old", K::Unsupported), // Docker 400: version of the path
    rule("requires at least criu", K::Unsupported), // Podman 500: checkpoint, restore
    rule("is not logging output", K::Unsupported), // Podman 500: logs of the driver none
    // Wrong requests behind a 500 of Podman.
    rule("invalid argument", K::Invalid),
    rule("names must match", K::Invalid),
    rule("invalid signal", K::Invalid),
    rule("failed to find driver or plugin", K::Invalid),
    rule("decode():", K::Invalid),
    // Podman 4.3, when an image goes while it looks through them all.
    rule("nil pointer dereference", K::Crashed),
];

/// How a message ends, or all of it, when a registry wants to know who asks (Docker 500 and Podman 200: pull).
const REGISTRY_SAYS_NO: [&str; 2] = ["unauthorized", "denied"];

/// What a router says that knows no such path: Docker's and Podman's.
const NO_SUCH_PATH: [&str; 2] = ["page not found", "not found"];

/// Whether the last part of a chain of reasons is a registry's short word for who may not.
fn registry_says_no(message: &str) -> bool {
    let last = message.rsplit(": ").next().unwrap_or(message).trim();
    REGISTRY_SAYS_NO.iter().any(|word| last.eq_ignore_ascii_case(word))
}

/// The meaning of a refusal.
pub(super) fn kind(status: u16, message: &str, cause: Option<&str>) -> K {
    let mut text = message.to_ascii_lowercase();
    if let Some(cause) = cause {
        text.push('\n');
        text.push_str(&cause.to_ascii_lowercase());
    }
    let first = |wanted: fn(&Rule) -> bool| {
        RULES.iter().find(|rule| wanted(rule) && text.contains(rule.text)).map(|rule| rule.kind)
    };
    match status {
        // Docker's router takes a name with dots and slashes for a path, and points to another one.
        300..=303 | 305..=399 => K::NoSuchPath,
        400 if registry_says_no(message) => K::Unauthorized,
        400 => first(|rule| rule.with_400).unwrap_or(K::Invalid),
        401 => K::Unauthorized,
        // What is not there has a name, which may be any text: few are to be trusted.
        404 if NO_SUCH_PATH.contains(&text.trim()) => K::NoSuchPath,
        404 => first(|rule| matches!(rule.kind, K::Unauthorized | K::NoSuchImage | K::NoFreeSubnet))
            .unwrap_or(K::NotFound),
        405 => K::Unsupported,
        501 => K::Unsupported,
        // A 409 names an object of the engine, which may be called so.
        _ if status != 409 && registry_says_no(message) => K::Unauthorized,
        _ => first(|_| true).unwrap_or(match status {
            403 => K::Invalid,
            304 | 409 => K::Conflict,
            503 => K::Unavailable,
            _ => K::Other,
        }),
    }
}
