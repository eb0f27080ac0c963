//! Scalars, lists and mappings in their final types.

use super::Keep;
use crate::diagnostic::Code;
use crate::merge::into_pairs;
use crate::model::{format_duration, parse_duration};
use crate::report::Report;
use crate::schema::Form;
use crate::short::{parse_size, split_words};
use crate::tree::{Entry, Map, Node, Path, Value, parse_float, shortest_f32};

/// A number in one of its forms.
pub(super) fn number(node: &mut Node, form: Form, path: &Path<'_>, report: &mut Report) -> Keep {
    if node.is_null() {
        return Keep::No;
    }
    let expected = match form {
        Form::Bytes | Form::OptBytes => "a size such as `512m`",
        Form::Mode => "an octal mode such as \"0440\"",
        Form::Count => "`all` or a number",
        Form::Float => "a number",
        _ => "a whole number",
    };
    let value = match form {
        Form::Float => float(&node.value).map(Value::Float),
        Form::Bytes | Form::OptBytes => match &node.value {
            Value::Str(text) => parse_size(text),
            value => whole(value),
        }
        .map(|bytes| Value::Str(bytes.to_string())),
        Form::Mode => match &node.value {
            Value::Str(text) => i64::from_str_radix(text, 8).ok(),
            value => whole(value),
        }
        .filter(|mode| (0..=0o7777).contains(mode))
        .map(|mode| Value::Str(format!("0{mode:o}"))),
        Form::Count => match &node.value {
            Value::Str(text) if text.eq_ignore_ascii_case("all") => Some(-1),
            value => whole(value),
        }
        .map(Value::Int),
        _ => whole(&node.value).map(Value::Int),
    };
    let Some(value) = value else {
        let found = node.value.scalar_text().unwrap_or_default();
        let message = if matches!(node.value, Value::Int(_) | Value::Uint(_) | Value::Float(_)) {
            format!("expected {expected}, and {found} is too large or too small for one")
        } else {
            format!("expected {expected}, found `{found}`")
        };
        let help = match form {
            Form::Bytes | Form::OptBytes => {
                Some("write a number and one of the units b, k, m, g, such as `512m` or `1.5g`")
            }
            Form::Mode => Some("write the digits of chmod, such as \"0440\""),
            _ => None,
        };
        report.error(Code::InvalidValue, path, node, message).maybe_help(help.map(str::to_owned));
        return Keep::No;
    };
    let zero = match &value {
        Value::Int(number) => *number == 0,
        Value::Float(number) => *number == 0.0,
        Value::Str(text) => text == "0",
        _ => false,
    };
    node.value = value;
    if zero && matches!(form, Form::Int | Form::Float | Form::Bytes | Form::Count) {
        Keep::No
    } else {
        Keep::Yes
    }
}

/// A whole number; the fraction of a float is dropped, as Compose does.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range is checked, and the fraction is dropped"
        )]
        Value::Float(number) => (number.abs() < 9.2e18).then_some(*number as i64),
        Value::Str(text) => {
            text.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(text).parse().ok()
        }
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "the canonical form has 32 bits")]
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Uint(number) => *number as f64,
        Value::Float(number) => *number,
        Value::Str(text) => parse_float(text)?,
        _ => return None,
    };
    // What 32 bits cannot hold becomes infinite, and no number that a file can hold.
    Some(shortest_f32(number)).filter(|number| number.is_finite())
}

/// A duration as Go writes it.
pub(super) fn duration(node: &mut Node, form: Form, path: &Path<'_>, report: &mut Report) -> Keep {
    let Some(text) = node.as_str() else { return Keep::No };
    match parse_duration(text) {
        Ok(duration) => {
            node.value = Value::Str(format_duration(duration));
            if form == Form::Duration && duration.is_zero() { Keep::No } else { Keep::Yes }
        }
        Err(error) => {
            report.error(Code::InvalidValue, path, node, error.to_string());
            Keep::No
        }
    }
}

/// A command line.
pub(super) fn words(node: &mut Node, path: &Path<'_>, report: &mut Report) {
    let Some(line) = node.as_str() else { return };
    let Some((words, cut)) = split_words(line) else {
        report
            .error(Code::InvalidValue, path, node, "quotes or brackets are not closed")
            .help("for a shell, write [\"sh\", \"-c\", \"...\"]");
        return;
    };
    if let Some(cut) = cut {
        let message = format!("everything from `{cut}` on has no effect: no shell runs this line");
        report
            .warn_at(Code::NoEffect, path.to_string(), node.span, message)
            .help("write [\"sh\", \"-c\", \"...\"] to run it in a shell");
    }
    let list = words.into_iter().map(|word| node.with_value(Value::Str(word))).collect();
    node.value = Value::Seq(list);
}

/// A list of strings.
pub(super) fn texts(node: &mut Node) -> Keep {
    match &mut node.value {
        Value::Seq(list) => {
            for item in list.iter_mut() {
                if let Some(text) = item.value.scalar_text() {
                    item.value = Value::Str(text);
                }
            }
            if list.is_empty() { Keep::No } else { Keep::Yes }
        }
        Value::Str(_) => {
            let item = node.clone();
            node.value = Value::Seq(vec![item]);
            Keep::Yes
        }
        _ => Keep::No,
    }
}

/// A mapping to strings.
pub(super) fn mapping(node: &mut Node, form: Form, path: &Path<'_>, report: &mut Report) -> Keep {
    let missing = if form == Form::Variables { Value::Null } else { Value::Str(String::new()) };
    match &mut node.value {
        Value::Map(map) => {
            for entry in map.values_mut() {
                let node = &mut entry.node;
                node.value = match &node.value {
                    Value::Null => missing.clone(),
                    value => value.scalar_text().map_or(Value::Null, Value::Str),
                };
            }
        }
        Value::Seq(list) => {
            let mut map = Map::with_capacity(list.len());
            for (index, item) in std::mem::take(list).into_iter().enumerate() {
                let Value::Str(text) = &item.value else { continue };
                let (key, value) = match text.split_once('=') {
                    Some((key, value)) => (key.to_owned(), Value::Str(value.to_owned())),
                    None => (text.clone(), missing.clone()),
                };
                if form == Form::Variables && key.ends_with(char::is_whitespace) {
                    report
                        .error(
                            Code::InvalidValue,
                            &path.index(index),
                            &item,
                            format!("the name `{key}` ends with a space"),
                        )
                        .help("write `NAME=value` without spaces round the `=`");
                }
                map.insert(key, Entry { key: item.span, node: item.with_value(value) });
            }
            node.value = Value::Map(map);
        }
        _ => return Keep::No,
    }
    if node.as_map().is_some_and(Map::is_empty) { Keep::No } else { Keep::Yes }
}

/// Options that may be given several times.
pub(super) fn multi_options(node: &mut Node) -> Keep {
    let Value::Map(map) = &mut node.value else { return Keep::No };
    for entry in map.values_mut() {
        let node = &mut entry.node;
        if node.as_seq().is_none() {
            let item = node.clone();
            node.value = Value::Seq(vec![item]);
        }
        texts(node);
    }
    map.retain(|_, entry| entry.node.as_seq().is_some_and(|list| !list.is_empty()));
    if map.is_empty() { Keep::No } else { Keep::Yes }
}

/// Lines of the hosts file, sorted, each once: the canonical form is refused where a line is there twice.
pub(super) fn hosts(node: &mut Node, path: &Path<'_>, report: &mut Report) -> Keep {
    let from_map = node.as_map().is_some();
    let mut lines = Vec::new();
    for item in into_pairs(node.take()) {
        let text = item.value.scalar_text().unwrap_or_default();
        let Some((host, addresses)) = text.split_once('=').or_else(|| text.split_once(':')) else {
            let message = format!("`{text}` has no address");
            report.error(Code::InvalidValue, path, &item, message).help("write `host=address`");
            continue;
        };
        if host.is_empty() || host.contains([':', '=']) {
            report.error(Code::InvalidValue, path, &item, format!("`{host}` is not a host name"));
            continue;
        }
        let parts: Vec<&str> = if from_map { vec![addresses] } else { addresses.split(',').collect() };
        for address in parts {
            let address = match address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                None | Some("") => address,
                // It would be another address each time that it is read.
                Some(bare) if bare.starts_with('[') && bare.ends_with(']') => {
                    report.error(Code::InvalidValue, path, &item, format!("`{address}` is not an address"));
                    continue;
                }
                Some(bare) => bare,
            };
            lines.push(item.with_value(Value::Str(format!("{host}={address}"))));
        }
    }
    lines.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    lines.dedup_by(|a, b| a.value == b.value);
    let keep = if lines.is_empty() { Keep::No } else { Keep::Yes };
    node.value = Value::Seq(lines);
    keep
}

/// A health check's test. A string is a line for the shell, even the string `NONE`: a quirk of Compose.
pub(super) fn test(node: &mut Node, path: &Path<'_>, report: &mut Report) -> Keep {
    match &node.value {
        Value::Str(line) => {
            if line == "NONE" {
                report
                    .warn_at(Code::NoEffect, path.to_string(), node.span, "this runs a command called NONE")
                    .help("write [\"NONE\"] or `disable: true` to switch the check off");
            }
            let list = ["CMD-SHELL", line].map(|word| node.with_value(Value::Str(word.to_owned())));
            node.value = Value::Seq(list.into());
            Keep::Yes
        }
        Value::Seq(list) if !list.is_empty() => Keep::Yes,
        _ => Keep::No,
    }
}

/// SSH keys of a build.
pub(super) fn ssh(node: &mut Node, path: &Path<'_>, report: &mut Report) -> Keep {
    let mut list = into_pairs(node.take());
    for item in &list {
        let text = item.as_str().unwrap_or_default();
        if !text.contains('=') && text != "default" {
            let message = format!("`{text}` has no path");
            report.error(Code::InvalidValue, path, item, message).help("write `default`, or `id=path`");
        }
    }
    list.dedup_by(|a, b| a.value == b.value);
    let keep = if list.is_empty() { Keep::No } else { Keep::Yes };
    node.value = Value::Seq(list);
    keep
}

/// One limit or two.
pub(super) fn ulimit(node: &mut Node, path: &Path<'_>, report: &mut Report) {
    let mut check = |node: &mut Node, path: &Path<'_>| match whole(&node.value) {
        Some(number) => node.value = Value::Int(number),
        None => {
            let found = node.value.scalar_text().unwrap_or_default();
            report.error(Code::InvalidValue, path, node, format!("expected a whole number, found `{found}`"));
        }
    };
    if node.as_map().is_none() {
        check(node, path);
        return;
    }
    for key in ["soft", "hard"] {
        if let Some(node) = node.get_mut(key) {
            check(node, &path.key(key));
        }
    }
}
