//! Checks a tree against the tables.

use std::collections::HashSet;

use super::shape::{BOOL, Fields, INT, List, NULL, NUM, Rule, STR, Shape};
use super::suggest;
use crate::diagnostic::Code;
use crate::report::Report;
use crate::tree::{Map, Node, Path, Value, identity};

/// Reports everything in `node` that its shape does not allow.
pub(crate) fn validate(node: &Node, shape: &Shape, path: &Path<'_>, report: &mut Report) {
    if report.raw && node.as_str().is_some_and(|text| text.contains('$')) {
        return;
    }
    match &node.value {
        Value::Map(map) => match shape.fields {
            Some(fields) => validate_map(node, map, fields, path, report),
            None => wrong_type(node, shape, path, report),
        },
        Value::Seq(list) => match shape.list {
            Some(of) => validate_list(list, of, path, report),
            None => wrong_type(node, shape, path, report),
        },
        scalar => {
            let kind = match scalar {
                Value::Null => NULL,
                Value::Bool(_) => BOOL,
                Value::Str(_) => STR,
                Value::Float(value) if value.fract() != 0.0 => NUM & !INT,
                _ => INT,
            };
            if shape.scalars & kind == 0 {
                wrong_type(node, shape, path, report);
            } else {
                check_rule(node, shape, path, report);
            }
        }
    }
}

fn wrong_type(node: &Node, shape: &Shape, path: &Path<'_>, report: &mut Report) {
    let found = node.value.kind();
    let is_duration = shape.expected.starts_with("a duration");
    let help = match &node.value {
        Value::Int(number) if is_duration => Some(format!("write it with a unit: \"{number}s\"")),
        Value::Bool(_) if matches!(*path.parts(), ["services", _, "restart"]) => {
            Some("use always, unless-stopped, on-failure or \"no\"".to_owned())
        }
        Value::Float(_) if shape.scalars & INT != 0 && shape.scalars & NUM == INT => {
            let message = format!("expected {}, found a fraction", shape.expected);
            report.error(Code::InvalidValue, path, node, message);
            return;
        }
        value @ (Value::Int(_) | Value::Uint(_) | Value::Float(_) | Value::Bool(_))
            if shape.scalars & STR != 0 =>
        {
            Some(format!("write it in quotes: \"{}\"", value.scalar_text().unwrap_or_default()))
        }
        Value::Null if shape.scalars & NULL == 0 => Some("give it a value, or remove the key".to_owned()),
        Value::Str(_) if matches!(*path.parts(), ["services", _]) => {
            Some("write its attributes on the lines below, indented: `image: NAME` to begin with".to_owned())
        }
        Value::Str(_) | Value::Int(_) | Value::Uint(_) if shape.list.is_some() => {
            Some("write it on the next line after a `- `, as every item of a list".to_owned())
        }
        Value::Seq(_) if shape.fields.is_some() => {
            Some("take away the `-`: this takes `key: value`".to_owned())
        }
        Value::Map(_) => map_advice(path, shape),
        _ => None,
    };
    let expected = if shape.expected == "a mapping" { "a mapping (`key: value`)" } else { shape.expected };
    let message = format!("expected {expected}, found {found}");
    report.error(Code::InvalidValue, path, node, message).maybe_help(help);
}

/// What to do about a mapping where there cannot be one.
fn map_advice(path: &Path<'_>, shape: &Shape) -> Option<String> {
    let help = match *path.parts() {
        [.., list, "[]"] if PAIR_LISTS.contains(&list) => {
            "in a list write `NAME=value`; or take away the `-` of every line and keep `NAME: value`"
        }
        [.., "[]"] if shape.scalars & STR != 0 => "put the item in quotes, since it contains `: `",
        _ if shape.list.is_some() => "begin each item with `- `",
        _ if shape.scalars & STR != 0 => "write one value on the line of the key",
        _ => return None,
    };
    Some(help.to_owned())
}

/// Attributes that are a mapping or a list of `NAME=value`.
const PAIR_LISTS: [&str; 8] =
    ["environment", "labels", "args", "annotations", "sysctls", "extra_hosts", "additional_contexts", "ssh"];

fn check_rule(node: &Node, shape: &Shape, path: &Path<'_>, report: &mut Report) {
    match (shape.rule, &node.value) {
        (Rule::OneOf(words), Value::Str(text)) if !words.contains(&text.as_str()) => {
            let help = suggest(text, words.iter().copied())
                .map(|word| format!("did you mean `{word}`?"))
                .or_else(|| (words.len() < 8).then(|| format!("use one of: {}", words.join(", "))));
            let message = format!("`{}` is not {}", short(text), article(shape.expected));
            report.error(Code::InvalidValue, path, node, message).maybe_help(help);
        }
        (Rule::Range(low, high), Value::Int(number)) if *number < low || *number > high => {
            let message = format!("expected {}, found {number}", shape.expected);
            report.error(Code::InvalidValue, path, node, message);
        }
        (Rule::Text(test, expected), Value::Str(text)) if !test(text) => {
            let message = format!("`{}` is not {}", short(text), shape.expected);
            report.error(Code::InvalidValue, path, node, message).help(format!("use {expected}"));
        }
        _ => {}
    }
}

fn looks_like_service(map: &Map, key: &str) -> bool {
    map.get(key)
        .is_some_and(|entry| ["image", "build"].iter().any(|attribute| entry.node.get(attribute).is_some()))
}

/// A list of words reads better without an article.
fn article(expected: &str) -> String {
    if expected.starts_with('`') { format!("one of {expected}") } else { expected.to_owned() }
}

/// A text that goes into a message.
fn short(text: &str) -> String {
    if text.chars().count() <= 60 {
        text.to_owned()
    } else {
        text.chars().take(57).collect::<String>() + "..."
    }
}

fn validate_map(node: &Node, map: &Map, fields: &'static Fields, path: &Path<'_>, report: &mut Report) {
    for (key, entry) in map {
        let here = path.key(key);
        if let Some(field) = fields.find(key) {
            validate(&entry.node, field.shape, &here, report);
        } else if fields.extensions && key.starts_with("x-") {
            // Anything goes.
        } else if let Some((shape, _)) = fields.other {
            if (fields.key)(key) {
                validate(&entry.node, shape, &here, report);
            } else {
                let message = format!("`{}` cannot be a name", short(key));
                report
                    .error_at(Code::InvalidValue, here.to_string(), entry.key, message)
                    .help("use letters, digits, `.`, `_` and `-`");
            }
        } else {
            unknown(key, entry.key, map, fields, path, report);
        }
    }
    for required in fields.required {
        if !map.contains_key(required) {
            let message = format!("`{required}` is missing");
            report.error(Code::Missing, path, node, message).maybe_help(
                (*required == "condition").then(|| "add `condition: service_started`".to_owned()),
            );
        }
    }
}

fn unknown(
    key: &str,
    span: crate::diagnostic::Span,
    map: &Map,
    fields: &'static Fields,
    path: &Path<'_>,
    report: &mut Report,
) {
    let help = match key {
        "services" | "networks" | "volumes" | "secrets" | "configs" if path.depth() > 0 => {
            Some(format!("`{key}` belongs to the top level: check the indentation"))
        }
        "links" | "image" | "ports" | "build" | "command" | "environment" if path.depth() == 0 => {
            Some("this belongs to a service: put it below `services:` and the service's name".to_owned())
        }
        _ if path.depth() == 0 && looks_like_service(map, key) => {
            Some("if this is a service, put it below `services:`".to_owned())
        }
        _ if let ["services", top @ ("networks" | "volumes" | "secrets" | "configs")] = *path.parts() => {
            Some(format!(
                "`{top}` is read as a service here: if the top-level `{top}:` was meant, do not indent it"
            ))
        }
        "cmd" | "command" if matches!(*path.parts(), [.., "healthcheck"]) => Some("use `test`".to_owned()),
        "replicas" if path.depth() == 2 => Some("use `scale`, or `replicas` below `deploy`".to_owned()),
        "name" if path.depth() == 2 => Some("use `container_name`".to_owned()),
        "memory" | "mem" if path.depth() == 2 => Some("use `mem_limit`".to_owned()),
        "net" => Some("use `network_mode`".to_owned()),
        "log_driver" | "log_opt" => Some("use `logging` with `driver` and `options`".to_owned()),
        "dockerfile" => Some("put it below `build`".to_owned()),
        "volume_driver" => Some("give the volume a `driver` in the top-level `volumes`".to_owned()),
        _ => {
            // What is there already was not meant again.
            let free = fields.known.iter().map(|field| field.name).filter(|name| !map.contains_key(name));
            suggest(key, free).map(|name| format!("did you mean `{name}`?")).or_else(|| {
                let known = fields.known.iter().map(|field| field.name);
                suggest(key, known).map(|name| format!("did you mean `{name}`, which is given already?"))
            })
        }
    };
    let what = match *path.parts() {
        [] => "a top-level element".to_owned(),
        ["services", _] => "an attribute of a service".to_owned(),
        [.., list, "[]"] => format!("an attribute of an entry of `{list}`"),
        [.., last] => format!("an attribute of `{last}`"),
    };
    let message = format!("`{}` is not {what}", short(key));
    report.error_at(Code::UnknownAttribute, path.key(key).to_string(), span, message).maybe_help(
        help.or_else(|| {
            let own = if fields.extensions { " (a note of your own must begin with `x-`)" } else { "" };
            Some(format!("check the name, or remove it{own}"))
        }),
    );
}

fn validate_list(list: &[Node], of: &'static List, path: &Path<'_>, report: &mut Report) {
    for (index, item) in list.iter().enumerate() {
        validate(item, of.item, &path.index(index), report);
    }
    if !of.unique || list.len() < 2 {
        return;
    }
    let mut seen = HashSet::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        if !seen.insert(identity(item)) {
            report
                .error(Code::Conflict, &path.index(index), item, "the list has this item twice")
                .help("remove one of the two");
        }
    }
}
