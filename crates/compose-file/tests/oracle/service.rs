//! Services with every attribute, in short and in long forms.

use proptest::prelude::*;
use proptest::strategy::Union;

use super::document::{Entry, Node};
use super::parts::{build, deploy, develop, env_file, hosts, ulimits};
use super::pieces::{
    Nodes, any_of, boolean, duration, integer, list, map, object, one_or_list, pairs, raw, scalar, single,
    size, template, text,
};

/// The services of a project. One depends on later ones only, so that most projects have no cycle.
pub(crate) const SERVICES: [&str; 4] = ["web", "svc.x", "db", "api"];

/// A strategy for an entry of a service.
type Entries = BoxedStrategy<Entry>;

/// A service. `others` are those that it may depend on, `bases` what it may extend.
pub(crate) fn service(others: &[&'static str], bases: Option<Nodes>) -> Nodes {
    let source = prop_oneof![
        8 => any_of([text(&["img", "img:1", "r.io/a/b@sha256:0000000000000000000000000000000000000000000000000000000000000000"]), template()])
            .prop_map(|value| Some(Entry { key: "image".to_owned(), value })),
        1 => build().prop_map(|value| Some(Entry { key: "build".to_owned(), value })),
        1 => Just(None),
    ];
    let mut parts: Vec<Entries> = attributes(others);
    // What real files have most comes most.
    for name in
        ["environment", "ports", "volumes", "labels", "networks", "healthcheck", "deploy", "build", "command"]
    {
        parts.push(named(name, others));
        parts.push(named(name, others));
    }
    let extends = match bases {
        Some(bases) => prop_oneof![4 => Just(None), 1 => bases.prop_map(Some)].boxed(),
        None => Just(None).boxed(),
    };
    let depends = prop::option::weighted(0.3, depends_on(others));
    (source, prop::collection::vec(Union::new(parts), 0..7), extends, depends)
        .prop_map(|(source, attributes, extends, depends)| {
            let mut entries: Vec<Entry> = source.into_iter().collect();
            entries.extend(extends.map(|value| Entry { key: "extends".to_owned(), value }));
            entries.extend(depends.map(|value| Entry { key: "depends_on".to_owned(), value }));
            for entry in attributes {
                let taken = entries.iter().any(|other| {
                    other.key == entry.key
                        || (other.key == "networks" && entry.key == "network_mode")
                        || (other.key == "network_mode" && entry.key == "networks")
                });
                if !taken {
                    entries.push(entry);
                }
            }
            Node::Map(entries)
        })
        .boxed()
}

/// A service with no more than one attribute, again and again the same: what merging files is tried with.
pub(crate) fn only(name: &'static str, others: &[&'static str]) -> Nodes {
    named(name, others).prop_map(|entry| Node::Map(vec![entry])).boxed()
}

/// The names of all attributes.
pub(crate) fn names() -> Vec<&'static str> {
    table(&SERVICES[2..]).into_iter().map(|(name, _)| name).collect()
}

fn named(name: &'static str, others: &[&'static str]) -> Entries {
    let found = table(others).into_iter().find(|(key, _)| *key == name);
    let value = found.map_or_else(|| raw(&["null"]), |(_, value)| value);
    value.prop_map(move |value| Entry { key: name.to_owned(), value }).boxed()
}

fn attributes(others: &[&'static str]) -> Vec<Entries> {
    let entry = |(name, value): (&'static str, Nodes)| {
        value.prop_map(move |value| Entry { key: name.to_owned(), value }).boxed()
    };
    table(others).into_iter().map(entry).collect()
}

fn table(others: &[&'static str]) -> Vec<(&'static str, Nodes)> {
    let target = others.last().copied().unwrap_or("api");
    let mut table = simple();
    table.extend(structured());
    table.extend(referring(target));
    table
}

fn simple() -> Vec<(&'static str, Nodes)> {
    vec![
        ("attach", boolean()),
        ("cap_add", list(text(&["A", "B", "ALL"]))),
        ("cap_drop", list(text(&["A", "B", "NET_ADMIN"]))),
        ("cgroup", text(&["host", "private"])),
        ("cgroup_parent", text(&["/p", "m"])),
        ("command", command()),
        ("container_name", text(&["c1x", "my.name", "c2x"])),
        ("cpu_count", integer()),
        ("cpu_percent", integer()),
        ("cpu_period", any_of([integer(), duration()])),
        ("cpu_quota", integer()),
        ("cpu_shares", integer()),
        ("cpu_rt_period", any_of([integer(), duration()])),
        ("cpu_rt_runtime", any_of([integer(), duration()])),
        ("cpus", raw(&["0.5", "\"0.25\"", "1", "0.1", "\"${N}\""])),
        ("cpuset", text(&["0-1", "0,2"])),
        ("device_cgroup_rules", list(text(&["c 1:3 mr", "a *:* rwm"]))),
        ("dns", one_or_list(text(&["1.1.1.1", "8.8.8.8", "${UNSET:-9.9.9.9}"]))),
        ("dns_opt", list(text(&["a", "b"]))),
        ("dns_search", one_or_list(text(&["a.b", "c"]))),
        ("domainname", text(&["d.e"])),
        ("entrypoint", command()),
        ("group_add", list(any_of([text(&["g", "2"]), raw(&["1", "2"])]))),
        ("hostname", any_of([text(&["h"]), template()])),
        ("init", boolean()),
        ("isolation", text(&["default"])),
        ("mac_address", text(&["02:00:00:00:00:02"])),
        ("mem_limit", size()),
        ("mem_reservation", size()),
        ("mem_swappiness", integer()),
        ("memswap_limit", size()),
        ("oom_kill_disable", boolean()),
        ("oom_score_adj", raw(&["10", "-5", "\"${N}\""])),
        ("pid", text(&["host"])),
        ("pids_limit", raw(&["10", "-1", "\"5\"", "\"${N}\""])),
        ("platform", text(&["linux/amd64"])),
        ("privileged", boolean()),
        ("profiles", list(text(&["p1"]))),
        (
            "pull_policy",
            text(&[
                "always",
                "never",
                "missing",
                "if_not_present",
                "daily",
                "build",
                "every_2h",
                "weekly",
                "refresh",
                "often",
            ]),
        ),
        ("read_only", boolean()),
        ("restart", any_of([text(&["no", "always", "on-failure:3", "unless-stopped"]), raw(&["no"])])),
        ("runtime", text(&["runc"])),
        ("scale", integer()),
        ("security_opt", list(text(&["a", "b", "seccomp=x"]))),
        ("shm_size", size()),
        ("stdin_open", boolean()),
        ("stop_grace_period", duration()),
        ("stop_signal", text(&["SIGINT", "15"])),
        ("tmpfs", one_or_list(text(&["/t1", "/t2:size=1m", "/t1:ro"]))),
        ("tty", boolean()),
        ("use_api_socket", raw(&["true", "false"])),
        ("user", text(&["root", "1:1", "${N}"])),
        ("userns_mode", text(&["host"])),
        ("uts", text(&["host"])),
        ("working_dir", text(&["/w", "/w/../x", "rel"])),
        ("x-any", any_of([single("a", scalar()), scalar()])),
    ]
}

fn structured() -> Vec<(&'static str, Nodes)> {
    let anything = || raw(&["1", "\"a\"", "1.5", "null", "1e6", "true"]);
    let rate = || {
        list(object(vec![("path", 1.0, text(&["/a", "/b"])), ("rate", 1.0, any_of([size(), raw(&["5"])]))]))
    };
    let weights = list(object(vec![("path", 1.0, text(&["/a"])), ("weight", 1.0, raw(&["1", "20"]))]));
    let hook = |image: bool| {
        let mut parts = vec![
            ("command", 0.98, any_of([text(&["a b"]), list(text(&["c", "d e"]))])),
            ("user", 0.3, text(&["root"])),
            ("environment", 0.4, pairs()),
            ("privileged", 0.2, boolean()),
            ("working_dir", 0.2, text(&["/w"])),
        ];
        if image {
            parts.push(("image", 0.9, text(&["img"])));
        }
        list(object(parts))
    };
    vec![
        ("annotations", pairs()),
        (
            "blkio_config",
            object(vec![
                ("weight", 0.5, raw(&["10", "300"])),
                ("weight_device", 0.4, weights),
                ("device_read_bps", 0.4, rate()),
                ("device_write_iops", 0.4, rate()),
            ]),
        ),
        ("build", build()),
        (
            "credential_spec",
            any_of([
                single("file", text(&["./c.json"])),
                single("config", text(&["c1"])),
                single("registry", text(&["r"])),
            ]),
        ),
        ("deploy", deploy()),
        ("develop", develop()),
        ("devices", list(any_of([text(&["/a", "/b:/c", "/d:/c:r", "x.y/z=w"]), device()]))),
        ("environment", pairs()),
        ("env_file", env_file()),
        ("expose", list(any_of([text(&["80", "82/udp", "90-92"]), raw(&["81"])]))),
        ("external_links", list(text(&["z", "y:w"]))),
        ("extra_hosts", hosts()),
        ("gpus", any_of([text(&["all"]), list(gpu())])),
        ("healthcheck", health()),
        ("label_file", one_or_list(text(&["l.env", "./e.env"]))),
        ("labels", pairs()),
        (
            "logging",
            object(vec![
                ("driver", 0.6, text(&["json-file", "syslog"])),
                ("options", 0.6, map(&["a", "b"], anything())),
            ]),
        ),
        ("post_start", hook(false)),
        ("pre_start", hook(true)),
        ("pre_stop", hook(false)),
        ("ports", list(port())),
        (
            "provider",
            object(vec![
                ("type", 1.0, text(&["p"])),
                (
                    "options",
                    0.5,
                    map(&["a", "b"], any_of([raw(&["1", "true", "\"s\""]), list(text(&["x", "y"]))])),
                ),
            ]),
        ),
        ("storage_opt", map(&["size", "x"], text(&["1G", "2"]))),
        ("sysctls", pairs()),
        ("ulimits", ulimits()),
        ("volumes", list(mount())),
    ]
}

fn referring(target: &'static str) -> Vec<(&'static str, Nodes)> {
    let to = move |forms: &[&str]| {
        let forms: Vec<String> = forms.iter().map(|form| form.replace('@', target)).collect();
        prop::sample::select(forms).prop_map(Node::Text).boxed()
    };
    let grants = |names: &[&'static str], targets: &[&'static str]| {
        list(any_of([
            text(names),
            object(vec![
                ("source", 1.0, text(names)),
                ("target", 0.5, text(targets)),
                ("mode", 0.3, raw(&["0440", "288", "\"0400\"", "0o444"])),
                ("uid", 0.2, text(&["1", "u"])),
                ("gid", 0.2, text(&["2"])),
            ]),
        ]))
    };
    vec![
        ("configs", grants(&["c1", "c2"], &["/y", "/c1", "rel"])),
        ("ipc", any_of([text(&["host", "shareable"]), to(&["service:@"])])),
        ("links", list(to(&["@", "@:x"]))),
        (
            "models",
            any_of([
                list(text(&["m1"])),
                single(
                    "m1",
                    any_of([raw(&["null"]), map(&["endpoint_var", "model_var"], text(&["E", "M"]))]),
                ),
            ]),
        ),
        ("network_mode", any_of([text(&["host", "none", "bridge"]), to(&["service:@", "container:q"])])),
        ("networks", networks()),
        ("secrets", grants(&["s1", "s2"], &["x", "/run/secrets/s1", "s2"])),
        ("volumes_from", list(any_of([to(&["@", "@:ro"]), text(&["container:z", "container:z:ro"])]))),
    ]
}

fn command() -> Nodes {
    any_of([
        text(&[
            "echo hi",
            "sh -c \"a b\"",
            "",
            "a\\ b $$X",
            "it's",
            "echo ${A:-q}",
            "a && b",
            "'x y' z",
            "a;b",
            "  sp  ",
            "a \"\" b",
            "\"${SPACE}\"",
            "a\\\nb",
            "#c",
            "a 'b\\'c'",
            "\"a\\\"b\\$$c\"",
            "x | y",
            "a\tb",
        ]),
        list(text(&["a", "b c", "${A}", ""])),
        raw(&["null", "[]"]),
    ])
}

fn port() -> Nodes {
    let short = any_of([
        text(&[
            "80",
            "8080:80",
            "127.0.0.1:80:80",
            "80/udp",
            "8000-8002:80-82",
            "3000-3002:80",
            "9-11",
            "[::1]:80:80",
            "0.0.0.0:80:80",
            "${P}:80",
            "127.0.0.1::53/udp",
            "8080:80/tcp",
            "1-3:1-3/udp",
            "::1:80:80",
            "80:80/sctp",
            "127.0.0.1:8000-8001:80-81",
        ]),
        raw(&["80", "443", "22:22"]),
    ]);
    let odd = text(&[
        "1-2:1-3",
        "a",
        "80:",
        ":80",
        "99999",
        "80/icmp",
        "1:2:3:4",
        "",
        "80 ",
        "0",
        "5-3",
        "host:80:80",
    ]);
    let long = object(vec![
        ("target", 1.0, raw(&["80", "\"80\"", "443", "\"${N}\""])),
        ("published", 0.6, raw(&["80", "\"8080\"", "\"80-82\"", "8080"])),
        ("protocol", 0.3, text(&["tcp", "udp"])),
        ("host_ip", 0.3, text(&["127.0.0.1", "0.0.0.0", "::1"])),
        ("mode", 0.2, text(&["host", "ingress"])),
        ("name", 0.1, text(&["n"])),
        ("app_protocol", 0.1, text(&["http"])),
    ]);
    prop_oneof![16 => short, 1 => odd, 8 => long].boxed()
}

fn mount() -> Nodes {
    let short = text(&[
        "/d1",
        "vol1:/d2",
        "./b:/d3",
        "~/x:/d4:ro",
        "vol2:/d5:nocopy",
        "../p:/d6/../d7",
        "/abs:/d8:z,ro",
        "vol1:/d9:rw",
        "v:/x",
        "/x",
        "vol1:/d2/",
        "${V}:/d2",
        "/a:/d10:rshared",
        "vol1:/d2:odd",
        "C:\\a:/b",
        "c:/a:/b:ro",
        "~:/home",
        ".:/code",
        "vol1:/d2:volume-nocopy",
        "vol1:C:\\x",
        "\\\\srv\\p:/d",
        "/a:/b:",
        "/d1/",
    ]);
    let odd = text(&["a:b:c:d:e", ":/x", "vol1::ro", "", "undefined:/x", "vol1:"]);
    let part = |kind: &'static str, extra: Vec<(&'static str, f64, Nodes)>| {
        let mut parts = vec![
            ("type", 1.0, text(&[kind])),
            ("target", 1.0, text(&["/d1", "/d2", "/d20", "/d21/", "/e/../f"])),
            ("read_only", 0.3, boolean()),
        ];
        parts.extend(extra);
        object(parts)
    };
    let bind = object(vec![
        ("create_host_path", 0.4, boolean()),
        ("propagation", 0.3, text(&["rslave"])),
        ("selinux", 0.3, text(&["z", "Z"])),
        ("recursive", 0.2, text(&["enabled", "readonly"])),
    ]);
    let volume =
        object(vec![("nocopy", 0.4, boolean()), ("subpath", 0.3, text(&["a"])), ("labels", 0.2, pairs())]);
    let tmpfs =
        object(vec![("size", 0.5, size()), ("mode", 0.4, raw(&["1777", "0o1777", "01777", "0x3ff"]))]);
    prop_oneof![
        12 => short,
        1 => odd,
        3 => part("bind", vec![("source", 0.9, text(&["./q", "/q", "~/q", "q"])), ("bind", 0.5, bind)]),
        3 => part("volume", vec![("source", 0.7, text(&["vol1", "vol2"])), ("volume", 0.5, volume)]),
        2 => part("tmpfs", vec![("tmpfs", 0.7, tmpfs)]),
        1 => part("image", vec![("source", 1.0, text(&["img"])), ("image", 0.5, single("subpath", text(&["s"])))]),
        1 => part("npipe", vec![("source", 1.0, text(&["\\\\.\\pipe\\x"]))]),
        1 => part("cluster", vec![("source", 1.0, text(&["vol1"]))]),
    ]
    .boxed()
}

fn networks() -> Nodes {
    let settings = object(vec![
        ("aliases", 0.4, list(text(&["a", "b", "c"]))),
        ("ipv4_address", 0.3, text(&["10.0.0.9"])),
        ("ipv6_address", 0.2, text(&["fd00::9"])),
        ("priority", 0.3, raw(&["1", "10"])),
        ("gw_priority", 0.2, raw(&["5"])),
        ("mac_address", 0.2, text(&["02:00:00:00:00:01"])),
        ("driver_opts", 0.2, map(&["a", "b"], raw(&["1", "\"s\""]))),
        ("interface_name", 0.2, text(&["eth9"])),
        ("link_local_ips", 0.2, list(text(&["169.254.1.1", "169.254.1.2"]))),
    ]);
    let names = ["n1", "n2", "default"];
    any_of([list(text(&names)), map(&names, any_of([raw(&["null", "{}"]), settings]))])
}

fn depends_on(others: &[&'static str]) -> Nodes {
    if others.is_empty() {
        return raw(&["[]", "{}"]);
    }
    let settings = object(vec![
        ("condition", 0.95, text(&["service_started", "service_healthy", "service_completed_successfully"])),
        ("required", 0.3, boolean()),
        ("restart", 0.3, boolean()),
    ]);
    any_of([list(text(others)), map(others, settings)])
}

fn health() -> Nodes {
    let test = any_of([
        text(&["curl x", "NONE", "a ${B} $$c", ""]),
        raw(&["[CMD, 'true']", "[CMD-SHELL, a b]", "[NONE]", "[]", "[a]"]),
    ]);
    object(vec![
        ("test", 0.8, test),
        ("interval", 0.3, duration()),
        ("timeout", 0.3, duration()),
        ("start_period", 0.3, duration()),
        ("start_interval", 0.2, duration()),
        ("retries", 0.3, integer()),
        ("disable", 0.2, boolean()),
    ])
}

pub(crate) fn gpu() -> Nodes {
    object(vec![
        ("driver", 0.5, text(&["nv"])),
        ("capabilities", 0.5, list(text(&["gpu", "x"]))),
        ("count", 0.4, raw(&["1", "2", "all", "\"3\""])),
        ("device_ids", 0.2, list(text(&["0", "1"]))),
        ("options", 0.3, pairs()),
    ])
}

fn device() -> Nodes {
    object(vec![
        ("source", 1.0, text(&["/a", "/e"])),
        ("target", 0.6, text(&["/c", "/f"])),
        ("permissions", 0.4, text(&["r", "rwm"])),
    ])
}
