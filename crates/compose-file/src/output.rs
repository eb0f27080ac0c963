//! The canonical model as text.

use crate::loaded::Canonical;
use crate::tree::{Entry, Map, Node, Tag, Value, to_json};
use crate::yaml;

/// The JSON form.
pub(crate) fn json(canonical: &Canonical) -> String {
    let Some(top) = canonical.root.as_map() else { return "{}".to_owned() };
    let mut kept = Map::with_capacity(top.len());
    for (key, entry) in top {
        // Compose prints models in YAML only.
        if key != "models" {
            let mut node =
                if key.starts_with("x-") { entry.node.clone() } else { without_extensions(&entry.node) };
            if key == "services" {
                node.as_map_mut()
                    .into_iter()
                    .flat_map(Map::values_mut)
                    .for_each(|entry| capitalize(&mut entry.node));
            }
            kept.insert(key.clone(), Entry { key: entry.key, node });
        }
    }
    let value = to_json(&Node::map(kept, canonical.root.span));
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    escape(text, canonical.interpolated)
}

/// The entries of `blkio_config` have capital keys in JSON: a quirk of Compose.
fn capitalize(service: &mut Node) {
    let Some(config) = service.get_mut("blkio_config").and_then(Node::as_map_mut) else { return };
    for map in
        config.values_mut().filter_map(|entry| entry.node.as_seq_mut()).flatten().filter_map(Node::as_map_mut)
    {
        *map = std::mem::take(map)
            .into_iter()
            .map(|(key, entry)| {
                let name = match key.as_str() {
                    "path" => "Path".to_owned(),
                    "rate" => "Rate".to_owned(),
                    "weight" => "Weight".to_owned(),
                    _ => key,
                };
                (name, entry)
            })
            .collect();
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
            deploy.retain(|key, entry| {
                !matches!(key.as_str(), "placement" | "resources") || !is_empty(&entry.node)
            });
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
    map.retain(|key, entry| !matches!(key.as_str(), "command" | "entrypoint") || !entry.node.is_null());
}

fn without_extensions(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(map) => Value::Map(
            map.iter()
                .filter(|(_, entry)| entry.node.tag != Tag::Extension)
                .map(|(key, entry)| {
                    (key.clone(), Entry { key: entry.key, node: without_extensions(&entry.node) })
                })
                .collect(),
        ),
        Value::Seq(list) => Value::Seq(list.iter().map(without_extensions).collect()),
        scalar => scalar.clone(),
    };
    Node::new(value, node.span)
}

/// Interpolation of the output must give the output's values back.
fn escape(text: String, interpolated: bool) -> String {
    if interpolated && text.contains('$') { text.replace('$', "$$") } else { text }
}
