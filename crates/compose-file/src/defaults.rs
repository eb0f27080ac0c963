//! Defaults, and the rules that look at single elements, once all files are merged.

use std::net::IpAddr;

use crate::diagnostic::{Code, Span};
use crate::report::Report;
use crate::tree::{Map, Node, Path, Value, put, workloads_mut};

/// Fills in defaults.
pub(crate) fn set_defaults(root: &mut Node) {
    for (_, _, entry) in workloads_mut(root) {
        let Some(service) = entry.node.as_map_mut() else { continue };
        for (name, entry) in service.iter_mut() {
            let node = &mut entry.node;
            match name {
                "build" => {
                    if let Some(map) = node.as_map_mut() {
                        missing_text(map, "context", ".");
                    }
                }
                "secrets" => {
                    for item in node.as_seq_mut().into_iter().flatten() {
                        let target = format!("/run/secrets/{}", item.get_str("source").unwrap_or_default());
                        if let Some(map) = item.as_map_mut() {
                            missing_text(map, "target", &target);
                        }
                    }
                }
                "ports" => {
                    for map in node.as_seq_mut().into_iter().flatten().filter_map(Node::as_map_mut) {
                        missing_text(map, "protocol", "tcp");
                        missing_text(map, "mode", "ingress");
                    }
                }
                "gpus" => device_requests(node),
                "deploy" => {
                    let devices = node
                        .get_mut("resources")
                        .and_then(|node| node.get_mut("reservations"))
                        .and_then(|node| node.get_mut("devices"));
                    if let Some(node) = devices {
                        device_requests(node);
                    }
                }
                _ => {}
            }
        }
    }
}

fn device_requests(node: &mut Node) {
    for map in node.as_seq_mut().into_iter().flatten().filter_map(Node::as_map_mut) {
        if !map.contains_key("count") && !map.contains_key("device_ids") {
            missing_text(map, "count", "all");
        }
    }
}

fn missing_text(map: &mut Map, key: &str, text: &str) {
    if !map.contains_key(key) {
        put(map, key, Node::text(text, Span::NONE));
    }
}

/// Reports what breaks a rule on its own, without looking at the rest of the project.
pub(crate) fn check_rules(root: &Node, report: &mut Report) {
    for (top, visit) in [
        ("volumes", volume as Visit),
        ("configs", |node, path, report| {
            file_object(node, path, &["file", "environment", "content"], report);
        }),
        ("secrets", |node, path, report| file_object(node, path, &["file", "environment"], report)),
        ("services", service),
        ("jobs", service),
    ] {
        let above = Path::ROOT.key(top);
        for (name, entry) in root.get(top).and_then(Node::as_map).into_iter().flatten() {
            visit(&entry.node, &above.key(name), report);
        }
    }
}

type Visit = fn(&Node, &Path<'_>, &mut Report);

/// What exists already has no attributes to give it.
fn volume(node: &Node, path: &Path<'_>, report: &mut Report) {
    if node.get("external").and_then(Node::as_bool) != Some(true) {
        return;
    }
    for (key, entry) in node.as_map().into_iter().flatten() {
        if !matches!(key, "name" | "external") && !key.starts_with("x-") {
            let message = format!("an external volume cannot have `{key}`");
            report
                .error_at(Code::Conflict, path.key(key).to_string(), entry.key, message)
                .help("it exists already; remove `external` or this");
        }
    }
}

fn file_object(node: &Node, path: &Path<'_>, keys: &[&str], report: &mut Report) {
    let given: Vec<&str> = keys.iter().copied().filter(|key| node.get(key).is_some()).collect();
    let all = keys.join("`, `");
    if given.len() > 1 {
        let message = format!("`{}` exclude each other", given.join("` and `"));
        report.error(Code::Conflict, path, node, message).help("keep one of them");
    } else if given.is_empty() && node.get("driver").is_none() && node.get("external").is_none() {
        report
            .error(Code::Missing, path, node, format!("one of `{all}` is missing"))
            .help("say where the content comes from, or write `external: true`");
    }
}

fn service(node: &Node, path: &Path<'_>, report: &mut Report) {
    if let Some(ports) = node.get("ports").and_then(Node::as_seq) {
        let here = path.key("ports");
        for (index, item) in ports.iter().enumerate() {
            let item_path = here.index(index);
            if let Some(node) = item.get("target")
                && !is_port(&node.value)
            {
                let message = "expected a container port from 1 to 65535";
                report.error(Code::InvalidValue, &item_path.key("target"), node, message);
            }
            if let Some(node) = item.get("published")
                && !is_published(&node.value)
            {
                let message = "expected a host port from 0 to 65535, or a range such as `3000-3005`";
                report.error(Code::InvalidValue, &item_path.key("published"), node, message);
            }
            if let Some(ip) = item.get("host_ip")
                && let Some(text) = ip.as_str()
                && text.parse::<IpAddr>().is_err()
            {
                let message = format!("`{text}` is not an IP address");
                report.error(Code::InvalidValue, &here.index(index).key("host_ip"), ip, message);
            }
        }
    }
    if let Some(develop) = node.get("develop") {
        let here = path.key("develop");
        let here = here.key("watch");
        let watches = develop.get("watch").and_then(Node::as_seq).unwrap_or_default();
        for (index, item) in watches.iter().enumerate() {
            if item.get_str("path") == Some("") {
                report.error(Code::Missing, &here.index(index), item, "`path` is empty");
            }
        }
    }
    let here = path.key("gpus");
    requests(node.get("gpus"), &here, report);
    let reservations =
        node.get("deploy").and_then(|node| node.get("resources")).and_then(|node| node.get("reservations"));
    let here = path.key("deploy");
    let here = here.key("resources");
    let here = here.key("reservations");
    let here = here.key("devices");
    requests(reservations.and_then(|node| node.get("devices")), &here, report);
}

fn is_port(value: &Value) -> bool {
    match value {
        Value::Int(number) => (0..=65535).contains(number),
        Value::Str(text) => text.contains('$') || text.parse::<u16>().is_ok(),
        _ => false,
    }
}

fn is_published(value: &Value) -> bool {
    match value {
        Value::Str(text) if text.is_empty() || text.contains('$') => true,
        Value::Str(text) => {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            match (first.parse::<u16>(), last.parse::<u16>()) {
                (Ok(first), Ok(last)) => first <= last,
                _ => false,
            }
        }
        other => is_port(other),
    }
}

fn requests(node: Option<&Node>, path: &Path<'_>, report: &mut Report) {
    for (index, item) in node.and_then(Node::as_seq).unwrap_or_default().iter().enumerate() {
        if item.get("count").is_some() && item.get("device_ids").is_some() {
            report
                .error(
                    Code::Conflict,
                    &path.index(index),
                    item,
                    "`count` and `device_ids` exclude each other",
                )
                .help("keep one of them");
        }
    }
}
