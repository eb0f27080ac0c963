//! Small parts that generated files are put together from.

use proptest::prelude::*;
use proptest::strategy::Union;

use super::document::{Entry, Node};

/// A strategy for a node.
pub(crate) type Nodes = BoxedStrategy<Node>;

/// One of several texts as they stand.
pub(crate) fn raw(texts: &[&'static str]) -> Nodes {
    prop::sample::select(texts.to_vec()).prop_map(|text| Node::Raw(text.to_owned())).boxed()
}

/// One of several strings.
pub(crate) fn text(texts: &[&'static str]) -> Nodes {
    prop::sample::select(texts.to_vec()).prop_map(|text| Node::Text(text.to_owned())).boxed()
}

/// One of several strategies.
pub(crate) fn any_of(parts: impl IntoIterator<Item = Nodes>) -> Nodes {
    Union::new(parts).boxed()
}

/// A list of different values.
pub(crate) fn list(item: Nodes) -> Nodes {
    prop::collection::vec(item, 0..4).prop_map(|items| Node::List(different(items))).boxed()
}

fn different(items: Vec<Node>) -> Vec<Node> {
    let mut kept: Vec<Node> = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

/// One value, or a list of them.
pub(crate) fn one_or_list(item: Nodes) -> Nodes {
    any_of([item.clone(), list(item)])
}

/// A map with some of these keys.
#[expect(clippy::needless_pass_by_value, reason = "as for the other parts, so that they nest")]
pub(crate) fn map(keys: &[&'static str], value: Nodes) -> Nodes {
    let parts: Vec<_> = keys.iter().map(|key| (*key, 0.4, value.clone())).collect();
    object(parts)
}

/// A map with each of these keys at a probability.
pub(crate) fn object(parts: Vec<(&'static str, f64, Nodes)>) -> Nodes {
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(key, chance, value)| {
            let entry = value.prop_map(move |value| Entry { key: key.to_owned(), value });
            if chance >= 1.0 {
                entry.prop_map(Some).boxed()
            } else {
                prop::option::weighted(chance, entry).boxed()
            }
        })
        .collect();
    parts.prop_map(|entries| Node::Map(entries.into_iter().flatten().collect())).boxed()
}

/// A map with one entry.
pub(crate) fn single(key: &'static str, value: Nodes) -> Nodes {
    object(vec![(key, 1.0, value)])
}

/// Scalars in all spellings, for maps whose values become strings.
pub(crate) fn scalar() -> Nodes {
    any_of([
        raw(&[
            "1",
            "1.5",
            "true",
            "no",
            "~",
            "0x10",
            "017",
            "1e3",
            "1_000",
            ".5",
            "2020-01-01",
            "12:30",
            "null",
            "-0",
            "+1",
            "0o17",
            "1e6",
            "123456789",
            "a",
            "y",
            "1.10",
            "100000000.0",
            "12345678901234567890",
            "0b11",
            "-.5",
            "1e-7",
            "0.1e1",
            "TRUE",
            "Null",
            "1.",
            "08",
            "0x1G",
        ]),
        text(&[
            "",
            "a b",
            "1",
            "true",
            "null",
            "x=y",
            "# no comment",
            "é",
            "a\nb",
            "tab\there",
            "'",
            "\"",
            "it's \\ x",
        ]),
        template(),
    ])
}

/// Keys and values as a map or as a list.
pub(crate) fn pairs() -> Nodes {
    any_of([
        map(&["A", "B", "C", "FOO", "X_1", "x.y"], scalar()),
        list(text(&[
            "A",
            "A=1",
            "A=",
            "B=a=b",
            "B=${A}",
            "B",
            "C=$$x",
            "FOO=v",
            "X_1=${UNSET:-d}",
            "x.y=1",
            "C= sp",
            "FOO='q'",
        ])),
    ])
}

/// Numbers for where a string counts as one.
pub(crate) fn integer() -> Nodes {
    raw(&["0", "1", "2", "\"3\"", "\"${N}\"", "1000", "\"${UNSET:-7}\""])
}

pub(crate) fn boolean() -> Nodes {
    raw(&[
        "true",
        "false",
        "\"true\"",
        "\"false\"",
        "\"${T}\"",
        "yes",
        "\"yes\"",
        "\"off\"",
        "\"${UNSET:-true}\"",
    ])
}

pub(crate) fn duration() -> Nodes {
    text(&[
        "1s", "1m30s", "0s", "500ms", "1h", "1d", "10", "1.5s", "1us", "90s", "1w", "1h2m3.5s", "${D}",
        "1µs", "1d2h",
    ])
}

pub(crate) fn size() -> Nodes {
    any_of([
        raw(&["100", "0", "-1", "1024"]),
        text(&["1g", "512m", "1.5G", "10kb", "1 k", "${S}", "1KiB", "0.5m", "1t", "100b", "64M", "10"]),
    ])
}

/// What stands for a variable in a template, and the expressions made from them.
pub(crate) fn expression() -> BoxedStrategy<String> {
    let name = prop::sample::select(vec!["A", "B", "EMPTY", "UNSET", "N", "X_1", "_u", "SPACE"]);
    let leaf = prop_oneof![
        4 => prop::sample::select(vec!["", "d", "x y", "a:b", "a-b", "$$", "é", "a=b", "1", "\\", "'q'", "[x]", "a/b", ":-x"])
            .prop_map(str::to_owned),
        2 => name.clone().prop_map(|name| format!("${name}")),
        2 => name.clone().prop_map(|name| format!("${{{name}}}")),
        1 => prop::sample::select(vec!["{\"k\":1}", "{", "}", "$", "${", "$1", "$-", "$é", "a}b", "$$$$", "$$$", "?", "+", "{}"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 12, 3, move |inner| {
        let operator = prop_oneof![
            30 => prop::sample::select(vec![":-", "-", ":+", "+"]),
            3 => prop::sample::select(vec![":?", "?"]),
            1 => prop::sample::select(vec![":=", "!", " ", ":", "="]),
        ];
        prop_oneof![
            4 => (name.clone(), operator, inner.clone()).prop_map(|(name, operator, operand)| {
                let operator = if operator.contains('?') && name != "A" && name != "N" { ":-" } else { operator };
                format!("${{{name}{operator}{operand}}}")
            }),
            2 => (inner.clone(), inner).prop_map(|(a, b)| format!("{a}{b}")),
        ]
    })
    .boxed()
}

/// A string with expressions in it.
pub(crate) fn template() -> Nodes {
    let text = prop::sample::select(vec!["", "x", "pre-", "$$", " ", "a.b"]);
    prop_oneof![
        3 => prop::sample::select(vec!["${A}", "$B", "${UNSET:-d}", "${EMPTY-d}", "${A:+y}", "$$A", "${B:-${A}}", "v${N}"])
            .prop_map(str::to_owned),
        1 => (text.clone(), expression(), text).prop_map(|(a, b, c)| format!("{a}{b}{c}")),
    ]
    .prop_map(Node::Text)
    .boxed()
}
