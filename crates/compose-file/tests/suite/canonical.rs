//! Short forms, types, defaults and what is left out.

use serde_json::{Value, json};

use super::{attribute, json as load_json, load_text};

#[test]
fn attributes_get_their_canonical_form() {
    for (body, name, expected) in [
        ("command: echo 'a b'", "command", json!(["echo", "a b"])),
        ("command: ''", "command", json!([])),
        ("command: []", "command", json!([])),
        ("command: null", "command", Value::Null),
        ("entrypoint: [a, b]", "entrypoint", json!(["a", "b"])),
        (
            "environment: {A: 1.10, B: ~, C: true, D: ''}",
            "environment",
            json!({"A": "1.1", "B": null, "C": "true", "D": ""}),
        ),
        (
            "environment: [A=1.10, B, C=, 'D=a=b']",
            "environment",
            json!({"A": "1.10", "B": null, "C": "", "D": "a=b"}),
        ),
        ("environment: [HOME, TAG]", "environment", json!({"HOME": "/home/me", "TAG": "v1"})),
        ("labels: {a: ~, b: 1, c: 1e6}", "labels", json!({"a": "", "b": "1", "c": "1e+06"})),
        ("labels: [a, b=c]", "labels", json!({"a": "", "b": "c"})),
        ("labels: {x-a: 1}", "labels", json!({"x-a": "1"})),
        (
            "ports: ['8080:80']",
            "ports",
            json!([{"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}]),
        ),
        ("ports: [80]", "ports", json!([{"mode": "ingress", "target": 80, "protocol": "tcp"}])),
        (
            "ports: [{target: '80', published: 8080, x-a: 1}]",
            "ports",
            json!([{"target": 80, "published": "8080", "protocol": "tcp", "mode": "ingress"}]),
        ),
        (
            "ports: ['3000-3001:80']",
            "ports",
            json!([{"mode": "ingress", "target": 80, "published": "3000-3001", "protocol": "tcp"}]),
        ),
        ("expose: [80, '81/udp']", "expose", json!(["80", "81/udp"])),
        ("volumes: [/x]", "volumes", json!([{"type": "volume", "target": "/x"}])),
        ("volumes: [/xy/../z/]", "volumes", json!([{"type": "volume", "target": "/z", "volume": {}}])),
        (
            "volumes: ['./a:/b:ro,z']",
            "volumes",
            json!([{"type": "bind", "source": "/p/a", "target": "/b", "read_only": true, "bind": {"selinux": "z"}}]),
        ),
        (
            "volumes: ['~/a:/b']",
            "volumes",
            json!([{"type": "bind", "source": "/home/me/a", "target": "/b", "bind": {}}]),
        ),
        (
            "volumes: [{type: bind, source: ., target: /b, bind: {create_host_path: false}}]",
            "volumes",
            json!([{"type": "bind", "source": "/p", "target": "/b", "bind": {"create_host_path": false}}]),
        ),
        (
            "volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 1777}}]",
            "volumes",
            json!([{"type": "tmpfs", "target": "/t", "tmpfs": {"size": "1048576", "mode": 1777}}]),
        ),
        ("tmpfs: /t", "tmpfs", json!(["/t"])),
        ("dns: 1.1.1.1", "dns", json!(["1.1.1.1"])),
        ("dns: ['', 1.1.1.1]", "dns", json!(["1.1.1.1"])),
        ("mem_limit: 1.5g", "mem_limit", json!("1610612736")),
        ("shm_size: 100", "shm_size", json!("100")),
        ("memswap_limit: -1", "memswap_limit", json!("-1")),
        ("cpus: '0.5'", "cpus", json!(0.5)),
        ("pids_limit: 1.5", "pids_limit", json!(1)),
        ("stop_grace_period: 90s", "stop_grace_period", json!("1m30s")),
        (
            "healthcheck: {test: a b, interval: 1d, retries: 3}",
            "healthcheck",
            json!({"test": ["CMD-SHELL", "a b"], "interval": "24h0m0s", "retries": 3}),
        ),
        ("healthcheck: {disable: true}", "healthcheck", json!({"disable": true})),
        ("healthcheck: {test: NONE}", "healthcheck", json!({"test": ["CMD-SHELL", "NONE"]})),
        ("depends_on: [b]", "depends_on", json!({"b": {"condition": "service_started", "required": true}})),
        (
            "depends_on: {b: {condition: service_healthy, restart: 'yes', required: false}}",
            "depends_on",
            json!({"b": {"condition": "service_healthy", "required": false, "restart": true}}),
        ),
        (
            "links: ['b:c']",
            "depends_on",
            json!({"b": {"condition": "service_started", "required": true, "restart": true}}),
        ),
        (
            "network_mode: service:b",
            "depends_on",
            json!({"b": {"condition": "service_started", "required": true, "restart": true}}),
        ),
        (
            "volumes_from: ['b:ro', 'container:z']",
            "depends_on",
            json!({"b": {"condition": "service_started", "required": true}}),
        ),
        (
            "extra_hosts: {h: '[::1]', a: [1.1.1.1, 2.2.2.2]}",
            "extra_hosts",
            json!(["a=1.1.1.1", "a=2.2.2.2", "h=::1"]),
        ),
        // A mapping's text is one address for Compose, whatever it holds; a list's is taken apart.
        ("extra_hosts: {h: '1.1.1.1,2.2.2.2'}", "extra_hosts", json!(["h=1.1.1.1,2.2.2.2"])),
        ("extra_hosts: ['h=1.1.1.1,2.2.2.2']", "extra_hosts", json!(["h=1.1.1.1", "h=2.2.2.2"])),
        ("extra_hosts: ['h:1.1.1.1', 'g=::1']", "extra_hosts", json!(["g=::1", "h=1.1.1.1"])),
        ("init: false", "init", json!(false)),
        ("privileged: false", "privileged", Value::Null),
        ("tty: 'true'", "tty", json!(true)),
        ("pull_policy: if_not_present", "pull_policy", json!("missing")),
        ("build: ./d", "build", json!({"context": "/p/d", "dockerfile": "Dockerfile"})),
        (
            "build: {dockerfile_inline: FROM x}",
            "build",
            json!({"context": "/p", "dockerfile_inline": "FROM x"}),
        ),
        (
            "build: {args: [A, TAG, B=1], provenance: false, ssh: [default]}",
            "build",
            json!({"context": "/p", "dockerfile": "Dockerfile", "args": {"TAG": "v1", "B": "1"}, "provenance": "false", "ssh": ["default"]}),
        ),
        (
            "build: 'https://x/y.git'",
            "build",
            json!({"context": "https://x/y.git", "dockerfile": "Dockerfile"}),
        ),
        ("deploy: {}", "deploy", json!({"resources": {}, "placement": {}})),
        (
            "deploy: {resources: {limits: {cpus: '0.5', memory: 1k}}, update_config: {delay: 0s, parallelism: 0}}",
            "deploy",
            json!({"resources": {"limits": {"cpus": 0.5, "memory": "1024"}}, "placement": {}, "update_config": {"parallelism": 0}}),
        ),
        ("scale: 2, deploy: {}", "deploy", json!({"resources": {}, "placement": {}, "replicas": 2})),
        ("gpus: all", "gpus", json!([{"count": -1}])),
        (
            "devices: ['/a', '/b:/c', '/d:/e:r']",
            "devices",
            json!([
                {"source": "/a", "target": "/a", "permissions": "rwm"},
                {"source": "/b", "target": "/c", "permissions": "rwm"},
                {"source": "/d", "target": "/e", "permissions": "r"},
            ]),
        ),
        (
            "ulimits: {nofile: 10, nproc: {soft: 1, hard: 2}}",
            "ulimits",
            json!({"nofile": 10, "nproc": {"soft": 1, "hard": 2}}),
        ),
        ("logging: {options: {a: 1, b: ~}}", "logging", json!({"options": {"a": "1", "b": ""}})),
        ("networks: []", "networks", json!({"default": null})),
        (
            "networks: {default: {priority: 5, aliases: [z]}}",
            "networks",
            json!({"default": {"priority": 5, "aliases": ["z"]}}),
        ),
        ("sysctls: {net.core.somaxconn: 1024}", "sysctls", json!({"net.core.somaxconn": "1024"})),
        (
            "develop: {watch: [{path: x, action: rebuild, ignore: a}]}",
            "develop",
            json!({"watch": [{"path": "/p/x", "action": "rebuild", "ignore": ["a"], "exec": {"command": null}}]}),
        ),
        (
            "blkio_config: {weight_device: [{path: /a, weight: 1}]}",
            "blkio_config",
            json!({"weight_device": [{"Path": "/a", "Weight": 1}]}),
        ),
    ] {
        let with_b = format!("{body}}}, b: {{image: y");
        assert_eq!(attribute(&with_b, name), expected, "{body}");
    }
}

#[test]
fn resources_get_names_and_unused_ones_are_left_out() {
    let model = load_json(&[(
        "f.yaml",
        "name: My.Proj\n\
         services: {a: {image: x, networks: [n, e], volumes: ['vv:/v', 'ww:/w'], secrets: [s], configs: [c]}}\n\
         networks: {n: {labels: [a=b]}, e: {external: true}, unused: {}}\n\
         volumes: {vv: ~, ww: {external: {name: old}}, unused: ~}\n\
         secrets: {s: {environment: TAG}}\n\
         configs: {c: {content: 'a $$b'}}\n\
         x-mine: {k: 1}\n",
    )]);
    assert_eq!(
        model,
        json!({
            "name": "myproj",
            "services": {"a": {
                "command": null, "entrypoint": null, "image": "x", "networks": {"n": null, "e": null},
                "volumes": [
                    {"type": "volume", "source": "vv", "target": "/v", "volume": {}},
                    {"type": "volume", "source": "ww", "target": "/w", "volume": {}},
                ],
                "secrets": [{"source": "s", "target": "/run/secrets/s"}],
                "configs": [{"source": "c"}],
            }},
            "networks": {"n": {"name": "myproj_n", "ipam": {}, "labels": {"a": "b"}}, "e": {"name": "e", "ipam": {}, "external": true}},
            "volumes": {"vv": {"name": "myproj_vv"}, "ww": {"name": "old", "external": true}},
            "secrets": {"s": {"name": "myproj_s", "environment": "TAG"}},
            "configs": {"c": {"name": "myproj_c", "content": "a $$b"}},
            "x-mine": {"k": 1},
        })
    );
}

#[test]
fn the_default_network_is_there_when_it_is_used() {
    let used = load_json(&[("f.yaml", "services: {a: {image: x}}")]);
    assert_eq!(used["networks"]["default"]["name"], "p_default");
    let unused =
        load_json(&[("f.yaml", "services: {a: {image: x, network_mode: host}}\nnetworks: {default: {}}")]);
    assert_eq!(unused["networks"], Value::Null);
    assert_eq!(unused["services"]["a"]["networks"], Value::Null);
}

/// Loading the canonical form again gives the same model, from JSON and from YAML.
#[test]
fn the_canonical_form_is_stable() {
    let text = "services:\n  a:\n    image: x\n    command: echo $$HOME 'it''s'\n    environment: {A: \"multi\\nline\\n\", B: 'a: b', C: ' #', D: '012', E: 'yes', F: ~}\n    \
                ports: ['8080:80', '9000-9001:90-91/udp']\n    volumes: ['vol:/v', './b:/b:ro']\n    \
                labels: {'12:30': 1, '': x, '~': '~'}\n    healthcheck: {test: [CMD, a], interval: 90s}\n    x-foo: {deep: [1, {a: ~}]}\n\
                volumes: {vol: {driver_opts: {o: 1}}}\n";
    let first = load_text(text).unwrap();
    for again in [first.to_canonical_json(), first.to_canonical_yaml()] {
        let second = load_text(&again).unwrap_or_else(|error| panic!("{error}\n{again}"));
        assert_eq!(second.to_canonical_json(), first.to_canonical_json(), "{again}");
    }
    let from_yaml = load_text(&first.to_canonical_yaml()).unwrap();
    assert_eq!(from_yaml.project.services, first.project.services);
    assert!(first.to_canonical_yaml().contains("x-foo"));
    assert!(!first.to_canonical_json().contains("x-foo"));
}

#[test]
fn yaml_is_pleasant_to_read() {
    let loaded = load_text("services: {a: {image: x, ports: [80], environment: {A: \"1\\n2\"}}}").unwrap();
    assert_eq!(
        loaded.to_canonical_yaml(),
        "name: p\nservices:\n  a:\n    image: x\n    ports:\n      - mode: ingress\n        target: 80\n        protocol: tcp\n    \
         environment:\n      A: |-\n        1\n        2\n    networks:\n      default: null\nnetworks:\n  default:\n    name: p_default\n"
    );
}

#[test]
fn long_keys_are_read_again() {
    for key in ["k".repeat(128), "k".repeat(129), "a\" ".repeat(600), "\\ é:#".repeat(300)] {
        let quoted = serde_json::to_string(&key).unwrap();
        let text = format!(
            "services:\n  a:\n    image: x\n    labels:\n      ? {quoted}\n      : v\n    x-list:\n      - ? {quoted}\n        : [1]\n"
        );
        let first = load_text(&text).unwrap();
        let yaml = first.to_canonical_yaml();
        let second = load_text(&yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
        assert_eq!(second.to_canonical_json(), first.to_canonical_json());
        assert_eq!(second.to_canonical_yaml(), yaml);
        assert_eq!(yaml.contains("      ? "), key.len() > 128, "{yaml}");
    }
}
