//! The untyped tree that the loader works on: YAML's values, each with its place in a file.

mod de;
mod map;
mod number;
mod path;
mod rules;

pub(crate) use de::from_node;
pub(crate) use map::{Key, Map};
pub(crate) use number::{format_float, parse_float, shortest_f32};
pub(crate) use path::Path;
pub(crate) use rules::Rules;

use crate::diagnostic::Span;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
    pub(crate) tag: Tag,
    /// It came out of interpolation, so that the text in the file is not what it says.
    pub(crate) interpolated: bool,
}

/// What a value tells the merge of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Nothing: the usual rules.
    #[default]
    None,
    /// `!reset`: take the value away from what was there before.
    Reset,
    /// `!override`: replace what was there before.
    Override,
    /// Not from the file: the entry is an `x-*` element, which some writers leave out.
    Extension,
}

/// YAML's values as Compose sees them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64`.
    Uint(u64),
    Float(f64),
    Str(String),
    Seq(Vec<Node>),
    Map(Map),
}

/// A value of a mapping, and where its key stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: Span,
    pub(crate) node: Node,
}

impl Value {
    /// The word for error messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Uint(_) | Self::Float(_) => "a number",
            Self::Str(_) => "a string",
            Self::Seq(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }

    /// The text of a scalar as Compose prints it inside strings; `None` for lists and mappings. Null is empty.
    pub(crate) fn scalar_text(&self) -> Option<String> {
        Some(match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Uint(value) => value.to_string(),
            Self::Float(value) => format_float(*value),
            Self::Str(value) => value.clone(),
            Self::Seq(_) | Self::Map(_) => return None,
        })
    }
}

impl Node {
    pub(crate) fn new(value: Value, span: Span) -> Self {
        Self { value, span, tag: Tag::None, interpolated: false }
    }

    pub(crate) fn text(text: impl Into<String>, span: Span) -> Self {
        Self::new(Value::Str(text.into()), span)
    }

    pub(crate) fn null() -> Self {
        Self::new(Value::Null, Span::NONE)
    }

    pub(crate) fn map(map: Map, span: Span) -> Self {
        Self::new(Value::Map(map), span)
    }

    /// A new value in the same place.
    pub(crate) fn with_value(&self, value: Value) -> Self {
        Self { value, span: self.span, tag: Tag::None, interpolated: self.interpolated }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(crate) fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(crate) fn as_seq(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Seq(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn as_seq_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.value {
            Value::Seq(list) => Some(list),
            _ => None,
        }
    }

    /// A child of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key).map(|entry| &entry.node)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.as_map_mut()?.get_mut(key).map(|entry| &mut entry.node)
    }

    /// A child of a mapping that is a string.
    pub(crate) fn get_str(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The value, leaving null behind.
    pub(crate) fn take(&mut self) -> Self {
        let span = self.span;
        std::mem::replace(self, Self::new(Value::Null, span))
    }
}

/// The parts of a project that become containers.
pub(crate) const WORKLOADS: [&str; 2] = ["services", "jobs"];

/// The services, then the jobs.
pub(crate) fn workloads_mut(root: &mut Node) -> impl Iterator<Item = (&'static str, &str, &mut Entry)> {
    let top = root.as_map_mut();
    top.into_iter()
        .flat_map(Map::iter_mut)
        .filter_map(|(key, entry)| {
            let top = WORKLOADS.into_iter().find(|top| *top == key)?;
            Some(entry.node.as_map_mut()?.iter_mut().map(move |(name, entry)| (top, name, entry)))
        })
        .flatten()
}

/// Adds or replaces a value that has no key in a file.
pub(crate) fn put(map: &mut Map, key: &str, node: Node) {
    map.put(key, node);
}

/// `value` as a JSON value.
pub(crate) fn to_json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Uint(value) => Json::from(*value),
        Value::Float(value) => number::json_float(*value),
        Value::Str(value) => Json::String(value.clone()),
        Value::Seq(list) => Json::Array(list.iter().map(to_json).collect()),
        Value::Map(map) => {
            Json::Object(map.iter().map(|(key, entry)| (key.to_owned(), to_json(&entry.node))).collect())
        }
    }
}

/// Equal for equal values, wherever they stand: a number is equal to itself in any notation, and the order of keys does
/// not count, nor do entries that are marked `!reset`.
pub(crate) fn identity(node: &Node) -> String {
    fn write(node: &Node, out: &mut String) {
        match &node.value {
            Value::Str(text) => {
                out.push('s');
                out.push_str(&text.len().to_string());
                out.push(':');
                out.push_str(text);
            }
            Value::Seq(list) => {
                out.push('[');
                list.iter().for_each(|item| write(item, out));
                out.push(']');
            }
            Value::Map(map) => {
                let mut entries: Vec<_> =
                    map.iter().filter(|(_, entry)| entry.node.tag != Tag::Reset).collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                out.push('{');
                for (key, entry) in entries {
                    out.push_str(key);
                    out.push('=');
                    write(&entry.node, out);
                }
                out.push('}');
            }
            Value::Null => out.push('~'),
            scalar => {
                out.push('n');
                out.push_str(&scalar.scalar_text().unwrap_or_default());
                out.push(';');
            }
        }
    }
    let mut out = String::new();
    write(node, &mut out);
    out
}
