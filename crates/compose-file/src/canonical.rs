//! Short forms become long ones. Runs after each file, since the rules of uniqueness look at both forms.

use crate::diagnostic::{Code, Span};
use crate::limits;
use crate::merge::{into_pairs, started};
use crate::report::Report;
use crate::short::{ShortPort, ShortVolume, parse_ports, parse_volume};
use crate::tree::{Entry, Map, Node, Path, Value, put};

/// Brings the whole model into its long forms.
///
/// `raw`: variables were not replaced, and what has some in it may stay as it is.
pub(crate) fn canonicalize(root: &mut Node, raw: bool, report: &mut Report) {
    let Some(top) = root.as_map_mut() else { return };
    for (name, entry) in top.iter_mut() {
        let above = Path::ROOT.key(name);
        let Some(map) = entry.node.as_map_mut() else { continue };
        for (key, entry) in map.iter_mut() {
            let path = above.key(key);
            match name {
                "services" | "jobs" => service(&mut entry.node, raw, &path, report),
                "volumes" | "networks" | "secrets" | "configs" => external(&mut entry.node, &path, report),
                _ => {}
            }
        }
    }
}

fn service(node: &mut Node, raw: bool, path: &Path<'_>, report: &mut Report) {
    let Some(map) = node.as_map_mut() else { return };
    for (name, entry) in map.iter_mut() {
        let node = &mut entry.node;
        let here = path.key(name);
        match name {
            "build" => build(node),
            "depends_on" => depends_on(node),
            "env_file" => env_files(node, raw),
            "label_file" => one_or_more(node),
            "dns" => {
                one_or_more(node);
                if let Value::Seq(list) = &mut node.value {
                    list.retain(|item| item.as_str() != Some(""));
                }
            }
            "networks" | "models" => names(node),
            "gpus" if node.as_str().is_some() => {
                let mut all = Map::new();
                put(&mut all, "count", node.with_value(Value::Str("all".to_owned())));
                node.value = Value::Seq(vec![Node::map(all, node.span)]);
            }
            "volumes" => each(node, &here, |item, path| volume(item, raw, path, report)),
            "devices" => each(node, &here, |item, path| device(item, raw, path, report)),
            "secrets" | "configs" => each(node, &here, |item, _| file_reference(item)),
            "ports" => ports(node, raw, &here, report),
            "pre_start" => each(node, &here, |item, path| service(item, raw, path, report)),
            "triggers" => {
                for item in node.get_mut("schedule").and_then(Node::as_seq_mut).into_iter().flatten() {
                    wrap(item, "cron");
                }
            }
            "develop" => {
                for item in node.get_mut("watch").and_then(Node::as_seq_mut).into_iter().flatten() {
                    for list in ["ignore", "include"] {
                        if let Some(node) = item.get_mut(list) {
                            one_or_more(node);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn each(node: &mut Node, path: &Path<'_>, mut visit: impl FnMut(&mut Node, &Path<'_>)) {
    for (index, item) in node.as_seq_mut().into_iter().flatten().enumerate() {
        visit(item, &path.index(index));
    }
}

/// A string becomes a list of one.
fn one_or_more(node: &mut Node) {
    if node.as_str().is_some() {
        let item = node.clone();
        node.value = Value::Seq(vec![item]);
    }
}

fn build(node: &mut Node) {
    wrap(node, "context");
    for switch in ["provenance", "sbom"] {
        if let Some(node) = node.get_mut(switch)
            && let Some(text) = node.value.scalar_text()
        {
            node.value = Value::Str(text);
        }
    }
    for item in node.get_mut("secrets").and_then(Node::as_seq_mut).into_iter().flatten() {
        file_reference(item);
    }
    if let Some(contexts) = node.get_mut("additional_contexts")
        && contexts.as_seq().is_some()
    {
        let span = contexts.span;
        let mut map = Map::new();
        for item in into_pairs(contexts.take()) {
            let (key, value) = item.as_str().and_then(|text| text.split_once('=')).unwrap_or_default();
            map.insert(
                key.to_owned(),
                Entry { key: item.span, node: item.with_value(Value::Str(value.to_owned())) },
            );
        }
        *contexts = Node::map(map, span);
    }
}

fn depends_on(node: &mut Node) {
    match &mut node.value {
        Value::Seq(list) => {
            let mut map = Map::with_capacity(list.len());
            for item in std::mem::take(list) {
                if let Value::Str(name) = item.value {
                    map.insert(name, Entry { key: item.span, node: started(item.span) });
                }
            }
            node.value = Value::Map(map);
        }
        Value::Map(map) => {
            for entry in map.values_mut() {
                let span = entry.node.span;
                if let Some(map) = entry.node.as_map_mut() {
                    map.insert_missing("required", || Entry {
                        key: span,
                        node: Node::new(Value::Bool(true), span),
                    });
                }
            }
        }
        _ => {}
    }
}

fn env_files(node: &mut Node, raw: bool) {
    one_or_more(node);
    for item in node.as_seq_mut().into_iter().flatten() {
        wrap(item, "path");
        // The last step leaves it out again, and is not taken where variables were not replaced.
        if raw && let Some(map) = item.as_map_mut().filter(|map| !map.contains_key("required")) {
            put(map, "required", Node::new(Value::Bool(true), Span::NONE));
        }
    }
}

/// A string becomes a mapping with one key.
fn wrap(node: &mut Node, key: &str) {
    if node.as_str().is_some() {
        let text = node.clone();
        let mut map = Map::with_capacity(1);
        put(&mut map, key, text);
        node.value = Value::Map(map);
    }
}

fn names(node: &mut Node) {
    if let Value::Seq(list) = &mut node.value {
        let mut map = Map::with_capacity(list.len());
        for item in std::mem::take(list) {
            if let Value::Str(name) = item.value {
                map.insert(name, Entry { key: item.span, node: Node::new(Value::Null, item.span) });
            }
        }
        node.value = Value::Map(map);
    }
}

fn file_reference(node: &mut Node) {
    wrap(node, "source");
}

fn volume(node: &mut Node, raw: bool, path: &Path<'_>, report: &mut Report) {
    let Some(text) = node.as_str() else { return };
    match parse_volume(text) {
        Ok(short) => {
            for option in &short.unknown {
                report
                    .warn_at(
                        Code::NoEffect,
                        path.to_string(),
                        node.span,
                        format!("the option `{option}` has no effect"),
                    )
                    .help("options are ro, rw, nocopy, z, Z and the propagation modes");
            }
            if short.source.is_empty() && short.target.as_bytes().get(1) == Some(&b':') {
                let message = format!(
                    "`{text}` is an anonymous volume at a path of that name, not a volume of one letter"
                );
                report
                    .warn_at(Code::NoEffect, path.to_string(), node.span, message)
                    .help("one letter before a colon is taken for a Windows drive: use a longer name, or the long form");
            }
            node.value = Value::Map(long_volume(&short, node));
        }
        Err(_) if raw && text.contains('$') => {}
        Err(message) => {
            report
                .error(Code::InvalidValue, path, node, message)
                .help("write `source:target`, `source:target:ro`, or the long form with `type`");
        }
    }
}

fn long_volume(short: &ShortVolume, at: &Node) -> Map {
    let text = |text: &str| at.with_value(Value::Str(text.to_owned()));
    let mut map = Map::new();
    put(&mut map, "type", text(if short.is_bind { "bind" } else { "volume" }));
    if !short.source.is_empty() {
        put(&mut map, "source", text(&short.source));
    }
    put(&mut map, "target", text(&clean_path(&short.target)));
    if short.read_only {
        put(&mut map, "read_only", at.with_value(Value::Bool(true)));
    }
    if short.is_bind || short.propagation.is_some() || short.selinux.is_some() {
        let mut bind = Map::new();
        if let Some(selinux) = &short.selinux {
            put(&mut bind, "selinux", text(selinux));
        }
        if let Some(propagation) = &short.propagation {
            put(&mut bind, "propagation", text(propagation));
        }
        if short.is_bind {
            put(&mut bind, "create_host_path", at.with_value(Value::Bool(true)));
        }
        put(&mut map, "bind", Node::map(bind, at.span));
    }
    if short.has_volume || short.nocopy {
        let mut volume = Map::new();
        if short.nocopy {
            put(&mut volume, "nocopy", at.with_value(Value::Bool(true)));
        }
        put(&mut map, "volume", Node::map(volume, at.span));
    }
    map
}

/// A path without `.`, `..` and doubled slashes, as far as the text alone tells.
pub(crate) fn clean_path(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(part),
            },
            _ => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

fn device(node: &mut Node, raw: bool, path: &Path<'_>, report: &mut Report) {
    let Some(text) = node.as_str() else { return };
    let parts: Vec<&str> = text.split(':').collect();
    let (source, target, permissions) = match *parts.as_slice() {
        [source] => (source, source, "rwm"),
        [source, target] => (source, target, "rwm"),
        [source, target, permissions] => (source, target, permissions),
        _ if raw && text.contains('$') => return,
        _ => {
            let message = format!("`{text}` has too many colons");
            report
                .error(Code::InvalidValue, path, node, message)
                .help("use the long form with `source` and `target`");
            return;
        }
    };
    if source.is_empty() {
        report
            .error(Code::InvalidValue, path, node, format!("`{text}` names no device of the host"))
            .help("write `/dev/name`, or `/dev/host:/dev/container`");
        return;
    }
    let target = if target.is_empty() { source } else { target };
    let mut map = Map::new();
    for (key, value) in [("source", source), ("target", target), ("permissions", permissions)] {
        put(&mut map, key, node.with_value(Value::Str(value.to_owned())));
    }
    node.value = Value::Map(map);
}

fn ports(node: &mut Node, raw: bool, path: &Path<'_>, report: &mut Report) {
    let span = node.span;
    let Value::Seq(list) = &mut node.value else { return };
    let mut long = Vec::with_capacity(list.len());
    for (index, item) in std::mem::take(list).into_iter().enumerate() {
        if item.as_map().is_some() {
            long.push(item);
            continue;
        }
        let text = item.value.scalar_text().unwrap_or_default();
        match parse_ports(&text) {
            Ok(ports) => long.extend(ports.iter().map(|port| long_port(port, &item))),
            Err(_) if raw && text.contains('$') => long.push(item.clone()),
            Err(message) => {
                report.error(Code::InvalidValue, &path.index(index), &item, message).help(
                    "write `host:container`, such as \"8080:80\", \"127.0.0.1:8080:80\" or \"53:53/udp\"",
                );
            }
        }
        if long.len() > limits::PORTS {
            let message = format!("more than {} ports", limits::PORTS);
            report
                .error(Code::Limit, &path.index(index), &item, message)
                .help("publish fewer ports of one service");
            break;
        }
    }
    *node = Node::new(Value::Seq(long), span);
}

fn long_port(port: &ShortPort, at: &Node) -> Node {
    let text = |text: &str| at.with_value(Value::Str(text.to_owned()));
    let mut map = Map::with_capacity(5);
    put(&mut map, "mode", text("ingress"));
    if !port.host_ip.is_empty() {
        put(&mut map, "host_ip", text(&port.host_ip));
    }
    put(&mut map, "target", at.with_value(Value::Int(i64::from(port.target))));
    if !port.published.is_empty() {
        put(&mut map, "published", text(&port.published));
    }
    put(&mut map, "protocol", text(port.protocol));
    Node { interpolated: at.interpolated, ..Node::map(map, at.span) }
}

/// `external: {name: n}`, an old form.
fn external(node: &mut Node, path: &Path<'_>, report: &mut Report) {
    let Some(external) = node.get("external").filter(|node| node.as_map().is_some()) else { return };
    let span = external.span;
    let inner = external.get("name").cloned();
    if let Some(node) = node.get_mut("external") {
        *node = Node::new(Value::Bool(true), span);
    }
    let Some(inner) = inner else { return };
    report
        .warn_at(
            Code::Obsolete,
            path.key("external").to_string(),
            inner.span,
            "`external.name` is an old form",
        )
        .help("write `external: true` and `name` beside it");
    match node.get("name") {
        Some(name) if name.value != inner.value => {
            report
                .error(Code::Conflict, path, &inner, "`name` and `external.name` differ")
                .help("keep only `name`");
        }
        Some(_) => {}
        None => {
            if let Some(map) = node.as_map_mut() {
                put(map, "name", inner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::clean_path;

    #[test]
    fn paths_are_cleaned() {
        for (path, clean) in [
            ("/a/./b//c/", "/a/b/c"),
            ("/a/../b", "/b"),
            ("/..", "/"),
            ("a/..", "."),
            ("../a", "../a"),
            ("a/../../b", "../b"),
            ("v:/x", "v:/x"),
        ] {
            assert_eq!(clean_path(path), clean);
        }
    }
}
