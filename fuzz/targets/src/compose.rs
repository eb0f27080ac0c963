//! What the targets of `compose_file` share: files in memory, and the promises that hold for every load.

use std::fmt::Debug;

use compose_file::{Code, Diagnostic, LoadError, LoadOptions, Loaded, MemoryFiles, Origin, Sources, load};

/// The value of `SECRET`, which no diagnostic may show where a file does not print it on purpose.
pub(crate) const SECRET: &str = "wharf-secret-0f3a";

/// The environment of every load. All that Compose adds by itself is given, so that nothing is added.
pub(crate) const ENVIRONMENT: [(&str, &str); 8] = [
    ("A", ""),
    ("B", "b"),
    ("C", "$B ${B}"),
    ("N", "80"),
    ("HOME", "/home/me"),
    ("PWD", "/p"),
    ("COMPOSE_PROJECT_NAME", "p"),
    ("SECRET", SECRET),
];

/// Options for files below `/p`; those called `f*.yaml` are merged in this order.
pub(crate) fn options(files: &[(&str, &[u8])]) -> LoadOptions {
    let mut memory = MemoryFiles::new();
    let mut options = LoadOptions::new("/p").with_environment(ENVIRONMENT);
    for (name, bytes) in files {
        memory = memory.with(format!("/p/{name}"), *bytes);
        if name.starts_with('f') && name.ends_with(".yaml") {
            options = options.with_file(name);
        }
    }
    options.with_file_source(memory)
}

/// Loads, and holds that every diagnostic has a place that is one, and that what is refused is refused for a reason.
pub(crate) fn loaded(options: &LoadOptions) -> Result<Loaded, LoadError> {
    let result = load(options);
    match &result {
        Ok(loaded) => loaded.warnings.iter().for_each(|warning| is_placed(warning, &loaded.sources)),
        Err(error) => {
            assert!(error.errors().next().is_some(), "refused without an error");
            error.errors().for_each(|one| is_placed(one, error.sources()));
            let about_text =
                |code| !matches!(code, Code::File | Code::ProjectName | Code::Limit | Code::Undefined);
            for one in error.errors().filter(|one| about_text(one.code)) {
                assert!(one.origin.is_some(), "no place: {one}");
            }
        }
    }
    result
}

/// The same for files.
pub(crate) fn load_files(files: &[(&str, &[u8])]) -> Result<Loaded, LoadError> {
    loaded(&options(files))
}

fn is_placed(diagnostic: &Diagnostic, sources: &Sources) {
    assert!(!diagnostic.message.trim().is_empty(), "nothing said");
    assert!(diagnostic.path.as_ref().is_none_or(|path| !path.is_empty()), "an empty path");
    let related = diagnostic.related.iter().map(|related| &related.origin);
    for origin in diagnostic.origin.iter().chain(related) {
        is_within(origin, sources);
    }
}

fn is_within(origin: &Origin, sources: &Sources) {
    let source = sources.get(origin.source);
    assert!(source.is_some(), "no such source");
    let Some(source) = source else { return };
    assert_eq!(source.path(), origin.file, "the source's file");
    let text = source.text();
    let span = text.get(origin.span.clone());
    assert!(span.is_some(), "{:?} in a text of {} bytes", origin.span, text.len());
    let before = text.get(..origin.span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    assert_eq!((origin.line, origin.column), (line, column), "the line and column of {:?}", origin.span);
}

/// Holds that nothing that is printed, written to a log or shown as an excerpt has the secret in it.
pub(crate) fn keeps_the_secret(result: &Result<Loaded, LoadError>, excerpts: bool) {
    let (diagnostics, sources): (Vec<&Diagnostic>, _) = match result {
        Ok(loaded) => (loaded.warnings.iter().collect(), &loaded.sources),
        Err(error) => (error.errors().collect(), error.sources()),
    };
    for diagnostic in diagnostics {
        hidden("a diagnostic", diagnostic);
    }
    if excerpts {
        assert!(!sources.iter().any(|source| source.text().contains(SECRET)), "an excerpt shows the secret");
    }
}

/// Holds that the secret is not in what `Debug` prints.
pub(crate) fn hidden(what: &str, value: &impl Debug) {
    let text = format!("{value:?}");
    assert!(!text.contains(SECRET), "{what} shows the secret: {text}");
}

/// What was said, in order: for comparing two runs.
fn said(result: &Result<Loaded, LoadError>) -> Result<(String, Vec<String>), Vec<String>> {
    let text = |diagnostic: &Diagnostic| format!("{diagnostic:?}");
    match result {
        Ok(loaded) => Ok((loaded.to_canonical_json(), loaded.warnings.iter().map(text).collect())),
        Err(error) => Err(error.errors().map(text).collect()),
    }
}

/// Holds that loading once more gives the same.
pub(crate) fn is_repeatable(options: &LoadOptions, first: &Result<Loaded, LoadError>) {
    assert_eq!(said(&loaded(options)), said(first), "the second run");
}

/// Holds that the canonical text loads again, and to itself. Empty values are not printed, and some mean something else
/// than none does, as in Compose: a text of which not all is `filled` may change once more, and stays as it is then.
pub(crate) fn is_canonical(loaded: &Loaded, yaml: bool, filled: bool) {
    // JSON has keys in capital letters here: a quirk of Compose.
    let yaml = yaml || loaded.project.services.values().any(|service| service.blkio_config.is_some());
    let print = |loaded: &Loaded| if yaml { loaded.to_canonical_yaml() } else { loaded.to_canonical_json() };
    let mut text = print(loaded);
    for round in 0..2 {
        let again = match load_files(&[("f.yaml", text.as_bytes())]) {
            Ok(again) => print(&again),
            Err(error) => {
                assert!(text.is_empty(), "the canonical text is refused: {error}\n{text}");
                return;
            }
        };
        // Every `$` is doubled, and no `$` of a key is halved again: a quirk of Compose.
        if again == text || without_dollars(&again) == without_dollars(&text) {
            return;
        }
        assert!(!filled && round == 0, "the canonical text changes:\n{text}\n{again}");
        text = again;
    }
}

/// A text without `$`, and with every key before its `:`: one that grows is written over two lines from 128 bytes on.
fn without_dollars(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.replace('$', "").replace("? ", "").lines() {
        match line.trim_start().strip_prefix(':') {
            Some(rest) => {
                out.push(':');
                out.push_str(rest);
            }
            None => {
                out.push('\n');
                out.push_str(line);
            }
        }
    }
    out
}

/// Whether there may be a range of ports that is wide enough to take long. The crate's own tests have those.
pub(crate) fn has_wide_range(data: &[u8]) -> bool {
    data.windows(6).any(|window| {
        window[0].is_ascii_digit() && window[1] == b'-' && window[2..].iter().all(u8::is_ascii_digit)
    })
}

/// A text as a double-quoted YAML scalar.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}
