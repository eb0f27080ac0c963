//! The last step to the canonical model: every value gets its final type, and what says nothing is left out.

mod value;

use crate::diagnostic::{Code, Span};
use crate::report::Report;
use crate::schema::{CONFIG, Fields, Form, JOB, MODEL, NETWORK, SECRET, SERVICE, Shape, VOLUME};
use crate::tree::{Entry, Map, Node, Path, Tag, Value, put};

/// Whether a value stays in the canonical model.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Yes,
    No,
}

/// Binds the whole model. Mistakes go to the report.
pub(crate) fn bind(root: &mut Node, report: &mut Report) {
    let Some(top) = root.as_map_mut() else { return };
    top.retain(|name, _| !matches!(name, "version" | "include"));
    for (name, entry) in top.iter_mut() {
        let shape = match name {
            "services" => &SERVICE,
            "jobs" => &JOB,
            "networks" => &NETWORK,
            "volumes" => &VOLUME,
            "secrets" => &SECRET,
            "configs" => &CONFIG,
            "models" => &MODEL,
            _ => continue,
        };
        let above = Path::ROOT.key(name);
        for (key, entry) in entry.node.as_map_mut().into_iter().flatten() {
            // A resource without attributes is still a resource.
            if entry.node.is_null() {
                entry.node.value = Value::Map(Map::new());
            }
            structure(&mut entry.node, shape, &above.key(key), report);
        }
    }
}

/// Binds a mapping with known keys. Extensions are marked, so that writers can tell them from names.
fn structure(node: &mut Node, shape: &Shape, path: &Path<'_>, report: &mut Report) {
    let Some(fields) = shape.fields else { return };
    let Some(map) = node.as_map_mut() else { return };
    let mut dropped = false;
    for (key, entry) in map.iter_mut() {
        if let Some(field) = fields.find(key) {
            let here = path.key(key);
            if form(&mut entry.node, field.form, field.shape, &here, report) == Keep::No {
                entry.node.tag = Tag::Reset;
                dropped = true;
            }
        } else if fields.extensions && key.starts_with("x-") {
            entry.node.tag = Tag::Extension;
        }
    }
    if dropped {
        map.retain(|_, entry| entry.node.tag != Tag::Reset);
    }
    for field in fields.known {
        if field.form == Form::Always && !map.contains_key(field.name) {
            let mut empty = Node::map(Map::new(), Span::NONE);
            structure(&mut empty, field.shape, path, report);
            put(map, field.name, empty);
        }
        // Command lines are printed even where the file gives none; a hook has the one.
        let printed =
            field.form == Form::Words && (field.name == "command" || fields.find("per_replica").is_none());
        if printed && !map.contains_key(field.name) {
            put(map, field.name, Node::null());
        }
    }
}

fn form(node: &mut Node, form: Form, shape: &Shape, path: &Path<'_>, report: &mut Report) -> Keep {
    match form {
        Form::Raw => Keep::Yes,
        Form::Gone => Keep::No,
        Form::Text => text(node),
        Form::Flag | Form::OptFlag | Form::OptOut => flag(node, form, path, report),
        Form::Int | Form::OptInt | Form::Float | Form::Bytes | Form::OptBytes | Form::Mode | Form::Count => {
            value::number(node, form, path, report)
        }
        Form::Duration | Form::OptDuration => value::duration(node, form, path, report),
        Form::Words => {
            value::words(node, path, report);
            Keep::Yes
        }
        Form::Texts => value::texts(node),
        Form::Mapping | Form::Variables | Form::Options => value::mapping(node, form, path, report),
        Form::MultiOptions => value::multi_options(node),
        Form::Hosts => value::hosts(node, path, report),
        Form::Test => value::test(node, path, report),
        Form::Ssh => value::ssh(node, path, report),
        Form::Ulimit => Keep::Yes,
        Form::Struct | Form::Always => {
            if node.is_null() {
                return Keep::No;
            }
            structure(node, shape, path, report);
            Keep::Yes
        }
        Form::Structs => structures(node, shape, path, report),
        Form::Named => named(node, shape.fields, path, report),
    }
}

fn text(node: &mut Node) -> Keep {
    match node.value.scalar_text() {
        Some(text) if text.is_empty() => Keep::No,
        Some(text) => {
            node.value = Value::Str(text);
            Keep::Yes
        }
        None => Keep::Yes,
    }
}

fn flag(node: &mut Node, form: Form, path: &Path<'_>, report: &mut Report) -> Keep {
    let value = match &node.value {
        Value::Bool(value) => *value,
        Value::Str(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "y" | "yes" | "on" => true,
            "false" | "n" | "no" | "off" => false,
            _ => {
                let message = format!("expected a boolean, found `{text}`");
                report.error(Code::InvalidValue, path, node, message).help("write `true` or `false`");
                return Keep::No;
            }
        },
        _ => return Keep::No,
    };
    node.value = Value::Bool(value);
    let keep = match form {
        Form::Flag => value,
        Form::OptOut => !value,
        _ => true,
    };
    if keep { Keep::Yes } else { Keep::No }
}

fn structures(node: &mut Node, shape: &Shape, path: &Path<'_>, report: &mut Report) -> Keep {
    let Some(item_shape) = shape.list.map(|list| list.item) else { return Keep::Yes };
    let Value::Seq(list) = &mut node.value else { return Keep::No };
    for (index, item) in list.iter_mut().enumerate() {
        structure(item, item_shape, &path.index(index), report);
    }
    if list.is_empty() { Keep::No } else { Keep::Yes }
}

fn named(node: &mut Node, fields: Option<&'static Fields>, path: &Path<'_>, report: &mut Report) -> Keep {
    let Some((shape, item_form)) = fields.and_then(|fields| fields.other) else { return Keep::Yes };
    let Value::Map(map) = &mut node.value else { return Keep::No };
    for (key, Entry { node, .. }) in map.iter_mut() {
        let here = path.key(key);
        if item_form == Form::Ulimit {
            value::ulimit(node, &here, report);
        } else {
            structure(node, shape, &here, report);
        }
    }
    if map.is_empty() { Keep::No } else { Keep::Yes }
}
