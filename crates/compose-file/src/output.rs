//! The canonical model as text.

use crate::loaded::Canonical;
use crate::tree::{Map, Node, Path, Tag, Value, to_json};
use crate::yaml;

/// The JSON form.
pub(crate) fn json(canonical: &Canonical) -> String {
    let mut out = String::new();
    let raw = !canonical.interpolated;
    let mut writer = Json { out: &mut out, dollar: if raw { "$" } else { "$$" }, raw };
    writer.node(&canonical.root, &Path::ROOT);
    out
}

/// Writes JSON with an indent of two, as Compose does.
struct Json<'a> {
    out: &'a mut String,
    /// What stands for a `$`: interpolation of the output must give the output's values back.
    dollar: &'static str,
    /// Variables were not replaced: everything is printed.
    raw: bool,
}

impl Json<'_> {
    fn node(&mut self, node: &Node, path: &Path<'_>) {
        match &node.value {
            Value::Map(map) => {
                let raw = self.raw;
                let kept = map.iter().filter(|(key, entry)| raw || is_printed(key, &entry.node, path));
                self.block('{', '}', path, kept, |writer, (key, entry)| {
                    writer.text(printed_key(key, path));
                    writer.out.push_str(": ");
                    writer.node(&entry.node, &path.key(key));
                });
            }
            Value::Seq(list) => {
                self.block('[', ']', path, list.iter().enumerate(), |writer, (index, item)| {
                    writer.node(item, &path.index(index));
                });
            }
            Value::Str(text) => self.text(text),
            Value::Null => self.out.push_str("null"),
            Value::Float(_) => self.out.push_str(&to_json(node).to_string()),
            scalar => self.out.push_str(&scalar.scalar_text().unwrap_or_default()),
        }
    }

    fn block<T>(
        &mut self,
        open: char,
        close: char,
        path: &Path<'_>,
        items: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.out.push(open);
        let mut first = true;
        for item in items {
            self.out.push_str(if first { "\n" } else { ",\n" });
            first = false;
            self.indent(path.depth() + 1);
            write(self, item);
        }
        if !first {
            self.out.push('\n');
            self.indent(path.depth());
        }
        self.out.push(close);
    }

    fn indent(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n("  ", depth));
    }

    fn text(&mut self, text: &str) {
        let mut quoted = serde_json::to_string(text).unwrap_or_default();
        // JSON allows them, and the output is to be loaded again as YAML.
        for c in ['\u{7f}', '\u{fffe}', '\u{ffff}'].into_iter().filter(|c| text.contains(*c)) {
            quoted = quoted.replace(c, &format!("\\u{:04x}", u32::from(c)));
        }
        if quoted.contains('$') {
            self.out.push_str(&quoted.replace('$', self.dollar));
        } else {
            self.out.push_str(&quoted);
        }
    }
}

/// Compose prints models in YAML only, and of the `x-*` elements only those at the top.
fn is_printed(key: &str, node: &Node, path: &Path<'_>) -> bool {
    if path.depth() == 0 { key != "models" } else { node.tag != Tag::Extension }
}

/// The entries of `blkio_config` have capital keys: a quirk of Compose.
fn printed_key<'k>(key: &'k str, path: &Path<'_>) -> &'k str {
    match (key, &*path.parts()) {
        ("path", ["services", _, "blkio_config", _, "[]"]) => "Path",
        ("rate", ["services", _, "blkio_config", _, "[]"]) => "Rate",
        ("weight", ["services", _, "blkio_config", _, "[]"]) => "Weight",
        _ => key,
    }
}

/// The YAML form.
pub(crate) fn yaml(canonical: &Canonical) -> String {
    let mut root = canonical.root.clone();
    for entry in
        root.get_mut("services").and_then(Node::as_map_mut).into_iter().flat_map(|map| map.values_mut())
    {
        let Some(service) = entry.node.as_map_mut() else { continue };
        drop_empty_words(service);
        for hooks in ["pre_start", "post_start", "pre_stop"] {
            let list = service.get_mut(hooks).and_then(|entry| entry.node.as_seq_mut());
            list.into_iter().flatten().filter_map(Node::as_map_mut).for_each(drop_empty_words);
        }
        if let Some(list) = service
            .get_mut("develop")
            .and_then(|entry| entry.node.get_mut("watch"))
            .and_then(Node::as_seq_mut)
        {
            for map in list.iter_mut().filter_map(Node::as_map_mut) {
                map.retain(|key, entry| {
                    key != "exec" || entry.node.get("command").is_some_and(|node| !node.is_null())
                });
            }
        }
        if let Some(deploy) = service.get_mut("deploy").and_then(|entry| entry.node.as_map_mut()) {
            deploy.retain(|key, entry| !matches!(key, "placement" | "resources") || !is_empty(&entry.node));
        }
    }
    for entry in
        root.get_mut("networks").and_then(Node::as_map_mut).into_iter().flat_map(|map| map.values_mut())
    {
        if let Some(network) = entry.node.as_map_mut() {
            network.retain(|key, entry| key != "ipam" || !is_empty(&entry.node));
        }
    }
    escape(yaml::write(&root), canonical.interpolated)
}

fn is_empty(node: &Node) -> bool {
    node.as_map().is_some_and(Map::is_empty)
}

fn drop_empty_words(map: &mut Map) {
    map.retain(|key, entry| !matches!(key, "command" | "entrypoint") || !entry.node.is_null());
}

/// Interpolation of the output must give the output's values back.
fn escape(text: String, interpolated: bool) -> String {
    if interpolated && text.contains('$') { text.replace('$', "$$") } else { text }
}
