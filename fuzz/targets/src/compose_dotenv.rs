//! Environment files, by way of `compose_file::load`: as `--env-file` and as `env_file` of a service.

use std::collections::BTreeMap;

use compose_file::{LoadError, Loaded};

use crate::compose::{ENVIRONMENT, SECRET, is_repeatable, keeps_the_secret, load_files, loaded, options};

const NO_SERVICES: (&str, &[u8]) = ("f.yaml", b"services: {}");

/// The first byte says what is held of the rest, which is the file:
/// that the values, written with quotes, are read as they are, and that the same is read twice; that a service
/// reads the file as the project does; that the format `raw` has no more to it than lines, names and `=`; and that
/// comments around the file, a byte order mark and the ends of lines of Windows change nothing.
/// Always, that neither diagnostics nor excerpts show a value.
///
/// # Panics
/// The reader breaks one of these.
pub fn check(data: &[u8]) {
    let (mode, text) = data.split_first().map_or((0, data), |(mode, text)| (mode & 3, text));
    match mode {
        0 => written_again(text),
        1 => in_a_service(text),
        2 => raw(text),
        _ => surrounded(text),
    }
}

fn project(text: &[u8]) -> Result<Loaded, LoadError> {
    let result = loaded(&options(&[NO_SERVICES, ("e.env", text)]).with_env_file("e.env"));
    if !contains_secret(text) {
        keeps_the_secret(&result, true);
    }
    result
}

fn contains_secret(text: &[u8]) -> bool {
    text.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
}

fn variables(loaded: &Loaded) -> BTreeMap<&str, &str> {
    loaded.environment().collect()
}

fn written_again(text: &[u8]) {
    if text.len().is_multiple_of(4) && !contains_secret(text) {
        let with_value = [text, b"\nTOKEN=", SECRET.as_bytes()].concat();
        let files = options(&[NO_SERVICES, ("e.env", &with_value)]).with_env_file("e.env");
        let result = loaded(&files);
        keeps_the_secret(&result, true);
        is_repeatable(&files, &result);
    }
    let Ok(first) = project(text) else { return };
    let mut written = String::new();
    for (name, value) in first.environment() {
        let value = value.replace('\\', r"\\").replace('"', "\\\"").replace('$', r"\$");
        // `export` before a name that begins with that word keeps the word.
        written.push_str(&format!("export {name}=\"{value}\"\n"));
    }
    let second = project(written.as_bytes());
    assert!(second.is_ok(), "refused: {written}");
    if let Ok(second) = second {
        assert_eq!(variables(&second), variables(&first), "{written}");
    }
}

fn in_a_service(text: &[u8]) {
    let whole = project(text);
    let service = load_files(&[("f.yaml", b"services: {a: {image: x, env_file: e.env}}"), ("e.env", text)]);
    if !contains_secret(text) {
        keeps_the_secret(&service, true);
    }
    assert_eq!(whole.is_ok(), service.is_ok(), "one of the two is refused");
    let (Ok(whole), Ok(service)) = (whole, service) else { return };
    let given: BTreeMap<&str, &str> = ENVIRONMENT.into_iter().collect();
    let environment = &service.project.services["a"].environment;
    let own: BTreeMap<&str, &str> = environment
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or_default()))
        .filter(|(name, _)| !given.contains_key(name))
        .collect();
    let of_project: BTreeMap<&str, &str> =
        whole.environment().filter(|(name, _)| !given.contains_key(name)).collect();
    assert_eq!(own, of_project);
}

fn raw(text: &[u8]) {
    let file: &[u8] = b"services: {a: {image: x, env_file: [{path: e.env, format: raw}]}}";
    let result = load_files(&[("f.yaml", file), ("e.env", text)]);
    if !contains_secret(text) {
        keeps_the_secret(&result, true);
    }
    let expected =
        std::str::from_utf8(text).ok().and_then(|text| read_raw(text.trim_start_matches('\u{feff}')));
    // More than one mark is no file that anybody has.
    if text.starts_with("\u{feff}\u{feff}".as_bytes()) {
        return;
    }
    let found = result.ok().map(|loaded| {
        let environment = &loaded.project.services["a"].environment;
        environment.iter().map(|(name, value)| (name.clone(), value.clone().unwrap_or_default())).collect()
    });
    assert_eq!(found, expected);
}

/// Reads lines of `NAME=value`; `None` where one is refused.
fn read_raw(text: &str) -> Option<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line).trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let name = line.split('=').next().unwrap_or_default();
        if name.is_empty() || name.chars().any(char::is_whitespace) {
            return None;
        }
        let given = ENVIRONMENT.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let value = if name.len() < line.len() { Some(&line[name.len() + 1..]) } else { given };
        if let Some(value) = value {
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    Some(variables)
}

fn surrounded(text: &[u8]) {
    let Ok(plain) = project(text) else { return };
    if !text.starts_with("\u{feff}".as_bytes()) {
        let around = [b"\xef\xbb\xbf# first\r\n\n", text, b"\n  # last 'one\n"].concat();
        same(&plain, &around);
    }
    // Within quotes the ends of lines are part of the value.
    if !text.iter().any(|byte| matches!(byte, b'\r' | b'"' | b'\'')) {
        same(
            &plain,
            &text
                .iter()
                .flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] })
                .collect::<Vec<u8>>(),
        );
    }
}

fn same(plain: &Loaded, text: &[u8]) {
    let other = project(text);
    assert!(other.is_ok(), "refused");
    if let Ok(other) = other {
        assert_eq!(variables(&other), variables(plain));
    }
}
