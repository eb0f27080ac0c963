//! Lists in which a later entry takes the place of an earlier one with the same key.

use std::collections::HashMap;

use crate::diagnostic::Code;
use crate::report::Report;
use crate::short::parse_volume;
use crate::tree::{Node, Path, Value};

/// Gives the key of an entry; `None` leaves the entry alone.
type Key = fn(&Node) -> Option<String>;

/// Removes what is defined again, everywhere in the model where entries have keys.
pub(crate) fn enforce_unique(root: &mut Node, report: &mut Report) {
    for (top, visit) in [("services", service as Visit), ("jobs", service), ("networks", network)] {
        let Some(map) = root.get_mut(top).and_then(Node::as_map_mut) else { continue };
        let above = Path::ROOT.key(top);
        for (name, entry) in map.iter_mut() {
            visit(&mut entry.node, &above.key(name), report);
        }
    }
}

type Visit = fn(&mut Node, &Path<'_>, &mut Report);

fn network(node: &mut Node, _: &Path<'_>, _: &mut Report) {
    if let Some(labels) = node.get_mut("labels") {
        unique(labels, pair);
    }
}

fn service(node: &mut Node, path: &Path<'_>, report: &mut Report) {
    let Some(map) = node.as_map_mut() else { return };
    for (name, entry) in map.iter_mut() {
        let node = &mut entry.node;
        let here = path.key(name);
        match name {
            "annotations" | "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search" | "environment"
            | "labels" | "links" | "profiles" | "sysctls" | "tmpfs" => unique(node, pair),
            "volumes" => {
                need(node, "target", "the volume has no `target`, the path in the container", &here, report);
                unique(node, volume);
            }
            "devices" => {
                need(node, "target", "the device has no `target`, the path in the container", &here, report);
                unique(node, device);
            }
            "ports" => {
                need(node, "target", "the port has no `target`, the port of the container", &here, report);
                unique(node, port);
            }
            "env_file" => {
                need(node, "path", "the environment file has no `path`", &here, report);
                unique(node, |node| path_of(node, "path"));
            }
            "configs" => unique(node, |node| mount(node, "")),
            "secrets" => unique(node, |node| mount(node, "/run/secrets")),
            "expose" => unique(node, |node| node.value.scalar_text()),
            "build" => {
                for list in ["args", "additional_contexts", "labels", "tags"] {
                    if let Some(node) = node.get_mut(list) {
                        unique(node, pair);
                    }
                }
            }
            "deploy" => {
                if let Some(node) = node.get_mut("labels") {
                    unique(node, pair);
                }
            }
            "networks" => {
                for network in node.as_map_mut().into_iter().flat_map(|map| map.values_mut()) {
                    for list in ["aliases", "link_local_ips"] {
                        if let Some(node) = network.node.get_mut(list) {
                            unique(node, pair);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

/// Reports long forms that lack what makes them unique.
fn need(node: &Node, key: &str, message: &str, path: &Path<'_>, report: &mut Report) {
    for (index, item) in node.as_seq().unwrap_or_default().iter().enumerate() {
        if item.as_map().is_some_and(|map| !map.contains_key(key)) {
            report.error(Code::Missing, &path.index(index), item, message).help(format!("add `{key}`"));
        }
    }
}

fn unique(node: &mut Node, key: Key) {
    let Value::Seq(list) = &mut node.value else { return };
    if list.len() < 2 {
        return;
    }
    let mut known: HashMap<String, usize> = HashMap::with_capacity(list.len());
    let mut kept: Vec<Node> = Vec::with_capacity(list.len());
    for item in std::mem::take(list) {
        let Some(key) = key(&item) else {
            kept.push(item);
            continue;
        };
        match known.get(&key) {
            Some(index) => kept[*index] = item,
            None => {
                known.insert(key, kept.len());
                kept.push(item);
            }
        }
    }
    *list = kept;
}

/// The text before `=`.
fn pair(node: &Node) -> Option<String> {
    let text = node.as_str()?;
    Some(text.split_once('=').map_or(text, |(key, _)| key).to_owned())
}

fn path_of(node: &Node, key: &str) -> Option<String> {
    match &node.value {
        Value::Str(text) => Some(text.clone()),
        Value::Map(_) => node.get_str(key).map(str::to_owned),
        _ => None,
    }
}

fn volume(node: &Node) -> Option<String> {
    match &node.value {
        Value::Str(text) => parse_volume(text).ok().map(|volume| volume.target),
        _ => path_of(node, "target"),
    }
}

fn device(node: &Node) -> Option<String> {
    match &node.value {
        Value::Str(text) => {
            let mut parts = text.split(':');
            let source = parts.next();
            parts.next().or(source).map(str::to_owned)
        }
        _ => path_of(node, "target"),
    }
}

fn mount(node: &Node, below: &str) -> Option<String> {
    match &node.value {
        Value::Str(name) => Some(format!("{below}/{name}")),
        // A target that is no text is left for the check of types.
        Value::Map(_) => match node.get("target") {
            Some(target) => target.as_str().map(str::to_owned),
            None => node.get_str("source").map(|source| format!("{below}/{source}")),
        },
        _ => None,
    }
}

/// A short form is its text; a long form is address, host port, port and protocol. A host port that is a number is not
/// the same as one that is a string: a quirk of Compose.
fn port(node: &Node) -> Option<String> {
    match &node.value {
        Value::Str(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Map(_) => {
            let part = |key: &str, default: &str| match node.get(key).map(|node| &node.value) {
                None => default.to_owned(),
                Some(Value::Str(text)) => text.clone(),
                Some(value) => format!("#{}", value.scalar_text().unwrap_or_default()),
            };
            let (ip, published) = (part("host_ip", "0.0.0.0"), part("published", "-"));
            Some(format!("{ip}|{published}|{}|{}", part("target", ""), part("protocol", "tcp")))
        }
        _ => None,
    }
}
