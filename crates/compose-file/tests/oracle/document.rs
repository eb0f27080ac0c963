//! A YAML document that is generated: a tree, what is done to it at the end, and the style in which it is written.

use std::fmt::Write as _;

use proptest::prelude::*;

/// A node of a document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// Text that stands in the file as it is, such as `1e3` or `~`.
    Raw(String),
    /// A string, quoted as the style says.
    Text(String),
    List(Vec<Self>),
    Map(Vec<Entry>),
    /// A node with an anchor or a tag before it.
    Marked(String, Box<Self>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) value: Node,
}

/// A change of one place of the tree. Places are counted from the top, modulo their number.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// A tag before the value of an entry.
    Tag(usize, &'static str),
    /// Another value.
    Replace(usize, Node),
    /// An anchor at one place, its alias at a later one.
    Alias(usize, usize),
    /// An anchor at one map, merged into a later one with `<<`.
    Merge(usize, usize),
}

/// How strings and collections are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Style {
    Double,
    Single,
    Plain,
    Flow,
}

/// A file of YAML.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) root: Node,
    pub(crate) edits: Vec<Edit>,
    pub(crate) style: Style,
}

pub(crate) fn style() -> impl Strategy<Value = Style> {
    prop_oneof![
        3 => Just(Style::Double),
        2 => Just(Style::Single),
        2 => Just(Style::Plain),
        1 => Just(Style::Flow),
    ]
}

/// Edits that keep most documents right.
pub(crate) fn edits(tags: bool) -> BoxedStrategy<Vec<Edit>> {
    let place = 0..4096usize;
    let tag = prop_oneof![Just("!reset"), Just("!override")];
    let odd =
        prop::sample::select(vec!["null", "5", "x", "[]", "{}", "[x]", "true", "{a: 1}", "[1]", "1.5", "''"])
            .prop_map(|text| Node::Raw(text.to_owned()));
    let alias = (place.clone(), place.clone());
    let edit = prop_oneof![
        if tags { 12 } else { 1 } => (place.clone(), tag).prop_map(|(at, tag)| Edit::Tag(at, tag)),
        1 => (place, odd).prop_map(|(at, node)| Edit::Replace(at, node)),
        2 => alias.clone().prop_map(|(a, b)| Edit::Merge(a, b)),
        1 => alias.prop_map(|(a, b)| Edit::Alias(a, b)),
    ];
    if tags {
        prop::collection::vec(edit, 0..4).boxed()
    } else {
        prop_oneof![6 => Just(Vec::new()), 1 => prop::collection::vec(edit, 1..3)].boxed()
    }
}

impl Document {
    /// The text of the file.
    pub(crate) fn write(&self) -> String {
        let mut root = self.root.clone();
        for (i, edit) in self.edits.iter().enumerate() {
            apply(&mut root, edit, &format!("a{i}"));
        }
        plain_overrides(&mut root, false);
        let mut out = String::new();
        if self.style == Style::Flow || matches!(&root, Node::Map(entries) if entries.is_empty()) {
            flow(&root, self.style, &mut out);
            out.push('\n');
        } else {
            block(&root, self.style, 0, &mut out);
            out.remove(0);
        }
        out
    }
}

/// Takes the tags away that are inside of a value with `!override`: Docker Compose leaves them in place and loads what
/// they should have removed, which is not copied.
fn plain_overrides(node: &mut Node, inside: bool) {
    match node {
        Node::Raw(_) | Node::Text(_) => {}
        Node::List(items) => items.iter_mut().for_each(|item| plain_overrides(item, inside)),
        Node::Map(entries) => entries.iter_mut().for_each(|entry| plain_overrides(&mut entry.value, inside)),
        Node::Marked(mark, value) if inside && mark.starts_with('!') => {
            plain_overrides(value, inside);
            *node = std::mem::replace(value, Node::Raw(String::new()));
        }
        Node::Marked(mark, value) => {
            let inside = inside || mark == "!override";
            plain_overrides(value, inside);
        }
    }
}

fn apply(root: &mut Node, edit: &Edit, anchor: &str) {
    let number = places(root, &|_| true);
    if number == 0 {
        return;
    }
    let wrap = |node: &mut Node, mark: String| {
        // A node has one anchor and one tag at most, and an alias has none.
        let taken = match node {
            // Docker Compose reads every scalar with `!override` as a string, which is not copied.
            Node::Raw(text) => {
                text.starts_with('*') || (mark == "!override" && !text.starts_with(['[', '{']))
            }
            Node::Marked(other, inner) => other[..1] == mark[..1] || matches!(**inner, Node::Marked(..)),
            _ => false,
        };
        if taken {
            return;
        }
        let inner = std::mem::replace(node, Node::Raw(String::new()));
        *node = Node::Marked(mark, Box::new(inner));
    };
    let is_map = |node: &Node| matches!(node, Node::Map(_));
    match edit {
        Edit::Tag(at, tag) => {
            let (root, at) = below(root, *at);
            visit(root, at, &|_| true, &mut |node| wrap(node, (*tag).to_owned()));
        }
        Edit::Replace(at, with) => {
            let (root, at) = below(root, *at);
            visit(root, at, &|_| true, &mut |node| *node = with.clone());
        }
        Edit::Alias(a, b) => {
            let (from, to) = (a % number, b % number);
            if from < to && !inside(root, from, to, &|_| true) {
                visit(root, to, &|_| true, &mut |node| *node = Node::Raw(format!("*{anchor}")));
                visit(root, from, &|_| true, &mut |node| wrap(node, format!("&{anchor}")));
            }
        }
        Edit::Merge(a, b) => {
            let maps = places(root, &is_map);
            if maps == 0 {
                return;
            }
            let (from, to) = (a % maps, b % maps);
            if from < to && !inside(root, from, to, &is_map) {
                visit(root, to, &is_map, &mut |node| {
                    if let Node::Map(entries) = node
                        && entries.iter().all(|entry| entry.key != "<<")
                    {
                        let value = Node::Raw(format!("*{anchor}"));
                        entries.insert(b % (entries.len() + 1), Entry { key: "<<".to_owned(), value });
                    }
                });
                visit(root, from, &is_map, &mut |node| wrap(node, format!("&{anchor}")));
            }
        }
    }
}

/// Mostly a place inside of an element such as `services.web`, since a change above changes all.
fn below(root: &mut Node, at: usize) -> (&mut Node, usize) {
    let number = places(root, &|_| true);
    if at.is_multiple_of(8) {
        return (root, (at / 8) % number);
    }
    let at = at / 8;
    let elements: usize = match root {
        Node::Map(entries) => entries.iter().map(|entry| direct(&entry.value)).sum(),
        _ => 0,
    };
    if elements == 0 {
        return (root, at % number);
    }
    let mut left = at % elements;
    let Node::Map(entries) = root else { return (root, at % number) };
    let section = entries.iter_mut().map(|entry| &mut entry.value).find(|value| {
        let own = direct(value);
        let here = left < own;
        if !here {
            left -= own;
        }
        here
    });
    match section {
        Some(Node::Map(entries)) => {
            let element = &mut entries[left].value;
            let number = places(element, &|_| true).max(1);
            (element, (at / elements) % number)
        }
        Some(other) => (other, 0),
        None => unreachable!("an element has a section"),
    }
}

fn direct(node: &Node) -> usize {
    match node {
        Node::Map(entries) => entries.len(),
        _ => 0,
    }
}

/// The number of values below the root that a test holds for.
fn places(root: &Node, test: &dyn Fn(&Node) -> bool) -> usize {
    fn count(node: &Node, test: &dyn Fn(&Node) -> bool) -> usize {
        usize::from(test(node)) + places(node, test)
    }
    match root {
        Node::Raw(_) | Node::Text(_) => 0,
        Node::List(items) => items.iter().map(|item| count(item, test)).sum(),
        Node::Map(entries) => entries.iter().map(|entry| count(&entry.value, test)).sum(),
        Node::Marked(_, node) => places(node, test),
    }
}

/// Does something with one of the places that [`places`] counts.
fn visit(root: &mut Node, at: usize, test: &dyn Fn(&Node) -> bool, action: &mut dyn FnMut(&mut Node)) {
    fn walk(
        node: &mut Node,
        left: &mut Option<usize>,
        top: bool,
        test: &dyn Fn(&Node) -> bool,
        action: &mut dyn FnMut(&mut Node),
    ) {
        let Some(number) = left else { return };
        if !top && test(node) {
            if *number == 0 {
                *left = None;
                action(node);
                return;
            }
            *number -= 1;
        }
        match node {
            Node::Raw(_) | Node::Text(_) => {}
            Node::List(items) => items.iter_mut().for_each(|item| walk(item, left, false, test, action)),
            Node::Map(entries) => {
                entries.iter_mut().for_each(|entry| walk(&mut entry.value, left, false, test, action));
            }
            Node::Marked(_, node) => walk(node, left, true, test, action),
        }
    }
    walk(root, &mut Some(at), true, test, action);
}

/// Whether the later place lies inside of the earlier one.
fn inside(root: &mut Node, from: usize, to: usize, test: &dyn Fn(&Node) -> bool) -> bool {
    let mut below = 0;
    visit(root, from, test, &mut |node| below = places(node, test));
    to <= from + below
}

fn block(node: &Node, style: Style, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match node {
        Node::List(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(out, "\n{indent}-");
                block(item, style, depth + 1, out);
            }
        }
        Node::Map(entries) if !entries.is_empty() => {
            for entry in entries {
                let _ = write!(out, "\n{indent}{}:", key(&entry.key));
                block(&entry.value, style, depth + 1, out);
            }
        }
        Node::Marked(mark, node) => {
            let _ = write!(out, " {mark}");
            block(node, style, depth, out);
        }
        Node::Text(text) if style == Style::Plain && literal(text) => {
            out.push_str(" |-");
            for line in text.split('\n') {
                let _ = write!(out, "\n{indent}  {line}");
            }
        }
        _ => {
            out.push(' ');
            flow(node, style, out);
        }
    }
    if depth == 0 {
        out.push('\n');
    }
}

fn flow(node: &Node, style: Style, out: &mut String) {
    match node {
        Node::Raw(text) => out.push_str(text),
        Node::Text(text) => out.push_str(&quoted(text, style)),
        Node::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                flow(item, style, out);
            }
            out.push(']');
        }
        Node::Map(entries) => {
            out.push('{');
            for (i, entry) in entries.iter().enumerate() {
                let _ = write!(out, "{}{}: ", if i == 0 { "" } else { ", " }, key(&entry.key));
                flow(&entry.value, style, out);
            }
            out.push('}');
        }
        Node::Marked(mark, node) => {
            let _ = write!(out, "{mark} ");
            flow(node, style, out);
        }
    }
}

fn key(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    if text == "<<" || (plain && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')) {
        text.to_owned()
    } else {
        quoted(text, Style::Double)
    }
}

/// Whether a text of several lines can be a literal block with the last line break cut off.
fn literal(text: &str) -> bool {
    text.contains('\n')
        && !text.ends_with('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && text.chars().all(|c| c == '\n' || c == '\t' || !c.is_control())
}

fn quoted(text: &str, style: Style) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let safe = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let printable = text.chars().all(|c| !c.is_control());
    if style == Style::Plain
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(safe)
        && !words.contains(&text.to_ascii_lowercase().as_str())
    {
        return text.to_owned();
    }
    if style == Style::Single && printable {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
