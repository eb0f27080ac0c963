//! Builds trees out of the parser's events: anchors, merge keys, tags, and every limit.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag as YamlTag};

use super::explain::{Explained, explain};
use crate::diagnostic::{Code, SourceId, Span};
use crate::limits;
use crate::report::{Failed, Report};
use crate::schema::suggest;
use crate::tree::{Entry, Key, Map, Node, Path, Tag, Value};

type SpannedEvent<'t> = (Event<'t>, saphyr_parser::Span);

/// Reads all documents of a text.
///
/// # Errors
/// The reason is in the report.
pub(crate) fn read(text: &str, source: SourceId, report: &mut Report) -> Result<Vec<Node>, Failed> {
    if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| is_forbidden(*c)) {
        let span = span_of(source, at, at + 1);
        let message = format!("the control character U+{:04X} is not allowed in YAML", u32::from(c));
        report.error_at(Code::Yaml, String::new(), span, message).help("remove it; the file may be damaged");
        return Err(Failed);
    }
    if let Some((start, name)) = unknown_directive(text) {
        let at = text[..start].chars().count();
        let span = span_of(source, at, at + 1 + name.chars().count());
        let message = format!("the file is not valid YAML: there is no directive `%{name}`");
        report
            .error_at(Code::Yaml, String::new(), span, message)
            .help("remove the line, or put `#` before it if it is a comment");
        return Err(Failed);
    }
    let parser = Parser::new_from_str(text);
    let mut composer = Composer {
        parser,
        text,
        source,
        report,
        anchors: HashMap::new(),
        keys: HashSet::new(),
        entries: Vec::new(),
        items: Vec::new(),
        nodes: 0,
        chars: text.chars().count(),
    };
    let mut documents = Vec::new();
    loop {
        match composer.next()? {
            (Event::DocumentStart(_), _) => {
                composer.anchors.clear();
                composer.nodes = 0;
                let event = composer.next()?;
                documents.push(composer.node(event, &Path::ROOT)?);
            }
            (Event::StreamEnd, _) => return Ok(documents),
            _ => {}
        }
    }
}

fn is_forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || c == '\u{7f}' || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The place and name of a directive that YAML does not have. The parser passes over its line, and miscounts places
/// from there on.
fn unknown_directive(text: &str) -> Option<(usize, &str)> {
    if !text.contains('%') {
        return None;
    }
    let mut start = 0;
    // Directives stand before a document: at the beginning, and after the end of another one.
    let mut is_before = true;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\u{feff}').trim_end();
        if let Some(rest) = content.strip_prefix('%').filter(|_| is_before) {
            let name = rest.split(char::is_whitespace).next().unwrap_or_default();
            if !matches!(name, "YAML" | "TAG") {
                return Some((start + line.find('%').unwrap_or_default(), name));
            }
        } else if content == "..." || content.starts_with("... ") {
            is_before = true;
        } else if !content.is_empty() && !content.trim_start().starts_with('#') {
            is_before = false;
        }
        start += line.len();
    }
    None
}

fn span_of(source: SourceId, start: usize, end: usize) -> Span {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { source, start: narrow(start), end: narrow(end) }
}

/// An anchored node, and how many nodes it is.
struct Anchor {
    node: Node,
    nodes: usize,
}

struct Composer<'t, 'r> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    source: SourceId,
    report: &'r mut Report,
    anchors: HashMap<usize, Anchor>,
    /// The keys that were seen, so that each is there once.
    keys: HashSet<Key>,
    /// The entries of the mappings that are being read, those of the innermost last: each mapping gets the memory that it
    /// needs, at once.
    entries: Vec<(Key, Entry)>,
    /// The same for lists.
    items: Vec<Node>,
    nodes: usize,
    chars: usize,
}

impl<'t> Composer<'t, '_> {
    fn next(&mut self) -> Result<SpannedEvent<'t>, Failed> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let at = error.marker().index().min(self.chars);
                let span = span_of(self.source, at, (at + 1).min(self.chars));
                if error.info().contains("recursion limit") {
                    return Err(self.too_deep(String::new(), span));
                }
                let Explained { message, help, cause } = explain(error.info(), self.text, at);
                let added = self.report.error_at(Code::Yaml, String::new(), span, message).maybe_help(help);
                if let Some((start, what)) = cause {
                    added.related(what, span_of(self.source, start, start + 1));
                }
                Err(Failed)
            }
            None => {
                let span = span_of(self.source, self.chars, self.chars);
                self.report.error_at(Code::Yaml, String::new(), span, "the text ends too early");
                Err(Failed)
            }
        }
    }

    fn too_deep(&mut self, path: String, span: Span) -> Failed {
        let message = format!("lists and mappings nest more than {} levels deep", limits::DEPTH);
        self.report.error_at(Code::Limit, path, span, message);
        Failed
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        span_of(self.source, span.start.index(), span.end.index())
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Failed> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > limits::NODES {
            let message =
                format!("the document has more than {} values, aliases counted in full", limits::NODES);
            self.report
                .error_at(Code::Limit, String::new(), span, message)
                .help("split the project into several files, or use fewer aliases");
            return Err(Failed);
        }
        Ok(())
    }

    fn node(&mut self, (event, span): SpannedEvent<'t>, path: &Path<'_>) -> Result<Node, Failed> {
        let span = self.span(span);
        self.count(1, span)?;
        if path.depth() > limits::DEPTH {
            return Err(self.too_deep(String::new(), span));
        }
        let before = self.nodes;
        let (node, anchor) = match event {
            Event::Alias(id) => return self.alias(id, span, path),
            Event::Scalar(text, style, anchor, tag) => {
                (self.scalar(&text, style, tag.as_deref(), span, path)?, anchor)
            }
            Event::SequenceStart(anchor, tag) => (self.sequence(tag.as_deref(), span, path)?, anchor),
            Event::MappingStart(anchor, tag) => (self.mapping(tag.as_deref(), span, path)?, anchor),
            // The parser gives no other event where a node may stand.
            _ => (Node::new(Value::Null, span), 0),
        };
        if anchor > 0 {
            let nodes = self.nodes - before + 1;
            self.anchors.insert(anchor, Anchor { node: node.clone(), nodes });
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, span: Span, path: &Path<'_>) -> Result<Node, Failed> {
        let Some(anchor) = self.anchors.get(&id) else {
            let message = "the alias is inside of what it refers to";
            self.report.error_at(Code::Cycle, path.to_string(), span, message);
            return Err(Failed);
        };
        let nodes = anchor.nodes;
        self.count(nodes, span)?;
        // The copy keeps the places of the anchor: that is where a mistake in it can be mended.
        self.anchors.get(&id).map(|anchor| anchor.node.clone()).ok_or(Failed)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&YamlTag>,
        span: Span,
        path: &Path<'_>,
    ) -> Result<Node, Failed> {
        let plain = style == ScalarStyle::Plain;
        let string = || Value::Str(text.to_owned());
        let value = match tag {
            Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
                "str" => string(),
                kind => match core_value(kind, text) {
                    Some(value) => value,
                    None => {
                        let message = format!("`{text}` is not a YAML `{kind}`");
                        self.report.error_at(Code::Yaml, path.to_string(), span, message);
                        return Err(Failed);
                    }
                },
            },
            _ if plain => super::scalar::resolve(text),
            _ => string(),
        };
        if matches!(value, Value::Float(number) if !number.is_finite()) {
            let message = format!("`{text}` is not a number that a Compose file can hold");
            self.report
                .error_at(Code::InvalidValue, path.to_string(), span, message)
                .help("quote it if it is a text");
            return Err(Failed);
        }
        let tag = self.tag(tag, span, path);
        Ok(Node { value, span, tag, interpolated: false })
    }

    fn sequence(&mut self, tag: Option<&YamlTag>, span: Span, path: &Path<'_>) -> Result<Node, Failed> {
        let first = self.items.len();
        let end = loop {
            let event = self.next()?;
            if matches!(event.0, Event::SequenceEnd) {
                break self.span(event.1);
            }
            let mut item = self.node(event, &path.index(self.items.len() - first))?;
            // Entries of a list have no name by which another file could mean them.
            if item.tag != Tag::Reset {
                item.tag = Tag::None;
                self.items.push(item);
            }
        };
        let list = self.items.split_off(first);
        let tag = self.tag(tag, span, path);
        Ok(Node { value: Value::Seq(list), span: join(span, end), tag, interpolated: false })
    }

    fn mapping(&mut self, tag: Option<&YamlTag>, span: Span, path: &Path<'_>) -> Result<Node, Failed> {
        let mut keys = Keys { first: self.entries.len(), many: None };
        let mut merged: Option<(Span, Node)> = None;
        let end = loop {
            let event = self.next()?;
            if matches!(event.0, Event::MappingEnd) {
                break self.span(event.1);
            }
            let is_merge =
                matches!(&event.0, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key_span = self.span(event.1);
            let key = self.key(event, path)?;
            let value = self.next()?;
            let value = self.node(value, &path.key(&key))?;
            let first = match &merged {
                Some((first, _)) if is_merge => Some(*first),
                _ if is_merge => None,
                _ => keys.find(&self.entries, &key),
            };
            if let Some(first) = first {
                let line = self.report.sources.origin(first).map_or(0, |origin| origin.line);
                let message = format!("the key `{key}` is already given in line {line}");
                self.report
                    .error_at(Code::DuplicateKey, path.key(&key).to_string(), key_span, message)
                    .related("first given here", first)
                    .help("remove one of the two");
                continue;
            }
            if is_merge {
                merged = Some((key_span, value));
            } else {
                self.entries.push((key, Entry { key: key_span, node: value }));
            }
        };
        let mut map = Map::from_unique(self.entries.split_off(keys.first));
        if let Some((key, node)) = merged {
            self.merge_key(&mut map, key, node, path)?;
        }
        let tag = self.tag(tag, span, path);
        Ok(Node { value: Value::Map(map), span: join(span, end), tag, interpolated: false })
    }

    /// What a tag says about merging. Docker Compose passes over the tags that it does not know without a word.
    fn tag(&mut self, tag: Option<&YamlTag>, span: Span, path: &Path<'_>) -> Tag {
        let Some(tag) = tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty()) else {
            return Tag::None;
        };
        match tag.suffix.as_str() {
            "reset" => Tag::Reset,
            "override" => Tag::Override,
            other => {
                let help = suggest(other, ["reset", "override"]).map_or_else(
                    || "Compose knows `!reset` and `!override`".to_owned(),
                    |known| format!("did you mean `!{known}`?"),
                );
                let message = format!("the tag `!{other}` has no effect");
                self.report.warn_at(Code::NoEffect, path.to_string(), span, message).help(help);
                Tag::None
            }
        }
    }

    /// `<<`: takes over the keys that are not given here. Of several mappings the first counts.
    fn merge_key(&mut self, map: &mut Map, key: Span, node: Node, path: &Path<'_>) -> Result<(), Failed> {
        let sources = match node.value {
            Value::Map(other) => vec![other],
            Value::Seq(list) => {
                let mut maps = Vec::with_capacity(list.len());
                for item in list {
                    match item.value {
                        Value::Map(other) => maps.push(other),
                        other => return self.bad_merge(&other, item.span, key, path),
                    }
                }
                maps
            }
            other => return self.bad_merge(&other, node.span, key, path),
        };
        for (name, entry) in sources.into_iter().flatten() {
            map.insert_missing(name, || entry);
        }
        Ok(())
    }

    fn bad_merge(&mut self, value: &Value, span: Span, key: Span, path: &Path<'_>) -> Result<(), Failed> {
        let message = format!("`<<` merges a mapping or a list of mappings, and this is {}", value.kind());
        self.report
            .error_at(Code::Yaml, path.key("<<").to_string(), span, message)
            .related("merged here", key)
            .help("name an anchor, as in `<<: *name`");
        Err(Failed)
    }

    fn intern(&mut self, text: &str) -> Key {
        if let Some(key) = self.keys.get(text) {
            return Key::clone(key);
        }
        let key = Key::from(text);
        self.keys.insert(Key::clone(&key));
        key
    }

    fn key(&mut self, event: SpannedEvent<'t>, path: &Path<'_>) -> Result<Key, Failed> {
        let span = self.span(event.1);
        if let Event::Scalar(text, style, 0, tag) = &event.0 {
            self.count(1, span)?;
            let is_string = match tag {
                Some(tag) => !tag.is_yaml_core_schema() || tag.suffix == "str",
                None => *style != ScalarStyle::Plain || super::scalar::is_text(text),
            };
            if is_string {
                return Ok(self.intern(text));
            }
            let message = format!("a key must be a string, and `{text}` is not one");
            let help = match *path.parts() {
                // `- 8080: 80` was meant to be one text.
                [.., "ports", "[]"] => "write a port as one text in quotes, such as \"8080:80\"".to_owned(),
                _ => format!("write \"{text}\""),
            };
            self.report.error_at(Code::InvalidValue, path.to_string(), span, message).help(help);
            return Err(Failed);
        }
        let node = self.node(event, path)?;
        match node.value {
            Value::Str(text) => Ok(self.intern(&text)),
            other => {
                let message = format!("a key must be a string, and this is {}", other.kind());
                self.report.error_at(Code::InvalidValue, path.to_string(), span, message);
                Err(Failed)
            }
        }
    }
}

/// How many keys are looked through one by one.
const FEW: usize = 24;

/// The keys of a mapping that is being read.
struct Keys {
    /// Where its entries begin.
    first: usize,
    /// All of them, where there are many.
    many: Option<HashSet<Key>>,
}

impl Keys {
    /// Where a key was given that is given again.
    fn find(&mut self, entries: &[(Key, Entry)], key: &Key) -> Option<Span> {
        let own = entries.get(self.first..).unwrap_or_default();
        // A key that was seen before is the same text in memory.
        let find = || own.iter().find(|(known, _)| Key::ptr_eq(known, key)).map(|(_, entry)| entry.key);
        if own.len() < FEW {
            return find();
        }
        let many = self.many.get_or_insert_with(|| own.iter().map(|(key, _)| Key::clone(key)).collect());
        if many.insert(Key::clone(key)) { None } else { find() }
    }
}

fn join(start: Span, end: Span) -> Span {
    Span { end: end.end.max(start.end), ..start }
}

/// A scalar with a tag of YAML's core schema.
fn core_value(kind: &str, text: &str) -> Option<Value> {
    let plain = super::scalar::resolve(text);
    match (kind, plain) {
        ("null", Value::Null) => Some(Value::Null),
        ("bool", value @ Value::Bool(_)) | ("int", value @ (Value::Int(_) | Value::Uint(_))) => Some(value),
        ("float", value @ (Value::Float(_) | Value::Int(_))) => Some(value),
        ("timestamp", value @ Value::Str(_)) => Some(value),
        _ => None,
    }
}
