//! Environment files, with the corners of their grammar.

use proptest::prelude::*;

use super::pieces::expression;

/// The names that generated environment files set.
pub(crate) const NAMES: [&str; 6] = ["E1", "E2", "E3", "FOO", "A", "e.x"];

/// An environment file that holds what most of the other files refer to, and a little more.
pub(crate) fn project() -> BoxedStrategy<String> {
    let base = "B=\"b$A\"\nN=4\nT=true\nS=2g\nP=8081\nV=vol1\nD=1m\nX_1=x 1 # comment\nSPACE='a b'\n";
    prop_oneof![
        3 => Just(base.to_owned()),
        1 => file().prop_map(move |rest| format!("{base}{rest}")),
    ]
    .boxed()
}

/// An environment file.
pub(crate) fn file() -> BoxedStrategy<String> {
    let end = prop_oneof![12 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\n\n"), 1 => Just("  \n")];
    let start = prop_oneof![20 => Just(""), 1 => Just("\u{feff}")];
    let last = prop_oneof![3 => Just("\n"), 1 => Just("")];
    (start, prop::collection::vec((line(), end), 0..6), last)
        .prop_map(|(start, lines, last)| {
            let mut out = start.to_owned();
            for (line, end) in lines {
                out.push_str(&line);
                out.push_str(end);
            }
            // A last line `NAME` without a line break sets a variable without a name in Docker Compose: not copied.
            let tail = out.trim_end().rsplit(['\n', '"', '\'']).next().unwrap_or_default();
            let ends_in_name = !tail.trim().is_empty() && !tail.contains(['=', ':']);
            if last.is_empty() && !ends_in_name {
                out.truncate(out.trim_end_matches(['\n', '\r']).len());
            }
            out
        })
        .boxed()
}

fn line() -> BoxedStrategy<String> {
    let name = prop::sample::select(NAMES.to_vec());
    let before = prop_oneof![8 => Just(""), 2 => Just("export "), 1 => Just("  "), 1 => Just("export\t"), 1 => Just("\t")];
    let equals = prop_oneof![10 => Just("="), 1 => Just(":"), 1 => Just(": "), 1 => Just(" = "), 1 => Just("= "), 1 => Just(" =")];
    prop_oneof![
        20 => (before, name, equals, value()).prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}")),
        4 => prop::sample::select(vec!["# comment", "", "  # x", "#", "A", "UNSET", "export FOO", "HOME", " "]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["a b=c", "=x", "1x=y", "é=f", "a!b=1", "[k]=v", "export", "a-b=c", "-", "A=1;B=2", "export =x"])
            .prop_map(str::to_owned),
    ]
    .boxed()
}

fn value() -> BoxedStrategy<String> {
    let word = prop::sample::select(vec![
        "v",
        "a b",
        "",
        "a#b",
        "x # comment",
        "a=b",
        "a:b",
        "\\n",
        "\\$A",
        "\\\\",
        "$$A",
        "é",
        "'",
        "it's",
        "\\t",
        "  ",
        "#c",
        "\t# c",
        "\"",
        "x\\\"y",
        "{",
        "}",
        "a\\ b",
        "`x`",
        "$(x)",
        "~",
        "!",
        "null",
    ])
    .prop_map(str::to_owned);
    let unquoted = prop::collection::vec(prop_oneof![3 => word, 2 => expression()], 0..3)
        .prop_map(|parts| parts.concat());
    let inner = prop::collection::vec(
        prop_oneof![
            3 => prop::sample::select(vec![
                "v", "a b", "#no", "\\n", "\\t", "\\\"", "\\\\", "\\$A", "\n", "\r\n", "'", "\\x", "\\101", "\\0101", "é", "\\'", "= ",
                "$$", "\\r", "\\a", "\n# in\n", "\\",
            ]).prop_map(str::to_owned),
            2 => expression(),
        ],
        0..4,
    )
    .prop_map(|parts| parts.concat())
    .boxed();
    let after = prop::sample::select(vec!["", "", "", "", " ", " # c", "#c", " x", "x"]);
    prop_oneof![
        4 => unquoted,
        4 => (inner.clone(), after.clone()).prop_map(|(inner, after)| format!("\"{inner}\"{after}")),
        3 => (inner, after).prop_map(|(inner, after)| format!("'{}'{after}", inner.replace("\\'", ""))),
    ]
    .boxed()
}
