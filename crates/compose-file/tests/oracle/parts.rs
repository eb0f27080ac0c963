//! The larger parts of a service: how it is deployed, built and developed.

use proptest::prelude::*;

use super::pieces::{
    Nodes, any_of, boolean, duration, integer, list, map, object, one_or_list, pairs, raw, scalar, single,
    size, template, text,
};
use super::service::gpu;

pub(crate) fn deploy() -> Nodes {
    let policy = || {
        object(vec![
            ("parallelism", 0.5, integer()),
            ("delay", 0.4, duration()),
            ("monitor", 0.3, duration()),
            ("order", 0.3, text(&["start-first", "stop-first"])),
            ("failure_action", 0.3, text(&["pause"])),
            ("max_failure_ratio", 0.4, raw(&["0.5", "\"0.1\"", "1"])),
        ])
    };
    let limits = object(vec![
        ("cpus", 0.5, raw(&["\"0.5\"", "0.25", "1"])),
        ("memory", 0.5, size()),
        ("pids", 0.3, integer()),
    ]);
    let generic = single(
        "discrete_resource_spec",
        object(vec![("kind", 1.0, text(&["k"])), ("value", 1.0, raw(&["1", "\"2\""]))]),
    );
    let reserved = object(vec![
        ("cpus", 0.3, raw(&["\"0.5\"", "0.25"])),
        ("memory", 0.5, size()),
        ("devices", 0.4, list(gpu())),
        ("generic_resources", 0.2, list(generic)),
    ]);
    let placement = object(vec![
        ("constraints", 0.5, list(text(&["a==b"]))),
        ("preferences", 0.3, list(single("spread", text(&["x"])))),
        ("max_replicas_per_node", 0.3, integer()),
    ]);
    let restart = object(vec![
        ("condition", 0.6, text(&["none", "any", "on-failure"])),
        ("max_attempts", 0.4, integer()),
        ("delay", 0.4, duration()),
        ("window", 0.3, duration()),
    ]);
    object(vec![
        ("mode", 0.2, text(&["global", "replicated"])),
        ("replicas", 0.4, integer()),
        ("endpoint_mode", 0.2, text(&["vip"])),
        ("labels", 0.3, pairs()),
        ("resources", 0.5, object(vec![("limits", 0.6, limits), ("reservations", 0.5, reserved)])),
        ("restart_policy", 0.3, restart),
        ("update_config", 0.2, policy()),
        ("rollback_config", 0.2, policy()),
        ("placement", 0.2, placement),
    ])
}

pub(crate) fn build() -> Nodes {
    let secret =
        any_of([text(&["s1"]), object(vec![("source", 1.0, text(&["s1"])), ("target", 0.5, text(&["t"]))])]);
    let long = object(vec![
        ("context", 0.7, text(&[".", "./sub", "../up", "/abs", "${A}", "https://x/y.git", "~/c"])),
        ("dockerfile", 0.3, text(&["D", "../D"])),
        ("dockerfile_inline", 0.1, text(&["FROM x\nRUN y"])),
        ("args", 0.4, pairs()),
        ("labels", 0.3, pairs()),
        ("target", 0.3, template()),
        ("tags", 0.2, list(text(&["a:1", "b", "a=2"]))),
        ("no_cache", 0.2, boolean()),
        ("no_cache_filter", 0.1, one_or_list(text(&["st"]))),
        ("pull", 0.2, boolean()),
        ("privileged", 0.1, boolean()),
        ("shm_size", 0.2, size()),
        ("extra_hosts", 0.2, hosts()),
        ("platforms", 0.1, list(text(&["linux/amd64", "linux/arm64"]))),
        ("secrets", 0.2, list(secret)),
        (
            "additional_contexts",
            0.2,
            any_of([
                map(&["a", "b"], text(&["./x", "docker-image://y", "https://z"])),
                list(text(&["a=./x", "c=https://z"])),
            ]),
        ),
        ("cache_from", 0.1, list(text(&["x", "type=local,src=y"]))),
        ("cache_to", 0.1, list(text(&["x"]))),
        ("entitlements", 0.1, list(text(&["network.host"]))),
        ("isolation", 0.1, text(&["default"])),
        ("provenance", 0.2, raw(&["true", "\"mode=max\"", "false"])),
        ("sbom", 0.2, raw(&["true", "\"generator=x\""])),
        ("ssh", 0.1, raw(&["[default]", "{default: null}", "default"])),
        ("ulimits", 0.1, ulimits()),
        ("network", 0.1, text(&["host", "n1"])),
        ("x-b", 0.1, scalar()),
    ]);
    prop_oneof![1 => text(&[".", "./sub", "https://x/y.git", "git@x:y", "github.com/a/b", ""]), 4 => long]
        .boxed()
}

pub(crate) fn hosts() -> Nodes {
    let address =
        any_of([text(&["1.1.1.1", "[::1]", "::2", "host-gateway"]), list(text(&["2.2.2.2", "::2"]))]);
    any_of([
        map(&["h1", "h2", "h3"], address),
        list(text(&[
            "h1:1.1.1.1",
            "h1=1.1.1.1",
            "h2=::1",
            "h2:[::1]",
            "h3=1.1.1.1,2.2.2.2",
            "h1:host-gateway",
        ])),
    ])
}

pub(crate) fn ulimits() -> Nodes {
    let both = object(vec![("soft", 0.95, raw(&["1", "\"2\""])), ("hard", 0.95, raw(&["2", "10"]))]);
    map(&["nofile", "nproc"], any_of([raw(&["10", "\"20\"", "-1"]), both]))
}

pub(crate) fn develop() -> Nodes {
    let watch = object(vec![
        ("path", 1.0, text(&[".", "./x", "/abs"])),
        ("action", 1.0, text(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"])),
        ("target", 0.8, text(&["/t"])),
        ("ignore", 0.3, one_or_list(text(&["a", "b/"]))),
        ("include", 0.3, one_or_list(text(&["*.c"]))),
        ("initial_sync", 0.2, boolean()),
        ("exec", 0.2, single("command", any_of([text(&["c d"]), list(text(&["c"]))]))),
    ]);
    single("watch", list(watch))
}

pub(crate) fn env_file() -> Nodes {
    let long = object(vec![
        ("path", 1.0, text(&["e.env", "f.env", "./none.env", "sub/g.env"])),
        ("required", 0.4, boolean()),
        ("format", 0.2, text(&["raw", ""])),
    ]);
    any_of([
        one_or_list(text(&["e.env", "./e.env", "f.env"])),
        list(any_of([text(&["e.env", "f.env"]), long])),
    ])
}
