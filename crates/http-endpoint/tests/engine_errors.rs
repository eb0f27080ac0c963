//! What real engines answered, and what it means.

use http_endpoint::{EngineError, EngineErrorKind as K};
use serde::Deserialize;

/// A line of `refusals.jsonl`: a body as it came, the engines that answered so (apart from ids), and the
/// meaning that a person found in it.
#[derive(Deserialize)]
struct Seen {
    engines: Vec<String>,
    call: String,
    status: u16,
    kind: String,
    body: String,
}

#[expect(clippy::unwrap_used, reason = "a fixture that cannot be read fails the tests")]
fn seen() -> Vec<Seen> {
    include_str!("refusals.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_answer_of_the_engines_means_what_it_says() {
    let seen = seen();
    for engine in
        ["Docker 26", "Podman 5.8 libpod", "Podman 5.4 libpod", "Podman 5.4 compatible", "Podman 4.3 libpod"]
    {
        assert!(seen.iter().any(|seen| seen.engines.iter().any(|name| name == engine)), "{engine}");
    }
    let mut wrong = Vec::new();
    for Seen { engines, call, status, kind, body } in seen {
        let found = EngineError::from_body(status, body.as_bytes()).kind();
        if format!("{found:?}") != kind {
            wrong.push(format!("{engines:?} {call}: {status} {body} is not {found:?} but {kind}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Podman's words in the list that it answers to a removal, and those of a stream, mean the same as with a
/// status of their own.
#[test]
fn words_without_a_status_mean_the_same() {
    let mut count = 0;
    for seen in seen().iter().filter(|seen| seen.status == 500 && seen.kind != "Other") {
        let error = EngineError::from_body(500, seen.body.as_bytes());
        let in_band = EngineError::in_band(error.message().unwrap());
        assert_eq!((in_band.kind(), in_band.status()), (error.kind(), 200), "{}", seen.body);
        count += 1;
    }
    assert!(count > 20);
}

/// Texts that the engines at hand did not say, from reports of others.
#[test]
fn texts_that_were_not_seen() {
    for (status, message, kind) in [
        (409, "removal of container c1 is already in progress", K::RemovalInProgress),
        (500, "container c1 is already being removed: container state improper", K::RemovalInProgress),
        (
            500,
            "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated",
            K::PortTaken,
        ),
        (500, "rootlessport listen tcp 0.0.0.0:80: bind: address already in use", K::PortTaken),
        (403, "operation is not permitted on predefined bridge network", K::Invalid),
        (400, "invalid pool request: Pool overlaps with other one on this address space", K::SubnetTaken),
        (
            400,
            "could not find an available, non-overlapping IPv4 address pool among the defaults",
            K::NoFreeSubnet,
        ),
        (
            404,
            "could not find an available, non-overlapping IPv4 address pool among the defaults",
            K::NoFreeSubnet,
        ),
        (
            409,
            "conflict: unable to delete 01 (must be forced) - image is referenced in multiple repositories",
            K::InUse,
        ),
        (
            404,
            "pull access denied for x, repository does not exist or may require 'docker login'",
            K::Unauthorized,
        ),
        (
            500,
            "unable to retrieve auth token: invalid username/password: unauthorized: incorrect username or password",
            K::Unauthorized,
        ),
        (400, "pushing image \"x\": denied: requested access to the resource is denied", K::Unauthorized),
        (401, "", K::Unauthorized),
        (500, "runtime error: invalid memory address or nil pointer dereference", K::Crashed),
        (301, "", K::NoSuchPath),
        (405, "Method Not Allowed", K::Unsupported),
        (503, "", K::Unavailable),
        (409, "", K::Conflict),
        (500, "something else", K::Other),
    ] {
        assert_eq!(EngineError::new(status, message).kind(), kind, "{status} {message}");
    }
}

/// What a container is called says nothing about it.
#[test]
fn names_do_not_mislead() {
    for name in ["paused", "unauthorized", "overlaps", "in-use", "not-found", "running"] {
        let gone = EngineError::new(404, format!("No such container: {name}"));
        assert_eq!(gone.kind(), K::NotFound, "{name}");
        let taken = format!("Conflict. The container name \"/{name}\" is already in use by container \"c\".");
        assert_eq!(EngineError::new(409, taken).kind(), K::AlreadyExists, "{name}");
    }
    for text in ["open /x: permission denied", "no container \"unauthorized\" found"] {
        assert_eq!(EngineError::new(500, text).kind(), K::Other, "{text}");
    }
}

#[test]
fn predicates_group_the_kinds() {
    let of = EngineError::new;
    let image = of(404, "No such image: x");
    assert!(image.is_no_such_image() && image.is_not_found() && !image.is_conflict());
    let path = of(404, "page not found");
    assert!(path.is_not_found() && path.is_unsupported() && !path.is_no_such_image());
    let paused = of(409, "Container x is paused, unpause the container before exec");
    assert!(paused.is_paused() && paused.is_conflict() && !paused.is_not_running());
    let taken = of(500, "listen tcp4 :80: bind: address already in use");
    assert!(taken.is_port_taken() && !taken.is_conflict() && !taken.is_already_exists());
    // Podman's odd end of a sentence.
    let needed = of(
        500,
        "container a has dependent containers which must be removed before it: b: container already exists",
    );
    assert!(needed.is_in_use() && needed.is_conflict() && !needed.is_already_exists());
    assert!(of(500, "names must match [a-z]: invalid argument").is_invalid());
    assert!(of(501, "").is_unsupported() && of(401, "").is_unauthorized());
}

#[test]
fn bodies_of_all_shapes() {
    let parts = |body: &str| {
        let error = EngineError::from_body(500, body.as_bytes());
        (error.message().map(str::to_owned), error.cause().map(str::to_owned), error.to_string())
    };
    let text = |text: &str| (Some(text.to_owned()), None, text.to_owned());
    assert_eq!(parts("{\"message\":\"name taken\"}\n"), text("name taken"));
    assert_eq!(
        parts(r#"{"cause":"no such pod","message":"x: no such pod","response":404}"#),
        (Some("x: no such pod".into()), Some("no such pod".into()), "x: no such pod".into())
    );
    assert_eq!(parts(r#"{"cause":"b","message":"a"}"#), (Some("a".into()), Some("b".into()), "a: b".into()));
    assert_eq!(parts(r#"{"errorDetail":{"message":"refused"},"error":"refused"}"#), text("refused"));
    assert_eq!(parts(r#"{"errorDetail":{"message":"refused"}}"#), text("refused"));
    assert_eq!(parts("page not found\n"), text("page not found"));
    assert_eq!(parts(r#"{"other":1}"#), text(r#"{"other":1}"#));
    assert_eq!(parts(r#"{"message":null}"#), text(r#"{"message":null}"#));
    assert_eq!(parts(""), (None, None, "status 500".to_owned()));
}
