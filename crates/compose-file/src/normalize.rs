//! What the model says without words: the default network, names, implied dependencies, variables without a value.

use crate::canonical::clean_path;
use crate::diagnostic::Span;
use crate::environment::EnvMap;
use crate::tree::{Entry, Map, Node, Value, put, workloads_mut};

/// The attributes that may name another service's namespace.
const NAMESPACES: [&str; 5] = ["network_mode", "ipc", "pid", "uts", "cgroup"];

/// Normalises the whole model.
pub(crate) fn normalize(root: &mut Node, project: &str, environment: &EnvMap) {
    let uses_default = default_networks(root);
    if uses_default && let Some(top) = root.as_map_mut() {
        if !top.contains_key("networks") {
            put(top, "networks", Node::map(Map::new(), Span::NONE));
        }
        if let Some(networks) = top.get_mut("networks").and_then(|entry| entry.node.as_map_mut())
            && !networks.contains_key("default")
        {
            put(networks, "default", Node::null());
        }
    }
    for (_, _, entry) in workloads_mut(root) {
        if let Some(map) = entry.node.as_map_mut() {
            service(map, environment);
        }
    }
    for top in ["networks", "volumes", "configs", "secrets"] {
        for (key, entry) in root.get_mut(top).and_then(Node::as_map_mut).into_iter().flatten() {
            name_resource(key, entry, project);
        }
    }
}

/// Connects services to `default`; says whether any uses it.
fn default_networks(root: &mut Node) -> bool {
    let mut used = false;
    for (_, _, entry) in workloads_mut(root) {
        let Some(service) = entry.node.as_map_mut() else { continue };
        if service.contains_key("provider") || service.contains_key("network_mode") {
            continue;
        }
        match service.get("networks").and_then(|entry| entry.node.as_map()) {
            Some(networks) if !networks.is_empty() => used |= networks.contains_key("default"),
            _ => {
                let mut networks = Map::with_capacity(1);
                put(&mut networks, "default", Node::null());
                put(service, "networks", Node::map(networks, Span::NONE));
                used = true;
            }
        }
    }
    used
}

fn service(service: &mut Map, environment: &EnvMap) {
    if let Some(policy) = service.get_mut("pull_policy").map(|entry| &mut entry.node)
        && policy.as_str() == Some("if_not_present")
    {
        policy.value = Value::Str("missing".to_owned());
    }
    if let Some(build) = service.get_mut("build").and_then(|entry| entry.node.as_map_mut()) {
        if !build.contains_key("context") {
            put(build, "context", Node::text(".", Span::NONE));
        }
        if !build.contains_key("dockerfile") && !build.contains_key("dockerfile_inline") {
            put(build, "dockerfile", Node::text("Dockerfile", Span::NONE));
        }
        if let Some(entry) = build.get_mut("args") {
            resolve(&mut entry.node, environment, false);
        }
    }
    if let Some(entry) = service.get_mut("environment") {
        resolve(&mut entry.node, environment, true);
    }
    for item in service.get_mut("volumes").and_then(|entry| entry.node.as_seq_mut()).into_iter().flatten() {
        if let Some(node) = item.get_mut("target")
            && let Some(target) = node.as_str()
        {
            node.value = Value::Str(clean_path(target));
        }
    }
    imply_dependencies(service);
    let image =
        service.get("image").map(|entry| entry.node.clone()).filter(|image| image.as_str() != Some(""));
    if let Some(image) = image {
        for hook in
            service.get_mut("pre_start").and_then(|entry| entry.node.as_seq_mut()).into_iter().flatten()
        {
            if let Some(map) = hook.as_map_mut()
                && !map.contains_key("image")
            {
                put(map, "image", image.clone());
            }
        }
    }
}

/// Gives names without a value the value of the project environment.
fn resolve(node: &mut Node, environment: &EnvMap, keep: bool) {
    match &mut node.value {
        Value::Map(map) => {
            for (key, entry) in map.iter_mut() {
                if entry.node.is_null()
                    && let Some(value) = environment.get(key)
                {
                    entry.node.value = Value::Str(value.to_owned());
                }
            }
            if !keep {
                map.retain(|_, entry| !entry.node.is_null());
            }
        }
        Value::Seq(list) => list.retain_mut(|item| {
            let Some(name) = item.as_str().filter(|text| !text.contains('=')) else { return true };
            match environment.get(name) {
                Some(value) => {
                    item.value = Value::Str(format!("{name}={value}"));
                    true
                }
                None => keep,
            }
        }),
        _ => {}
    }
}

/// `links`, `service:` namespaces and `volumes_from` need the other service.
fn imply_dependencies(service: &mut Map) {
    let mut implied: Vec<(String, bool, Span)> = Vec::new();
    let list = |service: &Map, key: &str| -> Vec<(String, Span)> {
        let list = service.get(key).and_then(|entry| entry.node.as_seq()).unwrap_or_default();
        list.iter().filter_map(|item| Some((item.as_str()?.to_owned(), item.span))).collect()
    };
    for (link, span) in list(service, "links") {
        let name = match link.split(':').collect::<Vec<_>>()[..] {
            [name, _] => name.to_owned(),
            _ => link,
        };
        implied.push((name, true, span));
    }
    for key in NAMESPACES {
        if let Some(node) = service.get(key).map(|entry| &entry.node)
            && let Some(name) = node.as_str().and_then(|text| text.strip_prefix("service:"))
        {
            implied.push((name.to_owned(), true, node.span));
        }
    }
    for (from, span) in list(service, "volumes_from") {
        if !from.starts_with("container:") {
            let name = from.split(':').next().unwrap_or_default().to_owned();
            implied.push((name, false, span));
        }
    }
    if implied.is_empty() {
        return;
    }
    if service.get("depends_on").is_none_or(|entry| entry.node.as_map().is_none()) {
        put(service, "depends_on", Node::map(Map::new(), Span::NONE));
    }
    let Some(depends_on) = service.get_mut("depends_on").and_then(|entry| entry.node.as_map_mut()) else {
        return;
    };
    for (name, restart, span) in implied {
        depends_on.insert_missing(name, || {
            let mut node = crate::merge::started(span);
            if let Some(map) = node.as_map_mut() {
                put(map, "restart", Node::new(Value::Bool(restart), span));
            }
            Entry { key: span, node }
        });
    }
}

fn name_resource(key: &str, entry: &mut Entry, project: &str) {
    if entry.node.is_null() {
        entry.node.value = Value::Map(Map::new());
    }
    let external = match entry.node.get("external").map(|node| &node.value) {
        Some(Value::Bool(value)) => *value,
        Some(Value::Str(text)) => matches!(text.as_str(), "true" | "True" | "TRUE" | "t" | "T" | "1"),
        _ => false,
    };
    let Some(map) = entry.node.as_map_mut() else { return };
    if map.get("name").is_none_or(|entry| entry.node.is_null()) {
        let name = if external { key.to_owned() } else { format!("{project}_{key}") };
        put(map, "name", Node::text(name, Span::NONE));
    }
}
