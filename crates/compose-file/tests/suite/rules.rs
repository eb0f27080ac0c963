//! Reads the tables of the `rules_*` modules.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{load_files, options};

/// What stands beside the service `a` in the first file.
const REST: &str = "  b: {image: y, build: .}\n  c: {image: z}\nnetworks: {n: {}, m: {}}\nvolumes: {vv: {}}\n\
                    secrets: {s: {file: e}, t: {file: e}}\nconfigs: {c: {file: e}, d: {file: e}}\n";

/// Files that the rules name.
const FILES: [(&str, &str); 5] = [
    ("one.env", "A=one\nB=one\n"),
    ("two.env", "B=two\n"),
    ("l.env", "x=1\ny=1\n"),
    ("m.env", "y=2\n"),
    ("e", "1"),
];

/// Checks a table of `first ++ second`, each followed by ` => JSON`. Lines that begin with `#` say something about the
/// next rule.
#[track_caller]
pub(crate) fn check_attributes(table: &str) {
    let mut wrong = String::new();
    let mut rules = 0;
    let mut lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    while let (Some(rule), Some(outcome)) = (lines.next(), lines.next()) {
        rules += 1;
        let (first, second) = rule.split_once("  ++  ").unwrap_or((rule, ""));
        let (name, expected) = outcome.split_once("=> ").unwrap_or_else(|| panic!("no outcome: {outcome}"));
        let own = first.split(':').next().unwrap_or_default();
        let name = if name.trim().is_empty() { own } else { name.trim() };
        let expected: Value = serde_json::from_str(expected).unwrap();
        let found = attribute(first, second, name);
        if found.as_ref() != Ok(&expected) {
            wrong.push_str(&format!("{rule}\n  expected {expected}\n  found    {found:?}\n"));
        }
    }
    assert!(rules > 0 && wrong.is_empty(), "of {rules} rules:\n{wrong}");
}

fn attribute(first: &str, body: &str, name: &str) -> Result<Value, String> {
    let image = if first.starts_with("image:") { "" } else { "image: x, " };
    let first = format!("services:\n  a: {{{image}{first}}}\n{REST}");
    let second = format!("services:\n  a: {{{body}}}\n");
    let mut files = FILES.to_vec();
    files.push(("f1.yaml", first.as_str()));
    if !body.is_empty() {
        files.push(("f2.yaml", second.as_str()));
    }
    let options = options(&files).with_profile("*");
    let loaded = compose_file::load(&options).map_err(|error| error.to_string())?;
    let model: Value = serde_json::from_str(&loaded.to_canonical_json()).unwrap();
    Ok(model["services"]["a"][name].clone())
}

/// Checks a table of whole models: files of one rule each, `--- name` before its text, and at last `=> path JSON` lines,
/// where the path has dots between its parts, or `=> refused code`.
#[track_caller]
pub(crate) fn check_files(table: &str) {
    let mut wrong = String::new();
    let mut rules = 0;
    for rule in table.split("\n=== ").skip(1) {
        rules += 1;
        let (title, rest) = rule.split_once('\n').unwrap_or((rule, ""));
        let mut files: BTreeMap<&str, String> = BTreeMap::new();
        let mut outcomes = Vec::new();
        let mut file = "f.yaml";
        for line in rest.lines() {
            if let Some(outcome) = line.strip_prefix("=> ") {
                outcomes.push(outcome);
            } else if let Some(name) = line.strip_prefix("--- ") {
                file = name;
            } else {
                let text = files.entry(file).or_default();
                text.push_str(line);
                text.push('\n');
            }
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let loaded = load_files(&files);
        assert!(!outcomes.is_empty(), "{title}: no outcome");
        for outcome in outcomes {
            let (path, expected) = outcome.split_once(' ').unwrap_or((outcome, ""));
            let found = match (&loaded, path) {
                (Err(error), "refused") => {
                    error.errors().map(|one| one.code.as_str()).collect::<Vec<_>>().join(" ")
                }
                (Err(error), _) => error.to_string(),
                (Ok(loaded), _) => {
                    let model: Value = serde_json::from_str(&loaded.to_canonical_json()).unwrap();
                    at(&model, path).to_string()
                }
            };
            let same = match (path, serde_json::from_str::<Value>(expected)) {
                ("refused", _) => found == expected,
                (_, Ok(expected)) => serde_json::from_str(&found).is_ok_and(|found: Value| found == expected),
                (_, Err(error)) => panic!("{title}: {outcome}: {error}"),
            };
            if !same {
                wrong.push_str(&format!("{title}: {path}\n  expected {expected}\n  found    {found}\n"));
            }
        }
    }
    assert!(rules > 0 && wrong.is_empty(), "of {rules} rules:\n{wrong}");
}

/// A value in the model. A name may have dots in it.
fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    let ends: Vec<usize> = path.match_indices('.').map(|(end, _)| end).chain([path.len()]).collect();
    for end in ends.into_iter().rev() {
        let (part, rest) = (&path[..end], path[end..].trim_start_matches('.'));
        let found = part.parse::<usize>().map_or_else(|_| value.get(part), |index| value.get(index));
        if let Some(found) = found {
            return if rest.is_empty() { found } else { at(found, rest) };
        }
    }
    &Value::Null
}
