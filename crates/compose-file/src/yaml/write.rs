//! Writes a tree as YAML that reads back as the same tree.

use std::fmt::Write as _;

use crate::tree::{Node, Value};

/// How many bytes a key may have that is written as `key: value`. YAML allows 1024 characters with escapes; this is
/// where Docker Compose stops.
const SIMPLE_KEY: usize = 128;

/// The YAML of a tree, with a final newline.
pub(crate) fn write(node: &Node) -> String {
    let mut out = String::new();
    match &node.value {
        Value::Map(map) if !map.is_empty() => write_block(&mut out, node, 0),
        Value::Seq(list) if !list.is_empty() => write_block(&mut out, node, 0),
        _ => {
            write_scalar(&mut out, node, 0);
            out.push('\n');
        }
    }
    out
}

fn write_block(out: &mut String, node: &Node, indent: usize) {
    match &node.value {
        Value::Map(map) => {
            for (key, entry) in map {
                pad(out, indent);
                write_key(out, key, indent);
                out.push(':');
                write_child(out, &entry.node, indent);
            }
        }
        Value::Seq(list) => {
            for item in list {
                pad(out, indent);
                out.push('-');
                match &item.value {
                    Value::Map(map) if !map.is_empty() => {
                        // The first key goes on the line of the dash.
                        let mut block = String::new();
                        write_block(&mut block, item, indent + 2);
                        out.push(' ');
                        out.push_str(block.trim_start_matches(' '));
                    }
                    _ => write_child(out, item, indent),
                }
            }
        }
        _ => {}
    }
}

fn write_child(out: &mut String, node: &Node, indent: usize) {
    let nests = match &node.value {
        Value::Map(map) => !map.is_empty(),
        Value::Seq(list) => !list.is_empty(),
        _ => false,
    };
    if nests {
        out.push('\n');
        write_block(out, node, indent + 2);
    } else {
        out.push(' ');
        write_scalar(out, node, indent + 2);
        out.push('\n');
    }
}

/// A key, and where it is too long to stand before a `:` on its line, the beginning of the next line.
fn write_key(out: &mut String, key: &str, indent: usize) {
    let is_long = key.len() > SIMPLE_KEY;
    if is_long {
        out.push_str("? ");
    }
    if needs_quotes(key) || key.contains('\n') {
        write_quoted(out, key);
    } else {
        out.push_str(key);
    }
    if is_long {
        out.push('\n');
        pad(out, indent);
    }
}

fn write_scalar(out: &mut String, node: &Node, indent: usize) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Map(_) => out.push_str("{}"),
        Value::Seq(_) => out.push_str("[]"),
        Value::Str(text) => write_text(out, text, indent),
        other => out.push_str(&other.scalar_text().unwrap_or_default()),
    }
}

fn write_text(out: &mut String, text: &str, indent: usize) {
    let lines = text.trim_end_matches('\n');
    let block = lines.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !text.contains('\r')
        && lines.lines().all(|line| !line.ends_with([' ', '\t']))
        && !text.chars().any(|c| c != '\n' && needs_escape(c))
        && text.len() - lines.len() <= 1;
    if block {
        out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
        for line in lines.split('\n') {
            out.push('\n');
            if !line.is_empty() {
                pad(out, indent);
                out.push_str(line);
            }
        }
    } else if needs_quotes(text) {
        write_quoted(out, text);
    } else {
        out.push_str(text);
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn needs_quotes(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return true };
    if !super::scalar::is_text(text) {
        return true;
    }
    // Words that an older YAML takes for booleans.
    if matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "<<" | "="
    ) {
        return true;
    }
    // Base 60 in an older YAML.
    if text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.')) {
        return true;
    }
    if matches!(
        first,
        ' ' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' | '{' | '}' | '[' | ']' | ','
    ) || (matches!(first, '-' | '?' | ':') && text[1..].chars().next().is_none_or(|c| c == ' '))
        || text == "---"
        || text == "..."
        || text.starts_with("--- ")
        || text.ends_with([' ', ':'])
    {
        return true;
    }
    text.contains(": ") || text.contains(" #") || text.chars().any(needs_escape)
}

/// Whether a character is one that YAML does not allow as it is, or that some readers take for the end of a line.
fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 || matches!(u32::from(c), 0x7f..=0x9f) => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if needs_escape(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
