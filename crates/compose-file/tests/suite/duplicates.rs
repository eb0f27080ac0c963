//! Items that are there twice: what is refused, what replaces what, and what is kept, in one file and over two. The
//! outcomes are those of Docker Compose 5.5 and 5.6, but where a comment says otherwise.

use serde_json::{Value, json};

use super::{errors, load_files};

const REST: &str = "  b: {image: y}\nvolumes: {vv: {}}\nnetworks: {n: {}}\nsecrets: {s: {file: e}}\n";

/// What a service says in the end after a first file and, where there is one, a second.
#[track_caller]
fn attribute(name: &str, first: &str, second: Option<&str>) -> Value {
    let first = format!("services:\n  a: {{image: x, {first}}}\n{REST}");
    let second = second.map(|body| format!("services:\n  a: {{{body}}}\n"));
    let mut files = vec![("f1.yaml", first.as_str()), ("e", "E=1\n")];
    files.extend(second.as_deref().map(|text| ("f2.yaml", text)));
    let loaded = load_files(&files).unwrap_or_else(|error| panic!("{error}\n{files:#?}"));
    let model: Value = serde_json::from_str(&loaded.to_canonical_json()).unwrap();
    let mut value = &model["services"]["a"];
    for part in name.split('.') {
        value = &value[part];
    }
    value.clone()
}

/// The number of items that are left of a list.
#[track_caller]
fn count(name: &str, first: &str, second: Option<&str>) -> usize {
    match attribute(name, first, second) {
        Value::Array(list) => list.len(),
        Value::Object(map) => map.len(),
        other => panic!("{name}: {first}: {other}"),
    }
}

#[test]
fn lists_in_which_an_equal_item_is_a_mistake() {
    for body in [
        "security_opt: [a, a]",
        "group_add: [1, 1]",
        "volumes_from: [b, b]",
        "external_links: [q, q]",
        "device_cgroup_rules: [a, a]",
        "depends_on: [b, b]",
        "networks: [n, n]",
        "extra_hosts: ['a:1.1.1.1', 'a:1.1.1.1']",
    ] {
        let found = errors(&format!("services:\n  a: {{image: x, {body}}}\n{REST}"));
        assert!(found.contains("the list has this item twice (remove one of the two)"), "{body}: {found}");
        assert_eq!(found.lines().count(), 1, "{body}: {found}");
    }
}

#[test]
fn items_of_one_file_that_replace_each_other() {
    for (body, name, left) in [
        ("ports: ['80:80', '80:80']", "ports", 1),
        ("ports: ['80:80', '80:80/tcp']", "ports", 1),
        ("ports: [80, 80]", "ports", 1),
        ("ports: ['80:80', {target: 80, published: '80'}]", "ports", 1),
        ("ports: [{target: 80, published: '80'}, {target: 80, published: '80'}]", "ports", 1),
        ("ports: ['80-81:80-81', '80:80']", "ports", 2),
        ("expose: [80, 80]", "expose", 1),
        ("cap_add: [A, A]", "cap_add", 1),
        ("dns: [1.1.1.1, 1.1.1.1]", "dns", 1),
        ("tmpfs: [/a, /a]", "tmpfs", 1),
        ("volumes: ['vv:/a', 'vv:/a']", "volumes", 1),
        ("devices: ['/a:/b', '/c:/b']", "devices", 1),
        ("links: [b, b]", "links", 1),
        ("environment: [A=1, A=2]", "environment", 1),
        ("build: {context: ., tags: [a, a]}", "build.tags", 1),
        // Lists without keys keep what is written.
        ("command: [a, a]", "command", 2),
        ("build: {context: ., cache_from: [a, a]}", "build.cache_from", 2),
        ("build: {context: ., platforms: [a, a]}", "build.platforms", 2),
        ("post_start: [{command: a}, {command: a}]", "post_start", 2),
        ("gpus: [{count: 1}, {count: 1}]", "gpus", 2),
        ("label_file: [e, e]", "label_file", 2),
    ] {
        assert_eq!(count(name, body, None), left, "{body}");
    }
    // A number and a text are different to the rules. Docker Compose 5.5 refuses this list, 5.6 takes it.
    let ports =
        attribute("ports", "ports: [{target: 80, published: '80'}, {target: 80, published: 80}]", None);
    assert_eq!(ports[0], ports[1]);
}

/// An item of a later file that is in the list already is not added again, whatever the list.
#[test]
fn equal_items_of_a_later_file_are_dropped() {
    for (name, first, second, left) in [
        ("security_opt", "security_opt: [a]", "security_opt: [a, b]", 2),
        ("group_add", "group_add: [1]", "group_add: [1]", 1),
        ("volumes_from", "volumes_from: [b]", "volumes_from: [b]", 1),
        ("external_links", "external_links: [q]", "external_links: [q]", 1),
        ("device_cgroup_rules", "device_cgroup_rules: [a]", "device_cgroup_rules: [a]", 1),
        ("build.cache_from", "build: {context: ., cache_from: [a, b]}", "build: {cache_from: [b, c]}", 3),
        ("build.cache_from", "build: {context: ., cache_from: [a, a]}", "build: {cache_from: [a, c]}", 3),
        ("build.platforms", "build: {context: ., platforms: [p]}", "build: {platforms: [p]}", 1),
        ("build.entitlements", "build: {context: ., entitlements: [a]}", "build: {entitlements: [a]}", 1),
        ("post_start", "post_start: [{command: a}]", "post_start: [{command: a}]", 1),
        ("pre_stop", "pre_stop: [{command: a}]", "pre_stop: [{command: b}]", 2),
        ("gpus", "gpus: [{count: 1}]", "gpus: [{count: 1}]", 1),
        ("label_file", "label_file: e", "label_file: e", 1),
        ("label_file", "label_file: [e, e]", "label_file: e", 2),
        ("ports", "ports: ['80:80']", "ports: ['80:80']", 1),
        ("ports", "ports: ['80:80']", "ports: ['80:80/tcp']", 1),
        ("ports", "ports: [80]", "ports: ['80']", 1),
        ("expose", "expose: [80]", "expose: ['80']", 1),
        (
            "develop.watch",
            "develop: {watch: [{path: a, action: rebuild}]}",
            "develop: {watch: [{path: a, action: rebuild}]}",
            1,
        ),
        (
            "deploy.placement.constraints",
            "deploy: {placement: {constraints: [a]}}",
            "deploy: {placement: {constraints: [a]}}",
            1,
        ),
    ] {
        assert_eq!(count(name, first, Some(second)), left, "{first} / {second}");
    }
    assert_eq!(attribute("command", "command: [a]", Some("command: [a]")), json!(["a"]));
}
