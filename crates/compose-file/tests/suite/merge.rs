//! Several files: how values meet.

use serde_json::{Value, json};

use super::{json as load_json, load_files, merged};

#[test]
fn attributes_merge_by_their_rules() {
    for (first, second, name, expected) in [
        ("hostname: a", "hostname: b", "hostname", json!("b")),
        ("hostname: a", "user: u", "hostname", json!("a")),
        ("command: [a, b]", "command: c", "command", json!(["c"])),
        ("command: [a]", "command: null", "command", Value::Null),
        ("entrypoint: [a]", "entrypoint: []", "entrypoint", json!([])),
        (
            "environment: {A: 1, B: 2}",
            "environment: [B=3, C]",
            "environment",
            json!({"A": "1", "B": "3", "C": null}),
        ),
        ("labels: [a=1]", "labels: {a: 2, b: 3}", "labels", json!({"a": "2", "b": "3"})),
        ("cap_add: [A, B]", "cap_add: [B, C]", "cap_add", json!(["A", "B", "C"])),
        ("dns: 1.1.1.1", "dns: [2.2.2.2, 1.1.1.1]", "dns", json!(["1.1.1.1", "2.2.2.2"])),
        ("tmpfs: /a", "tmpfs: [/b]", "tmpfs", json!(["/a", "/b"])),
        ("security_opt: [a]", "security_opt: [a, b]", "security_opt", json!(["a", "b"])),
        ("expose: [80]", "expose: ['80', 81]", "expose", json!(["80", "81"])),
        (
            "extra_hosts: ['a:1.1.1.1']",
            "extra_hosts: ['a=1.1.1.1']",
            "extra_hosts",
            // Docker Compose prints it twice, and then refuses what it printed.
            json!(["a=1.1.1.1"]),
        ),
        (
            "healthcheck: {test: [CMD, a], interval: 1s}",
            "healthcheck: {test: b}",
            "healthcheck",
            json!({"test": ["CMD-SHELL", "b"], "interval": "1s"}),
        ),
        ("ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits: {nofile: 3}", "ulimits", json!({"nofile": 3})),
        (
            "logging: {driver: a, options: {x: 1}}",
            "logging: {options: {y: 2}}",
            "logging",
            json!({"driver": "a", "options": {"x": "1", "y": "2"}}),
        ),
        ("logging: {driver: a, options: {x: 1}}", "logging: {driver: b}", "logging", json!({"driver": "b"})),
        (
            "build: ./d",
            "build: {target: t}",
            "build",
            json!({"context": "/p/d", "dockerfile": "Dockerfile", "target": "t"}),
        ),
        (
            "build: {args: {A: 1}}",
            "build: {args: [A=2, B=3]}",
            "build",
            json!({"context": "/p", "dockerfile": "Dockerfile", "args": {"A": "2", "B": "3"}}),
        ),
        (
            "build: {platforms: [a]}",
            "build: {platforms: [b, a]}",
            "build",
            json!({"context": "/p", "dockerfile": "Dockerfile", "platforms": ["a", "b"]}),
        ),
        (
            "networks: [default]",
            "networks: {default: {aliases: [x]}}",
            "networks",
            json!({"default": {"aliases": ["x"]}}),
        ),
        (
            "volumes: ['./a:/x', '/y']",
            "volumes: ['./b:/x:ro']",
            "volumes",
            json!([
                {"type": "bind", "source": "/p/b", "target": "/x", "read_only": true, "bind": {}},
                {"type": "volume", "target": "/y"},
            ]),
        ),
        (
            "ports: ['8080:80']",
            "ports: ['8080:80/tcp', '81:81']",
            "ports",
            json!([
                {"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"},
                {"mode": "ingress", "target": 81, "published": "81", "protocol": "tcp"},
            ]),
        ),
        (
            "ports: ['8080:80']",
            "ports: [{target: 80, published: 8080}]",
            "ports",
            json!([
                {"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"},
                {"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"},
            ]),
        ),
        (
            "devices: ['/a:/x']",
            "devices: ['/b:/x:r']",
            "devices",
            json!([{"source": "/b", "target": "/x", "permissions": "r"}]),
        ),
        (
            "post_start: [{command: a}]",
            "post_start: [{command: b}]",
            "post_start",
            json!([{"command": ["a"]}, {"command": ["b"]}]),
        ),
        ("profiles: [p]", "profiles: !reset []", "profiles", Value::Null),
    ] {
        assert_eq!(merged(first, second, name), expected, "{first} + {second}");
    }
}

#[test]
fn reset_and_override() {
    for (first, second, name, expected) in [
        (
            "ports: ['80:80', '81:81']",
            "ports: !override ['82:82']",
            "ports",
            json!([{"mode": "ingress", "target": 82, "published": "82", "protocol": "tcp"}]),
        ),
        ("ports: ['80:80']", "ports: !reset []", "ports", Value::Null),
        (
            "environment: {A: 1, B: 2}",
            "environment: {A: !reset null, C: 3}",
            "environment",
            json!({"B": "2", "C": "3"}),
        ),
        ("environment: [A=1, B=2]", "environment: {A: !reset null}", "environment", json!({"B": "2"})),
        (
            "build: {context: d, target: t}",
            "build: {target: !reset null}",
            "build",
            json!({"context": "/p/d", "dockerfile": "Dockerfile"}),
        ),
        (
            "healthcheck: {test: a, retries: 3}",
            "healthcheck: !override {test: b}",
            "healthcheck",
            json!({"test": ["CMD-SHELL", "b"]}),
        ),
    ] {
        assert_eq!(merged(first, second, name), expected, "{first} + {second}");
    }
    let whole = load_json(&[
        ("f1.yaml", "services: {a: {image: x, hostname: h}, b: {image: y}}"),
        ("f2.yaml", "services: {a: !override {image: z}, b: !reset {}}"),
    ]);
    assert_eq!(whole["services"]["a"]["hostname"], Value::Null);
    assert_eq!(whole["services"]["b"], Value::Null);
}

#[test]
fn resources_merge_too() {
    let model = load_json(&[
        (
            "f1.yaml",
            "services: {a: {image: x, networks: [n]}}\nnetworks: {n: {labels: {a: 1}, ipam: {config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1}]}}}",
        ),
        (
            "f2.yaml",
            "services: {a: {}}\nnetworks: {n: {labels: [a=2, b=3], ipam: {config: [{subnet: 10.0.0.0/24, ip_range: 10.0.0.0/25}]}}}",
        ),
    ]);
    assert_eq!(
        model["networks"]["n"],
        json!({"name": "p_n", "labels": {"a": "2", "b": "3"}, "ipam": {"config": [
            {"subnet": "10.0.0.0/24", "gateway": "10.0.0.1", "ip_range": "10.0.0.0/25"},
        ]}})
    );
}

#[test]
fn documents_of_one_file_merge() {
    let model = load_json(&[(
        "f.yaml",
        "services: {a: {image: x}}\n---\nservices: {a: {hostname: h}, b: {image: y}}\n",
    )]);
    assert_eq!(model["services"]["a"]["hostname"], "h");
    assert_eq!(model["services"]["b"]["image"], "y");
}

#[test]
fn anchors_aliases_and_merge_keys() {
    let model = load_json(&[(
        "f.yaml",
        "x-base: &base {image: x, labels: {a: 1}, environment: {A: 1}}\n\
         x-more: &more {hostname: h, image: ignored}\n\
         services:\n  a: {<<: [*base, *more], environment: {B: 2}}\n  b: {<<: *base, image: y}\n  c: {image: z, labels: &l {k: v}}\n  d: {image: z, labels: *l}\n",
    )]);
    let services = &model["services"];
    assert_eq!(services["a"]["image"], "x");
    assert_eq!(services["a"]["hostname"], "h");
    assert_eq!(services["a"]["environment"], json!({"B": "2"}));
    assert_eq!(services["b"]["image"], "y");
    assert_eq!(services["b"]["labels"], json!({"a": "1"}));
    assert_eq!(services["d"]["labels"], json!({"k": "v"}));
}

#[test]
fn what_cannot_merge_points_at_both_places() {
    let error = load_files(&[
        ("f1.yaml", "services: {a: {image: x, ports: ['80:80']}}"),
        ("f2.yaml", "services:\n  a:\n    ports: {a: b}\n"),
    ])
    .unwrap_err();
    let error = error.errors().next().unwrap();
    assert_eq!(
        error.to_string().split_once(" (").unwrap().0,
        "/p/f2.yaml:3:12: services.a.ports: a mapping cannot override a list"
    );
    assert_eq!(error.related[0].origin.file.to_str(), Some("/p/f1.yaml"));
}
