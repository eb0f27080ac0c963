//! Interpolation, by way of `compose_file::load`: a text as a value of a file.

use compose_file::{Code, LoadError, Loaded, Steps, load};
use serde_json::Value;

use crate::compose::{ENVIRONMENT, load_files, loaded, options, quoted};

/// The first byte says what is held of the rest: that a text without `$` stays as it is and one with `$` doubled
/// becomes the text; that no expression goes over the end of a line, so that lines can be replaced one by one, and
/// that a value is not looked at again; that the variables that are listed are the ones that are looked up.
///
/// # Panics
/// Interpolation breaks one of these.
pub fn check(data: &[u8]) {
    let Some((mode, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    match mode & 3 {
        0 => doubled(text),
        1 | 2 => by_lines(text),
        _ => listed(text),
    }
}

fn file(texts: &[&str]) -> String {
    let list: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("{{services: {{}}, x-v: [{}]}}", list.join(", "))
}

fn values(texts: &[&str]) -> Result<Vec<String>, LoadError> {
    load_files(&[("f.yaml", file(texts).as_bytes())]).map(|loaded| strings(&loaded)).inspect_err(|error| {
        let known = |code| matches!(code, Code::Interpolation | Code::Limit);
        assert!(error.errors().all(|one| known(one.code)), "not about interpolation: {error}");
    })
}

fn strings(loaded: &Loaded) -> Vec<String> {
    let list = loaded.project.extensions.get("x-v").and_then(Value::as_array);
    list.into_iter().flatten().map(|value| value.as_str().unwrap_or("not a string").to_owned()).collect()
}

fn doubled(text: &str) {
    let twice = text.replace('$', "$$");
    assert_eq!(values(&[&twice]).ok(), Some(vec![text.to_owned()]), "{twice:?}");
}

fn by_lines(text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut all = vec![text];
    all.extend(&lines);
    match values(&all) {
        Ok(found) => {
            assert_eq!(found.len(), all.len(), "values are lost");
            assert_eq!(found[0], found[1..].join("\n"), "the whole, and line by line");
            // Values are not looked at again: a `$` comes from a `$$`, a lone `$`, or the value of `C`.
            if !text.contains("$$") && !text.contains('C') && found[0].contains('$') {
                let lone = lines.iter().any(|line| {
                    line.match_indices('$').any(|(at, _)| {
                        !line[at + 1..].starts_with(|c: char| c == '_' || c == '{' || c.is_ascii_alphabetic())
                    })
                });
                assert!(lone, "a `$` out of nowhere: {:?}", found[0]);
            }
        }
        Err(_) => {
            let whole = values(&[text]);
            assert_eq!(whole.is_ok(), values(&lines).is_ok(), "the whole, and line by line");
        }
    }
}

fn listed(text: &str) {
    let text = file(&[text]);
    let raw =
        options(&[("f.yaml", text.as_bytes())]).with_steps(Steps { interpolate: false, ..Steps::default() });
    let raw = load(&raw);
    let result = loaded(&options(&[("f.yaml", text.as_bytes())]));
    assert!(raw.is_ok(), "refused without interpolation");
    let (Ok(raw), Ok(result)) = (raw, result) else { return };
    let names = |loaded: &Loaded| -> Vec<String> {
        let mut names: Vec<_> = loaded.variables().into_iter().map(|variable| variable.name).collect();
        names.sort();
        names
    };
    let all = names(&raw);
    assert_eq!(names(&result), all, "with and without interpolation");
    for warning in result.warnings.iter().filter(|warning| warning.code == Code::UnsetVariable) {
        let name = warning.message.split('"').nth(1).unwrap_or_default();
        assert!(all.iter().any(|known| known == name), "`{name}` is looked up and not listed");
        assert!(!ENVIRONMENT.iter().any(|(known, _)| *known == name), "`{name}` is set");
    }
}
