//! Compose files of other projects, with the model that Docker Compose prints for each. The corpus lies beside the
//! checkout, or where `WHARF_CORPUS` says; without it the test says that it is skipped.

use std::path::{Path, PathBuf};

use compose_file::{LoadOptions, load};
use serde_json::Value;

/// Refusals that are not copied, each with the reason.
const NOT_REFUSED: &[(&str, &str)] = &[(
    "docker-compose/pkg/e2e/fixtures/build-test/ssh/compose.yaml",
    "the file is right: it is Docker Compose's JSON writer that fails on an SSH key with a path",
)];

#[test]
fn corpus() {
    let Some(corpus) = find() else {
        println!("skipped: there is no corpus in ../shared/corpus, and WHARF_CORPUS names none");
        return;
    };
    let cases: Value = serde_json::from_slice(&std::fs::read(corpus.join("cases.json")).unwrap()).unwrap();
    let files = corpus.join("files");
    let (mut accepted, mut refused, mut wrong) = (0, 0, Vec::new());
    for case in cases.as_array().unwrap() {
        let name = case["file"].as_str().unwrap();
        let file = files.join(name);
        let options = LoadOptions::new(file.parent().unwrap())
            .with_file(&file)
            .with_environment([("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")])
            .with_environment([("HOME", "/nonexistent")]);
        let result = load(&options);
        match (case["ok"].as_bool().unwrap(), result) {
            (true, Ok(loaded)) => {
                accepted += 1;
                let expected =
                    std::fs::read_to_string(corpus.join(case["expected"].as_str().unwrap())).unwrap();
                let expected = expected.replace("${CORPUS}", &files.display().to_string());
                let expected: Value = serde_json::from_str(&expected).unwrap();
                let found: Value = serde_json::from_str(&loaded.to_canonical_json()).unwrap();
                if let Some(difference) = difference("", &expected, &found) {
                    wrong.push(format!("{name}: {difference}"));
                }
            }
            (true, Err(error)) => wrong.push(format!("{name}: refused: {error}")),
            (false, Ok(_)) => {
                if !NOT_REFUSED.iter().any(|(file, _)| *file == name) {
                    wrong.push(format!("{name}: accepted"));
                }
            }
            (false, Err(error)) => {
                refused += 1;
                if error.errors().any(|error| error.origin.is_none()) {
                    wrong.push(format!("{name}: an error without a position: {error}"));
                }
            }
        }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.as_array().unwrap().len(),
        wrong.join("\n")
    );
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("WHARF_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = named.unwrap_or(beside).canonicalize().ok()?;
    corpus.join("cases.json").is_file().then_some(corpus)
}

/// The first place where two values differ.
fn difference(path: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let path = format!("{path}.{key}");
                match b.get(key) {
                    Some(other) => {
                        if let Some(difference) = difference(&path, value, other) {
                            return Some(difference);
                        }
                    }
                    None => return Some(format!("{path} is missing, expected {value}")),
                }
            }
            let extra = b.keys().find(|key| !a.contains_key(*key))?;
            Some(format!("{path}.{extra} is too much: {}", b[extra]))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(&format!("{path}[{i}]"), a, b))
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        _ if expected == found => None,
        _ => Some(format!("{path} is {found}, expected {expected}")),
    }
}
