//! Merging one file over another, and a service over the one that it extends.

mod unique;

pub(crate) use unique::enforce_unique;

use std::collections::HashSet;

use crate::diagnostic::{Code, Span};
use crate::report::Report;
use crate::tree::{Entry, Map, Node, Path, Tag, Value, identity, put};

/// Merges `over` into `base`. The tags of `over` stay in the result, so that a later merge can still act on them; see
/// [`strip_tags`].
pub(crate) fn merge(base: &mut Node, over: Node, path: &Path<'_>, report: &mut Report) {
    match over.tag {
        Tag::Reset | Tag::Override => {
            *base = over;
            return;
        }
        _ => {}
    }
    if let Some(special) = special_for(path) {
        special.merge(base, over, path, report);
        return;
    }
    if over.is_null() {
        if *path.parts() == ["services"] {
            report
                .error(
                    Code::InvalidValue,
                    path,
                    &over,
                    "expected a mapping of service names to services, found nothing",
                )
                .help("put services below it, or remove the line");
        }
        return;
    }
    match (&mut base.value, over.value) {
        (Value::Map(map), Value::Map(other)) => merge_maps(map, other, path, report),
        (Value::Seq(list), Value::Seq(other)) => append_new(list, other),
        (Value::Map(_) | Value::Seq(_), value) => {
            let (first, second) = (base.value.kind(), value.kind());
            let over = Node { value, ..over };
            let message = format!("{second} cannot override {first}");
            let from = base.span;
            report
                .error(Code::Merge, path, &over, message)
                .related("this is what it would override", from)
                .help("give both the same form, or replace the first with `!override`");
        }
        (_, value) => *base = Node { value, ..over },
    }
}

/// Takes the tags away: what is marked `!reset` is gone, and the rest is plain.
pub(crate) fn strip_tags(node: &mut Node) {
    node.tag = Tag::None;
    match &mut node.value {
        Value::Map(map) => {
            if map.values().any(|entry| entry.node.tag == Tag::Reset) {
                map.retain(|_, entry| entry.node.tag != Tag::Reset);
            }
            map.values_mut().for_each(|entry| strip_tags(&mut entry.node));
        }
        Value::Seq(list) => list.iter_mut().for_each(strip_tags),
        _ => {}
    }
}

fn merge_maps(base: &mut Map, over: Map, path: &Path<'_>, report: &mut Report) {
    for (key, entry) in over {
        match base.get_mut(&key) {
            Some(known) => {
                known.key = entry.key;
                let here = path.key(&key);
                merge(&mut known.node, entry.node, &here, report);
            }
            None => {
                base.insert(key, entry);
            }
        }
    }
}

/// Appends what is not in the list already.
fn append_new(list: &mut Vec<Node>, other: Vec<Node>) {
    let mut known: HashSet<String> = list.iter().map(identity).collect();
    list.extend(other.into_iter().filter(|item| known.insert(identity(item))));
}

/// Takes out of a list of pairs what the other file marks `!reset` or `!override` in a mapping.
fn drop_reset(list: &mut Vec<Node>, over: &Node, separator: &[char]) {
    let reset: HashSet<&str> = over
        .as_map()
        .into_iter()
        .flatten()
        .filter(|(_, entry)| matches!(entry.node.tag, Tag::Reset | Tag::Override))
        .map(|(key, _)| key)
        .collect();
    if !reset.is_empty() {
        list.retain(|item| {
            let text = item.as_str().unwrap_or_default();
            !reset.contains(text.split_once(separator).map_or(text, |(key, _)| key))
        });
    }
}

/// The places with rules of their own.
#[derive(Clone, Copy)]
enum Special {
    /// The later value counts whole.
    Replace,
    /// Both become lists of `K=V`, one after the other.
    Pairs,
    /// One list after the other, without what is there already.
    AppendNew,
    /// A list counts as a mapping to nothing.
    Names,
    /// The same, where the names are dependencies.
    DependsOn,
    /// A string is the context.
    Build,
    /// Options of another driver are not taken over.
    Logging,
    /// Pools pair up by their subnet.
    Pools,
}

fn special_for(path: &Path<'_>) -> Option<Special> {
    Some(match *path.parts() {
        ["services", _, "command" | "entrypoint"]
        | ["services", _, "healthcheck", "test"]
        | ["services", _, "ulimits", _] => Special::Replace,
        [
            "services",
            _,
            "annotations" | "dns" | "dns_opt" | "dns_search" | "env_file" | "environment" | "labels"
            | "sysctls" | "tmpfs",
        ]
        | ["services", _, "build", "args" | "additional_contexts" | "labels"]
        | ["services", _, "deploy", "labels"]
        | ["services", _, "volumes", _, "volume", "labels"]
        | ["networks" | "volumes", _, "labels"] => Special::Pairs,
        ["services", _, "extra_hosts" | "label_file"] | ["services", _, "build", "extra_hosts"] => {
            Special::AppendNew
        }
        ["services", _, "networks" | "models"] => Special::Names,
        ["services", _, "depends_on"] => Special::DependsOn,
        ["services", _, "build"] => Special::Build,
        ["services", _, "logging"] => Special::Logging,
        ["networks", _, "ipam", "config"] => Special::Pools,
        _ => return None,
    })
}

impl Special {
    fn merge(self, base: &mut Node, over: Node, path: &Path<'_>, report: &mut Report) {
        match self {
            Self::Replace => *base = over,
            Self::Pairs => {
                let mut list = into_pairs(base.take());
                drop_reset(&mut list, &over, &['=']);
                list.extend(into_pairs(over));
                base.value = Value::Seq(list);
            }
            Self::AppendNew => {
                let mut list = into_pairs(base.take());
                drop_reset(&mut list, &over, &['=', ':']);
                append_new(&mut list, into_pairs(over));
                base.value = Value::Seq(list);
            }
            Self::Names | Self::DependsOn | Self::Build => {
                let span = base.span;
                let make = |node: Node| match self {
                    Self::Build => build_map(node),
                    _ => name_map(node, matches!(self, Self::DependsOn)),
                };
                if !matches!(self, Self::Build) {
                    if !matches!(over.value, Value::Map(_) | Value::Seq(_) | Value::Null) {
                        let message = format!("expected a list of names, found {}", over.value.kind());
                        report
                            .error(Code::InvalidValue, path, &over, message)
                            .help("put it in a list: `- NAME`");
                    }
                    let items = over.as_seq().unwrap_or_default();
                    for (index, item) in items.iter().enumerate().filter(|(_, item)| item.as_str().is_none())
                    {
                        let message = format!("expected a name, found {}", item.value.kind());
                        report.error(Code::InvalidValue, &path.index(index), item, message);
                    }
                }
                let over = make(over);
                let mut map = make(base.take());
                merge_maps(&mut map, over, path, report);
                *base = Node::map(map, span);
            }
            Self::Logging => {
                let same = match (base.get("driver"), over.get("driver")) {
                    (Some(first), Some(second)) => first.value == second.value,
                    _ => true,
                };
                match (&mut base.value, over.value) {
                    (Value::Map(map), Value::Map(other)) if same => merge_maps(map, other, path, report),
                    (_, Value::Null) => {}
                    (_, value) => *base = Node { value, ..over },
                }
            }
            Self::Pools => merge_pools(base, over, path, report),
        }
    }
}

/// A mapping as sorted `K=V` strings; a list as it is; a string as a list of one.
pub(crate) fn into_pairs(node: Node) -> Vec<Node> {
    let interpolated = node.interpolated;
    match node.value {
        Value::Map(map) => {
            let mut list: Vec<Node> = Vec::with_capacity(map.len());
            for (key, entry) in map {
                if entry.node.tag == Tag::Reset {
                    continue;
                }
                let mut push = |text: String, of: &Node| {
                    list.push(Node {
                        interpolated: of.interpolated || interpolated,
                        ..Node::text(text, of.span)
                    });
                };
                match &entry.node.value {
                    Value::Null => push(key.to_string(), &Node { span: entry.key, ..Node::null() }),
                    Value::Seq(values) => {
                        for value in values {
                            push(format!("{key}={}", value.value.scalar_text().unwrap_or_default()), value);
                        }
                    }
                    Value::Map(_) => {
                        // Not allowed here; kept so that the check of types can say so.
                        let mut inner = Map::new();
                        put(&mut inner, &key, entry.node);
                        list.push(Node::map(inner, node.span));
                    }
                    value => push(format!("{key}={}", value.scalar_text().unwrap_or_default()), &entry.node),
                }
            }
            list.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            list
        }
        Value::Seq(list) => list,
        Value::Null => Vec::new(),
        value => vec![Node { value, ..node }],
    }
}

/// A list of names as a mapping.
fn name_map(node: Node, dependencies: bool) -> Map {
    match node.value {
        Value::Map(map) => map,
        Value::Seq(list) => {
            let mut map = Map::with_capacity(list.len());
            for item in list {
                if let Value::Str(name) = item.value {
                    let node =
                        if dependencies { started(item.span) } else { Node::new(Value::Null, item.span) };
                    map.insert(name, Entry { key: item.span, node });
                }
            }
            map
        }
        _ => Map::new(),
    }
}

/// What a plain name in `depends_on` stands for.
pub(crate) fn started(span: Span) -> Node {
    let mut map = Map::with_capacity(2);
    put(&mut map, "condition", Node::text("service_started", span));
    put(&mut map, "required", Node::new(Value::Bool(true), span));
    Node::map(map, span)
}

fn build_map(node: Node) -> Map {
    match node.value {
        Value::Map(map) => map,
        Value::Str(_) => {
            let mut map = Map::with_capacity(1);
            put(&mut map, "context", node);
            map
        }
        _ => Map::new(),
    }
}

/// Pairs up address pools by subnet. A pool of the first file that pairs with none of the second gives way to it: this
/// is how Compose does it.
fn merge_pools(base: &mut Node, over: Node, path: &Path<'_>, report: &mut Report) {
    const MOST: usize = 256;
    let (Value::Seq(first), Value::Seq(second)) = (&base.value, &over.value) else {
        if !over.is_null() {
            *base = over;
        }
        return;
    };
    if first.len() > MOST || second.len() > MOST {
        report.error(Code::Limit, path, &over, format!("more than {MOST} address pools"));
        return;
    }
    let subnet = |node: &Node| node.get("subnet").map(|node| node.value.clone());
    let mut result: Vec<Node> = Vec::new();
    for pool in first {
        let mut right = pool.clone();
        for left in second {
            if subnet(left) != subnet(&right) && !result.iter().any(|known| subnet(known) == subnet(left)) {
                result.push(left.clone());
                continue;
            }
            merge(&mut right, left.clone(), &path.index(0), report);
            match result.iter_mut().find(|known| subnet(known) == subnet(&right)) {
                Some(known) => known.clone_from(&right),
                None => result.push(right.clone()),
            }
        }
    }
    if second.is_empty() {
        return;
    }
    base.value = Value::Seq(result);
}
